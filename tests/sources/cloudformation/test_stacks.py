"""Several templates as one tree: nested stacks, exports, the serverless transform, and what CDK writes."""

import json

import pytest

from auditor.model import ABSENT
from auditor.sources.cloudformation import is_cloudformation
from tests.sources.cloudformation.reading import declared, resources, write

NETWORK = """
Parameters: {Cidr: {Type: String}}
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !Ref Cidr}}
Outputs:
  VpcId: {Value: !Ref Vpc, Export: {Name: !Sub "${AWS::StackName}-vpc"}}
  Cidr: {Value: !Ref Cidr}
"""


def test_a_nested_stack_takes_parameters_and_gives_outputs(tmp_path):
    write(tmp_path, NETWORK, "network/vpc.yaml")
    write(
        tmp_path,
        """
Resources:
  Net:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: network/vpc.yaml, Parameters: {Cidr: 10.9.0.0/16}}
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !GetAtt Net.Outputs.VpcId, CidrBlock: !GetAtt Net.Outputs.Cidr}
""",
    )
    found, inventory = resources(tmp_path)
    assert set(found) == {"app/Net", "app/Net/Vpc", "app/Subnet"}
    assert found["app/Net/Vpc"].properties["CidrBlock"] == "10.9.0.0/16"
    assert found["app/Net/Vpc"].origin == "network/vpc.yaml:4"
    assert found["app/Subnet"].properties["CidrBlock"] == "10.9.0.0/16"
    assert found["app/Subnet"].properties["VpcId"] == found["app/Net/Vpc"].id
    assert inventory.gaps == []


def test_what_lies_elsewhere_is_a_gap(tmp_path):
    write(
        tmp_path,
        "Resources:\n  N: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: https://example.com/x.yaml}}\n",
    )
    _, inventory = resources(tmp_path)
    (gap,) = inventory.gaps
    assert "app.yaml:2" in gap.message
    assert "not downloaded" in gap.message
    assert "AWS::EC2::VPC" in gap.types


def test_imports_are_joined_by_name(tmp_path):
    write(tmp_path, NETWORK.replace("${AWS::StackName}", "net"), "a.yaml")
    write(tmp_path, "Resources:\n  S: {Type: AWS::EC2::Subnet, Properties: {VpcId: !ImportValue net-vpc}}\n", "b.yaml")
    found, _ = resources(tmp_path, Cidr="10.0.0.0/16")
    assert found["b/S"].properties["VpcId"] == found["a/Vpc"].id


SAM = {
    "Transform": "AWS::Serverless-2016-10-31",
    "Globals": {"Function": {"Runtime": "python3.13", "Timeout": 9, "Environment": {"Variables": {"A": "1"}}}},
    "Resources": {
        "Fn": {
            "Type": "AWS::Serverless::Function",
            "Properties": {
                "Handler": "a.b", "Timeout": 30, "InlineCode": "x", "Environment": {"Variables": {"B": "2"}},
                "FunctionUrlConfig": {"AuthType": "NONE", "InvokeMode": "RESPONSE_STREAM"},
                "Policies": ["AmazonS3ReadOnlyAccess", {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}],
                "Events": {
                    "Night": {"Type": "Schedule", "Properties": {"Schedule": "rate(1 day)"}},
                    "Get": {"Type": "Api", "Properties": {"Path": "/", "Method": "get"}},
                    "Odd": {"Type": "Tomorrow", "Properties": {}},
                },
            },
        },
        "Table": {"Type": "AWS::Serverless::SimpleTable"},
    },
}  # fmt: skip


def test_the_serverless_transform(tmp_path):
    found = declared(tmp_path, SAM, "app.json")
    function = found["Fn"].properties
    assert (found["Fn"].type, function["Timeout"], function["Runtime"]) == ("AWS::Lambda::Function", 30, "python3.13")
    assert function["Environment"] == {"Variables": {"A": "1", "B": "2"}}
    assert function["Role"] == "${app/FnRole.Arn}"
    role = found["FnRole"].properties
    assert role["ManagedPolicyArns"][1] == "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
    assert role["Policies"][0]["PolicyDocument"]["Statement"][0]["Action"] == "*"
    assert found["FnUrl"].properties["AuthType"] == "NONE"
    assert found["FnUrlPublicPermissions"].properties["Principal"] == "*"
    assert found["FnNight"].properties["ScheduleExpression"] == "rate(1 day)"
    assert found["FnNightPermission"].properties["SourceArn"] == "${app/FnNight.Arn}"
    source = "arn:aws:execute-api:ap-northeast-2:${AWS::AccountId}:${app/ServerlessRestApi}/*/GET/"
    assert found["FnGetPermissionProd"].properties["SourceArn"] == source
    assert {"Table", "ServerlessRestApi"} <= set(found)


@pytest.mark.parametrize(
    ("kind", "said", "wanted"),
    [
        ("Api", {}, {"DisableExecuteApiEndpoint": False, "Policy": ABSENT}),
        ("Api", {"DisableExecuteApiEndpoint": True}, {"DisableExecuteApiEndpoint": True}),
        ("Api", {"Auth": {"ResourcePolicy": {"IpRangeWhitelist": ["10.0.0.0/8"]}}}, {"Policy": "unknown"}),
        ("Api", {"DefinitionUri": "s3://a/b"}, dict.fromkeys(("Policy", "EndpointConfiguration"), "unknown")),
        ("HttpApi", {}, {"DisableExecuteApiEndpoint": False, "CorsConfiguration": ABSENT}),
        ("HttpApi", {"CorsConfiguration": True}, {"CorsConfiguration": {"AllowOrigins": ["*"]}}),
        ("HttpApi", {"CorsConfiguration": {"AllowMethods": ["GET"]}}, {"CorsConfiguration": {"AllowMethods": ["GET"]}}),
        ("HttpApi", {"DefinitionUri": "s3://a/b"}, dict.fromkeys(("Name", "CorsConfiguration"), "unknown")),
    ],
)
def test_an_api_of_the_transform_says_what_its_definition_says(tmp_path, kind, said, wanted):
    """A definition that stands elsewhere may set what the template does not say: neither that nor its absence is known."""
    serverless = {"Type": f"AWS::Serverless::{kind}", "Properties": {"StageName": "live", **said}}
    template = {"Transform": "AWS::Serverless-2016-10-31", "Resources": {"Door": serverless}}
    found, _ = resources(write(tmp_path, template, "app.json"))
    (door,) = [each for each in found.values() if each.type.endswith(("::RestApi", "::Api"))]
    assert {name: "unknown" if door.gap(name) else door.at(name) for name in wanted} == wanted


@pytest.mark.parametrize(
    ("kind", "said", "name", "value"),
    [
        ("Api", {"TracingEnabled": True}, "TracingEnabled", True),
        ("Api", {}, "TracingEnabled", False),
        ("HttpApi", {"DefaultRouteSettings": {"ThrottlingBurstLimit": 5}}, "DefaultRouteSettings", {"ThrottlingBurstLimit": 5}),
    ],
)  # fmt: skip
def test_what_is_said_of_a_serverless_api_is_said_of_its_stage(tmp_path, kind, said, name, value):
    serverless = {"Type": f"AWS::Serverless::{kind}", "Properties": {"StageName": "live", **said}}
    template = {"Transform": "AWS::Serverless-2016-10-31", "Resources": {"Door": serverless}}
    found, _ = resources(write(tmp_path, template, "app.json"))
    (stage,) = [each for each in found.values() if each.type.endswith("::Stage")]
    assert stage.properties[name] == value


def test_what_the_transform_makes_beyond_is_named(tmp_path):
    _, inventory = resources(write(tmp_path, SAM, "app.json"))
    told = " ".join(gap.message for gap in inventory.gaps)
    assert "Odd (Tomorrow)" in told
    made = {each.address: each for each in inventory.resources}
    assert made["app/FnRole"].origin == made["app/Fn"].origin


def test_a_macro_makes_everything_unknown(tmp_path):
    body = "Transform: [Mine]\nResources:\n  B: {Type: AWS::S3::Bucket, Properties: {BucketName: x}}\n"
    found, inventory = resources(write(tmp_path, body))
    assert "Mine" in found["app/B"].unknown["PublicAccessBlockConfiguration"].message
    assert "AWS::S3::Bucket" in inventory.gaps[0].types


def assembly(folder):
    """What `cdk synth` writes, with the paths of the machine that wrote it."""
    out = folder / "cdk.out"
    trace = [
        "new Bucket (/home/ci/build/app/node_modules/aws-cdk-lib/aws-s3/lib/bucket.js:1:2)",
        "new Store (/home/ci/build/app/lib/store.ts:12:5)",
    ]
    manifest = {
        "version": "36.0.0",
        "artifacts": {
            "Store": {
                "type": "aws:cloudformation:stack",
                "environment": "aws://123456789012/eu-west-1",
                "properties": {"templateFile": "Store.template.json", "stackName": "prod-store"},
                "metadata": {"/Store/Bucket/Resource": [{"type": "aws:cdk:logicalId", "data": "Bucket83", "trace": trace}]},
            },
            "Store.assets": {"type": "cdk:asset-manifest", "properties": {"file": "Store.assets.json"}},
        },
    }  # fmt: skip
    write(out, {"version": "36.0.0"}, "cdk.out")
    write(out, manifest, "manifest.json")
    resource = {"Type": "AWS::S3::Bucket", "Metadata": {"aws:cdk:path": "Store/Bucket/Resource"}}
    nested = {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": {"Fn::Sub": "https://s3/x"}},
        "Metadata": {"aws:asset:path": "StoreNested.nested.template.json", "aws:asset:property": "TemplateURL"},
    }
    write(out, {"Resources": {"Bucket83": resource, "Nested": nested}}, "Store.template.json")
    write(
        out,
        {
            "Resources": {
                "Inner": {
                    "Type": "AWS::S3::Bucket",
                    "Properties": {"BucketName": {"Fn::Sub": "x-${AWS::AccountId}-${AWS::Region}"}},
                }
            }
        },
        "StoreNested.nested.template.json",
    )
    write(folder, "\n" * 20, "lib/store.ts")
    return out


def test_an_assembly_of_cdk(tmp_path):
    out = assembly(tmp_path)
    assert is_cloudformation(out)
    assert is_cloudformation(tmp_path)
    for root in (None, tmp_path):
        found, inventory = resources(tmp_path if root is None else out, root=root)
        assert set(found) == {"prod-store/Bucket83", "prod-store/Nested", "prod-store/Nested/Inner"}
        assert found["prod-store/Bucket83"].origin == "lib/store.ts:12"
        assert found["prod-store/Bucket83"].region == "global" or found["prod-store/Bucket83"].region == "eu-west-1"
        assert found["prod-store/Nested/Inner"].properties["BucketName"] == "x-123456789012-eu-west-1"
        assert found["prod-store/Nested/Inner"].origin.startswith("cdk.out/StoreNested.nested.template.json:")
        assert inventory.gaps == []
        assert "/home/ci" not in json.dumps([each.origin for each in inventory.resources])
