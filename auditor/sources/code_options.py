"""What a user may say about code to be read, and how unreadable code is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# The parameter that says of which account the code is, in CloudFormation's word, for every language.
ACCOUNT = "AWS::AccountId"
# Bounds for input that somebody else wrote: beyond them it is refused, not tried.
MOST_BYTES = 20 * 1024 * 1024
MOST_DEPTH = 60
MOST_FILES = 5_000
MOST_RESOURCES = 50_000
MOST_SECONDS = 300


class BadCode(Exception):
    """Code that cannot be judged. Each line says `file:line: what is wrong, what to do`."""

    def __init__(self, lines: str | Sequence[str]) -> None:
        self.lines = [lines] if isinstance(lines, str) else list(lines)
        super().__init__("\n".join(self.lines))


def spoken(name: str) -> str:
    """A file's name, when it can be written down at all: names on a disk may hold bytes that are no text."""
    try:
        name.encode()
    except UnicodeEncodeError as error:
        shown = name.encode(errors="surrogateescape").decode(errors="backslashreplace")
        raise BadCode(f"{shown}:1: the name of the file is not UTF-8; rename it") from error
    return name


class Unbounded(BadCode):
    """Code without end, or so much of it that nobody would deploy it: it ends the reading of everything beside it."""


class NoCode(BadCode):
    """A path at which there is nothing that could be judged."""


@dataclass(frozen=True, slots=True)
class CodeOptions:
    """`parameters` override a template's parameters and Terraform's variables, `var_files` are further tfvars.

    `region` is where a resource lives whose code does not say it. `root` is the folder that origins are relative to and
    that nothing may lead out of; left out it is the folder that is read. `evaluated` is what several readings share:
    the evaluator's answers, by all that it was given. `world` decides, by its key, each choice that code leaves open;
    what it does not know holds.
    """

    parameters: Mapping[str, str] = field(default_factory=dict)
    var_files: tuple[Path, ...] = ()
    region: str = ""
    root: Path | None = None
    evaluated: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    world: Mapping[str, bool] = field(default_factory=dict)
