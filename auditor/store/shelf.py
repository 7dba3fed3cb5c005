"""Where files of a store lie: a folder, or a bucket of S3. Both add whole files and never overwrite one."""

from __future__ import annotations

import errno
import os
import re
import tempfile
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from auditor.settings import private_folder

REMOTE = "s3://"
_BUCKET = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(.*))?")


class Shelf(Protocol):
    """Files by name, in rooms: `runs/ID.jsonl.gz`."""

    def names(self, room: str) -> list[str]: ...

    def open(self, name: str) -> AbstractContextManager[BinaryIO]: ...

    def add(self, name: str, data: bytes) -> bool:
        """Write a file whole or not at all. False where the same is there, FileExistsError where another one is."""

    def remove(self, name: str) -> None: ...

    def where(self, name: str) -> str:
        """A file as people find it."""


def is_remote(place: object) -> bool:
    return str(place).startswith(REMOTE)


def shelf_of(place: Path | str) -> Shelf:
    """The shelf at a path or at `s3://bucket/prefix`; ValueError where it is neither."""
    if not is_remote(place):
        return Folder(Path(place))
    from auditor.aws.bucket import Bucket

    found = _BUCKET.fullmatch(str(place))
    if not found:
        raise ValueError(f"{place} names no bucket; write it like s3://bucket/prefix")
    return Bucket(found[1], (found[2] or "").strip("/"))


@dataclass(frozen=True, slots=True)
class Folder:
    """Files in a folder of this machine, for its owner alone."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)

    def names(self, room: str) -> list[str]:
        folder = self.path / room
        return [each.name for each in folder.iterdir() if each.name[0] != "."] if folder.is_dir() else []

    def open(self, name: str) -> BinaryIO:
        return (self.path / name).open("rb")

    def add(self, name: str, data: bytes) -> bool:
        path = self.path / name
        private_folder(path.parent)
        return _write_once(path, data)

    def remove(self, name: str) -> None:
        (self.path / name).unlink(missing_ok=True)

    def where(self, name: str) -> str:
        return str(self.path / name)


def _write_once(path: Path, data: bytes) -> bool:
    """Write a file whole or not at all, and never over another: two processes may finish the same moment."""
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    new = True
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            if path.read_bytes() != data:
                raise
            new = False
        except OSError as error:
            # A file system without hard links: its rename overwrites, so the race is narrowed and not closed.
            if error.errno not in (errno.EPERM, errno.ENOTSUP) or path.exists():
                raise
            Path(draft).replace(path)
    finally:
        Path(draft).unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return new
