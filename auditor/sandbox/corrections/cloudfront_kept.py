"""CloudFront's small documents: policies, origin access controls and identities.

They all work alike (a configuration with an identifier and an ETag, and a list), so one table describes them.
Moto has only the access controls, and those without GetOriginAccessControlConfig. AWS's own policies are listed
with the identifiers that every account sees; their contents are left out but for their name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from auditor.sandbox.call import Call, Refusal
from auditor.sandbox.corrections import Ask, corrects, shelf
from auditor.sandbox.corrections._cloudfront import behaviors, counted, match, new_etag

MADE_BY_AWS = datetime(2020, 7, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Kind:
    """One kind of document. `managed` = AWS's own, identifier -> name."""

    name: str
    plural: str
    managed: dict[str, str] = field(default_factory=dict)

    @property
    def config(self) -> str:
        return f"{self.name}Config"

    @property
    def typed(self) -> bool:
        """Policies are listed as {Type, Policy}, the others as flat summaries."""
        return self.name.endswith("Policy")


KINDS = (
    Kind(
        "CachePolicy",
        "CachePolicies",
        {
            "658327ea-f89d-4fab-a63d-7e88639e58f6": "Managed-CachingOptimized",
            "b2884449-e4de-46a7-ac36-70bc7f1ddd6d": "Managed-CachingOptimizedForUncompressedObjects",
            "4135ea2d-6df8-44a3-9df3-4b5a84be39ad": "Managed-CachingDisabled",
            "83da9c7e-98b4-4e11-a168-04f0df8e2c65": "UseOriginCacheControlHeaders",
            "4cc15a8a-d715-48a4-82b8-cc0b614638fe": "UseOriginCacheControlHeaders-QueryStrings",
            "08627262-05a9-4f76-9ded-b50ca2e3a84f": "Managed-Elemental-MediaPackage",
            "2e54312d-136d-493c-8eb9-b001f22f67d2": "Managed-Amplify",
        },
    ),
    Kind(
        "OriginRequestPolicy",
        "OriginRequestPolicies",
        {
            "216adef6-5c7f-47e4-b989-5492eafa07d3": "Managed-AllViewer",
            "b689b0a8-53d0-40ab-baf2-68738e2966ac": "Managed-AllViewerExceptHostHeader",
            "33f36d7e-f396-46d9-90e0-52428a34d9dc": "Managed-AllViewerAndCloudFrontHeaders-2022-06",
            "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf": "Managed-CORS-S3Origin",
            "59781a5b-3903-41f3-afcb-af62929ccde1": "Managed-CORS-CustomOrigin",
            "acba4595-bd28-49b8-b9fe-13317c0390fa": "Managed-UserAgentRefererHeaders",
        },
    ),
    Kind(
        "ResponseHeadersPolicy",
        "ResponseHeadersPolicies",
        {
            "60669652-455b-4ae9-85a4-c4c02393f86c": "Managed-SimpleCORS",
            "5cc3b908-e619-4b99-88e5-2cf7f45965bd": "Managed-CORS-With-Preflight",
            "67f7725c-6f97-4210-82d7-5512b31e9d03": "Managed-SecurityHeadersPolicy",
            "e61eb60c-9c35-4d20-a928-2b84e02af89c": "Managed-CORS-and-SecurityHeadersPolicy",
            "eaab4381-ed33-4a86-88ca-d9558dc6cd63": "Managed-CORS-with-preflight-and-SecurityHeadersPolicy",
        },
    ),
    Kind("OriginAccessControl", "OriginAccessControls"),
    Kind("CloudFrontOriginAccessIdentity", "CloudFrontOriginAccessIdentities"),
)


def exists(call: Call, name: str, wanted: str) -> bool:
    kind = next(kind for kind in KINDS if kind.name == name)
    return wanted in kind.managed or wanted in shelf(call, name)


def made(kind: Kind, config: dict[str, Any]) -> dict[str, Any]:
    from moto.moto_api._internal import mock_random

    document: dict[str, Any] = {kind.config: config}
    if kind.typed:
        document |= {"Id": str(mock_random.uuid4()), "LastModifiedTime": datetime.now(UTC).replace(microsecond=0)}
    else:
        document["Id"] = new_etag()
    if kind.name == "CloudFrontOriginAccessIdentity":
        document["S3CanonicalUserId"] = mock_random.get_random_hex(64)
    return document


def managed(kind: Kind, identifier: str) -> dict[str, Any]:
    config: dict[str, Any] = {"Name": kind.managed[identifier], "Comment": ""}
    if kind.name == "CachePolicy":
        config["MinTTL"] = 0
    return {"Id": identifier, "LastModifiedTime": MADE_BY_AWS, kind.config: config}


def one(call: Call, kind: Kind) -> tuple[dict[str, Any], str]:
    """A document and its ETag."""
    identifier = call.params["Id"]
    if identifier in kind.managed:
        return managed(kind, identifier), "ETAGOFAWS"
    if identifier not in shelf(call, kind.name):
        raise Refusal(f"NoSuch{kind.name}", f"The specified {kind.name} does not exist.", 404)
    document, etag = shelf(call, kind.name)[identifier]
    return document, etag


def used(call: Call, kind: Kind, identifier: str) -> bool:
    """Whether a distribution names the document."""
    for kept in shelf(call, "distributions").values():
        if any(behavior.get(f"{kind.name}Id") == identifier for behavior in behaviors(kept["config"])):
            return True
        for origin in kept["config"]["Origins"]["Items"]:
            identity = (origin.get("S3OriginConfig") or {}).get("OriginAccessIdentity", "")
            if identifier in (origin["OriginAccessControlId"], identity.rpartition("/")[2]):
                return True
    return False


def register(kind: Kind) -> None:
    """The six operations of one kind."""

    def create(call: Call, ask: Ask) -> dict[str, Any]:
        document, etag = made(kind, call.params[kind.config]), new_etag()
        shelf(call, kind.name)[document["Id"]] = (document, etag)
        return {kind.name: document, "ETag": etag}

    def get(call: Call, ask: Ask) -> dict[str, Any]:
        document, etag = one(call, kind)
        return {kind.name: document, "ETag": etag}

    def get_config(call: Call, ask: Ask) -> dict[str, Any]:
        document, etag = one(call, kind)
        return {kind.config: document[kind.config], "ETag": etag}

    def update(call: Call, ask: Ask) -> dict[str, Any]:
        document, etag = one(call, kind)
        match(call, etag)
        document, etag = document | {kind.config: call.params[kind.config]}, new_etag()
        shelf(call, kind.name)[document["Id"]] = (document, etag)
        return {kind.name: document, "ETag": etag}

    def delete(call: Call, ask: Ask) -> None:
        document, etag = one(call, kind)
        match(call, etag)
        if used(call, kind, document["Id"]):
            raise Refusal(f"{kind.name}InUse", f"The specified {kind.name} is currently in use.", 409)
        del shelf(call, kind.name)[document["Id"]]

    def list_all(call: Call, ask: Ask) -> dict[str, Any]:
        own = [document for document, _ in shelf(call, kind.name).values()]
        if kind.typed:
            of_aws = [managed(kind, identifier) for identifier in kind.managed]
            wanted = call.params.get("Type")
            items = [
                {"Type": origin, kind.name: document}
                for origin, documents in (("managed", of_aws), ("custom", own))
                if wanted in (None, origin)
                for document in documents
            ]
            return {f"{kind.name}List": {"MaxItems": 100} | counted(items)}
        flat = [document | document[kind.config] for document in own]
        return {f"{kind.name}List": {"Marker": "", "MaxItems": 100, "IsTruncated": False} | counted(flat)}

    made_here: dict[str, Callable[[Call, Ask], Any]] = {
        f"Create{kind.name}": create,
        f"Get{kind.name}": get,
        f"Get{kind.config}": get_config,
        f"Update{kind.name}": update,
        f"Delete{kind.name}": delete,
        f"List{kind.plural}": list_all,
    }
    for operation, correction in made_here.items():
        corrects("cloudfront", operation)(correction)


for _kind in KINDS:
    register(_kind)
