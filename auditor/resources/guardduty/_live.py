"""Answers of GuardDuty in CloudFormation's shape."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from auditor.model import Json


def detectors(value: Json) -> Iterable[Mapping[str, Json]]:
    return [{"id": each} for each in value or ()]
