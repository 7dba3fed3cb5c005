"""One empty account and one cuggu account a session; each test works in a scratch copy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from auditor.sandbox import Sandbox
from auditor.sandbox.built import Built


@pytest.fixture(scope="session")
def running(accounts: tuple[Sandbox, Built]) -> Iterator[Sandbox]:
    empty, _ = accounts
    with empty.clone() as box:
        yield box


@pytest.fixture
def box(running: Sandbox) -> Iterator[Sandbox]:
    """An empty account, as if new."""
    with running.scratch():
        yield running


@pytest.fixture(scope="session")
def seeded(accounts: tuple[Sandbox, Built]) -> Iterator[Built]:
    _, built = accounts
    with built.box.clone() as box:
        yield built.on(box)


@pytest.fixture
def cuggu(seeded: Built) -> Iterator[Built]:
    """A conforming cuggu account, as if new."""
    with seeded.box.scratch():
        yield Built(seeded.box, dict(seeded.ids), dict(seeded.arns))


def missing(sent: Any, got: Any, path: str = "") -> list[str]:
    """What was sent and is not, or not so, in what came back. Lists are compared in order."""
    if isinstance(sent, dict):
        if not isinstance(got, dict):
            return [f"{path}: sent {sent!r}, got {got!r}"]
        return [lack for key, value in sent.items() for lack in missing(value, got.get(key), f"{path}.{key}")]
    if isinstance(sent, list):
        if not isinstance(got, list) or len(sent) != len(got):
            return [f"{path}: sent {sent!r}, got {got!r}"]
        pairs = enumerate(zip(sent, got, strict=True))
        return [lack for index, (s, g) in pairs for lack in missing(s, g, f"{path}.{index}")]
    return [] if sent == got else [f"{path}: sent {sent!r}, got {got!r}"]


@pytest.fixture
def kept() -> Any:
    """`assert kept(sent, got)`: everything sent came back."""

    def check(sent: Any, got: Any) -> bool:
        lacking = missing(sent, got)
        assert lacking == []
        return True

    return check
