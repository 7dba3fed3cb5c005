"""What functions come to, one by one; the evaluator never raises and always ends."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.sources.cloudformation import grow, read
from auditor.sources.cloudformation.functions import unresolved
from auditor.sources.code_options import BadCode, CodeOptions
from tests.sources.cloudformation.reading import declared, is_unresolved, of_value, resources, write

EXTRA = {
    "Parameters": {
        "Env": {"Type": "String", "Default": "prod"},
        "Zones": {"Type": "CommaDelimitedList", "Default": "a, b,c"},
        "Ami": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/aws/ami"},
        "AmiList": {"Type": "AWS::SSM::Parameter::Value<List<String>>", "Default": "/aws/amis"},
        "Key": {"Type": "AWS::SSM::Parameter::Name", "Default": "/our/key"},
        "Subnets": {"Type": "List<AWS::EC2::Subnet::Id>", "Default": "subnet-1,subnet-2"},
        "Secret": {"Type": "String", "NoEcho": True, "Default": "hunter2"},
        "Must": {"Type": "String"},
    },
    "Mappings": {"M": {"prod": {"size": "big", "list": ["x", "y"]}}},
    "Conditions": {
        "Prod": {"Fn::Equals": [{"Ref": "Env"}, "prod"]},
        "Not": {"Fn::Not": [{"Condition": "Prod"}]},
        "Some": {"Fn::Or": [{"Condition": "Not"}, {"Condition": "Prod"}]},
        "Both": {"Fn::And": [{"Condition": "Not"}, {"Fn::Equals": [{"Ref": "Must"}, "x"]}]},
        "Asked": {"Fn::Equals": [{"Ref": "Must"}, "x"]},
        "HasSecret": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Secret"}, ""]}]},
        "Loop": {"Condition": "Loop"},
    },
    "Resources": {
        "B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "named"}},
        "U": {"Type": "AWS::S3::Bucket"},
        "V": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
    },
}


@pytest.mark.parametrize(
    ("node", "value"),
    [
        ({"Ref": "Env"}, "prod"),
        ({"Ref": "Zones"}, ["a", "b", "c"]),
        ({"Ref": "Key"}, "/our/key"),
        ({"Ref": "Subnets"}, ["subnet-1", "subnet-2"]),
        ({"Fn::Length": [{"Ref": "Must"}, "x"]}, 2),
        ({"Fn::ForEach::X": ["I", ["a", "b"], {"k${I}": {"Ref": "I"}}], "c": "d"}, {"ka": "a", "kb": "b", "c": "d"}),
        ({"Fn::FindInMap": ["M", {"Ref": "Env"}, "list"]}, ["x", "y"]),
        ({"Fn::Cidr": ["fd00::/56", 1, 64]}, ["fd00::/64"]),
        ({"Ref": "B"}, "named"),
        ({"Ref": "U"}, "${app/U}"),
        ({"Fn::GetAtt": ["B", "Arn"]}, "arn:aws:s3:::named"),
        ({"Fn::GetAtt": ["B", "RegionalDomainName"]}, "named.s3.ap-northeast-2.amazonaws.com"),
        ({"Fn::GetAtt": "U.Arn"}, "${app/U.Arn}"),
        ({"Fn::GetAtt": ["V", "CidrBlock"]}, "10.0.0.0/16"),
        ({"Ref": "AWS::Region"}, "ap-northeast-2"),
        ({"Ref": "AWS::NoValue"}, "nothing"),
        ({"Fn::Sub": "${Env}-${B}-${U.Arn}-${!Literal}-${AWS::AccountId}"}, "prod-named-${app/U.Arn}-${Literal}-${AWS::AccountId}"),
        ({"Fn::Sub": ["${x}!", {"x": {"Ref": "Env"}}]}, "prod!"),
        ({"Fn::Join": ["-", ["a", {"Ref": "AWS::NoValue"}, 1, True]]}, "a-1-true"),
        ({"Fn::Join": [",", {"Ref": "Zones"}]}, "a,b,c"),
        ({"Fn::Select": ["1", {"Ref": "Zones"}]}, "b"),
        ({"Fn::Select": [2, {"Fn::Split": ["/", "a/b/c"]}]}, "c"),
        ({"Fn::Select": [2, {"Fn::Split": ["/", {"Fn::GetAtt": "U.WebsiteURL"}]}]}, "${app/U.WebsiteURL|/|2}"),
        ({"Fn::FindInMap": ["M", {"Ref": "Env"}, "size"]}, "big"),
        ({"Fn::FindInMap": ["M", "none", "size", {"DefaultValue": "small"}]}, "small"),
        ({"Fn::If": ["Prod", "yes", {"Ref": "Must"}]}, "yes"),
        ({"Fn::If": ["Not", "yes", {"Ref": "AWS::NoValue"}]}, "nothing"),
        ({"Fn::If": ["Some", 1, 2]}, 1),
        ({"Fn::If": ["Both", 1, 2]}, 2),
        ({"Fn::If": ["Asked", "same", "same"]}, "same"),
        ({"Fn::If": ["HasSecret", "locked", "open"]}, "locked"),
        ({"Fn::Base64": "OldValue"}, "T2xkVmFsdWU="),
        ({"Fn::Cidr": ["10.0.0.0/16", 2, 8]}, ["10.0.0.0/24", "10.0.1.0/24"]),
        ({"Fn::Cidr": [{"Fn::GetAtt": "V.CidrBlock"}, "1", "10"]}, ["10.0.0.0/22"]),
        ({"Fn::Length": {"Ref": "Zones"}}, 3),
        ({"Fn::ToJsonString": {"a": [{"Ref": "Env"}]}}, '{"a":["prod"]}'),
    ],
    ids=lambda each: json.dumps(each)[:60],
)  # fmt: skip
def test_what_a_function_comes_to(node, value, tmp_path):
    assert of_value(tmp_path, node, EXTRA) == value


@pytest.mark.parametrize(
    ("node", "reason"),
    [
        ({"Ref": "Must"}, "--parameter Must="),
        ({"Ref": "Ami"}, "Parameter Store"),
        ({"Ref": "Secret"}, "secret"),
        ({"Ref": "Nobody"}, "neither a parameter nor a resource"),
        ({"Fn::Sub": "a-${Must}"}, "--parameter Must="),
        ({"Fn::If": ["Loop", 1, 2]}, "refers to itself"),
        ({"Fn::GetAZs": ""}, "Availability Zones"),
        ({"Fn::Select": [0, {"Fn::GetAZs": ""}]}, "element 0 of a list: the Availability Zones"),
        ({"Fn::Select": [1, {"Fn::GetAZs": {"Ref": "AWS::Region"}}]}, "element 1 of a list: the Availability Zones"),
        ({"Fn::GetAZs": {"Ref": "Must"}}, "--parameter Must="),
        ({"Ref": "AmiList"}, "Parameter Store"),
        (
            {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://bucket/part.yaml"}}},
            "AWS::Include",
        ),
        ({"a": 1, "Fn::Transform": {"Name": "AWS::Include"}}, "only AWS can evaluate"),
        ({"Fn::ForEach::X": ["I", {"Ref": "Must"}, {"k${I}": 1}], "a": 1}, "or its collection is not known"),
        ({"Fn::Rain::Embed": "x"}, "no function"),
        ("{{resolve:ssm-secure:/x:1}}", "fills in"),
        ("{{resolve:secretsmanager:x:SecretString:password}}", "fills in"),
        ({"Fn::Select": [9, ["a"]]}, "no element 9"),
        ({"Fn::ImportValue": "x"}, "exports x"),
        ({"Fn::FindInMap": ["M", "none", "size"]}, "no value"),
        ({"Fn::Cidr": ["10.0.0.0/30", 9, 8]}, "cannot be split"),
        ({"Fn::Split": ["", "a"]}, "delimiter"),
        ({"Fn::Transform": {"Name": "Mine"}}, "macro Mine"),
        ({"Fn::Nonsense": 1}, "no function"),
        ("{{resolve:ssm:/x:1}}", "fills in"),
        ({"Fn::Sub": "{{resolve:secretsmanager:${U}}}"}, "fills in"),
        ({"Fn::Join": ["", [{"Ref": "Zones"}]]}, "not a string"),
    ],
    ids=lambda each: json.dumps(each)[:60],
)
def test_what_is_not_known_says_why(node, reason, tmp_path):
    found = of_value(tmp_path, node, EXTRA)
    assert reason in " ".join(each.reason for each in unresolved(found))


def test_parameters_override_defaults(tmp_path):
    assert of_value(tmp_path, {"Ref": "Env"}, EXTRA, Env="dev") == "dev"
    assert of_value(tmp_path, {"Ref": "Must"}, EXTRA, Must="x") == "x"
    assert of_value(tmp_path, {"Fn::If": ["Prod", 1, 2]}, EXTRA, Env="dev") == 2


def test_zones_are_those_that_the_user_names(tmp_path):
    given = {"AWS::AvailabilityZones": "ap-northeast-2c, ap-northeast-2a"}
    for region in ("", {"Ref": "AWS::Region"}, "ap-northeast-2"):
        node = {"Fn::Select": [1, {"Fn::GetAZs": region}]}
        assert of_value(tmp_path, node, EXTRA, **given) == "ap-northeast-2c"
    assert is_unresolved(of_value(tmp_path, {"Fn::GetAZs": "eu-west-1"}, EXTRA, **given))


def test_loops_are_written_out_in_every_section(tmp_path):
    body = {
        "Transform": "AWS::LanguageExtensions",
        "Conditions": {"Fn::ForEach::C": ["N", ["a", "b"], {"Is${N}": {"Fn::Equals": [{"Ref": "N"}, "a"]}}]},
        "Resources": {"Fn::ForEach::R": ["N", ["a", "b"], {"B${N}": {"Type": "AWS::S3::Bucket", "Condition": "Is${N}"}}]},
        "Outputs": {"Fn::ForEach::O": ["N", ["a"], {"O${N}": {"Value": "files-${N}", "Export": {"Name": "x-${N}"}}}]},
    }  # fmt: skip
    write(tmp_path, body, "a.json")
    user = {"Resources": {"U": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::ImportValue": "x-a"}}}}}
    write(tmp_path, user, "b.json")
    found, inventory = resources(tmp_path)
    assert set(found) == {"a/Ba", "b/U"}
    assert (found["b/U"].properties["BucketName"], inventory.gaps) == ("files-a", [])


def test_rules_of_a_template_declare_nothing(tmp_path):
    body = {
        "Parameters": {"Env": {"Type": "String", "Default": "prod"}},
        "Rules": {"Known": {"Assertions": [{"Assert": {"Fn::Contains": [["prod"], {"Ref": "Env"}]}}]}},
        "Resources": {"B": {"Type": "AWS::S3::Bucket"}},
    }
    found, inventory = resources(write(tmp_path, body, "app.json"))
    assert (set(found), inventory.gaps) == ({"app/B"}, [])


def test_short_forms_are_the_long_ones(tmp_path):
    text = """
Parameters: {Env: {Default: prod}}
Resources:
  T:
    Type: AWS::SNS::Topic
    Properties:
      DisplayName: !Join ["-", [!Ref Env, !Sub "${Env}", !Select [0, !Split [",", "x,y"]]]]
      TopicName: !GetAtt U.Arn
      FifoTopic: yes
      KmsMasterKeyId: !If [C, a, b]
  U: {Type: AWS::S3::Bucket}
Conditions:
  C: !And [!Equals [!Ref Env, prod], !Not [!Equals [a, b]]]
"""
    assert declared(tmp_path, text)["T"].properties == {
        "DisplayName": "prod-prod-x", "TopicName": "${app/U.Arn}", "FifoTopic": True, "KmsMasterKeyId": "a",
    }  # fmt: skip


def test_a_condition_that_nobody_decides_is_a_choice(tmp_path):
    path = write(tmp_path, {**EXTRA, "Resources": {"B": {"Type": "AWS::S3::Bucket", "Condition": "Asked"}}}, "app.json")
    (choice,) = read(path, CodeOptions()).choices
    assert (choice.text, choice.told(False)) == ('Must == "x"', f'Must != "x" ({choice.place})')
    assert choice.place.startswith("app.json:")
    for holds in (True, False):
        found = read(path, CodeOptions(world={choice.key: holds}))
        assert (len(found.resources), found.gaps) == (int(holds), [])


def test_conditions_take_resources_away(tmp_path):
    body = {
        **EXTRA,
        "Resources": {name: {"Type": "AWS::S3::Bucket", "Condition": name} for name in ("Prod", "Not", "Asked")},
    }
    found, inventory = resources(write(tmp_path, body, "app.json"))
    assert set(found) == {"app/Prod", "app/Asked"}
    assert inventory.gaps == []


def test_loops_are_written_out(tmp_path):
    body = {
        "Transform": "AWS::LanguageExtensions",
        "Parameters": {"Names": {"Type": "CommaDelimitedList", "Default": "a,b"}},
        "Resources": {
            "Fn::ForEach::Buckets": ["N", {"Ref": "Names"}, {"Bucket${N}": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::Sub": "x-${N}"}}}}],
        },
    }  # fmt: skip
    found = declared(tmp_path, body, "app.json")
    assert {name: each.properties for name, each in found.items()} == {
        "Bucketa": {"BucketName": "x-a"}, "Bucketb": {"BucketName": "x-b"},
    }  # fmt: skip


def test_numbers_and_truths_take_the_kind_of_the_schema(tmp_path):
    text = """
Resources:
  D:
    Type: AWS::RDS::DBInstance
    Properties: {EngineVersion: 16.10, MultiAZ: "true", BackupRetentionPeriod: "7", DBInstanceIdentifier: 12}
"""
    found, _ = resources(write(tmp_path, text))
    kept = found["app/D"].properties
    assert (kept["EngineVersion"], kept["MultiAZ"], kept["BackupRetentionPeriod"], kept["DBInstanceIdentifier"]) == (
        "16.10",
        True,
        7,
        "12",
    )


def test_lines_of_resources_and_members(tmp_path):
    text = "Resources:\n  B:\n    Type: AWS::S3::Bucket\n    Properties:\n      PublicAccessBlockConfiguration:\n        BlockPublicAcls: true\n"
    found, _ = resources(write(tmp_path, text))
    bucket = found["app/B"]
    assert bucket.origin == "app.yaml:2"
    assert bucket.place("PublicAccessBlockConfiguration.BlockPublicAcls") == "app.yaml:6"
    assert bucket.place("BucketEncryption") == "app.yaml:2"


def test_folds_join_their_owners(tmp_path):
    body = {"Resources": {
        "G": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "x"}},
        "I": {"Type": "AWS::EC2::SecurityGroupIngress", "Properties": {"GroupId": {"Fn::GetAtt": ["G", "GroupId"]}, "IpProtocol": 6, "FromPort": "22", "ToPort": "22", "CidrIp": "0.0.0.0/0"}},
        "R": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}}},
        "P": {"Type": "AWS::IAM::Policy", "Properties": {"PolicyName": "p", "Roles": [{"Ref": "R"}], "PolicyDocument": {"Statement": []}}},
        "M": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"Roles": [{"Ref": "R"}], "PolicyDocument": {"Statement": []}}},
    }}  # fmt: skip
    found, _ = resources(write(tmp_path, body, "app.json"))
    rules = found["app/G"].properties["SecurityGroupIngress"]
    assert rules == [{"CidrIp": "0.0.0.0/0", "FromPort": 22, "IpProtocol": "tcp", "ToPort": 22}]
    assert [each["PolicyName"] for each in found["app/R"].properties["Policies"]] == ["p"]
    assert found["app/R"].properties["ManagedPolicyArns"] == ["${app/M}"]


# ---- whatever is written, the evaluator gives a value or says that it cannot

NAMES = st.sampled_from(
    ["Env", "Zones", "Must", "Secret", "B", "U", "V", "T", "AWS::Region", "AWS::NoValue", "nobody", ""]
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=12)
    | NAMES
    | st.sampled_from(["${B}", "${B.Arn}-${Env}", "${${", "{{resolve:x:y}}", "10.0.0.0/8"])
)
FUNCTIONS = ["Ref", "Condition"] + [
    "Fn::" + each
    for each in (
        "GetAtt",
        "Sub",
        "Join",
        "Split",
        "Select",
        "FindInMap",
        "If",
        "And",
        "Or",
        "Not",
        "Equals",
        "Base64",
        "Cidr",
        "GetAZs",
        "ImportValue",
        "Length",
        "ToJsonString",
        "Transform",
        "ForEach::X",
        "Other",
    )
]
NODES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.sampled_from(FUNCTIONS), inner, min_size=1, max_size=1)
    | st.dictionaries(st.sampled_from(FUNCTIONS), st.lists(inner, min_size=2, max_size=3), min_size=1, max_size=1)
    | st.dictionaries(st.text(max_size=6) | st.sampled_from(FUNCTIONS), inner, max_size=3),
    max_leaves=20,
)  # fmt: skip


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(node=NODES, condition=NODES)
def test_nothing_that_is_written_breaks_the_evaluator(node, condition, tmp_path):
    body = {**EXTRA, "Conditions": {**EXTRA["Conditions"], "Fuzzed": condition, "Prod": condition}}
    body["Resources"] = {
        **EXTRA["Resources"],
        "T": {"Type": "AWS::SNS::Topic", "Condition": "Fuzzed", "Properties": {"DisplayName": node, "TopicName": {"Fn::GetAtt": ["T", "TopicName"]}}},
        "F": {"Type": "AWS::Serverless::Function", "Properties": {"Events": node, "Policies": node}},
        "G": {"Type": "AWS::Serverless::Function", "Connectors": {"C": {"Properties": node}}, "Properties": {
            "Events": {"S": {"Type": "S3", "Properties": node}, "N": {"Type": "SNS", "Properties": node}, "A": {"Type": "Api", "Properties": node},
                       "Q": {"Type": "Schedule", "Properties": {"DeadLetterConfig": node}}, "H": {"Type": "HttpApi", "Properties": node}},
            "AutoPublishAlias": node, "EventInvokeConfig": {"DestinationConfig": node}, "DeadLetterQueue": node, "Tags": node,
            "FunctionUrlConfig": node, "CodeUri": node}},
        "W": {"Type": "AWS::Serverless::StateMachine", "Properties": {"Events": node, "Policies": [node], "Tracing": node}},
        "K": {"Type": "AWS::Serverless::Connector", "Properties": {"Source": {"Id": "F"}, "Destination": node, "Permissions": node}},
        "L": {"Type": "AWS::Serverless::LayerVersion", "Properties": node},
    }  # fmt: skip
    body["Transform"] = "AWS::Serverless-2016-10-31"
    path = write(tmp_path, body, "app.json")
    told, found = [], []
    try:
        found = read(path, CodeOptions(region="ap-northeast-2")).resources
    except BadCode as error:
        told = error.lines
    assert found or told
    assert all("app.json:" in line for line in told)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(text=st.text(max_size=200) | NODES.map(json.dumps))
def test_nothing_that_is_written_breaks_the_reader(text, tmp_path):
    for name in ("a.yaml", "b.json"):
        path = tmp_path / name
        path.write_text(
            "Resources: {}\n" + text if name == "a.yaml" else text, encoding="utf-8", errors="surrogatepass"
        )
        told, stacks = [], []
        try:
            stacks = grow(path, CodeOptions()).stacks
        except BadCode as error:
            told = error.lines
        assert stacks or told
        assert all(name + ":" in line for line in told)


def test_a_value_is_unresolved_at_its_own_place(tmp_path):
    body = {**EXTRA, "Resources": {"L": {"Type": "AWS::Lambda::Function", "Properties": {"VpcConfig": {"SubnetIds": [{"Ref": "Must"}], "SecurityGroupIds": ["sg-1"]}, "Timeout": 3}}}}  # fmt: skip
    found, _ = resources(write(tmp_path, body, "app.json"))
    function = found["app/L"]
    assert "VpcConfig.SubnetIds" in function.unknown
    assert "--parameter Must=" in function.unknown["VpcConfig.SubnetIds"].message
    assert function.properties["VpcConfig"]["SecurityGroupIds"] == ["sg-1"]
    assert "Timeout" not in function.unknown
    assert not is_unresolved(function.properties)
