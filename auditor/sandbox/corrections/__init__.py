"""Every place where moto is made to keep what AWS keeps: one file a service.

There are two ways, chosen by which says more in fewer lines:

- a **correction** answers one operation in AWS's words: it gets the parameters as boto3 takes them, may ask moto
  for its own answer (a dictionary as boto3 hands it over), and returns the answer to give;
- a **patch** mends moto's own class where many operations read the same thing. It runs once, when the backend
  is loaded, in the child process only.

What a correction keeps beside moto lies on a `shelf`, one an account, region and subject; a fork copies it,
`forget` clears it. Files are read when the first call of their service comes in.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from auditor.sandbox.call import Call

Ask = Callable[[Call], dict[str, Any]]
Correction = Callable[[Call, Ask], Mapping[str, Any] | None]

# Service (as boto3 names it) -> files of this folder that correct it.
FILES = {
    "accessanalyzer": ("watching",),
    "acm": ("small",),
    "apigateway": ("apigateway",),
    "apigatewayv2": ("apigateway",),
    "apprunner": ("small",),
    "backup": ("backup",),
    "budgets": ("watching",),
    "cloudfront": ("cloudfront", "cloudfront_kept", "cloudfront_functions"),
    "cloudwatch": ("small",),
    "codebuild": ("code",),
    "cognito-identity": ("cognito",),
    "cognito-idp": ("cognito",),
    "ec2": ("ec2", "ec2_instances", "ec2_settings"),
    "ecs": ("ecs",),
    "efs": ("efs",),
    "eks": ("eks", "eks_access"),
    "elasticache": ("elasticache", "elasticache_users"),
    "globalaccelerator": ("small",),
    "iam": ("iam",),
    "kms": ("kms",),
    "lambda": ("awslambda",),
    "logs": ("small",),
    "rds": ("rds", "rds_clusters", "rds_proxy"),
    "route53": ("small",),
    "s3": ("s3",),
    "s3control": ("access_points",),
    "securityhub": ("watching",),
    "wafv2": ("waf",),
    "xray": ("xray",),
}
# Module of moto -> file here whose `patch()` mends it.
PATCHES = {
    "moto.awslambda.models": "awslambda",
    "moto.ec2.models": "ec2",
    "moto.elasticache.models": "elasticache",
    "moto.iam.models": "iam",
    "moto.kms.models": "kms",
    "moto.rds.models": "rds",
}
GLOBAL = frozenset({"cloudfront", "iam", "route53", "s3"})

_made: dict[tuple[str, str], Correction] = {}
_read: set[str] = set()
_shelves: dict[tuple[str, str, str, str], dict[str, Any]] = {}


def corrects(service: str, *operations: str) -> Callable[[Correction], Correction]:
    """Mark a function as the correction of these operations."""

    def note(correction: Correction) -> Correction:
        for operation in operations:
            _made[service, operation] = correction
        return correction

    return note


def find(service: str, operation: str) -> Correction | None:
    """The correction of an operation, if it has one."""
    if service not in _read:
        _read.add(service)
        for name in ("fresh", *FILES.get(service, ())):
            import_module(f"{__name__}.{name}")
    return _made.get((service, operation))


def prepare(backend: str) -> None:
    """Load a backend of moto and mend it, before any of its objects exists."""
    from moto.backends import get_backend

    get_backend(backend)  # type: ignore[no-untyped-call,unused-ignore]
    for module, name in list(PATCHES.items()):
        if module in sys.modules:
            del PATCHES[module]
            import_module(f"{__name__}.{name}").patch()


def shelf(call: Call, subject: str) -> dict[str, Any]:
    """What is kept of a subject, in the account and (unless the service is global) the region of the call."""
    region = "" if call.service in GLOBAL else call.region
    return _shelves.setdefault((call.account, region, call.service, subject), {})


def forget() -> None:
    """Clear every shelf: the account is empty again."""
    _shelves.clear()
