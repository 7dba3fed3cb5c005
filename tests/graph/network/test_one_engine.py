"""The rule database-not-reachable and `paths` ask one engine: whatever the subnets of a database are, they agree."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from auditor.checks.predicates.network import closed_to_internet
from auditor.graph.boxes import service
from auditor.graph.network import resolve
from tests.graph.network.drawn import LOCAL, OUT, acl, asked, drawn, group, subnet, table, tcp, thing
from tests.graph.network.hiding import hidden

POSTGRES = service("tcp", 5432)
SAME = {"reached": "broken", "blocked": "kept", "unknown": "unknown"}


def database(places, zone=None, admits="0.0.0.0/0", flag=True):
    """A database whose subnet group has a subnet for each of (zone, public)."""
    things = {}
    for number, (where, public) in enumerate(places):
        name = f"place-{number}"
        things[name] = subnet(f"10.0.{number + 1}.0/24", zone=where)
        things[f"rtb-{number}"] = table(LOCAL, *([OUT] if public else []), subnets=[name])
        things[f"acl-{number}"] = acl(subnets=[name])
    zoned = {"AvailabilityZone": f"ap-northeast-2{zone}"} if zone else {}
    return drawn(
        **things,
        dbs=thing("RDS::DBSubnetGroup", SubnetIds=[name for name in things if name.startswith("place")]),
        sg_1=group(tcp(5432, CidrIp=admits)),
        db=thing("RDS::DBInstance", DBSubnetGroupName="dbs", VPCSecurityGroups=["sg-1"], PubliclyAccessible=flag,
                 Engine="postgres", Port=5432, **zoned),
    )  # fmt: skip


def both(graph):
    """What the rule says, and what `paths` does."""
    found = asked(graph, "internet", "rds/db", POSTGRES)
    return closed_to_internet(graph, resolve(graph, "rds/db").resource, "Port").verdict, found


A_PUBLIC, B_PRIVATE = ("a", True), ("b", False)


@pytest.mark.parametrize(
    ("places", "zone", "verdict"),
    [
        ([A_PUBLIC, B_PRIVATE], "a", "broken"),
        ([A_PUBLIC, B_PRIVATE], "b", "kept"),
        ([A_PUBLIC, B_PRIVATE], None, "unknown"),  # AWS has chosen, and does not say
        ([A_PUBLIC, ("a", False), B_PRIVATE], "a", "unknown"),
        ([A_PUBLIC, ("b", True)], None, "broken"),
        ([("a", False), B_PRIVATE], None, "kept"),
        ([A_PUBLIC, B_PRIVATE], "c", "unknown"),
    ],
)
def test_the_zone_decides_where_it_is_known(places, zone, verdict):
    rule, found = both(database(places, zone))
    assert (rule, SAME[found.state]) == (verdict, verdict), found
    if verdict == "unknown":
        assert "in which subnet" in found.because


@pytest.mark.parametrize(
    "unread", [(), ("ElasticLoadBalancingV2::LoadBalancer", "ElasticLoadBalancingV2::TargetGroup")]
)
def test_a_place_among_several_is_not_certain_whatever_else_was_not_read(unread):
    """What stands in front and was not read may let more in; it makes no single subnet the one."""
    graph = database([A_PUBLIC, B_PRIVATE])
    graph.inventory.asked -= {f"AWS::{each}" for each in unread}
    rule, found = both(graph)
    assert (rule, found.state) == ("unknown", "unknown"), found


@settings(max_examples=60, deadline=None)
@example(
    places=[("a", False), ("a", True)], zone="b", admits="0.0.0.0/0", flag=True, hide=("place-0", "AvailabilityZone")
)
@given(
    places=st.lists(st.tuples(st.sampled_from("ab"), st.booleans()), min_size=1, max_size=3),
    zone=st.sampled_from(["a", "b", None]),
    admits=st.sampled_from(["0.0.0.0/0", "10.0.0.0/8"]),
    flag=st.booleans(),
    hide=st.sampled_from([None, ("db", "AvailabilityZone"), ("place-0", "AvailabilityZone"), ("rtb-0", "Routes"),
                          ("sg-1", "SecurityGroupIngress"), ("dbs", "SubnetIds"), ("db", "PubliclyAccessible")]),
)  # fmt: skip
def test_rule_and_paths_agree(places, zone, admits, flag, hide):
    graph = database(places, zone, admits, flag)
    whole = both(graph)[0]
    if hide:
        key = next(each.key for each in graph.resources() if each.id == hide[0])
        if hide[1] in graph.resource(key).properties:
            graph = hidden(graph, key, hide[1], ())
    rule, found = both(graph)
    assert rule == SAME[found.state], (rule, found)
    if zone and zone not in {name for name, _ in places}:
        # AWS has no database in a zone in which its subnet group has no subnet. What is read so contradicts itself and
        # is unknown; without the half that contradicts there is an answer.
        assert {rule, whole} != {"kept", "broken"}
    else:
        assert rule in (whole, "unknown"), "what is hidden never turns an answer"
