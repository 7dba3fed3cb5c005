"""`make docs`: a page for each rule in `docs/rules/`, and the list of them, from the rules' files and the rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import yaml

from auditor.checks.ask import in_words, is_predicate
from auditor.checks.demand import of_rules
from auditor.checks.predicates import registry
from auditor.checks.rules import load_rules
from auditor.checks.schema import Example, Rule
from auditor.model import SEVERITIES
from auditor.resources import load
from auditor.sources.live import permissions_for

_RISKS = {"safe": "safe", "interrupts": "interrupts the service", "destroys": "can delete data"}


def files() -> dict[str, str]:
    """Every page by its path."""
    rules = load_rules()
    pages = {f"docs/rules/{rule.id}.md": _page(rule) for rule in rules}
    return {"docs/rules/README.md": _list(rules), **pages}


def _list(rules: list[Rule]) -> str:
    rows = sorted(rules, key=lambda rule: (rule.topic, SEVERITIES.index(rule.severity), rule.id))
    lines = [
        "# Rules",
        "",
        "`make docs` writes these pages from the files in `rules/`; do not edit them. `auditor rules` lists the same",
        "on a terminal, `auditor rules --service s3 --search WORDS` finds some, and `auditor explain ID` shows one.",
        "",
        "| rule | severity | topic | on |",
        "|---|---|---|---|",
        *(
            f"| [{rule.id}]({rule.id}.md): {rule.title} | {rule.severity} | {rule.topic} | "
            f"{', '.join(_short(cfn) for cfn in rule.on)} |"
            for rule in rows
        ),
    ]
    return "\n".join(lines) + "\n"


def _short(cfn: str) -> str:
    return " ".join(cfn.split("::")[1:])


def _page(rule: Rule) -> str:
    types = load()
    where = [f"- where {in_words(entry)}" for entry in rule.where]
    actions = ", ".join(f"`{each}`" for each in permissions_for(of_rules([rule], types), types))
    lines = [
        f"# {rule.id}",
        "",
        f"{rule.title}. Severity {rule.severity}, topic {rule.topic}. A finding says: "
        f'"{rule.broken.replace("{name}", "NAME")}".',
        "",
        *("## Why", "", rule.why.strip(), ""),
        *("## What is asked", "", f"Of each {' and each '.join(f'`{cfn}`' for cfn in rule.on)}:", ""),
        *where,
        *(f"- {in_words(entry)}{_predicate(entry)}" for entry in rule.require),
        *("", f"It is read with {actions}.", ""),
        *("## How to fix it", "", rule.fix.strip(), ""),
        *_automatic(rule),
        *("## Examples", ""),
        *_examples("Passes", rule.examples.passing),
        *_examples("Fails", rule.examples.failing),
        *("## References", "", *(f"- <{each}>" for each in rule.references)),
    ]
    return "\n".join(lines) + "\n"


def _predicate(entry: dict[str, object]) -> str:
    name = next(iter(entry))
    return f" ({' '.join(registry()[name].doc.split()).rstrip('.')})" if is_predicate(name) else ""


def _automatic(rule: Rule) -> Iterator[str]:
    """What `auditor plan` can set of what is required; a predicate proposes its change with the finding."""
    names = [next(iter(entry)) for entry in rule.require]
    told = []
    for cfn in rule.on:
        for name in names:
            row = None if is_predicate(name) else load()[cfn].prop(name)
            if row and row.settable:
                told.append(f"`auditor plan` sets `{name}` of a {_short(cfn)} ({_RISKS[row.risk]}).")
    if any(map(is_predicate, names)):
        told.append("Where the change follows from the finding, `auditor plan` proposes it with its risk.")
    if told:
        yield from (*dict.fromkeys(told), "")


def _examples(title: str, examples: Sequence[Mapping[str, Example]]) -> Iterator[str]:
    for number, example in enumerate(examples, 1):
        plain = {name: piece.model_dump(by_alias=True, exclude_defaults=True) for name, piece in example.items()}
        text = yaml.safe_dump(plain, sort_keys=False, allow_unicode=True).rstrip()
        yield from (f"{title} ({number}):" if len(examples) > 1 else f"{title}:", "", "```yaml", text, "```", "")
