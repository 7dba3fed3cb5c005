"""The comment of a gate at a host of pull requests: found again by its hidden mark, and written anew in its place.

Only a comment of our own is ever changed: whoever opens a pull request can write the mark too, and would otherwise own
the comment that says what their change brings. The token goes to the one address that was named; no redirect is
followed with it.
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import Any
from urllib.parse import quote, urlsplit

from auditor import __version__
from auditor.report import Options, fenced, gated
from auditor.report.comment import comment, mark
from auditor.report.marked import plain

Record = Mapping[str, Any]
_TRIES = 5
_LONGEST = 60.0  # seconds: what a host asks us to wait at most for
_PAGES = 50
_SECONDS = 30
_LOCAL = ("localhost", "127.0.0.1", "::1")


class NotPosted(Exception):
    """The host did not take it; the message says why, and what to do."""


class _Still(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: the token is for the named host alone."""

    def redirect_request(self, *args: Any, **named: Any) -> None:
        return None


@dataclass(slots=True)
class Host:
    """An API: its address, how it is told who asks, and how long is waited between tries."""

    api: str
    headers: Mapping[str, str]
    wait: Callable[[float], None] = time.sleep
    _opener: urllib.request.OpenerDirector = field(default_factory=lambda: urllib.request.build_opener(_Still()))

    def ask(self, method: str, path: str, body: Record | None = None) -> Any:
        """The answer of a request, tried again while the host is busy."""
        for tried in range(1, _TRIES + 1):
            try:
                return self._once(method, path, body)
            except urllib.error.HTTPError as error:
                said = error.read(10_000).decode("utf-8", "replace")
                pause = _pause(error.code, error.headers, said, tried)
                if pause is None or tried == _TRIES:
                    raise NotPosted(_why(error.code, said)) from error
            except (OSError, ValueError) as error:
                if tried == _TRIES:
                    raise NotPosted(f"{urlsplit(self.api).hostname} did not answer: {error}") from error
                pause = float(2 ** (tried - 1))
            self.wait(pause)
        raise AssertionError("the last try returns or raises")

    def pages(self, path: str) -> Iterator[dict[str, Any]]:
        """Every entry of a list."""
        for page in range(1, _PAGES + 1):
            found = self.ask("GET", f"{path}?per_page=100&page={page}")
            if not isinstance(found, list):
                return
            yield from (each for each in found if isinstance(each, dict))
            if len(found) < 100:
                return

    def _once(self, method: str, path: str, body: Record | None) -> Any:
        parts = urlsplit(self.api)
        if parts.scheme != "https" and parts.hostname not in _LOCAL:
            raise NotPosted(f"{self.api} is not an https address, so the token is not sent there")
        data = json.dumps(body).encode() if body is not None else None
        headers = {"Content-Type": "application/json", "User-Agent": f"auditor/{__version__}", **self.headers}
        request = urllib.request.Request(self.api.rstrip("/") + path, data, headers, method=method)  # noqa: S310  above
        with self._opener.open(request, timeout=_SECONDS) as answer:
            text = answer.read(20_000_000)
            return json.loads(text) if text.strip() else {}


def _pause(code: int, headers: Message, said: str, tried: int) -> float | None:
    """How long to wait before the next try; nothing where another try changes nothing."""
    limited = code == 403 and ("rate limit" in said.lower() or headers.get("x-ratelimit-remaining") == "0")
    if code < 500 and code != 429 and not limited:
        return None
    asked = headers.get("retry-after", "")
    return min(float(asked), _LONGEST) if asked.isdecimal() else float(2 ** (tried - 1))


def _why(code: int, said: str) -> str:
    try:
        told = json.loads(said)
        message = str(told.get("message") or told.get("error") or "")[:300] if isinstance(told, dict) else ""
    except ValueError:
        message = ""
    cure = {
        401: "; the token is not valid",
        403: "; the token may not write here (a pull request of a fork gets a token that only reads)",
        404: "; there is no such pull request, or the token may not see it",
        422: "; the host refuses its content",
    }.get(code, "")
    return f"the host answered {code}{f' ({message})' if message else ''}{cure}"


# ---- the two hosts


def post_to_github(run: Record, host: Host, repository: str, number: str, suggest: bool = False) -> str:
    """Write the comment on a pull request, and the suggestions at its lines; says what was done."""
    where = f"/repos/{quote(repository, safe='/')}"
    mine = _own_on_github(host)
    path = f"{where}/issues/{number}/comments"
    old = _found(host.pages(path), mark(run), mine)
    body = {"body": comment(run, Options())}
    if old is None:
        host.ask("POST", path, body)
    else:
        host.ask("PATCH", f"{where}/issues/comments/{old}", body)
    done = "wrote the comment" if old is None else "updated the comment"
    return done + (_suggest(run, host, f"{where}/pulls/{number}", mine) if suggest else "")


def post_to_gitlab(run: Record, host: Host, project: str, number: str) -> str:
    """Write the note on a merge request; says what was done."""
    me = host.ask("GET", "/user")
    name = me.get("username") if isinstance(me, dict) else None
    path = f"/projects/{quote(project, safe='')}/merge_requests/{number}/notes"
    old = _found(
        host.pages(path), mark(run), lambda note: bool(name) and (note.get("author") or {}).get("username") == name
    )
    body = {"body": comment(run, Options())}
    if old is None:
        host.ask("POST", path, body)
        return "wrote the comment"
    host.ask("PUT", f"{path}/{old}", body)
    return "updated the comment"


def _found(entries: Iterator[dict[str, Any]], wanted: str, mine: Callable[[Record], bool]) -> int | None:
    """The number of our own earlier comment."""
    for each in entries:
        if str(each.get("body") or "").startswith(wanted) and mine(each) and isinstance(each.get("id"), int):
            return int(each["id"])
    return None


def _own_on_github(host: Host) -> Callable[[Record], bool]:
    """Whether a comment is ours: of the token's user, or, where the token is of a workflow and has none, of a bot."""
    try:
        login = (host.ask("GET", "/user") or {}).get("login")
    except NotPosted:
        login = None
    if login:
        return lambda each: (each.get("user") or {}).get("login") == login
    return lambda each: (each.get("user") or {}).get("type") == "Bot"


def _suggest(run: Record, host: Host, pull: str, mine: Callable[[Record], bool]) -> str:
    """One review with the lines that would mend findings; what was suggested before is not suggested again."""
    before = [str(each.get("body") or "") for each in host.pages(f"{pull}/comments") if mine(each)]
    comments = []
    for found in run["findings"]:
        edit, sign = found.get("edit"), f"<!-- auditor-fix:{found['id']} -->"
        if edit and edit["in_diff"] and not any(each.startswith(sign) for each in before):
            title = f"{plain(found['title'])} ({plain(found['check'])}, {plain(gated.at(found))})"
            said = f"{sign}\n{title}\n\n{fenced.mending(found)}"
            comments.append({"path": edit["file"], "line": edit["line"], "side": "RIGHT", "body": said})
    if not comments:
        return ""
    host.ask("POST", f"{pull}/reviews", {"event": "COMMENT", "comments": comments[:30]})
    return f", suggested {len(comments[:30])} line{'s' if len(comments) > 1 else ''}"
