"""The comment on a pull request: found again, verdict first, within its size, and nobody's markup but ours."""

import io
import re

import pytest

from auditor.report import Options, write
from tests.gate.conftest import OPENED
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
    text = comment(run)
    assert len(text) <= 65_536
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
