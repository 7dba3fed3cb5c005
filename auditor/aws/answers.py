"""Whether an answer is the operation's own, judged by its bytes before botocore reads it.

botocore makes an empty answer of what it does not recognise: JSON that was cut or is a page of a proxy, XML under
another root. Taken at its word that is an account in which nothing exists. What a service truly answers may be as small
(`{}` of SQS ListQueues), so only the form is judged: what is no answer of the operation is `Damaged`, a failure to be
tried again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_ROOT = re.compile(rb"\s*(?:\xef\xbb\xbf)?(?:<\?xml[^>]*\?>)?\s*(?:<!--.*?-->\s*)*<(?:[\w.-]+:)?([\w.-]+)", re.DOTALL)
_HTML = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
# S3 names its roots in its documentation, and botocore's model does not.
_S3_ROOTS = {
    "GetBucketAcl": "AccessControlPolicy",
    "GetBucketCors": "CORSConfiguration",
    "GetBucketLifecycleConfiguration": "LifecycleConfiguration",
    "GetBucketLocation": "LocationConstraint",
    "GetBucketLogging": "BucketLoggingStatus",
    "GetBucketNotificationConfiguration": "NotificationConfiguration",
    "GetBucketTagging": "Tagging",
    "GetBucketVersioning": "VersioningConfiguration",
    "GetBucketWebsite": "WebsiteConfiguration",
    "ListBuckets": "ListAllMyBucketsResult",
}
_FOREIGN = {"html", "body", "error", "errorresponse"}
_ERROR_WORDS = {"message", "Message", "__type", "error", "errors", "code"}


class Damaged(Exception):
    """An answer that is not the operation's: cut, empty, a page of somebody in between."""


def watch(client: Any) -> None:
    """Judge every answer that a client gets; what is damaged leaves its call by an exception.

    IAM's policies stay the texts that were sent: botocore would parse them, and nobody could put back what was written.
    """
    from botocore.handlers import json_decode_policies

    client.meta.events.register("before-parse", _judge)
    client.meta.events.unregister("after-call.iam", json_decode_policies)


def _judge(operation_model: Any, response_dict: Mapping[str, Any], **_: Any) -> None:
    refused = response_dict["status_code"] >= 300
    if why := page(response_dict) if refused else damage(operation_model, response_dict):
        raise Damaged(f"the answer to {operation_model.name} {why}")


def page(answer: Mapping[str, Any]) -> str:
    """Whether a refusal is a page of somebody in between, whatever its status: AWS refuses in JSON or XML. Taken for
    AWS's, a proxy's 403 would ask for an IAM action, and its 404 say that something does not exist."""
    body = answer["body"] if isinstance(answer["body"], bytes) else b""
    if "html" in str(answer["headers"].get("content-type") or "").lower() or _HTML.match(body):
        return f"is an HTML page with status {answer['status_code']}, not an answer of AWS"
    return ""


def damage(operation: Any, answer: Mapping[str, Any]) -> str:
    """What is wrong with an answer of status 2xx; nothing where its form is the operation's."""
    body, headers = answer["body"], answer["headers"]
    if not isinstance(body, bytes) or operation.http.get("method") == "HEAD":
        return ""  # a stream is read by whoever asked for it
    length = str(headers.get("content-length") or "")
    if length.isdecimal() and not headers.get("content-encoding") and len(body) < int(length):
        return f"was cut: {len(body):,} of {int(length):,} bytes arrived"
    if "html" in str(headers.get("content-type") or "").lower():
        return "is an HTML page, not an answer of AWS"
    shape = operation.output_shape
    if shape is None or answer["status_code"] == 204 or not _told_in_body(shape):
        return ""
    return _unlike(operation, shape, body)


def _told_in_body(shape: Any) -> bool:
    """Whether the operation answers with something beyond headers and its status."""
    return any("location" not in member.serialization for member in shape.members.values())


def _unlike(operation: Any, shape: Any, body: bytes) -> str:
    """How a body differs from what the operation's protocol sends."""
    if not body.strip():
        return "is empty"
    payload = shape.serialization.get("payload")
    if payload and shape.members[payload].type_name in ("string", "blob"):
        policy = operation.name != "GetBucketPolicy" or "Statement" in (_object(body) or {})
        return "" if policy else "is not a policy document"
    protocol = _protocol(operation)
    if "json" in protocol:
        return _unlike_json(shape.members[payload] if payload else shape, body)
    if "cbor" in protocol:
        return "" if body[0] >> 5 == 5 else "is not a CBOR map"
    return _unlike_xml(operation, shape, body)


def _protocol(operation: Any) -> str:
    """How the operation is spoken; a newer botocore chooses one of several."""
    model = operation.service_model
    return str(getattr(model, "resolved_protocol", None) or model.metadata["protocol"])


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _unlike_json(shape: Any, body: bytes) -> str:
    if shape.type_name != "structure":
        return ""
    found = _object(body)
    if found is None:
        return "is not a JSON object"
    known = {member.serialization.get("name", name) for name, member in shape.members.items()}
    if found.keys() & _ERROR_WORDS and not found.keys() & known:
        return "has the fields of an error and none of an answer"
    return ""


def _unlike_xml(operation: Any, shape: Any, body: bytes) -> str:
    begun = _ROOT.match(body)
    root = begun[1].decode() if begun else ""
    wanted = _root(operation, shape)
    if not root or root.lower() in _FOREIGN or (wanted and root != wanted):
        return f"is <{root}> and not <{wanted or operation.name}>" if root else "is not XML"
    return ""


def _root(operation: Any, shape: Any) -> str:
    """The name of the root that the operation answers with; nothing where neither model nor documentation has it."""
    if _protocol(operation) in ("query", "ec2"):
        return f"{operation.name}Response"
    service, payload = operation.service_model.service_name, shape.serialization.get("payload")
    if payload:
        member = shape.members[payload]
        return str(member.serialization.get("name") or member.name)
    return _S3_ROOTS.get(operation.name, "") if service in ("s3", "s3control") else str(shape.name)
