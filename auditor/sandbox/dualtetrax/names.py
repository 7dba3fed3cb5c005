"""How CDK and this team name and tag what they make: the document's names, and CDK's own with their hashes."""

from __future__ import annotations

import hashlib
from typing import Any

REGION = "us-east-1"
DOMAIN = "dualtetrax.com"
ENVIRONMENTS = ("dev", "prod")
DAYS_OF_BACKUP = {"dev": 7, "prod": 30}
DAYS_OF_LOGS = {"dev": 7, "prod": 90}
CLASS = {"dev": "db.t4g.micro", "prod": "db.t4g.small"}


def part(environment: str, role: str) -> str:
    """The name of a part among those that were built: `dev/database`."""
    return f"{environment}/{role}"


def made_by_cdk(environment: str, stack: str, construct: str) -> str:
    """DualTetraXAPI-dev-ApiFunctionServiceRole52A1B0C9-1F2E3D4C5B6A"""
    digest = hashlib.sha256(f"{stack}/{environment}/{construct}".encode()).hexdigest().upper()
    return f"DualTetraX{stack}-{environment}-{construct}{digest[:8]}-{digest[8:20]}"


def tags(environment: str) -> dict[str, str]:
    return {"project": "dualtetrax", "environment": environment}


def tag_list(environment: str, name: str = "") -> list[dict[str, str]]:
    found = {"Name": name} | tags(environment) if name else tags(environment)
    return [{"Key": key, "Value": value} for key, value in found.items()]


def tag_specification(kind: str, environment: str, name: str) -> list[dict[str, Any]]:
    """Tags as EC2 takes them on creation; CDK names parts of a network by their path."""
    return [{"ResourceType": kind, "Tags": tag_list(environment, name)}]
