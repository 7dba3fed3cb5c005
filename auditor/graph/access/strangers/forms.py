"""When a value of a condition is fixed: nobody but those whom it names can bring a value that fits it."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping

from auditor.graph.access.policy.documents import account_of
from auditor.graph.access.policy.operators import WILDCARDS
from auditor.graph.access.strangers.keys import Form
from auditor.model import symbolic

# Names without an account that nobody else can have: a bucket's, an API's, a hosted zone's.
_GLOBAL = re.compile(
    r"arn:[^:]*:s3:[^:]*:\*?:[^*?/:]{3,}(/.*)?|arn:[^:]*:apigateway:[^:]*:\*?:/(restapis|apis)/[a-z0-9]+(/.*)?"
    r"|arn:[^:]*:route53:[^:]*:\*?:hostedzone/[A-Z0-9]+"
)
# Stands for the own account where code does not know it.
ACCOUNT = "111111111111"
_REFERENCE = "reference"  # stands for what something beside it in code will be called
_KNOWN = {"@account": ACCOUNT, "@partition": "aws"}
# What the owner of the resource is called by AWS itself.
_OWNERS = re.compile(r"\$\{aws:Resource(Account|OrgID|OrgPaths)\}", re.IGNORECASE)
_ID = re.compile(r"\d{12}(:.+)?|(AIDA|AROA|AGPA|ANPA|AIPA)[A-Z0-9]{17,}|(AROA|AIDA)[A-Z0-9]{4,}(:.*)?")
_PRIVATE = tuple(
    ipaddress.ip_network(each)
    for each in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "fc00::/7")
)


def is_fixed(form: Form | str, operator: str, text: str, strict: bool = False) -> bool | None:
    """Whether a value names somebody for good; None where code leaves open what it is.

    `form` is one of the table's, or what a claim has to begin with. `strict`: by S3's letter, where any wildcard and
    any policy variable opens.
    """
    if "${" in text:
        bare = read(text, strict)
        if not isinstance(bare, str):
            return bare
        text = bare
    if form == "address":
        return narrow(text)
    if not text:
        return False
    if form == "id":
        return _is_id(text, strict)
    if "*" not in text and "?" not in text:
        return form in _FORMS or re.match(form, text) is not None
    if strict and form != "point":
        return False
    if operator not in WILDCARDS:
        return True  # without wildcards in the operator a star is a star, and in nobody's name
    return _FORMS[form](text, operator) if form in _FORMS else re.match(form, text) is not None


def read(text: str, strict: bool = False) -> str | bool | None:
    """A text with references of code in it as some text without; or whether it is fixed, where that is said by it."""
    parts = symbolic.parts(text)
    atoms = [part for part in parts if isinstance(part, symbolic.Atom)]
    if any(atom.name.startswith("?") for atom in atoms):
        return None
    if atoms and len(parts) == 1:
        return True  # the value of one thing
    bare = "".join(_KNOWN.get(part.name, _REFERENCE) if isinstance(part, symbolic.Atom) else part for part in parts)
    if "${" not in bare:
        return bare
    owners = _OWNERS.sub(ACCOUNT, bare)
    return False if strict or "${" in owners else owners


# Stands for a value that nobody but the owner's things have; another mark than that of a session.
NOT_HIS = "\ue004"


def spelled(text: str) -> str | bool | None:
    """A value of a policy as it is compared; False where the caller fills it in, None where code leaves it open."""
    found = read(text) if "${" in text else text
    return NOT_HIS if found is True else found


def _owned(text: str, operator: str) -> bool:
    """An ARN of one account. To operators on texts a wildcard reaches over colons: before the account it may stand for
    a region, but not for more."""
    reaches = operator.startswith("string") and "*" in ":".join(text.split(":")[:3])
    return not reaches and re.fullmatch(r"\d{12}", account_of(text)) is not None


def _is_arn(text: str, operator: str) -> bool:
    own = text.startswith((f"{_REFERENCE}/", f"{_REFERENCE}:"))  # in what is made beside it: its stages, its objects
    return own or _owned(text, operator) or _GLOBAL.fullmatch(text) is not None


def _is_path(text: str, operator: str) -> bool:
    return re.match(r"(o-[a-z0-9]+|1{12})/", text) is not None


def _is_delivered(text: str, operator: str) -> bool:
    """To one account, to the addresses of one domain, or to one host: what follows the host begins with a slash."""
    if text.startswith("arn:"):
        return _owned(text, operator)
    return re.match(r"\*@[^*?@/]+$|https?://[^*?/@]+/", text) is not None


def _never(text: str, operator: str) -> bool:
    return False


# Whether a text with wildcards is fixed all the same.
_FORMS: Mapping[str, Callable[[str, str], bool]] = {
    "account": _never,
    "organization": _never,
    "whole": _never,
    "arn": _is_arn,
    "point": _owned,
    "path": _is_path,
    "endpoint": _is_delivered,
}


def _is_id(text: str, strict: bool) -> bool:
    """AWS: a unique id, an id with the name of a session, an account, an account with a name. Of a session only the id
    is AWS's; S3 takes no pattern of sessions for fixed."""
    head, colon, _ = text.partition(":")
    if strict and colon and not head.isdigit():
        return False
    return "*" not in head and "?" not in head and _ID.fullmatch(text) is not None


def network_of(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def narrow(text: str) -> bool:
    """AWS: ranges wider than /8 (IPv6: /32) are public, except private ones, which no request from outside shows."""
    network = network_of(text)
    if network is None:
        return False
    private = any(network.version == each.version and network.subnet_of(each) for each in _PRIVATE)  # type: ignore[arg-type]  # the versions are equal
    return private or network.prefixlen >= (8 if network.version == 4 else 32)
