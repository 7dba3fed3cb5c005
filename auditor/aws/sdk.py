"""Which members of an answer the SDK in use knows: botocore drops in silence what its model of a service lacks.

Only an SDK older than `complete` says is asked, for its models take a while to load.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

# The oldest botocore that knows every member that a row reads. A row that reads a newer one raises it.
COMPLETE = (1, 35, 49)
# The same for services of which rows read newer members: regional NAT gateways, VPC Block Public Access.
NEWER = {"ec2": (1, 44, 5)}


def lacks(service: str, operation: str, names: Iterable[str]) -> bool:
    """Whether the SDK in use does not know all of the members named, so that an answer without them says nothing."""
    if version() >= complete(service):
        return False
    known = members(service, operation)
    return known is not None and not known.issuperset(names)


def complete(service: str) -> tuple[int, ...]:
    """The oldest botocore that knows every member that rows read of a service's answers."""
    return max(COMPLETE, NEWER.get(service, ()))


def version() -> tuple[int, ...]:
    """The version of the botocore in use."""
    import botocore

    return tuple(int(part) for part in botocore.__version__.split(".")[:3])


@cache
def members(service: str, operation: str) -> frozenset[str] | None:
    """The names of all members anywhere in an operation's answer; None where any name may stand in it (a map).

    An operation that the SDK lacks altogether answers nothing, and is a failed call rather than a missing member.
    """
    from botocore import xform_name

    model = _model(service)
    names = {xform_name(name): name for name in model.operation_names}
    shape = model.operation_model(names[operation]).output_shape if operation in names else None
    if shape is None:
        return None
    found: set[str] = set()
    return frozenset(found) if all(_walk(shape, found, set())) else None


@cache
def _model(service: str) -> Any:
    import botocore.session

    return botocore.session.get_session().get_service_model(service)


def _walk(shape: Any, found: set[str], seen: set[str]) -> Iterator[bool]:
    """Collect the members of a shape and of what stands in it; false where a map stands."""
    if shape.name in seen:
        return
    seen.add(shape.name)
    if shape.type_name == "map":
        yield False
    elif shape.type_name == "list":
        yield from _walk(shape.member, found, seen)
    elif shape.type_name == "structure":
        found.update(shape.members)
        for inner in shape.members.values():
            yield from _walk(inner, found, seen)
