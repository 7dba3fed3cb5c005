"""Lines of code that a finding shows: the block at its place, no link, and nothing that may be a secret."""

from __future__ import annotations

import pytest

from auditor.sources.diff import parsed
from auditor.sources.excerpt import Excerpts, shown
from tests.work import watchdog

R = "[redacted]"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('  password = "correct-horse"', f"  password = {R}"),
        ("  password = var.password", "  password = var.password"),
        ("  manage_master_user_password = true", "  manage_master_user_password = true"),
        ("  minimum_password_length = 14", "  minimum_password_length = 14"),
        ('  DB_PASSWORD: "x y"', f"  DB_PASSWORD: {R}"),
        ("      MasterUserPassword: hunter2", f"      MasterUserPassword: {R}"),
        ("      MasterUserPassword: !Ref Password", "      MasterUserPassword: !Ref Password"),
        ("  MasterUserPassword: '{{resolve:secretsmanager:x}}'", f"  MasterUserPassword: {R}"),
        ('  "ApiKey": "abc",', f'  "ApiKey": {R},'),
        ('  url = "postgres://u:hunter2@db/x"', f'  url = "postgres://u:{R}@db/x"'),
        ('  id = "AKIAABCDEFGHIJKLMNOP"', f'  id = "{R}"'),
        ('  command = "run --token=abcdef"', f'  command = "run --token={R}"'),
        ('  cert = "MIIB0123456789ABCDEFabcdef0123456789+/=x"', f'  cert = "{R}"'),
        ("  publicly_accessible = true", "  publicly_accessible = true"),
        ('  cidr_blocks = ["0.0.0.0/0"]', '  cidr_blocks = ["0.0.0.0/0"]'),
        ('  user_data = "#!/bin/sh curl x"', f"  user_data = {R}"),
        ('  password = var.prod ? var.p : "hunter2"', f"  password = var.prod ? var.p : {R}"),
        ('  password = coalesce(var.p, "hunter2")', f"  password = coalesce(var.p, {R})"),
        ('  auth_tokens = ["hunter2"]', f"  auth_tokens = [{R}]"),
        ('  secrets = { db = "hunter2" }', f"  secrets = {{ db = {R} }}"),
        ('      MasterUserPassword: !Sub "hunter2"', f"      MasterUserPassword: !Sub {R}"),
        ("      MasterUserPassword: !Sub hunter2", f"      MasterUserPassword: {R}"),
        ("      MasterUserPassword: 12345678", f"      MasterUserPassword: {R}"),
        ("  count = random_password.x.result == null ? 0 : 1", "  count = random_password.x.result == null ? 0 : 1"),
        ("  password = random_password.x.result", "  password = random_password.x.result"),
    ],
)
def test_secrets_are_taken_out(line, told):
    if line.startswith("  command"):
        assert "abcdef" not in shown(line)
        return
    assert shown(line) == told


@pytest.mark.parametrize("text", ["a" * 100_000, "password" * 20_000, '"' * 100_000, "'A1" * 50_000, "token=" * 20_000])
def test_no_line_takes_long(text):
    with watchdog():
        assert all(len(shown(text, hidden)) <= 200 for hidden in (True, False) for _ in range(20))


def test_a_secret_place_shows_no_literal():
    assert shown('  variables = { KEY = "x" }', hidden=True) == f'  variables = {{ KEY = "{R}" }}'


@pytest.fixture
def tree(tmp_path):
    (tmp_path / "main.tf").write_text(
        'resource "a" "b" {\n  x {\n    y = 1\n  }\n\n  text = <<EOT\n  password is hunter2\nEOT\n  z {\n'
        + "".join(f"    k{at} = {at}\n" for at in range(20))
        + "  }\n}\n"
    )
    (tmp_path / "secret.txt").write_text("top secret\n")
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "link.tf").symlink_to(tmp_path / "secret.txt")
    return tmp_path


@pytest.mark.parametrize(
    ("line", "numbers"), [(1, [1]), (2, [2, 3, 4]), (3, [3]), (6, [6]), (9, list(range(9, 16))), (99, []), (0, [])]
)
def test_a_block_is_shown_as_far_as_a_few_lines(tree, line, numbers):
    assert [each["line"] for each in Excerpts(tree).at({"file": "main.tf", "line": line})] == numbers


@pytest.mark.parametrize("file", ["../x", "/etc/passwd", "inner/link.tf", "nothing", "\0", ".", "x" * 5_000])
def test_nothing_outside_is_shown(tree, file):
    assert Excerpts(tree / "inner").at({"file": file, "line": 1}) == []


def test_hunks_are_read_as_git_writes_them():
    text = (
        "diff --git a/old.tf b/new.tf\n--- a/old.tf\n+++ b/new.tf\n@@ -1,3 +1,4 @@ x\n a\n-b\n+++ b/evil.tf\n+c\n d\n"
        "@@ -9 +10 @@\n+z\n\\ No newline at end of file\n"
        "diff --git a/gone.tf b/gone.tf\n--- a/gone.tf\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n"
    )
    assert parsed(text) == {"new.tf": {1: "a", 2: "++ b/evil.tf", 3: "c", 4: "d", 10: "z"}}
