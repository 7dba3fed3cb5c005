"""What is told of code with open conditions is what is told of it with every value that they may have, laid together."""

from __future__ import annotations

import json
import tempfile
from functools import cache
from itertools import combinations, product
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from auditor import judging, pipeline
from auditor.checks.covering import covering
from auditor.checks.worlds import possible, read_all
from auditor.findings.defects import Attempts
from auditor.model import Choice
from auditor.resources import load
from auditor.sources.code import read_code
from auditor.sources.code_options import CodeOptions

RULE = "ports-closed-to-world"
PARAMETERS = ["p0", "p1", "p2", "p3", "p4"]
TOGETHER = 3  # of many conditions any so many are judged in every way

chosen = cache(lambda: pipeline.definitions(pipeline.Wish(rules=(RULE,))))


@st.composite
def groups(draw, most):
    """For each of some groups: when it is there, and the same of three rules: the hole, another hole, and a closed one.

    A condition is a list of alternatives, each a parameter and whether it holds; all of one group ask of few parameters.
    """
    out = []
    for _ in range(draw(st.integers(1, 4))):
        few = draw(st.lists(st.sampled_from(PARAMETERS[:most]), min_size=1, max_size=TOGETHER, unique=True))
        condition = st.lists(st.tuples(st.sampled_from(few), st.booleans()), max_size=2)
        joined = st.tuples(st.sampled_from(["and", "or"]), condition)
        out.append([draw(joined) for _ in range(4)])
    return out


def findings(folder, fixed=None):
    shared = {}

    def read(world):
        return read_code(folder, CodeOptions(fixed or {}, world=world, evaluated=shared))

    worlds = read_all(read)
    assert fixed is None or len(worlds) == 1
    return judging.judged(pipeline.Wish(), chosen(), worlds, load(), Attempts(())).findings


def holds(text, files, most, values):
    """The findings of open code are those of all its fixed forms: broken in any is broken."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / files).write_text(text)
        told = findings(folder)
        worst, everywhere = {}, None
        for values_of in product(values, repeat=most):
            fixed = findings(folder, dict(zip(PARAMETERS, values_of, strict=False)))
            broken = {each.id for each in fixed if each.verdict == "broken"}
            everywhere = broken if everywhere is None else everywhere & broken
            for each in fixed:
                if worst.get(each.id) != "broken":
                    worst[each.id] = each.verdict
    assert {each.id: each.verdict for each in told} == worst
    assert {each.id for each in told if each.verdict == "broken" and not each.condition} == everywhere


# ---- CloudFormation


def template(every, most):
    conditions = {f"{name}y": {"Fn::Equals": [{"Ref": name}, "y"]} for name in PARAMETERS[:most]}
    resources = {}

    def named(condition):
        word, parts = condition
        if not parts:
            return None
        each = [{"Condition": f"{name}y"} if on else {"Fn::Not": [{"Condition": f"{name}y"}]} for name, on in parts]
        key = f"c{len(conditions)}"
        if len(each) == 1:
            each *= 2
        conditions[key] = {"Fn::And" if word == "and" else "Fn::Or": each}
        return key

    for at, (there, *rules) in enumerate(every):
        said = []
        for condition, (port, cidr) in zip(rules, RULES, strict=True):
            rule = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "CidrIp": cidr}
            key = named(condition)
            said.append({"Fn::If": [key, rule, {"Ref": "AWS::NoValue"}]} if key else rule)
        properties = {"GroupDescription": "g", "VpcId": "vpc-1", "SecurityGroupIngress": said}
        key = named(there)
        more = {"Condition": key} if key else {}
        resources[f"G{at}"] = {"Type": "AWS::EC2::SecurityGroup", "Properties": properties, **more}
    parameters = {name: {"Type": "String"} for name in PARAMETERS[:most]}
    return json.dumps({"Parameters": parameters, "Conditions": conditions, "Resources": resources})


RULES = [(22, "0.0.0.0/0"), (3389, "0.0.0.0/0"), (443, "10.0.0.0/8")]


@pytest.mark.parametrize("most", [2, 3, 5])
def test_a_template_says_what_all_its_values_say(most):
    @settings(max_examples=15, deadline=None)
    @given(groups(most))
    def law(every):
        holds(template(every, most), "t.json", most, ("y", "n"))

    law()


# ---- Terraform


def configuration(every, most):
    parts = [f'variable "{name}" {{\n  type = bool\n}}\n' for name in PARAMETERS[:most]]

    def said(condition):
        word, names = condition
        sign = " && " if word == "and" else " || "
        return sign.join(f"var.{name}" if on else f"!var.{name}" for name, on in names) or "true"

    for at, (there, *rules) in enumerate(every):
        body = "".join(
            f'  dynamic "ingress" {{\n    for_each = {said(condition)} ? [{port}] : []\n    content {{\n'
            f'      from_port = ingress.value\n      to_port = ingress.value\n      protocol = "tcp"\n'
            f'      cidr_blocks = ["{cidr}"]\n    }}\n  }}\n'
            for condition, (port, cidr) in zip(rules, RULES, strict=True)
        )
        parts.append(f"locals {{\n  there{at} = {said(there)}\n}}\n")
        parts.append(
            f'resource "aws_security_group" "g{at}" {{\n  count = local.there{at} ? 1 : 0\n  vpc_id = "vpc-1"\n{body}}}\n'
        )
    return "".join(parts)


@settings(max_examples=3, deadline=None, phases=[Phase.generate])  # each takes seconds: no search for a smaller one
@given(groups(2))
def test_a_configuration_says_what_all_its_values_say(every):
    holds(configuration(every, 2), "main.tf", 2, ("true", "false"))


# ---- the combinations


@settings(deadline=None)
@given(st.lists(st.integers(2, 4), min_size=1, max_size=7).map(tuple), st.integers(1, 3))
def test_few_choices_meet_in_every_way(sizes, together):
    rows = covering(sizes, together, 200)
    assert len(set(rows)) == len(rows) <= 200
    assert (rows[0], rows[-1]) == (tuple(0 for _ in sizes), tuple(each - 1 for each in sizes))
    few = min(together, len(sizes))
    for chosen_ones in combinations(range(len(sizes)), few):
        ways = {tuple(row[each] for each in chosen_ones) for row in rows}
        assert ways == set(product(*(range(sizes[each]) for each in chosen_ones)))


@pytest.mark.parametrize("count", range(4, 12))
def test_of_up_to_eleven_conditions_any_three_meet(count):
    made = possible([Choice(f"k{at}", f"c{at}", "") for at in range(count)])
    for keys in combinations([f"k{at}" for at in range(count)], 3):
        assert len({tuple(world[key] for key in keys) for world in made.worlds}) == 8
