"""Redaction at the door: secrets are replaced before an answer is kept, shown or saved.

By the name of the place (environment variables, user data, passwords, tokens) and by the form of the text (access
keys, credentials inside a URL, private keys). Names of variables stay, their values go: a rule may ask whether a
variable exists, never what it holds.
"""

from __future__ import annotations

import base64
import datetime as dt
import re
from typing import Any

REDACTED = "[redacted]"

_VALUES_OF = {
    ("Environment", "Variables"),
    # A stage's variables, and the headers and bodies that an integration adds to every call.
    ("item", "variables"),
    ("canarySettings", "stageVariableOverrides"),
    ("Items", "StageVariables"),
    ("methodIntegration", "requestParameters"),
    ("methodIntegration", "requestTemplates"),
    ("Items", "RequestParameters"),
    ("Items", "RequestTemplates"),
    # Headers and query parameters with which EventBridge calls an API.
    ("HttpParameters", "HeaderParameters"),
    ("HttpParameters", "QueryStringParameters"),
    # Names, addresses and telephone numbers of people.
    ("AlternateContact",),
}
# What EventBridge and Scheduler hand to a target, the variables of containers and builds, and what stacks are given and
# give: people put passwords and tokens there. Parameters of databases have members of the same names.
_SECRET_MEMBERS = {
    ("environment", "value"),
    ("Environment", "Value"),
    ("environmentVariables", "value"),
    ("EnvironmentVariables", "Value"),
    ("Targets", "Input"),
    ("Target", "Input"),
    ("InputTransformer", "InputTemplate"),
    ("HttpParameters", "PathParameterValues"),
    ("Stacks", "Parameters", "ParameterValue"),
    ("Stacks", "Outputs", "OutputValue"),
}
_SECRET_KEYS = re.compile(
    r"^(UserData|MasterUserPassword|SecretString|SecretBinary|.*[Pp]assword|AuthToken|.*ClientSecret|PrivateKey"
    r"|HeaderValue|AccessKeySecret|SecretAccessKey|SessionToken"
    r"|PreSharedKey|CustomerGatewayConfiguration)$"
)
# Values that move by themselves every few minutes and say nothing of the account: an inventory of the same
# account has the same bytes.
_CLOCKS = {"LatestRestorableTime"}
_PLAIN_KEYS = re.compile(r"^(MinimumPasswordLength|ExpirePasswords|AllowUsersToChangePassword|.*PasswordPolicy)$")
_BEGUN, _ENDED = (re.compile(rf"-----{word} [A-Z ]{{0,40}}PRIVATE KEY-----") for word in ("BEGIN", "END"))
_IN_TEXT = (
    (re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{16}\b"), REDACTED),
    # A password goes to the last @ before the next URL: people write @ and / into it as they are. Digits are a port.
    (re.compile(r'(://[^\s:/@?#"]*:)(?!\d+(?:[/?#\s"]|$))(?:(?!://)[^\s"])*(@)'), rf"\1{REDACTED}\2"),
    (re.compile(r'(https?://)[^\s:/@?#"]+(@)', re.IGNORECASE), rf"\1{REDACTED}\2"),
    # A parameter whose name ends in what it is: client_secret, X-Amz-Signature, a token behind the #.
    (
        re.compile(
            r'([?&#](?:[\w.-]*(?:token|secret|password|passwd|api[_-]?key|access[_-]?key|signature)|pwd|sig)=)[^\s&#"]+',
            re.IGNORECASE,
        ),
        rf"\1{REDACTED}",
    ),
    (re.compile(r"(https://hooks\.slack\.com/(?:services|workflows|triggers)/)\S+"), rf"\1{REDACTED}"),
)


def plain(answer: Any) -> Any:
    """An answer of boto3 as JSON values without secrets and without the envelope of the response."""
    return _clean({key: value for key, value in answer.items() if key != "ResponseMetadata"}, ())


def _clean(value: Any, path: tuple[str, ...]) -> Any:
    if isinstance(value, dict):
        if path[-2:] in _VALUES_OF:
            return dict.fromkeys(sorted(map(str, value)), REDACTED)
        return {key: _member(key, inner, path) for key, inner in value.items() if key not in _CLOCKS}
    if isinstance(value, (list, tuple)):
        return [_clean(inner, path) for inner in value]
    if isinstance(value, str):
        return text(value)
    if isinstance(value, dt.datetime):
        return moment(value)
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(bytes(value)).decode()
    return value


def _member(key: str, value: Any, path: tuple[str, ...]) -> Any:
    if key == "Endpoint" and isinstance(value, str) and value.startswith(("http://", "https://")):
        return _webhook(value)
    if value and ((*path[-1:], key) in _SECRET_MEMBERS or (*path[-2:], key) in _SECRET_MEMBERS):
        return [REDACTED] * len(value) if isinstance(value, (list, tuple)) else REDACTED
    secret = isinstance(value, (str, bytes)) and value and _SECRET_KEYS.match(key) and not _PLAIN_KEYS.match(key)
    return REDACTED if secret else _clean(value, (*path, key))


def _webhook(url: str) -> str:
    """A webhook's URL without what lets one post to it: its credentials, its path and its query."""
    scheme, _, rest = text(url).partition("://")
    host = re.split(r"[/?#]", rest, maxsplit=1)[0]
    beyond = rest[len(host) :]
    return f"{scheme}://{host}{beyond if beyond in ('', '/') else '/' + REDACTED}"


def moment(value: dt.datetime) -> str:
    return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def text(value: str) -> str:
    """A text without the secrets that can be told by their form."""
    if "://" not in value and "AKIA" not in value and "ASIA" not in value and "PRIVATE KEY" not in value:
        return value
    for pattern, instead in _IN_TEXT:
        value = pattern.sub(instead, value)
    return _without_keys(value) if "PRIVATE KEY" in value else value


def _without_keys(value: str) -> str:
    """The text without private keys. Each end is looked for once: a text may hold a million beginnings."""
    parts: list[str] = []
    at = 0
    while begun := _BEGUN.search(value, at):
        ended = _ENDED.search(value, begun.end())
        if not ended:
            break
        parts += [value[at : begun.start()], REDACTED]
        at = ended.end()
    return "".join([*parts, value[at:]])
