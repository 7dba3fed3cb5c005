"""The cuggu account says what its document says, with the names, tags and neighbours of a real one."""

from __future__ import annotations

import json
from typing import Any

from auditor.sandbox import Sandbox
from auditor.sandbox.built import Built
from auditor.sandbox.cuggu import ROLES, build_cuggu


def test_it_is_built_by_a_bounded_number_of_calls_and_without_an_error(seeded: Built) -> None:
    """What building it costs is its calls: every test that wants an account waits for them."""
    with seeded.box.scratch() as box:
        box.reset()
        build_cuggu(box)
        made = box.requests()
        assert [request for request in made if request.status >= 300] == []
        assert len(made) < 200


def test_every_role_is_played_and_documented(seeded: Built) -> None:
    assert set(seeded.ids) == set(ROLES) - {"s3-endpoint"}


def test_a_gateway_endpoint_is_optional(box: Sandbox) -> None:
    built = build_cuggu(box, s3_endpoint=True)
    assert set(built.ids) == set(ROLES)
    table = built.client("ec2").describe_route_tables(RouteTableIds=[built["private-routes"]])["RouteTables"][0]
    assert built["s3-endpoint"] in {route.get("GatewayId") for route in table["Routes"]}


def test_what_is_built_can_be_looked_at_in_a_clone(seeded: Built) -> None:
    with seeded.box.clone() as copy:
        there = seeded.on(copy)
        there.client("cloudwatch").delete_alarms(AlarmNames=[there["alarm-on-database-cpu"]])
        left = there.client("cloudwatch").describe_alarms()["MetricAlarms"]
        assert {alarm["AlarmName"] for alarm in left} == set(seeded.all("alarm-on-").values()) - {
            seeded["alarm-on-database-cpu"]
        }
    assert len(seeded.client("cloudwatch").describe_alarms()["MetricAlarms"]) == len(seeded.all("alarm-on-"))


def subnet_zone(built: Built, role: str) -> str:
    return str(built.client("ec2").describe_subnets(SubnetIds=[built[role]])["Subnets"][0]["AvailabilityZone"])


def test_section_2_network(seeded: Built) -> None:
    zones = [subnet_zone(seeded, role) for role in ("private-subnet-a", "private-subnet-b", "public-subnet-a")]
    assert zones == ["ap-northeast-2a", "ap-northeast-2c", "ap-northeast-2a"]
    ec2 = seeded.client("ec2")
    gateway = ec2.describe_nat_gateways()["NatGateways"][0]
    assert (gateway["NatGatewayId"], gateway["SubnetId"]) == (seeded["nat"], seeded["public-subnet-a"])
    tables = {table["RouteTableId"]: table for table in ec2.describe_route_tables()["RouteTables"]}
    private = tables[seeded["private-routes"]]
    assert {association["SubnetId"] for association in private["Associations"]} == {
        seeded["private-subnet-a"],
        seeded["private-subnet-b"],
    }
    assert [route["NatGatewayId"] for route in private["Routes"] if "NatGatewayId" in route] == [seeded["nat"]]
    public = [route.get("GatewayId") for route in tables[seeded["public-routes"]]["Routes"]]
    assert seeded["internet-gateway"] in public


def test_section_2_data(seeded: Built, kept: Any) -> None:
    rds = seeded.client("rds")
    database = rds.describe_db_instances()["DBInstances"][0]
    expected = {
        "DBInstanceIdentifier": seeded["database"],
        "Engine": "postgres",
        "DBInstanceClass": "db.t4g.micro",
        "PubliclyAccessible": False,
        "StorageEncrypted": True,
        "MultiAZ": False,
        "KmsKeyId": seeded.arn("key"),
        "VpcSecurityGroups": [{"VpcSecurityGroupId": seeded["database-group"]}],
    }
    kept(expected, database)
    assert database["EngineVersion"].split(".")[0] == "16"
    group = {subnet["SubnetIdentifier"] for subnet in database["DBSubnetGroup"]["Subnets"]}
    assert group == {seeded["private-subnet-a"], seeded["private-subnet-b"]}
    proxy = rds.describe_db_proxies()["DBProxies"][0]
    kept({"DBProxyName": seeded["proxy"], "EngineFamily": "POSTGRESQL", "RequireTLS": True}, proxy)
    assert proxy["Auth"][0]["SecretArn"] == seeded["database-secret"]
    target = rds.describe_db_proxy_targets(DBProxyName=seeded["proxy"])["Targets"][0]
    assert target["RdsResourceId"] == seeded["database"]
    assert seeded["images-bucket"] == "cuggu-images"


def test_section_2_compute(seeded: Built, kept: Any) -> None:
    functions = seeded.client("lambda")
    server = functions.get_function_configuration(FunctionName=seeded["server"])
    kept({"MemorySize": 1024, "Timeout": 60, "VpcConfig": {"VpcId": seeded["vpc"]}}, server)
    url = functions.get_function_url_config(FunctionName=seeded["server"])
    kept({"InvokeMode": "RESPONSE_STREAM", "AuthType": "AWS_IAM", "FunctionUrl": seeded["server-url"]}, url)
    kept({"Timeout": 300}, functions.get_function_configuration(FunctionName=seeded["cleanup"]))
    events = seeded.client("events")
    kept(
        {"ScheduleExpression": "cron(0 18 * * ? *)", "State": "ENABLED"},
        events.describe_rule(Name=seeded["cleanup-schedule"]),
    )
    targets = events.list_targets_by_rule(Rule=seeded["cleanup-schedule"])["Targets"]
    assert [target["Arn"] for target in targets] == [seeded.arn("cleanup")]
    statement = json.loads(functions.get_policy(FunctionName=seeded["cleanup"])["Policy"])["Statement"][0]
    assert statement["Principal"] == {"Service": "events.amazonaws.com"}
    assert statement["Condition"] == {"ArnLike": {"AWS:SourceArn": seeded.arn("cleanup-schedule")}}


def test_section_2_edge(seeded: Built, kept: Any) -> None:
    cloudfront = seeded.client("cloudfront")
    config = cloudfront.get_distribution_config(Id=seeded["cdn"])["DistributionConfig"]
    origins = {origin["Id"]: origin for origin in config["Origins"]["Items"]}
    assert set(origins) == {"server", "imageOptimizer", "s3"}
    assert all(origin["OriginAccessControlId"] for origin in origins.values())
    assert f"https://{origins['server']['DomainName']}/" == seeded["server-url"]
    assert origins["s3"]["DomainName"].startswith(f"{seeded['static-bucket']}.s3.")
    default = config["DefaultCacheBehavior"]
    assert default["FunctionAssociations"]["Items"][0]["FunctionARN"] == seeded.arn("middleware")
    assert default["ViewerProtocolPolicy"] == "redirect-to-https"
    certificate = {"ACMCertificateArn": seeded["certificate"], "MinimumProtocolVersion": "TLSv1.2_2021"}
    kept(certificate, config["ViewerCertificate"])
    images = cloudfront.get_distribution_config(Id=seeded["image-cdn"])["DistributionConfig"]["Origins"]["Items"]
    assert images[0]["DomainName"].startswith("cuggu-images.s3.")
    records = seeded.client("route53").list_resource_record_sets(HostedZoneId=seeded["zone"])["ResourceRecordSets"]
    alias = next(r for r in records if (r["Name"], r["Type"]) == (seeded["alias-record"], "A"))
    domain = cloudfront.get_distribution(Id=seeded["cdn"])["Distribution"]["DomainName"]
    assert alias["AliasTarget"]["DNSName"] == f"{domain}."
    for bucket, distribution in (("static-bucket", "cdn"), ("images-bucket", "image-cdn")):
        policy = json.loads(seeded.client("s3").get_bucket_policy(Bucket=seeded[bucket])["Policy"])
        allowed = [s for s in policy["Statement"] if s["Effect"] == "Allow"]
        assert [s["Condition"] for s in allowed] == [{"StringEquals": {"AWS:SourceArn": seeded.arn(distribution)}}]


def test_section_2_monitoring(seeded: Built) -> None:
    groups = seeded.client("logs").describe_log_groups()["logGroups"]
    retained = {group["logGroupName"]: group.get("retentionInDays") for group in groups}
    for role in ("server-logs", "image-logs", "cleanup-logs", "database-logs", "proxy-logs"):
        assert retained[seeded[role]] == 30
    for alarm in seeded.client("cloudwatch").describe_alarms()["MetricAlarms"]:
        assert alarm["AlarmActions"] == [seeded["alarm-topic"]]
    subscriptions = seeded.client("sns").list_subscriptions_by_topic(TopicArn=seeded["alarm-topic"])["Subscriptions"]
    assert {s["Protocol"] for s in subscriptions} == {"email", "https"}


def test_nobody_is_administrator(seeded: Built) -> None:
    details = seeded.client("iam").get_account_authorization_details()
    assert details["UserDetailList"] == []
    held = [v["Document"] for p in details["Policies"] for v in p["PolicyVersionList"] if v["IsDefaultVersion"]]
    inline = [policy["PolicyDocument"] for role in details["RoleDetailList"] for policy in role["RolePolicyList"]]
    for document in held + inline:
        for statement in document["Statement"]:
            assert (statement.get("Action"), statement.get("Resource")) != ("*", "*")


def test_parts_carry_the_tags_of_sst(seeded: Built) -> None:
    tags = {"sst:app": "cuggu", "sst:stage": "prod"}
    function = seeded.client("lambda").list_tags(Resource=seeded.arn("server"))["Tags"]
    database = seeded.client("rds").list_tags_for_resource(ResourceName=seeded.arn("database"))["TagList"]
    bucket = seeded.client("s3").get_bucket_tagging(Bucket=seeded["static-bucket"])["TagSet"]
    cdn = seeded.client("cloudfront").list_tags_for_resource(Resource=seeded.arn("cdn"))["Tags"]["Items"]
    vpc = seeded.client("ec2").describe_vpcs(VpcIds=[seeded["vpc"]])["Vpcs"][0]["Tags"]
    assert function == tags
    for listed in (database, bucket, cdn, vpc):
        assert tags.items() <= {tag["Key"]: tag["Value"] for tag in listed}.items()


def test_neighbours_are_there(seeded: Built) -> None:
    buckets = {bucket["Name"] for bucket in seeded.client("s3").list_buckets()["Buckets"]}
    assert {"sst-state-kxswhmbd", "cdk-hnb659fds-assets-123456789012-ap-northeast-2"} <= buckets
    roles = {role["RoleName"] for role in seeded.client("iam").list_roles()["Roles"]}
    assert "AWSServiceRoleForRDS" in roles
    vpcs = seeded.client("ec2").describe_vpcs()["Vpcs"]
    assert sorted(vpc["IsDefault"] for vpc in vpcs) == [False, True]
    assert "lunch-bot" in {f["FunctionName"] for f in seeded.client("lambda").list_functions()["Functions"]}
