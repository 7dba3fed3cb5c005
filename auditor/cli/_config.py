"""How a setting gets into a command: click asks the command line, then the variable, then the file, then the option's
own default, and remembers which of them answered.

The file is looked for when a command that reads a setting needs it, so `--help` never reads it, and a broken one stops
no help.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from auditor.config.settings import CONFIG, LOOSENS, NO_CONFIG, SETTINGS, Setting

if TYPE_CHECKING:
    from auditor.config.read import Loaded
    from auditor.config.schema import Named

_LOADED, _FILE, _NONE = "auditor.config.loaded", "auditor.config.file", "auditor.config.none"
# Whoever opens a pull request writes the files around it, so a gate takes a file only where it is named.
NEVER_FOUND = ("gate",)


def settings_of(command: click.Command) -> dict[str, Setting]:
    """The settings of a command by the name of its parameter."""
    options = {each.name: each.opts for each in command.params if isinstance(each, click.Option)}
    return {
        each.parameter: each
        for each in SETTINGS
        if each.option in options.get(each.parameter, ()) and command.name not in each.but
    }


def configured(command: click.Command) -> click.Command:
    """The command with its settings' variables and defaults, and the options that choose the file."""
    mine = settings_of(command)
    if not mine or "default_map" in command.context_settings:
        return command
    for param in command.params:
        if param.name in mine:
            param.envvar = mine[param.name].environment
    command.params += [
        click.Option(["--config"], metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path),
                     envvar=CONFIG, is_eager=True, expose_value=False, callback=_keep(_FILE),
                     help="Configuration. Default: the nearest auditor.yaml or [tool.auditor] of a pyproject.toml."),
        click.Option(["--no-config"], is_flag=True, envvar=NO_CONFIG, is_eager=True, expose_value=False,
                     callback=_keep(_NONE), help="Read no configuration file."),
    ]  # fmt: skip
    if command.name in NEVER_FOUND:
        command.params[-2].help = "Configuration, from outside of the checked code. Default: none."
    command.context_settings["default_map"] = _Defaults(mine, command.name not in NEVER_FOUND)
    command.callback = command.callback and _telling(command.callback)
    return command


def _telling(run: Any) -> Any:
    """The command, which first says what a file or a variable changed of what it answers for."""

    @functools.wraps(run)
    def told(*args: Any, **kwargs: Any) -> Any:
        ctx = click.get_current_context()
        mine = settings_of(ctx.command)
        for param in ctx.command.params:
            setting, value = mine.get(param.name or ""), ctx.params.get(param.name or "")
            if setting is None or setting.key not in LOOSENS or not value or value == param.default:
                continue
            if (place := origin(ctx, param)) and not any(map(typed, (setting.parameter, *setting.unless))):
                words = "" if value is True else f" {' '.join(value) if isinstance(value, tuple) else value}"
                _note(f"note: {setting.option}{words} is set by {place}")
        return run(*args, **kwargs)

    return told


def _note(line: str) -> None:
    """Variables and names of files are written by anybody: what would steer a terminal is shown and not sent."""
    from auditor.report.plain import clean

    click.echo(clean(line), err=True)


def gives_way(parameter: str) -> bool:
    """Whether a value that is only configured counts for nothing, since what is typed contradicts it."""
    setting = settings_of(click.get_current_context().command).get(parameter)
    return setting is not None and not typed(parameter) and any(map(typed, setting.unless))


def _keep(name: str) -> Any:
    def callback(ctx: click.Context, _: click.Parameter, value: Any) -> None:
        ctx.meta[name] = value

    return callback


class _Defaults(Mapping[str, Any]):
    """What the file sets, by parameter; the file is read at the first question."""

    def __init__(self, mine: Mapping[str, Setting], found: bool) -> None:
        self.mine, self.found = mine, found

    def __getitem__(self, name: str) -> Any:
        return loaded(self.found).values[self.mine[name].key]

    def __contains__(self, name: object) -> bool:
        return name in self.mine and self.mine[str(name)].key in loaded(self.found).values

    def __iter__(self) -> Iterator[str]:
        return (name for name in self.mine if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def loaded(found: bool = True) -> Loaded:
    """The file of this run: the one that is named, else (where one may be `found`) the nearest."""
    from auditor.config.read import Loaded, find, load

    ctx = click.get_current_context(silent=True)
    if ctx is None or ctx.resilient_parsing or ctx.meta.get(_NONE):
        return Loaded()
    if _LOADED not in ctx.meta:
        file = ctx.meta.get(_FILE) or (find(Path.cwd(), Path.home()) if found else None)
        ctx.meta[_LOADED] = load(file) if file else Loaded()
    out: Loaded = ctx.meta[_LOADED]
    return out


def chosen_file() -> Path | None:
    """The file that this run was told to read."""
    file: Path | None = click.get_current_context().meta.get(_FILE)
    return file


def typed(parameter: str) -> bool:
    """Whether a value stands on the command line: what only the file or a variable says gives way to what does."""
    return click.get_current_context().get_parameter_source(parameter) is ParameterSource.COMMANDLINE


def origin(ctx: click.Context, param: click.Parameter) -> str:
    """Where a value comes from, as people look for it: `auditor.yaml:3`, a variable, a flag; empty for a default."""
    source = ctx.get_parameter_source(param.name or "")
    if source is ParameterSource.COMMANDLINE:
        return param.opts[-1]
    if source is ParameterSource.ENVIRONMENT:
        return str(param.envvar)
    mine = settings_of(ctx.command)
    if source is ParameterSource.DEFAULT_MAP and param.name in mine:
        file: Loaded = ctx.meta[_LOADED]  # an error is told when no context is the current one any more
        return file.places[mine[param.name].key]
    return ""


def for_each_baseline(baselines: tuple[str, ...], folders: tuple[Path, ...]) -> tuple[dict[str, str], tuple[str, ...]]:
    """What the file says for one baseline alone, of those that are chosen: pins and scopes with its ID before them."""
    from auditor.checks.baselines import load_baseline
    from auditor.config.read import asked

    ctx, pins, scopes = click.get_current_context(), dict[str, str](), list[str]()
    file = loaded(ctx.command.name not in NEVER_FOUND)
    entries = [each for each in file.baselines if each.account or each.scope or each.bind]
    if not entries or file.file is None or "pins" not in settings_of(ctx.command):
        return pins, ()
    chosen = {load_baseline(each, folders).id for each in baselines}
    for entry in entries:
        known = load_baseline(asked(entry, file.file.parent), folders).id
        if known in chosen:
            pins |= {f"{known}/{role}": resource for role, resource in entry.bind.items()}
            scopes += [f"{known}/{text}" for text in _scopes(entry)]
    return pins, tuple(scopes)


def _scopes(entry: Named) -> list[str]:
    return [*entry.scope, *([f"account={entry.account}"] if entry.account else [])]
