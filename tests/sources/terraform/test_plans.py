"""Plans and states in every form that Terraform writes: what they say is read, what they do not say is unknown or named."""

from __future__ import annotations

import json

import pytest

from auditor.sources.code_options import BadCode, CodeOptions, NoCode
from auditor.sources.terraform import read
from auditor.sources.terraform.plan import drifted

GROUP = {"name": "/our/group", "retention_in_days": 14}


def change(actions=("create",), after=GROUP, name="g", **more):
    extra = {key: more.pop(key) for key in ("previous_address", "action_reason", "deposed") if key in more}
    body = {"actions": list(actions), "before": None, "after": after, "after_unknown": {}, **more}
    kind = "aws_cloudwatch_log_group"
    return {"address": f"{kind}.{name}", "mode": "managed", "type": kind, "name": name, "change": body, **extra}


def plan(*changes, version="1.2", **more):
    return {
        "format_version": version,
        "terraform_version": "1.11.4",
        "planned_values": {},
        "resource_changes": list(changes),
        **more,
    }


def made(folder, value, name="plan.json"):
    (folder / name).write_text(json.dumps(value))
    found = read(folder / name, CodeOptions(region="ap-northeast-2"))
    return {each.address: each for each in found.resources}, [gap.message for gap in found.gaps]


@pytest.mark.parametrize("version", ["0.1", "0.2", "1.0", "1.1", "1.2", "1.9"])
def test_every_format_of_one_shape_is_read(tmp_path, version):
    found, gaps = made(tmp_path, plan(change(), version=version))
    assert found["aws_cloudwatch_log_group.g"].properties["RetentionInDays"] == 14
    assert gaps == []


def test_a_format_of_another_shape_is_refused(tmp_path):
    with pytest.raises(BadCode, match=r"plan\.json:1: format 2\.0 is newer"):
        made(tmp_path, plan(change(), version="2.0"))


@pytest.mark.parametrize(
    ("given", "was"),
    [
        (change(), ""),
        (change(["update"]), ""),
        (change(["no-op"], previous_address="aws_cloudwatch_log_group.old"), "aws_cloudwatch_log_group.old"),
        (change(["delete", "create"], action_reason="replace_because_cannot_update", replace_paths=[["name"]]), ""),
        (change(["create", "delete"]), ""),
        (change(["create", "forget"]), ""),
    ],
    ids=["create", "update", "moved", "replace", "replace-first", "replace-and-forget"],
)
def test_what_will_be_there_is_read(tmp_path, given, was):
    found, gaps = made(tmp_path, plan(given))
    (group,) = found.values()
    assert (group.properties["LogGroupName"], group.was, gaps) == ("/our/group", was, [])


@pytest.mark.parametrize("actions", [["delete"], ["forget"]])
def test_what_goes_away_is_no_part(tmp_path, actions):
    found, gaps = made(tmp_path, plan(change(actions, after=None), change(name="stays")))
    assert (set(found), gaps) == ({"aws_cloudwatch_log_group.stays"}, [])


def test_a_plan_that_only_takes_away_leaves_nothing_to_judge(tmp_path):
    with pytest.raises(NoCode, match="nothing to check"):
        made(tmp_path, plan(change(["delete"], after=None)))


@pytest.mark.parametrize(
    ("more", "unknown", "properties"),
    [
        ({"after_unknown": {"retention_in_days": True}, "after": {"name": "/our/group"}}, {"RetentionInDays"}, {"LogGroupName"}),
        ({"after_unknown": {"name": True, "retention_in_days": True}, "after": {}}, {"LogGroupName", "RetentionInDays"}, set()),
        ({"after_sensitive": {"retention_in_days": True}}, {"RetentionInDays"}, {"LogGroupName"}),
        ({"after_sensitive": True}, {"LogGroupName", "RetentionInDays"}, set()),
        ({"after_unknown": False, "after_sensitive": False}, set(), {"LogGroupName", "RetentionInDays"}),
    ],
    ids=["unknown", "all-unknown", "sensitive", "all-sensitive", "neither"],
)  # fmt: skip
def test_unknown_and_sensitive_values_are_unknown(tmp_path, more, unknown, properties):
    said = {"name": {"references": ["var.x"]}, "retention_in_days": {"references": ["var.y"]}}
    config = {"root_module": {"resources": [{**change(), "expressions": said}]}}
    found, _ = made(tmp_path, plan(change(**more), configuration=config))
    group, names = found["aws_cloudwatch_log_group.g"], {"LogGroupName", "RetentionInDays"}
    assert names & set(group.unknown) == unknown
    assert names & set(group.properties) == properties
    assert "sensitive" not in more or "/our/group" not in json.dumps([group.id, group.properties, group.names])


def test_a_part_that_is_unknown_hides_itself_only(tmp_path):
    after = {"function_name": "f", "vpc_config": [{"subnet_ids": ["subnet-1"]}]}
    hidden = {"vpc_config": [{"security_group_ids": True}]}
    said = {
        "vpc_config": [
            {"security_group_ids": {"references": ["var.groups"]}, "subnet_ids": {"constant_value": ["subnet-1"]}}
        ]
    }
    given = {
        **change(after=after, after_unknown=hidden),
        "address": "aws_lambda_function.f",
        "type": "aws_lambda_function",
        "name": "f",
    }
    found, _ = made(
        tmp_path, plan(given, configuration={"root_module": {"resources": [{**given, "expressions": said}]}})
    )
    function = found["aws_lambda_function.f"]
    assert function.properties["VpcConfig"]["SubnetIds"] == ["subnet-1"]
    assert "VpcConfig.SecurityGroupIds" in function.unknown


# ---- what a plan leaves out


@pytest.mark.parametrize(
    ("more", "told", "types"),
    [
        ({"deferred_changes": [{"reason": "instance_count_unknown", "resource_change": change(name="later")}]},
         "aws_cloudwatch_log_group.later: Terraform defers it (instance_count_unknown)", 1),
        ({"complete": False}, "the plan is not complete", 0),
        ({"errored": True}, "the plan ended with an error", 0),
    ],
)  # fmt: skip
def test_what_is_planned_later_or_not_whole_is_a_gap(tmp_path, more, told, types):
    (tmp_path / "plan.json").write_text(json.dumps(plan(change(), **more)))
    (gap,) = read(tmp_path / "plan.json", CodeOptions()).gaps
    assert told in gap.message
    assert ("AWS::Logs::LogGroup" in gap.types, len(gap.types) == 1) == (True, bool(types))
    assert made(tmp_path, plan(change(), complete=True, errored=False))[1] == []


@pytest.mark.parametrize("body", [{"actions": ["create"], "after": None}, {"actions": ["update"]}, None])
def test_a_resource_without_values_is_a_gap_and_has_no_defaults(tmp_path, body):
    empty = {**change(name="empty"), "change": body}
    found, gaps = made(tmp_path, plan(change(), empty))
    assert set(found) == {"aws_cloudwatch_log_group.g"}
    assert ["aws_cloudwatch_log_group.empty: the plan has no values for it" in each for each in gaps] == [True]


def test_planned_values_alone_leave_open_what_the_code_says_elsewhere(tmp_path):
    one = {"address": "aws_cloudwatch_log_group.g", "mode": "managed", "type": "aws_cloudwatch_log_group", "name": "g"}
    said = {"name": {"constant_value": "/our/group"}, "retention_in_days": {"references": ["var.days"]}}
    value = {
        "format_version": "0.1", "terraform_version": "0.12.29",
        "planned_values": {"root_module": {"resources": [{**one, "values": {"name": "/our/group"}}]}},
        "configuration": {"root_module": {"resources": [{**one, "expressions": said}]}},
    }  # fmt: skip
    found, _ = made(tmp_path, value)
    group = found["aws_cloudwatch_log_group.g"]
    assert (group.properties["LogGroupName"], "RetentionInDays" in group.unknown) == ("/our/group", True)


# ---- states


def shown(**more):
    one = {"address": "module.m[\"a\"].aws_cloudwatch_log_group.g", "mode": "managed", "type": "aws_cloudwatch_log_group",
           "name": "g", "values": GROUP, **more}  # fmt: skip
    data = {"address": "data.aws_region.r", "mode": "data", "type": "aws_region", "name": "r"}  # without values
    child = {
        "address": 'module.m["a"]',
        "resources": [one, {**one, "deposed_key": "00000001", "values": {"name": "old"}}],
    }
    return {"format_version": "1.0", "terraform_version": "1.11.4",
            "values": {"root_module": {"resources": [data], "child_modules": [child]}}}  # fmt: skip


def state(**more):
    instances = [{"index_key": 0, "attributes": GROUP, **more}, {"deposed": "00000001", "attributes": {"name": "old"}}]
    one = {
        "mode": "managed",
        "type": "aws_cloudwatch_log_group",
        "name": "g",
        "instances": instances,
        "module": "module.m",
    }
    data = {"mode": "data", "type": "aws_region", "name": "r", "instances": [{"attributes": {}}]}
    return {"version": 4, "terraform_version": "1.11.4", "serial": 3, "lineage": "x", "resources": [one, data]}


@pytest.mark.parametrize(
    ("value", "address"),
    [(shown(), 'module.m["a"].aws_cloudwatch_log_group.g'), (state(), "module.m.aws_cloudwatch_log_group.g[0]")],
    ids=["shown", "file"],
)
def test_states_are_read_without_what_a_replacement_left(tmp_path, value, address):
    found, gaps = made(tmp_path, value, "x.tfstate" if "version" in value else "state.json")
    assert (set(found), gaps) == ({address}, [])
    assert found[address].properties["RetentionInDays"] == 14


@pytest.mark.parametrize(
    "value",
    [
        shown(sensitive_values={"retention_in_days": True}),
        state(sensitive_attributes=[[{"type": "get_attr", "value": "retention_in_days"}]]),
    ],
    ids=["shown", "file"],
)
def test_states_keep_what_they_mark_as_sensitive(tmp_path, value):
    (group,) = made(tmp_path, value, "x.tfstate" if "version" in value else "state.json")[0].values()
    assert "sensitive" in group.unknown["RetentionInDays"].message
    assert "RetentionInDays" not in group.properties


def test_an_old_state_is_refused(tmp_path):
    with pytest.raises(BadCode, match="reads version 4"):
        made(tmp_path, {"version": 3, "terraform_version": "0.11.1", "serial": 1, "modules": []}, "x.tfstate")


# ---- drift


def test_drift_is_told_by_names_and_without_noise():
    def one(name, before, after, actions=("update",)):
        return {**change(actions, after, name), "change": {"actions": list(actions), "before": before, "after": after}}

    drift = [
        one("noise", {"layers": None, "tags": {}}, {"layers": [], "tags": None}),
        one("open", {"ingress": [], "password": "hush"}, {"ingress": [{"from_port": 22}], "password": "hush-hush"}),
        one("gone", GROUP, None, ["delete"]),
    ]
    told = drifted(plan(change(), resource_drift=drift))
    assert told == [
        {"address": "aws_cloudwatch_log_group.gone", "gone": True, "properties": []},
        {"address": "aws_cloudwatch_log_group.open", "gone": False, "properties": ["ingress", "password"]},
    ]
    assert drifted(plan(change())) == []
