"""Each way in which AWS says no has its own reason and cure: only what IAM refused is cured by an IAM action."""

from __future__ import annotations

import socket

import botocore.exceptions as boto
import pytest

from auditor.aws import errors
from auditor.aws import session as aws
from auditor.aws.requests import CannotConnect, Request
from auditor.model import Gap
from tests.aws.answering import ACCOUNT, answering, response

OPEN, CLOSED = "eu-west-1", "ap-southeast-7"
BY_SCP = "is not authorized to perform: logs:DescribeLogGroups with an explicit deny in a service control policy"
NO_SCP = "is not authorized to perform: x because no service control policy allows the logs:DescribeLogGroups action"
BY_RCP = "is not authorized to perform: x with an explicit deny in a resource control policy"
BY_POLICY = (
    "User: arn:aws:iam::1:user/x is not authorized to perform: x with an explicit deny in an identity-based policy"
)
LATE = "20260101T000000Z is now earlier than 20260101T000100Z (20260101T000600Z - 5 min.)"
ABSENT = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
ASLEEP = socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


def told(code, message="no", status=400):
    return boto.ClientError(
        {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}, "X"
    )


TABLE = [
    ("ExpiredToken", told("ExpiredToken"), OPEN, "credentials", "log in again"),
    ("ExpiredTokenException", told("ExpiredTokenException"), CLOSED, "credentials", "log in again"),
    ("RequestExpired", told("RequestExpired"), OPEN, "credentials", "log in again"),
    ("RequestTimeTooSkewed", told("RequestTimeTooSkewed", status=403), OPEN, "credentials", "set the clock"),
    ("late", told("InvalidSignatureException", f"Signature expired: {LATE}"), OPEN, "credentials", "set the clock"),
    (
        "early",
        told("SignatureDoesNotMatch", f"Signature not yet current: {LATE}"),
        OPEN,
        "credentials",
        "set the clock",
    ),
    ("another key", told("SignatureDoesNotMatch", "Check your key"), OPEN, "credentials", "log in again"),
    ("SSO", boto.UnauthorizedSSOTokenError(), OPEN, "credentials", "log in again"),
    ("no keys left", boto.NoCredentialsError(), OPEN, "credentials", "log in again"),
    *[
        (f"{code} {region}", told(code), region, reason, cure)
        for code in ("AuthFailure", "UnrecognizedClientException", "InvalidClientTokenId")
        for region, reason, cure in (
            (CLOSED, "region-disabled", f"enable {CLOSED}"),
            (OPEN, "credentials", "log in again"),
            ("cn-north-1", "credentials", "log in again"),
        )
    ],
    ("OptInRequired", told("OptInRequired"), CLOSED, "region-disabled", f"enable {CLOSED}"),
    ("an image of others", told("AuthFailure", "Not authorized for images: [ami-1]"), CLOSED, "denied", "allow"),
    ("AccessDenied", told("AccessDenied", status=403), OPEN, "denied", "allow logs:DescribeLogGroups"),
    ("UnauthorizedOperation", told("UnauthorizedOperation"), OPEN, "denied", "allow logs:DescribeLogGroups"),
    ("explicit", told("AccessDenied", BY_POLICY), OPEN, "denied", "remove the explicit deny"),
    ("SCP", told("AccessDeniedException", BY_SCP), OPEN, "denied-by-organization", "policy of the organization"),
    ("no SCP allows", told("AccessDenied", NO_SCP), OPEN, "denied-by-organization", "policy of the organization"),
    ("RCP", told("AccessDenied", BY_RCP), OPEN, "denied-by-organization", "policy of the organization"),
    ("Throttling", told("ThrottlingException"), OPEN, "throttled", "run again later"),
    ("RequestLimitExceeded", told("RequestLimitExceeded", status=503), OPEN, "throttled", "run again later"),
    ("500", told("InternalFailure", status=500), OPEN, "unavailable", "run again"),
    ("502", told("502", status=502), OPEN, "unavailable", "run again"),
    ("no code", told("", status=503), OPEN, "unavailable", "run again"),
    (
        "refused",
        boto.EndpointConnectionError(endpoint_url="x", error=ConnectionRefusedError()),
        OPEN,
        "unavailable",
        "run",
    ),
    ("slow", boto.ReadTimeoutError(endpoint_url="x"), OPEN, "unavailable", "run again"),
    ("no connection", boto.ConnectTimeoutError(endpoint_url="x"), OPEN, "unavailable", "run again"),
    ("closed", boto.ConnectionClosedError(endpoint_url="x"), OPEN, "unavailable", "run again"),
    ("no such host", boto.EndpointConnectionError(endpoint_url="x", error=ABSENT), CLOSED, "unsupported", "leave"),
    ("names asleep", boto.EndpointConnectionError(endpoint_url="x", error=ASLEEP), CLOSED, "unavailable", "run again"),
    ("unknown", told("UnknownOperationException"), OPEN, "unsupported", ""),
    ("else", told("ValidationException"), OPEN, "failed", ""),
]


@pytest.mark.parametrize(
    ("error", "region", "reason", "cure"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_each_reason_has_its_cure(error, region, reason, cure):
    failed = errors.of_exception(error, region)
    action = "logs:DescribeLogGroups"
    gap = Gap("1", region, "logs", "describe_log_groups", action, failed.reason, (), f"{failed.code}: {failed.message}")
    assert failed.reason == reason
    assert gap.cure.startswith(cure) if cure.startswith(("allow", "run", "log")) else cure in gap.cure
    assert bool(gap.cure) == bool(cure)
    assert (action in gap.cure) == (reason in ("denied", "denied-by-organization"))


IDENTITY = (
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/x</Arn><UserId>A</UserId>"
    f"<Account>{ACCOUNT}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
).encode()
REFUSED = b"<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>invalid</Message></Error></ErrorResponse>"


@pytest.fixture
def sts(monkeypatch):
    """STS that knows the keys in some regions; gives the list of regions that were asked."""

    def answering_in(*regions):
        asked = []
        made = aws._client

        def client(session, service, region, counted):
            found = made(session, service, region, counted)
            good = response(200, IDENTITY, "text/xml") if region in regions else response(403, REFUSED, "text/xml")
            asked.append(region)
            found.meta.events.register("before-send", lambda **_: good)
            return found

        monkeypatch.setattr(aws, "_client", client)
        return asked

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    monkeypatch.setattr(aws, "ATTEMPTS", 1)
    return answering_in


def test_a_closed_region_does_not_make_good_keys_invalid(sts):
    asked = sts("us-east-1")
    assert aws.connect(region=CLOSED).account == ACCOUNT
    assert asked == [CLOSED, "us-east-1"]


@pytest.mark.parametrize("region", [CLOSED, OPEN])
def test_bad_keys_are_bad_everywhere(sts, region):
    sts()
    with pytest.raises(CannotConnect, match="not valid") as caught:
        aws.connect(region=region)
    assert caught.value.configuration


def test_a_page_instead_of_an_identity_is_no_account(sts, monkeypatch):
    monkeypatch.setattr("tests.aws.test_errors.IDENTITY", b"<html/>")
    sts(OPEN)
    with pytest.raises(CannotConnect, match="cannot be reached") as caught:
        aws.connect(region=OPEN)
    assert not caught.value.configuration


def test_an_operation_that_the_sdk_lacks_is_unsupported():
    connection = answering(lambda *_: response())
    request = Request.of(ACCOUNT, "us-east-1", "s3", "list_nothing", {})
    assert connection.ask([request])[request].reason == "unsupported"
