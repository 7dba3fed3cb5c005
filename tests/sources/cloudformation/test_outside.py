"""What leads out of the code is not known, and neither broken nor absent; what AWS means by silence is."""

import pytest

from auditor.graph.build import build
from auditor.resources import load
from tests.sources.cloudformation.reading import resources, verdicts, write

HEAD = {"Parameters": {"Given": {"Type": "String"}, "Subnet": {"Type": "AWS::EC2::Subnet::Id"},
                       "Stored": {"Type": "AWS::SSM::Parameter::Value<AWS::EC2::Subnet::Id>", "Default": "/net/a"}}}  # fmt: skip
PRIVATE = "database-in-private-subnets"
NAMED = {"Fn::Sub": "db-${AWS::AccountId}"}


def database(**more):
    return {"Type": "AWS::RDS::DBInstance", "Properties": {"Engine": "postgres", "PubliclyAccessible": False, **more}}


def group(*subnets, **more):
    said = {"DBSubnetGroupDescription": "data", "SubnetIds": list(subnets), **more}
    return {"Type": "AWS::RDS::DBSubnetGroup", "Properties": said}


ISOLATED = {
    "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
    "In": {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.1.0/24"}},
    "Table": {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": {"Ref": "Vpc"}}},
    "Of": {"Type": "AWS::EC2::SubnetRouteTableAssociation",
           "Properties": {"SubnetId": {"Ref": "In"}, "RouteTableId": {"Ref": "Table"}}},
}  # fmt: skip


@pytest.mark.parametrize(
    ("entries", "wanted"),
    [
        ({"Db": database()}, "broken"),  # AWS: without a group it stands in the default VPC
        ({"Db": database(DBSubnetGroupName="default")}, "broken"),
        ({"Db": database(DBSubnetGroupName="shared")}, "unknown"),
        ({"Db": database(DBSubnetGroupName={"Ref": "Given"})}, "unknown"),
        ({"Db": database(DBSubnetGroupName={"Fn::ImportValue": "group"})}, "unknown"),
        ({"Db": database(DBSubnetGroupName={"Fn::Sub": "db-${Given}"})}, "unknown"),
        ({"Db": database(DBSubnetGroupName="{{resolve:ssm:/net/group}}")}, "unknown"),
        ({"Db": database(DBSubnetGroupName={"Ref": "G"}), "G": group({"Ref": "Subnet"})}, "unknown"),
        ({"Db": database(DBSubnetGroupName={"Ref": "G"}), "G": group({"Ref": "Stored"})}, "unknown"),
        ({"Db": database(DBSubnetGroupName={"Ref": "G"}), "G": group("subnet-0a1b2c3d")}, "unknown"),
        ({"Db": database(DBSubnetGroupName={"Ref": "G"}), "G": group({"Ref": "In"}), **ISOLATED}, "kept"),
        ({"Db": database(DBSubnetGroupName=NAMED), "G": group({"Ref": "In"}, DBSubnetGroupName=NAMED), **ISOLATED},
         "kept"),
        ({"Db": database(SourceDBInstanceIdentifier={"Ref": "Other"}), "Other": database()}, "unknown"),
    ],
)  # fmt: skip
def test_where_a_database_stands(tmp_path, entries, wanted):
    assert verdicts(tmp_path, {**HEAD, "Resources": entries}, PRIVATE)["Db"] == wanted


@pytest.mark.parametrize("given", [{"Ref": "Given"}, "shared", None])
def test_a_published_database_whose_network_is_elsewhere_is_not_called_closed(tmp_path, given):
    rule = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "CidrIp": "0.0.0.0/0"}
    entries = {
        "Db": database(PubliclyAccessible=True, VPCSecurityGroups=[{"Ref": "Sg"}], **({"DBSubnetGroupName": given} if given else {})),
        "Sg": {"Type": "AWS::EC2::SecurityGroup",
               "Properties": {"GroupDescription": "open", "SecurityGroupIngress": [rule]}},
    }  # fmt: skip
    assert verdicts(tmp_path, {**HEAD, "Resources": entries}, "database-not-reachable")["Db"] == "unknown"


FUNCTION = {"Type": "AWS::Lambda::Function", "Properties": {"Handler": "a.b", "Code": {"ZipFile": "x"}}}


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"FunctionName": "web"}, "/aws/lambda/web"),
        ({"FunctionName": {"Fn::Sub": "web-${AWS::AccountId}"}}, {"Fn::Sub": "/aws/lambda/web-${AWS::AccountId}"}),
        ({}, {"Fn::Sub": "/aws/lambda/${Fn}"}),
        ({"LoggingConfig": {"LogFormat": "JSON"}}, {"Fn::Sub": "/aws/lambda/${Fn}"}),
        ({"LoggingConfig": {"LogGroup": "own"}}, "own"),
    ],
)
def test_a_function_that_names_no_log_group_writes_to_its_own(tmp_path, given, named):
    entries = {
        "Fn": {**FUNCTION, "Properties": {**FUNCTION["Properties"], **given}},
        "Logs": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": named}},
    }
    graph = build(resources(write(tmp_path, {"Resources": entries}, "app.json"))[1], load())
    (logs,) = graph.of_type("AWS::Logs::LogGroup")
    assert [edge.relation for edge, _ in graph.tails(logs, "logs-to")] == ["logs-to"]


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        ("arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/${Rule}", {}),
        ("arn:aws:events:${AWS::Region}:${AWS::AccountId}:rule/${Rule}", {"Name": "nightly"}),
        ("arn:aws:events:${AWS::Region}:${AWS::AccountId}:rule/nightly", {"Name": "nightly"}),
        ("${Rule.Arn}", {}),
    ],
)
def test_an_arn_that_a_template_puts_together_is_the_resource_it_names(tmp_path, source, rule):
    entries = {"Rule": {"Type": "AWS::Events::Rule", "Properties": {"ScheduleExpression": "rate(1 day)", **rule}}}
    found, _ = resources(write(tmp_path, {"Resources": {**entries, "T": {
        "Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "x"}}, "P": {
        "Type": "AWS::Lambda::Permission", "Properties": {
            "FunctionName": "web", "Action": "lambda:InvokeFunction", "Principal": "events.amazonaws.com",
            "SourceArn": {"Fn::Sub": source}}}}}, "app.json"))  # fmt: skip
    assert found["app/P"].at("SourceArn") in found["app/Rule"].spoken


@pytest.mark.parametrize("form", ["Ref", "GetAtt"])
@pytest.mark.parametrize(
    ("url", "condition", "wanted"),
    [
        ("https://token.actions.githubusercontent.com", {}, "broken"),
        ("https://token.actions.githubusercontent.com", {"StringEquals": {"token.actions.githubusercontent.com:aud": "a"}},
         "broken"),
        ("https://token.actions.githubusercontent.com", {"StringLike": {"token.actions.githubusercontent.com:sub": "repo:acme/x:*"}},
         "kept"),
        ({"Fn::GetAtt": ["Cluster", "OpenIdConnectIssuerUrl"]}, {}, "broken"),
        ("https://login.acme.example", {}, "broken"),
    ],
)  # fmt: skip
def test_a_provider_that_the_template_makes_is_known_by_its_reference(tmp_path, form, url, condition, wanted):
    who = {"Ref": "Provider"} if form == "Ref" else {"Fn::GetAtt": ["Provider", "Arn"]}
    statement = {"Effect": "Allow", "Principal": {"Federated": who}, "Action": "sts:AssumeRoleWithWebIdentity"}
    trust = {"Version": "2012-10-17", "Statement": [{**statement, **({"Condition": condition} if condition else {})}]}
    entries = {
        "Provider": {"Type": "AWS::IAM::OIDCProvider", "Properties": {"Url": url, "ClientIdList": ["a"]}},
        "Cluster": {"Type": "AWS::EKS::Cluster", "Properties": {"RoleArn": "arn:aws:iam::111122223333:role/eks"}},
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust}},
    }
    assert verdicts(tmp_path, {"Resources": entries}, "role-trust-closed")["Role"] == wanted


@pytest.mark.parametrize("engine", ["mysql", "MySQL", "aurora-mysql"])
def test_an_omitted_port_is_the_engines(tmp_path, engine):
    """AWS takes the name of an engine in any case."""
    rule = {"IpProtocol": "tcp", "FromPort": 3306, "ToPort": 3306, "CidrIp": "0.0.0.0/0"}
    public = {"Type": "AWS::EC2::Route", "Properties": {"RouteTableId": {"Ref": "Table"}, "GatewayId": {"Ref": "Out"},
                                                        "DestinationCidrBlock": "0.0.0.0/0"}}  # fmt: skip
    entries = {
        **ISOLATED,
        "Out": {"Type": "AWS::EC2::InternetGateway", "Properties": {}},
        "At": {"Type": "AWS::EC2::VPCGatewayAttachment",
               "Properties": {"VpcId": {"Ref": "Vpc"}, "InternetGatewayId": {"Ref": "Out"}}},
        "Route": public,
        "G": group({"Ref": "In"}),
        "Sg": {"Type": "AWS::EC2::SecurityGroup", "Properties": {
            "GroupDescription": "open", "VpcId": {"Ref": "Vpc"}, "SecurityGroupIngress": [rule]}},
        "Db": database(Engine=engine, PubliclyAccessible=True, DBSubnetGroupName={"Ref": "G"},
                       VPCSecurityGroups=[{"Fn::GetAtt": ["Sg", "GroupId"]}]),
    }  # fmt: skip
    assert verdicts(tmp_path, {"Resources": entries}, "database-not-reachable")["Db"] == "broken"
