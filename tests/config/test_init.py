"""A configuration for somebody who begins: what is found is set and says why, and all of it is read back."""

from __future__ import annotations

import json

import pytest
import yaml

from auditor.config.read import load
from auditor.config.schema import Config
from auditor.config.settings import SETTINGS
from auditor.config.written import SCHEMA, Said, written
from tests.test_structure import ROOT

KEYS = [row.alias or name for name, row in Config.model_fields.items()]
PROVIDER = 'provider "aws" {\n  region = "eu-west-1"\n}\nresource "aws_sqs_queue" "jobs" {}\n'


def begun(auditor, *words, code=0, **how):
    ran = auditor("init", *words, **how)
    assert ran.code == code, ran.err
    return ran


def shown(auditor):
    ran = auditor("config", "show", "--format", "json")
    assert ran.code == 0, ran.err
    return {each["key"]: (each["value"], each["origin"]) for each in json.loads(ran.out)}


# ---- the file


def test_of_an_empty_folder_every_key_is_told_and_none_is_set(auditor, tmp_path):
    begun(auditor)
    text = (tmp_path / "auditor.yaml").read_text(encoding="utf-8")
    assert text.splitlines()[0] == f"# yaml-language-server: $schema=./{SCHEMA}"
    assert yaml.safe_load(text) is None
    assert [line[1:].partition(":")[0] for line in text.splitlines() if line[:1] == "#" and line[1:2] != " "] == KEYS
    assert "No Terraform and no template" in text
    assert {origin for _, origin in shown(auditor).values()} == {"default"}
    schema = (ROOT / "schemas" / "config.schema.json").read_text(encoding="utf-8")
    assert (tmp_path / SCHEMA).read_text(encoding="utf-8") == schema


@pytest.mark.parametrize("key", KEYS)
def test_a_key_is_set_by_taking_one_sign_away(auditor, tmp_path, key):
    """As what it is by itself, where there is such a thing."""
    file = tmp_path / "auditor.yaml"
    lines = written([], {}, "~/runs").splitlines()
    (at,) = [number for number, line in enumerate(lines) if line.startswith(f"#{key}:")]
    assert lines[at - 1].startswith("# ")
    lines[at] = lines[at][1:]
    file.write_text("\n".join(lines), encoding="utf-8")
    told = load(file)
    assert set(told.values) == {each.key for each in SETTINGS if each.key.partition(".")[0] == key}
    assert set(told.places.values()) == {f"{file.name}:{at + 1}"} or str(at + 1) in next(iter(told.places.values()))


@pytest.mark.parametrize("value", ["plain", "on", "5", "a: b", "# c", "{x}", "é", "two words", "", "-", "it's", 'q"q'])
def test_whatever_was_found_is_read_again_as_it_was(value):
    text = written([value], {"scope": Said((value,), (value,)), "bind": Said({value: value})}, value)
    assert yaml.safe_load(text) == {"scope": [value], "bind": {value: value}}


def test_a_file_that_is_there_stays(auditor, tmp_path):
    file = tmp_path / "auditor.yaml"
    file.write_text("fail_on: high  # ours\n", encoding="utf-8")
    ran = begun(auditor, code=2)
    assert "auditor.yaml is there already" in ran.err
    assert "--force" in ran.err
    assert file.read_text(encoding="utf-8") == "fail_on: high  # ours\n"
    assert begun(auditor, "--print").out.startswith("# yaml-language-server")
    assert file.read_text(encoding="utf-8") == "fail_on: high  # ours\n"
    assert not (tmp_path / SCHEMA).exists()
    begun(auditor, "--force")
    assert "#fail_on: medium" in file.read_text(encoding="utf-8").splitlines()


def test_a_file_that_is_wrong_is_overwritten_with_force(auditor, tmp_path):
    (tmp_path / "auditor.yaml").write_text("nonsense: [\n", encoding="utf-8")
    begun(auditor, "--force")
    load(tmp_path / "auditor.yaml")


def test_no_second_file_is_put_beside_a_project_s_table(auditor, tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.auditor]\nfail_on = 'high'\n", encoding="utf-8")
    assert "pyproject.toml has [tool.auditor]" in begun(auditor, "--force", code=2).err
    assert not (tmp_path / "auditor.yaml").exists()


def test_a_file_that_cannot_be_written_is_named_with_its_cure(auditor, tmp_path, monkeypatch):
    def full(path, text):
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr("auditor.settings.replace_text", full)
    ran = begun(auditor, code=2)
    assert "auditor.yaml: No space left on device; " in ran.err
    assert "--print" in ran.err


# ---- the folder


def test_of_a_folder_its_roots_and_regions_are_told(auditor, tmp_path):
    for name in ("dev", "prod"):
        (tmp_path / "infra" / name).mkdir(parents=True)
        (tmp_path / "infra" / name / "main.tf").write_text(PROVIDER, encoding="utf-8")
    (tmp_path / "waivers.yaml").write_text("waivers: []\n", encoding="utf-8")
    begun(auditor)
    lines = (tmp_path / "auditor.yaml").read_text(encoding="utf-8").splitlines()
    assert "infra/dev (Terraform), infra/prod (Terraform)" in "\n".join(lines)
    rows = shown(auditor)
    at = lines.index("regions: [eu-west-1]")
    assert rows["regions"] == (["eu-west-1"], f"auditor.yaml:{at + 1}")
    assert lines[at - 1] == "# eu-west-1: the code here is for it."
    assert rows["waivers"] == (
        str(tmp_path / "waivers.yaml"),
        f"auditor.yaml:{lines.index('waivers: waivers.yaml') + 1}",
    )


def test_code_that_cannot_be_read_is_told_and_the_rest_goes_on(auditor, tmp_path):
    (tmp_path / "main.tf").write_text('resource "aws_sqs_queue" "a" {', encoding="utf-8")
    ran = begun(auditor)
    assert "main.tf" in ran.err
    load(tmp_path / "auditor.yaml")


def test_a_name_of_a_folder_sets_nothing(auditor, tmp_path):
    strange = tmp_path / "a\nfail_on: low\x1b[2J"
    strange.mkdir()
    (strange / "main.tf").write_text(PROVIDER, encoding="utf-8")
    begun(auditor)
    assert yaml.safe_load((tmp_path / "auditor.yaml").read_text(encoding="utf-8")) == {"regions": ["eu-west-1"]}


def test_without_credentials_the_folder_is_all(auditor, tmp_path):
    (tmp_path / "main.tf").write_text(PROVIDER, encoding="utf-8")
    ran = begun(auditor, "--account")
    assert "no AWS credentials" in ran.err
    assert "aws configure" in ran.err
    assert "# Not seen: the account was not looked at" in (tmp_path / "auditor.yaml").read_text(encoding="utf-8")
    assert shown(auditor)["regions"][0] == ["eu-west-1"]


# ---- the account


@pytest.mark.e2e
def test_of_an_account_the_document_whose_names_are_there_is_chosen(auditor, cuggu, tmp_path):
    begun(auditor, "--account", box=cuggu.box)
    text = (tmp_path / "auditor.yaml").read_text(encoding="utf-8")
    assert yaml.safe_load(text) == {"regions": ["ap-northeast-2"], "baselines": ["cuggu"]}
    assert "# The account: 123456789012, as arn:aws:" in text
    assert "cuggu.com" in text
    assert "# Enabled in the account: " in text
    assert "Not looked for, because its document names nothing of its own: couple" in text
    at = text.splitlines().index("baselines: [cuggu]") + 1
    assert shown(auditor)["baselines"] == (["cuggu"], f"auditor.yaml:{at}")


@pytest.mark.e2e
def test_two_environments_of_one_document_are_both_chosen(auditor, dualtetrax, tmp_path):
    begun(auditor, "--account", box=dualtetrax.box)
    assert shown(auditor)["baselines"][0] == ["dualtetrax", "dualtetrax:prod"]
    assert shown(auditor)["regions"][0] == ["us-east-1"]


@pytest.mark.e2e
def test_of_an_account_with_nothing_in_it_only_the_region_is_known(auditor, empty_account, tmp_path):
    begun(auditor, "--account", box=empty_account)
    rows = yaml.safe_load((tmp_path / "auditor.yaml").read_text(encoding="utf-8"))
    assert set(rows) == {"regions"}


@pytest.mark.e2e
def test_what_is_denied_is_told_with_its_cure(auditor, copy_of_cuggu, tmp_path):
    copy_of_cuggu.box.deny("ec2:DescribeRegions")
    copy_of_cuggu.box.deny("route53:ListHostedZones")
    ran = begun(auditor, "--account", box=copy_of_cuggu.box)
    assert "allow ec2:DescribeRegions" in ran.err
    assert "route53:ListHostedZones" in ran.err
    text = (tmp_path / "auditor.yaml").read_text(encoding="utf-8")
    assert "# Not seen: which regions are enabled is not known" in text
    load(tmp_path / "auditor.yaml")


@pytest.mark.e2e
def test_of_an_identity_that_may_not_be_asked_the_folder_is_all(auditor, copy_of_cuggu, tmp_path):
    copy_of_cuggu.box.deny(("sts", "GetCallerIdentity"))
    assert "sts:GetCallerIdentity" in begun(auditor, "--account", box=copy_of_cuggu.box).err
    load(tmp_path / "auditor.yaml")
