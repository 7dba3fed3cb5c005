"""What the rows write of an example is what the example says; and what they cannot write is refused with the cure."""

import re

import pytest

from auditor.checks.rules import load_rules
from auditor.checks.schema import Example
from auditor.model import ABSENT, paths
from auditor.resources import load
from auditor.resources.terraform import snake
from tests.fragments import graph_of
from tests.rules import forms
from tools.example_code import CannotWrite, code_of, plan_of

WHERE = "tests/rules/mine/tf/main.tf"
GENERATED = [
    pytest.param(rule, name, id=f"{rule.id}-{name}") for rule in load_rules() for name in forms.generated(rule)
]


@pytest.mark.parametrize(("rule", "name"), GENERATED)
def test_the_code_says_what_the_example_says(rule, name):
    example, code = forms.generated(rule)[name], forms.said(rule, name)
    template = graph_of({each: {"Type": it.type, "Properties": it.properties} for each, it in example.items()})
    wrong = []
    for each in template.of_type(*load()):
        same = code[f"{name.replace('-', '_')}_{snake(each.name)}"]
        for path in example[each.name].properties:
            if not paths.hidden(each.unknown, path) and not paths.hidden(same.unknown, path):
                mine, other = (plain(it.properties.get(path, ABSENT)) for it in (each, same))
                if not holds(other, mine):
                    wrong.append(f"{rule.id}, {name}, {each.name}.{path}: {mine!r} became {other!r}: write it by hand")
    assert wrong == []


def holds(found, wanted):
    """Whether all that is wanted is there; Terraform may ask for more beside it."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        return all(holds(found.get(key, ABSENT), value) for key, value in wanted.items())
    if isinstance(wanted, list) and isinstance(found, list):
        return len(found) == len(wanted) and all(map(holds, found, wanted))
    return found == wanted or (wanted in (False, "", []) and found is ABSENT)


def plain(value):
    """References are spelled by their languages."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return (
        re.sub(r"\$\{[^}]*\}|^example/\w+$|^aws_\w+\.(pass|fail)_\w+$", "$", value) if isinstance(value, str) else value
    )


def example(**resources):
    return {
        name: Example.model_validate({"Type": kind, "Properties": properties})
        for name, (kind, properties) in resources.items()
    }


def test_a_reference_is_one_of_terraform():
    told = example(
        Database=(
            "AWS::RDS::DBInstance",
            {"KmsKeyId": {"Fn::GetAtt": ["Key", "Arn"]}, "DBSubnetGroupName": {"Ref": "Group"}},
        ),
        Key=("AWS::KMS::Key", {"EnableKeyRotation": True}),
        Group=("AWS::RDS::DBSubnetGroup", {"SubnetIds": ["subnet-1"]}),
    )
    code = code_of("fail-2", told, WHERE)
    assert 'kms_key_id = "${aws_kms_key.fail_2_key.arn}"' in code
    assert 'db_subnet_group_name = "${aws_db_subnet_group.fail_2_group.id}"' in code
    (database, *_) = plan_of({"fail-2": told}, WHERE)["resource_changes"]
    assert database["change"]["after_unknown"] == {"kms_key_id": True, "db_subnet_group_name": True}
    assert "kms_key_id" not in database["change"]["after"]


def test_what_rows_cannot_write_is_refused_with_the_cure():
    told = example(Table=("AWS::EC2::RouteTable", {"SubnetIds": [{"Ref": "One"}]}))
    with pytest.raises(CannotWrite) as refused:
        code_of("fail-1", told, WHERE)
    words = str(refused.value)
    for each in ("example fail-1", "AWS::EC2::RouteTable.SubnetIds", WHERE, "fail_1", "cannot.terraform.fail-1"):
        assert each in words
