"""The process of the evaluator: a question on the standard input, an answer on the standard output.

It is started by its file and imports nothing of auditor, which would take three times as long as most evaluations.
"""

from __future__ import annotations

import json
import resource
import sys
from typing import Any

_MEMORY = 1024**3


def _bound_memory() -> None:
    """Bound what can be written to. The Go runtime reserves addresses that it never fills, the more the more processors
    there are, so a bound on addresses would depend on the machine. Only Linux keeps this bound."""
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, _MEMORY))


def main() -> None:
    _bound_memory()
    asked = json.load(sys.stdin)
    from tfparse import ParseError, load_from_path

    answer: dict[str, Any] = {}
    for at, root in enumerate(asked["roots"]):
        try:
            found = load_from_path(
                root, stop_on_hcl_error=True, allow_downloads=False, vars_paths=asked["var_files"] or None
            )
            answer = {"blocks": found}
        except (ParseError, ValueError, OSError) as error:
            answer = {"wrong": str(error), "at": at}
            break
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
