"""A policy is held back by what it reads and by nothing else, alike in code, in an account and in a saved inventory."""

from __future__ import annotations

import json

import pytest

from auditor import pipeline
from auditor.checks.checkov import judge_with_checkov
from auditor.checks.checkov.sight import looked_at
from auditor.graph.build import build
from auditor.resources import load
from auditor.sources.code import read_code
from auditor.sources.code_options import CodeOptions
from tests.checkov.programs import needs_checkov

MACHINE = """\
variable "secret" {
  type = bool
}
resource "aws_instance" "plain" {
  ami = "ami-1"
  root_block_device {
    volume_size = 8
  }
}
resource "aws_instance" "sealed" {
  ami = "ami-1"
  root_block_device {
    encrypted = true
  }
}
resource "aws_instance" "unsaid" {
  ami = "ami-1"
  root_block_device {
    encrypted = var.secret
  }
}
"""


def told(judged):
    return {(each.check.removeprefix("checkov/"), each.resource.name or each.resource.id) for each in judged.findings}


@pytest.mark.contract
def test_a_disk_whose_snapshot_is_unsaid_is_judged_by_its_encryption(tmp_path):
    needs_checkov()
    (tmp_path / "main.tf").write_text(MACHINE)
    graph = build(read_code(tmp_path, CodeOptions(region="eu-west-1")), load())
    plain = next(each for each in graph.of_type("AWS::EC2::Instance") if each.address.endswith("plain"))
    assert "BlockDeviceMappings[0].Ebs.SnapshotId" in plain.unknown  # the image may say it
    judged = judge_with_checkov(graph)
    found = {name for check, name in told(judged) if check == "CKV_AWS_8"}
    assert found == {"aws_instance.plain"}
    assert judged.unjudged["CKV_AWS_8"] == 1  # whether the third is encrypted, only a plan can say
    assert judged.told()["checkov"]["unjudged"]["CKV_AWS_8"] == 1
    assert sum(judged.unjudged.values()) == judged.counts["not-judged"]


@pytest.mark.contract
def test_an_account_and_its_saved_inventory_are_judged_alike(copy_of_cuggu, pointed, tmp_path):
    needs_checkov()
    pointed(copy_of_cuggu.box)
    wish = pipeline.Wish(rules=("database-encrypted",), regions=("ap-northeast-2",), checkov=True)
    live = pipeline.check(wish)
    pipeline.scan(wish, tmp_path / "saved.jsonl")
    saved = pipeline.check(pipeline.Wish(rules=wish.rules, sources=(tmp_path / "saved.jsonl",), checkov=True))
    ids = [{each.id for each in outcome.findings if each.check.startswith("checkov/")} for outcome in (live, saved)]
    assert ids[0] == ids[1]
    assert ids[0]
    unjudged = [outcome.record["scan"]["checkov"]["unjudged"] for outcome in (live, saved)]
    assert unjudged[0] == unjudged[1]
    assert "CKV_AWS_144" in unjudged[0]  # replication is not described


@pytest.mark.contract
def test_a_real_plan_hides_only_what_it_does_not_know(tmp_path):
    """A disk's id is never known before it is there; whether it is encrypted is."""
    needs_checkov()
    disks = {"root_block_device": [{"encrypted": False, "volume_size": 8}], "ami": "ami-1"}
    hidden = {"root_block_device": [{"volume_id": True}], "id": True}
    known = machine("known", disks, hidden)
    unknown = machine("unknown", disks, {"root_block_device": [{"encrypted": True}]})
    plan = {"format_version": "1.2", "terraform_version": "1.11.4", "resource_changes": [known, unknown],
            "planned_values": {"root_module": {"resources": [held(each) for each in (known, unknown)]}}}  # fmt: skip
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    graph = build(read_code(tmp_path / "plan.json", CodeOptions(region="eu-west-1")), load())
    judged = judge_with_checkov(graph, tmp_path / "plan.json")
    found = {each.resource.address for each in judged.findings if each.check == "checkov/CKV_AWS_8"}
    assert found == {"aws_instance.known"}


def machine(name, after, hidden):
    change = {"actions": ["create"], "before": None, "after": after, "after_unknown": hidden, "after_sensitive": {}}
    return {"address": f"aws_instance.{name}", "mode": "managed", "type": "aws_instance", "name": name, "change": change,
            "provider_name": "registry.terraform.io/hashicorp/aws"}  # fmt: skip


def held(made):
    return {**{key: made[key] for key in ("address", "mode", "type", "name", "provider_name")}, "schema_version": 1,
            "values": made["change"]["after"]}  # fmt: skip


@pytest.mark.parametrize(
    ("looks", "whole"),
    [
        (["disk", "disk.encrypted"], {"disk.encrypted"}),
        (["disk"], {"disk"}),
        (["disk", "disks.encrypted"], {"disk", "disks.encrypted"}),
        (["a", "a.b", "a.b.c"], {"a.b.c"}),
    ],
)
def test_a_block_is_asked_for_whole_only_where_nothing_in_it_is_named(looks, whole):
    assert {each for each, inside in looked_at(looks) if inside} == whole


def test_what_is_not_judged_is_told_by_name():
    from auditor.report import words

    told = {"passed": 3, "broken": 0, "repeated": 0, "not-judged": 3, "unjudged": {"CKV_AWS_144": 2, "CKV2_AWS_11": 1}}
    said = words.beside(told)
    assert "3 not decided" in said
    assert said.endswith("CKV_AWS_144, CKV2_AWS_11")
    assert words.beside({**told, "not-judged": 0, "unjudged": {}}) == "checkov: 3 checks passed"
