"""Binding: which resource plays which role of a document, without needing tags or naming rules.

    candidates who could play a role at all
    ties       the ways in which a document joins two roles
    walks      the ways through the graph by which they do
    evidence   what speaks for a resource in a role: names, tags, conditions, and the ties of documented links
    members    which resources hang together with the system: grown from what names it, never by completeness
    systems    the seeds that name the system; two systems where two fit
    search     the one best assignment of all roles together, exact, within a bound of steps
    claims     what hangs on shared things and is somebody else's
    anchors    what holds a part in its place for certain, asked of who plays what (`standing`); `lost` for parts that
               lost their arrows, `untied` for those to which none leads; `rivals` is what else could be a part
    unread     what could not be read and may hide who plays a role
    scope      pins, and what an operator says belongs to the system
    players    from an assignment to the resources of every role
    bind       the steps in order; `outcome` makes of their answer what is said (`bound`): who, how certain, what else
               would be as good

A document describes a shape, and a drifted property must never unbind; so links weigh most. A kept promise makes
nobody a member, it only chooses between members. Where two assignments are equally good both are kept, and a promise
has the verdict on which they agree.
"""

from auditor.checks.binding.bind import bind
from auditor.checks.binding.bound import Bound
from auditor.checks.binding.scope import BadPin, Scope, elsewhere, known_roles, parse_scope, pins_of, without

__all__ = [
    "BadPin",
    "Bound",
    "Scope",
    "bind",
    "elsewhere",
    "known_roles",
    "parse_scope",
    "pins_of",
    "without",
]
