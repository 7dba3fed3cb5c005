"""Properties of an API that its definition (OpenAPI), which nobody reads, may say instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from auditor.model import ABSENT, Json
from auditor.resources.terraform import shaped, wanted

# How `sources/references.py` spells a value that nobody can know.
_BODY = "${? the definition of the API may set it}"
_BODIES = ("Body", "BodyS3Location", "CloneFrom", "body")


def in_template(name: str) -> Callable[[Mapping[str, Json]], Json]:
    """A property of an API; where a definition stands beside it, that may say what the property does not."""
    return lambda values: values.get(name, _BODY if any(values.get(each) for each in _BODIES) else ABSENT)


def in_terraform(
    name: str, attribute: str, cfn: str = "AWS::ApiGateway::RestApi"
) -> Callable[[Mapping[str, Json]], Json]:
    def read(values: Mapping[str, Json]) -> Json:
        found = shaped(values.get(attribute), wanted(cfn, name))
        return _BODY if found in (ABSENT, []) and values.get("body") else found

    return read
