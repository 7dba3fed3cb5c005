"""JUnit, GitLab's code quality and GitHub's annotations: every finding once, what was not read, and nobody's commands."""

from __future__ import annotations

import io
import json
import re
import xml.etree.ElementTree as ET

import pytest

from auditor.report import Options, write
from tests.gate.conftest import TF_OPENED
from tests.gate.test_comment import gated
from tests.report import sample

FORMS = ("junit", "codequality", "annotations")
EVIL = (
    "::error file=x::owned\n::add-mask::a\r\n ::stop-commands::x ##[command]y %0A%25,file=z:: <b>&amp;]]>\"'"
    "\x00\x08\x0b\x1b[31m\ufffe\uffff\ud800" + sample.HOSTILE
)


def told(name, run):
    out = io.StringIO()
    write(name, run, out, Options(width=100))
    return out.getvalue()


def hostile():
    run = gated(sample.many(40))
    for each in run["findings"]:
        each["title"] = each["because"] = each["resource"]["name"] = each["actual"] = each["check"] = EVIL
        each["property"] = each["demand"] = EVIL
        each["location"]["file"] = EVIL
        each["code"] = [{"line": 1, "text": EVIL}]
        each["remedy"]["text"] = EVIL
    run["findings"][0]["waiver"] = {"reason": EVIL, "owner": EVIL, "expires": "2027-01-01"}
    gap = {"message": EVIL, "module": EVIL, "location": {"file": EVIL, "line": 1}, "types": [EVIL], "rules": [EVIL],
           "promises": [EVIL], "about": [EVIL], "cure": EVIL, "new": True, "count": 3, "because": EVIL}  # fmt: skip
    run["gate"] |= {"path": EVIL, "main": {"file": EVIL, "line": 1}, "unread": [gap], "later": [EVIL],
                    "exceptions": {"applied": [EVIL], "ended": [EVIL], "unused": [EVIL], "notes": [EVIL]},
                    "base": {"given": EVIL, "label": EVIL, "problem": [EVIL]}, "compared": False}  # fmt: skip
    return run


OURS = re.compile(r"::(error|warning|notice) (file=[^:,]*,line=\d+,)?title=[^:,]*::[^\r\n]*")


@pytest.mark.parametrize("name", ["text", "markdown", *FORMS])
def test_no_line_is_a_command_but_ours(name):
    # str.splitlines knows more line ends than a runner; none of them may hide a beginning either.
    for line in told(name, hostile()).splitlines():
        if name == "annotations" and OURS.fullmatch(line):
            continue
        assert not line.lstrip().startswith("::"), line[:80]
        if name in ("text", "annotations"):
            assert "##[" not in line


def test_a_message_on_stderr_is_no_command(gate, tmp_path):
    (tmp_path / "::error::x.yaml").write_text("Resources: [\n")
    (tmp_path / "::warning::y.yaml").write_text("Resources: {A: {Type: AWS::SNS::Topic}\n")
    ran = gate(tmp_path / "::error::x.yaml")
    assert ran.err
    assert not [line for line in ran.err.splitlines() if line.lstrip().startswith("::")]


# ---- JUnit


@pytest.mark.parametrize("run", [sample.run, sample.clean_run, hostile, lambda: gated(sample.run())])
def test_junit_is_xml_whose_counts_are_right(run):
    made = run()
    (suite,) = ET.fromstring(told("junit", made)).findall("testsuite")
    cases = suite.findall("testcase")
    assert int(suite.get("tests")) == len(cases) >= 1
    for kind, name in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        assert int(suite.get(name)) == sum(case.find(kind) is not None for case in cases)
    live = [each for each in made["findings"] if not each.get("waiver")]
    assert int(suite.get("failures")) == sum(each["verdict"] == "broken" for each in live)
    assert all(case.get("name") and case.get("classname") for case in cases)


def test_junit_of_a_gate_that_could_not_look_is_no_success(gate, tmp_path):
    (tmp_path / "main.tf").write_text('module "m" {\n  source = "x/y/aws"\n}\n')
    suite = ET.fromstring(gate(tmp_path, "--format", "junit").out).find("testsuite")
    assert int(suite.get("errors")) >= 1


# ---- GitLab

# https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
LEVELS = {"info", "minor", "major", "critical", "blocker"}


def entries(text):
    found = json.loads(text)
    assert isinstance(found, list)
    for each in found:
        assert all(isinstance(each[name], str) and each[name] for name in ("description", "check_name", "fingerprint"))
        assert each["severity"] in LEVELS
        assert isinstance(each["location"]["lines"]["begin"], int)
        assert each["location"]["lines"]["begin"] >= 1
        path = each["location"]["path"]
        assert path
        assert not path.startswith(("/", "./"))
        assert ".." not in path.split("/")
    prints = [each["fingerprint"] for each in found]
    assert len(set(prints)) == len(prints), "GitLab shows the first entry of a fingerprint only"
    assert not text.startswith("\ufeff")
    return found


def test_code_quality_of_a_gate(gate, tmp_path):
    (tmp_path / "main.tf").write_text(TF_OPENED)
    (one,) = entries(gate(tmp_path, "--format", "codequality").out)
    assert (one["check_name"], one["severity"], one["location"]) == (
        "ports-closed-to-world", "critical", {"path": "main.tf", "lines": {"begin": 4}},
    )  # fmt: skip
    (tmp_path / "main.tf").write_text("\n\n" + TF_OPENED)
    (two,) = entries(gate(tmp_path, "--format", "codequality").out)
    assert (two["fingerprint"], two["location"]["lines"]["begin"]) == (one["fingerprint"], 6)


@pytest.mark.parametrize("run", [hostile, sample.clean_run, sample.run])
def test_code_quality_of_anything(run):
    made = run()
    found = entries(told("codequality", made))
    assert len(found) >= sum(not each.get("waiver") for each in made["findings"])


# ---- GitHub


def test_annotations_stand_at_their_lines_worst_first(gate, tmp_path):
    (tmp_path / "a,b:c%.tf").write_text(TF_OPENED)
    out = gate(tmp_path, "--format", "annotations").out.splitlines()
    assert out[0].startswith(
        "::error file=a%2Cb%3Ac%25.tf,line=4,title=ports-closed-to-world::aws_security_group.web opens"
    )
    assert out[-1] == "auditor: 1 finding in the code."
    run = gated(sample.run())
    kinds = [re.match(r"::(\w+)", line)[1] for line in told("annotations", run).splitlines()[:-1]]
    assert kinds == sorted(kinds, key=["error", "warning", "notice"].index)
