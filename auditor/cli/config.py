"""`auditor config`: what is set, and by whom."""

from __future__ import annotations

import importlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from auditor.cli._config import configured, loaded, origin, settings_of
from auditor.cli._speech import VARIABLES
from auditor.config.settings import CONFIG, NO_CONFIG, PREFIX, SETTINGS, Setting

# Variables of our own that set no option.
_OTHERS = frozenset({CONFIG, NO_CONFIG, "AUDITOR_CHECKOV", *VARIABLES})


@click.group("config")
def command() -> None:
    """The configuration: what is set, and by whom.

    Flags go over environment variables (AUDITOR_*), those over auditor.yaml or [tool.auditor] of a pyproject.toml,
    and the file over the default.
    """


@command.command("show", context_settings={"ignore_unknown_options": True})
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
@click.option("--config", "file", metavar="FILE", type=click.Path(exists=True, dir_okay=False), envvar=CONFIG,
              help="Configuration. Default: the nearest one.")  # fmt: skip
@click.argument("words", metavar="[COMMAND [OPTIONS]]", nargs=-1, type=click.UNPROCESSED)
def show(form: str, file: str | None, words: tuple[str, ...]) -> int:
    """Show each setting with its value and where it comes from: a flag, a variable, a line of the file, the default.

    \b
    auditor config show
    auditor config show check --fail-on high
    """
    rows = list(_of_command(words[0], [*words[1:]], file) if words else _of_all(file))
    strange = [each for each in sorted(os.environ) if each.startswith(PREFIX) and not _known(each)]
    if form == "json":
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return 0
    width = max(len(each["key"]) for each in rows)
    for row in rows:
        click.echo(f"{row['key']:<{width}}  {_spoken(row['value'])}  ({row['origin']})")
    for name in strange:
        from auditor.checks.yaml import suggest
        from auditor.cli._output import warn

        # Without what all begin with, which would make any two alike; a name that is near none may be somebody else's.
        near = suggest(name.removeprefix(PREFIX), [each.environment.removeprefix(PREFIX) for each in SETTINGS])
        if "did you mean" in near:
            warn(f"{name} sets nothing{near.replace('`', f'`{PREFIX}', 1)}")
    return 0


@command.command("schema")
def schema() -> int:
    """Print the JSON Schema of the file, for editors."""
    from auditor.settings import data_dir

    click.echo((data_dir("schemas") / "config.schema.json").read_text(encoding="utf-8"), nl=False)
    return 0


def _known(variable: str) -> bool:
    return variable in _OTHERS or any(each.environment == variable for each in SETTINGS)


def _found(name: str) -> click.Command:
    from auditor.cli import COMMANDS

    if name not in COMMANDS:
        from auditor.checks.yaml import suggest

        raise click.UsageError(f"there is no command {name!r}{suggest(name, COMMANDS)}")
    made: click.Command = importlib.import_module(f"auditor.cli.{name.replace('-', '_')}").command
    return configured(made)


def _of_all(file: str | None) -> Iterator[dict[str, Any]]:
    """Every setting, as the first command sees it that has it."""
    from auditor.cli import COMMANDS

    shown: dict[str, dict[str, Any]] = {}
    for name in COMMANDS:
        if any(each.key not in shown for each in settings_of(_found(name)).values()):
            shown |= {row["key"]: row for row in _of_command(name, [], file) if row["key"] not in shown}
    return (shown[each.key] for each in SETTINGS)


def _of_command(name: str, words: list[str], file: str | None) -> Iterator[dict[str, Any]]:
    """The settings of one command, with these words behind it."""
    made = _found(name)
    given = [*(["--config", file] if file else []), *words]
    with made.context_class(made, info_name=name, **made.context_settings) as ctx:
        opts, _, _ = made.make_parser(ctx).parse_args(args=given)
        for param in sorted(made.params, key=lambda each: not each.is_eager):
            if param.is_eager and param.name != "help":
                param.handle_parse_result(ctx, opts, [])
        loaded()
        for row, param, value in _values(made, ctx, opts):
            yield {"key": row.key, "value": value, "origin": origin(ctx, param) or "default",
                   "option": row.option, "variable": row.environment}  # fmt: skip


def _values(
    made: click.Command, ctx: click.Context, opts: dict[str, Any]
) -> Iterator[tuple[Setting, click.Parameter, Any]]:
    mine = settings_of(made)
    params = {each.name: each for each in made.params}
    for name, row in mine.items():
        param = params[name]
        value, source = param.consume_value(ctx, opts)
        ctx.set_parameter_source(name, source)
        value = param.process_value(ctx, value)
        yield row, param, [str(each) for each in value] if isinstance(value, tuple) else _plain(value)


def _plain(value: Any) -> Any:
    """A value as JSON; what click itself has for "nothing was said" becomes null."""
    return value if isinstance(value, bool) else str(value) if isinstance(value, str | Path) else None


def _spoken(value: Any) -> str:
    """A value on a line for people: a list with commas, `-` for what is not set."""
    if isinstance(value, list):
        return ", ".join(value) or "-"
    return "-" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
