"""`auditor rules`: the rules that can be checked, and whether rules of one's own are sound."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli._options import SEVERITIES, definitions_option, listing_option
from auditor.cli._telling import count

if TYPE_CHECKING:
    from auditor.checks.schema import Rule

UNSOUND = 1


@click.group("rules", invoke_without_command=True)
@definitions_option
@click.option("--topic", "topics", metavar="NAME", multiple=True, help="Only rules of this topic, like encryption.")
@click.option("--severity", "severities", type=click.Choice(SEVERITIES), multiple=True, help="Only of this severity.")
@click.option("--service", "services", metavar="NAME", multiple=True, help="Only about this service, like s3 or rds.")
@click.option("--search", "words", metavar="WORDS", help="Only rules in which all of these words stand.")
@listing_option
@click.pass_context
def command(
    ctx: click.Context, folders: tuple[Path, ...], topics: tuple[str, ...], severities: tuple[str, ...],
    services: tuple[str, ...], words: str | None, form: str,
) -> int:  # fmt: skip
    """List the rules, the most severe first: severity, ID, title. Options that repeat widen, different ones narrow.

    \b
    auditor rules --service s3 --severity high
    auditor rules --search "public internet"
    auditor explain database-not-public
    auditor rules lint my-definitions
    """
    if ctx.invoked_subcommand:
        return 0
    from auditor.checks.rules import load_rules
    from auditor.model import SEVERITIES as ORDER

    rules = load_rules([folder / "rules" for folder in folders])
    _known("--topic", topics, {rule.topic for rule in rules})
    _known("--service", services, {each for rule in rules for each in _services(rule)})
    found = sorted(
        (rule for rule in rules if _chosen(rule, topics, severities, services, words or "")),
        key=lambda rule: (ORDER.index(rule.severity), rule.id),
    )
    if form == "json":
        click.echo(json.dumps([_row(rule) for rule in found], indent=2, ensure_ascii=False))
        return 0
    width = max((len(rule.id) for rule in found), default=0)
    for rule in found:
        click.echo(f"{rule.severity:<8}  {rule.id:<{width}}  {rule.title}")
    if not found:
        click.echo(f"none of {count(len(rules), 'rule')} is like that", err=True)
    return 0


@command.command("lint")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
def lint(folder: Path) -> int:
    """Check rules of your own: DIR holds them, or a folder rules/ with them. Each file has to be valid, and each of its
    examples has to come to what it stands under.

    Exit codes: 0 all rules are sound, 1 some are not, 2 there are none.
    """
    from auditor.checks.examples import wrong_examples
    from auditor.checks.rules import load_rules
    from auditor.checks.yaml import DefinitionError

    home = folder / "rules" if (folder / "rules").is_dir() else folder
    try:
        load_rules([home])  # beside the built-in ones, whose IDs are taken
        rules = load_rules([home], built_in=False)
    except DefinitionError as error:
        click.echo(str(error))
        return UNSOUND
    if not rules:
        raise click.UsageError(f"{home} has no rule; a rule is a file TOPIC/ID.yaml (`make new-rule` writes one)")
    faults = [f"{rule.topic}/{rule.id}.yaml: {fault}" for rule in rules for fault in wrong_examples(rule)]
    for fault in faults:
        click.echo(fault)
    examples = sum(len(rule.examples.passing) + len(rule.examples.failing) for rule in rules)
    if not faults:
        click.echo(f"{count(len(rules), 'rule')} with {count(examples, 'example')}: all sound")
    return UNSOUND if faults else 0


def _services(rule: Rule) -> set[str]:
    """The services of a rule's types, as the AWS CLI calls them where that is one word."""
    return {cfn.split("::")[1].lower() for cfn in rule.on}


def _known(option: str, given: Iterable[str], known: set[str]) -> None:
    from auditor.checks.yaml import suggest

    for each in given:
        if each.lower() not in known:
            raise click.BadParameter(f"no rule has {each!r}{suggest(each, known)}", param_hint=option)


def _chosen(
    rule: Rule, topics: tuple[str, ...], severities: tuple[str, ...], services: tuple[str, ...], words: str
) -> bool:
    text = " ".join((rule.id, rule.topic, rule.title, rule.why, rule.fix, *rule.on, *rule.references)).lower()
    return (
        (not topics or rule.topic in {each.lower() for each in topics})
        and (not severities or rule.severity in severities)
        and (not services or bool(_services(rule) & {each.lower() for each in services}))
        and all(word in text for word in words.lower().split())
    )


def _row(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id, "topic": rule.topic, "severity": rule.severity, "title": rule.title, "on": list(rule.on),
        "references": list(rule.references),
    }  # fmt: skip
