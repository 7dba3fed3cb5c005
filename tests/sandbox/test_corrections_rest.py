"""EC2, Lambda, IAM, logs and alarms keep what AWS keeps."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from auditor.sandbox import Sandbox
from auditor.sandbox.built import Built
from auditor.sandbox.cuggu.compute import package
from auditor.sandbox.cuggu.names import trust


def function(box: Sandbox, **settings: Any) -> dict[str, Any]:
    role = box.session_client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=trust("lambda.amazonaws.com"))
    usual = {
        "FunctionName": "f",
        "Runtime": "nodejs22.x",
        "Handler": "index.handler",
        "Role": role["Role"]["Arn"],
        "Code": {"ZipFile": package()},
    }
    made: dict[str, Any] = box.session_client("lambda").create_function(**(usual | settings))
    return made


SETTINGS = {
    "LoggingConfig": {"LogFormat": "JSON", "ApplicationLogLevel": "INFO", "SystemLogLevel": "WARN", "LogGroup": "/x"},
    "DeadLetterConfig": {"TargetArn": "arn:aws:sqs:ap-northeast-2:123456789012:dead"},
    "TracingConfig": {"Mode": "Active"},
    "EphemeralStorage": {"Size": 1024},
    "KMSKeyArn": "arn:aws:kms:ap-northeast-2:123456789012:key/x",
    "MemorySize": 1024,
    "Timeout": 60,
}


def test_a_function_comes_back_as_it_was_sent(box: Sandbox, kept: Any) -> None:
    functions = box.session_client("lambda")
    kept(SETTINGS, function(box, **SETTINGS))
    kept(SETTINGS, functions.get_function(FunctionName="f")["Configuration"])
    kept(SETTINGS, functions.get_function_configuration(FunctionName="f"))
    kept(SETTINGS, functions.list_functions()["Functions"][0])
    kept(SETTINGS, functions.publish_version(FunctionName="f"))


def test_a_change_of_a_function_shows(box: Sandbox, kept: Any) -> None:
    functions = box.session_client("lambda")
    made = function(box)
    assert made["LoggingConfig"] == {"LogFormat": "Text", "LogGroup": "/aws/lambda/f"}
    functions.update_function_configuration(FunctionName="f", **SETTINGS)
    kept(SETTINGS, functions.get_function_configuration(FunctionName="f"))
    functions.update_function_configuration(FunctionName="f", DeadLetterConfig={"TargetArn": ""}, KMSKeyArn="")
    read = functions.get_function_configuration(FunctionName="f")
    assert "DeadLetterConfig" not in read
    assert "KMSKeyArn" not in read


def test_a_function_stands_in_the_network_of_its_subnets(cuggu: Built) -> None:
    functions = cuggu.client("lambda")
    read = functions.get_function_configuration(FunctionName=cuggu["server"])["VpcConfig"]
    assert read["VpcId"] == cuggu["vpc"]
    with pytest.raises(functions.exceptions.InvalidParameterValueException, match="subnet-00000000"):
        functions.update_function_configuration(
            FunctionName=cuggu["server"], VpcConfig={"SubnetIds": ["subnet-00000000"], "SecurityGroupIds": []}
        )


def test_a_function_url_can_be_changed_and_listed(box: Sandbox) -> None:
    functions = box.session_client("lambda")
    function(box)
    assert functions.list_function_url_configs(FunctionName="f")["FunctionUrlConfigs"] == []
    made = functions.create_function_url_config(FunctionName="f", AuthType="NONE")
    assert made["FunctionUrl"].endswith(".lambda-url.ap-northeast-2.on.aws/")
    assert made["InvokeMode"] == "BUFFERED"
    functions.update_function_url_config(FunctionName="f", AuthType="AWS_IAM", InvokeMode="RESPONSE_STREAM")
    listed = functions.list_function_url_configs(FunctionName="f")["FunctionUrlConfigs"]
    assert [(c["AuthType"], c["InvokeMode"], c["FunctionUrl"]) for c in listed] == [
        ("AWS_IAM", "RESPONSE_STREAM", made["FunctionUrl"])
    ]
    functions.delete_function_url_config(FunctionName="f")
    assert functions.list_function_url_configs(FunctionName="f")["FunctionUrlConfigs"] == []
    with pytest.raises(functions.exceptions.ResourceNotFoundException):
        functions.list_function_url_configs(FunctionName="nobody")


def test_restrictions_of_a_permission_are_conditions(box: Sandbox) -> None:
    functions = box.session_client("lambda")
    function(box)
    wanted: dict[str, dict[str, Any]] = {
        "url": {"Action": "lambda:InvokeFunctionUrl", "Principal": "*", "FunctionUrlAuthType": "NONE"},
        "edge": {
            "Action": "lambda:InvokeFunctionUrl",
            "Principal": "cloudfront.amazonaws.com",
            "SourceArn": "arn:aws:cloudfront::123456789012:distribution/E1",
            "SourceAccount": "123456789012",
        },
        "friend": {"Action": "lambda:InvokeFunction", "Principal": "210987654321", "PrincipalOrgID": "o-abcdefghij"},
    }
    for name, permission in wanted.items():
        functions.add_permission(FunctionName="f", StatementId=name, **permission)
    document = json.loads(functions.get_policy(FunctionName="f")["Policy"])
    read = {statement["Sid"]: statement for statement in document["Statement"]}
    assert read["url"]["Principal"] == "*"
    assert read["url"]["Condition"] == {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}}
    assert read["edge"]["Condition"] == {
        "StringEquals": {"AWS:SourceAccount": "123456789012"},
        "ArnLike": {"AWS:SourceArn": "arn:aws:cloudfront::123456789012:distribution/E1"},
    }
    assert read["friend"]["Principal"] == {"AWS": "arn:aws:iam::210987654321:root"}
    assert set(read["edge"]) == {"Sid", "Effect", "Principal", "Action", "Resource", "Condition"}


def test_service_linked_roles_have_their_names_and_policies(box: Sandbox) -> None:
    iam = box.session_client("iam")
    made = iam.create_service_linked_role(AWSServiceName="rds.amazonaws.com")["Role"]
    assert made["RoleName"] == "AWSServiceRoleForRDS"
    read = iam.get_role(RoleName="AWSServiceRoleForRDS")["Role"]
    assert read["Arn"] == made["Arn"]
    assert read["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {"Service": "rds.amazonaws.com"}
    attached = iam.list_attached_role_policies(RoleName="AWSServiceRoleForRDS")["AttachedPolicies"]
    assert [policy["PolicyName"] for policy in attached] == ["AmazonRDSServiceRolePolicy"]


def test_the_details_of_an_account_list_policies_in_use(cuggu: Built) -> None:
    details = cuggu.client("iam").get_account_authorization_details()
    listed = {policy["PolicyName"] for policy in details["Policies"]}
    attached = {
        policy["PolicyName"] for role in details["RoleDetailList"] for policy in role["AttachedManagedPolicies"]
    }
    assert listed == attached
    assert {"AWSLambdaVPCAccessExecutionRole", "cuggu-sst-deploy", "AmazonRDSServiceRolePolicy"} <= listed


def test_a_password_policy_has_no_ages_that_were_not_set(box: Sandbox) -> None:
    iam = box.session_client("iam")
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.get_account_password_policy()
    iam.update_account_password_policy(MinimumPasswordLength=14)
    read = iam.get_account_password_policy()["PasswordPolicy"]
    assert read["MinimumPasswordLength"] == 14
    assert "MaxPasswordAge" not in read


def test_a_log_group_keeps_its_class(box: Sandbox) -> None:
    logs = box.session_client("logs")
    logs.create_log_group(logGroupName="/a", logGroupClass="INFREQUENT_ACCESS")
    logs.create_log_group(logGroupName="/b")
    read = {group["logGroupName"]: group["logGroupClass"] for group in logs.describe_log_groups()["logGroups"]}
    assert read == {"/a": "INFREQUENT_ACCESS", "/b": "STANDARD"}
    rare = logs.describe_log_groups(logGroupClass="INFREQUENT_ACCESS")["logGroups"]
    assert [group["logGroupName"] for group in rare] == ["/a"]


def test_composite_alarms_are_told_when_asked_for(cuggu: Built) -> None:
    cloudwatch = cuggu.client("cloudwatch")
    cloudwatch.put_composite_alarm(AlarmName="both", AlarmRule='ALARM("a") OR ALARM("b")', AlarmActions=["arn:x"])
    assert cloudwatch.describe_alarms()["CompositeAlarms"] == []
    asked = cloudwatch.describe_alarms(AlarmTypes=["CompositeAlarm"])
    assert [(a["AlarmName"], a["AlarmActions"]) for a in asked["CompositeAlarms"]] == [("both", ["arn:x"])]
    assert asked["MetricAlarms"] == []
    cloudwatch.delete_alarms(AlarmNames=["both"])
    assert cloudwatch.describe_alarms(AlarmTypes=["CompositeAlarm"])["CompositeAlarms"] == []


def test_a_missing_thing_stays_an_error_of_aws(box: Sandbox) -> None:
    """Corrections pass on what moto refuses."""
    for service, method, params, code in (
        ("rds", "delete_db_instance", {"DBInstanceIdentifier": "x"}, "DBInstanceNotFound"),
        ("s3", "get_bucket_encryption", {"Bucket": "nobody"}, "NoSuchBucket"),
        ("kms", "get_key_rotation_status", {"KeyId": "1" * 8 + "-1111-1111-1111-" + "1" * 12}, "NotFoundException"),
        ("lambda", "get_function", {"FunctionName": "nobody"}, "ResourceNotFoundException"),
        ("cloudfront", "get_distribution", {"Id": "E1"}, "NoSuchDistribution"),
        ("logs", "delete_log_group", {"logGroupName": "/x"}, "ResourceNotFoundException"),
    ):
        with pytest.raises(ClientError) as caught:
            getattr(box.session_client(service), method)(**params)
        assert caught.value.response["Error"]["Code"] == code


def test_a_user_keeps_its_boundary(box: Sandbox) -> None:
    iam = box.session_client("iam")
    document = json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    )
    policy = iam.create_policy(PolicyName="limit", PolicyDocument=document)["Policy"]["Arn"]

    def seen() -> list[str]:
        users = [iam.get_user(UserName="u")["User"], iam.get_account_authorization_details()["UserDetailList"][0]]
        return [user.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", "") for user in users]

    iam.create_user(UserName="u", PermissionsBoundary=policy)
    assert seen() == [policy, policy]
    iam.delete_user_permissions_boundary(UserName="u")
    assert seen() == ["", ""]
    iam.put_user_permissions_boundary(UserName="u", PermissionsBoundary=policy)
    assert seen() == [policy, policy]
    iam.delete_user(UserName="u")
    iam.create_user(UserName="u")
    assert seen() == ["", ""]


def test_a_bucket_that_tells_eventbridge_says_so(box: Sandbox) -> None:
    s3 = box.session_client("s3")
    s3.create_bucket(Bucket="teller", CreateBucketConfiguration={"LocationConstraint": "ap-northeast-2"})
    assert "EventBridgeConfiguration" not in s3.get_bucket_notification_configuration(Bucket="teller")
    s3.put_bucket_notification_configuration(
        Bucket="teller", NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    assert s3.get_bucket_notification_configuration(Bucket="teller")["EventBridgeConfiguration"] == {}
