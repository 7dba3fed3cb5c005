"""The examples in every rule file are its tests: kept by what passes, broken by what fails."""

import pytest

from auditor.checks.judge import judge
from auditor.checks.rules import load_rules
from tests.fragments import graph_of

EXAMPLES = [
    pytest.param(rule, kind, example, id=f"{rule.id}-{kind}-{index}")
    for rule in load_rules()
    for kind, examples in (("pass", rule.examples.passing), ("fail", rule.examples.failing))
    for index, example in enumerate(examples)
]


def verdicts(rule, example):
    fragment = {name: {"Type": each.type, "Properties": each.properties} for name, each in example.items()}
    return judge([rule], graph_of(fragment))


@pytest.mark.parametrize(("rule", "kind", "example"), EXAMPLES)
def test_example(rule, kind, example):
    judged = verdicts(rule, example)
    told = [f"{found.resource.label} {found.property}: {found.verdict}: {found.because}" for found in judged.findings]
    if kind == "pass":
        assert told == []
        assert judged.counts["unknown"] == 0
    else:
        assert judged.counts["broken"] > 0, told
        assert {found.verdict for found in judged.findings} == {"broken"}, told


def test_every_rule_has_both_kinds():
    for rule in load_rules():
        assert rule.examples.passing
        assert rule.examples.failing
