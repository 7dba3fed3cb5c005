"""`auditor init`: a configuration for somebody who begins."""

from __future__ import annotations

from pathlib import Path

import click

from auditor.cli._options import profile_option
from auditor.cli._output import warn
from auditor.cli._progress import progress


@click.command("init")
@click.argument(
    "folder", metavar="[FOLDER]", default=".", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option("--account", is_flag=True, help="Also look at the account of the AWS credentials.")
@profile_option("Also look at the account of this AWS profile.")
@click.option("--force", is_flag=True, help="Overwrite an auditor.yaml that is there.")
@click.option("--print", "printed", is_flag=True, help="Write to stdout, and no file.")
def command(folder: Path, account: bool, profile: str | None, force: bool, printed: bool) -> int:
    """Write a commented auditor.yaml for FOLDER: what was found is set and says why, the rest is commented out.

    \b
    auditor init
    auditor init --account --print

    The folder is looked at for code, as the gate reads it; the account (asked for) for its enabled regions, and for the
    names and domains of the documented architectures. It is only read.
    """
    from auditor.config.read import NAME, load
    from auditor.config.written import SCHEMA, written
    from auditor.report.plain import clean
    from auditor.settings import data_dir, replace_text
    from auditor.store import default_folder
    from auditor.survey import survey

    file = folder / NAME
    if not printed:
        _refuse_second(file, force)
    with progress("reading the account") as bar:
        found = survey(folder, account or bool(profile), profile, bar)
    for each in found.unseen:
        warn(clean(each))
    head = [
        "Configuration of auditor. Flags and variables AUDITOR_* go over it; `auditor config show` names what is set",
        f"where, `auditor config schema > {SCHEMA}` writes the schema for editors. Paths are relative to this file.",
        *found.seen,
        *(f"Not seen: {each}." for each in found.unseen),
    ]
    text = written(map(clean, head), found.found, _from_home(default_folder()))
    if printed:
        click.echo(text, nl=False)
        return 0
    schema = folder / SCHEMA
    try:
        replace_text(file, text)
        if not schema.exists():
            replace_text(schema, (data_dir("schemas") / "config.schema.json").read_text(encoding="utf-8"))
    except OSError as error:
        cure = "let the user write there, choose another FOLDER, or use --print"
        raise click.UsageError(f"{error.filename or file}: {error.strerror or error}; {cure}") from error
    load(file)
    click.echo(f"wrote {file}; `auditor config show` shows what it sets")
    return 0


def _refuse_second(file: Path, force: bool) -> None:
    """One file configures: what is there already is not overwritten, nor is a second one put beside it."""
    from auditor.config.read import PROJECT, TABLE, has_table

    project = file.with_name(PROJECT)
    if project.is_file() and has_table(project):
        raise click.UsageError(f"{project} has [{TABLE}], which configures; edit it, or take it out and begin again")
    if (file.exists() or file.is_symlink()) and not force:
        raise click.UsageError(
            f"{file} is there already; overwrite it with --force, or see with --print what would be new"
        )


def _from_home(folder: Path) -> str:
    return f"~/{folder.relative_to(Path.home())}" if folder.is_relative_to(Path.home()) else str(folder)
