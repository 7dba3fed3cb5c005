"""`auditor waive`: accept a finding for a time, in a file that is reviewed like code."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditor.cli._options import definitions_option, store_options
from auditor.cli._output import warn

if TYPE_CHECKING:
    from auditor.checks.waivers import Accepted
    from auditor.store import Store

_DAYS = re.compile(r"(\d{1,3})d")
_FINDING = re.compile(r"[0-9a-f]{6,16}")


@click.command("waive")
@click.argument("subject", metavar="ID")
@click.option("--resource", metavar="NAME",
              help="ID, name, ARN or address of the resource; `*` stands for one whole segment. Default: that of the "
              "finding.")  # fmt: skip
@click.option("--until", required=True, metavar="DATE", help="Last day on which it counts: 2027-03-31, or 90d; a year "
              "at most.")  # fmt: skip
@click.option("--reason", required=True, metavar="TEXT", help="Why the finding is accepted.")
@click.option("--owner", required=True, metavar="NAME", help="Who answers for it.")
@click.option("--waivers", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), default="waivers.yaml",
              show_default=True, help="The file to edit; it is made where it is missing.")  # fmt: skip
@click.option("--propose", is_flag=True,
              help="Also print the change of the baseline that would make it say what the account has.")  # fmt: skip
@store_options
@definitions_option
def command(
    subject: str, resource: str | None, until: str, reason: str, owner: str, waivers: Path, propose: bool,
    store_dir: Path | str | None, folders: tuple[Path, ...],
) -> int:  # fmt: skip
    """Accept a finding for a time. ID is that of a finding of the newest saved run, or of a check (a rule, or
    baseline/promise) with --resource.

    \b
    auditor waive 070f6f75 --until 90d --reason "moves in May" --owner team-web
    auditor waive logs-kept --resource /aws/lambda/report --until 2027-03-31 --reason "no duty to keep" --owner team-web

    The file keeps its comments; an entry of the same check and resource is renewed. `check --waivers FILE` and
    `gate --waivers FILE` (or `waivers` in auditor.yaml) read it.
    """
    from auditor.checks.waivers import Accepted
    from auditor.checks.waiving import waived
    from auditor.settings import replace_text
    from auditor.store import Store, default_folder

    today = dt.datetime.now(dt.UTC).date()
    found = None if resource else _finding(subject, Store(store_dir or default_folder(), warn))
    if resource:
        _known(subject, folders)
    parts = [] if found is None else [found, *({**found, **each} for each in found.get("also", ()))]
    meant = [(each["check"], _called(each)) for each in parts] or [(subject, str(resource))]
    rows = [Accepted(check=each, resource=name, reason=_said(reason, "--reason", 3), owner=_said(owner, "--owner", 1),
                     until=_day(until, today)) for each, name in meant]  # fmt: skip
    for row in rows:
        text, renewed = waived(waivers, row, today)
        replace_text(waivers, text)
        click.echo(f"{'renewed' if renewed else 'added'} in {waivers}: {row.check} of {row.resource} until {row.until}")
    if propose:
        _propose(rows[0], found)
    return 0


def _finding(subject: str, store: Store) -> dict[str, Any]:
    """The finding of the newest run that an ID, or its beginning, means."""
    run = store.latest()
    if not _FINDING.fullmatch(subject):
        raise click.UsageError(f"{subject} is a check and not a finding; name the resource with --resource")
    if run is None:
        raise click.UsageError(f"there is no saved run in {store.bundles}; make one with `auditor check`")
    hits = [each for each in (*run["findings"], *run.get("carried", ())) if _means(each, subject)]
    if len(hits) != 1:
        many = "no finding" if not hits else f"{len(hits)} findings"
        raise click.UsageError(f"{many} of run {run['scan']['id']} begin with {subject}; name one of them")
    if hits[0]["verdict"] != "broken":
        raise click.UsageError(
            f"{subject} is unknown, and what is unknown is not excused; let auditor read what it lacks"
        )
    return dict(hits[0])


def _means(found: dict[str, Any], subject: str) -> bool:
    return any(str(each["id"]).startswith(subject) for each in (found, *found.get("also", ())))


def _called(found: dict[str, Any]) -> str:
    """The name that means this resource and no other: its ARN, or its key with account and region; other accounts may
    have the same ID."""
    owner = found["resource"]
    return str(owner.get("arn") or owner.get("key") or owner["id"])


def _known(check: str, folders: tuple[Path, ...]) -> None:
    """A check that there is not would be waived in vain, and nobody would hear of it."""
    from auditor import api
    from auditor.checks.baselines import known
    from auditor.checks.environments import asked
    from auditor.checks.rules import choose, load_rules
    from auditor.checks.yaml import DefinitionError, suggest

    document, slash, promise = check.partition("/")
    if not slash:
        choose(load_rules([folder / "rules" for folder in folders]), [check])
        return
    if asked(document).name not in known(folders):
        return  # another program's, such as checkov's
    promises = api.explain(document, folders).promises
    if promise not in promises:
        raise DefinitionError([f"{document} has no promise `{promise}`{suggest(promise, promises)}"])


def _day(text: str, today: dt.date) -> str:
    from auditor.checks.waivers import end

    found = _DAYS.fullmatch(text)
    day = str(today + dt.timedelta(days=int(found[1]))) if found else text
    if isinstance(problem := end(day, today), str):
        raise click.BadParameter(problem, param_hint="--until")
    return day


def _said(text: str, option: str, least: int) -> str:
    if len(text.strip()) < least:
        raise click.BadParameter("the value is too short to say anything", param_hint=option)
    return " ".join(text.split())


def _propose(row: Accepted, found: dict[str, Any] | None) -> None:
    """What would have to change in the baseline, for whoever owns the document."""
    from auditor.checks.proposal import proposal

    click.echo(proposal(row.check, row.reason, found), nl=False)
