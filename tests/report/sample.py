"""Runs to tell about: cuggu drifted in nine places (reports/samples/run.json), and what tests make of it."""

from __future__ import annotations

import json
from typing import Any

from auditor.model import digest
from auditor.settings import data_dir

Json = Any
SAMPLES = data_dir("reports") / "samples"
HOSTILE = (
    "</script><script>alert(1)</script></style>\"'><img src=x onerror=alert(1)>"
    "\x1b[2J\x9b31m\u202egnp.exe\x00\u2028{{7*7}}"
)
# What programs read: closed lists, ids and references, which the pipeline itself makes.
_OURS = {
    "verdict", "severity", "kind", "status", "risk", "reason", "id", "from", "to", "box", "parent", "type", "tail",
    "head", "relation", "key", "schema_version", "by_severity", "types", "permission",
}  # fmt: skip


def run() -> dict[str, Json]:
    """A fresh copy each time: tests may change what they get."""
    found: dict[str, Json] = json.loads((SAMPLES / "run.json").read_text(encoding="utf-8"))
    return found


def clean_run() -> dict[str, Json]:
    """The same account, as documented and fully read."""
    told = run()
    told["findings"], told["mended"], told["coverage"] = [], [], {"complete": True, "gaps": []}
    for each in told["promises"]:
        if each["verdict"] != "unverifiable":
            each |= {"verdict": "kept", "reason": "", "findings": []}
    told["summary"] |= {"broken": 0, "unknown": 0, "waived": 0}
    told["summary"]["by_severity"] = dict.fromkeys(told["summary"]["by_severity"], 0)
    told["map"]["nodes"] = [each | {"verdict": "kept", "findings": []} for each in told["map"]["nodes"] if each["role"]]
    told["map"]["links"] = [each | {"verdict": "kept"} for each in told["map"]["links"]]
    return told


def many(number: int) -> dict[str, Json]:
    """A run with as many findings as asked for, no two alike: what size and speed are measured on."""
    told = run()
    told["coverage"] = {"complete": True, "gaps": []}
    models, told["findings"] = told["findings"], []
    for place in range(number):
        model = models[place % len(models)]
        owner = model["resource"]
        key = f"{owner['key']}-{digest(str(place))[:8]}"
        resource = owner | {"key": key, "arn": key, "origin": key, "name": f"{owner['name']}-{place}"}
        resource["account"] = f"{100000000000 + place % 37}"
        told["findings"].append(model | {"resource": resource, "id": digest(model["check"], key, model["property"])})
    order = {"critical": 0, "high": 1, "medium": 2, "low": 3, "info": 4}
    told["findings"].sort(key=lambda each: (order[each["severity"]], each["check"], each["resource"]["key"]))
    return told


def hostile() -> dict[str, Json]:
    """Every text of the run replaced by one that tries to break out of wherever it is put."""
    spoilt: dict[str, Json] = _spoil(run(), "")
    for each in spoilt["promises"]:
        each["reason"] = HOSTILE
    spoilt["findings"][0]["id"] = HOSTILE
    spoilt["findings"][1]["resource"]["type"] = HOSTILE
    spoilt["findings"][2]["resource"]["key"] = HOSTILE
    return spoilt


def _spoil(value: Json, name: str) -> Json:
    if isinstance(value, dict):
        return {key: inner if _ours(key, inner) else _spoil(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [_spoil(each, name) for each in value]
    return f"{name} {HOSTILE}" if isinstance(value, str) and value else value


def _ours(key: str, value: Json) -> bool:
    return key in _OURS or (key == "findings" and all(isinstance(each, str) for each in value))
