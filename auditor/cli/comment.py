"""`auditor comment`: put a gate's comment on a pull request, and update it at the next run."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from auditor.cli._errors import say
from auditor.cli._output import warn

_LARGEST = 200_000_000
_PULL = re.compile(r"refs/pull/(\d+)/")


@click.command("comment")
@click.argument("host", type=click.Choice(("github", "gitlab")))
@click.argument("record", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--repository",
    metavar="NAME",
    help="owner/name, or GitLab's project ID. Default: from the variables of the CI system.",
)
@click.option(
    "--number",
    metavar="N",
    help="Number of the pull request or merge request. Default: from the variables of the CI system.",
)
@click.option(
    "--api",
    metavar="URL",
    help="Address of the API. Default: from the variables of the CI system, else the public host.",
)
@click.option("--suggest", is_flag=True, help="GitHub: also suggest the lines that would mend findings, in a review.")
def command(host: str, record: Path, repository: str | None, number: str | None, api: str | None, suggest: bool) -> int:
    """Write the comment of a gate, saved with `--format json=RECORD`, and update its own earlier one.

    \b
    auditor gate infra --base origin/main --format json=gate.json
    auditor comment github gate.json

    The token comes from GITHUB_TOKEN or GITLAB_TOKEN. What the host does not take is a warning and no failure: the
    verdict is the gate's.
    """
    run = _read(record)
    environ = dict(os.environ)
    token = environ.get("GITHUB_TOKEN" if host == "github" else "GITLAB_TOKEN", "").strip()
    if not token:
        warn(_no_token(host, environ))
        return 0
    repository = repository or environ.get("GITHUB_REPOSITORY" if host == "github" else "CI_PROJECT_ID")
    number = number or (_pull(environ) if host == "github" else environ.get("CI_MERGE_REQUEST_IID"))
    if not repository or not number:
        warn("no comment: this is no run for a pull request; name one with --repository and --number")
        return 0
    if not number.isdecimal():
        raise click.BadParameter(f"{number!r} is not a number", param_hint="--number")
    _post(run, host, api or _api(host, environ), token, repository, number, suggest)
    return 0


def _post(run: Mapping[str, Any], host: str, api: str, token: str, repository: str, number: str, suggest: bool) -> None:
    from auditor.report import hosts

    try:
        if host == "github":
            headers = {"Authorization": f"Bearer {token}", "Accept": "application/vnd.github+json"}
            done = hosts.post_to_github(run, hosts.Host(api, headers), repository, number, suggest)
        else:
            done = hosts.post_to_gitlab(run, hosts.Host(api, {"PRIVATE-TOKEN": token}), repository, number)
    except hosts.NotPosted as error:
        warn(f"no comment: {error}")
        return
    say(done)


def _read(record: Path) -> dict[str, Any]:
    """The record of a gate."""
    try:
        found = json.loads(record.read_text(encoding="utf-8")) if record.stat().st_size <= _LARGEST else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not isinstance(found.get("gate"), dict) or "findings" not in found:
        raise click.UsageError(
            f"{record} is not the record of a gate; write it with `auditor gate --format json={record}`"
        )
    return found


def _no_token(host: str, environ: Mapping[str, str]) -> str:
    if host == "github":
        return (
            "no comment: GITHUB_TOKEN is empty; give the step `env: {GITHUB_TOKEN: ${{ github.token }}}` and the job "
            "`permissions: {pull-requests: write}`. The pull request of a fork gets a token that only reads: there the "
            "annotations and the job's summary show the verdict"
        )
    beside = " (CI_JOB_TOKEN may not write notes)" if environ.get("CI_JOB_TOKEN") else ""
    return (
        f"no comment: GITLAB_TOKEN is empty{beside}; make a project access token with the scope api and the role "
        "Reporter, and keep it as a masked CI/CD variable of this name"
    )


def _pull(environ: Mapping[str, str]) -> str | None:
    found = _PULL.match(environ.get("GITHUB_REF", ""))
    return found[1] if found else None


def _api(host: str, environ: Mapping[str, str]) -> str:
    if host == "github":
        return environ.get("GITHUB_API_URL") or "https://api.github.com"
    return environ.get("CI_API_V4_URL") or "https://gitlab.com/api/v4"
