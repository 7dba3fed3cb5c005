"""Packets on their way: from the Internet, to it, and between places, filter by filter.

A `walk` carries what certainly and what possibly gets through. `from_internet`, `to_internet` and `between_places` lead
it; on their way lie NAT gateways and instances (`nat`), `transit_gateways` and their peerings, VPN connections (`vpn`).
`to_unused_address` goes towards an address that no resource has. VPC peerings stand in `between_places`.
"""
