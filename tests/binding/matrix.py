"""Accounts, and for each the kinds of variants that are made of it: renamings x tags x neighbours x what happened."""

from __future__ import annotations

import copy
import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from auditor.checks.baselines import load_baseline
from auditor.checks.schema import Baseline
from tests.binding import kinds
from tests.binding.kinds import Case, Change
from tests.binding.variants import NETWORK

NAMES: dict[str, Change] = {
    "own names": kinds.nothing,
    "random names": kinds.random_names(r"^cuggu-images"),
    "random names, documented ones too": kinds.random_names("^$"),
    "names that mislead": kinds.swapped_names,
}
TAGS: dict[str, Change] = {
    "tags as they are": kinds.nothing,
    "no tags": kinds.tags("none"),
    "tags everywhere": kinds.tags("all"),
    "tags here and there": kinds.tags("some"),
    "wrong tags": kinds.tags("wrong"),
}
Kinds = tuple[str, str, str, str]


@dataclass(frozen=True)
class Shape:
    """A conforming account, and what may stand beside it and happen to it."""

    name: str
    baseline: Baseline
    case: Case
    near: dict[str, Change]
    events: dict[str, Change]

    def kinds(self) -> Iterator[Kinds]:
        return itertools.product(NAMES, TAGS, self.near, self.events)

    def made(self, chosen: Kinds, seed: str) -> Case:
        """The variant: names first, so that a neighbour copies them, then tags, then what happens."""
        names, tags, near, event = chosen
        chance, case = random.Random("/".join((*chosen, seed))), self.case
        for change in (NAMES[names], self.near[near], TAGS[tags], self.events[event]):
            case = change(case, chance)
        return case


def events(baseline: Baseline, held: set[str], lost: dict[str, tuple[str, Callable]]) -> dict[str, Change]:
    return {
        "nothing": kinds.nothing,
        "one part gone": kinds.gone(1, held),
        "two parts gone": kinds.gone(2, held),
        "three parts gone": kinds.gone(3, held),
        "a property differs": kinds.differs(baseline),
        "an arrow is lost": kinds.loses(lost),
        "a call is denied": kinds.denied,
        "one gone, a call denied": kinds.both(kinds.gone(1, held), kinds.denied),
    }


def put(**values):
    def edit(properties):
        properties.update(copy.deepcopy(values))

    return edit


def twins(shared: dict[str, tuple[str, ...]], domain: str) -> dict[str, Change]:
    """A shop and a staging copy, apart, in the same network, and sharing something."""
    out: dict[str, Change] = {
        "a shop": kinds.twin("shop", "shop.example"),
        "a shop in the VPC": kinds.twin("shop", "shop.example", NETWORK),
        "staging": kinds.twin("staging", f"staging.{domain}", (), "staging"),
        "staging in the VPC": kinds.twin("staging", f"staging.{domain}", NETWORK, "staging"),
    }
    for what, types in shared.items():
        out[f"a shop, the same {what}"] = kinds.twin("shop", "shop.example", types)
        out[f"staging, the same {what}"] = kinds.twin("staging", f"staging.{domain}", types, "staging")
    return out


# ---- cuggu

CUGGU_SHARED = {
    "buckets": ("S3::Bucket", "S3::BucketPolicy"),
    "certificate": ("Certificate",),
    "schedule": ("Events::Rule",),
    "topic": ("SNS::Topic", "SNS::Subscription"),
    "IAM roles": ("IAM::Role",),
    "database": ("DBInstance", "DBSubnetGroup", *NETWORK),
    "proxy": ("DBProxy", "DBProxyTargetGroup", "DBInstance", "DBSubnetGroup", "SecurityGroup", *NETWORK),
    "secret": ("Secret",),
    "security groups": ("SecurityGroup", *NETWORK),
    "middleware": ("CloudFront::Function",),
    "log groups": ("LogGroup",),
    "zone": ("HostedZone",),
}
CUGGU_NEAR: dict[str, Change] = {
    "nobody": kinds.nothing,
    **twins(CUGGU_SHARED, "cuggu.com"),
    "a second nightly function": kinds.copies(["cleanup", "schedule"], with_types=("Lambda::Permission",)),
    "a second one with a role of its own": kinds.copies(
        ["cleanup", "schedule", "cleanup-logs"], with_types=("Lambda::Permission", "IAM::Role")
    ),
    "a second CDN": kinds.copies(["cdn"], "other.example"),
    "a second CDN, zone and record": kinds.copies(["cdn", "record", "zone"], "other.example"),
    "a second image CDN": kinds.copies(["image-cdn"], "other.example"),
    "a second database": kinds.copies(["database"]),
    "a second database and proxy": kinds.copies(["database", "proxy"], with_types=("DBProxyTargetGroup",)),
    "an old zone and certificate": kinds.copies(["zone", "certificate"]),
    "a second server": kinds.copies(["server"], with_types=("Lambda::Permission", "Lambda::Url")),
    "a second topic": kinds.copies(["topic"]),
    "one bucket for all access logs": kinds.both(
        kinds.twin("shop", "shop.example"), kinds.logging("AWS::CloudFront::Distribution")
    ),
}
# In use as long as anything stands in them: AWS does not delete them.
CUGGU_HELD = {"vpc", "private-subnet-a", "private-subnet-c", "public-subnet-a"}


def _without_origins(properties):
    properties["DistributionConfig"]["Origins"] = []


CUGGU_LOST = {
    "a schedule without targets": ("schedule", put(Targets=[])),
    "the server out of the VPC": ("server", lambda properties: properties.pop("VpcConfig", None)),
    "alarms that tell nobody": ("alarm", put(AlarmActions=[], OKActions=[])),
    "the record leads elsewhere": (
        "record", put(AliasTarget={"DNSName": "x.cloudfront.net", "HostedZoneId": "Z2FDTNDATAQYW2", "EvaluateTargetHealth": False})
    ),
    "the image CDN without origin": ("image-cdn", _without_origins),
    "the CDN without origins": ("cdn", _without_origins),
    "the server's role without policies": ("server-role", put(Policies=[], ManagedPolicyArns=[])),
    "the proxy in no group": ("proxy", put(VpcSecurityGroupIds=[])),
    "the cleanup logs elsewhere": ("cleanup", put(LoggingConfig={"LogGroup": "/aws/other"})),
    "the NAT gateway elsewhere": ("nat", put(SubnetId="subnet-00000000000000000")),
    "the server with a role that is not there": ("server", put(Role="arn:aws:iam::123456789012:role/gone")),
}  # fmt: skip
# Roles of the builder where they are called otherwise than in the baseline.
BUILT = {
    "private-subnet-c": "private-subnet-b", "alarm": "alarm-on-", "topic": "alarm-topic", "subnet-group": "database-subnets",
    "schedule": "cleanup-schedule", "record": "alias-record", "subscription": "alarm-mail alarm-chat",
}  # fmt: skip


def cuggu_case(inventory, built) -> Case:
    """Who plays what, as the builder says; `alarm-on-` is the beginning of several names."""
    baseline = load_baseline("cuggu")
    truth: dict[str, set[str]] = {}
    for role, part in baseline.roles.items():
        names = BUILT.get(role, role).split()
        named = [
            each
            for each in built.ids
            for name in names
            if each == name or (name.endswith("-") and each.startswith(name))
        ]
        wanted = {text for each in named for text in (built.ids.get(each), built.arns.get(each)) if text}
        truth[role] = {
            each.key
            for each in inventory.resources
            if each.type in part.types and not each.aws_made and {each.id, each.arn, each.name} & wanted
        }
    return Case(inventory, truth)


def cuggu(inventory, built) -> Shape:
    baseline = load_baseline("cuggu")
    happens = events(baseline, CUGGU_HELD, CUGGU_LOST)
    return Shape("cuggu", baseline, cuggu_case(inventory, built), CUGGU_NEAR, happens)


def shapes() -> list[Shape]:
    """Every account, cuggu as the sandbox builds it."""
    from tests.binding.built import built_cuggu

    return [cuggu(*built_cuggu())]
