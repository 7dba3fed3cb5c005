"""Web ACLs in Terraform."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import ABSENT, Json
from auditor.resources.terraform import first, many, plain_name, shaped, wanted
from auditor.resources.wafv2._live import logged

_CFN = "AWS::WAFv2::WebACL"
_ACTIONS = ("Allow", "Block", "Count", "None", "Captcha", "Challenge")


def action(value: Json) -> Json:
    """Which action is taken, `{Allow: {}}`: the block that is there, though it may be empty."""
    said = first(value)
    if not isinstance(said, Mapping):
        return ABSENT
    names = {each.lower(): each for each in _ACTIONS}
    return {
        names[key]: _held(inner) for key, inner in said.items() if key in names and inner not in (None, [])
    } or ABSENT


def _held(value: Json) -> dict[str, Json]:
    inner = first(value)
    return (
        {} if not isinstance(inner, Mapping) else {key: each for key, each in inner.items() if each not in (None, [])}
    )


def rules_of_terraform(value: Json) -> Json:
    """Rules out of blocks, which Terraform always writes as lists; an empty one says something all the same."""
    return [_rule(each) for each in many(value)]


def _rule(block: Mapping[str, Json]) -> Json:
    out = _blocks(block, wanted(_CFN, "Rules")[0])
    for name, key in (("action", "Action"), ("override_action", "OverrideAction")):
        if (found := action(block.get(name))) is not ABSENT:
            out[key] = found
    return out


def _blocks(block: Mapping[str, Json], shape: Mapping[str, Json]) -> dict[str, Json]:
    """A block in the schema's shape, with its empty blocks as `{}`."""
    names = {plain_name(name): name for name in shape}
    out: dict[str, Json] = {}
    for key, inner in block.items():
        mine = plain_name(key)
        name = next((names[each] for each in (mine, mine + "s") if each in names), "")
        if not name or inner in (None, "", []):
            continue
        wants = shape[name]
        if isinstance(wants, Mapping) and isinstance(first(inner), Mapping):
            out[name] = _blocks(first(inner), wants)
        elif isinstance(wants, list) and wants and isinstance(wants[0], Mapping):
            out[name] = [_blocks(each, wants[0]) for each in many(inner) if isinstance(each, Mapping)]
        elif isinstance(first(inner), Mapping):
            out[name] = {key: each for key, each in first(inner).items() if each not in (None, "", [])}
        else:
            out[name] = shaped(inner, wants)
    return out


def logging(fold: Mapping[str, Json]) -> Json:
    return logged({"LogDestinationConfigs": many(fold.get("log_destination_configs"))})
