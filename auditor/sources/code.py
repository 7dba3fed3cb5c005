"""Code of any language as one inventory: a plan, a template, or a folder that holds several of either.

Every folder with Terraform that no other folder calls as a module is a configuration of its own. Below the path they
are told apart by their folder (`envs/prod:aws_kms_key.main`), so that equal addresses of two stages stay two resources.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from auditor.model import Inventory
from auditor.sources.code_options import CodeOptions
from auditor.sources.parts import every, merged
from auditor.sources.roots import roots_of


def read_code(path: Path, options: CodeOptions, plan: Path | None = None) -> Inventory:
    """What the code at a path declares; with a plan, Terraform's part as the plan has it, at the places of the code."""
    options = replace(options, root=options.root or (path if path.is_dir() else path.parent))
    return merged(every([partial(each.read, options) for each in roots_of(path, options, plan)]))
