"""What a folder and an account show of how they would be configured, for somebody who begins.

Nothing is guessed: a document is chosen where something bears its name and most of its parts are certain, as binding
has it. What could not be looked at is told, and the rest goes on without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from auditor import api, pipeline
from auditor.aws.requests import CallFailed, CannotConnect, Progress
from auditor.checks.baselines import known, load_baseline
from auditor.checks.environments import with_values
from auditor.checks.fitting import Fit, fitting, names_something, spellings
from auditor.checks.schema import Baseline
from auditor.config.written import Said
from auditor.judging import Definitions, Wish
from auditor.model import GLOBAL, Gap, Inventory
from auditor.resources import load
from auditor.sources import live
from auditor.sources.code_options import BadCode, CodeOptions, NoCode
from auditor.sources.opened import Source, open_account
from auditor.sources.roots import Root, roots_of

_MOST = 12  # names in a line


@dataclass(slots=True)
class Survey:
    """`seen` says what was looked at, `unseen` what could not be, each with its cure."""

    seen: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    regions: dict[str, str] = field(default_factory=dict)  # with why
    enabled: tuple[str, ...] = ()
    fits: dict[str, tuple[Fit, str]] = field(default_factory=dict)  # by ID, which is how it is asked for, with where
    found: dict[str, Said] = field(default_factory=dict)


def survey(folder: Path, account: bool, profile: str | None = None, progress: Progress | None = None) -> Survey:
    """Look at a folder, and where it is asked for at the account of the credentials."""
    out = Survey()
    documents = [each for each in _documents() if names_something(each)]
    _look_at_folder(out, folder, documents)
    if account:
        try:
            _look_at_account(out, open_account(profile, (), (), progress), documents)
        except CannotConnect as error:
            out.unseen.append(f"the account was not looked at: {error}")
    if profile:
        out.found["profile"] = Said(profile, ("As it was given to `auditor init`.",))
    if (folder / "waivers.yaml").is_file():
        out.found["waivers"] = Said("waivers.yaml", ("It is in this folder.",))
    out.found |= {"regions": _regions(out), "baselines": _baselines(out)}
    return out


def _documents() -> Iterator[Baseline]:
    for name in known():
        for values in spellings(load_baseline(name)):
            yield load_baseline(with_values(name, values))


# ---- the folder


def _look_at_folder(out: Survey, folder: Path, documents: Sequence[Baseline]) -> None:
    try:
        roots = roots_of(folder, CodeOptions(root=folder))
        out.seen.append(f"The code here: {_listed([_told(each) for each in roots])}; `auditor gate` checks it.")
        inventory = api.read(code=folder)
    except NoCode:
        out.seen.append("No Terraform and no template is in this folder.")
        return
    except BadCode as error:
        out.unseen.append(f"the code was not read: {'; '.join(error.lines[:3])}")
        return
    for each in sorted({each.region for each in inventory.resources} - {GLOBAL, ""}):
        out.regions.setdefault(each, "the code here is for it")
    _fit(out, documents, inventory, "the code here")


def _told(root: Root) -> str:
    return f"{root.name} ({root.kind}{', a module that nothing calls' if root.library else ''})"


# ---- the account


def _look_at_account(out: Survey, source: Source, documents: Sequence[Baseline]) -> None:
    connection, name = source.connection, f"account {source.place.account}"
    out.seen.append(f"The account: {source.place.account}, as {connection.identity}.")
    try:
        told: Any = connection.call(connection.region, "ec2", "describe_regions", {})
        out.enabled = tuple(sorted(each["RegionName"] for each in told["Regions"]))
    except CallFailed as error:
        out.unseen.append(f"which regions are enabled is not known ({error}); allow ec2:DescribeRegions")
    documented = {region for each in documents for region in each.regions}
    read = sorted(documented & {*(out.enabled or documented)}) or [connection.region]
    place = live.Place(source.place.account, source.place.partition, source.place.home, tuple(read))
    types = load()
    inventory = live.read(source.caller, place, pipeline.demand(Wish(), Definitions([], [*documents]), types), types)
    out.unseen += _denied(inventory.gaps)
    _fit(out, documents, inventory, name)
    if not out.regions:
        out.regions[connection.region] = "the region of the profile"


def _denied(gaps: Sequence[Gap]) -> Iterator[str]:
    """One line for all that was not read: what it takes is the same for each of them."""
    wanted = list(dict.fromkeys(each.permission or each.operation or ", ".join(each.types) for each in gaps))
    if wanted:
        cure = "allow them (`auditor permissions --everything` prints the policy) and begin again"
        yield f"documents may fit that are not named here, for some calls failed: {_listed(wanted)}; {cure}"


# ---- what comes of it


def _fit(out: Survey, documents: Sequence[Baseline], inventory: Inventory, where: str) -> None:
    for each in fitting(documents, api.graph(inventory)):
        if each.baseline.id not in out.fits or each.certain > out.fits[each.baseline.id][0].certain:
            out.fits[each.baseline.id] = each, where
        for region in each.baseline.regions if each.fits else ():
            out.regions.setdefault(region, f"the one of {each.baseline.id}")


def _regions(out: Survey) -> Said:
    why = [f"{region}: {words}." for region, words in out.regions.items()]
    why += [f"Enabled in the account: {', '.join(out.enabled)}."] if out.enabled else []
    return Said(tuple(out.regions) or None, tuple(why))


def _baselines(out: Survey) -> Said:
    chosen = tuple(name for name, (each, _) in out.fits.items() if each.fits)
    why = [_why(each, where) for each, where in out.fits.values()]
    unnamed = [name for name in known() if not names_something(load_baseline(name))]
    if unnamed:
        why.append(f"Not looked for, because its document names nothing of its own: {', '.join(unnamed)}.")
    return Said(chosen or None, tuple(why))


def _why(fit: Fit, where: str) -> str:
    names = _listed([f"{role} {name}" for role, name in fit.names])
    parts = f"{fit.certain} of {len(fit.baseline.roles)} parts are certain, by {names}"
    return f"{fit.baseline.id} {'fits' if fit.fits else 'may be meant, and is not chosen, by'} {where}: {parts}."


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _MOST
    return ", ".join(names[:_MOST]) + (f" and {more} more" if more > 0 else "")
