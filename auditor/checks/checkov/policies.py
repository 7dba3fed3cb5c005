"""What we say of checkov's policies: how severe a failure is, what the policy looks at, which rule of ours it repeats.

needs.json is written by tools/distil_checkov.py from the policies themselves; policies.yaml is written by hand.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

from auditor import bounded
from auditor.model import SEVERITIES, ResourceType, Severity

DEFAULT: Severity = "medium"


@dataclass(frozen=True, slots=True)
class Needs:
    """What a policy looks at on the type that it reports: attributes, and other types with their attributes."""

    looks: tuple[str, ...] = ()
    partners: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Policies:
    """`repeats` names the rule of ours that says the same; `presence` holds policies that fail on what is there at all.

    `elsewhere` are attributes of Terraform that have gone over to a type of their own, which is where they are written.
    """

    severities: Mapping[str, Severity]
    repeats: Mapping[str, str]
    presence: frozenset[str]
    elsewhere: Mapping[str, frozenset[str]]
    needs: Mapping[str, Mapping[str, Needs]]

    def severity(self, check: str) -> Severity:
        return self.severities.get(check, DEFAULT)


@cache
def policies() -> Policies:
    told = _hand_written()
    severities = {check: name for name in SEVERITIES for check in told["severities"].get(name, ())}
    return Policies(
        severities=severities,
        repeats={check: rule for rule, checks in told["repeats"].items() for check in checks},
        presence=frozenset(told["presence"]),
        elsewhere={kind: frozenset(names) for kind, names in told["elsewhere"].items()},
        needs=_needs(),
    )


def _hand_written() -> dict[str, Any]:
    document = bounded.Document("policies.yaml")
    bounded.parse(_file_beside("policies.yaml"), document, bounded.Dialect())
    if document.problems:
        raise ValueError("\n".join(document.lines))
    return cast("dict[str, Any]", document.value)


def _needs() -> dict[str, dict[str, Needs]]:
    return {
        check: {
            kind: Needs(
                tuple(each["looks"]),
                tuple((partner, tuple(looks)) for partner, looks in each.get("partners", {}).items()),
            )
            for kind, each in kinds.items()
        }
        for check, kinds in json.loads(_file_beside("needs.json")).items()
    }


def _file_beside(name: str) -> str:
    return Path(str(files("auditor.checks.checkov").joinpath(name))).read_text(encoding="utf-8")


def in_order(check: str) -> tuple[str, int]:
    """CKV_AWS_8 comes before CKV_AWS_24."""
    family, _, number = check.rpartition("_")
    return family, int(number)


def types_judged(types: Mapping[str, ResourceType]) -> frozenset[str]:
    """The types that some policy looks at: what has to be read for checkov, with all its properties."""
    known = policies().needs.values()
    wanted = {kind for kinds in known for kind in kinds}
    wanted |= {partner for kinds in known for each in kinds.values() for partner, _ in each.partners}
    return frozenset(cfn for cfn, row in types.items() if wanted & {*row.terraform, *row.folds})
