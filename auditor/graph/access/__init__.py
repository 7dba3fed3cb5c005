"""Identity: who can assume a role, what a policy allows, what a principal can do, and what it can become.

policy     one request against policies: documents, conditions, AWS's order of evaluation
strangers  whom a statement lets in from outside, by who sets what its conditions look at
held       which policies are attached to principals, resources and the organization; what is public
becoming   how one principal becomes another, and in the end an administrator
entering   who comes into a role from outside
reaching   who gets at what a resource holds, through any number of steps
who        every principal that can do something to something
facts      who can assume which role and the steps to an administrator, as edges
"""

from auditor.graph.access.held.identities import Policies, identity, may, policies_of
from auditor.graph.access.held.public import is_public, openings, pinned, public
from auditor.graph.access.policy.documents import (
    Statement,
    account_of,
    principals,
    speaks_of,
    statements,
)
from auditor.graph.access.policy.patterns import covers, like

__all__ = [
    "Policies",
    "Statement",
    "account_of",
    "covers",
    "identity",
    "is_public",
    "like",
    "may",
    "openings",
    "pinned",
    "policies_of",
    "principals",
    "public",
    "speaks_of",
    "statements",
]
