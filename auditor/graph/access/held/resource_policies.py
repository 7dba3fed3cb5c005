"""Resource-based policies: where each type keeps its own, and which resource an ARN is about."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from auditor.graph.access.policy.documents import UNREAD, Statement, account_of, compiled
from auditor.graph.access.policy.evaluate import Named
from auditor.graph.access.policy.unread import allowing, denying, in_doubt
from auditor.graph.build import Graph
from auditor.model import ABSENT, LATER, SERVICE, Gap, Hidden, Resource, paths

BUCKET, BUCKET_POLICY = "AWS::S3::Bucket", "AWS::S3::BucketPolicy"
FUNCTION, PERMISSION = "AWS::Lambda::Function", "AWS::Lambda::Permission"
KEY = "AWS::KMS::Key"

# Type -> the property that holds its resource policy.
PLACES: Mapping[str, str] = {
    "AWS::IAM::Role": "AssumeRolePolicyDocument",
    KEY: "KeyPolicy",
    "AWS::SNS::Topic": "TopicPolicy",
    "AWS::SQS::Queue": "QueuePolicy",
    "AWS::SecretsManager::Secret": "ResourcePolicy",
    "AWS::ECR::Repository": "RepositoryPolicyText",
    "AWS::EFS::FileSystem": "FileSystemPolicy",
    "AWS::DynamoDB::Table": "ResourcePolicy",
}
# Types whose policy is a resource of its own here.
# Owner -> that type, the relation, and the property of it that names the owner.
APART = {BUCKET: (BUCKET_POLICY, "attached-to", "Bucket"), FUNCTION: (PERMISSION, "part-of", "FunctionName")}

# What lets somebody in besides the policy: more properties to read.
BESIDE: Mapping[str, tuple[str, ...]] = {
    KEY: ("Grants",),
    BUCKET: ("AccessControlPolicy", "OwnershipControls", "PublicAccessBlockConfiguration"),
}
# AWS: a file system without a policy asks nobody who it is, and lets whoever reaches a mount target do everything.
BY_DEFAULT: Mapping[str, Any] = {
    "AWS::EFS::FileSystem": {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "no policy, so every client that reaches a mount target",
                "Effect": "Allow",
                "Principal": {"AWS": "*"},
                "Action": [
                    "elasticfilesystem:ClientMount",
                    "elasticfilesystem:ClientRootAccess",
                    "elasticfilesystem:ClientWrite",
                ],
                "Resource": "*",
            }
        ],
    }
}

# The member of a permission -> operator and key of the condition that it stands for.
MEMBERS = {
    "SourceArn": ("ArnLike", "aws:SourceArn"),
    "SourceAccount": ("StringEquals", "aws:SourceAccount"),
    "PrincipalOrgID": ("StringEquals", "aws:PrincipalOrgID"),
    "FunctionUrlAuthType": ("StringEquals", "lambda:FunctionUrlAuthType"),
    "EventSourceToken": ("StringEquals", "lambda:EventSourceToken"),
    "InvokedViaFunctionUrl": ("Bool", "lambda:InvokedViaFunctionUrl"),
}


def policy_places(types: Collection[str]) -> dict[str, tuple[str, ...]]:
    """What has to be read to know the policies on resources of these types."""
    places: dict[str, tuple[str, ...]] = {cfn: (PLACES[cfn], *BESIDE.get(cfn, ())) for cfn in types if cfn in PLACES}
    if BUCKET in types:
        places[BUCKET] = BESIDE[BUCKET]
        places[BUCKET_POLICY] = ("Bucket", "PolicyDocument")
    if FUNCTION in types:
        places[PERMISSION] = ("FunctionName", "Effect", "Action", "Principal", "Condition", *MEMBERS)
    return places


@dataclass(frozen=True, slots=True)
class ResourcePolicies:
    """The resource, its policy documents (none: it has no policy, or is not known here), and what was not read
    of them."""

    resource: Resource | None = None
    documents: tuple[Named, ...] = ()
    gaps: tuple[Gap, ...] = ()
    raw: tuple[Any, ...] = ()

    @property
    def account(self) -> str:
        return self.resource.account if self.resource else ""


def policies_on(graph: Graph, arn: str) -> ResourcePolicies:
    """The policies of the resource that an ARN names, or lies in (an object of a bucket)."""
    resource = graph.resource(arn) or (graph.resource(arn.split("/")[0]) if arn.startswith("arn:aws") else None)
    if resource:
        return policies_of_resource(graph, resource)
    owner = account_of(arn)
    read = [each for each in graph.inventory.accounts if each]
    if not owner.isdigit() or not read or owner in read:
        return ResourcePolicies()
    # What its policy gives is for its own account to tell.
    words = f"the policy of {arn.split(':', 5)[-1]} in account {owner}"
    return ResourcePolicies(documents=((words, allowing(words)), (words, denying(words))))


def policies_of_resource(graph: Graph, resource: Resource) -> ResourcePolicies:
    raw, gaps, may_deny = raw_policies(graph, resource)
    label = f"policy of {resource.label}"
    doubts = ((label, denying("the resource policy")),) if may_deny else ()
    return ResourcePolicies(resource, (*doubts, *((label, compiled(each)) for each in raw)), gaps, raw)


Raw = tuple[tuple[Any, ...], tuple[Gap, ...], bool]  # documents, what was not read, and whether that may deny


def raw_policies(graph: Graph, resource: Resource) -> Raw:
    """The documents themselves. A type that nobody asked for in this run is no gap here: the caller says what
    it needs."""
    if resource.type == FUNCTION:
        return _of_function(graph, resource)
    if resource.type == BUCKET:
        return _of_bucket(graph, resource)
    place = PLACES.get(resource.type)
    if not place:
        return (), (), False
    document = resource.at(place)
    hidden = [gap for name in (place, *BESIDE.get(resource.type, ())) if (gap := resource.gap(name))]
    if document is ABSENT:
        document = BY_DEFAULT.get(resource.type)
    documents = [document] if isinstance(document, dict) else []
    if resource.type == KEY and isinstance(grants := resource.known("Grants"), list):
        documents.append(of_grants(grants))
    return tuple(documents), tuple(dict.fromkeys(hidden)), isinstance(resource.at(place), Hidden)


def _of_bucket(graph: Graph, bucket: Resource) -> Raw:
    """The bucket policy, and its access control list, which only allows."""
    parts, gaps = _parts(graph, bucket)
    found, may_deny = [], bool(gaps)
    for part in parts:
        document = part.at("PolicyDocument")
        if isinstance(document, Hidden):
            gaps.append(document.gap)
            may_deny = True
        else:
            found.append(document)
    gaps += [gap for name in BESIDE[BUCKET] if (gap := bucket.gap(name)) and not _says_no_list(bucket, name)]
    found += [listed] if (listed := of_acl(bucket)) else []
    return tuple(found), tuple(dict.fromkeys(gaps)), may_deny


def _says_no_list(bucket: Resource, name: str) -> bool:
    """Whether code says no access control list: AWS then makes the one that lets nobody but the owner in."""
    gap = bucket.unknown.get("AccessControlPolicy")
    return name == "AccessControlPolicy" and bucket.address != "" and gap is not None and gap.message == LATER


def _of_function(graph: Graph, function: Resource) -> Raw:
    """The permissions of a function as one document. AWS: a permission can only allow."""
    parts, gaps = _parts(graph, function)
    gaps += [gap for part in parts for gap in unread_members(part)]
    found = {"Version": "2012-10-17", "Statement": [statement_of(part, function.arn) for part in parts]}
    return ((found,) if parts else ()), tuple(dict.fromkeys(gaps)), False


def _parts(graph: Graph, owner: Resource) -> tuple[list[Resource], list[Gap]]:
    """The resources that hold the owner's policy, and what may hide others of them."""
    cfn, relation, names_owner = APART[owner.type]
    parts = [part for _, part in graph.tails(owner, relation, cfn)]
    asked = cfn in graph.inventory.asked
    gaps = [gap for gap in graph.gaps_for(cfn) if asked and gap.subject in ("", owner.key)]
    gaps += [gap for gap in graph.inventory.gaps if cfn in gap.types and gap.subject == owner.key]
    gaps += [gap for each in graph.of_type(cfn) if each.unknown and (gap := each.gap(names_owner))]
    return parts, gaps


SOME_SERVICE = "${? not read}"


def statement_of(permission: Resource, function: str) -> Statement:
    """A Lambda permission as the statement that it is, on a function's ARN.

    A principal that is neither an ARN nor an account nor everybody is a service: Alexa's are not named like AWS's.
    """
    condition: dict[str, Any] = {name: dict(keys) for name, keys in permission.known("Condition", {}).items()}
    for member, (operator, key) in MEMBERS.items():
        if value := permission.known(member):
            condition.setdefault(operator, {})[key] = "true" if value is True else value
    who = permission.known("Principal", "")
    service = isinstance(who, str) and "." in who and not who.startswith(("arn:", "${"))
    unread = permission.at("Principal")
    if isinstance(unread, Hidden):  # a service of which only the name is not known is one
        who = {"Service": SOME_SERVICE} if unread.gap.begins == SERVICE else {UNREAD: "*"}
    statement = {
        "Sid": permission.known("Id") or permission.id,
        "Effect": permission.known("Effect", "Allow"),
        "Principal": {"Service": who} if service else ({"AWS": who} if isinstance(who, str) else who),
        "Action": "*" if isinstance(permission.at("Action"), Hidden) else permission.known("Action", []),
        "Resource": [function, f"{function}:*"],
        **({"Condition": condition} if condition else {}),
    }
    return in_doubt(statement, "a permission") if unread_members(permission) else statement


def unread_members(permission: Resource) -> tuple[Gap, ...]:
    """What of a permission decides whom it lets in and was not read; its name does not."""
    return tuple(dict.fromkeys(gap for name, gap in permission.unknown.items() if paths.top(name) not in ("Id", "Arn")))


def of_grants(grants: list[Mapping[str, Any]]) -> dict[str, Any]:
    """KMS grants as the statements that they amount to: AWS weighs them beside the key policy, and they only allow."""
    return {"Version": "2012-10-17", "Statement": [_statement_of_grant(each) for each in grants]}


def _statement_of_grant(grant: Mapping[str, Any]) -> dict[str, Any]:
    who = str(grant.get("GranteeServicePrincipal") or grant.get("GranteePrincipal", ""))
    constraints = grant.get("Constraints") or {}
    # An exact context shuts further keys out too; the pairs themselves are what either form asks for.
    context = constraints.get("EncryptionContextEquals") or constraints.get("EncryptionContextSubset") or {}
    wanted = {f"kms:EncryptionContext:{key}": value for key, value in context.items()}
    source = {"aws:SourceArn": constraints["SourceArn"]} if constraints.get("SourceArn") else {}
    condition = {name: keys for name, keys in (("StringEquals", wanted), ("ArnLike", source)) if keys}
    return {
        "Sid": f"grant {grant.get('Name') or grant.get('GrantId', '')}",
        "Effect": "Allow",
        "Principal": {"Service" if who.endswith(".amazonaws.com") else "AWS": who},
        "Action": [f"kms:{operation}" for operation in grant.get("Operations", ())],
        "Resource": "*",
        **({"Condition": condition} if condition else {}),
    }


_EVERYBODY = ("/global/AllUsers", "/global/AuthenticatedUsers")
# AWS's table of what a permission in a bucket's list comes to.
_BY_ACL = {
    "READ": ("s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"),
    "WRITE": ("s3:PutObject",),
    "READ_ACP": ("s3:GetBucketAcl",),
    "WRITE_ACP": ("s3:PutBucketAcl",),
}


def of_acl(bucket: Resource) -> dict[str, Any] | None:
    """A bucket's access control list as the statements that it amounts to, for those who are not its owner.

    With BucketOwnerEnforced S3 no longer asks any list, and with IgnorePublicAcls none that is public.
    """
    listed = bucket.known("AccessControlPolicy")
    rules = bucket.known("OwnershipControls", {}).get("Rules") or []
    if not isinstance(listed, dict) or any(each.get("ObjectOwnership") == "BucketOwnerEnforced" for each in rules):
        return None
    ignored = bucket.known("PublicAccessBlockConfiguration", {}).get("IgnorePublicAcls")
    owner = (listed.get("Owner") or {}).get("ID")
    found = [
        _statement_of_acl_grant(each, bucket)
        for each in listed.get("Grants") or []
        if (each.get("Grantee") or {}).get("ID", "") != owner and not (ignored and _is_public(each))
    ]
    return {"Version": "2012-10-17", "Statement": [each for each in found if each]} if any(found) else None


def _is_public(grant: Mapping[str, Any]) -> bool:
    return str((grant.get("Grantee") or {}).get("URI", "")).endswith(_EVERYBODY)


def _statement_of_acl_grant(grant: Mapping[str, Any], bucket: Resource) -> dict[str, Any] | None:
    who, permission = grant.get("Grantee") or {}, str(grant.get("Permission"))
    whole = [action for actions in _BY_ACL.values() for action in actions]
    principal = {"AWS": "*"} if _is_public(grant) else {"CanonicalUser": who["ID"]} if who.get("ID") else None
    if principal is None:
        return None  # the group that delivers S3's own logs
    statement = {
        "Sid": f"access control list, {permission}",
        "Effect": "Allow",
        "Principal": principal,
        "Action": whole if permission == "FULL_CONTROL" else list(_BY_ACL.get(permission, ())),
        "Resource": [bucket.arn, f"{bucket.arn}/*"],
    }
    ignoring = ("OwnershipControls", *(("PublicAccessBlockConfiguration",) if _is_public(grant) else ()))
    unread = any(bucket.gap(name) for name in ignoring)
    return in_doubt(statement, "a setting of access control lists") if unread else statement
