"""The central types, shared by every folder; this package imports the standard library only.

`vocabulary` holds the words, `described` how a type is described, `seen` what a run reads, `judged` what it says.
`paths` name places in values; `values` and `symbolic` are what a look into a resource may give.
Values are immutable unless they say otherwise.
"""

from auditor.model.costs import Costs
from auditor.model.described import Beside, Call, EdgeTo, Edit, Join, Prop, ResourceType, Unsaid
from auditor.model.judged import Answer, Binding, Change, Check, Cite, Finding, Promise, Remedy, Step
from auditor.model.marks import bare
from auditor.model.places import code_line
from auditor.model.seen import Choice, Demand, Edge, Inventory, NotLookedAt, Resource, merge
from auditor.model.symbolic import Symbolic
from auditor.model.values import ELSEWHERE, LATER, SERVICE, Gap, Hidden, Partly, Value
from auditor.model.vocabulary import (
    ABSENT,
    FACTS,
    GLOBAL,
    RELATIONS,
    RISKS,
    SEVERITIES,
    Absence,
    Absent,
    Existence,
    Json,
    Kind,
    Reason,
    Risk,
    Sameness,
    Scope,
    Severity,
    TextKind,
    Verdict,
    digest,
)

__all__ = [
    "ABSENT",
    "ELSEWHERE",
    "FACTS",
    "GLOBAL",
    "LATER",
    "RELATIONS",
    "RISKS",
    "SERVICE",
    "SEVERITIES",
    "Absence",
    "Absent",
    "Answer",
    "Beside",
    "Binding",
    "Call",
    "Change",
    "Check",
    "Choice",
    "Cite",
    "Costs",
    "Demand",
    "Edge",
    "EdgeTo",
    "Edit",
    "Existence",
    "Finding",
    "Gap",
    "Hidden",
    "Inventory",
    "Join",
    "Json",
    "Kind",
    "NotLookedAt",
    "Partly",
    "Promise",
    "Prop",
    "Reason",
    "Remedy",
    "Resource",
    "ResourceType",
    "Risk",
    "Sameness",
    "Scope",
    "Severity",
    "Step",
    "Symbolic",
    "TextKind",
    "Unsaid",
    "Value",
    "Verdict",
    "bare",
    "code_line",
    "digest",
    "merge",
]
