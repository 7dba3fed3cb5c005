"""Options that several commands share, and what they become."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditor.cli._complete import baseline_ids, offering, profiles, rule_ids
from auditor.cli._config import for_each_baseline, gives_way, typed

if TYPE_CHECKING:
    from auditor.pipeline import Wish

SEVERITIES = ("critical", "high", "medium", "low", "info")


@dataclass(frozen=True, slots=True)
class Where:
    """What a question is about: saved inventories, code, or (with neither) the account of the profile."""

    sources: tuple[Path, ...] = ()
    code: Path | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    profile: str | None = None
    regions: tuple[str, ...] = ()

    def wish(self) -> Wish:
        """What has to be opened to answer it, where it is about an account or saved inventories."""
        from auditor.pipeline import Wish

        return Wish(regions=self.regions, profile=self.profile, sources=self.sources)


def profile_option(words: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option("--profile", metavar="NAME", shell_complete=offering(profiles), help=words)


def aws_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """How the account is reached, in the AWS CLI's words."""
    for option in reversed(
        (
            profile_option("AWS profile, as in the AWS CLI."),
            click.option(
                "--region",
                "regions",
                metavar="NAME",
                multiple=True,
                help="Region to read; repeatable. Default: the regions of the baseline, else the one of the profile.",
            ),
        )
    ):
        command = option(command)
    return command


def inventory_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Where a question reads: the account, saved inventories, or code; gathered into one `where`."""

    @click.option("--from", "sources", metavar="FILE", multiple=True,
                  type=click.Path(exists=True, dir_okay=False, path_type=Path),
                  help="A saved inventory (`auditor scan -o FILE`) instead of an account; repeatable: "
                  "questions see across accounts.")  # fmt: skip
    @click.option("--code", metavar="PATH", type=click.Path(exists=True, path_type=Path),
                  help="Terraform or CloudFormation (folder, template or plan) instead of an account.")  # fmt: skip
    @click.option("--parameter", "parameters", metavar="K=V", multiple=True,
                  help="With --code: a parameter of the template, or a variable of Terraform; repeatable.")  # fmt: skip
    @aws_options
    @functools.wraps(command)
    def gathered(
        *args: Any, sources: tuple[Path, ...], code: Path | None, parameters: tuple[str, ...], profile: str | None,
        regions: tuple[str, ...], **rest: Any,
    ) -> Any:  # fmt: skip
        if sources and code and typed("sources"):
            raise click.UsageError("--from and --code exclude each other")
        sources, profile = _one_place(() if code else sources, profile, code=bool(code))
        regions = _of_them(regions)
        if parameters and not code:
            raise click.UsageError("--parameter needs --code; add it")
        where = Where(sources, code, pairs(parameters, "--parameter", "K=V"), profile, regions)
        return command(*args, where=where, **rest)

    return gathered


def _one_place(
    sources: tuple[Path, ...], profile: str | None, *, code: bool = False
) -> tuple[tuple[Path, ...], str | None]:
    """A typed option that would be ignored in silence is an error; what is only configured gives way to what is
    typed."""
    saved = bool(sources)
    if profile and saved and typed("profile") and not typed("sources"):
        return (), profile
    if profile and (saved or code) and typed("profile"):
        raise click.UsageError(
            f"--profile is for a live account, which {'--from' if saved else '--code'} does not read"
        )
    return sources, None if saved or code else profile


def _of_them(regions: tuple[str, ...]) -> tuple[str, ...]:
    """Regions that are only configured are those of the account, and not of an inventory that is typed."""
    return () if typed("sources") and not typed("regions") else regions


def judge_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What is judged, and from where: gathered into one `wish`."""

    @aws_options
    @baseline_options
    @rules_option
    @click.option("--no-rules", is_flag=True, help="Check the baselines only.")
    @click.option(
        "--from",
        "sources",
        metavar="FILE",
        multiple=True,
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Read a saved inventory (`auditor scan -o FILE`) instead of an account; repeatable, to check the "
        "inventories of several accounts as one.",
    )
    @definitions_option
    @click.option(
        "--bind",
        "pins",
        metavar="ROLE=RESOURCE",
        multiple=True,
        help="Bind a role of the baseline to a resource (id, name or ARN); repeatable, of one baseline as "
        "BASELINE/ROLE=RESOURCE.",
    )
    @click.option(
        "--scope",
        "scopes",
        metavar="WHAT",
        multiple=True,
        help="Only resources in this scope play roles: tag:NAME=VALUE, stack=NAME, vpc=ID, account=ID or name=PATTERN; "
        "repeatable, of one baseline as BASELINE/WHAT.",
    )
    @functools.wraps(command)
    def gathered(
        *args: Any, profile: str | None, regions: tuple[str, ...], baselines: tuple[str, ...], rules: tuple[str, ...],
        no_rules: bool, sources: tuple[Path, ...], folders: tuple[Path, ...], pins: tuple[str, ...],
        scopes: tuple[str, ...], **rest: Any,
    ) -> Any:  # fmt: skip
        from auditor.checks.binding import parse_scope
        from auditor.pipeline import Wish

        sources, profile = _one_place(sources, profile)
        regions = _of_them(regions)
        no_rules, rules = no_rules and not gives_way("no_rules"), () if gives_way("rules") else rules
        bound, within = for_each_baseline(baselines, folders)
        scopes, bound = (*within, *scopes), bound | _pins(pins)
        parse_scope(scopes)  # refused before anything is read
        wish = Wish(baselines, rules, not no_rules, regions, profile, sources, folders, bound, scopes)
        return command(*args, wish=wish, **rest)

    return gathered


def baseline_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Which documents, and for which environment: gathered into the names of `baselines`, which hold all of it."""

    @click.option("--baseline", "baselines", metavar="NAME[:VALUE]", multiple=True,
                  shell_complete=offering(baseline_ids),
                  help="Documented architecture to check against, like cuggu or shop:prod; repeatable.")  # fmt: skip
    @click.option("--set", "values", metavar="NAME=VALUE", multiple=True,
                  help="A parameter of the baselines, like environment=prod; repeatable.")  # fmt: skip
    @functools.wraps(command)
    def gathered(
        *args: Any, baselines: tuple[str, ...], values: tuple[str, ...], folders: tuple[Path, ...], **rest: Any
    ) -> Any:
        if values and not baselines:
            raise click.UsageError("--set needs --baseline; add it")
        if values:
            from auditor.checks.baselines import with_values

            baselines = with_values(baselines, pairs(values, "--set", "NAME=VALUE"), folders)
        return command(*args, baselines=baselines, folders=folders, **rest)

    return gathered


def rules_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--rule", "rules", metavar="ID", multiple=True, shell_complete=offering(rule_ids),
        help="Check only this rule; repeatable. Default: all.",
    )(command)  # fmt: skip


def definitions_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Where the user's own definitions are."""
    return click.option(
        "--definitions",
        "folders",
        metavar="DIR",
        multiple=True,
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="A folder with rules/ and baselines/ of your own; repeatable.",
    )(command)


def listing_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The form of a list: for people, or for programs."""
    return click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)(
        command
    )


def pairs(given: tuple[str, ...], option: str, form: str) -> dict[str, str]:
    """`NAME=VALUE` texts as a mapping."""
    found = [text.partition("=") for text in given]
    if any(not (name and equals) for name, equals, _ in found):
        raise click.BadParameter(f"the value is not {form}; write it like {form}", param_hint=option)
    return {name: value for name, _, value in found}


def _pins(given: tuple[str, ...]) -> dict[str, str]:
    named = pairs(given, "--bind", "ROLE=RESOURCE")
    if not all(named.values()):
        raise click.BadParameter("the resource is missing; write it like database=orders-db", param_hint="--bind")
    return named


def store_options(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--store", "store_dir", metavar="DIR", callback=_store_place,
        help="Folder of saved runs, or s3://BUCKET/PREFIX (with the credentials of the environment). "
        "Default: $XDG_STATE_HOME/auditor.",
    )(command)  # fmt: skip


def _store_place(ctx: click.Context, param: click.Parameter, value: Any) -> Path | str | None:
    """A folder, or a bucket with what its names begin with."""
    from auditor.store.shelf import is_remote, shelf_of

    if value is None or not is_remote(value):
        path: Path | None = click.Path(file_okay=False, path_type=Path)(value, param, ctx)
        return path
    try:
        shelf_of(value)
    except ValueError as error:
        raise click.BadParameter(str(error), ctx, param) from error
    return str(value)


def waivers_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Which findings of an account are accepted."""
    return click.option(
        "--waivers", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Findings that are accepted for a time, each with a reason, an owner and an end (see `auditor waive`).",
    )(command)  # fmt: skip


def costs_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Whether Cost Explorer is asked."""
    return click.option(
        "--costs",
        is_flag=True,
        help="Also check documented budgets: asks Cost Explorer for the last month, for 0.01 USD. The figures are the "
        "whole account's unless --scope tag:NAME=VALUE names a cost-allocation tag.",
    )(command)
