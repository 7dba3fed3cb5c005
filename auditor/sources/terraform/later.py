"""What only an apply tells, through the evaluator and back: by the id of its block, not by its name.

The evaluator has no value for `aws_eip.nat.public_ip`; what is built with it (`"${...}/32"`, one element of a
`jsonencode`) it loses, or invents. So in the copy such a reference is a text, `${@of:ID:public_ip}`, in which the
evaluator puts the id of the very block that is meant: through locals, outputs and modules, whatever they call it. Data
sources are treated alike. In the evaluator's answer each such mark becomes a reference, or what is known of it.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from auditor.model import Json
from auditor.resources.managed_policies import managed_policy, named
from auditor.sources.terraform.text import attributes, blocks, code_of, inside

MARK = re.compile(r"\$\{@of:([0-9a-f-]{36}):([^{}]*)\}")
ZONE = re.compile(r"@zone-(\d)")  # as the key of an instance no text with braces will do
_ZONES = 3  # AWS: a region has three zones at least; how many an account sees is nowhere in code
_NAME = r"[A-Za-z_][\w-]*"
_REFERENCE = re.compile(
    rf"(?<![\w.\]-])(?P<base>(?:data\.)?[a-z][a-z0-9]*_\w+\.{_NAME})(?P<index>\[[^\[\]\n]*\])?"
    rf"\.(?P<path>{_NAME}(?:\.{_NAME}|\[\d+\])*)(?![\w\[(.-])"
)
ZONE_NAMES = re.compile(rf"(?<![\w.\]-])data\.aws_availability_zones\.{_NAME}(?:\[0\])?\.names\b")
_BLOCK = re.compile(r'[\w-]+\s*(?:"[^"]*"\s*)*\{')
# What data sources tell under a name that elsewhere is the id of the block.
_OWN_ID = ("data.aws_caller_identity.", "data.aws_region.", "data.aws_partition.")
# Data sources that give what somebody wrote down, which may be anything; all others name something that is there.
_ANYTHING = (
    "aws_ssm_parameter", "aws_ssm_parameters_by_path", "aws_secretsmanager_secret_version", "aws_cloudformation_export",
    "aws_secretsmanager_random_password", "aws_cloudformation_stack", "aws_s3_object", "aws_s3_bucket_object",
    "aws_lambda_invocation", "aws_ip_ranges", "aws_iam_policy", "aws_kms_secrets", "aws_dynamodb_table_item",
)  # fmt: skip
DATA = re.compile(r"(?:^|\.)data\.([a-z]\w*)\.")
_VALIDATIONS = "domain_validation_options"
_OVER, _LONGEST = re.compile(r"\bin\s+$"), 20  # where `for` goes over it; elsewhere it stays what only an apply tells
_MAPS = ("tags", "tags_all", _VALIDATIONS)  # texts in their place would be no values of that shape


def with_marks(text: str, declared: Mapping[str, frozenset[str]]) -> str:
    """The text of a file with a mark for every reference to what its block does not say itself.

    `declared`: resources and data sources of the folder (`aws_vpc.main`, `data.aws_region.here`), with what they say.
    """
    if not declared or ("." not in text):
        return text
    spans = code_of(text)
    starts = [start for start, _ in spans]

    def in_code(place: int) -> bool:
        at = bisect_right(starts, place) - 1
        return at >= 0 and place < spans[at][1]

    def marked(found: re.Match[str]) -> str:
        base, path = found["base"], found["path"]
        first = re.split(r"[.\[]", path)[0]
        said = declared.get(base)
        if said is None or not in_code(found.start()) or first in said:
            return found[0]
        gone_over = _OVER.search(once, max(found.start() - _LONGEST, 0), found.start())
        if path == _VALIDATIONS and gone_over and base.startswith("aws_acm_certificate.") and "domain_name" in said:
            return _validations(base + (found["index"] or ""), said)
        if first in _MAPS or _several(path):
            return found[0]
        own = _identity(base, said)
        if not own or (first == "id" and not base.startswith(_OWN_ID)):
            return found[0]
        return f'"$${{@of:${{{base}{found["index"] or ""}.{own}}}:{path}}}"'

    def zones(found: re.Match[str]) -> str:
        names = ", ".join(f'"@zone-{number}"' for number in range(_ZONES))
        return f"[{names}]" if in_code(found.start()) else found[0]

    once = ZONE_NAMES.sub(zones, text)
    if once != text:
        spans = code_of(once)
        starts = [start for start, _ in spans]
    return _REFERENCE.sub(marked, once)


def _validations(name: str, said: frozenset[str]) -> str:
    """What a certificate asks to be validated by, as a list: AWS has one record of type CNAME for each of its names."""
    other = f"{name}.subject_alternative_names" if "subject_alternative_names" in said else "[]"
    mark = f'"$${{@of:${{{name}.id}}:{_VALIDATIONS}.${{auditor_name}}}}"'
    record = f'resource_record_name = {mark}, resource_record_type = "CNAME", resource_record_value = {mark}'
    names = f"distinct(concat([{name}.domain_name], {other}))"
    return f"[for auditor_name in {names} : {{ domain_name = auditor_name, {record} }}]"


def _several(path: str) -> bool:
    """Whether an attribute is a list or a map, by its name: what goes over a text in its place fails."""
    last = path.rpartition(".")[2]
    return last.endswith("s") and not last.endswith(("address", "dns", "ss", "us", "alias"))


def _identity(base: str, said: frozenset[str]) -> str:
    """The attribute in which the evaluator has the id of a block; nothing where it has something else in each.

    It takes the name of a bucket for the id of all that is the bucket's, and makes an ARN of it.
    """
    kind = base.removeprefix("data.")
    if kind.startswith("aws_s3_bucket."):
        return ""
    if "id" not in said and not kind.startswith("aws_s3_bucket_"):
        return "id"
    return "arn" if kind.startswith("aws_") and "arn" not in said else ""


def declared_in(texts: Iterable[str]) -> dict[str, frozenset[str]]:
    """The resources and data sources of a folder's files, each with the names of what it says."""
    out: dict[str, frozenset[str]] = {}
    for text in texts:
        for name, said in _declared(text):
            out[name] = out.get(name, frozenset()) | said
    return out


@lru_cache(maxsize=5_000)  # both sides of a change are mostly the same texts
def _declared(text: str) -> tuple[tuple[str, frozenset[str]], ...]:
    return tuple(_declarations(text))


def _declarations(text: str) -> Iterator[tuple[str, frozenset[str]]]:
    for head in blocks(text):
        if head.kind in ("resource", "data") and len(head.labels) == 2:
            own = [each for each in inside(head.source, head.line) if _BLOCK.match(each.source)]
            nested = {each.labels[0] if each.kind == "dynamic" and each.labels else each.kind for each in own}
            name = ("data." if head.kind == "data" else "") + ".".join(head.labels)
            yield name, frozenset({*attributes(head.source, head.line), *nested})


def of_data(kind: str, attribute: str, region: str) -> str:
    """What a data source tells that code can know: the own account, region and partition. Nothing for all others."""
    partition = "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"
    suffix = "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com"
    known = {
        ("aws_caller_identity", "account_id"): "${@account}",
        ("aws_caller_identity", "id"): "${@account}",
        ("aws_partition", "partition"): partition,
        ("aws_partition", "id"): partition,
        ("aws_partition", "dns_suffix"): suffix,
        ("aws_partition", "reverse_dns_prefix"): ".".join(reversed(suffix.split("."))),
        **{("aws_region", name): region or "${@region}" for name in ("name", "id", "region")},
    }
    return known.get((kind, attribute), "")


def of_policy(said: Mapping[str, Json], attribute: str, region: str) -> str:
    """What a data source of a policy tells where that is one of AWS's, by its ARN or its name."""
    arn = said.get("arn")
    if isinstance(said.get("name"), str):
        arn = f"arn:{of_data('aws_partition', 'partition', region)}:iam::aws:policy/{named(str(said['name']))}"
    if not isinstance(arn, str) or managed_policy(arn) is None:
        return ""
    return {"arn": arn, "id": arn, "policy": json.dumps(managed_policy(arn))}.get(attribute, "")


def is_there(address: str) -> bool:
    """Whether a data source names something that is there."""
    kind = DATA.search(address)
    return kind is not None and kind[1].startswith("aws_") and kind[1] not in _ANYTHING
