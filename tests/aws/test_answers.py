"""What is no answer of the operation is a failure with its reason, for every operation that a type is read by."""

from __future__ import annotations

import json

import pytest

from auditor.aws import session as aws
from auditor.aws.requests import Failure, Request
from tests.aws.answering import ACCOUNT, answering, calls, response

PAGE = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>guest network</body></html>"
FORMED = b"<html><head><title>Sign in</title></head><body><p>guest network</p></body></html>"

# Each makes of the operation's own answer one that is damaged: body, content type, further headers.
DAMAGED = {
    "empty": lambda kind, whole: (b"", kind, {}),
    "blank": lambda kind, whole: (b" \n", kind, {}),
    "cut in the middle": lambda kind, whole: (whole[: len(whole) * 2 // 3], kind, {}),
    "shorter than it says": lambda kind, whole: (whole, kind, {"content_length": str(len(whole) + 7)}),
    "a page": lambda kind, whole: (PAGE, "text/html; charset=utf-8", {}),
    "a page under the service's own type": lambda kind, whole: (FORMED, kind, {}),
    "a list": lambda kind, whole: (b'["a"]', kind, {}),
    "a text": lambda kind, whole: (b'"a"', kind, {}),
    "null": lambda kind, whole: (b"null", kind, {}),
    "an error's members": lambda kind, whole: (b'{"message": "Service Unavailable"}', kind, {}),
    "another root": lambda kind, whole: (b"<Error><Code>InternalError</Code></Error>", kind, {}),
    "bytes": lambda kind, whole: (b"\xff\xfe\x00\x01", kind, {}),
    "deep": lambda kind, whole: (b'{"a":' * 100_000, kind, {}),
}
JSON_ONLY = {"a list", "a text", "null", "an error's members", "deep"}


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(aws, "WAITS", (0, 0))
    monkeypatch.setattr(aws, "ATTEMPTS", 1)


@pytest.fixture(scope="module")
def connection():
    """One for all: clients cost more than what they are asked here."""
    return answering(None)


def model(connection, service, operation):
    client = connection.client(service, connection.region)
    return client.meta.service_model.operation_model(client.meta.method_to_api_mapping[operation])


def least(operation):
    """Arguments that botocore lets through: every member that is required, as small as it may be."""
    shape = operation.input_shape
    return {name: _least(shape.members[name]) for name in shape.required_members} if shape else {}


def _least(shape):
    made = {
        "string": (shape.enum or ["a" * max(1, shape.metadata.get("min", 1))])[0]
        if shape.type_name == "string"
        else "",
        "list": [_least(shape.member)] if shape.type_name == "list" else [],
        "structure": {name: _least(shape.members[name]) for name in shape.required_members}
        if shape.type_name == "structure"
        else {},
        "integer": 1,
        "boolean": True,
    }
    return made[shape.type_name]


def own(operation):
    """The smallest answer of an operation that shows where it ends, and its type."""
    protocol = getattr(operation.service_model, "resolved_protocol", operation.service_model.metadata["protocol"])
    if "json" in protocol:
        return "application/json", json.dumps({"x" * 40: {"y" * 40: ["z" * 40]}}).encode()
    from auditor.aws.answers import _root

    root = _root(operation, operation.output_shape)
    wrapper = operation.output_shape.serialization.get("resultWrapper", "x")
    return "text/xml", f"<?xml version='1.0'?><{root}><{wrapper}>{'z' * 40}</{wrapper}></{root}>".encode()


def ask(connection, service, operation, **arguments):
    request = Request.of(ACCOUNT, connection.region, service, operation, arguments)
    return connection.ask([request])[request]


def told_in_text(operation):
    payload = operation.output_shape.serialization.get("payload")
    return payload and operation.output_shape.members[payload].type_name == "string"


@pytest.mark.parametrize("fault", DAMAGED)
def test_no_damaged_answer_is_taken_for_an_empty_one(connection, fault):
    wrong = {}
    for service, method in calls():
        operation = model(connection, service, method)
        kind, whole = own(operation)
        if fault in JSON_ONLY and kind != "application/json" and not told_in_text(operation):
            continue
        body, kind, headers = DAMAGED[fault](kind, whole)
        connection.answer = lambda *_, given=(200, body, kind), headers=headers: response(*given, **headers)
        reply = ask(connection, service, method, **least(operation))
        if not isinstance(reply, Failure) or reply.reason != "unavailable":
            wrong[f"{service}:{method}"] = reply
    assert not wrong


@pytest.mark.parametrize(
    ("service", "method", "body"),
    [
        ("sqs", "list_queues", b"{}"),
        ("lambda", "get_function_concurrency", b"{}"),
        ("logs", "describe_log_groups", b"{}"),
    ],
)
def test_an_answer_that_is_small_is_an_answer(connection, service, method, body):
    connection.answer = lambda *_: response(200, body)
    assert ask(connection, service, method, **least(model(connection, service, method))) == {}


def test_a_damaged_answer_is_asked_for_again(connection):
    answers = [response(200, b""), response(200, b'{"QueueUrls": ["a'), response(200, b'{"QueueUrls": ["a"]}')]
    connection.counted.clear()
    connection.answer = lambda *_: answers.pop(0)
    assert ask(connection, "sqs", "list_queues") == {"QueueUrls": ["a"]}
    assert connection.counted == {"sqs:list_queues": 3}


@pytest.mark.parametrize("body", [b"guest network", b"", b"[]", b'"Allow"', b'{"Statement": [', b"null"])
def test_a_bucket_policy_that_is_no_document_is_no_answer(connection, body):
    connection.answer = lambda *_: response(200, body)
    assert ask(connection, "s3", "get_bucket_policy", Bucket="aaa").reason == "unavailable"


def test_pages_are_counted(connection):
    pages = [b'{"Functions": [{"FunctionName": "a"}], "NextMarker": "m"}', b'{"Functions": [{"FunctionName": "b"}]}']
    connection.counted.clear()
    connection.answer = lambda *_: response(200, pages.pop(0))
    assert len(ask(connection, "lambda", "list_functions")["Functions"]) == 2
    assert connection.counted == {"lambda:list_functions": 2}


@pytest.mark.parametrize("status", [301, 302, 401, 403, 404, 407, 429, 503])
@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", ""])
def test_a_page_refuses_nothing_in_the_name_of_aws(connection, status, kind):
    """A proxy's 403 asks for no IAM action, and its 404 says of nothing that it does not exist."""
    wrong = {}
    for service, method in calls():
        operation = model(connection, service, method)
        own_kind, _ = own(operation)
        connection.answer = lambda *_, kind=kind or own_kind: response(status, PAGE, kind)
        reply = ask(connection, service, method, **least(operation))
        if not isinstance(reply, Failure) or reply.reason != "unavailable":
            wrong[f"{service}:{method}"] = reply
    assert not wrong


@pytest.mark.parametrize(
    ("service", "method", "body", "kind", "reason"),
    [
        ("s3", "list_buckets", b"<Error><Code>AccessDenied</Code><Message>no</Message></Error>", "application/xml", "denied"),
        ("sqs", "list_queues", b'{"__type": "AccessDeniedException", "message": "no"}', "application/x-amz-json-1.0", "denied"),
        ("lambda", "list_functions", b'{"Message": "<b>no</b>"}', "application/json", "denied"),
        ("iam", "list_users", b"<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>", "text/xml", "denied"),
    ],
)  # fmt: skip
def test_a_refusal_of_aws_is_one(connection, service, method, body, kind, reason):
    connection.answer = lambda *_: response(403, body, kind)
    assert ask(connection, service, method).reason == reason
