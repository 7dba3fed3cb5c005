"""The message in the form that each channel takes, and no longer than it takes.

Names are written by strangers: in Markdown they are escaped, in Slack and Teams they stand in elements that know no
markup, so that none of them becomes a link, a mention of a whole channel, or formatting.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from auditor.notify.message import Note, Part, fitted, parts, short, subject
from auditor.report import marked
from auditor.report.plain import clean

BLOCKS, BLOCK, HEADER = 50, 3_000, 150  # Slack's
TOPIC = 256 * 1024  # SNS: bytes of a message, its attributes among them
SUBJECT = 100
BODY = 256 * 1024  # ours, for webhooks and email: more is read by nobody
CARD = 26_000  # Teams takes 28 KB, with what it adds
_SAFE = 2_000


def markdown(found: list[Part]) -> str:
    lines: list[str] = []
    for part in found:
        head = f"{'#' * (part.level + 1)} {marked.plain(part.heading)}"
        lines += ["", head, ""] if part.heading else [""]
        lines += [f"- {marked.plain(each)}" if part.listed else f"{_numbered(each)}  " for each in part.lines]
    return _joined(lines)


def _joined(lines: list[str]) -> str:
    """The lines, with no two empty ones in a row."""
    return "\n".join(line for at, line in enumerate(lines) if line or (at and lines[at - 1])).strip() + "\n"


def _numbered(line: str) -> str:
    """`1. ` at the beginning is ours, and stays a number of a list."""
    number, dot, rest = line.partition(". ")
    return f"{number}. {marked.plain(rest)}" if dot and number.isdecimal() else marked.plain(line)


def text(found: list[Part]) -> str:
    """For people whose program shows no markup."""
    lines: list[str] = []
    for part in found:
        lines += ["", f"{'  ' * max(part.level - 2, 0)}{clean(part.heading)}"] if part.heading else [""]
        before = "  - " if part.listed else "  " if part.level > 1 and part.heading else ""
        lines += [before + clean(each) for each in part.lines]
    return _joined(lines)


def _bytes(value: Any) -> int:
    return len(value.encode() if isinstance(value, str) else json.dumps(value).encode())


# ---- SNS and email


def topic(told: Note) -> dict[str, str]:
    """Subject and message of an SNS topic: plain text for email, Markdown for what else is subscribed."""

    def form(found: list[Part]) -> str:
        both = {"default": markdown(found), "email": text(found)}
        return json.dumps({**both, "sms": short(subject(told), 140)}, ensure_ascii=False)

    line = subject(told).encode("ascii", "replace").decode()
    return {"Subject": short(line, SUBJECT).replace("…", "."), "Message": fitted(told, form, _within(TOPIC))}


def email(told: Note) -> dict[str, str]:
    return {"Subject": short(subject(told), 200), "Text": fitted(told, text, _within(BODY))}


def _within(most: int) -> Any:
    return lambda value: _bytes(value) <= most - _SAFE


# ---- webhooks


def webhook(told: Note) -> bytes:
    """What a program reads: every change that fits as data, and the whole as Markdown."""
    kept = len(told.changes)
    while True:
        body = {
            "id": told.id, "run": told.run, "verdict": told.state, "headline": clean(told.headline),
            "tally": clean(told.tally), "changes": [_data(each.told) for each in told.changes[:kept]],
            "left_out": len(told.changes) - kept, "text": markdown(parts(told, told.changes[:kept])),
        }  # fmt: skip
        data = json.dumps(body).encode()
        if len(data) <= BODY or not kept:
            return data
        kept = min(kept - 1, kept * BODY // len(data))


def _data(told: dict[str, Any]) -> dict[str, Any]:
    names = ("kind", "text", "system", "severity", "check", "account", "region", "to_do")
    return {"id": clean(told["about"]), **{name: short(told[name], 1_000) for name in names}}


def slack(told: Note) -> dict[str, Any]:
    """Blocks of text without markup; the text beside them is what a telephone shows."""
    return {
        "text": _entities(short(subject(told))),
        **fitted(told, _blocks, lambda body: len(body["blocks"]) <= BLOCKS),
    }


def _blocks(found: list[Part]) -> dict[str, Any]:
    first, *rest = found
    out = [{"type": "header", "text": _slack_text(_cut(_entities(clean(first.heading)), HEADER))}]
    chunks = _chunks([list(first.lines), *map(_slack_lines, rest)])
    return {"blocks": [*out, *({"type": "section", "text": _slack_text(each)} for each in chunks)]}


def _slack_text(words: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": words, "emoji": False}


def _slack_lines(part: Part) -> list[str]:
    heading = [("" if part.level > 2 else "\n") + part.heading] if part.heading else [""]
    return [*heading, *(f"• {each}" if part.listed else each for each in part.lines)]


def _chunks(groups: list[list[str]]) -> Iterator[str]:
    """The lines in as few texts as hold them; a line is never cut in two."""
    room, lines = BLOCK, list[str]()
    for line in (line for group in groups for line in group):
        said = _cut("\n".join(_entities(clean(each)) for each in line.split("\n")), BLOCK - 1)
        if lines and _units(said) + 1 > room:
            yield "\n".join(lines)
            room, lines = BLOCK, []
        room -= _units(said) + 1
        lines.append(said)
    yield "\n".join(lines)


def _entities(said: str) -> str:
    return said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _cut(said: str, most: int) -> str:
    """An escaped text of at most so many characters, which ends inside of no entity."""
    if _units(said) <= most:
        return said
    whole = said.encode("utf-16-le")[: 2 * (most - 1)].decode("utf-16-le", "ignore")
    at = whole.rfind("&")
    return (whole[:at] if at > len(whole) - 6 and ";" not in whole[at:] else whole) + "…"


def _units(said: str) -> int:
    """How long a text is for Slack, for which a picture outside of the first plane is two."""
    return len(said.encode("utf-16-le")) // 2


def teams(told: Note) -> bytes:
    """An adaptive card, as the workflows of Microsoft Teams take it."""
    return fitted(told, lambda found: json.dumps(_card(found)).encode(), lambda data: len(data) <= CARD)


def _card(found: list[Part]) -> dict[str, Any]:
    body: list[dict[str, Any]] = []
    for part in found:
        if part.heading:
            size = {1: "Large", 2: "Medium"}.get(part.level, "Default")
            body.append(_runs([{"type": "TextRun", "text": clean(part.heading), "weight": "Bolder", "size": size}]))
        lines = [clean(f"• {each}" if part.listed else each) for each in part.lines]
        body += [_runs([{"type": "TextRun", "text": each}]) for each in lines]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard", "version": "1.4", "body": body,
    }  # fmt: skip
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "contentUrl": None, "content": card}]}


def _runs(inlines: list[dict[str, str]]) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": inlines}
