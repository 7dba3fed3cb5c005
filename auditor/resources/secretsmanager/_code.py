"""Secrets in Terraform."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import Json
from auditor.resources.terraform import camel, first


def rotation(values: Mapping[str, Json]) -> Json:
    """When a secret is renewed."""
    return camel(first(values.get("rotation_rules")) or {}) or None
