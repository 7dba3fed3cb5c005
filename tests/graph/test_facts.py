"""What the engines prove, as edges beside the declared ones."""

import pytest

from auditor.graph.facts import facts, network_facts, with_facts
from auditor.model.vocabulary import FACTS
from tests.graph.network.drawn import LOCAL, acl, drawn, group, interface, subnet, table, tcp, thing

pytestmark = pytest.mark.contract


def shop():
    """A machine that the world reaches on 443, and a database that only the machine reaches."""
    return drawn(
        inner=subnet("10.0.1.0/24"), rtb_inner=table(LOCAL, subnets=["inner"]), acl_inner=acl(subnets=["inner"]),
        sg_web=group(tcp(443, CidrIp="0.0.0.0/0")), sg_db=group(tcp(5432, SourceSecurityGroupId="sg-web")),
        i_1=thing("EC2::Instance", SubnetId="outer", SecurityGroupIds=["sg-web"], PrivateIp="10.0.0.9", PublicIp="54.1.1.1"),
        eni_1=interface("10.0.0.9", "outer", "sg-web", public=["54.1.1.1"], Attachment={"InstanceId": "i-1"}),
        subnets=thing("RDS::DBSubnetGroup", DBSubnetGroupName="subnets", SubnetIds=["inner"]),
        db=thing("RDS::DBInstance", DBInstanceIdentifier="db", DBSubnetGroupName="subnets", VPCSecurityGroups=["sg-db"], PubliclyAccessible=False),
    )  # fmt: skip


def test_who_reaches_what_is_told_with_what_gets_through():
    said = {
        (edge.tail.rpartition(":")[2], edge.head.rpartition(":")[2], edge.because) for edge in network_facts(shop())
    }
    assert said == {("internet", "i-1", "the Internet on tcp 443"), ("i-1", "db", "10.0.0.9/32 on tcp 5432")}


def test_facts_are_marked_and_have_relations_of_their_own():
    graph = shop()
    net = with_facts(graph)
    added = {relation for *_, relation, said in net.edges(keys=True, data=True) if said.get("fact")}
    assert added == {"reaches"} <= FACTS
    assert {edge.relation for edge in facts(graph)} <= FACTS
    assert "internet" in net
    assert "internet" not in graph.net
    declared = {(tail, head, relation) for tail, head, relation in net.edges(keys=True) if relation not in FACTS}
    assert declared == set(graph.net.edges(keys=True))
