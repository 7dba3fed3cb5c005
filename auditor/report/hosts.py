"""The comment of a gate at a host of pull requests: found again by its hidden mark, and written anew in its place.

Only a comment of our own is ever changed: whoever opens a pull request can write the mark too, and would otherwise own
the comment that says what their change brings. The token goes to the one address that was named; no redirect is
followed with it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from auditor.posting import NotSent, Post, Refused
from auditor.report import Options, fenced, gated
from auditor.report.comment import comment, mark
from auditor.report.marked import plain

Record = Mapping[str, Any]
_PAGES = 50


class NotPosted(Exception):
    """The host did not take it; the message says why, and what to do."""


@dataclass(slots=True)
class Host:
    """An API: its address, how it is told who asks, and how long is waited between tries."""

    api: str
    headers: Mapping[str, str]
    wait: Callable[[float], None] = time.sleep

    def ask(self, method: str, path: str, body: Record | None = None) -> Any:
        """The answer of a request, tried again while the host is busy."""
        data = json.dumps(body).encode() if body is not None else None
        try:
            return Post(self.wait).send(method, self.api.rstrip("/") + path, data, self.headers, _read)
        except Refused as error:
            raise NotPosted(_why(error.code, error.said)) from error
        except NotSent as error:
            raise NotPosted(str(error)) from error

    def pages(self, path: str) -> Iterator[dict[str, Any]]:
        """Every entry of a list."""
        for page in range(1, _PAGES + 1):
            found = self.ask("GET", f"{path}?per_page=100&page={page}")
            if not isinstance(found, list):
                return
            yield from (each for each in found if isinstance(each, dict))
            if len(found) < 100:
                return


def _read(text: bytes) -> Any:
    return json.loads(text) if text.strip() else {}


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
