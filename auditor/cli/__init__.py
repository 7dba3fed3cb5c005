"""The command line: one file a command, and here only how they are found.

Nothing heavier than click is imported until a command runs, so that `--help` answers at once.
"""

from __future__ import annotations

import importlib
import sys

import click

from auditor import __version__
from auditor.cli._config import configured
from auditor.cli._speech import speaking

COMMANDS = (
    "check",
    "gate",
    "comment",
    "scan",
    "report",
    "history",
    "notify",
    "diff",
    "explain",
    "paths",
    "graph",
    "plan",
    "apply",
    "rollback",
    "waive",
    "rules",
    "baselines",
    "permissions",
    "who-can",
    "escalations",
    "reaches",
    "init",
    "config",
    "doctor",
    "completion",
    "demo",
)


class _Commands(click.Group):
    """Finds a command in the module of its name (a hyphen of the command is an underscore there)."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = importlib.import_module(f"auditor.cli.{cmd_name.replace('-', '_')}").command
        return speaking(configured(found))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-") and not ctx.resilient_parsing:
            from auditor.checks.yaml import suggest

            ctx.fail(f"there is no command {args[0]!r}{suggest(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="auditor")
def group() -> None:
    """Check an AWS account, or the code that is about to change it, against its documented architecture and security
    rules.

    Exit codes: 0 clean and complete, 1 findings, 2 usage or nothing to check, 3 incomplete, 4 a fix failed and was
    rolled back, 5 a fix needs manual action, 6 a notification waits, 70 a defect of auditor, 130 interrupted.
    """


def main() -> None:
    """The entry point: known failures become one clear message and their exit code, never a traceback."""
    from auditor.cli._errors import told

    sys.exit(told(group))
