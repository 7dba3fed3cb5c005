"""A caller that answers from a recording, so that a saved inventory and a test read like an account."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from auditor.aws.requests import Failure, Reply, Request


@dataclass(slots=True)
class Replay:
    """What is not in the recording is a failure (`unsupported`), hence a gap, never an empty answer."""

    replies: Mapping[Request, Reply]
    counted: Counter[str] = field(default_factory=Counter)

    def ask(self, requests: Iterable[Request]) -> dict[Request, Reply]:
        missing = Failure("NotRecorded", "unsupported", "the saved inventory does not contain this call")
        return {request: self.replies.get(request, missing) for request in sorted(set(requests))}
