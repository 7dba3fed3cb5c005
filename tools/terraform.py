"""A real Terraform with the AWS provider that lies on this machine: found, configured to fetch nothing, and run."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from auditor.sandbox import Sandbox

PROVIDER = "registry.terraform.io/hashicorp/aws"


class NoTerraform(Exception):
    """There is none that runs offline; the message says what is missing."""


class TerraformFailed(Exception):
    """A command of Terraform that did not end well, with what it said."""


@dataclass(frozen=True)
class Terraform:
    """`mirror` is a folder from which the provider is installed."""

    program: str
    mirror: Path

    def run(self, work: Path, *words: str, environ: Mapping[str, str] | None = None) -> str:
        """One command in a folder. Nothing but the mirror is asked for providers, and nobody for newer versions."""
        settings = work / "mirror.tfrc"
        settings.write_text(f'provider_installation {{\n  filesystem_mirror {{\n    path = "{self.mirror}"\n  }}\n}}\n')
        environment = {
            **(os.environ if environ is None else environ),
            "CHECKPOINT_DISABLE": "1",
            "TF_CLI_CONFIG_FILE": str(settings),
            "TF_IN_AUTOMATION": "1",
        }
        done = subprocess.run([self.program, *words], cwd=work, env=environment, capture_output=True, text=True)
        if done.returncode:
            raise TerraformFailed(f"terraform {words[0]}: {done.stderr or done.stdout}")
        return done.stdout


def find() -> Terraform:
    """The one on the PATH, with the first folder that holds the AWS provider."""
    program = shutil.which("terraform")
    if not program:
        raise NoTerraform("there is no terraform on the PATH")
    for folder in _folders():
        if any((folder / PROVIDER).glob("*")):
            return Terraform(program, folder)
    raise NoTerraform("no folder with Terraform's AWS provider is there; name one with AUDITOR_TF_MIRROR")


def _folders() -> Iterator[Path]:
    """Where mirrors lie: where the user says, Terraform's implied local mirrors and its plugin cache, and /opt.

    The file system standard gives every package that is no part of the system a folder of its own directly below /opt.
    """
    for name in ("AUDITOR_TF_MIRROR", "TF_PLUGIN_CACHE_DIR"):
        if os.environ.get(name):
            yield Path(os.environ[name])
    home = Path.home()
    yield home / ".terraform.d" / "plugins"
    data = [os.environ.get("XDG_DATA_HOME") or str(home / ".local/share")]
    data += (os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share").split(":")
    yield from (Path(each) / "terraform" / "plugins" for each in data if each)
    for support in (home / "Library/Application Support", Path("/Library/Application Support")):
        yield support / "io.terraform" / "plugins"
    yield from sorted(Path("/opt").glob("*"))


def towards(box: Sandbox) -> dict[str, str]:
    """The environment in which Terraform sees a sandbox as its account.

    Terraform puts the account's number before the host of S3 Control, and knows no setting against it: the name that
    comes out is found by a proxy alone. Go asks a proxy for everything but this machine, so nothing else goes there.
    """
    return {**box.environ(), "HTTP_PROXY": box.url, "http_proxy": box.url}
