"""`auditor completion`: what a shell needs to complete commands, options, and the names of rules and documents."""

from __future__ import annotations

import click


@click.command("completion")
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
def command(shell: str) -> int:
    """Print the script by which SHELL completes auditor's commands, options, and names of rules, baselines and runs.

    \b
    auditor completion bash > ~/.local/share/bash-completion/completions/auditor
    auditor completion zsh > "${fpath[1]}/_auditor"
    auditor completion fish > ~/.config/fish/completions/auditor.fish
    """
    from click.shell_completion import get_completion_class

    script = get_completion_class(shell)
    assert script is not None  # noqa: S101  click has the three shells of the choice above
    click.echo(script(click.get_current_context().find_root().command, {}, "auditor", "_AUDITOR_COMPLETE").source())
    return 0
