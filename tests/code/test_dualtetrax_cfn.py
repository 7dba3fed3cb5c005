"""dualtetrax as the stacks of its document, for dev and for prod: they keep it, and each mutation is found at its line."""

from pathlib import Path

import pytest

from auditor.checks.baselines import load_baseline
from tests.accounts.looking import told
from tests.code.dualtetrax_rewrites import HARMLESS, REWRITES
from tests.code.templates import Templates, lines_with

FOLDER = Path(__file__).parent / "dualtetrax_cfn"
STACKS = {name: Templates(FOLDER, f"dualtetrax:{name}", "us-east-1", {"Environment": name}) for name in ("dev", "prod")}
# Whether somebody confirmed the mail of a subscription no code can say.
OPEN = "cost-mail/confirmed"
CHANGES = [pytest.param(STACKS[each], change, id=change.name.replace(" ", "-")) for each, change in REWRITES]


def unkept(outcome):
    return [f"{each.id}: {each.verdict}" for each in outcome.promises if each.verdict not in ("kept", "unverifiable")]


@pytest.mark.parametrize("stacks", STACKS.values(), ids=STACKS)
def test_the_stacks_keep_the_document(stacks):
    outcome = stacks.look()
    assert unkept(outcome) == [f"{OPEN}: unknown"]
    # A week of logs is what the document wants for dev, and less than the rule does.
    allowed = {f"{load_baseline(stacks.baseline).id}/{OPEN}", "logs-kept"}
    assert {each.check for each in outcome.findings} <= allowed, told(outcome.findings)
    # How a deployment was made, and that a secret knows its database, no promise asks.
    assert outcome.record["scan"]["not_described"] == {
        "AWS::ApiGateway::Deployment": 1,
        "AWS::SecretsManager::SecretTargetAttachment": 1,
    }


@pytest.mark.parametrize(("stacks", "change"), CHANGES)
def test_a_mutation_is_found_at_its_line(stacks, change, tmp_path):
    outcome, text = stacks.changed(change, tmp_path)
    hits = stacks.hits(change, outcome, load_baseline(stacks.baseline).id)
    assert hits, told(outcome.findings)
    places = {each.resource.place(each.property) for each in hits}
    assert not change.line or places & lines_with(text, change.file, change.line), places


@pytest.mark.parametrize("change", HARMLESS, ids=lambda each: each.name.replace(" ", "-"))
def test_a_harmless_change_is_no_drift(change, tmp_path):
    outcome, _ = STACKS["prod"].changed(change, tmp_path)
    assert unkept(outcome) == [f"{OPEN}: unknown"], told(outcome.findings)
