"""The templates that a team deploys, as plain values."""

from __future__ import annotations

from typing import Any

import yaml

from tests.test_structure import ROOT

ROLES = {"AuditorAccount": "444455556666", "ExternalId": "a-long-text-of-your-own"}
NIGHT = {
    "Vpc": "vpc-0a1b2c3d", "Subnets": "subnet-0a1b2c3d", "ReadRoles": "arn:aws:iam::444455556666:role/auditor-read",
    "ExternalId": "a-long-text-of-your-own", "Mail": "team@example.com", "Baselines": "cuggu",
}  # fmt: skip
TEMPLATES = {
    "deploy/roles/read.yaml": ROLES,
    "deploy/roles/fix.yaml": ROLES,
    "deploy/nightly/nightly.yaml": NIGHT,
}


class _Loader(yaml.SafeLoader):
    """CloudFormation's short forms stay beside their values."""


_Loader.add_multi_constructor("!", lambda loader, tag, node: {tag: _value(loader, node)})


def _value(loader: Any, node: Any) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    return loader.construct_sequence(node, deep=True)


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def template(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(text(name), _Loader)
    return found


def of_type(name: str, cfn: str) -> dict[str, dict[str, Any]]:
    return {key: each for key, each in template(name)["Resources"].items() if each["Type"] == cfn}
