"""AWS's own services as far ends: which there are, over which VPC endpoint they are reached, and who is seen calling.

`path_ends` turns what people write (`internet`, an address, an id, `s3`) into places; `egress_identity` is the address
or endpoint under which a place inside a network is seen by what it calls.
"""
