"""The file of waivers: who accepts which finding of which resource, why, and until when; every mistake at its place."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from pydantic import Field

from auditor.bounded import Dialect
from auditor.bounded import read as read_bounded
from auditor.checks.fitted import fit
from auditor.checks.schema import Model
from auditor.checks.yaml import DefinitionError, Document
from auditor.model.waivers import Waiver, fault

LONGEST = 366  # days: an exception that nobody looks at for more than a year is no exception


class Accepted(Model):
    """One exception: a check, a resource, and who answers for it until when."""

    check: str = Field(min_length=1, description="the ID of a rule, or of a promise as baseline/id")
    resource: str = Field(
        min_length=1,
        description="the ID, name, ARN or address of the resource; `*` stands for one whole segment, like "
        "module.data.*.orders",
    )
    reason: str = Field(min_length=3, description="why the finding is accepted")
    owner: str = Field(min_length=1, description="who answers for it")
    until: str = Field(
        pattern=r"^\d{4}-\d{2}-\d{2}$", description="the last day on which it counts, like 2027-03-31; at most a year"
    )


class Waivers(Model):
    """Findings that are accepted for a time. The file's place is free: `auditor gate --waivers FILE` reads it."""

    waivers: tuple[Accepted, ...] = Field(description="the exceptions")


def load_waivers(path: Path, name: str, today: dt.date) -> list[Waiver]:
    """The waivers of a file, called `name` in messages; raises `DefinitionError` with all that is wrong."""
    document = read_bounded(path, name, Dialect())
    fitted = fit(document, Waivers, {})
    found = [_waiver(row, place, document, today) for place, row in enumerate(fitted.waivers)] if fitted else []
    if document.lines or fitted is None:
        raise DefinitionError(document.lines or [f"{name}:1:1: is empty; begin it with `waivers:`"])
    return [each for each in found if each]


def _waiver(row: Accepted, place: int, document: Document, today: dt.date) -> Waiver | None:
    where = ("waivers", place)
    if problem := fault(row.resource):
        document.wrong((*where, "resource"), problem)
    until = end(row.until, today)
    if isinstance(until, str):
        document.wrong((*where, "until"), until)
        return None
    line, _ = document.values.get(where, (1, 1))
    return Waiver(row.check, row.resource, row.reason, until, row.owner, f"{document.file}:{line}")


def end(text: str, today: dt.date) -> dt.date | str:
    """The last day of an exception, or what is wrong with it."""
    try:
        until = dt.date.fromisoformat(text)
    except ValueError:
        return f"{text} is no date; write it like {today + dt.timedelta(days=90)}"
    if until > today + dt.timedelta(days=LONGEST):
        return f"{text} is more than a year away; an exception lasts a year at most and is then reviewed again"
    return until
