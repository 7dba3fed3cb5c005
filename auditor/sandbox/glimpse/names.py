"""How this team's Terraform names and tags what it makes: `glimpse-STAGE-PART`, and the document's own names."""

from __future__ import annotations

from typing import Any

REGION = "ap-northeast-2"
DOMAIN = "glimpse.contact"
STAGES = ("prod", "staging")
CIDR = {"prod": "10.0", "staging": "10.1"}
HOST = {"prod": f"api.{DOMAIN}", "staging": f"api.staging.{DOMAIN}"}
REPOSITORY = "glimpse-api"


def part(stage: str, role: str) -> str:
    """The name of a part among those that were built: `database` of prod, `staging/database` of its copy."""
    return role if stage == "prod" else f"{stage}/{role}"


def named(stage: str, component: str) -> str:
    """glimpse-prod-alb"""
    return f"glimpse-{stage}-{component}"


def tags(stage: str) -> dict[str, str]:
    return {"Project": "glimpse", "Environment": stage, "ManagedBy": "terraform"}


def tag_list(stage: str, name: str = "", upper: bool = True) -> list[dict[str, str]]:
    """Tags as most services take them; `upper` False for those that write key and value."""
    found = {"Name": name} | tags(stage) if name else tags(stage)
    key, value = ("Key", "Value") if upper else ("key", "value")
    return [{key: k, value: v} for k, v in found.items()]


def tag_specification(kind: str, stage: str, name: str) -> list[dict[str, Any]]:
    """Tags as EC2 takes them on creation."""
    return [{"ResourceType": kind, "Tags": tag_list(stage, named(stage, name))}]
