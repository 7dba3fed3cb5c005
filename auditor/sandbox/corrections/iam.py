"""IAM: service-linked roles with their real names and policies, and no thousand policies nobody uses.

GetAccountAuthorizationDetails lists the managed policies of AWS that are in use; moto lists all 1,582 of them,
one second of XML a call, without their names, and the account's own in the order of a set. The root user has MFA:
AWS demands it.
"""

from __future__ import annotations

import json
from typing import Any

from auditor.sandbox.call import Call, Refusal
from auditor.sandbox.corrections import Ask, corrects, shelf

# Service -> name of its role, and the managed policy it holds (where moto has it).
LINKED = {
    "access-analyzer.amazonaws.com": ("AWSServiceRoleForAccessAnalyzer", "AccessAnalyzerServiceRolePolicy"),
    "autoscaling.amazonaws.com": ("AWSServiceRoleForAutoScaling", "AutoScalingServiceRolePolicy"),
    "backup.amazonaws.com": ("AWSServiceRoleForBackup", "AWSBackupServiceLinkedRolePolicyForBackup"),
    "cloudtrail.amazonaws.com": ("AWSServiceRoleForCloudTrail", "CloudTrailServiceRolePolicy"),
    "config.amazonaws.com": ("AWSServiceRoleForConfig", "AWSConfigServiceRolePolicy"),
    "ecs.amazonaws.com": ("AWSServiceRoleForECS", "AmazonECSServiceRolePolicy"),
    "eks.amazonaws.com": ("AWSServiceRoleForAmazonEKS", "AmazonEKSServiceRolePolicy"),
    "elasticache.amazonaws.com": ("AWSServiceRoleForElastiCache", "ElastiCacheServiceRolePolicy"),
    "elasticloadbalancing.amazonaws.com": (
        "AWSServiceRoleForElasticLoadBalancing",
        "AWSElasticLoadBalancingServiceRolePolicy",
    ),
    "guardduty.amazonaws.com": ("AWSServiceRoleForAmazonGuardDuty", "AmazonGuardDutyServiceRolePolicy"),
    "ops.apigateway.amazonaws.com": ("AWSServiceRoleForAPIGateway", "APIGatewayServiceRolePolicy"),
    "organizations.amazonaws.com": ("AWSServiceRoleForOrganizations", "AWSOrganizationsServiceTrustPolicy"),
    "rds.amazonaws.com": ("AWSServiceRoleForRDS", "AmazonRDSServiceRolePolicy"),
    "replicator.lambda.amazonaws.com": ("AWSServiceRoleForLambdaReplicator", "AWSLambdaReplicator"),
    "securityhub.amazonaws.com": ("AWSServiceRoleForSecurityHub", "AWSSecurityHubServiceRolePolicy"),
    "support.amazonaws.com": ("AWSServiceRoleForSupport", "AWSSupportServiceRolePolicy"),
    "trustedadvisor.amazonaws.com": ("AWSServiceRoleForTrustedAdvisor", "AWSTrustedAdvisorServiceRolePolicy"),
}


def patch() -> None:
    from moto.iam import models
    from moto.iam.models import IAMBackend, ManagedPolicy

    ManagedPolicy.policy_name = property(lambda policy: policy.name)
    ManagedPolicy.policy_id = property(lambda policy: policy.id)
    models.get_account_id_from = account_of
    models.Role.put_policy = as_text(models.Role.put_policy)
    IAMBackend.get_account_authorization_details = in_use(IAMBackend.get_account_authorization_details)


def as_text(original: Any) -> Any:
    """CloudFormation gives the policies inside a role as objects; moto keeps them so and cannot answer with them."""

    def put_policy(role: Any, name: str, policy: Any) -> None:
        original(role, name, policy if isinstance(policy, str) else json.dumps(policy, default=str))

    return put_policy


def account_of(access_key: str) -> str:
    """Moto looks for the key in every partition, which builds seven backends with 1,582 policies each."""
    from moto.core import DEFAULT_ACCOUNT_ID
    from moto.iam.models import iam_backends

    for account, partitions in list(iam_backends.items()):
        if "aws" in partitions.keys() and access_key in partitions["aws"].access_keys:  # noqa: SIM118
            return str(account)
    return str(DEFAULT_ACCOUNT_ID)


def in_use(original: Any) -> Any:
    def get_account_authorization_details(backend: Any, policy_filter: list[str]) -> dict[str, Any]:
        details: dict[str, Any] = original(backend, policy_filter)
        kept = [
            policy
            for policy in details["managed_policies"]
            if ":aws:policy/" not in policy.arn or policy.attachment_count
        ]
        details["managed_policies"] = sorted(kept, key=lambda policy: str(policy.arn))
        return details

    return get_account_authorization_details


@corrects("iam", "CreateServiceLinkedRole")
def linked(call: Call, ask: Ask) -> dict[str, Any]:
    """Moto derives a name from the service's; AWS has a name and a policy for each."""
    role = ask(call)["Role"]
    service = call.params["AWSServiceName"]
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}],
    }
    backend = iam(call)
    made = backend.roles[role["RoleId"]]
    made.assume_role_policy_document = json.dumps(trust)
    role["AssumeRolePolicyDocument"] = json.dumps(trust)
    if service in LINKED:
        name, policy = LINKED[service]
        suffix = call.params.get("CustomSuffix")
        made.name = f"{name}_{suffix}" if suffix else name
        role["RoleName"], role["Arn"] = made.name, made.arn
        arn = f"arn:aws:iam::aws:policy/aws-service-role/{policy}"
        if arn in backend.managed_policies:
            backend.attach_role_policy(arn, made.name)
    return {"Role": role}


BOUNDARY = "PermissionsBoundaryPolicy"


@corrects("iam", "CreateUser", "PutUserPermissionsBoundary", "DeleteUserPermissionsBoundary", "DeleteUser")
def bound(call: Call, ask: Ask) -> dict[str, Any] | None:
    """Moto knows the boundary of a role, not that of a user."""
    name, kept = call.params["UserName"], shelf(call, "boundaries")
    if call.operation.endswith("PermissionsBoundary"):
        if name not in {user.name for user in iam(call).users.values()}:
            raise Refusal("NoSuchEntity", f"The user with name {name} cannot be found.", 404)
        answer = None
    else:
        answer = ask(call)
        kept.pop(name, None)
    if call.params.get("PermissionsBoundary"):
        kept[name] = call.params["PermissionsBoundary"]
    elif call.operation.startswith("Delete"):
        kept.pop(name, None)
    if answer and "User" in answer:
        tell_boundary(call, answer["User"])
    return answer


@corrects("iam", "GetUser", "GetAccountAuthorizationDetails")
def users(call: Call, ask: Ask) -> dict[str, Any]:
    answer = ask(call)
    for user in answer.get("UserDetailList", []) or [answer.get("User", {})]:
        tell_boundary(call, user)
    return answer


def tell_boundary(call: Call, user: dict[str, Any]) -> None:
    arn = shelf(call, "boundaries").get(str(user.get("UserName")))
    if arn:
        user["PermissionsBoundary"] = {"PermissionsBoundaryType": BOUNDARY, "PermissionsBoundaryArn": arn}


def iam(call: Call) -> Any:
    from moto.iam.models import iam_backends

    return iam_backends[call.account]["aws"]


@corrects("iam", "GetAccountPasswordPolicy")
def password_policy(call: Call, ask: Ask) -> dict[str, Any]:
    """Ages that are not set are left out, not 0."""
    policy = ask(call)["PasswordPolicy"]
    for name in ("MaxPasswordAge", "PasswordReusePrevention"):
        if not policy.get(name):
            policy.pop(name, None)
    return {"PasswordPolicy": policy}


@corrects("iam", "GetAccountSummary")
def summary(call: Call, ask: Ask) -> dict[str, Any]:
    answer = ask(call)
    answer["SummaryMap"]["AccountMFAEnabled"] = 1
    return answer


@corrects("iam", "AddClientIDToOpenIDConnectProvider", "RemoveClientIDFromOpenIDConnectProvider")
def audiences(call: Call, ask: Ask) -> None:
    arn, client = call.params["OpenIDConnectProviderArn"], call.params["ClientID"]
    found = iam(call).open_id_providers.get(arn)
    if found is None:
        raise Refusal("NoSuchEntity", f"OpenIDConnect Provider not found for arn {arn}", 404)
    others = [each for each in found.client_id_list if each != client]
    found.client_id_list = [*others, client] if call.operation.startswith("Add") else others
