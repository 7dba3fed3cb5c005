"""Baseline files that are wrong: everything at once, each mistake at its place and with its cure."""

import pytest

from auditor.checks.baselines import load_baseline
from auditor.checks.yaml import DefinitionError

BASELINE = """\
title: A system
document: {title: A page, file: page.md, updated: 2026-01-01}
regions: [eu-central-1]
roles:
  network:
    type: AWS::EC2::VPC
    means: The network
    at: {section: 1, lines: 3, text: a network}
  database:
    type: AWS::RDS::DBInstance
    means: The database
    at: {section: 1, lines: 4, text: a database}
    require:
      - {id: engine, property: Engine, is: postgres}
"""


@pytest.fixture
def baseline(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def lines(text):
        path = tmp_path / "mine.yaml"
        path.write_text(text)
        try:
            load_baseline(path)
        except DefinitionError as error:
            return error.lines
        return []

    return lines


def test_a_good_file_is_silent(baseline):
    assert baseline(BASELINE) == []


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("regions: [eu-central-1]", "regions: [frankfurt]", "3:11: regions[0]: `frankfurt` is not a region"),
        ("  network:", "  Net_work:", "6:5: roles.Net_work: `Net_work` is not a name; write it in lower case"),
        ("    means: The network", "    mean: The network",
         "7:5: roles.network.mean: is not a field; did you mean `means`?"),
        ("lines: 3,", "lines: three,", "at.lines: 'three' is not understood; write it like 94 or 92-95, 142"),
        ("lines: 3, text: a network", "lines: 3", "8:9: roles.network.at.text: is required"),
        ("means: The database", "means: The database\n    count: many",
         "'many' is not understood; write it like 1, 2+ or"),
        ("is: postgres", "is: {isnt: x}", "is.isnt: `isnt` is not an operator; did you mean `in`?"),
        ("property: Engine", "property: Engin", "property: AWS::RDS::DBInstance has no property `Engin` that is read"),
        (", is: postgres", "", "require[0]: `property` needs `is`"),
        ("property: Engine, is: postgres", "predicate: no-such", "require[0].predicate: `no-such` is not a predicate"),
        ("property: Engine, is: postgres", "predicate: in-private-subnets, is: 1",
         "is for properties; use `with` for a predicate"),
        ("property: Engine, is: postgres", "severity: low", "needs either `property` with `is`, or `predicate`"),
        ("is: postgres}", "is: postgres}\n      - {id: engine, property: Engine, is: x}",
         "`engine` is already the name of another promise"),
        ("means: The database", "means: The database\n    hints: {names: ['(']}",
         "hints.names[0]: '(' is not a regular expression"),
    ],
)  # fmt: skip
def test_baselines(baseline, before, after, told):
    assert before in BASELINE
    lines = baseline(BASELINE.replace(before, after))
    assert any(told in line for line in lines), lines


AT = "at: {section: 1, lines: 1, text: it}"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (f"links: [{{id: a, title: A, from: databse, to: network, relation: placed-in, {AT}}}]",
         "links[0].from: `databse` is not a role of this baseline; did you mean `database`?"),
        (f"links: [{{id: a, title: A, from: database, to: network, relation: placed-on, {AT}}}]",
         "links[0].relation: `placed-on` is not a relation; did you mean `placed-in`?"),
        (f"links: [{{id: a, title: A, from: database, to: network, relation: placed-in, via: [part-off], {AT}}}]",
         "links[0].via[0]: `part-off` is not a relation; did you mean `part-of`?"),
        (f"links: [{{id: a, title: A, from: database, to: network, {AT}}}]", "links[0]: demands nothing"),
        (f"links: [{{id: a, title: A, from: database, to: network, flow: {{port: 70000}}, {AT}}}]",
         "links[0].flow.port: "),
        (f"links: [{{id: a, title: A, from: database, to: network, action: PutObject, {AT}}}]", "is not an IAM action"),
        (f"absent: [{{id: a, type: AWS::EC2::Instance, within: net, {AT}}}]", "absent[0].within: `net` is not a role"),
        (f"absent: [{{id: a, type: AWS::EC2::Instance, where: [{{Nme: x}}], {AT}}}]", "has no property `Nme`"),
        (f"unverifiable: [{{id: network, reason: x, {AT}}}]", "unverifiable[0].id: `network` is already the name"),
        (f"unverifiable: [{{id: a, {AT}}}]", "unverifiable[0].reason: is required: why it cannot be checked; add it"),
        ("choices: [{text: x}]", "choices[0].at: is required"),
    ],
)  # fmt: skip
def test_references_between_promises(baseline, more, told):
    lines = baseline(f"{BASELINE}{more}\n")
    assert any(told in line for line in lines), lines


def test_a_baseline_that_is_not_there(tmp_path):
    with pytest.raises(DefinitionError, match="cannot be read: No such file"):
        load_baseline(tmp_path / "gone.yaml")
