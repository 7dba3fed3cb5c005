"""`auditor permissions`: the least-privilege policy for auditor itself."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from auditor.cli._notify import channels_of, channels_option, tags_of
from auditor.cli._options import costs_option, judge_options

if TYPE_CHECKING:
    from auditor.pipeline import Wish


@click.command("permissions")
@judge_options
@costs_option
@channels_option
@click.option("--everything", is_flag=True, help="For `auditor scan`, which reads every supported type.")
def command(wish: Wish, costs: bool, notify: tuple[str, ...], everything: bool) -> int:
    """Print the least-privilege read-only IAM policy for the chosen baselines and rules.

    \b
    auditor permissions --baseline cuggu > auditor-read.json
    auditor permissions --everything
    """
    from auditor import pipeline
    from auditor.notify import permissions

    actions = pipeline.permissions(replace(wish, costs=costs, tags=tags_of(notify)), everything)
    statement = {"Sid": "AuditorReads", "Effect": "Allow", "Action": actions, "Resource": "*"}
    statements = [statement, *permissions(channels_of(notify))]
    click.echo(json.dumps({"Version": "2012-10-17", "Statement": statements}, indent=2))
    return 0
