"""Nights to tell about: small records, saved as `auditor check` saves them, compared by its own `since`."""

from __future__ import annotations

from typing import Any

from auditor.findings.since import since
from auditor.model import SEVERITIES

ACCOUNT, REGION, BUCKET = "123456789012", "eu-west-1", "AWS::S3::Bucket"


def finding(name: str, severity: str = "high", **more: Any) -> dict[str, Any]:
    owner = {"key": f"{ACCOUNT}/{REGION}/{BUCKET}/{name}", "type": BUCKET, "id": name, "arn": "", "name": name,
             "account": ACCOUNT, "region": REGION, "origin": ""}  # fmt: skip
    return {
        "id": name, "check": "bucket-encrypted", "kind": "rule", "verdict": "broken", "severity": severity,
        "title": f"{name} is not encrypted", "demand": "Buckets are encrypted", "resource": owner, "property": "x",
        "because": "", "evidence": [], "remedy": {"kind": "automatic", "text": f"Encrypt {name}"}, "waiver": None,
        "also": [], "expected": None, "actual": None, **more,
    }  # fmt: skip


def gap(permission: str = "logs:DescribeLogGroups", **more: Any) -> dict[str, Any]:
    service, operation = permission.split(":")
    return {"account": ACCOUNT, "region": REGION, "service": service, "operation": operation, "permission": permission,
            "reason": "denied", "types": ["AWS::Logs::LogGroup"], "message": "", "cure": "", "count": 1,
            "subjects": [], **more}  # fmt: skip


def record(number: int, findings: Any = (), gaps: Any = (), **more: Any) -> dict[str, Any]:
    found, scan = [dict(each) for each in findings], more.pop("scan", {})
    broken = [each for each in found if each["verdict"] == "broken" and not each["waiver"]]
    return {
        "schema_version": "2",
        "scan": {"id": "", "finished": f"2026-01-{1 + number // 1000:02}T{number // 60 % 24:02}:{number % 60:02}:00Z",
                 "source": "live", "accounts": [ACCOUNT], "regions": [REGION], "types": [BUCKET, "AWS::Logs::LogGroup"],
                 "rules": ["bucket-encrypted"], "baselines": [], **scan},
        "coverage": {"complete": not gaps, "gaps": list(gaps)},
        "summary": {"broken": len(broken), "unknown": len(found) - len(broken), "kept": 1, "waived": 0,
                    "by_severity": {name: sum(each["severity"] == name for each in broken) for name in SEVERITIES}},
        "findings": found, "promises": [], "mended": [], **more,
    }  # fmt: skip


def saved(store: Any, number: int, findings: Any = (), gaps: Any = (), **more: Any) -> dict[str, Any]:
    """The run of a night, compared with those before and saved."""
    made = record(number, findings, gaps, **more)
    return store.save(since(store.previous(made["scan"]), made))
