"""What stands where, and the filters beside it: the part of a network that no packet has to move for.

Addresses, subnets and interfaces (`index`, `places`), the routes of a table as a partition of all addresses
(`route_tables`), whether that makes a subnet public (`subnet_kinds`), and what security groups and network ACLs let
through as exact sets. `words` holds the types, and the reasons for which a path stops.
"""
