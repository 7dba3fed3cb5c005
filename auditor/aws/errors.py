"""AWS's errors as failures with a reason; nothing is swallowed here or later."""

from __future__ import annotations

import re

from auditor.aws.requests import Failure
from auditor.model import Reason

_DENIED = re.compile(r"AccessDenied|Unauthorized|AuthorizationError|Forbidden|NotAuthorized|AuthFailure|^403$")
_THROTTLED = re.compile(r"Throttl|RequestLimitExceeded|TooManyRequests|SlowDown|BandwidthLimit|RateExceeded|^429$")
_UNSUPPORTED = re.compile(
    r"OptInRequired|NotImplemented|UnknownOperation|UnsupportedOperation|InvalidAction|SubscriptionRequired|^501$"
)
_CREDENTIALS = re.compile(
    r"ExpiredToken|InvalidClientTokenId|UnrecognizedClient|InvalidAccessKeyId|SignatureDoesNotMatch|RequestExpired"
)
_ENCODED = re.compile(r"\s*Encoded authorization failure message: \S+")


def failure(code: str, message: str) -> Failure:
    """The failure for an error code of AWS."""
    return Failure(code, _reason(code), _ENCODED.sub("", message).strip()[:500])


def _reason(code: str) -> Reason:
    if _DENIED.search(code) or _CREDENTIALS.search(code):
        return "denied"
    if _THROTTLED.search(code):
        return "throttled"
    if _UNSUPPORTED.search(code):
        return "unsupported"
    return "failed"


def of_exception(error: Exception) -> Failure:
    """The failure for an exception of botocore."""
    response = getattr(error, "response", None)
    if isinstance(response, dict):
        described = response.get("Error", {})
        return failure(str(described.get("Code", type(error).__name__)), str(described.get("Message", error)))
    return Failure(type(error).__name__, "failed", str(error)[:500])


def is_credentials(code: str) -> bool:
    """Whether the code says that the credentials themselves are bad (and not what they may do)."""
    return bool(_CREDENTIALS.search(code))
