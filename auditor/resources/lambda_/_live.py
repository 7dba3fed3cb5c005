"""Readers of the Lambda types: what a function refers to, and its resource policy as single permissions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from auditor.model import ABSENT, Json
from auditor.resources.arns import lambda_function
from auditor.resources.normalise import check_policy
from auditor.resources.shapes import parse_json, pick

_ARN = re.compile(r"arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:\d*:[^\s\"',;]+")
_HOST = re.compile(r"\b(?:[a-z0-9-]+\.)+(?:amazonaws\.com|on\.aws|cloudfront\.net)(?:\.cn)?\b")
_LONGEST = 4096  # bytes that AWS allows all variables of a function together
_ROOT = re.compile(r"arn:[a-z-]+:iam::(\d{12}):root")

# The member of a template -> the condition key that AWS keeps it under (keys ignore case).
_CONDITIONS = {
    "SourceArn": "aws:sourcearn",
    "SourceAccount": "aws:sourceaccount",
    "PrincipalOrgID": "aws:principalorgid",
    "FunctionUrlAuthType": "lambda:functionurlauthtype",
    "EventSourceToken": "lambda:eventsourcetoken",
    "InvokedViaFunctionUrl": "lambda:invokedviafunctionurl",
}


def network(value: Json) -> Json:
    """VpcConfig without what is derived; outside networks there is none (AWS answers with empty lists)."""
    if not isinstance(value, Mapping) or not value.get("SubnetIds"):
        return ABSENT
    found = {key: value.get(key) or [] for key in ("SecurityGroupIds", "SubnetIds")}
    out: dict[str, Json] = {key: sorted(each) if isinstance(each, list) else each for key, each in found.items()}
    if value.get("Ipv6AllowedForDualStack"):
        out["Ipv6AllowedForDualStack"] = True
    return out


def variables(value: Json) -> Json:
    """The environment without AWS's note on why it could not be decrypted. Its values are redacted before."""
    return {"Variables": value["Variables"]} if value.get("Variables") else ABSENT


def layers(value: Json) -> list[str]:
    """Layer versions by their ARNs, in the order in which they are laid over each other."""
    return [each["Arn"] if isinstance(each, Mapping) else each for each in value]


def target(value: Json) -> Json:
    """A dead-letter target; an empty one is none."""
    return pick(value, "TargetArn") if value.get("TargetArn") else ABSENT


def mentioned(value: Json) -> Iterator[str]:
    """ARNs and AWS host names inside the values of variables, as far as they may be seen."""
    for text in value.values() if isinstance(value, Mapping) else ():
        if isinstance(text, str):
            yield from _ARN.findall(text[:_LONGEST])
            yield from _HOST.findall(text[:_LONGEST])


def functions(value: Json) -> list[str]:
    """The functions mentioned inside the values of variables, without their aliases."""
    return [name for text in mentioned(value) if ":function:" in text for name in lambda_function(text)]


def function_name(value: Json) -> Json:
    """The bare name of the function, whichever of Lambda's spellings names it."""
    return lambda_function(value)[0].rsplit(":", 1)[-1] if isinstance(value, str) and value else value


def qualifier(value: Json) -> Json:
    """The alias or version at the end of a function's ARN, if there is one."""
    words = value.split(":") if isinstance(value, str) else []
    return words[7] if len(words) == 8 else ABSENT if len(words) > 1 else value


def principal(value: Json) -> Json:
    """A principal as templates say it: a service, an ARN, `*`, or an account id (AWS answers with its root)."""
    if isinstance(value, Mapping):
        named = next(iter(value.values()), ABSENT)
        value = named[0] if isinstance(named, list) and len(named) == 1 else named
    if isinstance(value, str):
        return _ROOT.sub(r"\1", value)
    return value


def statements(value: Json) -> Iterator[dict[str, Json]]:
    """The statements of a function's resource policy, each as the members of the permission that made it."""
    check_policy(value)
    found = parse_json(value)["Statement"]
    for raw in [found] if isinstance(found, Mapping) else found:
        yield {
            "Id": raw.get("Sid", ""),
            "Effect": raw.get("Effect"),
            "Action": raw.get("Action"),
            "Principal": raw.get("Principal"),
            "FunctionArn": raw.get("Resource"),
            **_conditions(raw.get("Condition") or {}),
        }


def _conditions(raw: Mapping[str, Mapping[str, Json]]) -> dict[str, Json]:
    """Conditions that a template can say under its names, any other ones whole under `Condition`."""
    out: dict[str, Json] = {}
    other: dict[str, Json] = {}
    names = {key: name for name, key in _CONDITIONS.items()}
    for operator, keys in raw.items():
        for key, wanted in keys.items():
            name = names.get(key.lower())
            if name and name not in out and _means_equal(operator) and not isinstance(wanted, list):
                out[name] = str(wanted).lower() == "true" if name == "InvokedViaFunctionUrl" else wanted
            else:
                other.setdefault(operator, {})[key] = wanted
    return {**out, "Condition": other} if other else out


def _means_equal(operator: str) -> bool:
    return operator in ("StringEquals", "ArnLike", "ArnEquals", "StringLike", "Bool")


def with_hosts(urls: Iterable[Mapping[str, Json]]) -> Iterator[dict[str, Json]]:
    """Function URLs with their host, the form in which distributions name them."""
    for url in urls:
        yield {**url, "Host": host(url.get("FunctionUrl"))}


def host(url: Json) -> str:
    """The host of a URL."""
    return str(url or "").split("//")[-1].split("/")[0]
