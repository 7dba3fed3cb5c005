"""Tasks of ECS stand in the subnets of their service, behind its groups and its target group."""

import pytest

from auditor.graph.boxes import service
from tests.graph.network.drawn import LOCAL, acl, asked, drawn, group, subnet, table, tcp, thing
from tests.graph.network.test_balancers import WORLD, balancer, listener, targets
from tests.graph.network.test_by_hand import hide

WEB, APP = service("tcp", 443), service("tcp", 3000)


def tasks(*groups, subnets=("inner",), public="DISABLED", port=3000, behind="tg"):
    place = {"AssignPublicIp": public, "SecurityGroups": list(groups), "Subnets": list(subnets)}
    front = [{"TargetGroupArn": behind, "ContainerName": "api", "ContainerPort": port}] if behind else []
    network = {"AwsvpcConfiguration": place}
    return thing("ECS::Service", ServiceName="api", NetworkConfiguration=network, LoadBalancers=front)


def account(**more):
    base = {
        "inner": subnet("10.0.1.0/24"),
        "rtb_inner": table(LOCAL, subnets=["inner"]),
        "acl_inner": acl(subnets=["inner"]),
        "sg_lb": group(tcp(443, **WORLD)),
        "sg_api": group(tcp(3000, SourceSecurityGroupId="sg-lb")),
        "lb": balancer(),
        "tg": targets("ip", members=()),
        "listener": listener(),
        "api": tasks("sg-api"),
    }
    return drawn(**{**base, **more})


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({}, "reached"),
        ({"api": tasks("sg-api", port=8080)}, "blocked"),
        ({"api": tasks("sg-api", behind="")}, "blocked"),
        ({"sg_api": group(tcp(3000, CidrIp="10.9.0.0/16"))}, "blocked"),
    ],
)
def test_the_internet_reaches_tasks_through_the_balancer_they_are_registered_with(more, state):
    assert asked(account(**more), "internet", "api", WEB).state == state


def test_a_service_whose_target_groups_were_not_read_may_stand_behind_any():
    graph = account()
    hide(graph, "api", "LoadBalancers")
    assert asked(graph, "internet", "api", WEB).state == "unknown"


@pytest.mark.parametrize(("public", "state"), [("ENABLED", "reached"), ("DISABLED", "blocked")])
def test_a_task_with_a_public_address_in_a_public_subnet_is_reached(public, state):
    api = tasks("sg-open", subnets=("outer",), public=public, behind="")
    graph = account(api=api, sg_open=group(tcp(3000, **WORLD)))
    assert asked(graph, "internet", "api", APP).state == state


def test_tasks_get_out_as_their_subnet_does():
    cache = thing(
        "ElastiCache::ReplicationGroup", CacheSubnetGroupName="caches", SecurityGroupIds=["sg-cache"], Port=6379
    )
    graph = account(
        api=tasks("sg-api"),
        sg_cache=group(tcp(6379, SourceSecurityGroupId="sg-api")),
        caches=thing("ElastiCache::SubnetGroup", CacheSubnetGroupName="caches", SubnetIds=["inner"]),
        redis=cache,
    )
    assert asked(graph, "api", "redis", service("tcp", 6379)).state == "reached"
    assert asked(graph, "api", "redis", service("tcp", 6380)).state == "blocked"
    assert asked(graph, "internet", "redis", service("tcp", 6379)).state == "blocked"
