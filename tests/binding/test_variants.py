"""Who plays what under other names, beside copies and neighbours, and with parts gone: never wrong without a word."""

import dataclasses
import random
import re

import pytest

from auditor.checks.agreed import drift_of_all
from auditor.checks.binding import BadPin, bind, parse_scope
from auditor.graph.build import build
from auditor.model import Gap
from tests.binding.judging import judge
from tests.binding.variants import (
    NETWORK,
    misleading,
    renamed,
    replaced,
    replaced_domain,
    shuffled,
    twin,
    untagged,
    without,
)

BESIDE = {
    "alone": None,
    "a shop": {"domain": "shop.example"},
    "a shop in the same VPC": {"domain": "shop.example", "shared": NETWORK},
    "staging": {"domain": "staging.cuggu.com", "stage": "staging"},
    "staging in the same VPC": {"domain": "staging.cuggu.com", "stage": "staging", "shared": NETWORK},
    "a shop with the same topic": {"domain": "shop.example", "shared": ("SNS::Topic", "SNS::Subscription")},
    "a shop with the same certificate": {"domain": "shop.example", "shared": ("Certificate",)},
    "a shop on the same schedule": {"domain": "shop.example", "shared": ("Events::Rule",)},
}
# In use as long as anything stands in them: AWS does not delete them.
CONTAINERS = {"vpc", "private-subnet-a", "private-subnet-c", "public-subnet-a"}


def beside(account, name, tags):
    given = BESIDE[name]
    found = account.inventory if given is None else twin(account.inventory, name, **given)[0]
    return found if tags else untagged(found)


def test_the_builder_says_who_plays_what(account):
    judged = judge(account, account.inventory)
    assert not judged, judged
    assert judged.unknown == []
    assert len(account.roles) >= 22


@pytest.mark.parametrize("tags", [True, False], ids=["tagged", "untagged"])
@pytest.mark.parametrize("seed", range(3))
def test_every_name_random(account, seed, tags):
    inventory, mapping = renamed(account.inventory, seed)
    assert len(mapping) > 30
    where = {old.key: new.key for old, new in zip(account.inventory.resources, inventory.resources, strict=True)}
    truth = {role: {where[key] for key in keys} for role, keys in account.truth.items()}
    judged = judge(account, inventory if tags else untagged(inventory), truth)
    assert not judged, judged
    assert judged.unknown == []


@pytest.mark.parametrize("tags", [True, False], ids=["tagged", "untagged"])
@pytest.mark.parametrize("name", BESIDE)
def test_beside_another_system_a_conforming_account_conforms(account, name, tags):
    judged = judge(account, beside(account, name, tags))
    assert not judged, judged
    assert judged.unknown == []
    assert [each.check for each in judged.drift.findings if each.verdict == "broken" and each.kind != "extra"] == []


@pytest.mark.parametrize("tags", [True, False], ids=["tagged", "untagged"])
@pytest.mark.parametrize("name", BESIDE)
def test_a_part_that_is_gone_is_told_beside_another_system(account, name, tags):
    chance = random.Random(name)
    there = beside(account, name, tags)
    single = [role for role in account.roles if role not in CONTAINERS]
    alone = single if name == "alone" else chance.sample(single, 6)
    cases = [[role] for role in alone] + [chance.sample(single, chance.choice([2, 3])) for _ in range(4)]
    told = {}
    for gone in cases:
        keys = {key for role in gone for key in account.truth[role]}
        judged = judge(account, without(there, keys), gone=gone)
        if judged:
            told[tuple(gone)] = (judged.wrong, judged.false, judged.masked)
    assert told == {}


def test_names_that_mislead_move_nobody(account):
    labels = {role: next(iter({each.name for each in account.inventory.resources if each.key in account.truth[role]}))
              for role in ("server", "cleanup", "image-optimizer", "server-role")}  # fmt: skip
    pairs = [(labels["server"], labels["cleanup"])]
    inventory, _ = misleading(account.inventory, pairs)
    where = {old.key: new.key for old, new in zip(account.inventory.resources, inventory.resources, strict=True)}
    truth = {role: {where[key] for key in keys} for role, keys in account.truth.items()}
    judged = judge(account, inventory, truth)
    assert not judged, judged


@pytest.fixture(scope="session")
def nameless(account):
    """A system that nothing names, and a second one of the same shape beside it."""
    moved, _ = renamed(account.inventory, 1, keep="^$")
    parts = replaced_domain(
        replaced(moved.resources, {"cuggu-images": "xpictures"}), re.compile(r"cuggu\.com"), "one.example"
    )
    first = untagged(dataclasses.replace(moved, resources=parts))
    return twin(first, "second", domain="two.example")


def test_two_systems_that_fit_are_told_and_nothing_is_certain(account, nameless):
    """Nothing names either: nobody can say which of them the document means."""
    graph = build(nameless[0], account.types)
    bound = bind(account.baseline, graph)
    assert bound.alternatives
    assert "two systems fit" in bound.doubts["server"]
    assert "--bind server=" in bound.doubts["server"]
    drift = drift_of_all(account.baseline, bound, graph)
    assert all(not found.changes for found in drift.findings if found.verdict == "unknown")


def test_a_scope_decides_between_two_systems(account):
    double, theirs = twin(account.inventory, "second", stage="staging")
    graph = build(double, account.types)
    bound = bind(account.baseline, graph, scope=parse_scope(("tag:sst:stage=prod",)))
    mine = {role: {each.key for each in bound.of(role)} for role in account.roles}
    assert not {key for keys in mine.values() for key in keys} & theirs
    assert all(mine[role] == account.truth[role] for role in account.roles)


@pytest.mark.parametrize("stage", ["nothing names either", "staging beside"])
def test_a_scope_of_the_only_account_that_was_read_changes_nothing(account, nameless, stage):
    """An account names no system: both lie in it."""
    double = nameless if stage == "nothing names either" else twin(account.inventory, "second", stage="staging")
    graph = build(double[0], account.types)
    (here,) = {each.account for each in double[0].resources if each.account}
    free, scoped = (bind(account.baseline, graph, scope=parse_scope(each)) for each in ((), (f"account={here}",)))
    assert scoped == free


def test_a_pin_moves_its_neighbours_along(account):
    double, theirs = twin(account.inventory, "second", domain="shop.example")
    graph = build(double, account.types)
    other = next(
        key for key in sorted(theirs) if ":function:" in key and "lambda" in key and _is(account, key, graph, "server")
    )
    bound = bind(account.baseline, graph, {"server": other})
    assert {each.key for each in bound.of("server")} == {other}
    near = ("server-role", "server-logs", "proxy", "database", "vpc")
    assert all({each.key for each in bound.of(role)} <= theirs for role in near)


def _is(account, key, graph, role):
    """Whether a copy stands where the original plays the role: its distribution draws from it as from the server."""
    resource = graph.resource(key)
    return resource.known("MemorySize") == 1024


@pytest.mark.parametrize("pins", [{"server": "no-such-function"}, {"server": "cuggu-images"}])
def test_a_pin_that_names_nothing_is_an_error(account, pins):
    with pytest.raises(BadPin, match="server"):
        bind(account.baseline, build(account.inventory, account.types), pins)


def test_a_scope_that_is_not_understood_is_an_error():
    with pytest.raises(BadPin, match="tag:NAME=VALUE"):
        parse_scope(("stage",))


@pytest.mark.parametrize("seed", range(2))
def test_the_order_of_answers_changes_nothing(account, seed):
    double, _ = twin(account.inventory, "second", domain="shop.example", shared=NETWORK)
    first = judge(account, double)
    again = judge(account, shuffled(double, seed))
    assert again.bound.bindings == first.bound.bindings
    assert [each.id for each in again.drift.findings] == [each.id for each in first.drift.findings]


# ---- networks that let everything through, and what could not be read


@pytest.fixture(scope="session")
def permissive(account):
    """Two systems in one VPC whose groups admit the whole network: packets tell nobody which proxy is meant."""
    open_to_all = [{"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "CidrIp": "10.0.0.0/8"}]
    double, _ = twin(account.inventory, "second", domain="shop.example", shared=NETWORK)
    for each in double.resources:
        if each.type.endswith("EC2::SecurityGroup") and not each.aws_made:
            each.properties["SecurityGroupIngress"] = open_to_all
            each.properties["SecurityGroupEgress"] = [{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}]
    return double


@pytest.mark.parametrize(
    "gone",
    [[], ["proxy"], ["database"], ["server"], ["cleanup"], ["schedule", "cleanup"], ["images-bucket"],
     ["proxy", "database", "subnet-group"]],
    ids="-".join,
)  # fmt: skip
def test_where_the_network_tells_nothing_apart_nothing_is_certain(account, permissive, gone):
    keys = {key for role in gone for key in account.truth[role]}
    judged = judge(account, without(untagged(permissive), keys), gone=gone)
    assert not judged, judged


def _denied(resource_type, account, subject=""):
    words = f"{resource_type} could not be read"
    return Gap(account, "ap-northeast-2", "s", "Op", "s:Op", "denied", (resource_type,), words, subject)


def _broken(judged):
    return [each.check for each in judged.drift.findings if each.verdict == "broken" and each.kind != "extra"]


def test_a_list_that_is_denied_makes_nothing_missing(account):
    told = {}
    for cfn in sorted({each.type for each in account.inventory.resources if not each.aws_made}):
        left = [each for each in account.inventory.resources if each.type != cfn]
        gaps = [*account.inventory.gaps, _denied(cfn, account.inventory.accounts[0])]
        judged = judge(account, dataclasses.replace(account.inventory, resources=left, gaps=gaps))
        if _broken(judged):
            told[cfn] = _broken(judged)
    assert told == {}


def test_a_resource_of_which_nothing_was_read_makes_nothing_missing(account):
    told = {}
    seen = [each for each in account.inventory.resources if not each.aws_made and each.properties]
    for resource in random.Random(3).sample(seen, 20):
        gap = _denied(resource.type, resource.account, resource.key)
        blind = dataclasses.replace(resource, properties={}, unknown=dict.fromkeys(resource.properties, gap))
        resources = [blind if each is resource else each for each in account.inventory.resources]
        judged = judge(account, dataclasses.replace(account.inventory, resources=resources))
        if _broken(judged):
            told[resource.key] = _broken(judged)
    assert told == {}
