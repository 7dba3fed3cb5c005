"""The five example accounts: by which baselines each is judged, what people do to it, and what must be said then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import ModuleType

from auditor import pipeline
from auditor.model import Finding
from auditor.sandbox.built import Built
from tests.accounts import (
    couple_mutations,
    cuggu_mutations,
    dualtetrax_mutations,
    glimpse_mutations,
    pingvas_mutations,
)
from tests.accounts.mutation import Mutation


@dataclass(frozen=True)
class Table:
    """`environments` are the parts of the account that are documented, each with its baseline; the first is meant where
    a row names none. `built_as` are the names under which roles were built, where those differ. `wanted` are rules that
    the document itself asks to break."""

    name: str
    environments: Mapping[str, str]
    rows: ModuleType
    built_as: Mapping[str, str] = field(default_factory=dict)
    wanted: frozenset[str] = frozenset()

    @property
    def baselines(self) -> tuple[str, ...]:
        return tuple(self.environments.values())

    @property
    def wish(self) -> pipeline.Wish:
        """Rules only where a row names one: they cost more than the documents."""
        return pipeline.Wish(
            baselines=self.baselines, with_rules=any(each.kind == "rule" for each in self.rows.MUTATIONS)
        )

    def checks(self, mutation: Mutation) -> set[str]:
        """All that must be told of a mutation."""
        if mutation.kind == "rule":
            return {mutation.check}
        first = next(iter(self.environments))
        where = self.environments if mutation.shared else (mutation.environment or first,)
        return {f"{self.environments[each]}/{mutation.check}" for each in where}

    def caught(self, mutation: Mutation, built: Built, findings: Iterable[Finding]) -> dict[str, Finding]:
        """Of the checks that must be told, those that are told of the right resource."""
        checks = self.checks(mutation)
        meant = self.names(built, mutation.environment, mutation.role)
        return {
            each.check: each
            for each in findings
            if each.check in checks
            and (each.kind, each.verdict) == (mutation.kind, "broken")
            and (not mutation.role or {each.resource.id, each.resource.arn} & meant)
        }

    def elsewhere(self, mutation: Mutation, findings: Iterable[Finding]) -> list[Finding]:
        """What is told of an environment in which nothing was done."""
        if mutation.shared or mutation.kind == "rule":
            return []
        ours = {check.removesuffix(mutation.check) for check in self.checks(mutation)}
        others = tuple(f"{name}/" for name in self.baselines if f"{name}/" not in ours)
        return [each for each in findings if each.check.startswith(others)]

    def names(self, built: Built, environment: str, role: str) -> set[str]:
        """The id and the ARN of the part that was built for a role, or the role itself where it is no such name."""
        role = self.built_as.get(role, role)
        part = f"{environment or next(iter(self.environments))}/{role}"
        part = part if part in built else role
        return {built.ids.get(part, part), built.arns.get(part, part)}

    def misplaced(self, built: Built, bindings: Iterable[Mapping[str, str]]) -> dict[str, set[str]]:
        """The roles that others play than the parts that were built for them, with these."""
        where = {baseline: environment for environment, baseline in self.environments.items()}
        found: dict[tuple[str, str], set[str]] = {}
        for each in bindings:
            found.setdefault((each["baseline"], each["role"]), set()).add(each["resource"])
        wrong = {}
        for (baseline, role), resources in found.items():
            meant = self.names(built, where[baseline], role) - {role, self.built_as.get(role)}
            tails = {name.rstrip(".").rpartition("/")[2] for name in meant}
            if meant and not any(each in meant or any(tail in each for tail in tails) for each in resources):
                wrong[f"{baseline}/{role}"] = resources
        return wrong


TABLES = {
    each.name: each
    for each in (
        Table("cuggu", {"prod": "cuggu"}, cuggu_mutations),
        Table(
            "dualtetrax",
            {"dev": "dualtetrax", "prod": "dualtetrax:prod"},
            dualtetrax_mutations,
            # A week of logs is what the document wants for dev, and less than the rule does.
            wanted=frozenset({"logs-kept"}),
        ),
        Table(
            "glimpse",
            {"prod": "glimpse"},
            glimpse_mutations,
            built_as={"password-secret": "db-password", "redis-secret": "redis-auth-token"},
        ),
        Table("couple", {"prod": "couple", "dev": "couple:dev"}, couple_mutations),
        # The document has identities sign for CloudFront, which the rule calls the older way.
        Table("pingvas", {"prod": "pingvas"}, pingvas_mutations, wanted=frozenset({"s3-origins-signed"})),
    )
}
