"""The IAM actions that there are, by AWS's Service Authorization Reference; `tools/distil_actions.py` writes them."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import cache
from importlib import resources


def spelt(action: str) -> str:
    """The action as AWS writes it (IAM reads actions without regard to case); empty where there is none."""
    service, _, name = action.partition(":")
    found = _by_service().get(service.lower(), {}).get(name.lower(), "")
    return f"{service.lower()}:{found}" if found else ""


def nearest(action: str) -> str:
    """The action that may be meant: one of that name in another service, else the nearest name of the service."""
    service, _, name = action.lower().partition(":")
    services = _by_service()
    if service not in services:
        same = [each for each, actions in services.items() if name in actions]
        near = difflib.get_close_matches(service, same or list(services), 1, 0.0)
        service = near[0]
    actions = services[service]
    name = name if name in actions else difflib.get_close_matches(name, list(actions), 1, 0.0)[0]
    return f"{service}:{actions[name]}"


@cache
def _by_service() -> Mapping[str, Mapping[str, str]]:
    """Service -> the name in lower case -> the name."""
    text = (resources.files("auditor.resources") / "actions.txt").read_text(encoding="utf-8")
    lines = (line.split() for line in text.splitlines() if not line.startswith("#"))
    return {service: {name.lower(): name for name in names} for service, *names in lines}
