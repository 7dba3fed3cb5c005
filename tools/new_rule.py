"""`make new-rule ID=storage/name ON=AWS::S3::Bucket [PROPERTY=Path]`: a rule file with an example of each kind.

The property is the one given, or the first switch of the type. Every `WRITE` is a sentence that a person has to write:
a test refuses a rule in which one is left.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import yaml

from auditor.checks import syntax
from auditor.model import ABSENT
from auditor.resources import load
from auditor.resources.schema import schema

ROOT = Path(__file__).resolve().parents[1]
FIRST_LINE = "# yaml-language-server: $schema=../../schemas/rule.schema.json"


def main(name: str, cfn: str, path: str = "") -> int:
    topic, _, stem = name.partition("/")
    if cfn not in load():
        return say(f"{cfn} is not a supported type; add it with: make new-type T={cfn}", 2)
    if not stem or not syntax.ID.fullmatch(stem) or not syntax.ID.fullmatch(topic):
        return say("ID must be TOPIC/NAME in lower case with hyphens, like storage/bucket-encrypted", 2)
    target = ROOT / "rules" / topic / f"{stem}.yaml"
    if target.exists():
        return say(f"{target.relative_to(ROOT)} already exists; choose another ID", 2)
    target.parent.mkdir(exist_ok=True)
    target.write_text(rule_file(cfn, path), encoding="utf-8")
    return say(
        f"wrote {target.relative_to(ROOT)}; complete it, then: make check",
        0,
    )


def rule_file(cfn: str, path: str = "") -> str:
    """The text of a rule on a property: a switch is demanded to be on, anything else to be there."""
    path = path or _switch(cfn)
    switch = schema(cfn).shape.get(path) == "b"
    noun = cfn.rpartition("::")[2]
    kept = {path: True if switch else sample(schema(cfn).shape.get(path, "s"))}
    broken: dict[str, Any] = {path: False} if switch else {}
    says = {
        "title": f"WRITE the demand, as a sentence: what is true of every {noun} that keeps the rule",
        "broken": "WRITE the fact, like {name} is publicly accessible",
        "severity": "medium",
        "on": cfn,
    }
    reasons = {
        "why": "WRITE what can happen if the rule is broken",
        "fix": "WRITE how to fix it manually",
        "references": ["https://docs.aws.amazon.com/"],
    }
    examples = {
        "pass": [{noun: {"Type": cfn, "Properties": kept}}],
        "fail": [{noun: {"Type": cfn, "Properties": broken}}],
    }
    require = [{path: True if switch else {"exists": True}}]
    parts = [says, {"require": require}, reasons, {"examples": examples}]
    return f"{FIRST_LINE}\n" + "\n".join(yaml.safe_dump(part, sort_keys=False, width=120) for part in parts)


def _switch(cfn: str) -> str:
    """The first property that is true or false, else the first that code can say."""
    known = schema(cfn)
    said = [row.name for row in load()[cfn].props if not known.fixed(row.name)]
    every = [row for row in load()[cfn].props if row.name in said and row.default is ABSENT and not row.always]
    # What templates cannot say (`ours`) shows no breach in one.
    open_ones = [row.name for row in every if not row.ours] or [row.name for row in every]
    return next((name for name in said if known.shape.get(name) == "b"), (open_ones or said)[0])


def sample(kind: Any) -> Any:
    if isinstance(kind, dict):
        name, inner = next(iter(kind.items()))
        return {name: sample(inner)}
    if isinstance(kind, list):
        return [sample(kind[0])]
    return {"b": True, "i": 1, "n": 1}.get(kind, "example")


def say(words: str, code: int) -> int:
    sys.stderr.write(words + "\n")
    return code


if __name__ == "__main__":
    given = [each for each in sys.argv[1:] if each]
    raise SystemExit(
        main(*given) if len(given) in (2, 3) else say("make new-rule ID=storage/name ON=AWS::S3::Bucket", 2)
    )
