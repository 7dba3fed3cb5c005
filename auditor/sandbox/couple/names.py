"""How this team names and tags what it makes: the product's code name, the environment, the part."""

from __future__ import annotations

from typing import Any

REGION = "ap-northeast-2"
DOMAIN = "ourdays.app"
ENVIRONMENTS = ("prod", "dev")


def part(environment: str, role: str) -> str:
    """The name of a part among those that were built: `prod/database`."""
    return f"{environment}/{role}"


def named(environment: str, what: str) -> str:
    """couple-prod-web"""
    return f"couple-{environment}-{what}"


def host(environment: str) -> str:
    return DOMAIN if environment == "prod" else f"{environment}.{DOMAIN}"


def tags(environment: str) -> dict[str, str]:
    return {"Project": "couple-web", "Environment": environment, "ManagedBy": "terraform"}


def tag_list(environment: str, name: str = "", upper: bool = True) -> list[dict[str, str]]:
    """Tags as most services take them; `upper` False for those that write key and value."""
    found = {"Name": name} | tags(environment) if name else tags(environment)
    key, value = ("Key", "Value") if upper else ("key", "value")
    return [{key: k, value: v} for k, v in found.items()]


def tag_specification(kind: str, environment: str, name: str) -> list[dict[str, Any]]:
    """Tags as EC2 takes them on creation."""
    return [{"ResourceType": kind, "Tags": tag_list(environment, name)}]
