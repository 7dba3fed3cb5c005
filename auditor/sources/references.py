"""References in code as texts: `${ADDRESS.ATTRIBUTE}`, and `${? reason}` for what nobody knows yet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from auditor.model import Json

APPLIED = "known only after apply"
DEPLOYED = "CloudFormation knows it only once the stack is deployed"
_REFERENCE = re.compile(r"\$\{([^{}]+)\}")
_UNKNOWN = re.compile(r"\$\{\?([^{}]*)\}")


def unknown(reason: str) -> str:
    """The text that stands for a value that is not known."""
    return "${? " + reason.replace("{", "(").replace("}", ")").replace("$", "") + "}"


def reasons(text: str) -> list[str]:
    """Why (parts of) a text are not known."""
    return [each.lstrip() for each in _UNKNOWN.findall(text)] if "${?" in text else []


def texts_of(value: Json) -> Iterator[str]:
    """All texts inside a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts_of(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from texts_of(inner)


def index_of(address: str) -> str:
    """`["images"]` or `[0]` at the end of an address, or nothing."""
    found = re.search(r"\[(?:\"(?:[^\"\\]|\\.)*\"|\d+)\]$", address)
    return found[0] if found else ""


class Addresses:
    """The blocks of some code by address, to tell a reference from what only looks like one (`${aws:username}`).
    `networks` are those of VPCs and subnets; `later` says when it is known what a reference comes to."""

    def __init__(self, addresses: Iterable[str], networks: Iterable[str] = (), later: str = APPLIED) -> None:
        self.later = later
        self._known = frozenset(addresses)
        self.networks = frozenset(networks)

    def __contains__(self, address: str) -> bool:
        return address in self._known

    def found(self, text: str) -> Iterator[tuple[str, str]]:
        """(reference, address) of every reference inside a text."""
        if "${" not in text:
            return
        for written in _REFERENCE.findall(text):
            inner = written.replace('\\"', '"')  # as a JSON text writes the key of one of several
            address = self.of(inner)
            if address:
                yield "${" + inner + "}", address

    def targets(self, text: str) -> list[str]:
        return [address for _, address in self.found(text)]

    def of(self, reference: str) -> str:
        """The address in `ADDRESS.ATTRIBUTE`, or nothing when no such block is there."""
        rest = reference
        while rest:
            if rest in self._known:
                return rest
            cut = max(rest.rfind("."), rest.rfind("["))
            rest = rest[:cut] if cut > 0 else ""
        return ""
