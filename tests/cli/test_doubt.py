"""Two systems that fit, from check to apply: nothing is planned on a guess, and a pin or a scope decides."""

import io
import json
import zipfile

import pytest

from auditor.sandbox import sandbox
from auditor.sandbox.built import Built

BASELINE = """
title: A nightly function
document: {title: Nightly, file: nightly.md, updated: "2026-01-01"}
regions: [ap-northeast-2]
roles:
  schedule:
    type: AWS::Events::Rule
    means: The nightly schedule
    at: {section: 1, lines: 1, text: nightly}
  worker:
    type: AWS::Lambda::Function
    means: The function that works at night
    at: {section: 1, lines: 2, text: function}
    require:
      - {id: timeout, title: The function times out after 300 seconds, property: Timeout, is: 300,
         broken: "The function times out after {actual} seconds, not 300", at: {section: 1, lines: 2, text: 5 minutes}}
links:
  - {id: schedule-worker, title: The schedule starts the function, from: schedule, relation: targets, to: worker,
     at: {section: 1, lines: 3, text: schedule --> function}}
"""
CODE = io.BytesIO()
with zipfile.ZipFile(CODE, "w") as archive:
    archive.writestr("index.mjs", "export const handler = async () => ({});")


@pytest.fixture(scope="module")
def box():
    """Staging conforms; prod's function has another timeout. Nothing but their tags and names tells them apart."""
    with sandbox() as made:
        built = Built(made)
        trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}  # fmt: skip
        for stage, timeout in (("prod", 60), ("staging", 300)):
            role = built.client("iam").create_role(RoleName=f"r-{stage}", AssumeRolePolicyDocument=json.dumps(trust))
            function = built.client("lambda").create_function(
                FunctionName=f"f-{stage}", Runtime="nodejs22.x", Handler="index.handler", Role=role["Role"]["Arn"],
                Code={"ZipFile": CODE.getvalue()}, Timeout=timeout, Tags={"stage": stage},
            )  # fmt: skip
            events = built.client("events")
            events.put_rule(
                Name=f"e-{stage}", ScheduleExpression="cron(0 18 * * ? *)", Tags=[{"Key": "stage", "Value": stage}]
            )
            events.put_targets(Rule=f"e-{stage}", Targets=[{"Id": "f", "Arn": function["FunctionArn"]}])
        yield made


@pytest.fixture
def asked(auditor, box, tmp_path):
    file = tmp_path / "nightly.yaml"
    file.write_text(BASELINE, encoding="utf-8")

    def run(command, *words, judged=True):
        given = ["--baseline", str(file), "--no-rules", "--region", "ap-northeast-2"] if judged else []
        return auditor(command, *given, *words, box=box)

    return run


def test_which_of_two_systems_is_meant_is_not_guessed(asked, tmp_path):
    told = json.loads(asked("check", "--format", "json").out)
    verdicts = {each["id"]: each for each in told["promises"]}
    assert verdicts["worker/timeout"]["verdict"] == "unknown"
    assert "two systems fit" in verdicts["worker/timeout"]["reason"]
    assert "--bind worker=" in verdicts["worker/timeout"]["reason"]
    assert verdicts["link/schedule-worker"]["verdict"] == "kept"  # of either

    planned = asked("plan", "-o", str(tmp_path / "plan.json"))
    assert "Not automatic: " in planned.out + planned.err
    assert "--bind worker=" in planned.out + planned.err
    plan = tmp_path / "plan.json"
    assert not plan.exists() or json.loads(plan.read_text())["steps"] == []


@pytest.mark.parametrize(
    "words", [("--scope", "tag:stage=prod"), ("--scope", "name=*-prod"), ("--bind", "worker=f-prod")], ids=" ".join
)
def test_a_pin_or_a_scope_decides(asked, words):
    told = json.loads(asked("check", *words, "--format", "json").out)
    assert {each["resource"].rpartition("/")[2].rpartition(":")[2] for each in told["bindings"]} == {"f-prod", "e-prod"}
    (found,) = told["findings"]
    assert (found["verdict"], found["resource"]["name"]) == ("broken", "f-prod")
    clean = json.loads(asked("check", *(word.replace("prod", "staging") for word in words), "--format", "json").out)
    assert clean["findings"] == []


def test_what_is_certain_is_mended(asked, tmp_path):
    """Last: it changes the account."""
    plan = str(tmp_path / "plan.json")
    planned = asked("plan", "--scope", "tag:stage=prod", "-o", plan)
    assert planned.code in (0, 1), planned.err
    (step,) = json.loads((tmp_path / "plan.json").read_text())["steps"]
    assert "f-prod" in json.dumps(step)
    made = asked("apply", plan, "--allow", "destroys", "--yes", judged=False)
    assert made.code == 0, made.out + made.err
    assert json.loads(asked("check", "--scope", "tag:stage=prod", "--format", "json").out)["findings"] == []
