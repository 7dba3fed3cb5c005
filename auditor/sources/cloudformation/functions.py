"""The functions that compute: Base64, Cidr, Length, ToJsonString. Their arguments are worked out already."""

from __future__ import annotations

import base64
import ipaddress
import itertools
import json
from collections.abc import Iterator

from auditor.model import Json
from auditor.sources.cloudformation.texts import MOST_TEXT, Bad, Parts, Unresolved, text_of

_MOST_NETWORKS = 256  # CloudFormation's own bound
# A name of ours beside the pseudo parameters, by which a user may say what Fn::GetAZs gives in the account.
ZONES = "AWS::AvailabilityZones"
NO_ZONES = Unresolved(
    f"the Availability Zones of the account are known only at deployment; set them with --parameter {ZONES}=a,b"
)


def base64_of(given: Json) -> Json:
    text = text_of(given)
    if isinstance(text, Unresolved):
        return text
    if "${" in text:
        return Unresolved("it encodes a value that only AWS knows")
    return base64.b64encode(text.encode("utf-8", "surrogatepass")).decode()


def networks(given: list[Json]) -> Json:
    """Fn::Cidr: the first `count` networks of 2**bits addresses inside a block."""
    texts = [text_of(each) for each in given]
    unknown = next((each for each in texts if isinstance(each, Unresolved)), None)
    if unknown:
        return unknown
    block, count, *bits = (str(each) for each in texts)
    if "${" in block:
        return Unresolved(f"{block[:80]} is known only to AWS")
    try:
        network = ipaddress.ip_network(block, strict=False)
        wanted, host = int(count[:9]), int(bits[0][:9]) if bits else 8
        length = network.max_prefixlen - host
        if 0 < wanted <= _MOST_NETWORKS and network.prefixlen <= length <= network.max_prefixlen:
            made = [str(each) for each in itertools.islice(network.subnets(new_prefix=length), wanted)]
        else:
            made = []
    except ValueError as error:
        raise Bad(str(error)[:200]) from error
    if len(made) < wanted or not made:
        raise Bad(f"{block} cannot be split into {wanted} networks of {host} bits")
    return made


def zones(given: Json, here: Json, said: Json) -> Json:
    """Fn::GetAZs: an account's own choice, so only a user can say it, and for the stack's own region only."""
    if isinstance(given, Unresolved):
        return given
    if not isinstance(said, str) or given not in ("", None, here):
        return NO_ZONES
    return sorted(each.strip() for each in said.split(",") if each.strip())


def length(given: Json) -> Json:
    if isinstance(given, Unresolved):
        return given
    if not isinstance(given, list):
        raise Bad("it takes a list")
    return len(given)


def json_text(given: Json) -> Json:
    if isinstance(given, Unresolved):
        return given
    if not isinstance(given, (dict, list)):
        raise Bad("it takes a mapping or a list")
    inside = next(unresolved(given), None)
    if inside:
        return inside
    text = json.dumps(given, separators=(",", ":"), ensure_ascii=False)
    return text if len(text) <= MOST_TEXT else Unresolved(f"it is longer than {MOST_TEXT} characters")


def unresolved(given: Json) -> Iterator[Unresolved]:
    """What is unresolved inside a value."""
    if isinstance(given, Unresolved):
        yield given
    elif isinstance(given, Parts):
        yield Unresolved(f"the parts of {given.reference} are known only to AWS")
    elif isinstance(given, (list, dict)):
        for each in given.values() if isinstance(given, dict) else given:
            yield from unresolved(each)
