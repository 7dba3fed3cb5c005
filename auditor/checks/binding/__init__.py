"""Binding: which resource plays which role of a document, without needing tags or naming rules.

    ties       the ways in which a document joins two roles
    evidence   what speaks for a resource in a role: names, tags, conditions, and the ties of documented links
    members    which resources hang together with the system: grown from what names it, never by completeness
    systems    the seeds that name the system; two systems where two fit
    search     the one best assignment of all roles together, exact, within a bound of steps
    doubts     parts that others use as well, and parts that fit loosely
    scope      pins, and what an operator says belongs to the system
    bind       the steps in order; `outcome` is what they came to: who, how certain, what else would be as good

A document describes a shape, and a drifted property must never unbind; so links weigh most. A kept promise makes
nobody a member, it only chooses between members. Where two assignments are equally good both are kept, and a promise
has the verdict on which they agree.
"""

from auditor.checks.binding.bind import bind
from auditor.checks.binding.outcome import Bound
from auditor.checks.binding.scope import BadPin, Scope, known_roles, parse_scope

__all__ = ["BadPin", "Bound", "Scope", "bind", "known_roles", "parse_scope"]
