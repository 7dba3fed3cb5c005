"""EC2: what AWS makes by itself, and what moto lets dangle.

AWS puts an internet gateway and a default route into the default VPC, and a rule "everything from myself" into
every default security group. A NAT gateway or an endpoint owns a managed network interface inside its subnet
(moto gives it an address of nowhere); a public address is not of 127.0.0.0/8. A route whose target is gone is
a `blackhole`. A volume made while encryption by default is on is encrypted.
"""

from __future__ import annotations

import ipaddress
from typing import Any


def patch() -> None:
    """Mend EC2Backend before its first region comes into being."""
    from moto.ec2.models import EC2Backend, elastic_ip_addresses
    from moto.ec2.models.elastic_network_interfaces import NetworkInterface
    from moto.ec2.models.route_tables import Route
    from moto.ec2.models.security_groups import SecurityGroupRule

    elastic_ip_addresses.random_ip = public_address
    EC2Backend.__init__ = with_default_gateway(EC2Backend.__init__)
    EC2Backend.create_vpc = with_self_rule(EC2Backend.create_vpc)
    EC2Backend.create_network_interface = inside_subnet(EC2Backend.create_network_interface)
    EC2Backend.create_nat_gateway = with_managed_interface(EC2Backend.create_nat_gateway)
    EC2Backend.delete_nat_gateway = freeing_address(EC2Backend.delete_nat_gateway)
    EC2Backend.create_vpc_endpoint = with_endpoint_interfaces(EC2Backend.create_vpc_endpoint)
    EC2Backend.create_volume = encrypting(EC2Backend.create_volume)
    NetworkInterface.group_set = property(lambda interface: interface._group_set)
    Route.state = property(route_state)
    Route.network_interface_id = property(route_interface)
    Route.instance_id = property(route_instance)
    SecurityGroupRule.group_owner_id = property(lambda rule: rule.owner_id)
    SecurityGroupRule.description = property(rule_description)


def public_address() -> str:
    """An address of AWS's Seoul range, for moto's 127.x."""
    from moto.moto_api._internal import mock_random

    return f"3.34.{mock_random.randint(0, 255)}.{mock_random.randint(1, 254)}"


def with_default_gateway(original: Any) -> Any:
    def init(backend: Any, *args: Any, **kwargs: Any) -> None:
        original(backend, *args, **kwargs)
        vpc = backend.default_vpc
        vpc.enable_dns_hostnames = True
        gateway = backend.create_internet_gateway()
        backend.attach_internet_gateway(gateway.id, vpc.id)
        main = backend.describe_route_tables(filters={"vpc-id": [vpc.id], "association.main": ["true"]})[0]
        backend.create_route(main.id, "0.0.0.0/0", gateway_id=gateway.id)

    return init


def with_self_rule(original: Any) -> Any:
    def create_vpc(backend: Any, *args: Any, **kwargs: Any) -> Any:
        vpc = original(backend, *args, **kwargs)
        group = backend.get_default_security_group(vpc.id)
        own = [{"GroupId": group.id, "UserId": backend.account_id}]
        backend.authorize_security_group_ingress(group.id, "-1", None, None, [], source_groups=own)
        return vpc

    return create_vpc


def inside_subnet(original: Any) -> Any:
    def create_network_interface(backend: Any, subnet: Any, address: Any, *args: Any, **kwargs: Any) -> Any:
        """An address outside the subnet is one that moto drew blindly: let it draw inside."""
        found = backend.get_subnet(subnet) if isinstance(subnet, str) else subnet
        if isinstance(address, str) and address and not lies_in(address, found.cidr_block):
            address = None
        return original(backend, subnet, address, *args, **kwargs)

    return create_network_interface


def lies_in(address: str, network: str) -> bool:
    return ipaddress.ip_address(address) in ipaddress.ip_network(network)


def managed(interface: Any, kind: str, description: str, requester: str) -> None:
    """Make a network interface one that a service owns and uses."""
    interface.interface_type = kind
    interface.description = description
    interface.requester_managed = True
    interface.requester_id = requester
    interface.status = "in-use"


def with_managed_interface(original: Any) -> Any:
    def create_nat_gateway(backend: Any, *args: Any, **kwargs: Any) -> Any:
        gateway = original(backend, *args, **kwargs)
        interface = gateway._eni
        managed(interface, "nat_gateway", f"Interface for NAT Gateway {gateway.id}", backend.account_id)
        interface.source_dest_check = False
        interface._group_set = []
        gateway.private_ip = interface.private_ip_address
        gateway.connectivity_type = gateway.connectivity_type or "public"
        return gateway

    return create_nat_gateway


def freeing_address(original: Any) -> Any:
    def delete_nat_gateway(backend: Any, nat_gateway_id: str) -> Any:
        gateway = original(backend, nat_gateway_id)
        for address in gateway.address_set:
            if address.get("associationId"):
                backend.disassociate_address(association_id=address["associationId"])
        backend.enis.pop(gateway._eni.id, None)
        return gateway

    return delete_nat_gateway


def with_endpoint_interfaces(original: Any) -> Any:
    def create_vpc_endpoint(backend: Any, *args: Any, **kwargs: Any) -> Any:
        endpoint = original(backend, *args, **kwargs)
        if (endpoint.vpc_endpoint_type or "Gateway").lower() == "gateway":
            endpoint.private_dns_enabled = False
        for identifier in endpoint.network_interface_ids or []:
            interface = backend.get_network_interface(identifier)
            managed(interface, "vpc_endpoint", f"VPC Endpoint Interface {endpoint.id}", backend.account_id)
            groups = [backend.get_security_group_from_id(g) for g in endpoint.security_group_ids or []]
            interface._group_set = groups or interface._group_set
        return endpoint

    return create_vpc_endpoint


def encrypting(original: Any) -> Any:
    def create_volume(backend: Any, *args: Any, **kwargs: Any) -> Any:
        if backend.ebs_encryption_by_default:
            names = ("size", "zone_name", "snapshot_id", "encrypted", "kms_key_id", "volume_type", "iops")
            kwargs = dict(zip(names, args, strict=False)) | kwargs | {"encrypted": True}
            args = ()
        return original(backend, *args, **kwargs)

    return create_volume


def route_state(route: Any) -> str:
    """AWS: `blackhole` when the target is gone, detached or stopped."""
    if route.nat_gateway is not None:
        lost = route.nat_gateway.state in ("deleted", "failed")
    elif route.gateway is not None and route.gateway.id.startswith("igw-"):
        lost = route.gateway.vpc is None
    elif route.instance is not None:
        lost = route.instance._state.name != "running"
    elif route.vpc_pcx is not None:
        lost = route.vpc_pcx._status.code in ("deleted", "rejected", "expired", "failed")
    elif route.interface is not None:
        owner = route.interface.instance
        lost = route.interface.id not in route.interface.ec2_backend.enis
        lost = lost or (owner is not None and owner._state.name != "running")
    else:
        lost = False
    return "blackhole" if lost else "active"


def route_interface(route: Any) -> str | None:
    """A route to an instance names the instance's first interface too."""
    if route.interface is not None:
        return str(route.interface.id)
    if route.instance is not None and route.instance.nics:
        return str(next(iter(route.instance.nics.values())).id)
    return None


def route_instance(route: Any) -> str | None:
    """And one to the interface of an instance names the instance."""
    owner = route.instance or (route.interface.instance if route.interface is not None else None)
    return str(owner.id) if owner is not None else None


def rule_description(rule: Any) -> str | None:
    """Moto gives the description of address ranges only, not that of referenced groups."""
    found = rule.ip_range.get("Description") or rule.source_group.get("Description")
    return str(found) if found else None
