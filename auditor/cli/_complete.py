"""What a shell offers for a value: names that are read from files, so that nothing is asked of an account.

While somebody types there is nobody to tell an error to: where a name cannot be read, nothing is offered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import click

Names = Callable[[click.Context], Iterable[str]]
Completer = Callable[[click.Context, click.Parameter, str], list[str]]


def offering(names: Names) -> Completer:
    """What click asks of a value: those of these names that begin like what is typed."""

    def offered(ctx: click.Context, _: click.Parameter, typed: str) -> list[str]:
        from auditor.checks.yaml import DefinitionError

        found: list[str] = []
        with suppress(OSError, DefinitionError):
            found = sorted({name for name in names(ctx) if name.startswith(typed)})
        return found

    return offered


def rule_ids(ctx: click.Context) -> Iterable[str]:
    from auditor.settings import data_dir

    folders = (data_dir("rules"), *(folder / "rules" for folder in _folders(ctx)))
    return {file.stem for folder in folders for file in folder.rglob("*.yaml")}


def baseline_ids(ctx: click.Context) -> Iterable[str]:
    from auditor.checks.baselines import known

    return known(_folders(ctx))


def checks(ctx: click.Context) -> Iterable[str]:
    """What `explain` explains, as far as the name of a file says it."""
    return {*rule_ids(ctx), *baseline_ids(ctx)}


def run_ids(ctx: click.Context) -> Iterable[str]:
    from auditor.store import Store, default_folder

    return Store(ctx.params.get("store_dir") or default_folder(), lambda _: None).ids()


def profiles(_ctx: click.Context) -> Iterable[str]:
    """The AWS profiles, by the names of their sections: botocore would take half a second to say them."""
    import configparser
    import os

    for variable, default in (("AWS_CONFIG_FILE", "config"), ("AWS_SHARED_CREDENTIALS_FILE", "credentials")):
        file = Path(os.environ.get(variable) or Path.home() / ".aws" / default)
        read = configparser.ConfigParser(interpolation=None, strict=False)
        with suppress(configparser.Error, UnicodeDecodeError):
            read.read(file, encoding="utf-8")
        for section in read.sections():
            if not section.startswith(("sso-session ", "services ")):
                yield section.removeprefix("profile ")


def _folders(ctx: click.Context) -> list[Path]:
    return [Path(each) for each in ctx.params.get("folders") or ()]
