"""What a request asks, in AWS's own words, and how an answer or an error is spelt for the one who asked.

The credential scope of the signature names the service, the body or the path the operation. Parameters and
answers are read and written with botocore's models through moto's parsers and serialisers, so that a
correction deals in the same dictionaries as a user of boto3.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from auditor.sandbox.wire import Answer, Asked

SCOPE = re.compile(r"Credential=(?P<key>[^/]+)/\d+/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request")

# Services whose signing name is not the name boto3 gives them.
SIGNED_AS = {
    "access-analyzer": "accessanalyzer",
    "elasticfilesystem": "efs",
    "email": "ses",
    "eventbridge": "events",
    "monitoring": "cloudwatch",
    "states": "stepfunctions",
    "tagging": "resourcegroupstaggingapi",
}


class Refusal(Exception):
    """An error of AWS, raised by a correction: its code, its words, its HTTP status."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.status = code, message, status


class AnsweredByMoto(Exception):
    """Moto answered with an error, which is passed on as it is."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


@dataclass
class Call:
    """One call of one operation. `region` and `service` are those of the signature."""

    asked: Asked
    service: str
    operation: str
    region: str
    access_key: str
    path_parameters: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def account(self) -> str:
        from moto.iam.models import get_account_id_from

        return str(get_account_id_from(self.access_key))

    @cached_property
    def model(self) -> Any:
        """The service's model in botocore."""
        from moto.core.utils import get_service_model

        return get_service_model(self.service)

    @cached_property
    def protocol(self) -> str:
        from moto.core.request import determine_request_protocol

        return str(determine_request_protocol(self.model, self.asked.header("content-type")))

    @cached_property
    def params(self) -> dict[str, Any]:
        """The parameters as given to boto3."""
        from moto.core.parse import PROTOCOL_PARSERS

        request = http_request(self.asked)
        parser = PROTOCOL_PARSERS[self.protocol](self.model.operation_model(self.operation), map_type=dict)
        with readable():
            parsed: dict[str, Any] = parser.parse(
                {
                    "method": request.method,
                    "values": request.values,
                    "headers": request.headers,
                    "body": self.asked.body,
                    "url_path": request.path,
                    "url_params": self.path_parameters,
                }
            )
        return parsed

    def read(self, answer: Answer) -> dict[str, Any]:
        """An answer of this operation as boto3 would hand it over."""
        from botocore.parsers import create_parser

        raw = {
            "body": answer.body,
            "headers": {name.lower(): value for name, value in answer.headers},
            "status_code": answer.status,
        }
        shape = self.model.operation_model(self.operation).output_shape
        parsed: dict[str, Any] = create_parser(self.protocol).parse(raw, shape)
        parsed.pop("ResponseMetadata", None)
        return parsed

    def write(self, result: Mapping[str, Any] | None) -> Answer:
        """The answer which boto3 reads as `result`."""
        from moto.core.serialize import get_serializer_class

        serializer = get_serializer_class(self.service, self.protocol)(
            operation_model=self.model.operation_model(self.operation)
        )
        out = serializer.serialize(dict(result or {}))
        # An answer of status 204 has no body: what came behind it would be taken for the start of the next answer.
        body = out["body"] if out["status_code"] != 204 else b""
        return Answer(
            out["status_code"],
            body.encode() if isinstance(body, str) else body,
            tuple((str(name), str(value)) for name, value in out["headers"].items()),
        )


def http_request(asked: Asked) -> Any:
    from moto.core.request import Request

    return Request(asked.environ())


@contextmanager
def readable() -> Iterator[None]:
    """A malformed number or document in a request is the caller's error, not the sandbox's."""
    try:
        yield
    except (ValueError, TypeError) as wrong:
        raise Refusal("ValidationError", f"the request cannot be read: {wrong}") from wrong


def recognise(asked: Asked) -> Call | None:
    """The call a request makes; None when it is unsigned or of no service that botocore knows."""
    scope = SCOPE.search(asked.header("authorization"))
    if scope is None:
        return None
    service = service_of(scope["service"].lower(), asked)
    call = Call(asked, service, "", scope["region"], scope["key"])
    target = asked.header("x-amz-target")
    if target:
        call.operation = target.rpartition(".")[2]
    elif asked.header("content-type").startswith("application/x-www-form-urlencoded"):
        call.operation = first(asked.body.decode("utf-8", "replace"), "Action")
    if not call.operation:
        call.operation, call.path_parameters = by_path(service, asked)
    return call if call.operation else None


def first(form: str, key: str) -> str:
    return (parse_qs(form).get(key) or [""])[0]


def service_of(signed: str, asked: Asked) -> str:
    """Where several services share a signing name, the request itself tells them apart."""
    path = asked.path
    if signed == "s3" and path.startswith("/v20180820/"):
        return "s3control"
    if signed == "apigateway" and path.startswith("/v2/"):
        return "apigatewayv2"
    if signed == "email" and path.startswith("/v2/"):
        return "sesv2"
    if signed == "dynamodb" and asked.header("x-amz-target").startswith("DynamoDBStreams"):
        return "dynamodbstreams"
    if signed == "elasticloadbalancing":
        return "elbv2" if b"Version=2015-12-01" in asked.body else "elb"
    return SIGNED_AS.get(signed, signed)


def by_path(service: str, asked: Asked) -> tuple[str, dict[str, Any]]:
    """The operation of a REST service, found by method, path and query as its model binds them."""
    from botocore.exceptions import UnknownServiceError
    from moto.core.routing import NotFound, get_service_router

    try:
        operation, parameters = get_service_router(service).match(http_request(asked))
    except (NotFound, NotImplementedError, UnknownServiceError):
        return "", {}
    return str(operation.name), dict(parameters)


def ready(service: str) -> None:
    """Load what naming and reading a service's calls takes."""
    from moto.core.routing import get_service_router
    from moto.core.utils import get_service_model

    if str(get_service_model(service).protocol).startswith("rest"):
        get_service_router(service)._get_router(str(get_service_model(service).protocol))


def error(call: Call | None, code: str, message: str, status: int) -> Answer:
    """An error as this service spells errors, so that botocore reads exactly `code`."""
    if call is None:
        return xml_error("Error", code, message, status)
    if call.asked.method == "HEAD":  # has no body: botocore can only tell the status, as with AWS
        return Answer(status)
    if call.protocol in ("json", "rest-json"):
        body = json.dumps({"__type": code, "message": message}).encode()
        headers = [("Content-Type", "application/json"), ("x-amzn-ErrorType", code)]
        if "awsQueryCompatible" in call.model.metadata:
            headers.append(("x-amzn-query-error", f"{code};Sender"))
        return Answer(status, body, tuple(headers))
    if call.protocol == "ec2":
        return xml_error("Response/Errors/Error", code, message, status)
    if call.service == "s3":
        return xml_error("Error", code, message, status)
    return xml_error("ErrorResponse/Error", code, message, status)


def xml_error(where: str, code: str, message: str, status: int) -> Answer:
    names = where.split("/")
    inner = f"<Type>Sender</Type><Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
    opening = "".join(f"<{name}>" for name in names)
    closing = "".join(f"</{name}>" for name in reversed(names))
    body = f'<?xml version="1.0" encoding="UTF-8"?>{opening}{inner}{closing}'
    return Answer(status, body.encode(), (("Content-Type", "text/xml"),))
