"""What is wanted of APIs and clusters: type -> role -> place -> wish. Their parts stand beside cuggu too."""

from __future__ import annotations

from typing import Any

from auditor.model import ABSENT
from auditor.sandbox.built import Built
from tests.remedy.wishes import flip, guarded

WORLD = "arn:aws:logs:ap-northeast-2:123456789012:log-group:/spare/other"
LOG = {"DestinationArn": WORLD, "Format": "$context.identity.sourceIp"}
CORS = {"AllowMethods": ["GET"], "AllowOrigins": ["https://www.example.com"]}
LOGGED = {"ClusterLogging": {"EnabledTypes": [{"Type": "api"}, {"Type": "audit"}]}}

TABLE: dict[str, dict[str, dict[str, Any]]] = {
    "ApiGateway::RestApi": {
        "spare-rest-api": {
            "Policy": [guarded, ABSENT],
            "DisableExecuteApiEndpoint": flip,
            "ApiKeySourceType": "AUTHORIZER",
        },
        "spare-shut-api": {"Policy": guarded, "DisableExecuteApiEndpoint": flip},
    },
    "ApiGateway::Stage": {
        "spare-rest-stage": {"AccessLogSetting": [lambda now, built: LOG, ABSENT], "TracingEnabled": flip},
        "spare-shut-stage": {"AccessLogSetting": LOG, "TracingEnabled": flip},
    },
    "ApiGatewayV2::Api": {
        "spare-http-api": {"DisableExecuteApiEndpoint": flip, "CorsConfiguration": CORS},
        "spare-open-api": {"CorsConfiguration": [lambda now, built: CORS, ABSENT]},
    },
    "ApiGatewayV2::Stage": {
        "spare-http-stage": {
            "AccessLogSettings": [lambda now, built: LOG, ABSENT],
            "AutoDeploy": flip,
            "DefaultRouteSettings": {"ThrottlingBurstLimit": 50, "ThrottlingRateLimit": 20.0},
        },
        "spare-open-stage": {"AccessLogSettings": LOG},
    },
    "EKS::Cluster": {
        "spare-cluster-of-pods": {
            "ResourcesVpcConfig.EndpointPrivateAccess": flip,
            "ResourcesVpcConfig.PublicAccessCidrs": ["203.0.113.0/24"],
            "Logging": LOGGED,
        },
    },
}


def build_doors(built: Built) -> None:
    """Two REST APIs, two HTTP APIs with their stages, and a cluster."""
    log = {"destinationArn": WORLD.replace("other", "calls"), "format": "$context.requestId"}
    rest = built.client("apigateway")
    for name, shut in (("spare-rest", False), ("spare-shut", True)):
        made = rest.create_rest_api(
            name=name, endpointConfiguration={"types": ["REGIONAL"]}, disableExecuteApiEndpoint=shut
        )
        api = built.put(f"{name}-api", made["id"])
        root = made["rootResourceId"]
        rest.put_method(restApiId=api, resourceId=root, httpMethod="GET", authorizationType="NONE")
        rest.put_integration(restApiId=api, resourceId=root, httpMethod="GET", type="MOCK")
        deployment = rest.create_deployment(restApiId=api)["id"]
        rest.create_stage(restApiId=api, stageName="live", deploymentId=deployment)
        built.put(f"{name}-stage", f"{api}/live")
    patch = [{"op": "replace", "path": f"/accessLogSettings/{key}", "value": value} for key, value in log.items()]
    rest.update_stage(restApiId=built["spare-rest-api"], stageName="live", patchOperations=patch)
    policy = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*"}]}'
    change = {"op": "replace", "path": "/policy", "value": policy}
    rest.update_rest_api(restApiId=built["spare-rest-api"], patchOperations=[change])
    http = built.client("apigatewayv2")
    for name, more in (("spare-http", {}), ("spare-open", {"CorsConfiguration": {"AllowOrigins": ["*"]}})):
        api = built.put(f"{name}-api", http.create_api(Name=name, ProtocolType="HTTP", **more)["ApiId"])
        http.create_stage(ApiId=api, StageName="$default", AutoDeploy=True)
        built.put(f"{name}-stage", f"{api}/$default")
    http.update_stage(
        ApiId=built["spare-http-api"],
        StageName="$default",
        AccessLogSettings={"DestinationArn": log["destinationArn"], "Format": log["format"]},
    )
    built.client("eks").create_cluster(
        name="spare-pods",
        roleArn=built.arn("spare-role"),
        resourcesVpcConfig={"subnetIds": [built["private-subnet-a"], built["private-subnet-b"]]},
    )
    built.put("spare-cluster-of-pods", "spare-pods")
