"""The calls of a remedy, named as the AWS CLI names them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.report.plain import clean, inline

_CLI = {"s3": "s3api", "config": "configservice"}  # where the AWS CLI names a service otherwise than its API


def operation(step: Mapping[str, Any]) -> str:
    """`aws rds modify-db-instance`."""
    service = clean(step["service"])
    return f"aws {_CLI.get(service, service)} {clean(step['operation']).replace('_', '-')}"


def call(step: Mapping[str, Any]) -> str:
    """A step's call on one line: service, operation and what is passed."""
    passed = ", ".join(f"{clean(name)}={inline(value)}" for name, value in sorted(step["params"].items()))
    return f"{operation(step)}({passed})"
