"""Packets on their way: from the Internet in, out to it, and between places, filter by filter.

A `walk` carries what certainly and what possibly gets through. `inward`, `outward` and `between` lead it; `transit`,
`peered` and `wan` are the ways between networks (transit gateways, NAT included in `outward` and `between`);
`unowned_address` goes towards an address that no resource has.
"""
