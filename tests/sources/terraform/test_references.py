"""What a plan's references prove: all that a list names when nothing chooses among them, and nothing when something may."""

import json

import pytest

from auditor.sources import terraform
from auditor.sources.code_options import CodeOptions

GROUPS = ["aws_security_group.a.id", "aws_security_group.a", "aws_security_group.b.id", "aws_security_group.b"]


def planned(tmp_path, references):
    """A database whose groups are known only by what the expression refers to."""

    def resource(kind, name, after, unknown, expressions):
        address = f"{kind}.{name}"
        base = {"address": address, "mode": "managed", "type": kind, "name": name}
        change = {"actions": ["create"], "before": None, "after": after, "after_unknown": unknown}
        return {**base, "values": after}, {**base, "change": change}, {**base, "expressions": expressions}

    made = [
        resource("aws_security_group", name, {"name": name}, {"id": True}, {"name": {"constant_value": name}})
        for name in "ab"
    ]
    made.append(
        resource(
            "aws_db_instance", "db", {"identifier": "db"}, {"vpc_security_group_ids": True},
            {"identifier": {"constant_value": "db"}, "vpc_security_group_ids": {"references": references}},
        )
    )  # fmt: skip
    plan = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {"resources": [values for values, _, _ in made]}},
        "resource_changes": [change for _, change, _ in made],
        "configuration": {"root_module": {"resources": [config for _, _, config in made], "variables": {"wide": {}}}},
    }
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan))
    found = terraform.read(path, CodeOptions(region="ap-northeast-2"))
    (database,) = [each for each in found.resources if each.type == "AWS::RDS::DBInstance"]
    return database


def test_a_list_of_references_is_those_references(tmp_path):
    database = planned(tmp_path, GROUPS)
    # In code a resource without a literal id is known by its address.
    assert sorted(database.properties["VPCSecurityGroups"]) == ["aws_security_group.a", "aws_security_group.b"]


@pytest.mark.parametrize("condition", ["var.wide", "local.wide", "data.aws_region.here.name", "terraform.workspace"])
def test_where_a_condition_may_choose_nothing_is_proven(tmp_path, condition):
    database = planned(tmp_path, [condition, *GROUPS])
    assert "VPCSecurityGroups" not in database.properties
    assert "condition" in database.unknown["VPCSecurityGroups"].message
