"""The three contacts that an account can have besides its owner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.model import Json


def contacts(account: Json) -> Iterator[Mapping[str, Json]]:
    for kind in ("BILLING", "OPERATIONS", "SECURITY"):
        yield {**account, "AlternateContactType": kind}
