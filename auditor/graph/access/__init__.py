"""Identity: who may assume a role, what a policy opens, what a principal may do, and what it can become.

`documents`, `patterns`, `conditions` and `operators` say what one policy says of one request, `evaluate` what
all of them say together, `held` and `owned` find them in the graph; `public` and `trust` look at policies from outside,
`escalation` at what one right leads to.
"""

from auditor.graph.access.documents import (
    Effect,
    Statement,
    account_of,
    decide,
    is_admin,
    principals,
    speaks_of,
    statements,
)
from auditor.graph.access.held import Policies, identity, may, policies_of
from auditor.graph.access.patterns import like
from auditor.graph.access.public import is_public, openings, pinned

__all__ = [
    "Effect",
    "Policies",
    "Statement",
    "account_of",
    "decide",
    "identity",
    "is_admin",
    "is_public",
    "like",
    "may",
    "openings",
    "pinned",
    "policies_of",
    "principals",
    "speaks_of",
    "statements",
]
