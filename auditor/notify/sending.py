"""One notification to one channel. Whatever goes wrong is one exception with a reason that holds no secret."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from auditor.aws.requests import CallFailed, CannotConnect
from auditor.aws.session import Connection, connect
from auditor.config.channels import Channel
from auditor.notify import forms
from auditor.notify.message import Note
from auditor.posting import NotSent, Post, Refused
from auditor.report.plain import clean

TRIES, SECONDS = 4, 15.0  # a night waits seven seconds for a channel that is down, and not longer
_SAID = 200


class NotTold(Exception):
    """The channel did not take it; the message says why."""


@dataclass(slots=True)
class Ways:
    """How channels are reached: variables, HTTPS, and a session, which is opened when a channel first needs it.

    It has the credentials of the environment, as a bucket of runs has: those of the account that is read only read.
    """

    environ: Mapping[str, str]
    post: Post = field(default_factory=lambda: Post(tries=TRIES, seconds=SECONDS))
    now: Callable[[], float] = time.time
    open: Callable[[], Connection] = connect
    _connection: Connection | None = None

    def call(self, region: str, service: str, operation: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
        if self._connection is None:
            self._connection = self.open()
        answer: Mapping[str, Any] = self._connection.call(
            region or self._connection.region, service, operation, dict(params)
        )
        return answer

    def secret(self, place: str) -> str:
        """The text behind a secret's name."""
        if place.startswith("env:"):
            name = place.removeprefix("env:")
            found = self.environ.get(name, "").strip()
            if not found:
                raise NotTold(f"the variable {name} is empty; set it")
            return found
        answer = self.call(place.split(":")[3], "secretsmanager", "get_secret_value", {"SecretId": place})
        found = str(answer.get("SecretString") or "").strip()
        if not found:
            raise NotTold(f"the secret {place} holds no text; put it there as plain text")
        return found


def send(told: Note, channel: Channel, ways: Ways) -> str:
    """Send it; what the channel answered. NotTold where it did not take it."""
    secrets: list[str] = []
    try:
        return _SENDERS[channel.kind](told, channel, ways, secrets)
    except Refused as error:
        said = clean(" ".join(error.said.split()))[:_SAID]
        raise NotTold(without(f"it answered {error.code}{f' ({said})' if said else ''}", secrets)) from None
    except (NotSent, CallFailed, CannotConnect, NotTold) as error:
        raise NotTold(without(clean(str(error)), secrets)) from None
    except Exception as error:  # noqa: BLE001  a message that cannot be made keeps no other one from being sent
        raise NotTold(f"a defect of auditor, {type(error).__name__}; please report it") from None


def without(words: str, secrets: list[str]) -> str:
    """The words without a secret, and without any piece of an address that could be one."""
    pieces: set[str] = set()
    for each in secrets:
        pieces.add(each)
        try:
            parts = urlsplit(each)
        except ValueError:
            continue
        more = [parts.path, parts.query, parts.fragment, parts.username or "", parts.password or ""]
        pieces.update(more, *(part.replace("&", "/").replace("=", "/").split("/") for part in more))
    pieces |= {turn(each) for each in pieces for turn in (quote, unquote)}
    for piece in sorted((each for each in pieces if len(each) > 3), key=len, reverse=True):
        words = words.replace(piece, "…")
    return words


def _sns(told: Note, channel: Channel, ways: Ways, secrets: list[str]) -> str:
    params: dict[str, Any] = {
        "TopicArn": channel.to,
        "MessageStructure": "json",
        "MessageAttributes": {"auditor-id": {"DataType": "String", "StringValue": told.id}},
        **forms.topic(told),
    }
    if channel.to.endswith(".fifo"):
        params |= {"MessageGroupId": "auditor", "MessageDeduplicationId": told.id}
    answer = ways.call(channel.to.split(":")[3], "sns", "publish", params)
    return f"message {answer.get('MessageId')}"


def _email(told: Note, channel: Channel, ways: Ways, secrets: list[str]) -> str:
    said = forms.email(told)
    simple = {"Subject": _utf8(said["Subject"]), "Body": {"Text": _utf8(said["Text"])}}
    params = {
        "FromEmailAddress": channel.sender,
        "Destination": {"ToAddresses": [channel.place]},
        "Content": {"Simple": simple},
    }
    return f"message {ways.call(channel.region, 'sesv2', 'send_email', params).get('MessageId')}"


def _utf8(text: str) -> dict[str, str]:
    return {"Data": text, "Charset": "UTF-8"}


def _slack(told: Note, channel: Channel, ways: Ways, secrets: list[str]) -> str:
    return _posted(json.dumps(forms.slack(told)).encode(), {}, channel, ways, secrets)


def _teams(told: Note, channel: Channel, ways: Ways, secrets: list[str]) -> str:
    return _posted(forms.teams(told), {}, channel, ways, secrets)


def _webhook(told: Note, channel: Channel, ways: Ways, secrets: list[str]) -> str:
    key = ways.secret(channel.key)
    secrets.append(key)
    body, stamp = forms.webhook(told), str(int(ways.now()))
    headers = {
        "X-Auditor-Id": told.id,
        "X-Auditor-Timestamp": stamp,
        "X-Auditor-Signature": f"v1={signature(key, stamp, body)}",
    }
    return _posted(body, headers, channel, ways, secrets)


def signature(key: str, stamp: str, body: bytes) -> str:
    """HMAC-SHA256 over the time, a dot, and the body, in hexadecimal digits."""
    return hmac.new(key.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()


def _posted(body: bytes, headers: Mapping[str, str], channel: Channel, ways: Ways, secrets: list[str]) -> str:
    url = ways.secret(channel.place)
    secrets.append(url)
    said = ways.post.send("POST", url, body, headers, _answer)
    return without(said, secrets) or "accepted"


def _answer(data: bytes) -> str:
    """Some hosts say with 200 that they did not take it."""
    said = clean(" ".join(data.decode("utf-8", "replace").split()))[:_SAID]
    if "delivery failed" in said.lower():
        raise ValueError(said)
    return said


_SENDERS: Mapping[str, Callable[[Note, Channel, Ways, list[str]], str]] = {
    "sns": _sns,
    "mailto": _email,
    "slack": _slack,
    "teams": _teams,
    "webhook": _webhook,
}


def permissions(channels: tuple[Channel, ...]) -> list[dict[str, Any]]:
    """The statements of a policy that sending takes: each on the one topic, secret or sender."""
    topics = {each.to for each in channels if each.kind == "sns"}
    named = {place for each in channels for place in (each.place, each.key) if ":secretsmanager:" in place}
    senders = {each.sender for each in channels if each.kind == "mailto"}
    out = []
    if topics:
        out.append(_allowed("AuditorPublishes", "sns:Publish", sorted(topics)))
    if senders:
        where = {"StringEquals": {"ses:FromAddress": sorted(senders)}}
        out.append(_allowed("AuditorSendsEmail", "ses:SendEmail", ["*"]) | {"Condition": where})
    if named:
        out.append(_allowed("AuditorReadsSecrets", "secretsmanager:GetSecretValue", sorted(named)))
    return out


def _allowed(sid: str, action: str, resources: list[str]) -> dict[str, Any]:
    return {"Sid": sid, "Effect": "Allow", "Action": [action], "Resource": resources}
