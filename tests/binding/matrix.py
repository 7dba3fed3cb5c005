"""Accounts, and for each the kinds of variants that are made of it: renamings x tags x neighbours x what happened x what
somebody said beforehand."""

from __future__ import annotations

import copy
import dataclasses
import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from auditor.checks.baselines import load_baseline
from auditor.checks.binding import bind
from auditor.checks.binding.evidence import evidence
from auditor.checks.schema import Baseline
from auditor.graph.build import build
from auditor.resources import load
from tests.binding import kinds
from tests.binding.kinds import Case, Change
from tests.binding.variants import NETWORK, STRANGERS


def renamings(documented: str, naming: str = "^$", no_names: str = "^$") -> dict[str, Change]:
    """`documented` names stay where all others are random. Names that name the system do not go round, and what is no
    name at all stays in any case."""
    return {
        "own names": kinds.nothing,
        "random names": kinds.random_names(documented),
        "random names, documented ones too": kinds.random_names(no_names),
        "names that mislead": kinds.swapped_names(naming),
    }


TAGS: dict[str, Change] = {
    "tags as they are": kinds.nothing,
    "no tags": kinds.tags("none"),
    "tags everywhere": kinds.tags("all"),
    "tags here and there": kinds.tags("some"),
    "wrong tags": kinds.tags("wrong"),
}
SAID: dict[str, Callable[[Case, random.Random], kinds.Said]] = {
    "nothing said": kinds.unsaid,
    "a pin": kinds.pinned,
    "a scope": kinds.scoped,
}
Kinds = tuple[str, str, str, str, str]


@dataclass(frozen=True)
class Shape:
    """A conforming account, and what may stand beside it and happen to it."""

    name: str
    baseline: Baseline
    case: Case
    names: dict[str, Change]
    near: dict[str, Change]
    events: dict[str, Change]

    def kinds(self) -> Iterator[Kinds]:
        return itertools.product(self.names, TAGS, self.near, self.events, SAID)

    def made(self, chosen: tuple[str, ...], seed: str) -> Case:
        """The variant: names first, so that a neighbour copies them, then tags, then what happens."""
        names, tags, near, event, *_ = chosen
        chance, case = random.Random("/".join((*chosen[:4], seed))), self.case
        for change in (self.names[names], self.near[near], TAGS[tags], self.events[event]):
            case = change(case, chance)
        return case

    def said(self, case: Case, chosen: tuple[str, ...], seed: str) -> kinds.Said:
        """Pins and scope; by themselves nothing is said."""
        return SAID[(*chosen, "nothing said")[4]](case, random.Random("/".join((*chosen, seed))))


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
    "a shop, the same key": kinds.both(kinds.twin("shop", "shop.example"), kinds.one_key),
    "a shop, the same balancer": kinds.both(kinds.twin("shop", "shop.example"), kinds.one_balancer),
    "staging, the same key and balancer": kinds.both(
        kinds.twin("staging", "staging.cuggu.com", NETWORK, "staging"), kinds.one_key, kinds.one_balancer
    ),
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


def case_of(baseline: Baseline, inventory, built, names: Callable[[str], list[str]]) -> Case:
    """Who plays what, as the builder says: `names` are those of a role's parts; one that ends with - or / is the
    beginning of several."""
    found = evidence(baseline, build(inventory, load())).found
    truth: dict[str, set[str]] = {}
    for role in baseline.roles:
        named = [
            each
            for each in built.ids
            for name in names(role)
            if each == name or (name.endswith(("-", "/")) and each.startswith(name))
        ]
        wanted = {text for each in named for text in (built.ids.get(each), built.arns.get(each)) if text}
        truth[role] = {
            each.key
            for each in inventory.resources
            if each.key in found[role] and {each.id, each.arn, each.name} & wanted
        }
    neighbours = {each.key for each in inventory.resources if STRANGERS.search(f"{each.key} {each.name}")}
    return Case(inventory, truth, stranger=frozenset(neighbours))


def cuggu(inventory, built) -> Shape:
    baseline = load_baseline("cuggu")
    case = case_of(baseline, inventory, built, lambda role: BUILT.get(role, role).split())
    happens = events(baseline, CUGGU_HELD, CUGGU_LOST)
    return Shape("cuggu", baseline, case, renamings(r"^cuggu-images"), CUGGU_NEAR, happens)


# ---- dualtetrax: one environment of the document beside the other

DUALTETRAX_NAMES = r"qp[-_]dualtetrax|dualtetrax-cdk-deployer"
NO_NAMES = r"^dev$|^prod$|^index|nodejs|dualtetrax-cdk-deployer|frontend|firmware"  # what roles are found by
DUALTETRAX_NEAR: dict[str, Change] = {
    "the other environment": kinds.nothing,
    "a second function": kinds.copies(["function"], with_types=("Lambda::Permission",)),
    "a second database": kinds.copies(["database"]),
    "a second user pool": kinds.copies(["user-pool"]),
    "a second bucket": kinds.copies(["files"]),
    "a second site": kinds.copies(["cdn", "site-bucket"], "other.example", with_types=("S3::BucketPolicy",)),
    "a second secret": kinds.copies(["secret"]),
    "one key": kinds.one_key,
    "one balancer": kinds.one_balancer,
}
DUALTETRAX_HELD = {"vpc", "subnet-group", "function-role", "zone"}
DUALTETRAX_LOST = {
    "the function with another role": ("function", put(Role="arn:aws:iam::123456789012:role/gone")),
    "the logs elsewhere": ("function", put(LoggingConfig={"LogGroup": "/aws/other"})),
    "the database in another group": ("database", put(DBSubnetGroupName="other")),
    "the CDN without origins": ("cdn", _without_origins),
    "an alarm of the costs that tells nobody": ("cost-alarm", put(AlarmActions=[], OKActions=[])),
}  # fmt: skip


def dualtetrax(inventory, built, environment: str) -> Shape:
    """What only the other environment has is not of the system."""
    baseline = load_baseline(f"dualtetrax:{environment}")

    def names(role: str, whose: str) -> list[str]:
        return [f"{whose}/{role}", f"{whose}/{role}-", f"{whose}/{role}/", role]

    case = case_of(baseline, inventory, built, lambda role: names(role, environment))
    (other,) = {"dev", "prod"} - {environment}
    theirs = case_of(baseline, inventory, built, lambda role: names(role, other))
    ours = {key for keys in case.truth.values() for key in keys}
    stranger = {key for keys in theirs.truth.values() for key in keys} - ours
    known = evidence(baseline, build(inventory, load()))
    adrift = {role: keys for role, keys in theirs.truth.items() if known.unlinked(role)}
    case = dataclasses.replace(case, stranger=case.stranger | stranger, copies=adrift)
    happens = events(baseline, DUALTETRAX_HELD, DUALTETRAX_LOST)
    named = renamings(f"{DUALTETRAX_NAMES}|{NO_NAMES}", f"{DUALTETRAX_NAMES}|{NO_NAMES}", NO_NAMES)
    return Shape(f"dualtetrax:{environment}", baseline, case, named, DUALTETRAX_NEAR, happens)


# ---- glimpse beside its copy for staging, couple's environments side by side, pingvas beside a shop


def conforming(baseline: Baseline, inventory) -> Case:
    """A conforming account, of which the tests of its own hold that each role is played by the part that was built for
    it; what plays none is a stranger."""
    graph = build(inventory, load())
    roles = bind(baseline, graph).roles
    truth = {role: {each.key for each in found} for role, found in roles.items()}
    ours = {key for keys in truth.values() for key in keys}
    found = {key for candidates in evidence(baseline, graph).found.values() for key in candidates}
    return Case(inventory, truth, stranger=frozenset(found - ours))


GLIMPSE_NAMES = (
    r"^glimpse-prod$|^glimpse-staging$|^glimpse-api$|glimpse-(prod|staging)-(jwt|db-password|redis)|glimpse-files"
    r"|^/ecs/glimpse|glimpse\.contact"
)
GLIMPSE_NEAR: dict[str, Change] = {
    "staging": kinds.nothing,
    "a second service": kinds.copies(["service"]),
    "a second load balancer": kinds.copies(["alb", "listener", "targets"]),
    "a second listener": kinds.copies(["listener"]),
    "a second database": kinds.copies(["database"]),
    "a second cache": kinds.copies(["redis"]),
    "a second security group": kinds.copies(["ecs-group"]),
    "a second CDN": kinds.copies(["cdn"]),
    "a second topic": kinds.copies(["topic"]),
    "one key": kinds.one_key,
    "one bucket for all access logs": kinds.logging("AWS::CloudFront::Distribution"),
    "a shop": kinds.twin("shop", "shop.example", of=r"glimpse\.contact"),
    "a shop in the VPC": kinds.twin("shop", "shop.example", NETWORK, of=r"glimpse\.contact"),
}
GLIMPSE_HELD = {"vpc", "private-subnet-a", "private-subnet-c", "public-subnet-a", "public-subnet-c", "zone", "cluster"}
GLIMPSE_LOST = {
    "the alarm on errors tells nobody": ("errors-alarm", put(AlarmActions=[])),
    "the CDN without origins": ("cdn", _without_origins),
    "the database in no group": ("database", put(VPCSecurityGroups=[])),
    "the listener without certificate": ("listener", put(Certificates=[])),
    "the service without load balancer": ("service", put(LoadBalancers=[])),
    "the tasks with a role that is not there": ("task", put(TaskRoleArn="arn:aws:iam::123456789012:role/gone")),
}


def glimpse(inventory) -> Shape:
    baseline = load_baseline("glimpse")
    named = renamings(GLIMPSE_NAMES, GLIMPSE_NAMES, r"^glimpse-api$")
    happens = events(baseline, GLIMPSE_HELD, GLIMPSE_LOST)
    return Shape("glimpse", baseline, conforming(baseline, inventory), named, GLIMPSE_NEAR, happens)


COUPLE_NEAR: dict[str, Change] = {
    "the other environment": kinds.nothing,
    "a second service": kinds.copies(["service"]),
    "a second database": kinds.copies(["database"]),
    "a second listener": kinds.copies(["https"]),
    "a second function": kinds.copies(["question-function"]),
    "a second nightly function": kinds.copies(["question-function", "question-schedule"]),
    "a second CDN": kinds.copies(["cdn"]),
    "a second bucket": kinds.copies(["uploads-bucket"]),
    "a second firewall": kinds.copies(["regional-acl"]),
    "a second socket API": kinds.copies(["socket-api", "socket-stage"]),
    "one key": kinds.one_key,
    "one bucket for all access logs": kinds.logging("AWS::CloudFront::Distribution"),
}
COUPLE_HELD = {"vpc", "cluster", "repository"}
COUPLE_LOST = {
    "a schedule without targets": ("question-schedule", put(Targets=[])),
    "alarms that tell nobody": ("alarm", put(AlarmActions=[], OKActions=[])),
    "the CDN without origins": ("cdn", _without_origins),
    "the listener without certificate": ("https", put(Certificates=[])),
    "the database in no group": ("database", put(VPCSecurityGroups=[])),
    "the question with a role that is not there": (
        "question-function", put(Role="arn:aws:iam::123456789012:role/gone")
    ),
}  # fmt: skip


def couple(inventory, environment: str) -> Shape:
    name = "couple" if environment == "prod" else f"couple:{environment}"
    baseline = load_baseline(name)
    routes = r"^\$"  # keys of routes mean something to API Gateway
    happens = events(baseline, COUPLE_HELD, COUPLE_LOST)
    named = renamings(routes, routes, routes)
    return Shape(f"couple:{environment}", baseline, conforming(baseline, inventory), named, COUPLE_NEAR, happens)


PINGVAS_NAMES = (
    r"^(pingvas[-/])?(images|assets|backups|models|shared|dev|prod)|^pingvas$|pingvas\.|^pingvas/|DevOps-AssumeRole"
    r"|Developer-|stable-diffusion|sdxl|flux|controlnet|lora|workflows|styles"
)
PINGVAS_NEAR: dict[str, Change] = {
    "nobody": kinds.nothing,
    "a second cluster": kinds.copies(["cluster"]),
    "a second database": kinds.copies(["aurora", "aurora-a", "aurora-b", "aurora-c"]),
    "a second cache": kinds.copies(["prod-redis"]),
    "a second CDN": kinds.copies(["cdn"]),
    "a second load balancer": kinds.copies(["alb", "listener"]),
    "a second topic": kinds.copies(["topic"]),
    "a second file system": kinds.copies(["files"]),
    "one key": kinds.one_key,
    "a shop": kinds.twin("shop", "shop.example", of=r"pingvas\.com"),
    "a shop in the VPC": kinds.twin("shop", "shop.example", NETWORK, of=r"pingvas\.com"),
}
PINGVAS_LOST = {
    "an alarm that tells nobody": ("cpu-alarm", put(AlarmActions=[])),
    "the CDN without origins": ("cdn", _without_origins),
    "the listener without certificate": ("listener", put(Certificates=[])),
    "the database in no group": ("aurora", put(VpcSecurityGroupIds=[])),
}


def pingvas(inventory) -> Shape:
    baseline = load_baseline("pingvas")
    found = conforming(baseline, inventory)
    held = {role for role in baseline.roles if role.startswith(("vpc", "nodes-", "public-", "data-", "zone", "files"))}
    happens = events(baseline, held, PINGVAS_LOST)
    return Shape(
        "pingvas", baseline, found, renamings(PINGVAS_NAMES, PINGVAS_NAMES, PINGVAS_NAMES), PINGVAS_NEAR, happens
    )


def shapes() -> list[Shape]:
    """Every account, as the sandbox builds it."""
    from tests.binding.built import built_account, built_cuggu, built_dualtetrax

    inventory, built = built_dualtetrax()
    sisters = built_account("couple")
    return [
        cuggu(*built_cuggu()),
        dualtetrax(inventory, built, "dev"),
        dualtetrax(inventory, built, "prod"),
        glimpse(built_account("glimpse")),
        couple(sisters, "prod"),
        couple(sisters, "dev"),
        pingvas(built_account("pingvas")),
    ]
