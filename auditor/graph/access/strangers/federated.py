"""Who comes with a token of an identity provider."""

from __future__ import annotations

from auditor.graph.access.policy.documents import Statement, conditions_of
from auditor.graph.access.strangers.choices import Stranger
from auditor.graph.access.strangers.providers import issuer_in, issuer_of, provider_of


def stranger_with_token(statement: Statement, who: str) -> Stranger:
    """An identity of the provider that a statement trusts; of a shared one, another organization's."""
    issuer = issuer_of(who) or issuer_in([key.lower() for keys in conditions_of(statement).values() for key in keys])
    return Stranger("federated", issuer=issuer, provider=provider_of(issuer))
