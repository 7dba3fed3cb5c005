"""One resource said four ways, and the one canonical resource that all of them must become.

`tests/resources/golden/<service>/<type>/` holds

- `live.json`      the calls and AWS's answers, as in tests/resources/answers (worked out from AWS's documentation)
- `tf/main.tf`     the same resource in Terraform, with literal ids for what it refers to
- `template.yaml`  the same resource in CloudFormation
- `expected.json`  `properties`: the canonical value of every row; `unknown`: for a source, the rows that it cannot
                   know, each with the reason; `called`: for an id, the addresses of what has it in the code, where the
                   resource needs others beside it (the network that says the addresses); `among`: the properties that
                   tell it from those of its type that every account has too. No other difference is allowed.

What `terraform plan` makes of the Terraform lies in tests/plans.jsonl.gz (`make plans` where a Terraform is present).
"""

from __future__ import annotations

import json
from pathlib import Path

from auditor.aws import redact
from auditor.aws.replay import Replay
from auditor.aws.requests import Failure, Request
from auditor.model import ABSENT, paths
from auditor.resources import load, stem
from auditor.sources import live
from auditor.sources.live import Place
from tools.plans import plan_file

GOLDEN = Path(__file__).parent / "golden"
ACCOUNT, REGION = "111122223333", "ap-northeast-2"
SOURCES = ("live", "plan", "hcl", "cloudformation")
PLACE = Place(ACCOUNT, "aws", "us-east-1", (REGION,))


def folder(cfn):
    return GOLDEN / stem(cfn)


def expected(cfn):
    return json.loads((folder(cfn) / "expected.json").read_text(encoding="utf-8"))


def read(cfn, source):
    """The resource as one source says it."""
    among = expected(cfn).get("among", {}).items()
    found = [
        each
        for each in _inventory(cfn, source).resources
        if each.type == cfn and not each.aws_made and among <= each.properties.items()
    ]
    assert len(found) == 1, f"{source}: {[each.key for each in found]}"
    return _by_ids(found[0], expected(cfn).get("called", {}))


def _by_ids(resource, called):
    """The resource with the ids that AWS gives, where code has the addresses of what it declares beside it."""
    ids = {address: name for name, addresses in called.items() for address in addresses}

    def within(value):
        if isinstance(value, dict):
            return {key: within(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [within(inner) for inner in value]
        return ids.get(value, value) if isinstance(value, str) else value

    resource.properties = within(resource.properties)
    return resource


def _inventory(cfn, source):
    place = folder(cfn)
    if source == "live":
        return live.read(Replay(_replies(place / "live.json")), PLACE, {cfn: None}, load())
    from auditor.sources.code_options import CodeOptions

    options = CodeOptions(region=REGION)
    if source == "cloudformation":
        from auditor.sources import cloudformation

        return cloudformation.read(place / "template.yaml", options)
    from auditor.sources import terraform

    return terraform.read(plan_file(f"golden/{stem(cfn)}") if source == "plan" else place / "tf", options)


def _replies(path):
    replies = {}
    for each in json.loads(path.read_text(encoding="utf-8")):
        request = Request.of(ACCOUNT, each["region"], each["service"], each["operation"], each["params"])
        replies[request] = Failure(each["error"], "failed", "") if "error" in each else redact.plain(each["reply"])
    return replies


def differences(cfn, source):
    """Every row on which the source and the golden do not agree, in words."""
    golden, resource, told = expected(cfn), read(cfn, source), []
    silent = golden.get("unknown", {}).get(source, {})
    for row in load()[cfn].props:
        wanted = golden["properties"].get(row.name, ABSENT)
        gap = paths.hidden(resource.unknown, row.name)
        if gap is not None and wanted is ABSENT and "does not know" in gap.message:
            continue  # an SDK older than the member: unknown there, and not set elsewhere
        if gap is not None or row.name in silent:
            if gap is None:
                told.append(f"{row.name}: is said to be unknown, and is {resource.properties.get(row.name, ABSENT)!r}")
            elif not silent.get(row.name):
                told.append(f"{row.name}: unknown without being listed: {gap.message}")
            continue
        value = resource.properties.get(row.name, ABSENT)
        if value != wanted:
            told.append(f"{row.name}: {value!r} is not {wanted!r}")
    extra = resource.properties.keys() - {row.name for row in load()[cfn].props}
    return told + [f"{name}: is no row of the type" for name in sorted(extra)]
