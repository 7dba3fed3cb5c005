"""What AWS's managed policies say, for code, where a role holds one of which only the name is known.

`tools/distil_managed_policies.py` writes the file: common policies, as AWS had them when it was written. An account
that was read says what its own hold.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources

from auditor.model import Json

# AWS's other partitions have some of the same names, with other resources in them.
_ARN = re.compile(r"arn:(?:aws|\$\{@partition\}):iam::aws:policy/(.+)")


def managed_policy(arn: str) -> Json:
    """The document of an AWS managed policy; None for one that is not in the file."""
    found = _ARN.fullmatch(arn)
    text = _texts().get(found[1]) if found else None
    return json.loads(text) if text else None


def named(name: str) -> str:
    """The end of the ARN of an AWS managed policy by its name; empty for one that is not in the file."""
    found = [each for each in _texts() if each.rpartition("/")[2] == name]
    return found[0] if len(found) == 1 else ""


@cache
def _texts() -> Mapping[str, str]:
    text = (resources.files("auditor.resources") / "managed_policies.txt").read_text(encoding="utf-8")
    lines = (line.partition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name: document for name, _, document in lines}
