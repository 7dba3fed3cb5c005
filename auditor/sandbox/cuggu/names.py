"""How SST names and tags what it makes: app, stage, component, and a suffix of eight letters."""

from __future__ import annotations

import json
from typing import Any

APP, STAGE = "cuggu", "prod"
DOMAIN = "cuggu.com"
TAGS = {"sst:app": APP, "sst:stage": STAGE}


def named(component: str, suffix: str) -> str:
    """cuggu-prod-WebServer-kbxmtshn"""
    return f"{APP}-{STAGE}-{component}-{suffix}"


def tag_list(name: str = "", upper: bool = True) -> list[dict[str, str]]:
    """Tags as most services take them; `upper` False for those that write key and value."""
    tags = {"Name": name} | TAGS if name else dict(TAGS)
    key, value = ("Key", "Value") if upper else ("key", "value")
    return [{key: k, value: v} for k, v in tags.items()]


def tag_specification(kind: str, name: str) -> list[dict[str, Any]]:
    """Tags as EC2 takes them on creation."""
    return [{"ResourceType": kind, "Tags": tag_list(name)}]


def policy(*statements: dict[str, Any]) -> str:
    """A policy document of these statements, which are Allow unless they say otherwise."""
    full = [{"Effect": "Allow"} | statement for statement in statements]
    return json.dumps({"Version": "2012-10-17", "Statement": full})


def tls_only(bucket: str, sid: str) -> dict[str, Any]:
    """The statement of a bucket's policy that refuses requests over plain HTTP."""
    return {
        "Sid": sid,
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def trust(service: str, **condition: Any) -> str:
    """A role's trust in one service."""
    statement: dict[str, Any] = {"Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    if condition:
        statement["Condition"] = condition
    return policy(statement)
