"""Whose account something is in. Where the accounts that were read end, an absence proves nothing: a shared transit
gateway shows its participants no route tables, a shared subnet no NAT gateways, a peering nothing of the other network.
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.graph.build import Graph
from auditor.graph.network.ground import words as w
from auditor.model import ABSENT, Gap, Hidden, Resource, Value


def shared(graph: Graph, resource: Resource | None, lacking: str) -> tuple[Gap, ...]:
    """The gap over what an account that was not read has beside something that it shares, told as `lacking`, or over
    whose it is; none for what belongs to an account that was read.
    """
    owner = resource.at("OwnerId") if resource else ABSENT
    if isinstance(owner, Hidden):
        return () if left_to_aws(owner) else (owner.gap,)  # what code makes is its account's own
    if resource is None or not foreign(graph, owner):
        return ()
    return elsewhere(graph, resource.type, resource.id, str(owner), lacking=lacking)


def left_to_aws(value: Hidden) -> bool:
    """Whether code leaves a value to AWS, which it says once the resource exists: a state that serves, the account."""
    return value.gap.reason == "unresolved" and not value.gap.account  # code is of no account


def of_network(graph: Graph, subnet: Resource, lacking: str) -> tuple[Gap, ...]:
    """The same for a subnet that another account shares, or for the network that it is a part of."""
    return shared(graph, subnet, lacking) or shared(
        graph, graph.once(_networks).get(str(subnet.known("VpcId"))), lacking
    )


def foreign(graph: Graph, owner: Value) -> bool:
    """Whether an account is told and was not read. What is no account id (a mask in a recording) tells of none."""
    read = [each for each in graph.inventory.accounts if each]
    told = isinstance(owner, str) and len(owner) == 12 and owner.isdecimal()
    return bool(told and read and owner not in read)


def elsewhere(
    graph: Graph, cfn: str, name: str, owner: str = "", region: str = "", lacking: str = ""
) -> tuple[Gap, ...]:
    """The gap over something that lies beyond what was read, with whose it is and how it would come to be read."""
    owner = owner or told_owner(graph, name)
    account = owner or (*graph.inventory.accounts, "")[0]
    if region and region not in graph.inventory.regions and not foreign(graph, owner):
        words = f"{name} is in {region}, which was not read"
        return (Gap(account, region, "", "", "", "region-not-read", (cfn,), words, name),)
    if not foreign(graph, owner):
        words = f"{name} was not found: it may belong to another account or region"
        return (Gap(account, region, "", "", "", "unresolved", (cfn,), words, name),)
    where = f"account {owner}{f' ({region})' if region else ''}, which was not read"
    hidden = f", so {lacking} cannot be seen" if lacking else ""
    cure = "scan that account or region too, and pass both files with --from"
    words = f"{name} belongs to {where}{hidden}: {cure}"
    return (Gap(account, region, "", "", "", "unresolved", (cfn,), words, name),)


def told_owner(graph: Graph, name: str) -> str:
    """The account to which an id belongs, as others tell it that were read; empty where nobody does."""
    return graph.once(_told).get(name, "")


def _networks(graph: Graph) -> dict[str, Resource]:
    return {each.id: each for each in graph.of_type(w.VPC)}


def _told(graph: Graph) -> dict[str, str]:
    return {name: owner for name, owner in _tellings(graph) if name and owner}


# Type -> pairs of an id and the account that it belongs to, both as properties of somebody who knows.
_TELLING = {
    w.PEERING: (("VpcId", "OwnerId"), ("PeerVpcId", "PeerOwnerId")),
    w.ATTACHMENT: (("VpcId", "VpcOwnerId"),),
    w.TRANSIT_PEERING: (("TransitGatewayId", "OwnerId"), ("PeerTransitGatewayId", "PeerAccountId")),
    w.SUBNET: (("VpcId", "OwnerId"),),
}
# What a route of a shared subnet leads to and the owner of the network has: a transit gateway may be a third's.
_OWN_TARGETS = ("nat", "pcx", "vgw", "igw", "eigw", "vpce", "lgw", "cagw")


def _tellings(graph: Graph) -> Iterator[tuple[str, str]]:
    for cfn, pairs in _TELLING.items():
        for each in graph.of_type(cfn):
            for name, owner in pairs:
                yield str(each.known(name, "")), str(each.known(owner, ""))
    for group in graph.of_type(w.GROUP):
        for rule in group.known("SecurityGroupIngress", ()):
            yield str(rule.get("SourceSecurityGroupId", "")), str(rule.get("SourceSecurityGroupOwnerId", ""))
    for table in graph.of_type(w.TABLE):
        network = graph.once(_networks).get(str(table.known("VpcId")))
        owner = str(network.known("OwnerId", "")) if network else ""
        for route in table.known("Routes", ()) if foreign(graph, owner) else ():
            yield from ((str(each), owner) for each in route.values() if str(each).partition("-")[0] in _OWN_TARGETS)
