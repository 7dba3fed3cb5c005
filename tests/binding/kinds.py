"""The kinds of variants that are made of any conforming account: renamings, tags, neighbours, and what happened to it.

Each is a function of a case and of chance. A case knows which resources truly play each role, so that whatever is said
of it can be held against what is said when the roles are given.
"""

from __future__ import annotations

import copy
import dataclasses
import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from auditor.checks.binding import Scope
from auditor.model import Gap, Inventory, Resource
from tests.binding import variants

Truth = dict[str, set[str]]


@dataclass(frozen=True)
class Case:
    """An account, who plays what in it, the roles whose part is gone, and the account as it is where nothing is denied."""

    inventory: Inventory
    truth: Truth
    gone: tuple[str, ...] = ()
    seen: Inventory | None = None  # what the program may read; all of it where nothing is denied
    told: str = ""
    stranger: frozenset[str] = field(default=frozenset())  # keys of what is not of the system
    before: Case | None = None  # before parts were deleted or changed
    changed: tuple[str, ...] = ()  # roles whose part was changed
    copies: Truth = field(default_factory=dict)  # by role: second parts, joined to all that the first are joined to

    @property
    def read(self) -> Inventory:
        return self.seen or self.inventory


Change = Callable[[Case, random.Random], Case]


def moved(case: Case, resources: list[Resource]) -> Case:
    """The case with each resource in another form, in the same order."""
    where = {old.key: new.key for old, new in zip(case.inventory.resources, resources, strict=True)}
    truth = {role: {where[key] for key in keys} for role, keys in case.truth.items()}
    inventory = dataclasses.replace(case.inventory, resources=resources)
    copies = {role: {where[key] for key in keys} for role, keys in case.copies.items()}
    strangers = frozenset(map(where.get, case.stranger))
    return dataclasses.replace(case, inventory=inventory, truth=truth, stranger=strangers, copies=copies)


# ---- names


def random_names(keep: str) -> Change:
    def change(case: Case, chance: random.Random) -> Case:
        found, _ = variants.renamed(case.inventory, chance.random(), keep)
        return moved(case, found.resources)

    return change


def swapped_names(keep: str) -> Change:
    """Within each type the names go round, so that every name stands on the wrong resource; what names the system stays."""

    def change(case: Case, chance: random.Random) -> Case:
        mapping: dict[str, str] = {}
        parts = {key for keys in case.truth.values() for key in keys}
        mine = [each for each in variants.own(case.inventory) if each.key in parts]
        tokens = variants.tokens(mine)
        for cfn in sorted({each.type for each in mine}):
            names = sorted({each.name or each.id for each in mine if each.type == cfn} & tokens)
            names = [name for name in names if not variants.GIVEN.fullmatch(name) and name not in mapping]
            names = [name for name in names if not re.search(keep, name)]
            chance.shuffle(names)
            mapping |= dict(zip(names, names[1:] + names[:1], strict=True))
        mapping = {old: new for old, new in mapping.items() if old != new}
        return moved(case, variants.replaced(case.inventory.resources, mapping))

    return change


# ---- tags


def tags(kind: str) -> Change:
    """None at all, everywhere, here and there, or with another stage here and there."""

    def change(case: Case, chance: random.Random) -> Case:
        mine = {each.key for each in variants.own(case.inventory)} - case.stranger
        given = next((each.tags for each in case.inventory.resources if each.key in mine and each.tags), {})
        given = {name: value for name, value in given.items() if name != "Name"} or {"stage": "prod"}
        out = []
        for each in case.inventory.resources:
            new = copy.deepcopy(each)
            if kind == "none":
                new.tags = {}
            elif kind == "all" and each.key in mine:
                new.tags = {**given, **new.tags}
            elif kind == "some" and chance.random() < 0.5:
                new.tags = {}
            elif kind == "wrong" and each.key in mine and new.tags and chance.random() < 0.2:
                new.tags = {name: value if name == "Name" else "other" for name, value in new.tags.items()}
            if not new.tags:
                new.properties.pop("Tags", None)
            out.append(new)
        return moved(case, out)

    return change


# ---- neighbours


def twin(
    label: str, domain: str = "", shared: Iterable[str] = (), stage: str = "", tags: str = "", of: str = r"cuggu\.com"
) -> Change:
    """A second system of the same shape, that shares what is of some types with ours."""

    def change(case: Case, chance: random.Random) -> Case:
        found, theirs = variants.twin(case.inventory, f"{label}{chance.random()}", domain, tuple(shared), stage, of)
        for each in found.resources:
            if tags and each.key in theirs:
                each.tags = {name: value if name == "Name" else tags for name, value in each.tags.items()}
        return dataclasses.replace(case, inventory=found, stranger=case.stranger | theirs)

    return change


def copies(roles: Iterable[str], domain: str = "", with_types: Iterable[str] = ()) -> Change:
    """Second copies of some parts, joined to all that the first are joined to."""

    def change(case: Case, chance: random.Random) -> Case:
        found, theirs = variants.copied(
            case.inventory, case.truth, tuple(roles), tuple(with_types), str(chance.random()), domain
        )
        types = {each.key: each.type for each in found.resources}
        mine = {role: {types[key] for key in case.truth[role]} for role in roles}
        second = {role: {key for key in theirs if types[key] in mine[role]} for role in roles}
        return dataclasses.replace(
            case, inventory=found, stranger=case.stranger | theirs, copies={**case.copies, **second}
        )

    return change


def logging(cfn: str) -> Change:
    """One bucket takes the access logs of everything of a type, ours and theirs."""

    def change(case: Case, chance: random.Random) -> Case:
        bucket = Resource(
            "AWS::S3::Bucket", "all-the-logs", case.inventory.accounts[0], "ap-northeast-2", "arn:aws:s3:::all-the-logs",
            "all-the-logs", properties={"BucketName": "all-the-logs"}, names=("all-the-logs.s3.amazonaws.com",),
        )  # fmt: skip
        keys = {each.key for each in case.inventory.resources if each.type == cfn}

        def edit(properties):
            properties["DistributionConfig"]["Logging"] = {"Enabled": True, "Bucket": bucket.names[0]}

        return with_more(edited(case, keys, edit), [bucket])

    return change


def one_key(case: Case, chance: random.Random) -> Case:
    """One key encrypts what is ours and what is theirs."""
    key = beside(case, "AWS::KMS::Key", "the-key", "arn:aws:kms:{region}:{account}:key/the-key")
    types = ("RDS::DBInstance", "SecretsManager::Secret", "Logs::LogGroup")
    keys = {each.key for each in case.inventory.resources if each.type.endswith(types) and not each.aws_made}
    return with_more(edited(case, keys, lambda properties: properties.update(KmsKeyId=key.arn)), [key])


def one_balancer(case: Case, chance: random.Random) -> Case:
    """One load balancer in our VPC hands requests to all functions, ours and theirs."""
    vpc = next(each for each in case.inventory.resources if each.key in case.truth["vpc"])
    functions = [each.arn for each in case.inventory.resources if each.type == "AWS::Lambda::Function"]
    arn = "arn:aws:elasticloadbalancing:{region}:{account}:"
    balancer = beside(case, "AWS::ElasticLoadBalancingV2::LoadBalancer", "all", f"{arn}loadbalancer/app/all/1")
    balancer.properties.update(Type="application", Scheme="internal", VpcId=vpc.id)
    group = beside(case, "AWS::ElasticLoadBalancingV2::TargetGroup", "everybody", f"{arn}targetgroup/everybody/1")
    targets = [{"Id": each} for each in functions]
    group.properties.update(LoadBalancerArns=[balancer.arn], TargetType="lambda", Targets=targets)
    return with_more(case, [balancer, group])


def beside(case: Case, cfn: str, name: str, arn: str) -> Resource:
    """A resource that is not of the system, where the others are."""
    account = case.inventory.accounts[0]
    region = next(each.region for each in case.inventory.resources if each.key in case.truth["vpc"])
    return Resource(cfn, name, account, region, arn.format(region=region, account=account), name, properties={})


def with_more(case: Case, strangers: list[Resource]) -> Case:
    inventory = dataclasses.replace(case.inventory, resources=[*case.inventory.resources, *strangers])
    return dataclasses.replace(case, inventory=inventory, stranger=case.stranger | {each.key for each in strangers})


def both(*changes: Change) -> Change:
    def change(case: Case, chance: random.Random) -> Case:
        for each in changes:
            case = each(case, chance)
        return case

    return change


# ---- what happened


def gone(count: int, held: Iterable[str]) -> Change:
    """Some parts were deleted, and with them what AWS deletes along. `held` are in use as long as the rest stands."""

    def change(case: Case, chance: random.Random) -> Case:
        single = sorted(role for role, keys in case.truth.items() if len(keys) == 1 and role not in set(held))
        roles = chance.sample(single, count)
        return without(case, roles)

    return change


def without(case: Case, roles: Iterable[str]) -> Case:
    roles = tuple(roles)
    keys = {key for role in roles for key in case.truth[role]}
    inventory = variants.without(case.inventory, keys)
    there = {each.key for each in inventory.resources}
    truth = {role: found & there for role, found in case.truth.items()}
    return dataclasses.replace(
        case, inventory=inventory, truth=truth, gone=roles, before=case, told=f"without {', '.join(roles)}"
    )


def differs(baseline) -> Change:
    """A property of one part is another one than the document promises."""

    def change(case: Case, chance: random.Random) -> Case:
        promised = [
            (role, entry)
            for role, part in baseline.roles.items()
            for entry in part.require
            if entry.path
            and isinstance(entry.wanted, (str, int, bool))
            and not entry.identifies
            and case.truth.get(role)
            and all(_stands(case, key, entry.path) for key in case.truth[role])
        ]
        role, entry = chance.choice(promised)
        wanted = entry.wanted
        other = (not wanted) if isinstance(wanted, bool) else wanted + 1 if isinstance(wanted, int) else _other(wanted)

        def edit(properties):
            place = properties
            *above, last = entry.path.split(".")
            for step in above:
                place = place[step]
            place[last] = other

        return dataclasses.replace(edited(case, case.truth[role], edit), told=f"{role}/{entry.id} differs")

    return change


def _other(text: str) -> str:
    """A value of the same form: a network stays one."""
    return re.sub(r"^\d+\.\d+", "172.31", text) if re.fullmatch(r"[\d.]+/\d+", text) else f"x{text}"


def _stands(case: Case, key: str, path: str) -> bool:
    """Whether the value stands where the path says, and not in a list."""
    place = next(each.properties for each in case.inventory.resources if each.key == key)
    for step in path.split(".")[:-1]:
        place = place.get(step)
        if not isinstance(place, dict):
            return False
    return True


def edited(case: Case, keys: Iterable[str], edit) -> Case:
    keys = set(keys)
    out = []
    for each in case.inventory.resources:
        new = copy.deepcopy(each) if each.key in keys else each
        if each.key in keys:
            edit(new.properties)
        out.append(new)
    return dataclasses.replace(case, inventory=dataclasses.replace(case.inventory, resources=out))


def loses(ways: dict[str, tuple[str, Callable]]) -> Change:
    """An arrow is lost: by name (role, what is done to its properties)."""

    def change(case: Case, chance: random.Random) -> Case:
        name = chance.choice(sorted(each for each in ways if case.truth.get(ways[each][0])))
        role, edit = ways[name]
        return dataclasses.replace(edited(case, case.truth[role], edit), told=name, before=case, changed=(role,))

    return change


def denied(case: Case, chance: random.Random) -> Case:
    """The list of a type was denied, or all that details say of it."""
    types = sorted({each.type for each in case.inventory.resources if not each.aws_made})
    cfn, account = chance.choice(types), case.inventory.accounts[0]

    def gap(subject: str = "") -> Gap:
        return Gap(account, "ap-northeast-2", "s", "Op", "s:Op", "denied", (cfn,), f"{cfn} could not be read", subject)

    if chance.random() < 0.5:
        resources = [each for each in case.inventory.resources if each.type != cfn]
        seen = dataclasses.replace(case.inventory, resources=resources, gaps=[*case.inventory.gaps, gap()])
    else:
        resources = [
            dataclasses.replace(each, properties={}, tags={}, unknown=dict.fromkeys(each.properties, gap(each.key)))
            if each.type == cfn and not each.aws_made
            else each
            for each in case.inventory.resources
        ]
        seen = dataclasses.replace(case.inventory, resources=resources)
    how = "list" if len(seen.resources) < len(case.inventory.resources) else "details"
    return dataclasses.replace(case, seen=seen, told=f"{case.told}; {how} of {cfn} denied".lstrip("; "))


def nothing(case: Case, chance: random.Random) -> Case:
    return case


# ---- what somebody says beforehand

Said = tuple[dict[str, str], Scope]  # pins, and what belongs to the system at all


def unsaid(case: Case, chance: random.Random) -> Said:
    return {}, Scope()


def pinned(case: Case, chance: random.Random) -> Said:
    """One or two parts that are there are named."""
    there = sorted(role for role, keys in case.truth.items() if len(keys) == 1)
    roles = chance.sample(there, min(len(there), chance.choice([1, 2])))
    return {role: next(iter(case.truth[role])) for role in roles}, Scope()


def scoped(case: Case, chance: random.Random) -> Said:
    """Our VPC, or a tag that parts of ours carry and nothing else does."""
    mine = {key for keys in case.truth.values() for key in keys}
    resources = {each.key: each for each in case.read.resources}
    tags = {item for key in mine & resources.keys() for item in resources[key].tags.items() if item[0] != "Name"}
    ours = [
        (name, value)
        for name, value in sorted(tags)
        if all(each.tags.get(name) != value for each in resources.values() if each.key in case.stranger)
        and all(resources[key].tags.get(name, value) == value for key in mine & resources.keys())
    ]
    if ours and chance.random() < 0.5:
        return {}, Scope(tags=dict([chance.choice(ours)]))
    return {}, Scope(vpc="".join(resources[key].id for key in case.truth["vpc"] & resources.keys()))
