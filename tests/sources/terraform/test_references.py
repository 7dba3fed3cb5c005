"""What a plan's references prove: one of them what it names, several nothing, for a plan does not tell how they are used.

The references are those that Terraform 1.11 writes for the expressions beside them.
"""

import json

import pytest

from auditor.sources import terraform
from auditor.sources.code_options import CodeOptions

GROUPS = ["aws_security_group.a.id", "aws_security_group.a", "aws_security_group.b.id", "aws_security_group.b"]


def resource(kind, name, after, unknown, expressions, sensitive=False):
    address = f"{kind}.{name}"
    base = {"address": address, "mode": "managed", "type": kind, "name": name.partition("[")[0]}
    change = {"actions": ["create"], "before": None, "after": after, "after_unknown": unknown}
    change["after_sensitive"] = sensitive
    return {**base, "values": after}, {**base, "change": change}, {**base, "expressions": expressions}


def inventory(tmp_path, made):
    plan = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {"resources": [values for values, _, _ in made]}},
        "resource_changes": [change for _, change, _ in made],
        "configuration": {"root_module": {"resources": [config for _, _, config in made], "variables": {"wide": {}}}},
    }
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan))
    return terraform.read(path, CodeOptions(region="ap-northeast-2"))


def planned(tmp_path, references, attribute="vpc_security_group_ids", sensitive=False):
    """A database of which one attribute is known only by what its expression refers to."""
    made = [
        resource("aws_security_group", name, {"name": name}, {"id": True}, {}) for name in ("a", "b", "m[0]", "m[1]")
    ]
    made += [resource("aws_kms_key", name, {}, {"arn": True}, {}) for name in "kl"]
    expressions = {"identifier": {"constant_value": "db"}, attribute: {"references": references}}
    made.append(resource("aws_db_instance", "db", {"identifier": "db"}, {attribute: True}, expressions, sensitive))
    made.append(resource("aws_db_instance", "other", {"identifier": "other"}, {}, {}))
    (database,) = [each for each in inventory(tmp_path, made).resources if each.address == "aws_db_instance.db"]
    return database


B = GROUPS[2:]


@pytest.mark.parametrize(
    ("references", "groups"),
    [
        (GROUPS[:2], ["aws_security_group.a"]),  # [a.id]
        (["count.index", *B], ["aws_security_group.b"]),  # an index chooses an instance, which is named
        (GROUPS, None),  # [a.id, b.id] and coalescelist([a.id], [b.id]) are told alike
        ([*GROUPS, "aws_db_instance.other.multi_az", "aws_db_instance.other"], None),  # a choice by another attribute
        (["aws_security_group.m"], None),  # aws_security_group.m[*].id, and the same with a condition
        (["each.key", *GROUPS], None),  # each.key == "x" ? [a.id] : [b.id]
        (["var.wide", *GROUPS], None),  # var.wide ? [a.id] : [b.id]
        (["var.more", *GROUPS[:2]], None),  # concat(var.more, [a.id])
        (["local.more", *GROUPS[:2]], None),
        (["data.aws_security_groups.all.ids", "data.aws_security_groups.all", *GROUPS[:2]], None),
        (["module.gone.ids", "module.gone", *GROUPS[:2]], None),
        (["terraform.workspace", *GROUPS], None),
        (["var.more"], None),
    ],
    ids=str,
)
def test_only_a_single_reference_proves_a_list(tmp_path, references, groups):
    database = planned(tmp_path, references)
    assert ("VPCSecurityGroups" in database.unknown) == (groups is None)
    # In code a resource without a literal id is known by its address.
    assert database.properties.get("VPCSecurityGroups") == groups


@pytest.mark.parametrize(
    ("references", "subnet"),
    [
        (["aws_kms_key.k.arn", "aws_kms_key.k"], "${aws_kms_key.k.arn}"),
        (["var.key", "aws_kms_key.k.arn", "aws_kms_key.k"], "${aws_kms_key.k.arn}"),  # coalesce(var.key, k.arn)
        (["aws_kms_key.k.arn", "aws_kms_key.k", "aws_kms_key.l.arn", "aws_kms_key.l"], None),
    ],
)
def test_a_single_value_has_nothing_beside_it(tmp_path, references, subnet):
    database = planned(tmp_path, references, "kms_key_id")
    assert database.properties.get("KmsKeyId") == subnet
    assert ("KmsKeyId" in database.unknown) == (subnet is None)


@pytest.mark.parametrize(
    ("given", "groups"),
    [
        (GROUPS[:2], ["aws_security_group.a"]),
        (["var.more", *GROUPS[:2]], None),  # concat(var.more, [a.id]), handed down
        (GROUPS, None),
        ([], None),  # a constant
    ],
    ids=str,
)
def test_what_is_handed_down_proves_no_more_than_where_it_is_said(tmp_path, given, groups):
    """The group and the database in a module, whose variable takes what the root says; and the same by an output."""
    database = {"vpc_security_group_ids": {"references": ["var.groups"]}}
    made = [resource("aws_security_group", name, {"name": name}, {"id": True}, {}) for name in "ab"]
    inner = resource("aws_db_instance", "db", {"identifier": "db"}, {"vpc_security_group_ids": True}, database)
    changes = [change for _, change, _ in made] + [
        {**inner[1], "address": f"module.m.{inner[1]['address']}", "module_address": "module.m"}
    ]
    call = {"module": {"resources": [inner[2]]}, "expressions": {"groups": {"references": given}}}
    root = {"resources": [config for _, _, config in made], "module_calls": {"m": call}}
    by_output = {"references": ["module.n.groups", "module.n"]}
    outputs = {"outputs": {"groups": {"expression": {"references": given}}}, "resources": [each for _, _, each in made]}
    outer = {
        "resources": [{**inner[2], "expressions": {"vpc_security_group_ids": by_output}}],
        "module_calls": {"n": {"module": outputs}},
    }
    moved = [
        {**change, "address": f"module.n.{change['address']}", "module_address": "module.n"} for _, change, _ in made
    ]
    for name, configuration, resources, where in (
        ("down", root, changes, ""), ("up", outer, [*moved, inner[1]], "module.n."),
    ):  # fmt: skip
        plan = {"format_version": "1.2", "terraform_version": "1.11.4", "resource_changes": resources,
                "configuration": {"root_module": configuration}}  # fmt: skip
        (tmp_path / f"{name}.json").write_text(json.dumps(plan))
        found = terraform.read(tmp_path / f"{name}.json", CodeOptions(region="ap-northeast-2")).resources
        (kept,) = [each for each in found if each.type == "AWS::RDS::DBInstance"]
        assert kept.properties.get("VPCSecurityGroups") == (groups and [where + each for each in groups]), name
        assert ("VPCSecurityGroups" in kept.unknown) == (groups is None), name


def test_what_is_sensitive_is_taken_over_nowhere(tmp_path):
    for marks in (True, {"identifier": True}):
        database = planned(tmp_path, GROUPS[:2], sensitive=marks)
        assert "sensitive" in database.unknown["DBInstanceIdentifier"].message
        assert "DBInstanceIdentifier" not in database.properties


@pytest.mark.parametrize(
    ("bucket", "verdict"),
    [
        (["aws_s3_bucket.one.id", "aws_s3_bucket.one"], {"one": "said", "two": "default"}),
        (["var.made", "aws_s3_bucket.one.id", "aws_s3_bucket.one"], {"one": "said", "two": "default"}),
        (["aws_s3_bucket.one.id", "aws_s3_bucket.one", "aws_s3_bucket.two.id", "aws_s3_bucket.two"],
         {"one": "unknown", "two": "unknown"}),
    ],
)  # fmt: skip
def test_a_part_of_which_nobody_knows_whose_it_is_leaves_a_doubt(tmp_path, bucket, verdict):
    made = [resource("aws_s3_bucket", name, {}, {"id": True, "bucket": True}, {}) for name in ("one", "two")]
    block = {"block_public_acls": True, "ignore_public_acls": True, "block_public_policy": True}
    made.append(
        resource("aws_s3_bucket_public_access_block", "b", block, {"bucket": True}, {"bucket": {"references": bucket}})
    )
    found = {each.address.rpartition(".")[2]: each for each in inventory(tmp_path, made).resources}
    for name, expected in verdict.items():
        row, made = "PublicAccessBlockConfiguration", found[name]
        said = made.properties.get(row, {}).get("BlockPublicAcls") is True
        assert ("unknown" if row in made.unknown else "said" if said else "default") == expected, name
