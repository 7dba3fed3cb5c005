"""`auditor doctor`: whether a run would see everything, before a night depends on it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli._errors import INCOMPLETE, USAGE
from auditor.cli._options import judge_options, listing_option, store_options

if TYPE_CHECKING:
    from auditor.pipeline import Wish

_SIGNS = {"ok": ("ok", "green"), "note": ("note", "dim"), "incomplete": ("cannot", "yellow"), "wrong": ("wrong", "red")}


@click.command("doctor")
@judge_options
@store_options
@listing_option
def command(wish: Wish, store_dir: Path | str | None, form: str) -> int:
    """Try what a run needs: identity, clock, regions, the store, and each permission (by the cheapest call of each
    service, and by a simulation of the caller's policies where that is allowed). Each line says what cures it.

    Exit codes: 0 a run would see everything, 2 it could not start or be kept, 3 it would be incomplete.
    """
    from auditor.doctor import examine
    from auditor.report.plain import clean
    from auditor.report.terminal import Terminal
    from auditor.store import default_folder

    if wish.sources:
        raise click.UsageError("doctor tries a live account; leave out --from")
    terminal, lines = Terminal(), []
    for line in examine(wish, store_dir or default_folder()):
        lines.append(line)
        if form == "text":
            word, style = _SIGNS[line.state]
            terminal.line((f"{word:<7} ", style), f"{clean(line.what)}: {clean(line.words)}", hang=8)
            if line.cure:
                terminal.line((f"-> {clean(line.cure)}", "bold"), by=8, hang=3)
    if form == "json":
        click.echo(json.dumps([asdict(each) for each in lines], indent=2, ensure_ascii=False))
    states = {each.state for each in lines}
    return USAGE if "wrong" in states else INCOMPLETE if "incomplete" in states else 0
