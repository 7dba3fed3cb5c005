"""A plan over an account knows AWS's own ids and ARNs: others refer to a resource by them, and by its name in code too."""

import json

import pytest

from auditor.graph.build import build
from auditor.resources import load
from auditor.sources import terraform
from auditor.sources.code_options import CodeOptions

ROLE, FUNCTION = "arn:aws:iam::111122223333:role/nightly", "arn:aws:lambda:ap-northeast-2:111122223333:function:cleanup"
RULE = "arn:aws:events:ap-northeast-2:111122223333:rule/nightly"
HOST = "abcdefghijklmnopqrstuvwxyz012345.lambda-url.ap-northeast-2.on.aws"
THERE = {
    "aws_iam_role.it": {"name": "nightly", "id": "nightly", "arn": ROLE},
    "aws_lambda_function.it": {"function_name": "cleanup", "id": "cleanup", "arn": FUNCTION, "role": ROLE},
    "aws_lambda_function_url.it": {
        "function_name": "cleanup",
        "function_url": f"https://{HOST}/",
        "authorization_type": "NONE",
    },
    "aws_cloudwatch_event_rule.it": {
        "name": "nightly",
        "id": "nightly",
        "arn": RULE,
        "schedule_expression": "rate(1 day)",
    },
    "aws_cloudwatch_event_target.it": {"rule": "nightly", "target_id": "handler", "arn": FUNCTION},
    "aws_cloudfront_distribution.it": {
        "id": "E1EXAMPLE",
        "enabled": True,
        "domain_name": "d111111abcdef8.cloudfront.net",
        "origin": [{"origin_id": "server", "domain_name": HOST}],
    },
    "aws_route53_record.it": {
        "name": "cuggu.com",
        "type": "A",
        "zone_id": "Z1EXAMPLE",
        "alias": [{"name": "d111111abcdef8.cloudfront.net", "zone_id": "Z2FDTNDATAQYW2"}],
    },
}
EDGES = [
    ("Lambda::Function", "acts-as", "IAM::Role"),
    ("Events::Rule", "targets", "Lambda::Function"),
    ("CloudFront::Distribution", "draws-from", "Lambda::Url"),
    ("Route53::RecordSet", "routes-to", "CloudFront::Distribution"),
]


@pytest.fixture(scope="module")
def edges(tmp_path_factory):
    changes = []
    for address, after in THERE.items():
        kind, name = address.split(".")
        change = {"actions": ["no-op"], "before": after, "after": after, "after_unknown": {}}
        changes.append({"address": address, "mode": "managed", "type": kind, "name": name, "change": change})
    path = tmp_path_factory.mktemp("plan") / "plan.json"
    path.write_text(json.dumps({"format_version": "1.2", "terraform_version": "1.11.4", "resource_changes": changes}))
    graph = build(terraform.read(path, CodeOptions(region="ap-northeast-2")), load())
    kinds = {each.key: each.type.removeprefix("AWS::") for each in graph.resources()}
    return {(kinds[edge.tail], edge.relation, kinds[edge.head]) for edge in graph.edges()}


@pytest.mark.parametrize("edge", EDGES, ids=lambda each: "-".join(each).replace("::", "-"))
def test_what_is_known_by_its_arn_or_host_is_found(edges, edge):
    assert edge in edges
