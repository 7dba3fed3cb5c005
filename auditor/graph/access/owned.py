"""The policies that hang on resources: where each type keeps its own, and which resource an ARN is about."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from auditor import paths
from auditor.graph.access.documents import compiled
from auditor.graph.access.evaluate import Named
from auditor.graph.build import Graph
from auditor.model import Gap, Resource

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
}
# Types whose policy is a resource of its own here.
APART = {BUCKET: (BUCKET_POLICY, "attached-to"), FUNCTION: (PERMISSION, "part-of")}

# The member of a permission -> operator and key of the condition that it stands for.
_MEMBERS = {
    "SourceArn": ("ArnLike", "aws:SourceArn"),
    "SourceAccount": ("StringEquals", "aws:SourceAccount"),
    "PrincipalOrgID": ("StringEquals", "aws:PrincipalOrgID"),
    "FunctionUrlAuthType": ("StringEquals", "lambda:FunctionUrlAuthType"),
    "EventSourceToken": ("StringEquals", "lambda:EventSourceToken"),
}


def policy_places(types: Collection[str]) -> dict[str, tuple[str, ...]]:
    """What has to be read to know the policies on resources of these types."""
    places: dict[str, tuple[str, ...]] = {cfn: (PLACES[cfn],) for cfn in types if cfn in PLACES}
    if BUCKET in types:
        places[BUCKET_POLICY] = ("Bucket", "PolicyDocument")
    if FUNCTION in types:
        places[PERMISSION] = ("FunctionName", "Effect", "Action", "Principal", "Condition", *_MEMBERS)
    return places


@dataclass(frozen=True, slots=True)
class Owned:
    """The resource, its policy documents (none: it has no policy, or is not known here), and what was not read
    of them."""

    resource: Resource | None = None
    documents: tuple[Named, ...] = ()
    gaps: tuple[Gap, ...] = ()
    raw: tuple[Any, ...] = ()

    @property
    def account(self) -> str:
        return self.resource.account if self.resource else ""


def policies_on(graph: Graph, arn: str) -> Owned:
    """The policies of the resource that an ARN names, or lies in (an object of a bucket)."""
    resource = graph.resource(arn) or (graph.resource(arn.split("/")[0]) if arn.startswith("arn:aws") else None)
    return policies_of_resource(graph, resource) if resource else Owned()


def policies_of_resource(graph: Graph, resource: Resource) -> Owned:
    raw, gaps = raw_policies(graph, resource)
    label = f"policy of {resource.label}"
    return Owned(resource, tuple((label, compiled(each)) for each in raw), gaps, raw)


def raw_policies(graph: Graph, resource: Resource) -> tuple[tuple[Any, ...], tuple[Gap, ...]]:
    """The documents themselves. A type that nobody asked for in this run is no gap here: the caller says what
    it needs."""
    if resource.type in APART:
        cfn, relation = APART[resource.type]
        parts = [part for _, part in graph.tails(resource, relation, cfn)]
        gaps = [gap for part in parts for gap in part.unknown.values()]
        asked = cfn in graph.inventory.asked
        gaps += [gap for gap in graph.gaps_for(cfn) if asked and gap.subject in ("", resource.key)]
        gaps += [gap for gap in graph.inventory.gaps if cfn in gap.types and gap.subject == resource.key]
        if cfn == PERMISSION:
            found: list[Any] = [
                {"Version": "2012-10-17", "Statement": [statement_of(part, resource) for part in parts]}
            ]
            return (tuple(found) if parts else ()), tuple(dict.fromkeys(gaps))
        return tuple(part.properties.get("PolicyDocument") for part in parts), tuple(dict.fromkeys(gaps))
    place = PLACES.get(resource.type)
    if not place:
        return (), ()
    hidden = paths.hidden(resource.unknown, place)
    document = resource.properties.get(place)
    documents = [document] if isinstance(document, dict) else []
    if resource.type == KEY and isinstance(resource.properties.get("Grants"), list):
        documents.append(of_grants(resource.properties["Grants"]))
    return tuple(documents), (hidden,) if hidden else ()


def statement_of(permission: Resource, function: Resource) -> dict[str, Any]:
    """A Lambda permission as the statement that it is."""
    properties = permission.properties
    condition: dict[str, Any] = {name: dict(keys) for name, keys in (properties.get("Condition") or {}).items()}
    for member, (operator, key) in _MEMBERS.items():
        if properties.get(member):
            condition.setdefault(operator, {})[key] = properties[member]
    who = properties.get("Principal", "")
    service = isinstance(who, str) and who.endswith((".amazonaws.com", ".amazonaws.com.cn"))
    return {
        "Sid": permission.properties.get("Id") or permission.id,
        "Effect": properties.get("Effect", "Allow"),
        "Principal": {"Service": who} if service else ({"AWS": who} if isinstance(who, str) else who),
        "Action": properties.get("Action") or [],
        "Resource": [function.arn, f"{function.arn}:*"],
        **({"Condition": condition} if condition else {}),
    }


def of_grants(grants: list[Mapping[str, Any]]) -> dict[str, Any]:
    """KMS grants as the statements that they amount to: AWS weighs them beside the key policy, and they only allow."""
    return {"Version": "2012-10-17", "Statement": [_grant(each) for each in grants]}


def _grant(grant: Mapping[str, Any]) -> dict[str, Any]:
    who = str(grant.get("GranteePrincipal", ""))
    constraints = grant.get("Constraints") or {}
    # An exact context shuts further keys out too; the pairs themselves are what either form asks for.
    context = constraints.get("EncryptionContextEquals") or constraints.get("EncryptionContextSubset") or {}
    wanted = {f"kms:EncryptionContext:{key}": value for key, value in context.items()}
    return {
        "Sid": f"grant {grant.get('Name') or grant.get('GrantId', '')}",
        "Effect": "Allow",
        "Principal": {"Service" if who.endswith(".amazonaws.com") else "AWS": who},
        "Action": [f"kms:{operation}" for operation in grant.get("Operations", ())],
        "Resource": "*",
        **({"Condition": {"StringEquals": wanted}} if wanted else {}),
    }
