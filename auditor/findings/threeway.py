"""Document, code and account side by side: of every promise who keeps it, and who of the three stands alone.

Where code and account agree with each other and not with the document, the document is stale; else the one that stands
alone has drifted. What one of them could not answer is not known, whatever the other says.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Record = dict[str, Any]
Run = Mapping[str, Any]
ORDER = ("code-drift", "live-drift", "both-drift", "document-stale", "unknown", "agree")


class BadRun(Exception):
    """A saved run that cannot be held against the code; the message says why."""


def three_way(code: Run, live: Run, name: str) -> Record:
    """The comparison of the record of some code with the one of an account."""
    asked = set(code["scan"].get("baselines", ()))
    if missing := sorted(asked - set(live["scan"].get("baselines", ()))):
        raise BadRun(
            f"{name}: holds no answer for {', '.join(missing)}; make it with `auditor check --baseline {missing[0]}`"
        )
    ours, theirs = _promises(code), _promises(live)
    rows = [_row(key, ours[key], theirs.get(key), code, live) for key in ours if ours[key]["verdict"] != "unverifiable"]
    rows.sort(key=lambda each: (ORDER.index(each["verdict"]), each["baseline"], each["id"]))
    scan = live["scan"]
    return {
        "live": {"name": name, "accounts": list(scan.get("accounts", ())), "finished": scan.get("finished", "")},
        "counts": {verdict: sum(each["verdict"] == verdict for each in rows) for verdict in ORDER},
        "promises": rows,
        **_parts(code, live),
    }


def _promises(run: Run) -> dict[tuple[str, str], Run]:
    return {(each["baseline"], each["id"]): each for each in run.get("promises", ())}


def _row(key: tuple[str, str], ours: Run, theirs: Run | None, code: Run, live: Run) -> Record:
    """One promise with both answers, and of what is otherwise the values of all three."""
    check = "/".join(key)
    in_code, in_account = _broken(code, check), _broken(live, check)
    mine, other = ours["verdict"], theirs["verdict"] if theirs else "unknown"
    names = sorted({*in_code, *in_account})
    return {
        "baseline": key[0],
        "id": key[1],
        "text": ours["text"],
        "section": ours["section"],
        "code": mine,
        "account": other,
        "verdict": _verdict(mine, other, in_code, in_account),
        "reason": _reason(mine, ours, other, theirs),
        "properties": [_property(name, in_code.get(name, ()), in_account.get(name, ())) for name in names],
    }


def _broken(run: Run, check: str) -> dict[str, list[Run]]:
    """What a run says is otherwise than the promise, by property; several resources may play one part."""
    out: dict[str, list[Run]] = {}
    for each in (*run.get("findings", ()), *run.get("carried", ())):
        if each["check"] == check and each["verdict"] == "broken":
            out.setdefault(each["property"], []).append(each)
    return {name: sorted(found, key=_value) for name, found in out.items()}


def _verdict(code: str, account: str, in_code: Mapping[str, list[Run]], in_account: Mapping[str, list[Run]]) -> str:
    if "unknown" in (code, account) or "unverifiable" in (code, account):
        return "unknown"
    if code == account == "kept":
        return "agree"
    if code != account:
        return "code-drift" if code == "broken" else "live-drift"
    same = in_code.keys() == in_account.keys() and all(
        [*map(_value, in_code[name])] == [*map(_value, in_account[name])] for name in in_code
    )
    return "document-stale" if same else "both-drift"


def _value(found: Run) -> str:
    return json.dumps(found["actual"], sort_keys=True, default=str)


def _reason(mine: str, ours: Run, other: str, theirs: Run | None) -> str:
    """Why it is not known, and on which side."""
    told = [f"code: {ours['reason'] or 'not known'}"] if mine == "unknown" else []
    if theirs is None:
        told.append("account: this promise was not asked there; check it again")
    elif other == "unknown":
        told.append(f"account: {theirs['reason'] or 'not known'}")
    return "; ".join(told)


def _property(name: str, ours: Sequence[Run], theirs: Sequence[Run]) -> Record:
    """A property with what the document expects; nothing where a side keeps to that."""
    return {
        "property": name,
        "expected": (*ours, *theirs)[0]["expected"],
        "code": _actual(ours),
        "account": _actual(theirs),
    }


def _actual(found: Sequence[Run]) -> Record | None:
    """What a side has; of several resources each of their values."""
    values = [each["actual"] for each in found]
    return {"actual": values[0] if len(values) == 1 else values} if values else None


def _parts(code: Run, live: Run) -> Record:
    """Parts of the document that only the code has (to be deployed), and that only the account has (made by hand)."""
    ours, theirs = _bound(code), _bound(live)
    blind = {
        (each["baseline"], each["id"])
        for run in (code, live)
        for each in run.get("promises", ())
        if each["verdict"] == "unknown"
    }
    return {
        "undeployed": [_part(key, ours[key]) for key in sorted(ours.keys() - theirs.keys() - blind)],
        "unmanaged": [_part(key, theirs[key]) for key in sorted(theirs.keys() - ours.keys() - blind)],
    }


def _bound(run: Run) -> dict[tuple[str, str], list[str]]:
    out: dict[tuple[str, str], list[str]] = {}
    for each in run.get("bindings", ()):
        if each["resource"]:
            out.setdefault((each["baseline"], each["role"]), []).append(each["resource"])
    return out


def _part(key: tuple[str, str], resources: Iterable[str]) -> Record:
    return {"baseline": key[0], "role": key[1], "resources": sorted(resources)}
