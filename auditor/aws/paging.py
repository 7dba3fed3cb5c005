"""All pages of an answer as one. botocore knows most operations' paging; where it does not, the answer itself tells.

CloudFront's lists of functions and policies carry a `NextMarker` and have no paginator: stopping after their first
page would be an inventory that looks whole and is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# The token in an answer, and the parameter by which the next page is asked for.
_TOKENS = {"NextMarker": "Marker", "NextToken": "NextToken", "nextToken": "nextToken"}


class Endless(Exception):
    """A service that hands out the same page again and again."""


def prepare(client: Any) -> None:
    """Read what botocore knows of a service's paging, before threads ask for it.

    Its cache of files is not made for threads: each would look through the folders of all services.
    """
    client.can_paginate(next(iter(client.meta.method_to_api_mapping)))


def whole(client: Any, operation: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Call an operation and read it to its end."""
    if client.can_paginate(operation):
        full: dict[str, Any] = client.get_paginator(operation).paginate(**arguments).build_full_result()
        return full
    answer: dict[str, Any] = getattr(client, operation)(**arguments)
    accepted = _parameters(client, operation)
    token, seen = _token(answer, accepted), set()
    while token:
        if token in seen:
            raise Endless(f"{operation} returned the same page twice")
        seen.add(token)
        page = getattr(client, operation)(**{**arguments, token[0]: token[1]})
        token = _token(page, accepted)
        answer = _joined(answer, page)
    return answer


def _parameters(client: Any, operation: str) -> set[str]:
    name = client.meta.method_to_api_mapping[operation]
    shape = client.meta.service_model.operation_model(name).input_shape
    return set(shape.members) if shape else set()


def _token(answer: Mapping[str, Any], accepted: set[str]) -> tuple[str, str] | None:
    """The parameter and value of the next page, at the top of an answer or inside its one list object."""
    for holder in (answer, *(value for value in answer.values() if isinstance(value, dict))):
        for given, asked in _TOKENS.items():
            if holder.get(given) and asked in accepted:
                return asked, str(holder[given])
    return None


def _joined(first: Any, more: Any) -> Any:
    """Two pages as one: lists follow each other, everything else is the later page's."""
    if isinstance(first, dict) and isinstance(more, dict):
        kept = {key: value for key, value in first.items() if key not in _TOKENS or key in more}
        return {**kept, **{key: _joined(first.get(key), value) for key, value in more.items()}}
    if isinstance(first, list) and isinstance(more, list):
        return first + more
    return more
