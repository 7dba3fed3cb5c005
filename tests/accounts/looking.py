"""How the tests look at an account: the whole program's pipeline, over HTTP."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache

import botocore.session
import pytest

from auditor import pipeline
from auditor.sandbox.built import Built
from auditor.sources.snapshot import Recording

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


# What other services make and change in the account: network interfaces, instances.
ALWAYS = {"ec2"}


class Watched:
    """One account and one connection to it, for many small changes that are each undone.

    A check by the program makes its clients anew, which costs more than everything else that it does; behind the same
    address they stay good. After a change only the services are asked again that it called; of the others stands what
    they said before. With `whole` every one is.
    """

    def __init__(self, built: Built, wish=BOTH) -> None:
        self.built, self.wish = built, wish
        self.source = pipeline.open_source(wish, pipeline.definitions(wish))
        self.live, self.before = self.source.caller, {}
        self.source.caller = Recording(self.live, self.before)
        pipeline.check(wish, source=self.source)

    @contextmanager
    def changed(self, change, whole=False):
        """The outcome of a check after a change, which is undone at the end of the block, with the names of parts."""
        built = self.built
        before = dict(built.ids), dict(built.arns)
        with built.box.scratch():
            built.box.forget_requests()
            change(built)
            touched = {each.service for each in built.box.requests()} | ALWAYS
            whole = whole or "cloudformation" in touched
            self.source.caller = self.live if whole else Since(self.live, self.before, touched)
            self.source.counted.clear()
            yield pipeline.check(self.wish, source=self.source)
        built.ids, built.arns = before

    def again(self, turn):
        """The outcome of a check of the account as it was, after `turn` changed the order of all that AWS lists."""
        self.source.caller = Turned(self.before, turn)
        self.source.counted.clear()
        return pipeline.check(self.wish, source=self.source)


class Turned:
    """Answers that were kept, and the lists in them, in another order: AWS promises none."""

    def __init__(self, kept, turn) -> None:
        self.kept, self.turn = kept, turn

    def ask(self, requests):
        return {each: self._answer(self.kept[each]) for each in self._turned(sorted(requests))}

    def _answer(self, reply):
        if not isinstance(reply, dict):
            return reply
        return {name: self._turned(reply[name]) for name in self._turned(list(reply))}

    def _turned(self, value):
        if not isinstance(value, list):
            return value
        found = list(value)
        self.turn(found)
        return found


class Since:
    """An account of which some services may answer otherwise than before."""

    def __init__(self, live, before, touched) -> None:
        self.live, self.before, self.touched = live, before, touched

    def ask(self, requests):
        fresh = {each for each in requests if each not in self.before or names(each.service) & self.touched}
        asked = self.live.ask(fresh) if fresh else {}
        return {each: asked[each] if each in fresh else self.before[each] for each in requests}


@cache
def names(service):
    """What a service of boto3 is called in signatures too."""
    model = botocore.session.get_session().get_service_model(service)
    return {service, model.signing_name, model.endpoint_prefix}


def of(outcome, verdict="broken"):
    """Findings of a verdict by id."""
    return {found.id: found for found in outcome.findings if found.verdict == verdict}


def told(findings):
    """Findings as short lines, for the text of a failing assertion."""
    return [
        f"{each.kind} {each.verdict} {each.check} {each.resource.label} {each.property}: {each.because[:90]}"
        for each in findings
    ]
