"""What is asked of AWS and what comes back, as values. A request is a key: equal requests are made once a run."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from auditor.model import Json, Reason


@dataclass(frozen=True, slots=True, order=True)
class Request:
    """One read call; `params` is canonical JSON text so that a request can be a dictionary key."""

    account: str
    region: str
    service: str
    operation: str
    params: str = "{}"

    @classmethod
    def of(cls, account: str, region: str, service: str, operation: str, params: Mapping[str, Json]) -> Request:
        text = json.dumps(params, sort_keys=True, ensure_ascii=False)
        return cls(account, region, service, operation, text)

    @property
    def arguments(self) -> dict[str, Json]:
        parsed: dict[str, Json] = json.loads(self.params)
        return parsed


@dataclass(frozen=True, slots=True)
class Failure:
    """A call that gave no answer: AWS's code, our reason, and its words."""

    code: str
    reason: Reason
    message: str


Reply = Json  # an answer, or a Failure
Progress = Callable[[int, int], None]


class Caller(Protocol):
    """Who answers requests: AWS itself, or a recording of it."""

    def ask(self, requests: Iterable[Request]) -> dict[Request, Reply]: ...


class CallFailed(Exception):
    """A writing call that AWS refused."""

    def __init__(self, operation: str, failure: Failure) -> None:
        super().__init__(f"{operation}: {failure.code}: {failure.message}")
        self.failure = failure


class CannotConnect(Exception):
    """No session could be opened; `configuration` tells a wrong set-up from a network that does not answer."""

    def __init__(self, message: str, *, configuration: bool) -> None:
        super().__init__(message)
        self.configuration = configuration


class NoProfile(CannotConnect):
    """The profile that was asked for is not there."""
