"""The documented budget against what the account cost, where that was asked for: each question costs money.

The figures are the whole account's, unless cost-allocation tags single the system out. Too little is proven either way;
too much is the account's, and the reason says so.
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.checks.binding import Bound
from auditor.checks.schema import Baseline, Budget
from auditor.graph.build import Graph
from auditor.model import GLOBAL, Answer, Check, Costs, Finding, Promise, Resource, Verdict

NOT_ASKED = "not asked: `auditor check --costs` asks Cost Explorer, which takes 0.01 USD a request"
_LARGEST = 5  # services that a reason names


def budgeted(baseline: Baseline, bound: Bound, graph: Graph) -> Iterator[tuple[Promise, Finding | None]]:
    """The promise about the budget, if the document has one, and the finding where it is not kept."""
    budget = baseline.budget
    if budget is None:
        return
    cite, costs = budget.at.cite, graph.inventory.costs
    if not costs:
        yield Promise(baseline.id, "budget", cite, "unverifiable", NOT_ASKED), None
        return
    mine = {each.account for found in bound.roles.values() for each in found} & set(costs) or set(costs)
    answer = _answer(budget, [costs[account] for account in sorted(mine)])
    if answer.verdict == "kept":
        yield Promise(baseline.id, "budget", cite, "kept", answer.because), None
        return
    limit = _money(budget.monthly, budget.currency)
    check = Check(
        f"{baseline.id}/budget",
        "different",
        "medium",
        f"The system costs at most {limit} a month",
        fix="Find what the largest amounts are for, or write the new budget down.",
        baseline=baseline.id,
        cite=cite,
        broken=f"The system cost {{actual}}, more than the documented {limit}",
    )
    account = min(mine)
    owner = Resource(
        "AWS::Account", account, account, GLOBAL, name=f"account {account}", origin=f"baseline {baseline.id}"
    )
    found = Finding.of(answer, check, owner)
    yield Promise(baseline.id, "budget", cite, answer.verdict, answer.because, (found.id,)), found


def _answer(budget: Budget, costs: list[Costs]) -> Answer:
    month, limit = costs[0].month, _money(budget.monthly, budget.currency)
    place = "Costs"
    gaps = tuple(each.gap for each in costs if each.gap)
    if gaps:
        return Answer.unseen(place, limit, *gaps)
    services: dict[str, float] = {}
    for each in costs:
        for name, amount in each.services.items():
            services[name] = round(services.get(name, 0) + amount, 2)
    tags = ", ".join(f"{name}={value}" for name, value in costs[0].tags)
    if not services:
        tagged = f" for {tags}, which may be no cost-allocation tag" if tags else ""
        return Answer.unseen(place, limit, because=f"Cost Explorer has no figures of {month}{tagged}")
    currencies = {each.currency for each in costs if each.services}
    if currencies != {budget.currency}:
        return Answer.unseen(place, limit, because=f"Cost Explorer counts in {', '.join(sorted(currencies))}")
    total = round(sum(services.values()), 2)
    whose = f"of what is tagged {tags}" if tags else "of the whole account (`--scope tag:NAME=VALUE` for one system)"
    largest = sorted(services.items(), key=lambda each: (-each[1], each[0]))[:_LARGEST]
    because = f"{month}, {whose}: " + ", ".join(f"{name} {amount:.2f}" for name, amount in largest)
    if budget.table:
        because += "; the document: " + ", ".join(f"{name} {amount:g}" for name, amount in budget.table.items())
    verdict: Verdict = "kept" if total <= budget.monthly else "broken"
    return Answer(verdict, place, limit, _money(total, budget.currency), because)


def _money(amount: float, currency: str) -> str:
    return f"{amount:,.2f} {currency}".replace(".00 ", " ")
