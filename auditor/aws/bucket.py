"""Files in an S3 bucket that are only ever added: what a store of runs needs of S3, and no more.

A file is put with `If-None-Match: *`, so that of two writers one is refused and nothing is ever overwritten. (The older
SDK knows no `If-Match`.) Whatever fails becomes an `OSError`, as with a folder, with the IAM action that is missing.
The credentials are those of the environment: the account that is read is often not the one that keeps.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast

_DENIED = {"AccessDenied", "403", "AllAccessDisabled", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken"}
_ABSENT = {"NoSuchKey", "404"}
_THERE, _AGAIN = ("PreconditionFailed", "412"), "ConditionalRequestConflict"
_CONFLICTS = 5  # how often S3 may ask to put again because another writer is at the same key just now


@dataclass(slots=True)
class Bucket:
    """A bucket, and what the names of all its files here begin with."""

    name: str
    prefix: str = ""
    _client: Any = field(default=None, repr=False)

    def __str__(self) -> str:
        return f"s3://{self.name}/{self.prefix}".removesuffix("/")

    def names(self, room: str) -> list[str]:
        """The names of the files in a room, without the room."""
        start = self._key(f"{room}/")
        with self._told("s3:ListBucket"):
            pages = self._open().get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=start)
            found = [row["Key"].removeprefix(start) for page in pages for row in page.get("Contents", ())]
        return [each for each in found if each and "/" not in each]

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """A file to read, from its beginning on."""
        with self._told("s3:GetObject", name):
            body = self._open().get_object(Bucket=self.name, Key=self._key(name))["Body"]
        with self._told("s3:GetObject", name), closing(body):
            yield cast(BinaryIO, body)

    def add(self, name: str, data: bytes) -> bool:
        """Put a file that is not there yet. False where the same is there, FileExistsError where another one is."""
        import botocore.exceptions as boto

        for _ in range(_CONFLICTS):
            try:
                with self._told("s3:PutObject", name, passed=(*_THERE, _AGAIN)):
                    self._open().put_object(Bucket=self.name, Key=self._key(name), Body=data, IfNoneMatch="*",
                                            ChecksumAlgorithm="SHA256")  # fmt: skip
                return True
            except boto.ClientError as error:
                if _code(error) == _AGAIN:
                    continue
            # A put whose answer was lost is made again by the SDK, and then finds what it wrote itself.
            with self.open(name) as there:
                if there.read() == data:
                    return False
            raise FileExistsError(errno.EEXIST, "another file is there", self.where(name))
        raise OSError(errno.EAGAIN, "other writers were at the same file, again and again", self.where(name))

    def remove(self, name: str) -> None:
        """Take a file away; one that is not there is no error."""
        with self._told("s3:DeleteObject", name):
            self._open().delete_object(Bucket=self.name, Key=self._key(name))

    def where(self, name: str) -> str:
        return f"{self}/{name}"

    def _key(self, name: str) -> str:
        return f"{self.prefix}/{name}" if self.prefix else name

    def _open(self) -> Any:
        if self._client is None:
            import boto3
            from botocore.config import Config

            self._client = boto3.Session().client(
                "s3", config=Config(retries={"mode": "standard", "total_max_attempts": 5}, user_agent_extra="auditor")
            )
        return self._client

    @contextmanager
    def _told(self, action: str, name: str = "", passed: tuple[str, ...] = ()) -> Iterator[None]:
        """Failures as those of files, naming the file and what would cure them."""
        import botocore.exceptions as boto

        where = self.where(name) if name else str(self)
        try:
            yield
        except boto.ClientError as error:
            code = _code(error)
            if code in passed:
                raise
            if code in _ABSENT:
                raise FileNotFoundError(errno.ENOENT, "there is no such file", where) from error
            if code in _DENIED:
                words = f"{code}; allow {action} for the credentials of the environment (AWS_PROFILE)"
                raise PermissionError(errno.EACCES, words, where) from error
            if code == "NoSuchBucket":
                raise OSError(errno.ENXIO, "there is no such bucket", where) from error
            raise OSError(errno.EIO, f"{code}: {error.response['Error'].get('Message', '')}", where) from error
        except boto.BotoCoreError as error:
            raise OSError(errno.EIO, str(error), where) from error


def _code(error: Any) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
