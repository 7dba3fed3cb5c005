"""Marks that strip blanks (`~`) in texts change no choice: the same comparison is the same wherever it stands."""

from __future__ import annotations

import pytest

TRUST = 'jsonencode({{ Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ AWS = {} }} }}] }})'
ROLE = 'variable "a" {{}}\nresource "aws_iam_role" "r" {{\n{}  name = "r"\n  assume_role_policy = {}\n}}\n'
OWN = "111122223333"


def texts():
    for left in ("", "~"):
        for right in ("", "~"):
            yield f'"${{{left} var.a == "x" ? "*" : "{OWN}" {right}}}"'
            end = f"%{{{left} else {right}}}{OWN}%{{{left} endif {right}}}"
            yield f'"%{{{left} if var.a == "x" {right}}}*{end}"'
            yield f'trimspace(<<-E\n    %{{{left} if var.a == "x" {right}}}\n    *\n    {end}\n    E\n  )'


@pytest.mark.parametrize("text", texts())
def test_it_is_told_where_the_comparison_holds(text, gate, tmp_path):
    (tmp_path / "main.tf").write_text(ROLE.format("", TRUST.format(text)))
    ran = gate(tmp_path, "--rule", "role-trust-closed", "--account", OWN)
    assert ran.code == 1, ran
    told = [each["because"] for each in ran.run["findings"]]
    assert told
    assert all('var.a == "x"' in each and "~" not in each for each in told), told


@pytest.mark.parametrize("text", texts())
def test_it_is_the_choice_that_a_count_hangs_on(text, gate, tmp_path):
    """There is no role where the comparison holds."""
    (tmp_path / "main.tf").write_text(ROLE.format('  count = var.a == "x" ? 0 : 1\n', TRUST.format(text)))
    ran = gate(tmp_path, "--rule", "role-trust-closed", "--account", OWN)
    assert (ran.code, ran.run["findings"]) == (0, []), ran


COMMENTED = {
    "in one": 'resource "aws_vpc" "v" {\n  /* x = templatefile("${path.module}/p.json", { who = "*" }) */\n}\n',
    "line by line": 'locals {\n  x = jsonencode([{\n    # c = templatefile("p.json", {\n    #   who = 1\n    # })\n    image = 1\n  }])\n}\n',
    "behind two strokes": 'locals {\n  // x = templatefile("p.json", { who = 1 })\n  y = 1\n}\n',
}


@pytest.mark.parametrize("name", COMMENTED)
def test_a_call_in_a_comment_is_none(name, gate, tmp_path):
    (tmp_path / "p.json").write_text('{"a": "${who}"}')
    (tmp_path / "main.tf").write_text(COMMENTED[name] + 'resource "aws_vpc" "o" {\n}\n')
    assert gate(tmp_path).code == 0
