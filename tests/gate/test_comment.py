"""The comment on a pull request: found again, verdict first, within its size, and nobody's markup but ours."""

import io
import re

import pytest

from auditor.report import Options, write
from tests.gate.conftest import OPENED
from tests.gate.test_code_scanning import NETWORK
from tests.report import sample


def gated(run, **facts):
    told = {"path": "infra", "plan": "", "base": {"given": "main", "label": "merge base 1234567890", "commit": "1" * 40},
            "compared": True, "new": len(run["findings"]), "mended": len(run["mended"]), "still": 2,
            "still_by_severity": {"high": 2}, "later": []}  # fmt: skip
    for number, each in enumerate(run["findings"], 1):
        each["location"] = {"file": "infra/main.tf", "line": number}
    run["gate"] = {**told, **facts}
    return run


def comment(run, name="markdown"):
    out = io.StringIO()
    write(name, run, out, Options(width=200))
    return out.getvalue()


def unfenced(text):
    """The text without what stands in fences, where nothing is markup; each is closed by as many ticks as open it."""
    out, fence = [], ""
    for line in text.split("\n"):
        if fence:
            fence = "" if line == fence else fence
        elif line.startswith("```"):
            fence = re.match("`+", line)[0]
        else:
            out.append(line)
    assert not fence
    return "\n".join(out)


def test_verdict_counts_places():
    run = gated(sample.run())
    text = comment(run)
    first, second, *_ = text.split("\n")
    assert re.fullmatch(r"<!-- auditor-gate:[0-9a-f]{16} -->", first)
    broken = sum(each["verdict"] == "broken" and not each.get("waiver") for each in run["findings"])
    assert second == f"## ❌ The change adds {broken} findings."
    assert "2 already there" in text
    assert "| infra/main.tf:1 |" in text
    assert text.count("<details>") == text.count("</details>") >= 1
    assert comment(gated(sample.clean_run())).split("\n")[1] == "## ✅ The change adds no findings."


def test_the_mark_is_one_of_the_path():
    one, two = gated(sample.run()), gated(sample.clean_run())
    assert comment(one).split("\n")[0] == comment(two).split("\n")[0]
    assert comment(gated(sample.run(), path="other")).split("\n")[0] != comment(one).split("\n")[0]


def test_a_base_that_cannot_be_read_is_never_green():
    run = gated(sample.clean_run(), compared=False, base={"given": "x", "label": "x", "problem": ["no such ref"]})
    for name in ("markdown", "text"):
        text = comment(run, name)
        assert "cannot be read" in text
        assert "✅" not in text
        assert "✓" not in text


@pytest.mark.parametrize("number", [300, 20_000])
def test_it_stays_within_its_size_and_says_what_is_cut(number):
    run = gated(sample.many(number))
    text = comment(run)
    assert len(text) <= 65_536
    rows = [line for line in text.split("\n") if line.startswith("| ") and not line.startswith("| Severity")]
    live = [each for each in run["findings"] if not each.get("waiver")]
    cut = re.search(r"^Not shown in this comment: (.*)\.$", text, re.MULTILINE)
    left = re.findall(r"[\d,]*\d", cut[1]) if cut else []
    assert len(rows) + sum(int(each.replace(",", "")) for each in left) == len(live)
    severities = [row.split(" ")[1] for row in rows]
    assert severities == sorted(severities, key=["critical", "high", "medium", "low", "info"].index)


def test_hostile_names_become_nothing():
    run = gated(sample.many(300))
    evil = "@all #12 `x` | <b>![a](http://e.example) -->\n## ✅ fine\n</details>" + sample.HOSTILE + "@" * 400
    for each in run["findings"]:
        each["title"] = each["because"] = each["resource"]["name"] = each["actual"] = evil
        each["location"]["file"] = evil
    run["mended"] = [dict(each) for each in run["findings"]]
    run["gate"] |= {"path": evil, "later": [evil] * 50, "base": {"given": evil, "label": evil, "commit": ""}}
    for each in run["findings"]:
        each["code"] = [{"line": 1, "text": "```` @all ```"}, {"line": 2, "text": evil}]
        each["edit"] = {"file": evil, "line": 1, "old": evil, "new": ["``` @all", evil], "in_diff": True}
        each["evidence"] = [{"tail": each["resource"]["key"], "relation": evil, "head": evil, "because": evil}]
    text = comment(run)
    assert len(text) <= 65_536
    text = unfenced(text)
    assert not re.search(r"@(?!&#8203;)", text)
    assert not re.search(r"(?<!&)#\d", text)
    assert "](" not in text.replace("\\](", "").replace("\\]\\(", "")
    assert "`x" not in text.replace("\\`", "")
    assert "\x1b" not in text
    assert "\u202e" not in text
    tags = set(re.findall(r"<[^>\n]{0,60}", text))
    ours = {"<details", "</details", "<summary", "</summary"}
    assert all(tag in ours or tag.startswith("<!-- auditor-gate:") for tag in tags), tags
    assert sum(line.startswith("## ") for line in text.split("\n")) == 1


def test_of_a_real_change(repo, gate):
    repo.write("readme.md", "words")
    repo.branch()
    repo.write("web.yaml", OPENED)
    text = gate(repo.path, "--base", "main", "--format", "markdown").out
    assert "The change adds 1 finding." in text
    assert "| high | web.yaml:7 |" in text


def test_the_effect_on_the_architecture_comes_first(repo, gate):
    repo.write("main.tf", NETWORK.replace("publicly_accessible    = true", "publicly_accessible    = false"))
    repo.branch()
    repo.write("main.tf", NETWORK)
    repo.commit()
    text = gate(repo.path, "--base", "main", "--format", "markdown").out
    first = next(line for line in text.split("\n") if line.startswith("- "))
    assert first == (
        "- orders is reachable from the Internet: aws\\_internet\\_gateway.igw → public subnet aws\\_subnet.a → "
        "aws\\_security\\_group.web \\(port 5432\\) → orders"
    )
    assert text.index("- orders") < text.index("```mermaid") < text.index("| Severity |") < text.index("#### Critical")
    drawn = text[text.index("```mermaid") :].partition("\n```\n")[0]
    assert '"orders<br>RDS DBInstance<br>changed"]:::broken' in drawn
    assert "EC2 InternetGateway<br>new" not in drawn
    line = next(at for at, each in enumerate(NETWORK.split("\n"), 1) if "publicly_accessible" in each)
    assert f"{line} |   publicly_accessible    = true" in text
    assert f"main.tf:{line}\n```suggestion\n  publicly_accessible    = false\n```" in text


def test_without_a_change_a_remedy_is_a_plain_diff(tmp_path, gate):
    (tmp_path / "main.tf").write_text(NETWORK)
    (edit,) = [each["edit"] for each in gate(tmp_path).run["findings"] if each.get("edit")]
    assert not edit["in_diff"]
    text = gate(tmp_path, "--format", "markdown").out
    assert "```suggestion" not in text
    assert "```diff\n-   publicly_accessible    = true\n+   publicly_accessible    = false\n```" in text


BUCKET = """\
resource "aws_kms_key" "k" {
  description = "data"
}
"""
DATABASE = """\
resource "aws_db_instance" "orders" {
  identifier          = "orders"
  engine              = "postgres"
  storage_encrypted   = false
}
"""


def test_a_line_that_is_missing_is_added_below_the_header(tmp_path, gate):
    (tmp_path / "main.tf").write_text(BUCKET)
    text = gate(tmp_path, "--rule", "keys-rotate", "--format", "markdown").out
    assert '```diff\n  resource "aws_kms_key" "k" {\n+   enable_key_rotation = true\n```' in text


def test_nothing_is_suggested_that_would_replace_what_is_there(repo, gate):
    """Encryption is chosen when a database is made: on a new one the line is suggested, on one that is there it is not."""
    rule = ("--rule", "database-encrypted")
    repo.write("main.tf", DATABASE.replace("  storage_encrypted   = false\n", "  storage_encrypted   = true\n"))
    repo.branch()
    repo.write("main.tf", DATABASE)
    repo.write("new.tf", DATABASE.replace("orders", "more"))
    repo.commit()
    run = gate(repo.path, "--base", "main", *rule).run
    edits = {each["resource"]["id"]: each["edit"] for each in run["findings"]}
    assert edits["orders"] is None
    assert edits["more"]["new"] == ["  storage_encrypted   = true"]


def test_what_the_working_tree_has_otherwise_is_no_line_of_the_change(repo, gate):
    repo.write("main.tf", NETWORK.replace("publicly_accessible    = true", "publicly_accessible    = false"))
    repo.branch()
    repo.write("main.tf", NETWORK)
    repo.commit()
    repo.write("main.tf", "# one more line\n" + NETWORK)
    run = gate(repo.path, "--base", "main").run
    assert {each["edit"]["in_diff"] for each in run["findings"] if each.get("edit")} == {False}
