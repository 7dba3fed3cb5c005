"""What a policy that was not read could say, as statements whose condition stays open.

Such statements are evaluated beside all others: a certain explicit denial, or a permission that nothing unread could
take away, still decides; everything else comes out as "depends", on a key that says what was not read.
"""

from __future__ import annotations

from typing import Any

from auditor.graph.access.policy.documents import OPEN, UNREAD, Document, Statement, compiled, conditions_of

_WORDS = " that could not be read"


def denying(what: str) -> Document:
    """A policy that may deny anything; what it may allow is for whoever asks for its gap."""
    return _anything("Deny", what)


def allowing(what: str) -> Document:
    """A policy that may allow anything to anybody: a permissions boundary, or a trust policy."""
    return _anything("Allow", what)


def _anything(effect: str, what: str) -> Document:
    statement = {"Sid": "not read", "Effect": effect, "Principal": {UNREAD: "*"}, "Action": "*", "Resource": "*"}
    return compiled({"Version": "2012-10-17", "Statement": [in_doubt(statement, what)]})


def in_doubt(statement: Statement, what: str) -> Statement:
    """The statement, of which it is not certain that it speaks as it stands."""
    condition: dict[str, Any] = {**conditions_of(statement), OPEN: {f"{what}{_WORDS}": ""}}
    return {**statement, "Condition": condition}


def is_unread(key: str) -> bool:
    """Whether an answer that depends on this key does so for want of a policy, and not by the request."""
    return key.endswith(_WORDS)
