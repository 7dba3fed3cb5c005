"""The contracts can fail: a sound description with one fault planted is caught, in words that name the fault."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from auditor.model import Call, EdgeTo, Edit, Prop, ResourceType
from auditor.resources import load
from tests import contracts

GROUP = load()["AWS::Logs::LogGroup"]
ROLE = load()["AWS::IAM::Role"]
PUT = Call("put_retention_policy", {"logGroupName": "{name}", "retentionInDays": "{value}"})
GET = Call("get_role", {"RoleName": "{name}"})


def with_prop(name: str, **fields: Any) -> ResourceType:
    """The log group with one row changed, or added."""
    rows = [replace(row, **fields) if row.name == name else row for row in GROUP.props]
    return replace(GROUP, props=tuple(rows if GROUP.prop(name) else [*rows, Prop(name, **fields)]))


def with_put(**params: Any) -> ResourceType:
    return with_prop("RetentionInDays", set=replace(PUT, params={**PUT.params, **params}))


def with_edge(*fields: Any) -> ResourceType:
    return replace(GROUP, edges=(EdgeTo(*fields),))


def with_edit(**fields: Any) -> ResourceType:
    edit = Edit(**{"read": GET, "write": GET, "inside": "Role", **fields})
    return replace(ROLE, props=(Prop("MaxSessionDuration", call=replace(GET, out="Role"), live="Path", edit=edit),))


PLANTED = [
    (contracts.known_to_cloudformation, with_prop("Retention"), "no property"),
    (contracts.known_to_cloudformation, with_prop("KmsKeyId", ours="a whim"), "is not true"),
    (contracts.known_to_cloudformation, replace(GROUP, cfn="AWS::Logs::Book"), "make schema"),
    (contracts.known_to_cloudformation, replace(GROUP, ours="a whim"), "no longer true"),
    (contracts.sets_only_what_can_be_set, with_prop("Arn", set=PUT), "read-only"),
    (contracts.sets_only_what_can_be_set, with_prop("LogGroupName", set=PUT), "create-only"),
    (contracts.calls_exist, replace(GROUP, list=Call("list_books")), "no operation list_books"),
    (contracts.calls_exist, with_put(days=1), "no parameter days"),
    (contracts.calls_exist, with_prop("RetentionInDays", set=replace(PUT, params={})), "needs the parameter"),
    (contracts.calls_exist, with_put(retentionInDays="soon"), "takes a integer"),
    (contracts.calls_exist, with_put(logGroupName=["{name}"]), "not a list"),
    (contracts.placeholders_stand_for_something, with_put(logGroupName="{nom}"), "nothing stands for {nom}"),
    (contracts.placeholders_stand_for_something, replace(GROUP, arn="arn:{raw.x}"), "nothing stands for {raw.x}"),
    (
        contracts.placeholders_stand_for_something,
        replace(GROUP, list=replace(GROUP.list, params={"logGroupNamePrefix": "{value}"})),
        "setters only",
    ),
    (contracts.paths_start_in_the_answer, replace(GROUP, list=replace(GROUP.list, out="groups")), "`groups`"),
    (contracts.paths_start_in_the_answer, replace(GROUP, id="LogGroupName"), "`LogGroupName` is not in"),
    (contracts.paths_start_in_the_answer, replace(GROUP, aws_made="OwnedByAws"), "aws_made"),
    (contracts.paths_start_in_the_answer, with_prop("KmsKeyId", live="inheritedProperties.x"), "a list"),
    (contracts.paths_start_in_the_answer, with_prop("KmsKeyId", live="[arn, nowhere]"), "`nowhere`"),
    (contracts.paths_start_in_the_answer, with_prop("KmsKeyId", live="{nowhere}"), "nothing stands for"),
    (contracts.paths_start_in_the_answer, with_prop("KmsKeyId", live="arn"), "stands where Arn does"),
    (contracts.paths_start_in_the_answer, with_edit(inside="Rolle"), "`Rolle`"),
    (contracts.paths_start_in_the_answer, with_edit(read=replace(GET, out="Role")), "must stay away"),
    (contracts.edges_lead_somewhere, with_edge("likes", "KmsKeyId", ("AWS::KMS::Key",)), "no relation"),
    (contracts.edges_lead_somewhere, with_edge("watches", "Key", ("AWS::KMS::Key",)), "does not begin"),
    (contracts.edges_lead_somewhere, with_edge("watches", "KmsKeyId", ("AWS::KMS::Kee",)), "no such type"),
    (contracts.rows_say_each_property_once, replace(GROUP, props=(*GROUP.props, GROUP.props[0])), "described twice"),
    (contracts.setters_can_be_undone, with_prop("RetentionInDays", unset=None), "cannot restore"),
    (contracts.setters_can_be_undone, with_prop("RetentionInDays", set=None), "without `set`"),
    (
        contracts.setters_can_be_undone,
        with_prop("RetentionInDays", set=Call("delete_log_group"), unset=None, default=1),
        "switch",
    ),
    (contracts.setters_can_be_undone, with_prop("KmsKeyId", add=PUT), "one is missing"),
    (contracts.setters_can_be_undone, with_prop("KmsKeyId", add=PUT, remove=PUT), "which {element}"),
    (contracts.setters_can_be_undone, with_prop("KmsKeyId", same="json"), "needs `kind` or `write`"),
    (contracts.absence_is_decided, with_prop("RetentionInDays", absent=""), "what does it mean"),
    (contracts.absence_is_decided, with_prop("RetentionInDays", default=1), "not set, and the default"),
    (contracts.absence_is_decided, with_prop("RetentionInDays", required=("Days",)), "nowhere in"),
    (contracts.permissions_are_known, replace(GROUP, cfn="AWS::SNS::Topic"), "no action of that prefix"),
    (contracts.files_are_named_after_types, replace(GROUP, cfn="AWS::Logs::Group"), "belongs into"),
    (contracts.terraform_names_exist, replace(GROUP, terraform=("aws_log_book",)), "no type of the AWS provider"),
    (contracts.terraform_names_exist, with_prop("RetentionInDays", tf="retention"), "has no retention"),
    (
        contracts.terraform_names_exist,
        replace(ROLE, props=(Prop("Policies", tf="aws_iam_role_policy.words"),)),
        "has no aws_iam_role_policy.words",
    ),
]


@pytest.mark.contract
@pytest.mark.parametrize(
    ("contract", "described", "words"), PLANTED, ids=[f"{each[0].__name__}: {each[2]}" for each in PLANTED]
)
def test_planted_fault_is_found(contract: contracts.Contract, described: ResourceType, words: str) -> None:
    found = list(contract(described))
    assert any(words in each for each in found), f"wanted {words!r}, got {found}"


@pytest.mark.contract
def test_every_contract_is_bitten() -> None:
    assert {each[0] for each in PLANTED} == set(contracts.CONTRACTS)


@pytest.mark.contract
def test_an_unknown_acronym_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contracts, "api_name", lambda service, operation: operation.title().replace("_", ""))
    monkeypatch.setattr(
        contracts, "permission", lambda service, operation: f"{service}:{contracts.api_name(service, operation)}"
    )
    database = replace(load()["AWS::RDS::DBInstance"], props=())
    assert any("add its capitals" in each for each in contracts.permissions_are_known(database))
