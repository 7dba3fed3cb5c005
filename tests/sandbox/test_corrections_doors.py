"""API Gateway and EKS keep what AWS keeps."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from auditor.sandbox import Sandbox
from auditor.sandbox.cuggu.names import trust


def test_a_switch_of_a_rest_api_can_be_turned_back(box: Sandbox) -> None:
    rest = box.session_client("apigateway")
    api = rest.create_rest_api(name="orders")["id"]

    def turned(value: str) -> list[bool]:
        change = {"op": "replace", "path": "/disableExecuteApiEndpoint", "value": value}
        told = rest.update_rest_api(restApiId=api, patchOperations=[change])
        return [told["disableExecuteApiEndpoint"], rest.get_rest_apis()["items"][0]["disableExecuteApiEndpoint"]]

    assert turned("true") == [True, True]
    assert turned("false") == [False, False]


def test_a_policy_of_a_rest_api_can_be_taken_away(box: Sandbox) -> None:
    rest = box.session_client("apigateway")
    api = rest.create_rest_api(name="orders", policy='{"Statement": []}')["id"]
    change = {"op": "replace", "path": "/policy", "value": ""}
    assert "policy" not in rest.update_rest_api(restApiId=api, patchOperations=[change])
    assert "policy" not in rest.get_rest_apis()["items"][0]


def test_an_integration_keeps_its_link_in_the_list_of_resources(box: Sandbox) -> None:
    rest = box.session_client("apigateway")
    made = rest.create_rest_api(name="orders")
    where = {"restApiId": made["id"], "resourceId": made["rootResourceId"], "httpMethod": "GET"}
    rest.put_method(**where, authorizationType="NONE")
    linked = {"type": "HTTP_PROXY", "connectionType": "VPC_LINK", "connectionId": "l1nk23", "uri": "http://inner"}
    rest.put_integration(**where, integrationHttpMethod="GET", **linked)
    listed = rest.get_resources(restApiId=made["id"], embed=["methods"])["items"][0]
    told = listed["resourceMethods"]["GET"]["methodIntegration"]
    assert {name: told[name] for name in linked} == linked


def test_a_stage_of_an_http_api_can_be_changed(box: Sandbox, kept: Any) -> None:
    http = box.session_client("apigatewayv2")
    api = http.create_api(Name="shop", ProtocolType="HTTP")["ApiId"]
    http.create_stage(ApiId=api, StageName="live")
    settings = {
        "AccessLogSettings": {
            "DestinationArn": "arn:aws:logs:ap-northeast-2:1:log-group:/x",
            "Format": "$context.path",
        },
        "AutoDeploy": True,
        "DefaultRouteSettings": {"ThrottlingBurstLimit": 50, "ThrottlingRateLimit": 20.0},
    }
    kept(settings, http.update_stage(ApiId=api, StageName="live", **settings))
    kept(settings, http.get_stages(ApiId=api)["Items"][0])
    http.delete_access_log_settings(ApiId=api, StageName="live")
    assert "AccessLogSettings" not in http.get_stages(ApiId=api)["Items"][0]
    with pytest.raises(ClientError, match="NotFoundException"):
        http.update_stage(ApiId=api, StageName="none", AutoDeploy=True)


def test_a_cluster_keeps_its_network_when_its_doors_change(box: Sandbox) -> None:
    eks, ec2 = box.session_client("eks"), box.session_client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    blocks = ("10.0.1.0/24", "10.0.2.0/24")
    subnets = [ec2.create_subnet(VpcId=vpc, CidrBlock=block)["Subnet"]["SubnetId"] for block in blocks]
    role = box.session_client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=trust("eks.amazonaws.com"))
    eks.create_cluster(name="prod", roleArn=role["Role"]["Arn"], resourcesVpcConfig={"subnetIds": subnets})
    before = eks.describe_cluster(name="prod")["cluster"]
    network = before["resourcesVpcConfig"]
    assert (network["vpcId"], network["endpointPublicAccess"]) == (vpc, True)
    assert before["accessConfig"] == {"authenticationMode": "CONFIG_MAP"}
    group = ec2.describe_security_groups(GroupIds=[network["clusterSecurityGroupId"]])["SecurityGroups"][0]
    assert [pair["GroupId"] for pair in group["IpPermissions"][0]["UserIdGroupPairs"]] == [group["GroupId"]]
    eks.update_cluster_config(name="prod", resourcesVpcConfig={"publicAccessCidrs": ["203.0.113.0/24"]})
    after = eks.describe_cluster(name="prod")["cluster"]["resourcesVpcConfig"]
    assert after == {**network, "publicAccessCidrs": ["203.0.113.0/24"]}


def test_a_user_pool_answers_with_what_nobody_chose(box: Sandbox) -> None:
    people = box.session_client("cognito-idp")
    pool = people.create_user_pool(PoolName="people", DeletionProtection="ACTIVE")["UserPool"]["Id"]
    told = people.describe_user_pool(UserPoolId=pool)["UserPool"]
    chosen = {name: told[name] for name in ("DeletionProtection", "MfaConfiguration", "UserPoolTier")}
    assert chosen == {"DeletionProtection": "ACTIVE", "MfaConfiguration": "OFF", "UserPoolTier": "ESSENTIALS"}
    assert told["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is False
