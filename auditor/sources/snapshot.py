"""A saved inventory: the raw answers of a scan, redacted, as one file that reads like the account.

The file holds calls and not resources, so that a newer auditor reads more out of an old file, and so that
it doubles as a bug report. It has no clock in it: the same account gives the same bytes.
"""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from auditor.aws.replay import Replay
from auditor.aws.requests import Caller, Failure, Reply, Request
from auditor.model import Reason
from auditor.settings import write_private
from auditor.sources.live import Place

FORMAT = "auditor-inventory/1"
_MOST = 2_000_000_000


class BadSnapshot(Exception):
    """A file that is not a saved inventory, with what is wrong and where."""


@dataclass(slots=True)
class Recording:
    """A caller that passes requests on and keeps the answers."""

    caller: Caller
    kept: dict[Request, Reply]

    def ask(self, requests: Iterable[Request]) -> dict[Request, Reply]:
        replies = self.caller.ask(requests)
        self.kept.update(replies)
        return replies


def save(path: Path, place: Place, replies: dict[Request, Reply]) -> None:
    """Write the inventory whole or not at all, for its owner alone; a name that ends in `.gz` is compressed."""
    data = to_bytes(place, replies)
    write_private(path, gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)


def to_bytes(place: Place, replies: dict[Request, Reply]) -> bytes:
    """The inventory as a file has it."""
    lines = [json.dumps({"format": FORMAT, **_checked_head(place)}, sort_keys=True)]
    lines += [
        json.dumps(_checked_entry(request, replies[request]), sort_keys=True, ensure_ascii=False)
        for request in sorted(replies)
    ]
    return ("\n".join(lines) + "\n").encode()


def _checked_head(place: Place) -> dict[str, object]:
    return {
        "account": place.account,
        "partition": place.partition,
        "home": place.home,
        "regions": list(place.regions),
    }


def _checked_entry(request: Request, reply: Reply) -> dict[str, object]:
    entry: dict[str, object] = {
        "account": request.account,
        "region": request.region,
        "service": request.service,
        "operation": request.operation,
        "params": request.arguments,
    }
    if isinstance(reply, Failure):
        entry["failure"] = {"code": reply.code, "reason": reply.reason, "message": reply.message}
    else:
        entry["answer"] = reply
    return entry


def load(path: Path) -> tuple[Place, Replay]:
    """Read a saved inventory back; every fault names the file and the line."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadSnapshot(f"{path}: cannot be read: {error}") from error
    return from_bytes(data, str(path))


def from_bytes(data: bytes, path: str) -> tuple[Place, Replay]:
    """The inventory of a file of that name."""
    try:
        # Only the line feed ends a line: names and descriptions may hold U+2028 and the like.
        lines = _unpacked(data, path).removesuffix("\n").split("\n")
        head = json.loads(lines[0])
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise BadSnapshot(f"{path}: cannot be read: {error}") from error
    except RecursionError as error:
        raise BadSnapshot(f"{path}:1: nested too deeply") from error
    except ValueError as error:
        raise BadSnapshot(f"{path}:1: not a saved inventory: {error}") from error
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise BadSnapshot(
            f"{path}:1: not a saved inventory of this version ({FORMAT}); write one with `auditor scan -o FILE`"
        )
    place = _place(path, head)
    replies: dict[Request, Reply] = {}
    for number, line in enumerate(lines[1:], start=2):
        try:
            request, reply = _parse(json.loads(line))
        except RecursionError as error:
            raise BadSnapshot(f"{path}:{number}: nested too deeply") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadSnapshot(f"{path}:{number}: not a recorded call: {error!r}") from error
        replies[request] = reply
    return place, Replay(replies)


def _place(path: str, head: dict[str, Any]) -> Place:
    for name, shape in (("account", str), ("partition", str), ("home", str), ("regions", list)):
        if name not in head:
            raise BadSnapshot(f"{path}:1: the first line lacks {name!r}")
        if not isinstance(head[name], shape):
            raise BadSnapshot(f"{path}:1: {name} is not a {'string' if shape is str else 'list'}")
    if not all(isinstance(region, str) for region in head["regions"]):
        raise BadSnapshot(f"{path}:1: regions is not a list of names")
    return Place(head["account"], head["partition"], head["home"], tuple(head["regions"]))


def _unpacked(data: bytes, path: str) -> str:
    if data[:2] == b"\x1f\x8b":
        with gzip.open(io.BytesIO(data)) as stream:
            data = stream.read(_MOST + 1)
        if len(data) > _MOST:
            raise BadSnapshot(f"{path}: larger than {_MOST:,} bytes when unpacked")
    return data.decode()


def _parse(entry: dict[str, object]) -> tuple[Request, Reply]:
    params = entry["params"]
    if not isinstance(params, dict):
        raise TypeError("params is not an object")
    request = Request.of(
        str(entry["account"]), str(entry["region"]), str(entry["service"]), str(entry["operation"]), params
    )
    failed = entry.get("failure")
    if isinstance(failed, dict):
        if failed["reason"] not in get_args(Reason):
            raise ValueError(f"{failed['reason']!r} is not a known reason")
        return request, Failure(str(failed["code"]), failed["reason"], str(failed["message"]))
    if not isinstance(entry["answer"], dict):
        raise TypeError("answer is not an object")
    return request, entry["answer"]
