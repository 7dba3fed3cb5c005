"""A file's value as a model: all that does not fit is told at its place, with what would."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError

from auditor.checks.schema import Model
from auditor.checks.yaml import Document, Place, suggest
from auditor.model import Json

M = TypeVar("M", bound=Model)
_EXAMPLES = {
    "lines": "like 94 or 92-95, 142", "count": "like 1, 2+ or 0-1", "regions": "like eu-west-1",
    "account": 'like "123456789012"',
    "to": "like arn:aws:sns:REGION:ACCOUNT:TOPIC, slack:env:NAME, webhook:ARN-OF-A-SECRET or mailto:ADDRESS",
    "key": "like env:NAME or the ARN of a secret", "sender": "like auditor@example.com", "region": "like eu-west-1",
    "tags": "like team=web",
}  # fmt: skip


def fit(document: Document, model: type[M], known: Mapping[str, Json]) -> M | None:
    """The file as a model, with what its place says (`known`); all that does not fit is noted in the document."""
    if not isinstance(document.value, dict):
        if document.value is not None:
            document.wrong((), "must be a mapping of fields")
        return None
    for name in set(known) & set(document.value):
        document.wrong((name,), "is set by the path of the file; remove this line", key=True)
    try:
        return model.model_validate({**document.value, **known})
    except ValidationError as error:
        for each in error.errors(include_url=False):
            place = tuple(each["loc"])
            unknown = each["type"] == "extra_forbidden"
            document.wrong(place, _cure(model, place, each, set(known)), key=unknown)
        return None


def _cure(model: type[Model], place: Place, error: Any, hidden: set[str]) -> str:
    kind, given = error["type"], error["input"]
    if kind == "missing":
        words = _fields(_at(model, place[:-1])).get(str(place[-1]))
        return f"is required{': ' + words.description if words and words.description else ''}; add it"
    if kind == "extra_forbidden":
        return f"is not a field{suggest(place[-1], set(_fields(_at(model, place[:-1]))) - hidden)}"
    if kind == "literal_error":
        return f"must be {error['ctx']['expected']}, not {given!r}"
    if kind == "string_pattern_mismatch":
        field = next((each for each in reversed(place) if isinstance(each, str)), "")
        return f"{given!r} is not understood; write it {_EXAMPLES.get(field, 'differently')}"
    if kind == "too_short":
        return "must not be empty; add at least one"
    wanted = {
        "string_type": "text; put it in quotes", "dict_type": "a mapping", "model_type": "a mapping of fields",
        "model_attributes_type": "a mapping of fields", "tuple_type": "a list", "int_type": "a whole number",
        "int_parsing": "a whole number", "bool_parsing": "true or false", "bool_type": "true or false",
        "float_parsing": "a number", "float_type": "a number",
    }.get(kind)  # fmt: skip
    return f"must be {wanted}" if wanted else str(error["msg"]).lower()


def _at(kind: Any, place: Place) -> Any:
    """The annotation at a place inside a model, looking through lists, mappings and optional values."""
    for step in place:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            found = _fields(kind).get(str(step))
            kind = found.annotation if found else None
        elif get_args(kind):
            kind = get_args(kind)[1 if get_origin(kind) is dict else 0]
        if get_origin(kind) is Annotated:
            kind = get_args(kind)[0]
        while get_origin(kind) is not None and type(None) in get_args(kind):
            kind = get_args(kind)[0]
    return kind


def _fields(kind: Any) -> dict[str, Any]:
    if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
        return {}
    return {row.alias or name: row for name, row in kind.model_fields.items()}
