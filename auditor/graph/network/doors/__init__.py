"""What answers at an address of AWS's own and not at an interface of its own: APIs, buckets, cluster endpoints.

Whether such a door opens hangs on policies and settings and not on routes; `policies` turns a policy into the exact
set of addresses that it admits.
"""
