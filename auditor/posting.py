"""Sending to a host over HTTPS: tried again while it is busy, no redirect followed, and nothing sent in clear.

The address may be a secret itself (a webhook's path is one), so no message of an error holds more of it than the host.
"""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import Any, TypeVar
from urllib.parse import urlsplit

from auditor import __version__

TRIES = 5
SECONDS = 30
_LONGEST = 60.0  # seconds: what a host asks us to wait at most for
_LOCAL = ("localhost", "127.0.0.1", "::1")
_ANSWER = 20_000_000

T = TypeVar("T")


class NotSent(Exception):
    """The host did not take it; the message says why."""


class Refused(NotSent):
    """The host answered, and not with success."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__(f"the host answered {code}")
        self.code, self.said = code, said


class _Still(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: what is sent is for the named host alone."""

    def redirect_request(self, *args: Any, **named: Any) -> None:
        return None


@dataclass(slots=True)
class Post:
    """How hosts are asked: how often, how long one answer may take, and how one waits between tries."""

    wait: Callable[[float], None] = time.sleep
    tries: int = TRIES
    seconds: float = SECONDS
    _opener: urllib.request.OpenerDirector = field(default_factory=lambda: urllib.request.build_opener(_Still()))

    def send(
        self, method: str, url: str, data: bytes | None, headers: Mapping[str, str], read: Callable[[bytes], T]
    ) -> T:
        """What `read` makes of the answer; where it cannot (a ValueError), the host is asked again."""
        request = _request(method, url, data, headers)
        for tried in range(1, self.tries + 1):
            try:
                with self._opener.open(request, timeout=self.seconds) as answer:
                    return read(answer.read(_ANSWER))
            except urllib.error.HTTPError as error:
                said = error.read(10_000).decode("utf-8", "replace")
                pause = _pause(error.code, error.headers, said, tried)
                if pause is None or tried == self.tries:
                    raise Refused(error.code, said) from error
            except (OSError, ValueError, http.client.HTTPException) as error:
                if tried == self.tries:
                    raise NotSent(f"{urlsplit(url).hostname} did not answer: {error}") from error
                pause = float(2 ** (tried - 1))
            self.wait(pause)
        raise AssertionError("the last try returns or raises")


def _request(method: str, url: str, data: bytes | None, headers: Mapping[str, str]) -> urllib.request.Request:
    try:
        parts = urlsplit(url)
        host = parts.hostname
        if host and not any(each.isspace() or not each.isprintable() for each in url):
            if parts.scheme != "https" and host not in _LOCAL:
                raise NotSent(f"the address at {host} is not an https address, so nothing is sent there")
            known = {"Content-Type": "application/json", "User-Agent": f"auditor/{__version__}", **headers}
            if parts.scheme in ("https", "http"):
                return urllib.request.Request(url, data, known, method=method)  # noqa: S310  https or this machine
    except ValueError:
        pass
    raise NotSent("the address is not a URL")


def _pause(code: int, headers: Message, said: str, tried: int) -> float | None:
    """How long to wait before the next try; nothing where another try changes nothing."""
    limited = code == 403 and ("rate limit" in said.lower() or headers.get("x-ratelimit-remaining") == "0")
    if code < 500 and code != 429 and not limited:
        return None
    asked = headers.get("retry-after", "")
    return min(float(asked), _LONGEST) if asked.isdecimal() else float(2 ** (tried - 1))
