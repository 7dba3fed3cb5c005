"""What runs every night: the templates are valid and clean by our own rules, and the script runs."""

from __future__ import annotations

import configparser
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib

import boto3
import pytest
import yaml

from auditor import pipeline
from auditor.cli import COMMANDS
from auditor.report.gauges import gauges
from auditor.sandbox.examples import example
from tests.command import run_here
from tests.deploy.templates import TEMPLATES, of_type, template, text
from tests.report import sample
from tests.test_structure import ROOT

NIGHTLY, SCRIPT = "deploy/nightly/nightly.yaml", ROOT / "deploy/nightly/night.sh"
SHA = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_is_valid(name):
    cfnlint = pytest.importorskip("cfnlint.api")
    assert not cfnlint.lint(text(name), regions=["ap-northeast-2", "us-east-1"])


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_passes_our_own_gate(name, tmp_path):
    given = [word for key, value in TEMPLATES[name].items() for word in ("--parameter", f"{key}={value}")]
    said = run_here(["gate", str(ROOT / name), "--account", "111122223333", *given, "--root", str(ROOT)], {}, tmp_path)
    assert (said.code, said.err) == (0, ""), said
    assert said.out.startswith("✓ No findings in the code.") or said.out.startswith("OK No findings in the code.")


def test_the_template_is_made_in_an_account_which_is_clean_then(empty_account, pointed):
    """As far as the simulator goes: it makes no schedule from a template, and forgets the access block of a bucket,
    which the gate above sees."""
    pointed(empty_account)
    made = text(NIGHTLY)
    start, end = made.index("  Night:\n"), made.index("  Told:\n")
    ec2, cfn = boto3.client("ec2"), boto3.client("cloudformation")
    network = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=network, CidrBlock="10.9.0.0/24")["Subnet"]["SubnetId"]
    parameters = {**TEMPLATES[NIGHTLY], "Vpc": network, "Subnets": subnet}
    cfn.create_stack(
        StackName="auditor",
        TemplateBody=made[:start] + made[end:],
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    (stack,) = cfn.describe_stacks(StackName="auditor")["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    found = pipeline.check(pipeline.Wish(regions=("ap-northeast-2",))).record["findings"]
    assert {each["check"] for each in found} == {"bucket-public-access-blocked"}


def test_the_task_adds_runs_and_can_take_none_away():
    roles = of_type(NIGHTLY, "AWS::IAM::Role")
    statements = roles["TaskRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
    actions = {
        action
        for each in statements
        for action in ([each["Action"]] if isinstance(each["Action"], str) else each["Action"])
    }
    assert actions == {"sts:AssumeRole", "s3:GetObject", "s3:PutObject", "s3:ListBucket"}
    (container,) = of_type(NIGHTLY, "AWS::ECS::TaskDefinition")["Task"]["Properties"]["ContainerDefinitions"]
    assert (container["ReadonlyRootFilesystem"], container["User"]) == (True, "10001")


def test_alarms_watch_a_gauge_that_every_run_writes():
    written = {"".join(word.capitalize() for word in each.name.split("_")) for each in gauges(sample.run())}
    alarms = [each["Properties"] for each in of_type(NIGHTLY, "AWS::CloudWatch::Alarm").values()]
    assert {each["MetricName"] for each in alarms} <= written
    assert {each["Namespace"] for each in alarms} == {"Auditor"}
    assert {each["TreatMissingData"] for each in alarms} == {"breaching", "notBreaching"}


# ---- the image


def test_the_image_is_pinned_and_runs_as_nobody_in_particular():
    lines = text("deploy/nightly/Dockerfile").splitlines()
    bases = [line.split()[1] for line in lines if line.startswith("FROM ")]
    assert all(re.fullmatch(r"python:3\.1\d-slim@sha256:[0-9a-f]{64}", each) for each in bases)
    assert len(set(bases)) == 1
    assert [line for line in lines if line.startswith("USER ")] == ["USER 10001:10001"]
    assert lines[-1] == 'ENTRYPOINT ["night"]'


def test_the_image_has_all_that_an_installation_takes():
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", text("deploy/nightly/Dockerfile"), re.MULTILINE)
    files = {each.rstrip("/") for line in copied for each in line.split()}
    wheel = tomllib.loads(text("pyproject.toml"))["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]
    assert {*wheel, "pyproject.toml", "README.md", "LICENSE", "requirements/run.txt"} <= files
    assert all((ROOT / each).exists() for each in files)


def test_what_the_image_installs_is_what_the_project_needs():
    """The versions are those that are tested, and everything that the project asks for is among them."""

    def pins(name):
        return dict(re.findall(r"^([\w.-]+)==([^ ;\\]+)", text(f"requirements/{name}.txt"), re.MULTILINE))

    mine, tested = pins("run"), pins("newest")
    project = tomllib.loads(text("pyproject.toml"))["project"]["dependencies"]
    assert {re.split(r"[<>=!~;\[ ]", each)[0].lower() for each in project} <= set(mine)
    assert mine.items() <= tested.items()
    assert set(mine) & {"moto", "flask", "pytest", "checkov"} == set()


# ---- the script


@pytest.fixture
def night(tmp_path):
    """`night(box, NAME=value)`: the script, with the program of this checkout."""
    program = tmp_path / "bin" / "auditor"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m auditor "$@"\n')
    program.chmod(0o755)

    def run(box, **settings):
        environ = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "AUDITOR_"))}
        environ |= box.environ() if box else {}
        environ |= {
            "PATH": f"{program.parent}:{os.environ['PATH']}", "SCRATCH": str(tmp_path), "HOME": str(tmp_path),
            "AUDITOR_STORE": str(tmp_path / "runs"), "PYTHONPATH": str(ROOT), "CREDENTIALS": "Environment",
            "NO_COLOR": "1", **settings,
        }  # fmt: skip
        return subprocess.run(
            ["sh", str(SCRIPT)], env=environ, capture_output=True, text=True, timeout=300, cwd=tmp_path
        )

    return run


def gauges_of(told):
    return [json.loads(line) for line in told.splitlines() if line.startswith("{")]


def test_the_script_is_plain_sh():
    subprocess.run(["sh", "-n", str(SCRIPT)], check=True)
    if shutil.which("dash"):
        subprocess.run(["dash", "-n", str(SCRIPT)], check=True)
    assert "auditor check" in SCRIPT.read_text()
    assert "check" in COMMANDS


@pytest.mark.process
def test_a_night_reads_each_account_with_its_role_and_keeps_the_runs(night, copy_of_cuggu, pointed):
    """Findings do not fail the task; an account that cannot be read does, and hinders none of the others."""
    pointed(copy_of_cuggu.box)
    boto3.client("s3", region_name="us-east-1").create_bucket(Bucket="nights")
    role = "arn:aws:iam::123456789012:role/auditor-read"
    ran = night(
        copy_of_cuggu.box, READ_ROLES=f"{role} not-an-arn {role}", EXTERNAL_ID="a-long-text-of-your-own",
        BASELINES="cuggu", AUDITOR_RULES="keys-rotate", AUDITOR_STORE="s3://nights/runs",
    )  # fmt: skip
    assert [each["Account"] for each in gauges_of(ran.stdout)] == ["123456789012"] * 2, ran
    assert re.findall(r"^as (.+)$", ran.stdout, re.MULTILINE) == [role, "not-an-arn", role]
    assert ran.returncode in (2, 3)
    assert "Traceback" not in ran.stderr
    kept = [each["Key"] for each in boto3.client("s3").list_objects_v2(Bucket="nights")["Contents"]]
    runs = [each for each in kept if each.startswith("runs/runs/")]
    assert len(runs) == len([each for each in kept if each.startswith("runs/chain/")]) >= 1


@pytest.mark.process
def test_findings_alone_do_not_fail_a_night(night, copy_of_cuggu):
    example("cuggu").drifts[0].happen(copy_of_cuggu)
    ran = night(copy_of_cuggu.box, BASELINES="cuggu")
    (line,) = gauges_of(ran.stdout)
    assert (ran.returncode, line["Complete"]) == (0, 1), ran


# ---- other machines


def test_the_units_of_systemd():
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read_string(text("deploy/nightly/auditor.service"))
    service = unit["Service"]
    assert service["Type"] == "oneshot"
    hardened = ("NoNewPrivileges", "PrivateTmp", "ProtectHome", "DynamicUser")
    assert all(service[each] == "yes" for each in hardened)
    timer = configparser.ConfigParser(interpolation=None)
    timer.read_string(text("deploy/nightly/auditor.timer"))
    assert timer["Timer"]["Persistent"] == "yes"
    if shutil.which("systemd-analyze"):
        subprocess.run(["systemd-analyze", "calendar", timer["Timer"]["OnCalendar"]], check=True, capture_output=True)


def test_the_line_of_cron_has_five_times_and_a_user():
    (line,) = [each for each in text("deploy/nightly/auditor.cron").splitlines() if each[:1].isdigit()]
    times, user = line.split()[:5], line.split()[5]
    assert re.fullmatch(r"[0-9*/,-]+", "".join(times))
    assert user == "auditor"
    assert "%" not in line  # which cron takes for a line break


def test_the_workflow_of_github():
    flow = yaml.safe_load(text("deploy/nightly/github.yml"))
    (job,) = flow["jobs"].values()
    assert flow["permissions"] == {"contents": "read", "id-token": "write"}
    assert all(SHA.fullmatch(step["uses"]) for step in job["steps"] if "uses" in step)
    assert not [step for step in job["steps"] if "${{" in step.get("run", "")]
    for step in job["steps"]:
        if "run" in step:
            subprocess.run(["bash", "-n", "-c", step["run"]], check=True)
    assert (ROOT / "requirements/run.txt").is_file()


def test_the_job_of_gitlab():
    (job,) = yaml.safe_load(text("deploy/nightly/gitlab.yml")).values()
    assert set(job) <= {"image", "stage", "timeout", "resource_group", "rules", "id_tokens", "before_script", "script"}
    assert job["rules"] == [{"if": '$CI_PIPELINE_SOURCE == "schedule"'}]
    for line in [*job["before_script"], *job["script"]]:
        subprocess.run(["bash", "-n", "-c", line], check=True)


def test_the_page_names_every_file():
    page = text("deploy/README.md")
    lacking = [
        each.relative_to(ROOT / "deploy").as_posix()
        for each in (ROOT / "deploy").rglob("*")
        if each.is_file() and each.name != "README.md" and each.relative_to(ROOT / "deploy").as_posix() not in page
    ]
    assert not lacking
    assert template(NIGHTLY)["Description"]
