"""Blocks that come of a list which is not known: the evaluator gives none of them, and says nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from auditor.model import Json
from auditor.sources.references import unknown
from auditor.sources.terraform.text import Said, inside
from auditor.sources.terraform.volatile import VOLATILE
from auditor.sources.terraform.written import Written, dynamic


def with_uncounted(
    known: dict[str, Json], block: Mapping[str, Any], text: str, lists: Mapping[str, list[Said]], written: Written
) -> dict[str, Json]:  # fmt: skip
    """The values of a block, whose source is `text`, with a text for the blocks that may be missing.

    It stands beside the blocks that are known. JSON tells of dynamic blocks at any depth together, so there it
    stands for all of them.
    """
    file = str(block["__tfmeta"]["filename"])
    folder = str(Path(file).parent)
    out = dict(known)
    for name, said in (lists or (dynamic(text, 0) if "dynamic" in text else {})).items():
        value = block.get(name)
        made = len(value) if isinstance(value, list) else int(value is not None)
        plain = sum(head.kind == name for head in inside(text, 0))
        open_ones = any(written.open(each.text, folder) for each in said)
        # In JSON nothing was put in the place of what the evaluator has a value of its own for.
        own = file.endswith(".json") and any(written.open(each.text, folder, VOLATILE) for each in said)
        if own or ((made <= plain or len(said) > 1) and open_ones):
            more = unknown(f"how many {name} blocks there are is known only after apply")
            there = known.get(name)
            beside = there if isinstance(there, list) else [there] if isinstance(there, dict) else []
            out[name] = more if not beside or file.endswith(".json") else [*beside, more]
    return out
