"""The examples in every rule file are its tests: kept by what passes, broken by what fails, in all four sources alike.

A template, a plan, Terraform code and an account say the same example. What a source cannot say it does not judge: the
verdict is then unknown, and tests/rules/<id>/notes.yaml holds the reason.
"""

import pytest

from auditor.checks.judge import judge
from auditor.checks.rules import load_rules
from tests.rules import forms

RULES = load_rules()
EXAMPLES = [
    pytest.param(rule, name, wanted, example, source, id=f"{rule.id}-{name}-{source}")
    for rule in RULES
    for name, wanted, example in forms.examples(rule)
    for source in forms.SOURCES
]
EACH_RULE = pytest.mark.parametrize("rule", RULES, ids=lambda each: each.id)


@pytest.mark.parametrize(("rule", "name", "wanted", "example", "source"), EXAMPLES)
def test_example(rule, name, wanted, example, source):
    why = forms.cannot(rule).get((name, source))
    graph = forms.graph(rule, name, example, source)
    if why:
        assert graph is None, f"{source} is said to be unable to say it ({why}), and says it"
        return
    assert graph is not None, f"write the form for {source}: python -m tools.rule_forms {rule.id} (CONTRIBUTING.md)"
    judged = judge([rule], graph)
    told = [f"{found.resource.label} {found.property}: {found.verdict}: {found.because}" for found in judged.findings]
    if wanted == "kept":
        assert told == []
        assert judged.counts["unknown"] == 0
    else:
        assert judged.counts["broken"] > 0, told
        assert {found.verdict for found in judged.findings} == {"broken"}, told


@pytest.mark.parametrize(
    ("rule", "name", "wanted", "example"),
    [
        pytest.param(*each.values[:4], id=f"{each.values[0].id}-{each.values[1]}")
        for each in EXAMPLES[:: len(forms.SOURCES)]
    ],
)
def test_a_plan_without_its_code_never_says_the_opposite(rule, name, wanted, example):
    """It does not tell how an expression uses what it refers to: then it says that it does not know."""
    graph = forms.graph(rule, name, example, "plan alone")
    found = {each.verdict for each in judge([rule], graph).findings} if graph else set()
    assert found <= ({"unknown"} if wanted == "kept" else {"broken", "unknown"})
    assert found or wanted == "kept" or (name, "plan") in forms.cannot(rule)


@EACH_RULE
def test_a_rule_has_examples_of_both_kinds(rule):
    assert rule.examples.passing
    assert rule.examples.failing


@pytest.mark.contract
@EACH_RULE
def test_forms_are_those_of_the_examples(rule):
    """No example without its form or a reason, and no form or reason without its example."""
    names = {name for name, _, _ in forms.examples(rule)}
    excused = forms.cannot(rule)
    for source, found in forms.named(rule).items():
        assert found | {name for name, where in excused if where == source} == names, source
    assert {name for name, _ in excused} | forms.by_hand(rule).keys() <= names
    assert all(len(why) > 10 for why in (*excused.values(), *forms.by_hand(rule).values()))
