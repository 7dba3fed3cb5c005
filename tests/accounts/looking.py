"""How the tests look at an account: the whole program's pipeline, over HTTP."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from auditor import pipeline
from auditor.sandbox.built import Built

BOTH = pipeline.Wish(baselines=("cuggu",))


def look(pointed, box, wish=BOTH):
    """One check of an account in a sandbox."""
    pointed(box)
    return pipeline.check(wish)


@contextmanager
def seen_by_this_process(box):
    """A sandbox as the AWS account of this process, for as long as a module's tests take."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in box.environ().items():
            patch.setenv(name, value)
        yield


class Watched:
    """One account and one connection to it, for many small changes that are each undone.

    A check by the program makes its clients anew, which costs more than everything else that it does; behind the same
    address they stay good. What is read is read again each time.
    """

    def __init__(self, built: Built, wish=BOTH) -> None:
        self.built, self.wish = built, wish
        self.source = pipeline.open_source(wish, pipeline.definitions(wish))

    @contextmanager
    def changed(self, change):
        """The outcome of a check after a change, which is undone at the end of the block."""
        with self.built.box.scratch():
            change(self.built)
            self.source.counted.clear()
            yield pipeline.check(self.wish, source=self.source)


def of(outcome, verdict="broken"):
    """Findings of a verdict by id."""
    return {found.id: found for found in outcome.findings if found.verdict == verdict}


def told(findings):
    """Findings as short lines, for the text of a failing assertion."""
    return [
        f"{each.kind} {each.verdict} {each.check} {each.resource.label} {each.property}: {each.because[:90]}"
        for each in findings
    ]
