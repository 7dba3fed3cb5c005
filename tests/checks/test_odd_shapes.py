"""Whatever shape stands at whatever place of a rule or baseline file, reading it ends in mistakes that are told."""

import copy
import json

import pytest

from auditor.checks import yaml
from auditor.checks.baselines import known, load_baseline
from auditor.checks.rules import load_rules
from auditor.checks.yaml import DefinitionError
from auditor.settings import data_dir

ODD = (
    None,
    [],
    {},
    [[]],
    [{}],
    {"a": []},
    -1.5,
    True,
    "",
    "Q",
    "a.b[",
    {"Q": {}},
    {"in": {}},
    {"not": {"any": [{}]}},
    {"": 1},
)


def places(value, place=()):
    yield place
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        yield from places(inner, (*place, step))


def changed(value, place, odd):
    """The value with something else at a place; what does not lie on the way there is the same as before."""
    out = copy.copy(value)
    out[place[0]] = changed(value[place[0]], place[1:], odd) if place[1:] else odd
    return out


def smaller(baseline):
    """A role with promises of both kinds, and one entry of each list."""
    roles = {name: baseline["roles"][name] for name in ("topic", "database", "subnet-group")}
    lists = {name: baseline[name][:1] for name in ("absent", "unverifiable", "choices")}
    links = [each for each in baseline["links"] if each["id"] == "proxy-database"]
    return {**baseline, **lists, "roles": roles, "links": links}


@pytest.mark.parametrize("odd", ODD, ids=str)
def test_rules(odd, tmp_path):
    whole = yaml.read(data_dir("rules") / "network" / "database-in-private-subnets.yaml").value
    path = tmp_path / "rules" / "topic" / "mine.yaml"
    path.parent.mkdir(parents=True)
    for place in places(whole):
        if place and "fail" not in place:
            path.write_text(json.dumps(changed(whole, place, odd)))
            try:
                load_rules([tmp_path / "rules"], built_in=False)
            except DefinitionError as error:
                assert error.lines  # noqa: PT017  whether it is raised at all differs by place


@pytest.mark.parametrize("odd", ODD, ids=str)
def test_baselines(odd, tmp_path):
    whole = smaller(yaml.read(known()["cuggu"]).value)
    path = tmp_path / "mine.yaml"
    for place in places(whole):
        if place:
            path.write_text(json.dumps(changed(whole, place, odd)))
            try:
                load_baseline(path)
            except DefinitionError as error:
                assert error.lines  # noqa: PT017  whether it is raised at all differs by place
