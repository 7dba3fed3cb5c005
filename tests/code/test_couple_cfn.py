"""couple as a template: it keeps its document, and each mutation is found at its line."""

from pathlib import Path

import pytest

from tests.accounts.looking import told
from tests.code.couple_rewrites import HARMLESS, REWRITES
from tests.code.templates import Templates, lines_with

COUPLE = Templates(Path(__file__).parent / "couple_cfn", "couple", "ap-northeast-2")


# Another stack's certificate comes in by a parameter: what this code does not make it cannot prove.
HANDED_IN = {"certificate/issued", "link/https-certificate"}


def kept(outcome):
    """Whether all promises are kept, but for those about what is handed in."""
    unknown = {each.id: each.reason for each in outcome.promises if each.verdict == "unknown"}
    assert unknown.keys() == HANDED_IN
    assert all("CertificateArn has no value" in reason for reason in unknown.values())
    return {each.verdict for each in outcome.promises} == {"kept", "unverifiable", "unknown"}


def test_the_template_keeps_the_document():
    outcome = COUPLE.look()
    assert kept(outcome)
    assert told(outcome.findings) == []
    assert outcome.record["scan"]["not_described"] == {}


@pytest.mark.parametrize("change", REWRITES, ids=lambda each: each.name.replace(" ", "-"))
def test_a_mutation_is_found_at_its_line(change, tmp_path):
    outcome, text = COUPLE.changed(change, tmp_path)
    hits = COUPLE.hits(change, outcome)
    assert hits, told(outcome.findings)
    places = {each.resource.place(each.property) for each in hits}
    assert not change.line or places & lines_with(text, change.file, change.line), places


@pytest.mark.parametrize("change", HARMLESS, ids=lambda each: each.name.replace(" ", "-"))
def test_a_harmless_change_is_no_drift(change, tmp_path):
    outcome, _ = COUPLE.changed(change, tmp_path)
    assert kept(outcome), told(outcome.findings)
