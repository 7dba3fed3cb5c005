"""An arrow of a document is three answers, each shown with its evidence: also what depends and what is not known."""

import io
import json

import pytest

from auditor.checks.flows import link_answers, part_of
from auditor.checks.schema import Link
from auditor.findings import record
from auditor.model import Cite, Gap, Promise
from auditor.report import Options, console, html
from auditor.report import json as json_format
from auditor.resources import load
from tests.fragments import graph_of
from tests.report import sample

LINK = {"id": "failures", "title": "The server reports what failed", "from": "server", "to": "queue", "relation": "notifies",
        "action": "sqs:SendMessage", "at": {"section": "1", "lines": "1", "text": "server -> queue"}}  # fmt: skip
OFFICE = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
TLS = {"Bool": {"aws:SecureTransport": "true"}}


def server(statement):
    """A function that acts as a role with this statement, and sends what fails to a queue."""
    trust = {"Version": "2012-10-17", "Statement": []}
    document = {"Version": "2012-10-17", "Statement": [statement] if statement else []}
    policies = [{"PolicyName": "own", "PolicyDocument": document}]
    failed = {"TargetArn": {"Fn::GetAtt": ["Queue", "Arn"]}}
    return {
        "Server": {
            "Type": "AWS::Lambda::Function",
            "Properties": {"FunctionName": "server", "Role": {"Ref": "Role"}, "DeadLetterConfig": failed},
        },
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust, "Policies": policies}},
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "failures"}},
    }


def answers(statement, hide=()):
    graph = graph_of(server(statement), load())
    (tail,), heads = graph.of_type("AWS::Lambda::Function"), graph.of_type("AWS::SQS::Queue")
    (role,) = graph.of_type("AWS::IAM::Role")
    for name in hide:
        role.unknown[name] = Gap("1", "global", "iam", "get_account_authorization_details",
                                 "iam:GetAccountAuthorizationDetails", "denied", ("AWS::IAM::Role",), "AccessDenied: no")  # fmt: skip
    return list(link_answers(graph, Link.model_validate(LINK), tail, heads))


SEND = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}


@pytest.mark.parametrize(
    ("statement", "hide", "verdict", "depends"),
    [
        (SEND, (), "kept", ()),
        ({**SEND, "Condition": OFFICE}, (), "kept", ("aws:SourceIp",)),
        ({**SEND, "Condition": TLS}, (), "kept", ()),  # which the server chooses
        (None, (), "broken", ()),
        (None, ("ManagedPolicyArns",), "unknown", ()),
    ],
)
def test_permitted(statement, hide, verdict, depends):
    found = {part_of(each): each for each in answers(statement, hide)}
    assert (found["permitted"].verdict, found["permitted"].depends) == (verdict, depends)
    assert found["wired"].verdict == "kept"
    assert found["wired"].evidence
    if verdict != "unknown":
        assert [edge.relation for edge in found["permitted"].evidence][:1] == ["acts-as"]


def run_with(statement, hide=()):
    """The sample's run with this arrow as its only promise."""
    told = answers(statement, hide)
    verdict = next((word for word in ("broken", "unknown") if word in {each.verdict for each in told}), "kept")
    reason = next(
        (each.because for each in told if each.verdict == verdict and (verdict != "kept" or each.depends)), ""
    )
    parts = tuple((part_of(each), each) for each in told)
    run = sample.clean_run()
    run["promises"] = [
        record.promise(Promise("cuggu", "link/failures", Cite("1", "1", "x"), verdict, reason, (), parts))
    ]
    return run


def text(run, **options):
    out = io.StringIO()
    console.write(run, out, Options(**options))
    return " ".join(out.getvalue().split())


def page(run):
    out = io.StringIO()
    html.write(run, out, Options())
    return " ".join(out.getvalue().split())


def test_what_depends_is_visible_in_every_format():
    run = run_with({**SEND, "Condition": OFFICE})
    assert "Kept under conditions 1" in text(run)
    assert "allowed under conditions: aws:SourceIp" in text(run)
    verbose = text(run, verbose=True)
    assert "wired: Server notifies Queue" in verbose
    assert "permitted: Server may sqs:SendMessage on Queue, allowed under conditions: aws:SourceIp (" in verbose
    assert "uses the role" in verbose
    shown = page(run)
    assert "<strong>permitted</strong> kept under conditions: " in shown
    assert "<strong>wired</strong> kept: " in shown
    out = io.StringIO()
    json_format.write(run, out, Options())
    (promise,) = json.loads(out.getvalue())["promises"]
    assert [(part["part"], part["verdict"], part["depends_on"]) for part in promise["parts"]] == [
        ("wired", "kept", []),
        ("permitted", "kept", ["aws:SourceIp"]),
    ]
    assert all(part["evidence"] for part in promise["parts"])


def test_what_is_not_known_is_visible_in_every_format():
    run = run_with(None, ("ManagedPolicyArns",))
    verbose = text(run, verbose=True)
    assert "? permitted: Server may sqs:SendMessage on Queue, AccessDenied: no" in verbose
    assert "✓ wired: Server notifies Queue" in verbose
    assert "<strong>permitted</strong> unknown: " in page(run)


def test_what_is_simply_kept_is_not_said_to_depend():
    assert "under conditions" not in text(run_with(SEND))
    assert "under conditions" not in page(run_with(SEND))
