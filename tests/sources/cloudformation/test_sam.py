"""The serverless transform, held against what AWS's own translator makes of the same templates (tools/sam_golden.py)."""

import json
from pathlib import Path

import pytest

from auditor import pipeline
from auditor.checks.judge import judge
from auditor.graph.build import build
from auditor.resources import load
from auditor.sources.cloudformation.functions import unresolved
from auditor.sources.cloudformation.openapi import with_definition
from auditor.sources.cloudformation.texts import Unresolved
from tests.sources.cloudformation.reading import declared, resources, write

SAM = Path(__file__).parent / "sam"
NAMES = sorted(each.stem for each in SAM.glob("*.yaml"))
NOTHING = "nothing"
# The transform puts a digest of its contents behind a layer's name; we keep the name.
LAYER = {"Layer408b287a05": "Layer"}
# Left open, and told: the names of deployments, which are digests of the API's definition.
OPEN = {
    ("AWS::ApiGateway::Stage", "DeploymentId"): {"ApiprodStage", "RestliveStage", "ServerlessRestApiProdStage"},
}


def alike(value):
    """Lists in which the order means nothing, in one order; layers by their own names."""
    text = json.dumps(value, default=str, sort_keys=True)
    for theirs, ours in LAYER.items():
        text = text.replace(theirs, ours)
    value = json.loads(text)
    return sorted(value, key=json.dumps) if isinstance(value, list) else value


def called(api):
    """What an API's definition makes, whatever else of the API it says."""
    parts = [each for each in with_definition(api) if each.type != api.type]
    return {each.logical: (each.type, each.properties) for each in parts}


@pytest.mark.parametrize("name", NAMES)
def test_what_the_transform_makes_is_what_aws_makes(name, tmp_path):
    types = load()
    folds = {fold for each in types.values() for fold in each.folds}
    ours = declared(tmp_path / "ours", (SAM / f"{name}.yaml").read_text())
    theirs = declared(tmp_path / "theirs", json.loads((SAM / f"{name}.expanded.json").read_text()), "app.json")
    theirs = {LAYER.get(each, each): body for each, body in theirs.items()}
    wanted = {each for each, body in theirs.items() if body.type in types or body.type in folds}
    assert wanted <= set(ours)
    assert {each for each in set(ours) - set(theirs) if ours[each].type in types} == set()
    for each in sorted(wanted):
        mine, other = ours[each], theirs[each]
        assert mine.type == other.type, each
        assert called(mine) == called(other), each
        for key in sorted({*mine.properties, *other.properties} - {"Body"}):
            found = mine.properties.get(key, NOTHING)
            if each in OPEN.get((mine.type, key), ()):
                assert all(isinstance(part, Unresolved) for part in (found if isinstance(found, list) else [found]))
                continue
            assert next(unresolved(found), None) is None, (each, key)
            assert alike(found) == alike(other.properties.get(key, NOTHING)), (each, key)


@pytest.mark.parametrize("name", NAMES)
def test_the_translator_still_says_so(name, monkeypatch):
    pytest.importorskip("samtranslator", reason="aws-sam-translator is not installed")
    from tools.sam_golden import expanded

    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-northeast-2")
    assert expanded(SAM / f"{name}.yaml") == json.loads((SAM / f"{name}.expanded.json").read_text())


def test_the_facts_are_those_of_the_translator():
    pytest.importorskip("samtranslator", reason="aws-sam-translator is not installed")
    from tools.distil_sam import FACTS, distilled

    assert distilled() == json.loads(FACTS.read_text())


def function(**properties):
    given = {"Runtime": "python3.13", "Handler": "a.b", "InlineCode": "x", **properties}
    return {"Type": "AWS::Serverless::Function", "Properties": given}


def template(**entries):
    return {"Transform": "AWS::Serverless-2016-10-31", "Resources": entries}


ALL = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


@pytest.mark.parametrize(
    ("policies", "verdict"),
    [
        ([{"S3ReadPolicy": {"BucketName": "files"}}], "kept"),
        ([{"S3ReadPolicy": {"BucketName": {"Ref": "Bucket"}}}], "kept"),
        ([], "kept"),
        (["AdministratorAccess"], "broken"),
        ([ALL], "broken"),
        (ALL, "broken"),
        ([{"Fn::If": ["Asked", ALL, {"Ref": "AWS::NoValue"}]}], "broken"),
        ([{"S3ReadPolicy": {}}], "unknown"),
        ([{"NoSuchPolicy": {"BucketName": "files"}}], "unknown"),
    ],
    ids=lambda each: json.dumps(each)[:50],
)
def test_a_function_may_do_what_its_policies_say(tmp_path, policies, verdict):
    body = template(Fn=function(Policies=policies), Bucket={"Type": "AWS::S3::Bucket"})
    body |= {"Parameters": {"Ask": {"Type": "String"}}, "Conditions": {"Asked": {"Fn::Equals": [{"Ref": "Ask"}, "y"]}}}
    _, inventory = resources(write(tmp_path, body, "app.json"))
    chosen = pipeline.definitions(pipeline.Wish(rules=("no-administrator-policies",)))
    counts = judge(chosen.rules, build(inventory, load())).counts
    assert {name for name, count in counts.items() if count} == {verdict}


@pytest.mark.parametrize(
    ("entries", "told", "types"),
    [
        ({"Fn": function(Events={"Odd": {"Type": "Tomorrow", "Properties": {}}})}, "Odd (Tomorrow)", {"AWS::Lambda::Permission"}),
        ({"Fn": function(Events={"Mq": {"Type": "MQ", "Properties": {"Queues": ["q"]}}})}, "Mq (MQ)", set()),
        ({"Api": {"Type": "AWS::Serverless::Api", "Properties": {
            "StageName": "a", "Auth": {"Authorizers": {"Fn::If": ["Asked", {}, {}]}}}}},
         "AWS::Serverless::Api", {"AWS::Lambda::Permission"}),
        ({"Api": {"Type": "AWS::Serverless::Api", "Properties": {"StageName": "a", "DefinitionUri": "s3://a/b"}}},
         "Api: the definition", {"AWS::ApiGateway::Method"}),
        ({"G": {"Type": "AWS::Serverless::GraphQLApi", "Properties": {}}}, "AWS::Serverless::GraphQLApi", {"AWS::IAM::Role"}),
        ({"N": {"Type": "AWS::Serverless::New", "Properties": {}}}, "AWS::Serverless::New", {"AWS::IAM::Role"}),
    ],
)  # fmt: skip
def test_what_is_not_made_is_told_with_what_it_may_hide(tmp_path, entries, told, types):
    _, inventory = resources(write(tmp_path, template(**entries), "app.json"))
    found = [gap for gap in inventory.gaps if told in gap.message]
    assert len(found) == 1, [gap.message for gap in inventory.gaps]
    assert types <= set(found[0].types)


def test_a_connector_that_nobody_knows_leaves_a_doubt_in_every_role(tmp_path):
    ends = {"Source": {"Id": "Fn"}, "Destination": {"Id": "Zone"}, "Permissions": ["Write"]}
    body = template(Fn=function(), Zone={"Type": "AWS::Route53::HostedZone", "Properties": {"Name": "a.example"}},
                    C={"Type": "AWS::Serverless::Connector", "Properties": ends})  # fmt: skip
    found, inventory = resources(write(tmp_path, body, "app.json"))
    assert "connector" in found["app/FnRole"].unknown["ManagedPolicyArns"].message
    assert any("connector" in gap.message for gap in inventory.gaps)
