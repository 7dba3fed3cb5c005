"""Terraform that somebody wrote against us: refused or read within bounds, never obeyed."""

from __future__ import annotations

import json
import os

import pytest

from auditor.sources import code_options
from auditor.sources.code_options import BadCode, CodeOptions
from auditor.sources.references import texts_of
from auditor.sources.terraform import plan, read
from tests.work import watchdog

VPC = 'resource "aws_vpc" "v" {\n  cidr_block = "10.0.0.0/16"\n}\n'


def tree(folder, **files):
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_tf", ".tf")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def told(inventory):
    return [text for each in inventory.resources for text in texts_of(each.properties)]


def test_broken_code_is_refused_with_file_and_line(tmp_path):
    with pytest.raises(BadCode, match=r"main\.tf:2"):
        read(tree(tmp_path, main_tf='resource "aws_vpc" "v" {\n  cidr_block = \n}\n'), CodeOptions())


@pytest.mark.parametrize("files", [{}, {"README": "nothing"}], ids=["empty", "other"])
def test_nothing_to_judge_is_refused(tmp_path, files):
    with pytest.raises(BadCode, match="nothing to check"):
        read(tree(tmp_path, **files), CodeOptions())


def test_code_that_makes_nothing_is_read(tmp_path):
    found = read(tree(tmp_path, main_tf="# only words\n"), CodeOptions())
    assert (found.resources, found.gaps) == ([], [])


def test_what_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadCode, match="does not exist"):
        read(tmp_path / "nowhere", CodeOptions())


def test_a_huge_file_is_refused_unread(tmp_path, monkeypatch):
    monkeypatch.setattr("auditor.sources.terraform.tree.MOST_BYTES", 1000)
    monkeypatch.setattr("auditor.sources.terraform.plan.MOST_BYTES", 1000)
    (tmp_path / "plan.json").write_text('{"format_version": "1.2", "x": "' + "x" * 2000 + '"}')
    with pytest.raises(BadCode, match="larger than"):
        plan.load(tmp_path / "plan.json")
    with pytest.raises(BadCode, match=r"main\.tf:1: larger than"):
        read(tree(tmp_path, main_tf="#" * 2000 + "\n" + VPC), CodeOptions())


@pytest.mark.parametrize(
    "text", ["x = " + "[" * 100_000, 'locals {\n x = "' + "${" * 50_000 + '"\n}'], ids=["lists", "templates"]
)
def test_deep_nesting_is_refused_before_the_evaluator_sees_it(tmp_path, text, monkeypatch):
    asked = []
    monkeypatch.setattr("auditor.sources.terraform.hcl.evaluate", lambda *words: asked.append(words))
    with pytest.raises(BadCode, match=r"main\.tf:\d+: nested deeper"), watchdog():
        read(tree(tmp_path, main_tf=text), CodeOptions())
    assert not asked


def test_deep_json_is_refused(tmp_path):
    (tmp_path / "plan.json").write_text(
        '{"format_version":"1.2","terraform_version":"1.1.0","planned_values":' + "[" * 50_000 + "]" * 50_000 + "}"
    )
    with pytest.raises(BadCode, match="nested deeper"):
        read(tmp_path / "plan.json", CodeOptions())


def test_a_link_out_of_the_tree_is_refused(tmp_path):
    (tmp_path / "secret.tf").write_text(VPC)
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "main.tf").symlink_to(tmp_path / "secret.tf")
    with pytest.raises(BadCode, match=r"main\.tf:1: a symbolic link that points outside"):
        read(tmp_path / "code", CodeOptions())


@pytest.mark.parametrize(
    "call",
    [
        'file("{secret}")',
        'file("../secret.txt")',
        'file("${{path.module}}/../secret.txt")',
        'file("${{path.cwd}}/../secret.txt")',
        "file(var.path)",
        'file /* word */ ("{secret}")',
        'file(join("", ["{secret}"]))',
        'filebase64("{secret}")',
        'templatefile("{secret}", {{}})',
        'templatefile("${{path.module}}/inside.tpl", {{}})',
        'file("~/secret.txt")',
        'file("link.txt")',
    ],
)
def test_files_outside_are_never_read(tmp_path, call):
    secret = tmp_path / "secret.txt"
    secret.write_text("hush-hush")
    code = tmp_path / "code"
    tree(
        code,
        main_tf=f'variable "path" {{\n  default = "{secret}"\n}}\nresource "aws_cloudwatch_log_group" "g" {{\n  name = {call.format(secret=secret)}\n}}\n',
    )
    (code / "inside.tpl").write_text(f'${{file("{secret}")}}')
    (code / "link.txt").symlink_to(secret)
    inventory = read(code, CodeOptions())
    assert not any("hush" in text for text in told(inventory))
    (group,) = inventory.resources
    assert call.format(secret=secret).split("(")[0].split()[0] in group.unknown["LogGroupName"].message
    assert group.place("LogGroupName") == "main.tf:5"
    assert not inventory.gaps  # nothing else hangs on it


def test_files_inside_are_read(tmp_path):
    code = tree(
        tmp_path,
        main_tf='resource "aws_cloudwatch_log_group" "g" {\n  name = trimspace(file("${path.module}/name.txt"))\n}\n',
    )
    (code / "name.txt").write_text("/our/group\n")
    (group,) = read(code, CodeOptions()).resources
    assert group.properties["LogGroupName"] == "/our/group"


@pytest.mark.parametrize("source", ["../other", "./m/../../other", "{outside}", "..\\u002fother"])
def test_modules_outside_are_a_gap(tmp_path, source):
    tree(tmp_path / "other", main_tf=VPC)
    code = tree(
        tmp_path / "code",
        main_tf=VPC + f'module "o" {{\n  source = "{source.format(outside=tmp_path / "other")}"\n}}\n',
    )
    inventory = read(code, CodeOptions())
    assert [each.id for each in inventory.resources] == ["aws_vpc.v"]
    assert any("module o" in gap.message and "main.tf:5" in gap.message for gap in inventory.gaps)


@pytest.mark.parametrize(
    "text", ['{"source": "../other"}', '{"source": "./m", "source": "../other"}', '[{"source": "..\\u002fother"}]']
)
def test_modules_outside_are_a_gap_in_json_too(tmp_path, text):
    tree(tmp_path / "other", main_tf=VPC)
    code = tree(tmp_path / "code", main_tf=VPC)
    (code / "more.tf.json").write_text(f'{{"module": {{"o": {text}}}}}')
    inventory = read(code, CodeOptions())
    assert [each.id for each in inventory.resources] == ["aws_vpc.v"]
    assert any("more.tf.json" in gap.message for gap in inventory.gaps)


def test_remote_modules_are_a_gap_and_not_fetched(tmp_path, monkeypatch):
    code = tree(
        tmp_path, main_tf=VPC + 'module "far" {\n  source = "terraform-aws-modules/vpc/aws"\n  version = "5.0.0"\n}\n'
    )
    inventory = read(code, CodeOptions())
    (gap,) = inventory.gaps
    assert "terraform-aws-modules/vpc/aws" in gap.message
    assert "AWS::EC2::Subnet" in gap.types


def test_an_unknown_number_is_a_choice(tmp_path):
    code = tree(
        tmp_path,
        main_tf='data "aws_ip_ranges" "z" {}\n'
        + VPC
        + 'resource "aws_subnet" "s" {\n  for_each   = toset(data.aws_ip_ranges.z.cidr_blocks)\n  vpc_id     = aws_vpc.v.id\n  cidr_block = "10.0.0.0/24"\n}\n',
    )
    found = read(code, CodeOptions())
    (choice,) = found.choices
    assert "aws_ip_ranges" in choice.text
    assert [each.type for each in found.resources] == ["AWS::EC2::Subnet", "AWS::EC2::VPC"]
    other = read(code, CodeOptions(world={choice.key: False}))
    assert [each.type for each in other.resources] == ["AWS::EC2::VPC"]


def test_endless_counts_are_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr("auditor.sources.terraform.evaluate.SECONDS", 5)
    code = tree(
        tmp_path, main_tf='resource "aws_vpc" "v" {\n  count      = 2000000000\n  cidr_block = "10.0.0.0/16"\n}\n'
    )
    with pytest.raises(BadCode, match=r"takes longer|more memory"):
        read(code, CodeOptions())


def test_control_characters_stay_data(tmp_path):
    name = "a\x1b[31mred\x00\u202e<script>"
    change = {"actions": ["create"], "before": None, "after": {"name": name}, "after_unknown": {}}
    made = {
        "address": "aws_cloudwatch_log_group.g",
        "mode": "managed",
        "type": "aws_cloudwatch_log_group",
        "name": "g",
        "change": change,
    }
    (tmp_path / "plan.json").write_text(
        json.dumps({"format_version": "1.2", "terraform_version": "1.11.4", "resource_changes": [made]})
    )
    (group,) = read(tmp_path / "plan.json", CodeOptions()).resources
    assert group.properties["LogGroupName"] == name


def test_no_credentials_reach_the_evaluator(tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hush-hush")
    monkeypatch.setenv("TF_VAR_name", "from-outside")
    code = tree(
        tmp_path, main_tf='variable "name" {}\nresource "aws_cloudwatch_log_group" "g" {\n  name = var.name\n}\n'
    )
    (group,) = read(code, CodeOptions()).resources
    assert "LogGroupName" in group.unknown


def test_bounds_are_those_of_the_house():
    assert code_options.MOST_BYTES == 20 * 1024 * 1024


def test_what_is_no_file_is_told(tmp_path):
    (tmp_path / "main.tf").write_text('resource "aws_vpc" "v" {\n  cidr_block = "10.0.0.0/16"\n}\n')
    (tmp_path / "gone.tf").symlink_to(tmp_path / "nowhere.tf")
    os.mkfifo(tmp_path / "pipe.tf")
    told = {gap.message.partition(":")[0] for gap in read(tmp_path, CodeOptions()).gaps}
    assert told == {"gone.tf", "pipe.tf"}
