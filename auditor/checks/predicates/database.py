"""Questions about databases and caches: where they run, which version of the engine, how many
nodes, whether connections are encrypted."""

from __future__ import annotations

import re
from collections.abc import Mapping

from auditor.checks.equality import number, unfinished
from auditor.checks.operators import UNFINISHED, gaps_of, holds
from auditor.checks.predicates import predicate
from auditor.graph.build import Graph
from auditor.model import ABSENT, Answer, Gap, Hidden, Resource, Value

INSTANCE, CLUSTER, PARAMETERS = "AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::RDS::DBParameterGroup"
REDIS, CACHE = "AWS::ElastiCache::ReplicationGroup", "AWS::ElastiCache::CacheCluster"
_NODES = {REDIS: "NumCacheClusters", CACHE: "NumCacheNodes"}


@predicate("primary-in-zone", needs={INSTANCE: ("AvailabilityZone", "MultiAZ")}, on=(INSTANCE,))
def primary_in_zone(graph: Graph, instance: Resource, suffix: str) -> Answer:
    """The instance runs in the Availability Zone with this letter. A Multi-AZ instance may run in any zone, because a
    failover swaps the copies."""
    zone, copies = instance.at("AvailabilityZone"), instance.at("MultiAZ")
    place, expected = "AvailabilityZone", f"{instance.region}{suffix}"
    found = holds(expected, zone)
    shown = None if isinstance(zone, Hidden) else zone
    if found:
        return Answer("kept", place, expected, zone)
    if copies is True:
        return Answer("kept", place, expected, shown, "Multi-AZ: a failover may have swapped the copies")
    if zone is ABSENT:
        # A template need not say it; then AWS chooses among the zones of the subnet group.
        return Answer("kept", place, expected, "left to AWS", "the subnet group decides")
    if found is None:
        return Answer.unseen(place, expected, *gaps_of(zone, copies), because="" if shown is None else UNFINISHED)
    if isinstance(copies, Hidden):
        return Answer.unseen(place, expected, copies.gap)
    return Answer("broken", place, expected, zone, f"the database runs in {zone}")


# AWS: of MySQL and MariaDB two numbers name the major version (8.0, 8.4), which is never upgraded without being asked.
_BY_TWO = re.compile(r"mysql|mariadb")


@predicate(
    "engine-version",
    needs={
        INSTANCE: ("Engine", "EngineVersion", "AutoMinorVersionUpgrade", "DBClusterIdentifier"),
        CLUSTER: ("Engine", "EngineVersion"),
    },
    on=(INSTANCE, CLUSTER),
)
def engine_version(graph: Graph, instance: Resource, stated: str) -> Answer:
    """The engine has this version, or a later minor one where RDS upgrades by itself, which then chooses among them.
    A cluster is upgraded by itself where all of its instances are."""
    found, upgraded = instance.at("EngineVersion"), _upgraded(graph, instance)
    place = "EngineVersion"
    same = holds({"version": stated}, found)
    if same:
        return Answer("kept", place, stated, found)
    if same is None:
        shown = None if isinstance(found, Hidden) else found
        return Answer.unseen(place, stated, *gaps_of(found), because="" if shown is None else UNFINISHED)
    engine = instance.at("Engine")
    if isinstance(engine, Hidden):
        return Answer.unseen(place, stated, engine.gap)
    if not _later_minor(str(found), stated, 2 if _BY_TWO.search(str(engine)) else 1):
        return Answer("broken", place, stated, found)
    if isinstance(upgraded, Hidden):
        return Answer.unseen(place, stated, upgraded.gap)
    if upgraded is True:
        return Answer("kept", place, stated, found, "managed by RDS, which upgrades minor versions by itself")
    return Answer("broken", place, stated, found, "RDS does not upgrade minor versions of this instance by itself")


def _upgraded(graph: Graph, resource: Resource) -> Value:
    """Whether RDS upgrades minor versions by itself: of a cluster, what the first of its instances says that is not."""
    if resource.type == INSTANCE:
        return resource.at("AutoMinorVersionUpgrade")
    said = [each.at("AutoMinorVersionUpgrade") for _, each in graph.tails(resource, "part-of", INSTANCE)]
    return next((each for each in said if each is not True), bool(said))


def _later_minor(found: str, stated: str, major: int) -> bool:
    """Whether the same major version, which so many numbers name, is at a later minor one."""
    mine, wanted = found.split("."), stated.split(".")
    minor, least = ([int(each) for each in parts[major:] if each.isdigit()] for parts in (mine, wanted))
    return mine[:major] == wanted[:major] and minor > least


@predicate("cache-nodes", needs={cfn: (name,) for cfn, name in _NODES.items()}, on=(REDIS, CACHE))
def cache_nodes(graph: Graph, cache: Resource, count: int) -> Answer:
    """The cache has this number of nodes, replicas counted."""
    place = _NODES[cache.type]
    found = cache.at(place)
    same = holds(count, found)
    if same is None or found is ABSENT:
        because = "" if gaps_of(found) else UNFINISHED
        return Answer.unseen(place, count, *gaps_of(found), because=because)
    return Answer("kept" if same else "broken", place, count, found)


_FORCED, _SINCE = "rds.force_ssl", 15


@predicate(
    "connections-encrypted",
    needs={INSTANCE: ("Engine", "EngineVersion", "DBParameterGroupName"), PARAMETERS: ("Parameters", "Family")},
    on=(INSTANCE,),
)
def connections_encrypted(graph: Graph, instance: Resource) -> Answer:
    """PostgreSQL refuses connections that are not encrypted: its parameter group has `rds.force_ssl` on, which is the
    default from version 15 on."""
    place, expected = f"Parameters.{_FORCED}", "1"
    groups = [group for _, group in graph.heads(instance, "applies", PARAMETERS)]
    engine = instance.at("Engine")
    said: Value = ABSENT
    if isinstance(engine, Hidden):
        return Answer.unseen(place, expected, engine.gap)
    if "postgres" not in str(engine):
        return Answer.unseen(place, expected, because=f"this parameter does not determine what {engine} accepts")
    if groups:
        held = groups[0].at("Parameters")
        said = held.get(_FORCED, ABSENT) if isinstance(held, Mapping) else held
    if isinstance(said, Hidden):
        return Answer.unseen(place, expected, said.gap)
    if said is not ABSENT:
        kept = str(said) in ("1", "true")
        return Answer(
            "kept" if kept else "broken", place, expected, said, "" if kept else "plain connections are accepted"
        )
    if not groups and (gaps := _hidden_group(graph, instance)):
        return Answer.unseen(place, expected, *gaps)
    version = instance.at("EngineVersion")
    if isinstance(version, Hidden) or version is ABSENT or unfinished(version):
        return Answer.unseen(place, expected, *gaps_of(version), because="" if gaps_of(version) else UNFINISHED)
    major = number(str(version).split(".")[0])
    if major is None:
        return Answer.unseen(place, expected, because=f"{version} is no version that is known")
    if major >= _SINCE:
        return Answer("kept", place, expected, "the default", f"the default of PostgreSQL {major:g}")
    return Answer(
        "broken", place, expected, "the default", f"PostgreSQL {major:g} accepts plain connections by default"
    )


def _hidden_group(graph: Graph, instance: Resource) -> tuple[Gap, ...]:
    """What hides its parameter group. One of AWS's own has nothing set, whether it was read or not."""
    named = instance.at("DBParameterGroupName")
    if named is ABSENT or (isinstance(named, str) and named.startswith("default.")):
        return ()
    return graph.blind(instance, "applies", (PARAMETERS,))
