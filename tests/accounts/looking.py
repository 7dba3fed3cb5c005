"""How the tests look at an account: the whole program's pipeline, over HTTP."""

from __future__ import annotations

from auditor import pipeline

BOTH = pipeline.Wish(baselines=("cuggu",))


def look(pointed, box, wish=BOTH):
    """One check of an account in a sandbox."""
    pointed(box)
    return pipeline.check(wish)


def of(outcome, verdict="broken"):
    """Findings of a verdict by id."""
    return {found.id: found for found in outcome.findings if found.verdict == verdict}


def told(findings):
    """Findings as short lines, for the text of a failing assertion."""
    return [
        f"{each.kind} {each.verdict} {each.check} {each.resource.label} {each.property}: {each.because[:90]}"
        for each in findings
    ]
