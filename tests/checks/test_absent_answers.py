"""A property that AWS's answer lacks is unknown where its row names no meaning for that, and never a breach."""

import json

import pytest

from auditor.checks.demand import of_rules
from auditor.checks.judge import judge
from auditor.checks.rules import choose, load_rules
from auditor.graph.build import build
from auditor.resources import load
from auditor.sources import live, snapshot
from tests.rules import forms


def without(value, name):
    if isinstance(value, dict):
        return {key: without(inner, name) for key, inner in value.items() if key != name}
    return [without(each, name) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("form", ["pass-1", "fail-1"])
@pytest.mark.parametrize(
    ("rule", "member"),
    [("database-not-public", "PubliclyAccessible"), ("viewers-use-https", "ViewerProtocolPolicy")],
)
def test_what_the_answer_lacks_is_unknown(rule, member, form, tmp_path):
    recorded = (forms.RULES / rule / "live" / f"{form}.jsonl").read_text().splitlines()
    assert any(f'"{member}"' in line for line in recorded)
    file = tmp_path / "account.jsonl"
    file.write_text("\n".join(json.dumps(without(json.loads(line), member)) for line in recorded) + "\n")
    rules = choose(load_rules(), [rule])
    place, replay = snapshot.load(file)
    graph = build(live.read(replay, place, of_rules(rules, load()), load()), load())
    found = judge(rules, graph).findings
    assert found
    assert {each.verdict for each in found} == {"unknown"}
    assert all(member in each.because for each in found)
