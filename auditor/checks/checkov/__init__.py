"""checkov's policies beside our own rules: checkov runs as a program of its own and is never imported.

`written` puts the resources of a graph down as a Terraform plan (`attributes` and `spellings` say how, `real` reads one
that is given), `program` finds and runs checkov on it, `policies` holds what we say of each policy (severity, what it
looks at, which of our rules it repeats), `sight` tells whether the plan could know that, and `judge` turns the answers
into findings on our resources.
"""

from auditor.checks.checkov.judge import Judged, judge_with_checkov
from auditor.checks.checkov.policies import types_judged

__all__ = ["Judged", "judge_with_checkov", "types_judged"]
