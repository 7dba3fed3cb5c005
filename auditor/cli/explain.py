"""`auditor explain`: why a rule or promise exists, what it reads, how to fix it, and what a predicate asks."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli._complete import checks, offering
from auditor.cli._options import definitions_option

if TYPE_CHECKING:
    from auditor.checks.operators import Operator
    from auditor.checks.predicates import Predicate
    from auditor.checks.schema import Baseline, Rule


@click.command("explain")
@click.argument("name", shell_complete=offering(checks))
@definitions_option
def command(name: str, folders: tuple[Path, ...]) -> int:
    """Explain a rule (`explain bucket-encrypted`), a baseline (`explain cuggu`), a promise (`explain cuggu/database`),
    a predicate (`explain subnet-kind`) or a matcher (`explain same-set`)."""
    from auditor.checks.baselines import known, load_baseline
    from auditor.checks.environments import asked
    from auditor.checks.operators import OPERATORS
    from auditor.checks.predicates import registry
    from auditor.checks.rules import load_rules
    from auditor.checks.yaml import DefinitionError, suggest

    baseline = name.partition("/")[0]
    if asked(baseline).name in known(list(folders)):
        _promises(load_baseline(baseline, list(folders)), name.partition("/")[2])
        return 0
    rules = load_rules([folder / "rules" for folder in folders])
    if name in registry() and name not in {rule.id for rule in rules}:
        _predicate(registry()[name], rules)
        return 0
    if name in OPERATORS:
        _operator(OPERATORS[name])
        return 0
    named = {rule.id: rule for rule in rules}
    if name not in named:
        everything = [*named, *known(list(folders)), *registry(), *OPERATORS]
        raise DefinitionError(
            [f"no rule, baseline, predicate or matcher is called `{name}`{suggest(name, everything)}"]
        )
    _rule(named[name])
    return 0


def _predicate(asked: Predicate, rules: Iterable[Rule]) -> None:
    from auditor.resources import load
    from auditor.sources.live import permissions_for

    click.echo(f"{asked.name}\n{textwrap.fill(' '.join(asked.doc.split()), 100)}\n")
    _block("Applies to", ", ".join(asked.on) or "any type")
    _block("Arguments", "\n".join(row.words for row in asked.rows) or "none")
    if asked.needs:
        _block(
            "Reads",
            "\n".join(f"{cfn}: {', '.join(names) or 'whether it exists'}" for cfn, names in asked.needs.items()),
        )
        demand = {cfn: frozenset(names) for cfn, names in asked.needs.items()}
        _block("IAM actions that it needs", ", ".join(permissions_for(demand, load())))
    users = [rule.id for rule in rules if any(asked.name in entry for entry in (*rule.where, *rule.require))]
    _block("Used by these rules", ", ".join(users) or "no rule")


def _operator(row: Operator) -> None:
    click.echo(f"{row.name}\n{row.doc}\n")
    _block("Takes", row.operand.takes)
    words = row.words.format("…")
    _block("Reads as", f"{words}, or {row.otherwise}" if row.otherwise else words)
    _block("Suggests a fix", "yes" if row.change else "no: several values would be accepted")


def _rule(rule: Rule) -> None:
    from auditor.checks.ask import in_words
    from auditor.checks.demand import of_rules
    from auditor.resources import load
    from auditor.sources.live import permissions_for

    types = load()
    click.echo(f"{rule.id} ({rule.severity})\n{rule.title}\nFinding: {rule.broken.replace('{name}', 'NAME')}\n")
    _block("Why", rule.why)
    _block("Checks", ", ".join(rule.on))
    if rule.where:
        _block("Where", "\n".join(in_words(entry) for entry in rule.where))
    _block("Requires", "\n".join(in_words(entry) for entry in rule.require))
    _block("IAM actions that it needs", ", ".join(permissions_for(of_rules([rule], types), types)))
    _block("How to fix it", rule.fix)
    _examples("Example that passes", rule.examples.passing[0])
    _examples("Example that fails", rule.examples.failing[0])
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
    from auditor.checks.ask import in_words
    from auditor.checks.drift import decisions
    from auditor.report import words as report

    decided = decisions(baseline)
    click.echo(f"{baseline.title}\n{baseline.document.title}, {baseline.document.updated}\n")
    rows = [(name, role.at, role.means) for name, role in baseline.roles.items()]
    rows += [(f"{name}/{entry.id}", entry.at or role.at, entry.title or in_words(entry.requirement))
             for name, role in baseline.roles.items() for entry in role.require]  # fmt: skip
    rows += [(f"link/{link.id}", link.at, link.title) for link in baseline.links]
    rows += [(f"absent/{entry.id}", entry.at, entry.title) for entry in baseline.absent]
    if budget := baseline.budget:
        rows.append(("budget", budget.at, f"At most {budget.monthly:g} {budget.currency} a month (asked with --costs)"))
    rows += [(entry.id, entry.at, f"not checked: {entry.reason}") for entry in baseline.unverifiable]
    shown = [row for row in rows if not wanted or row[0] == wanted or row[0].startswith(wanted + "/")]
    if not shown:
        raise click.UsageError(f"{baseline.id} has no promise {wanted!r}; `auditor explain {baseline.id}` lists them")
    for promise, at, words in shown:
        where = report.where({"section": at.section, "lines": at.lines})
        click.echo(f"{promise}\n  {words}\n  {where}: {at.text}")
        for text in decided.get(promise, ()):
            click.echo(textwrap.fill(f"decided: {text}", 116, initial_indent="  ", subsequent_indent="    "))
