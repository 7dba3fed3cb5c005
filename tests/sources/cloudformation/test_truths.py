"""What AWS itself resolved in recorded change sets: every property that we resolve, we resolve as AWS did."""

import json
from pathlib import Path

import pytest

from auditor.sources.cloudformation.functions import unresolved
from tests.sources.cloudformation.reading import REGION, declared, is_unresolved

FILE = Path(__file__).resolve().parents[4] / "shared" / "truths" / "iac" / "cfn_changesets.json"
CASES = json.loads(FILE.read_text()) if FILE.is_file() else []
NAMES = [each["case"].split("::")[-1] + f"-{at}" for at, each in enumerate(CASES)]
LATER = "{{changeSet:KNOWN_AFTER_APPLY}}"
MASKS = {"<stack-name:1>": "stack-one", "<region>": REGION, "<partition>": "aws"}

# Where we say something else than AWS shows, and why that is right.
MADE_BY_SAM = "the transform makes an API's stage and deployment; APIs are no described type, and a gap says so"
EXISTING = "AWS shows the ARN of a topic that exists already; code alone knows the reference"
DIFFERENT = {
    ("test_serverless_fn_transform", "ServerlessRestApiDeployment47fc2d5f9d"): MADE_BY_SAM,
    ("test_serverless_fn_transform", "ServerlessRestApiProdStage"): MADE_BY_SAM,
    ("test_serverless_fn_transform", "ServerlessRestApi.Body"): MADE_BY_SAM,
    ("test_resource_addition", "Topic2.DisplayName"): EXISTING,
}


@pytest.mark.skipif(not CASES, reason="the recorded change sets are not on this machine")
def test_the_recorded_change_sets_are_all_there():
    assert len(CASES) == 40


def unmasked(value):
    text = json.dumps(value)
    for mask, meant in MASKS.items():
        text = text.replace(mask, meant)
    return json.loads(text)


def places(case, which, folder):
    """(place, ours, AWS's) for everything that AWS shows of one template."""
    given = case["parameters"].get("p1" if which == "template_1" else "p2", {})
    ours = declared(folder, case[which], "app.json", **{"AWS::StackName": "stack-one", **given})
    for change in case["aws_create" if which == "template_1" else "aws_update"]:
        name = change["LogicalResourceId"]
        after = unmasked((change.get("AfterContext") or {}).get("Properties"))
        yield name, name in ours, after is not None
        properties = ours[name].properties if name in ours else {}
        for key, theirs in (after or {}).items():
            yield f"{name}.{key}", properties.get(key) if isinstance(properties, dict) else properties, theirs


@pytest.mark.parametrize("which", ["template_1", "template_2"])
@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_we_agree_with_aws(case, which, tmp_path):
    called = case["case"].split("::")[-1]
    for place, ours, theirs in places(case, which, tmp_path):
        if (called, place) in DIFFERENT or (called, place.split(".")[0]) in DIFFERENT:
            continue
        if isinstance(theirs, str) and theirs.startswith("<value:"):
            continue  # masked as a whole
        if LATER in json.dumps(theirs):
            # A change set does not follow references to properties of the same template; a deployment does. We say the
            # value where the template gives it, else the reference, and never something AWS will not make of it.
            assert is_unresolved(ours) or ours is not None, place
            continue
        if is_unresolved(ours):
            assert "Transform" in json.dumps(case[which]), place  # only macros, which run inside an account
            continue
        assert sent(ours) == sent(theirs), place


def sent(value):
    """CloudFormation sends scalars as texts, and shows them so."""
    if isinstance(value, dict):
        return {key: sent(each) for key, each in value.items()}
    if isinstance(value, list):
        return [sent(each) for each in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_what_is_unresolved_has_a_reason(case, tmp_path):
    for which in ("template_1", "template_2"):
        for each in declared(tmp_path, case[which], "app.json").values():
            assert all(one.reason for one in unresolved(each.properties))
