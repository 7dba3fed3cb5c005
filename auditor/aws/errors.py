"""AWS's errors as failures with a reason; nothing is swallowed here or later."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator

from auditor.aws.requests import Failure
from auditor.model import Reason
from auditor.model.cures import NOT_OFFERED

_EXPIRED = re.compile(
    r"ExpiredToken|RequestExpired|TokenRefreshRequired|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignature"
    r"|IncompleteSignature|MissingAuthenticationToken|InvalidToken$|RequestTimeTooSkewed"
)
# What AWS says of good credentials in a region that the account has not enabled, and of bad ones anywhere.
_NOT_KNOWN_THERE = re.compile(r"AuthFailure|UnrecognizedClient|InvalidClientTokenId|OptInRequired")
_DENIED = re.compile(r"AccessDenied|AuthFailure|Unauthorized|AuthorizationError|Forbidden|NotAuthorized|^403$")
_THROTTLED = re.compile(
    r"Throttl|RequestLimitExceeded|TooManyRequests|SlowDown|BandwidthLimit|RateExceeded|PriorRequestNotComplete|^429$"
)
_UNSUPPORTED = re.compile(
    r"NotImplemented|UnknownOperation|UnsupportedOperation|InvalidAction|SubscriptionRequired|^501$"
)
_UNAVAILABLE = re.compile(
    r"InternalError|InternalFailure|InternalServ|ServiceUnavailable|ServerException|ServiceException|^Unavailable"
    r"|RequestTimeout|^5\d\d$"
)
_BY_ORGANIZATION = re.compile(r"(service|resource) control polic(y|ies)", re.IGNORECASE)
_ENCODED = re.compile(r"\s*Encoded authorization failure message: \S+")
DAMAGED = "DamagedAnswer"
# botocore's own exceptions, for what never reached AWS or came back as no answer.
_LOGINS = re.compile(r"SSO|Token|Credential|^Login")
_LINES = re.compile(r"Connect|Timeout|HTTPClient|Proxy|SSL|ResponseStreaming|IncompleteRead|ProtocolError")
# AWS: regions from before 20 March 2019 are enabled in every account and cannot be disabled.
ALWAYS_ENABLED = frozenset(
    {
        "us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1", "eu-west-1", "eu-west-2",
        "eu-west-3", "eu-central-1", "eu-north-1", "ap-south-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3",
        "ap-southeast-1", "ap-southeast-2",
    }
)  # fmt: skip


def failure(code: str, message: str, region: str = "", status: int = 0) -> Failure:
    """The failure for an error code of AWS."""
    words = _ENCODED.sub("", message).strip()[:500]
    return Failure(code, _reason(code, words, region, status), words)


def _reason(code: str, message: str, region: str, status: int) -> Reason:
    if _EXPIRED.search(code):
        return "credentials"
    if _NOT_KNOWN_THERE.search(code) and not message.startswith("Not authorized"):  # EC2 says so of images of others
        return _not_known(code, region)
    if _DENIED.search(code):
        return "denied-by-organization" if _BY_ORGANIZATION.search(message) else "denied"
    if _THROTTLED.search(code):
        return "throttled"
    if _UNSUPPORTED.search(code):
        return "unsupported"
    return "unavailable" if _UNAVAILABLE.search(code) or status >= 500 else "failed"


def _not_known(code: str, region: str) -> Reason:
    """Whether the region is closed or the credentials are bad; where every region is open only the latter is left."""
    if may_be_disabled(region):
        return "region-disabled"
    return "unsupported" if "OptIn" in code else "credentials"


def may_be_disabled(region: str) -> bool:
    """Whether an account has to enable this region before anything answers in it."""
    return bool(region) and region not in ALWAYS_ENABLED and not region.startswith(("cn-", "us-gov-", "us-iso"))


def of_exception(error: Exception, region: str = "") -> Failure:
    """The failure for an exception of botocore, or of what a damaged answer made it raise."""
    response = getattr(error, "response", None)
    if isinstance(response, dict):
        described = response.get("Error", {})
        status = response.get("ResponseMetadata", {}).get("HTTPStatusCode") or 0
        code = str(described.get("Code") or status or type(error).__name__)
        return failure(code, str(described.get("Message") or error), region, int(status))
    name, words = type(error).__name__, _ENCODED.sub("", str(error)).strip()[:500]
    if _no_such_host(error):
        return Failure("NoSuchHost", "unsupported", f"{NOT_OFFERED}: {words}")
    if _LOGINS.search(name):
        return Failure(name, "credentials", words)
    return Failure(name, "unavailable" if _LINES.search(name) else "failed", words)


def damaged(error: Exception) -> Failure:
    """The failure for an answer that nobody could read, whatever reading it raised."""
    words = str(error) if type(error).__name__ == "Damaged" else f"the answer could not be read: {error!r}"
    return Failure(DAMAGED, "unavailable", words[:500])


def is_credentials(failed: Failure) -> bool:
    """Whether the credentials themselves are bad (and not what they may do, or where)."""
    return failed.reason == "credentials"


def _no_such_host(error: BaseException) -> bool:
    """Whether the name of the host does not exist; a resolver that could not answer says nothing of it."""
    absent = {getattr(socket, name) for name in ("EAI_NONAME", "EAI_NODATA") if hasattr(socket, name)}
    return any(isinstance(each, socket.gaierror) and each.errno in absent for each in _causes(error))


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        each = waiting.pop()
        if not isinstance(each, BaseException) or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        told = getattr(each, "kwargs", None)
        waiting += [each.__cause__, each.__context__, told.get("error") if isinstance(told, dict) else None]
        waiting += list(each.args)
