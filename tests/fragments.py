"""Graphs out of CloudFormation fragments of a few lines, for examples of rules and tables of tests.

They go through the real source, so that an example in a rule file is judged as the same lines in a template are. What
otherwise only AWS says (a status, an ARN) may stand among the properties and is taken as it is; what is not said counts
as not set, for an example says all that matters in it.
"""

import json
import tempfile
from pathlib import Path

from auditor.graph.build import build
from auditor.resources import load
from auditor.sources import cloudformation
from auditor.sources.code_options import CodeOptions

ACCOUNT, REGION = "111122223333", "ap-northeast-2"


def graph_of(fragment, types=None):
    """The graph of {name: {Type, Properties}}; every described type counts as looked for."""
    types = types or load()
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "example.json"
        template.write_text(json.dumps({"Resources": fragment}))
        options = CodeOptions({"AWS::AccountId": ACCOUNT}, region=REGION)
        inventory = cloudformation.read(template, options)
    for resource in inventory.resources:
        resource.unknown = {
            path: gap
            for path, gap in resource.unknown.items()
            if gap.message != "known to AWS only, once the resource exists"
        }
        resource.name = resource.address.rpartition("/")[2]
    return build(inventory, types)
