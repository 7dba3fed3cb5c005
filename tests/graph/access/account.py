"""Graphs of accounts out of an answer of GetAccountAuthorizationDetails, read by the real collectors."""

import copy

from auditor.aws.replay import Replay
from auditor.aws.requests import Request
from auditor.graph.build import build
from auditor.model import Inventory, Resource
from auditor.resources import load
from auditor.resources.normalise import settle
from auditor.sources import live
from auditor.sources.live import Place

ACCOUNT, REGION = "111122223333", "us-east-1"
IAM = ("Role", "User", "Group", "ManagedPolicy", "InstanceProfile")
LISTS = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")


def account_graph(details, more=None, types=()):
    """The graph of an account; `more` maps (service, operation, *parameters) to further answers, of further `types`."""
    place = Place(ACCOUNT, "aws", REGION, (REGION,))
    answers = {
        ("iam", "get_account_authorization_details"): {**{name: [] for name in LISTS}, **details},
        ("iam", "list_instance_profiles"): {"InstanceProfiles": profiles(details)},
        **(more or {}),
    }
    replies = {
        Request.of(ACCOUNT, REGION, service, operation, dict(params)): answer
        for (service, operation, *params), answer in answers.items()
    }
    demand = dict.fromkeys([f"AWS::IAM::{noun}" for noun in IAM] + list(types))
    return build(live.read(Replay(replies), place, {**demand, "AWS::IAM::Role": ROLE_PROPS}, load()), load())


ROLE_PROPS = frozenset(
    {"Arn", "RoleName", "RoleId", "Path", "AssumeRolePolicyDocument", "Policies", "ManagedPolicyArns", "PermissionsBoundary"}
)  # fmt: skip


def profiles(details):
    """The instance profiles that the roles' details hold, each with its role, as ListInstanceProfiles tells them."""
    return [
        {**copy.deepcopy(each), "Roles": [{"RoleName": role["RoleName"], "Arn": role["Arn"]}]}
        for role in details.get("RoleDetailList", [])
        for each in role.get("InstanceProfileList", [])
    ]


def user(name, *statements, groups=(), **more):
    return _principal("User", name, statements, {"GroupList": list(groups), **more})


def group(name, *statements, **more):
    return _principal("Group", name, statements, more)


def role(name, *statements, trust=(), profile=False, **more):
    arn = f"arn:aws:iam::{ACCOUNT}:instance-profile/{name}"
    listed = [{"InstanceProfileName": name, "Arn": arn, "Path": "/"}] if profile else []
    document = {"Version": "2012-10-17", "Statement": list(trust)}
    return _principal(
        "Role", name, statements, {"AssumeRolePolicyDocument": document, "InstanceProfileList": listed, **more}
    )


def policy(name, *statements, versions=()):
    documents = [
        {
            "VersionId": "v1",
            "IsDefaultVersion": True,
            "Document": {"Version": "2012-10-17", "Statement": list(statements)},
        }
    ]
    documents += [
        {
            "VersionId": f"v{number}",
            "IsDefaultVersion": False,
            "Document": {"Version": "2012-10-17", "Statement": [each]},
        }
        for number, each in enumerate(versions, 2)
    ]
    return {"PolicyName": name, "Arn": policy_arn(name), "Path": "/", "PolicyVersionList": documents}


def policy_arn(name):
    return f"arn:aws:iam::{ACCOUNT}:policy/{name}"


def _principal(noun, name, statements, more):
    inline = (
        [{"PolicyName": "own", "PolicyDocument": {"Version": "2012-10-17", "Statement": list(statements)}}]
        if statements
        else []
    )
    arn = f"arn:aws:iam::{ACCOUNT}:{noun.lower()}/{name}"
    attached = [{"PolicyName": each, "PolicyArn": policy_arn(each)} for each in more.pop("attached", ())]
    if more.get("boundary"):
        more["PermissionsBoundary"] = {
            "PermissionsBoundaryArn": policy_arn(more.pop("boundary")),
            "PermissionsBoundaryType": "Policy",
        }
    return {
        f"{noun}Name": name,
        "Path": "/",
        "Arn": arn,
        f"{noun}PolicyList": inline,
        "AttachedManagedPolicies": attached,
        **more,
    }


def allow(actions, resources="*", **more):
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def deny(actions, resources="*", **more):
    return {"Effect": "Deny", "Action": actions, "Resource": resources, **more}


def trusting(who, kind="AWS", **more):
    return {"Effect": "Allow", "Principal": {kind: who}, "Action": "sts:AssumeRole", **more}


def of(*principals, policies=()):
    """The details of an account with these principals."""
    nouns = {"UserName": "UserDetailList", "GroupName": "GroupDetailList", "RoleName": "RoleDetailList"}
    out = {name: [] for name in LISTS}
    for each in principals:
        out[next(place for key, place in nouns.items() if key in each)].append(each)
    out["Policies"] = list(policies)
    return out


def graph_of(fragment):
    """The graph of {name: {Type, Properties}}, every type looked for, with ARNs as AWS gives them."""
    types, resources = load(), []
    for name, entry in fragment.items():
        noun = entry["Type"].rpartition("::")[2].lower()
        arn = (
            f"arn:aws:s3:::{name}"
            if noun == "bucket"
            else f"arn:aws:{types[entry['Type']].service}::{ACCOUNT}:{noun}/{name}"
        )
        made = Resource(entry["Type"], name, ACCOUNT, REGION, arn, name)
        for prop, value in entry["Properties"].items():
            made.properties[prop] = settle(types[made.type].prop(prop).same, value)
        resources.append(made)
    return build(Inventory(resources, [], frozenset(types), (ACCOUNT,), (REGION,)), types)
