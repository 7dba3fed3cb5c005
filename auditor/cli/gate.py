"""`auditor gate`: judge code before it is applied, and of a change only what it brings."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import click

from auditor.cli._errors import say
from auditor.cli._options import pairs
from auditor.cli._output import FAIL_ON, exit_code, format_options, tell

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("gate")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--base", metavar="REF|PATH", help="Tell only what is new since git's merge base, or a path.")
@click.option("--root", type=_FOLDER, metavar="DIR",
              help="Read what PATH calls above it, up to here. Default: the repository, else PATH.")  # fmt: skip
@click.option("--baseline", "baselines", metavar="NAME", multiple=True, help="Documented architecture; repeatable.")
@click.option("--rule", "rules", metavar="ID", multiple=True, help="Judge only this rule; repeatable. Default: all.")
@click.option("--no-rules", is_flag=True, help="Judge the baselines only.")
@click.option("--plan", type=_FILE, metavar="FILE", help="Terraform's plan of PATH, from `terraform show -json`.")
@click.option("--definitions", "folders", type=_FOLDER, metavar="DIR", multiple=True,
              help="Rules and baselines of your own, from outside of what is judged; repeatable.")  # fmt: skip
@click.option("--trust-definitions", is_flag=True, help="Take definitions out of the judged tree all the same.")
@click.option("--var-file", "var_files", type=_FILE, metavar="FILE", multiple=True, help="Further tfvars; repeatable.")
@click.option("--parameter", "parameters", metavar="K=V", multiple=True,
              help="A parameter of the template, or a variable of Terraform; repeatable.")  # fmt: skip
@click.option("--checkov", is_flag=True, help="Judge checkov's policies too (`pip install 'auditor[checkov]'`).")
@click.option("--region", default="", metavar="NAME", help="Where a resource lives whose code does not say it.")
@click.option("--bind", "pins", metavar="ROLE=RESOURCE", multiple=True, help="Say which resource plays a role.")
@format_options
@click.option("--fail-on", type=click.Choice(FAIL_ON), default="medium", show_default=True,
              help="Exit 1 from this severity on.")  # fmt: skip
@click.option("--allow-incomplete", is_flag=True,
              help="Exit 0 and not 3 where something could not be judged (it is still told).")  # fmt: skip
def command(
    path: Path, base: str | None, root: Path | None, baselines: tuple[str, ...], rules: tuple[str, ...], no_rules: bool,
    plan: Path | None, folders: tuple[Path, ...], trust_definitions: bool, var_files: tuple[Path, ...],
    parameters: tuple[str, ...], checkov: bool, region: str, pins: tuple[str, ...], targets: tuple[str, ...],
    verbose: bool, fail_on: str, allow_incomplete: bool,
) -> int:  # fmt: skip
    """Hold Terraform or CloudFormation at PATH (folder, template or plan) against baselines and rules.

    \b
    auditor gate infra --base origin/main
    auditor gate infra --base origin/main --format sarif=gate.sarif --format markdown=comment.md
    auditor gate infra --plan plan.json --baseline cuggu

    Nothing of the code is executed and nothing fetched. Definitions out of the judged tree are refused.
    """
    from auditor.gate import Code, Untrusted, gate
    from auditor.pipeline import Wish

    if base is not None and not base.strip():
        raise click.BadParameter("it is empty; is the variable set that should name it?", param_hint="--base")
    wish = Wish(baselines, rules, not no_rules, folders=folders, pins=pairs(pins, "--bind", "ROLE=RESOURCE"))
    wish = replace(wish, checkov=checkov)
    named = pairs(parameters, "--parameter", "K=V")
    if root and not path.resolve().is_relative_to(root.resolve()):
        raise click.BadParameter(f"{path} does not lie below {root}; name a folder around it", param_hint="--root")
    try:
        run = gate(wish, Code(path, base or "", plan, named, var_files, region, trust_definitions, root))
    except Untrusted as error:
        raise click.UsageError(str(error)) from error
    tell(run, targets, verbose)
    sys.stdout.flush()
    problem = (run["gate"]["base"] or {}).get("problem")
    for line in problem or ():
        say(f"error: the base cannot be read: {line}")
    return 3 if problem else exit_code(run, fail_on, allow_incomplete)
