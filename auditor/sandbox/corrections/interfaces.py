"""The network interfaces that AWS puts into subnets for its services: RDS, RDS Proxy, Lambda. Moto makes none.

They are what an attacker reaches and what an auditor finds undeclared in a subnet, so they must be there: owned by
the service, in use, guarded by the service's groups, with a public address where the instance is public.
`settle` brings them in line with what exists; corrections call it after every change. Functions with equal
subnets and groups share their interfaces, as in AWS.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from auditor.sandbox.corrections.ec2 import managed, public_address


@dataclass(frozen=True)
class Wanted:
    """One interface a service needs. `key` tells it from all others of the region."""

    key: tuple[str, ...]
    subnet: str
    groups: tuple[str, ...]
    description: str
    kind: str
    requester: str
    public: bool = False


def settle(account: str, region: str) -> None:
    """Make, change and remove interfaces until they are what the services of the region need."""
    from moto.ec2.models import ec2_backends

    network = ec2_backends[account][region]
    there = {found.sandbox_key: found for found in network.enis.values() if hasattr(found, "sandbox_key")}
    needed = {wanted.key: wanted for wanted in [*databases(account, region), *functions(account, region)]}
    for key in there.keys() - needed.keys():
        del network.enis[there[key].id]
    for key, wanted in needed.items():
        interface = there.get(key)
        if interface is None:
            interface = network.create_network_interface(network.get_subnet(wanted.subnet), None)
            interface.sandbox_key = key
        managed(interface, wanted.kind, wanted.description, wanted.requester)
        interface._group_set = [network.get_security_group_from_id(group) for group in wanted.groups]
        interface.public_ip = (interface.public_ip or public_address()) if wanted.public else None


def databases(account: str, region: str) -> Iterator[Wanted]:
    """An instance has one interface in its zone; a proxy one in each of its subnets."""
    models = sys.modules.get("moto.rds.models")
    if models is None:
        return
    backend = models.rds_backends[account][region]
    for identifier, database in backend.databases.items():
        subnets = subnets_of(account, region, database)
        inside = [subnet for subnet in subnets if subnet.availability_zone == database.availability_zone]
        if subnets:
            yield Wanted(
                ("rds", identifier),
                (inside or subnets)[0].id,
                tuple(database.vpc_security_group_ids),
                "RDSNetworkInterface",
                "interface",
                "amazon-rds",
                public=bool(database.publicly_accessible),
            )
    for name, proxy in backend.db_proxies.items():
        for subnet in proxy.vpc_subnet_ids:
            groups = tuple(proxy.vpc_security_group_ids)
            text = f"Network interface for DBProxy {name}"
            yield Wanted(("proxy", name, subnet), subnet, groups, text, "interface", "amazon-rds")


def subnets_of(account: str, region: str, database: Any) -> list[Any]:
    """The subnets of its group; without a group, those of the default VPC."""
    from moto.ec2.models import ec2_backends

    group = getattr(database, "db_subnet_group", None)
    if group is not None:
        return list(group._subnets)
    network = ec2_backends[account][region]
    return [
        subnet
        for zone in network.subnets.values()
        for subnet in zone.values()
        if subnet.vpc_id == network.default_vpc.id
    ]


def functions(account: str, region: str) -> Iterator[Wanted]:
    models = sys.modules.get("moto.awslambda.models")
    if models is None:
        return
    for function in models.lambda_backends[account][region].list_functions():
        config = function.vpc_config or {}
        groups = tuple(sorted(config.get("SecurityGroupIds", [])))
        for subnet in config.get("SubnetIds", []):
            text = f"AWS Lambda VPC ENI-{function.function_name}"
            yield Wanted(("lambda", subnet, *groups), subnet, groups, text, "lambda", f"{account}:lambda")
