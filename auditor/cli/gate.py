"""`auditor gate`: check code before it is applied, and of a change only what it adds."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from auditor.cli._config import chosen_file, for_each_baseline, gives_way, typed
from auditor.cli._errors import say
from auditor.cli._exceptions import Excepted, exception_options
from auditor.cli._options import baseline_options, pairs, profile_option, rules_option
from auditor.cli._output import FAIL_ON, exit_code, format_options, tell

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_ACCOUNT = "account"


class _Live(click.Path):
    """A file, or the word for the account itself; a file of that name is `./account`."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return value if value == _ACCOUNT else super().convert(value, param, ctx)


@click.command("gate")
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--base",
    metavar="REF|PATH",
    help="Report only what is new since the merge base with a git ref, or compared with a path.",
)
@click.option("--root", type=_FOLDER, metavar="DIR",
              help="Read modules above PATH up to this folder. Default: the repository, else PATH.")  # fmt: skip
@baseline_options
@rules_option
@click.option("--no-rules", is_flag=True, help="Check the baselines only.")
@click.option("--plan", type=_FILE, metavar="FILE", help="Terraform plan of PATH, from `terraform show -json`.")
@click.option("--definitions", "folders", type=_FOLDER, metavar="DIR", multiple=True,
              help="Rules and baselines of your own, from outside the checked code; repeatable.")  # fmt: skip
@click.option("--trust-definitions", is_flag=True, help="Allow definitions from inside the checked code.")
@click.option(
    "--var-file", "var_files", type=_FILE, metavar="FILE", multiple=True, help="Terraform variables file; repeatable."
)
@click.option("--env", "environments", metavar="NAME=FILE", multiple=True,
              help="Judge with the variables of this file, beside other environments; repeatable.")  # fmt: skip
@click.option("--exclude", "without", metavar="GLOB", multiple=True,
              help="Leave out what is applied from this folder or template below PATH; repeatable.")  # fmt: skip
@click.option("--parameter", "parameters", metavar="K=V", multiple=True,
              help="A template parameter or Terraform variable; repeatable.")  # fmt: skip
@click.option("--checkov", is_flag=True, help="Also check the policies of checkov (`pip install 'auditor[checkov]'`).")
@click.option("--region", default="", metavar="NAME", help="Region of resources whose code does not name one.")
@click.option("--account", default="", metavar="ID",
              help="Number of the account that the code is for; any other number is another account.")  # fmt: skip
@click.option(
    "--bind",
    "pins",
    metavar="ROLE=RESOURCE",
    multiple=True,
    help="Bind a role of the baseline to a resource; repeatable.",
)
@click.option("--live", type=_Live(exists=True, dir_okay=False, path_type=Path), metavar="RUN|account",
              help="Also compare document, code and account: a run saved with `auditor check --format json=RUN`, a "
              "saved inventory, or `account`: with AWS credentials what the baselines ask for is read.")  # fmt: skip
@profile_option("With --live account: AWS profile, as in the AWS CLI.")
@exception_options
@format_options
@click.option("--fail-on", type=click.Choice(FAIL_ON), default="medium", show_default=True,
              help="Exit with 1 for findings of this severity and higher.")  # fmt: skip
@click.option("--allow-incomplete", is_flag=True,
              help="Exit with 0, not 3, where something could not be checked (it is still reported).")  # fmt: skip
@click.option("--conditions", type=click.Choice(("applied", "both")), default="applied", show_default=True,
              help="With `both`, what the other value of a default would bring counts as well.")  # fmt: skip
@click.option("--strict", is_flag=True,
              help="Exit with 3 for all that could not be read, also where nothing asks for it.")  # fmt: skip
def command(
    path: Path, base: str | None, root: Path | None, baselines: tuple[str, ...], rules: tuple[str, ...], no_rules: bool,
    plan: Path | None, folders: tuple[Path, ...], trust_definitions: bool, var_files: tuple[Path, ...],
    environments: tuple[str, ...], without: tuple[str, ...], parameters: tuple[str, ...], checkov: bool, region: str,
    account: str, pins: tuple[str, ...], targets: tuple[str, ...], verbose: bool, fail_on: str, allow_incomplete: bool,
    strict: bool, conditions: str, excepted: Excepted, live: Path | str | None, profile: str | None,
) -> int:  # fmt: skip
    """Check Terraform or CloudFormation at PATH (folder, template or plan) against baselines and rules.

    \b
    auditor gate infra --base origin/main
    auditor gate infra --base origin/main --format sarif=gate.sarif --format markdown=comment.md
    auditor gate infra --plan plan.json --baseline cuggu
    auditor gate . --exclude examples --env dev=dev.tfvars --env prod=prod.tfvars

    None of the code is executed and nothing is downloaded. Definitions from inside the checked code are refused.
    """
    from auditor.exceptions import Untrusted
    from auditor.gate import gate
    from auditor.pipeline import Wish
    from auditor.sides import Account, Code
    from auditor.sources.code_options import ACCOUNT

    if base is not None and not base.strip():
        raise click.BadParameter(
            "the value is empty; name a git ref or a path (is the variable set?)", param_hint="--base"
        )
    if live and not baselines:
        raise click.UsageError("--live needs --baseline; add it")
    if profile and live != _ACCOUNT and typed("profile"):
        raise click.UsageError("--profile needs --live account; nothing else asks AWS")
    named = pairs(parameters, "--parameter", "K=V")
    if account and not (account.isdigit() and len(account) == 12):
        raise click.BadParameter("the value is not twelve digits; write it like 123456789012", param_hint="--account")
    named |= {ACCOUNT: account} if account else {}
    if root and not path.resolve().is_relative_to(root.resolve()):
        raise click.BadParameter(f"{path} is not below {root}; name a folder that contains it", param_hint="--root")
    no_rules, rules = no_rules and not gives_way("no_rules"), () if gives_way("rules") else rules
    bound, scope = for_each_baseline(baselines, folders)
    bound |= pairs(pins, "--bind", "ROLE=RESOURCE")
    wish = Wish(baselines, rules, not no_rules, folders=folders, pins=bound, scope=scope, checkov=checkov)
    try:
        _refuse_own_configuration(path, trust_definitions)
        allowed = excepted.allowed(trust_definitions)
        code = Code(path, base or "", plan, named, var_files, region, trust_definitions, root, strict)
        code = replace(code, both=conditions == "both")
        code = replace(code, without=without, environments=_environments(environments), exceptions=allowed)
        code = replace(code, live=live if isinstance(live, Path) else Account(profile) if live else None)
        run = gate(wish, code)
    except Untrusted as error:
        raise click.UsageError(str(error)) from error
    tell(run, targets, verbose)
    if excepted.write_known:
        return excepted.write(run)
    sys.stdout.flush()
    problem = (run["gate"]["base"] or {}).get("problem")
    for line in problem or ():
        say(f"error: the base cannot be read: {line}")
    return 3 if problem else exit_code(run, fail_on, allow_incomplete)


def _refuse_own_configuration(path: Path, trust: bool) -> None:
    """Configuration chooses what is judged, so the code that is judged must not bring it."""
    from auditor.exceptions import refuse_own_files
    from auditor.sources.base import top

    file = chosen_file()
    if file and not trust:
        refuse_own_files([file], top(path) or (path if path.is_dir() else path.parent))


def _environments(given: tuple[str, ...]) -> dict[str, Path]:
    """The files of variables by the environment that they are for."""
    found = {name: Path(file) for name, file in pairs(given, "--env", "NAME=FILE").items()}
    for name, file in found.items():
        if not file.is_file():
            raise click.BadParameter(f"{name}: there is no file {file}", param_hint="--env")
    return found
