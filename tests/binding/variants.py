"""Variants of a conforming account: other names, copies of the system beside it, and parts that are gone.

Everything is done to an inventory that was read, so that hundreds of accounts cost seconds. Names and ids are replaced
as whole tokens in every text of every resource, which is what renaming an account comes to.
"""

from __future__ import annotations

import copy
import dataclasses
import hashlib
import json
import random
import re

from auditor.model import Inventory

# Ids that AWS gives: EC2's, UUIDs, CloudFront's and Route 53's, function URLs, distribution domains.
GIVEN = re.compile(
    r"\b(?:(?:vpc|subnet|rtb|rtbassoc|igw|nat|eni|sg|sgr|acl|aclassoc|eipalloc|eipassoc|prx|prx-tg|vpce)-[0-9a-z]{8,}"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}|[a-z0-9]{10,16}(?=\.cloudfront\.net)"
    r"|[A-Z0-9]{13,24})\b"
)
ACCOUNT_WIDE = ("AccountPublicAccessBlock", "AccountPasswordPolicy", "EBSEncryptionByDefault", "PrefixList")
NETWORK = (
    "EC2::VPC", "EC2::Subnet", "EC2::RouteTable", "EC2::SubnetRouteTableAssociation", "EC2::InternetGateway", "EC2::NatGateway",
    "EC2::EIP", "EC2::NetworkAcl", "EC2::NetworkInterface",
)  # fmt: skip
STRANGERS = re.compile(r"lunch-bot|cdk-hnb659fds|sst-(state|asset)|github|partner|intranet")


def own(inventory):
    """The resources of the system: not AWS's, not the account's, not the neighbours'."""
    return [
        each
        for each in inventory.resources
        if not each.type.endswith(ACCOUNT_WIDE) and not STRANGERS.search(each.key + each.id) and not _of_aws(each)
    ]


def _of_aws(resource):
    return resource.aws_made and not resource.type.endswith(("NetworkInterface", "RouteTable", "NetworkAcl"))


def tokens(resources):
    """The names that people gave to resources; Application Auto Scaling names its alarms itself."""
    given = [each for each in resources if not each.name.startswith("TargetTracking-")]
    named = {part for each in given for part in (each.id, each.name) if part}
    return {
        name for name in named if len(name) >= 5 and ":" not in name and "." not in name and not _composed(name, named)
    }


def _composed(name, named):
    return any(other != name and other in name and len(other) >= 5 and ("/" in name or "_" in name) for other in named)


def replaced(resources, mapping):
    """Copies of resources with every token replaced in every text."""
    if not mapping:
        return [copy.deepcopy(each) for each in resources]
    longest = sorted(mapping, key=len, reverse=True)
    pattern = re.compile("|".join(rf"(?<![A-Za-z0-9]){re.escape(token)}(?![A-Za-z0-9])" for token in longest))

    def text(value):
        return pattern.sub(lambda found: mapping[found[0]], value)

    def value(given):
        return json.loads(text(json.dumps(given, ensure_ascii=False)))

    return [
        dataclasses.replace(
            each,
            id=text(each.id), arn=text(each.arn), name=text(each.name), properties=value(each.properties),
            tags=value(each.tags), names=tuple(text(name) for name in each.names),
        )
        for each in resources
    ]  # fmt: skip


def letters(token, seed):
    digest = hashlib.sha256(f"{seed}/{token}".encode()).hexdigest()
    return "x" + digest[:9]


def renamed(inventory, seed, keep=r"^cuggu-images"):
    """The same account with a random name for everything that people name; what the document names stays."""
    resources = [copy.deepcopy(each) for each in inventory.resources]
    mapping = {
        token: letters(token, seed)
        for token in tokens(own(inventory))
        if not re.search(keep, token) and not GIVEN.fullmatch(token) and not re.search(r"^[a-z]+-\w{8,}$", token)
    }
    mapping |= {token: letters(token, seed) for token in tokens(own(inventory)) if token.startswith("cuggu-prod")}
    out = replaced(resources, mapping)
    for each in out:
        each.tags = {key: letters(value, seed) if key == "Name" else value for key, value in each.tags.items()}
    return Inventory(out, list(inventory.gaps), inventory.asked, inventory.accounts, inventory.regions), mapping


def untagged(inventory):
    resources = [dataclasses.replace(each, tags={}, properties={**each.properties}) for each in inventory.resources]
    for each in resources:
        each.properties.pop("Tags", None)
    return dataclasses.replace(inventory, resources=resources)


def misleading(inventory, pairs):
    """Names swapped between parts: `pairs` are (name, name)."""
    mapping = {}
    for one, other in pairs:
        mapping |= {one: other, other: one}
    out = replaced(inventory.resources, mapping)
    return dataclasses.replace(inventory, resources=out), mapping


def twin(inventory, label, domain="", shared=(), stage="", of=r"cuggu\.com"):
    """A second system of the same shape beside the first. `shared` are types that both use, `of` is our domain."""
    parts = [each for each in own(inventory) if not each.type.endswith(tuple(shared))]
    common = [each for each in own(inventory) if each.type.endswith(tuple(shared))] if shared else []
    kept = {token for each in common for token in (each.id, each.name)}
    blob = json.dumps([[e.id, e.arn, e.name, e.properties, e.names] for e in parts], ensure_ascii=False)
    shared_ids = {
        token
        for each in inventory.resources
        if each not in parts
        for token in GIVEN.findall(json.dumps([each.id, each.arn, *each.names]))
    }
    mapping = {token: _like(token, label) for token in set(GIVEN.findall(blob)) - shared_ids}
    for token in tokens(parts) - kept:
        mapping.setdefault(
            token,
            letters(token, label) if not stage else token.replace("prod", stage) + "-" + letters(token, label)[:4],
        )
    mapping.pop("123456789012", None)
    copied = replaced(parts, mapping)
    if domain:
        copied = replaced_domain(copied, re.compile(of), domain)
    for each in copied:
        if stage:
            each.tags = {key: stage if key == "sst:stage" else value for key, value in each.tags.items()}
    resources = [copy.deepcopy(each) for each in inventory.resources] + copied
    return dataclasses.replace(inventory, resources=resources), {each.key for each in copied}


def copied(inventory, truth, roles, types, label, domain=""):
    """Second copies of the parts that play some roles, and of what of some types hangs on these; they refer to all
    that the first refer to."""
    keys = {key for role in roles for key in truth.get(role, ())}
    ids = {each.id for each in inventory.resources if each.key in keys}
    arns = {each.arn for each in inventory.resources if each.key in keys if each.arn}

    def hangs(each):
        return each.type.endswith(tuple(types)) and any(
            re.search(rf"(?<![A-Za-z0-9]){re.escape(text)}(?![A-Za-z0-9])", json.dumps([each.id, each.properties]))
            for text in ids | arns
        )

    parts = [each for each in inventory.resources if each.key in keys or (types and hangs(each))]
    mapping = {token: letters(token, label) for token in tokens(parts) if not GIVEN.fullmatch(token)}
    for each in parts:
        for token in GIVEN.findall(json.dumps([each.id, each.arn, *each.names])):
            mapping[token] = _like(token, label)
    made = replaced(parts, mapping)
    if domain:
        made = replaced_domain(made, re.compile(r"cuggu\.com"), domain)
    resources = [copy.deepcopy(each) for each in inventory.resources] + made
    return dataclasses.replace(inventory, resources=resources), {each.key for each in made}


def replaced_domain(resources, pattern, domain):
    def text(value):
        return pattern.sub(domain, value)

    return [
        dataclasses.replace(
            each,
            id=text(each.id), arn=text(each.arn), name=text(each.name),
            properties=json.loads(text(json.dumps(each.properties, ensure_ascii=False))),
            names=tuple(text(name) for name in each.names),
        )
        for each in resources
    ]  # fmt: skip


def _like(token, label):
    """Another id of the same form."""
    chance = random.Random(f"{label}/{token}")
    head, dash, tail = token.rpartition("-") if re.match(r"[a-z-]+-[0-9a-z]{8,}$", token) else ("", "", token)
    letters_of = "0123456789abcdef" if re.fullmatch(r"[0-9a-f-]+", tail) else "0123456789abcdefghijklmnopqrstuvwxyz"
    made = "".join(
        each if each == "-" else chance.choice(letters_of).upper() if each.isupper() else chance.choice(letters_of)
        for each in tail
    )
    return head + dash + made


# What AWS deletes with its owner, and where it names it.
DELETED_ALONG = {
    "Permission": ("FunctionName",),
    "Url": ("TargetFunctionArn",),
    "DBProxyTargetGroup": ("DBProxyName",),
    "BucketPolicy": ("Bucket",),
    "SNS::Subscription": ("TopicArn",),
    "ElasticLoadBalancingV2::Listener": ("LoadBalancerArn",),
    "ApiGatewayV2::Stage": ("ApiId",),
    "ApiGatewayV2::Route": ("ApiId",),
    "ApiGateway::Stage": ("RestApiId",),
    "ApiGateway::Resource": ("RestApiId",),
    "ApiGateway::Method": ("RestApiId",),
}


def without(inventory, keys):
    """The account after some resources were deleted, and what AWS deletes with them."""
    gone = set(keys)
    owners = {text for each in inventory.resources if each.key in gone for text in (each.id, each.arn) if text}
    resources = [
        copy.deepcopy(each) for each in inventory.resources if each.key not in gone and not _owners(each) & owners
    ]
    return dataclasses.replace(inventory, resources=resources)


def _owners(resource):
    names = next((names for kind, names in DELETED_ALONG.items() if resource.type.endswith(kind)), ())
    return {str(resource.properties[name]) for name in names if resource.properties.get(name)}


def shuffled(inventory, seed):
    resources = [copy.deepcopy(each) for each in inventory.resources]
    random.Random(seed).shuffle(resources)
    return dataclasses.replace(inventory, resources=resources)
