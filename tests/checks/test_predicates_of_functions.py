"""Predicates about functions, their schedules, and the zone of a database."""

import pytest

from auditor.checks.ask import ask_predicate, verdict_of
from auditor.model import Gap
from tests.fragments import graph_of

FUNCTION, RULE, SCHEDULE = "AWS::Lambda::Function", "AWS::Events::Rule", "AWS::Scheduler::Schedule"


def ask(fragment, name, subject, hidden="", **arguments):
    graph = graph_of(fragment)
    resource = next(each for each in graph.resources() if each.name == subject)
    if hidden:
        resource.unknown[hidden] = Gap("1", "r", "s", "o", "s:o", "denied", (resource.type,), "denied", resource.key)
    return verdict_of(list(ask_predicate(graph, resource, name, arguments)))


@pytest.mark.parametrize(
    ("names", "verdict"),
    [
        ((), "kept"),
        (("DATABASE_URL", "S3_BUCKET", "AWS_REGION"), "kept"),
        # Other services have keys too; they are secrets, but no access keys of AWS.
        (("NEXT_PUBLIC_MAP_KEY", "OPENAI_API_KEY", "AZURE_FACE_SECRET_KEY"), "kept"),
        (("S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"), "broken"),
        (("APP_AWS_SECRET_ACCESS_KEY",), "broken"),
        (("accessKeyId",), "broken"),
    ],
)
def test_no_static_keys(names, verdict):
    variables = {"Environment": {"Variables": dict.fromkeys(names, "[redacted]")}} if names else {}
    fragment = {"F": {"Type": FUNCTION, "Properties": variables}}
    assert ask(fragment, "no-static-keys", "F") == verdict
    assert ask(fragment, "no-static-keys", "F", hidden="Environment") == "unknown"


@pytest.mark.parametrize(
    ("zone", "verdict"), [(None, "kept"), ("UTC", "kept"), ("Etc/UTC", "kept"), ("Asia/Seoul", "broken")]
)
def test_read_in_utc(zone, verdict):
    given = {"ScheduleExpressionTimezone": zone} if zone else {}
    assert ask({"S": {"Type": SCHEDULE, "Properties": given}}, "read-in-utc", "S") == verdict
    assert ask({"R": {"Type": RULE}}, "read-in-utc", "R") == "kept"


def started(source, **more):
    fragment = {"F": {"Type": FUNCTION, "Properties": {"FunctionName": "cleanup"}}, "S": source, **more}
    return ask(fragment, "started-by-its-schedules", "F")


TARGET = {"Fn::GetAtt": ["F", "Arn"]}
NIGHTLY = {"Type": RULE, "Properties": {"Name": "nightly", "Targets": [{"Id": "1", "Arn": TARGET}]}}


@pytest.mark.parametrize(
    ("statement", "verdict"),
    [
        ({"Principal": "events.amazonaws.com", "SourceArn": {"Fn::GetAtt": ["S", "Arn"]}}, "kept"),
        ({"Principal": "events.amazonaws.com"}, "kept"),
        ({"Principal": "events.amazonaws.com", "SourceArn": "arn:aws:events:*:*:*nightly"}, "kept"),
        ({"Principal": "events.amazonaws.com", "SourceArn": "arn:aws:events:eu-west-1:1:rule/other"}, "broken"),
        ({"Principal": "s3.amazonaws.com"}, "broken"),
        ({"Principal": "events.amazonaws.com", "Effect": "Deny"}, "broken"),
    ],
)
def test_a_rule_starts_by_a_statement_of_the_function(statement, verdict):
    permission = {"Type": "AWS::Lambda::Permission", "Properties": {"FunctionName": {"Ref": "F"}, **statement}}
    assert started(NIGHTLY, P=permission) == verdict
    assert started(NIGHTLY) == "broken"


@pytest.mark.parametrize(
    ("action", "verdict"), [("lambda:InvokeFunction", "kept"), ("lambda:*", "kept"), ("s3:*", "broken")]
)
def test_a_schedule_starts_by_its_role(action, verdict):
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]}
    role = {"Type": "AWS::IAM::Role", "Properties": {"Policies": [{"PolicyName": "p", "PolicyDocument": document}]}}
    schedule = {"Type": SCHEDULE, "Properties": {"Target": {"Arn": TARGET, "RoleArn": {"Fn::GetAtt": ["R", "Arn"]}}}}
    assert started(schedule, R=role) == verdict
    assert started({"Type": SCHEDULE, "Properties": {"Target": {"Arn": TARGET}}}) == "broken"


@pytest.mark.parametrize(
    ("properties", "verdict", "without"),
    [
        # In the right zone, or in whichever AWS chooses, a second copy in another one changes nothing.
        ({"AvailabilityZone": "ap-northeast-2a"}, "kept", {"MultiAZ": "kept", "AvailabilityZone": "unknown"}),
        ({"AvailabilityZone": "ap-northeast-2c"}, "broken", {"MultiAZ": "unknown", "AvailabilityZone": "unknown"}),
        # A Multi-AZ instance may run in any zone of its subnet group.
        ({"AvailabilityZone": "ap-northeast-2c", "MultiAZ": True}, "kept", {"AvailabilityZone": "kept"}),
        ({}, "kept", {"MultiAZ": "kept"}),
    ],
)
def test_primary_in_zone(properties, verdict, without):
    fragment = {"D": {"Type": "AWS::RDS::DBInstance", "Properties": properties}}
    assert ask(fragment, "primary-in-zone", "D", suffix="a") == verdict
    for hidden, told in without.items():
        assert ask(fragment, "primary-in-zone", "D", hidden=hidden, suffix="a") == told, hidden


@pytest.mark.parametrize(
    ("version", "upgraded", "verdict", "without"),
    [
        ("15.3", False, "kept", "kept"),
        ("15.3", True, "kept", "kept"),
        ("15.7", True, "kept", "unknown"),  # RDS's own doing
        ("15.12", True, "kept", "unknown"),
        ("15.7", False, "broken", "unknown"),
        ("15.2", True, "broken", "broken"),
        ("15", True, "broken", "broken"),
        ("16.3", True, "broken", "broken"),
    ],
)
def test_minor_versions_are_rds_to_choose_where_it_upgrades_by_itself(version, upgraded, verdict, without):
    instance = {"EngineVersion": version, "AutoMinorVersionUpgrade": upgraded}
    fragment = {"D": {"Type": "AWS::RDS::DBInstance", "Properties": instance}}
    assert ask(fragment, "engine-version", "D", stated="15.3") == verdict
    assert ask(fragment, "engine-version", "D", hidden="AutoMinorVersionUpgrade", stated="15.3") == without
    assert ask(fragment, "engine-version", "D", hidden="EngineVersion", stated="15.3") == "unknown"


@pytest.mark.parametrize(
    ("engine", "stated", "version", "verdict"),
    [
        ("mysql", "8.0.35", "8.0.40", "kept"),
        ("mysql", "8.0.35", "8.4.3", "broken"),  # another major version, which RDS never takes by itself
        ("mariadb", "10.6.14", "10.6.20", "kept"),
        ("mariadb", "10.6.14", "10.11.8", "broken"),
        ("postgres", "15.3", "15.10", "kept"),
    ],
)
def test_what_a_major_version_is_depends_on_the_engine(engine, stated, version, verdict):
    instance = {"Engine": engine, "EngineVersion": version, "AutoMinorVersionUpgrade": True}
    fragment = {"D": {"Type": "AWS::RDS::DBInstance", "Properties": instance}}
    assert ask(fragment, "engine-version", "D", stated=stated) == verdict


def in_zones(*zones):
    """A subnet group of subnets in these zones; None: the first that the account offers."""
    first = {"Fn::Select": [0, {"Fn::GetAZs": ""}]}
    subnets = {
        f"S{index}": {"Type": "AWS::EC2::Subnet", "Properties": {"AvailabilityZone": zone or first, "VpcId": "vpc-1"}}
        for index, zone in enumerate(zones)
    }
    ids = {"SubnetIds": [{"Ref": name} for name in subnets], "DBSubnetGroupDescription": "x"}
    return {**subnets, "G": {"Type": "AWS::RDS::DBSubnetGroup", "Properties": ids}}


@pytest.mark.parametrize(
    ("zones", "verdict"),
    [
        (("ap-northeast-2a", "ap-northeast-2c"), "kept"),
        (("ap-northeast-2a", "ap-northeast-2b"), "broken"),
        (("ap-northeast-2a", None), "unknown"),
        ((None, None), "unknown"),
        (("ap-northeast-2a", "ap-northeast-2c", None), "kept"),
        # One subnet cannot make up for two zones, whichever it lies in.
        ((None,), "broken"),
        (("ap-northeast-2b", None), "broken"),
    ],
)
def test_zones_that_only_the_account_knows_are_unknown_where_they_decide(zones, verdict):
    assert ask(in_zones(*zones), "covers-zones", "G", suffixes=["a", "c"]) == verdict
