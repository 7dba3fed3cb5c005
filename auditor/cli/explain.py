"""`auditor explain`: why a rule or promise exists, what it reads, how it is mended."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli._options import definitions_option

if TYPE_CHECKING:
    from auditor.checks.schema import Baseline, Rule


@click.command("explain")
@click.argument("name")
@definitions_option
def command(name: str, folders: tuple[Path, ...]) -> int:
    """Explain a rule (`explain bucket-encrypted`), a baseline (`explain cuggu`) or a promise (`explain
    cuggu/database`)."""
    from auditor.checks.baselines import known, load_baseline
    from auditor.checks.rules import choose, load_rules

    baseline = name.partition("/")[0]
    if baseline in known(list(folders)):
        _promises(load_baseline(baseline, list(folders)), name.partition("/")[2])
        return 0
    (rule,) = choose(load_rules([folder / "rules" for folder in folders]), [name])
    _rule(rule)
    return 0


def _rule(rule: Rule) -> None:
    from auditor.checks.demand import of_rules
    from auditor.resources import load
    from auditor.sources.live import permissions_for

    types = load()
    click.echo(f"{rule.id} ({rule.severity})\n{rule.title}\n")
    _block("Why", rule.why)
    _block("Judged on", ", ".join(rule.on))
    _block("Reads, with these IAM actions", ", ".join(permissions_for(of_rules([rule], types), types)))
    _block("How to mend it", rule.fix)
    _examples("Kept by", rule.examples.passing[0])
    _examples("Broken by", rule.examples.failing[0])
    _block("References", "\n".join(rule.references))


def _examples(title: str, example: Mapping[str, object]) -> None:
    import yaml

    plain = {key: value.model_dump(by_alias=True) for key, value in example.items() if hasattr(value, "model_dump")}
    click.echo(f"{title}\n{textwrap.indent(yaml.safe_dump(plain, sort_keys=False, allow_unicode=True), '  ')}")


def _block(title: str, text: str) -> None:
    lines = [textwrap.fill(line, 96) for line in text.strip().splitlines()]
    click.echo(f"{title}\n{textwrap.indent(chr(10).join(lines), '  ')}\n")


def _promises(baseline: Baseline, wanted: str) -> None:
    """The promises whose id is, or begins with, what was asked for."""
    click.echo(f"{baseline.title}\n{baseline.document.title}, {baseline.document.updated}\n")
    rows = [(name, role.at, role.means) for name, role in baseline.roles.items()]
    rows += [(f"{name}/{entry.id}", entry.at or role.at, entry.title or _words(entry.requirement))
             for name, role in baseline.roles.items() for entry in role.require]  # fmt: skip
    rows += [(f"link/{link.id}", link.at, link.title) for link in baseline.links]
    rows += [(f"absent/{entry.id}", entry.at, entry.title) for entry in baseline.absent]
    rows += [(entry.id, entry.at, f"not checked: {entry.reason}") for entry in baseline.unverifiable]
    shown = [row for row in rows if not wanted or row[0] == wanted or row[0].startswith(wanted + "/")]
    if not shown:
        raise click.UsageError(f"{baseline.id} has no promise {wanted!r}; `auditor explain {baseline.id}` lists them")
    for promise, at, words in shown:
        click.echo(f"{promise}\n  {words}\n  section {at.section}, line {at.lines}: {at.text}")


def _words(requirement: dict[str, object]) -> str:
    from auditor.checks.ask import is_predicate
    from auditor.checks.operators import describe

    (name, wanted), *_ = requirement.items()
    return f"{name} {wanted or ''}".strip() if is_predicate(name) else f"{name} is {describe(wanted)}"
