"""A run's record as one file: gzipped JSON lines, the same record giving the same bytes.

The first line holds what is small (versions, scan, summary), so that a history of many runs is read without reading
the runs; each item of a list has a line of its own; the last line counts the others, so that a file that was
cut short is known for one.
"""

from __future__ import annotations

import copy
import datetime as dt
import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

FORMAT = "auditor-run/1"
SUFFIX = ".jsonl.gz"
_LARGEST = 2_000_000_000

Record = dict[str, Any]


class BadBundle(Exception):
    """A file that is no bundle, or a damaged one; the message names it."""


def run_id(record: Mapping[str, Any]) -> str:
    """The time at which the run finished and a digest of what it found: sortable by eye and by name."""
    scan = record["scan"]
    moment = dt.datetime.fromisoformat(str(scan["finished"])).astimezone(dt.UTC)
    anonymous = {**record, "scan": {**scan, "id": ""}}
    short = hashlib.sha256(_line(anonymous).encode()).hexdigest()[:8]
    return f"{moment:%Y%m%dT%H%M%S}{moment.microsecond // 1000:03}Z-{short}"


def to_bytes(record: Mapping[str, Any]) -> bytes:
    small, lists = _apart(record)
    counts = {name: len(items) for name, items in lists.items()}
    lines = [_line({"format": FORMAT, "lists": counts, "record": small})]
    lines += [_line({"of": name, "item": item}) for name in sorted(lists) for item in lists[name]]
    lines.append(_line({"end": len(lines)}))
    return gzip.compress(("\n".join(lines) + "\n").encode(), mtime=0)


def whole(stream: BinaryIO, path: str) -> Record:
    """The record of a bundle, whole, or BadBundle, which names it by its path."""
    lines = list(_lines(stream, path))
    head = _head(path, lines[0] if lines else "")
    record: Record = head["record"]
    lists: dict[str, list[Any]] = {name: [] for name in head["lists"]}
    try:
        for line in lines[1:-1]:
            entry = json.loads(line)
            lists[entry["of"]].append(entry["item"])
        whole = json.loads(lines[-1]) == {"end": len(lines) - 1}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadBundle(f"{path}: damaged: {error!r}") from error
    if not whole or {name: len(items) for name, items in lists.items()} != head["lists"]:
        raise BadBundle(f"{path}: damaged: it is incomplete")
    for name, items in lists.items():
        outer, _, inner = name.partition(".")
        holder = record.get(outer) if inner else record
        if not isinstance(holder, dict):
            raise BadBundle(f"{path}: damaged: {outer} is not an object")
        holder[inner or outer] = items
    return record


def head_of(stream: BinaryIO, path: str) -> Record:
    """The small part of a record, without reading the rest."""
    head: Record = _head(path, next(_lines(stream, path), ""))["record"]
    return head


_LISTS = ("accounts", "regions", "types", "rules", "baselines")


def comparable(path: str, record: Record) -> Record:
    """The record, where everything that runs are compared by has the shape that they are compared by."""
    scan, coverage = record.get("scan"), record.get("coverage", {})
    if not isinstance(scan, dict) or not isinstance(scan.get("id", ""), str):
        raise BadBundle(f"{path}: damaged: it has no valid `scan`")
    lists = [(f"scan.{name}", scan.get(name, [])) for name in _LISTS]
    lists += [(name, record.get(name, [])) for name in ("findings", "carried", "mended", "promises")]
    lists += [("coverage.gaps", coverage.get("gaps", []) if isinstance(coverage, dict) else None)]
    for name, value in lists:
        if not isinstance(value, list):
            raise BadBundle(f"{path}: damaged: {name} is not a list")
    for finding in [*record.get("findings", []), *record.get("carried", [])]:
        if not isinstance(finding, dict) or not isinstance(finding.get("resource", {}), dict):
            raise BadBundle(f"{path}: damaged: a finding is not an object")
    return record


def _apart(record: Mapping[str, Any]) -> tuple[Record, dict[str, list[Any]]]:
    """Lists of objects, on top or one level down, apart from everything else."""
    small: Record = {}
    lists: dict[str, list[Any]] = {}
    for name, value in record.items():
        if isinstance(value, list):
            lists[name] = value
        elif isinstance(value, dict):
            inner = {f"{name}.{key}": each for key, each in value.items() if key and _objects(each)}
            lists |= inner
            small[name] = {key: copy.deepcopy(each) for key, each in value.items() if f"{name}.{key}" not in inner}
        else:
            small[name] = value
    return small, lists


def _objects(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, dict) for each in value)


def _lines(stream: BinaryIO, path: str) -> Iterator[str]:
    total = 0
    try:
        with gzip.open(stream, "rt", encoding="utf-8", newline="\n") as text:
            for line in text:
                total += len(line)
                if total > _LARGEST:
                    raise BadBundle(f"{path}: larger than {_LARGEST:,} characters when unpacked")
                yield line
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise BadBundle(f"{path}: damaged: {error}") from error


def _head(path: str, line: str) -> Record:
    try:
        head = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadBundle(f"{path}: damaged: {error}") from error
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise BadBundle(f"{path}: not a run of this version ({FORMAT})")
    if not isinstance(head.get("lists"), dict) or not isinstance(head.get("record"), dict):
        raise BadBundle(f"{path}: damaged: its first line is not a header")
    return head


def _line(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
