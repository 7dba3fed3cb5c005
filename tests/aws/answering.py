"""A connection whose requests never leave: each is answered with bytes that a test chooses, and botocore reads them."""

from __future__ import annotations

from io import BytesIO

import boto3
from botocore.awsrequest import AWSResponse, HeadersDict

from auditor.aws.session import Connection
from auditor.resources import load

ACCOUNT = "111122223333"


class Raw(BytesIO):
    """What urllib3 gives botocore to read from."""

    def stream(self, *_, **__):
        yield self.read()


def response(status=200, body=b"", kind="application/json", **headers):
    given = {"content-type": kind, "content-length": str(len(body))}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    return AWSResponse("https://x", status, HeadersDict(given), Raw(body))


class Answering(Connection):
    """`answer(service, operation)` gives a response, raises, or is asked anew for each attempt."""

    __slots__ = ("answer",)

    def client(self, service, region):
        fresh = (service, region) not in self._clients
        made = Connection.client(self, service, region)
        if fresh:
            made.meta.events.register(
                "before-send", lambda event_name, **_: self.answer(service, event_name.rpartition(".")[2])
            )
        return made


def answering(answer, region="us-east-1"):
    session = boto3.Session("testing", "testing", region_name=region)
    connection = Answering(session, ACCOUNT, "aws", region, f"arn:aws:iam::{ACCOUNT}:user/x")
    connection.answer = answer
    return connection


def calls():
    """Every operation that a type is read by, as (service, operation)."""
    found = set()
    for each in load().values():
        made = [each.list, *(row.call for row in each.props if row.call), *filter(None, [each.tags_call])]
        found |= {(call.service or each.service, call.operation) for call in made}
    return sorted(found)
