"""Where changes are told, and which: the entries of `notify` in the file, and the same as one text of the option.

No address of a webhook and no key ever stands in the file: they are named by an environment variable or by the ARN of a
secret, since whoever has them can write in the name of auditor.
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field

from auditor.checks.schema import Model, Texts, Words
from auditor.model import Severity

_HIDDEN = (
    r"(env:[A-Za-z_][A-Za-z0-9_]*"
    r"|arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+)"
)
_TOPIC = r"arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+([.]fifo)?"
_ADDRESS = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+"
_TO = rf"({_TOPIC}|(slack|teams|webhook):{_HIDDEN}|mailto:{_ADDRESS})"
_OWN = ("key", "sender", "region")


class Wanted(Model):
    """Which changes a channel gets: those that fit all that is said; without anything, all of them."""

    accounts: tuple[Words, ...] = Field(default=(), description="of these accounts")
    regions: Texts = Field(default=(), description="of these regions; what is of no region fits too")
    baselines: Texts = Field(default=(), description="of these documents, like cuggu or couple:*")
    severity: Severity = Field(default="info", description="findings of this severity and higher")
    tags: tuple[Annotated[str, Field(pattern="^[^=]+=")], ...] = Field(
        default=(), description="of resources with one of these tags, like team=web; what has no known tags fits too"
    )
    checks: Texts = Field(default=(), description="of these rules and promises, like bucket-* or cuggu/*")


class Channel(Model):
    """A channel: where changes are told, and which of them."""

    to: str = Field(
        pattern=f"^{_TO}$",
        description="an SNS topic's ARN; slack:, teams: or webhook: with env:NAME or the ARN of a secret that holds "
        "the URL; or mailto:ADDRESS (SES)",
    )
    key: str = Field(
        default="",
        pattern=f"^{_HIDDEN}$",
        description="webhook: env:NAME or the ARN of a secret that holds the key by which messages are signed",
    )
    sender: str = Field(default="", pattern=f"^{_ADDRESS}$", description="mailto: the verified address that sends")
    region: str = Field(
        default="",
        pattern=r"^[a-z]{2}(-[a-z]+)+-[0-9]$",
        description="mailto: the region of SES; default: the profile's",
    )
    wanted: Wanted = Field(alias="for", default=Wanted(), description="which changes it gets; default: all")

    @property
    def kind(self) -> str:
        return "sns" if self.to.startswith("arn:") else self.to.partition(":")[0]

    @property
    def place(self) -> str:
        """What stands behind the kind: a secret's name, or an address."""
        return self.to if self.kind == "sns" else self.to.partition(":")[2]

    @property
    def text(self) -> str:
        """The channel as the option takes it, without the choice of changes."""
        return ",".join([self.to, *(f"{name}={getattr(self, name)}" for name in _OWN if getattr(self, name))])


class BadChannel(ValueError):
    """A text that is no channel; the message says what would be."""


def lacks(channel: Channel) -> tuple[str, str]:
    """A field that a channel of this kind needs or cannot have, and what is wrong with it."""
    needs = {"webhook": "key", "mailto": "sender"}.get(channel.kind)
    if needs and not getattr(channel, needs):
        return "to", f"needs `{needs}`: {Channel.model_fields[needs].description}; add it"
    may = {"webhook": ("key",), "mailto": ("sender", "region")}.get(channel.kind, ())
    for name in _OWN:
        if getattr(channel, name) and name not in may:
            return name, f"is not for {channel.kind}; remove it"
    return "", ""


def parsed(text: str) -> Channel:
    """The channel that a text of the option is."""
    to, *rest = text.split(",")
    pairs = dict(each.partition("=")[::2] for each in rest)
    if not re.fullmatch(_TO, to):
        raise BadChannel(f"{to!r} is no channel; write an SNS topic's ARN, slack:env:NAME, or mailto:ADDRESS")
    for name, value in pairs.items():
        rule = next((each.pattern for each in _fields(name) if hasattr(each, "pattern")), None)
        if rule is None or not re.fullmatch(rule.strip("^$"), value):
            raise BadChannel(f"{name}={value} is not understood; a channel has {', '.join(_OWN)}")
    channel = Channel(to=to, **pairs)  # type: ignore[arg-type]
    field, problem = lacks(channel)
    if problem:
        raise BadChannel(f"{channel.to}: {field} {problem}")
    return channel


def _fields(name: str) -> list[object]:
    return list(Channel.model_fields[name].metadata) if name in _OWN else []
