"""The program that evaluates Terraform's expressions: a question a line on its input, the answer a line on its output.

It is started by its file and imports nothing of auditor, which would take three times as long as most evaluations; nor
can anything in the folder that it reads stand in the way of an import. `processes` keeps it for more questions.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Mapping
from typing import Any

_MEMORY = 1024**3
_USED = _MEMORY // 2048  # kilobytes after which another process goes on


def _bound_memory() -> None:
    """Bound what can be written to. The Go runtime reserves addresses that it never fills, the more the more processors
    there are, so a bound on addresses would depend on the machine. Only Linux keeps this bound."""
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, _MEMORY))


def _answer(question: Mapping[str, Any]) -> dict[str, Any]:
    """The blocks of the last of some folders, or which of them is wrong, and how."""
    from tfparse import ParseError, load_from_path

    os.chdir(question["here"])
    found: Any = {}
    for at, root in enumerate(question["roots"]):
        try:
            found = load_from_path(
                root, stop_on_hcl_error=True, allow_downloads=False, vars_paths=question["var_files"] or None
            )
        except (ParseError, ValueError, OSError) as error:
            return {"wrong": str(error), "at": at}
    return {"blocks": found}


def main() -> None:
    """Answer until there is no more question, or so much memory is held that the next one might want too much."""
    _bound_memory()
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever else is printed is no answer
    for line in sys.stdin:
        answers.write(json.dumps(_answer(json.loads(line))) + "\n")
        answers.flush()
        if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > _USED and sys.platform == "linux":
            return


if __name__ == "__main__":
    main()
