"""What AWS itself resolved in recorded change sets: every property that we resolve, we resolve as AWS did, leaf by leaf."""

import json
from pathlib import Path

import pytest

from auditor.sources.cloudformation.functions import unresolved
from auditor.sources.cloudformation.texts import Unresolved
from tests.sources.cloudformation.reading import REGION, declared

FILE = Path(__file__).resolve().parents[4] / "shared" / "truths" / "iac" / "cfn_changesets.json"
CASES = json.loads(FILE.read_text()) if FILE.is_file() else []
NAMES = [each["case"].split("::")[-1] + f"-{at}" for at, each in enumerate(CASES)]
LATER = "{{changeSet:KNOWN_AFTER_APPLY}}"
MASKS = {"<stack-name:1>": "stack-one", "<region>": REGION, "<partition>": "aws"}
NOTHING = "nothing"

# Where we say something else than AWS shows, and why that is right.
MADE_BY_SAM = "the transform makes an API's stage and deployment; APIs are no described type, and a gap says so"
EXISTING = "AWS shows the ARN of a topic that exists already; code alone knows the reference"
JOINED = "a change set does not follow the attribute that is joined here; the template gives it"
DIFFERENT = {
    ("test_serverless_fn_transform", "ServerlessRestApiDeployment47fc2d5f9d"): MADE_BY_SAM,
    ("test_serverless_fn_transform", "ServerlessRestApiProdStage"): MADE_BY_SAM,
    ("test_serverless_fn_transform", "ServerlessRestApi.Body"): MADE_BY_SAM,
    ("test_resource_addition", "Topic2.DisplayName"): EXISTING,
    ("test_indirect_update_refence_argument", "Topic2.DisplayName"): JOINED,
    ("test_fn_split_with_get_att", "Topic2.DisplayName"): JOINED,
    ("test_immutable_property_update_causes_resource_replacement", "Topic2.DisplayName"): EXISTING,
}


@pytest.mark.skipif(not CASES, reason="the recorded change sets are not on this machine")
def test_the_recorded_change_sets_are_all_there():
    assert len(CASES) == 40


def unmasked(value):
    text = json.dumps(value)
    for mask, meant in MASKS.items():
        text = text.replace(mask, meant)
    return json.loads(text)


# (template, its parameters, the changes that show it, under which name)
SIDES = {
    "created": ("template_1", "p1", "aws_create", "AfterContext"),
    "before the update": ("template_1", "p1", "aws_update", "BeforeContext"),
    "updated": ("template_2", "p2", "aws_update", "AfterContext"),
}


def sides(case, side, folder):
    """(place, ours, AWS's) for everything that AWS shows of one template, and what we make beyond."""
    template, given, changes, context = SIDES[side]
    ours = declared(
        folder, case[template], "app.json", **{"AWS::StackName": "stack-one", **case["parameters"].get(given, {})}
    )
    for change in case[changes]:
        name = change["LogicalResourceId"]
        shown = unmasked((change.get(context) or {}).get("Properties"))
        yield name, ours[name].type if name in ours else NOTHING, NOTHING if shown is None else change["ResourceType"]
        properties = ours[name].properties if name in ours and shown is not None else {}
        for key in dict.fromkeys([*(shown or {}), *(properties if isinstance(properties, dict) else {})]):
            mine = properties.get(key, NOTHING) if isinstance(properties, dict) else properties
            yield from leaves(f"{name}.{key}", mine, (shown or {}).get(key, NOTHING))


def leaves(place, ours, theirs):
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for key in dict.fromkeys([*theirs, *ours]):
            yield from leaves(f"{place}.{key}", ours.get(key, NOTHING), theirs.get(key, NOTHING))
    elif isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
        for at, (mine, other) in enumerate(zip(ours, theirs, strict=True)):
            yield from leaves(f"{place}[{at}]", mine, other)
    else:
        yield place, ours, theirs


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_we_agree_with_aws(case, side, tmp_path):
    called = case["case"].split("::")[-1]
    macros = [name for name in ("Transform", "Fn::Transform") if name in json.dumps(case[SIDES[side][0]])]
    for place, ours, theirs in sides(case, side, tmp_path):
        top = ".".join(place.split("[")[0].split(".")[:2])
        if (called, top) in DIFFERENT or (called, top.split(".")[0]) in DIFFERENT:
            continue
        if isinstance(theirs, str) and theirs.startswith("<value:"):
            continue  # masked as a whole
        if isinstance(ours, Unresolved):
            assert macros, place  # only macros, which run inside an account
            continue
        if LATER in str(theirs):
            # A change set does not follow references to properties of the same template; a deployment does. We say the
            # value where the template gives it, as AWS shows it before the next update, else the reference.
            known = (
                {at: other for at, _, other in sides(case, "before the update", tmp_path)} if side == "created" else {}
            )
            assert isinstance(ours, str), place
            assert "${" in ours or ours == known.get(place) or ours in texts(case[SIDES[side][0]]), (place, ours)
            continue
        assert sent(ours) == sent(theirs), place


def texts(value):
    """All texts that a template holds."""
    if isinstance(value, str):
        return {value}
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return set().union(*map(texts, inner)) if inner else set()


def sent(value):
    """CloudFormation sends scalars as texts, and shows them so."""
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_what_is_unresolved_has_a_reason(case, tmp_path):
    for which in ("template_1", "template_2"):
        for each in declared(tmp_path, case[which], "app.json").values():
            assert all(one.reason for one in unresolved(each.properties))
