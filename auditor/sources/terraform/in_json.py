"""Terraform in JSON as blocks with their lines, as `text.blocks` gives those of its own language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from auditor.bounded import Dialect, Document, Lined
from auditor.model import Json
from auditor.sources.cloudformation import json_text
from auditor.sources.code_options import MOST_BYTES, MOST_DEPTH
from auditor.sources.terraform.text import bodies

_DIALECT = Dialect(MOST_BYTES, 400_000, MOST_DEPTH, lined=True)
# "JSON Configuration Syntax": so many labels stand between the kind of a block and its body.
_LABELS = {"locals": 0, "variable": 1, "module": 1, "output": 1, "provider": 1, "resource": 2, "data": 2}


@dataclass(frozen=True, slots=True)
class Block:
    """A block; its line is that of its last label."""

    kind: str
    labels: tuple[str, ...]
    line: int
    body: Lined


@lru_cache(maxsize=5_000)  # both sides of a change are mostly the same texts
def json_blocks(text: str) -> tuple[Block, ...]:
    """The blocks of a file; none where it is no JSON, which the evaluator refuses."""
    document = Document("")
    json_text.parse(text, document, _DIALECT)
    tops = [body for _, body in bodies(document.value, 0)]
    return tuple(found for top in tops for kind in top if kind in _LABELS for found in _of_kind(top, kind))


def _of_kind(top: dict[str, Json], kind: str) -> Iterator[Block]:
    if not _LABELS[kind]:
        for _, body in bodies(top[kind], 0):
            yield Block(kind, (), min(Lined(body).lines.values(), default=1), Lined(body))
        return
    for labels, named in bodies(top[kind], _LABELS[kind] - 1):
        for name in named:
            for _, body in bodies(named[name], 0):
                yield Block(kind, (*labels, name), Lined(named).lines.get(name, 1), Lined(body))
