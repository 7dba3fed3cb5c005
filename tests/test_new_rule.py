"""`make new-rule` gives a file that is read, and whose examples are judged as they say, for every type."""

import pytest

from auditor.checks.judge import judge
from auditor.checks.rules import load_rules
from auditor.resources import load
from tests.fragments import graph_of
from tools import new_rule

SAID = [cfn for cfn, each in load().items() if not each.ours]  # what templates know


@pytest.mark.parametrize("cfn", SAID)
def test_a_new_rule_is_read_and_keeps_its_examples(cfn, tmp_path):
    file = tmp_path / "rules" / "topic" / "mine.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(new_rule.rule_file(cfn), encoding="utf-8")
    (rule,) = load_rules([tmp_path / "rules"], built_in=False)
    for wanted, (example,) in (("kept", rule.examples.passing), ("broken", rule.examples.failing)):
        fragment = {name: {"Type": it.type, "Properties": it.properties} for name, it in example.items()}
        assert judge([rule], graph_of(fragment)).counts[wanted] == 1, (wanted, file.read_text())


def test_no_rule_is_left_half_written():
    from auditor.settings import data_dir

    assert [file for file in data_dir("rules").rglob("*.yaml") if "WRITE " in file.read_text()] == []
