"""couple as a template: it keeps its document, and each mutation is found at its line."""

import datetime as dt
import shutil
from collections import Counter
from pathlib import Path

import pytest

from auditor import pipeline
from auditor.sources.cloudformation import read
from auditor.sources.code_options import CodeOptions
from auditor.sources.opened import Source
from tests.accounts.looking import told
from tests.code.couple_rewrites import HARMLESS, REWRITES

FOLDER = Path(__file__).parent / "couple_cfn"
WISH = pipeline.Wish(baselines=("couple",))


def look(folder):
    inventory = read(folder, CodeOptions(region="ap-northeast-2"))
    source = Source(None, None, Counter(), "code")
    return pipeline.conclude(WISH, pipeline.definitions(WISH), source, inventory, dt.datetime.now(dt.UTC))


def changed(change, tmp_path):
    folder = tmp_path / "couple"
    shutil.copytree(FOLDER, folder)
    file = folder / "template.yaml"
    text = file.read_text()
    at = text.index(f"\n  {change.after}:")
    assert change.old in text[at:], change.name
    text = text[:at] + text[at:].replace(change.old, change.new, 1)
    file.write_text(text)
    return look(folder), text


def test_the_template_keeps_the_document():
    outcome = look(FOLDER)
    assert {each.verdict for each in outcome.promises} == {"kept", "unverifiable"}
    assert told(outcome.findings) == []
    assert outcome.record["scan"]["not_described"] == {}


@pytest.mark.parametrize("change", REWRITES, ids=lambda each: each.name.replace(" ", "-"))
def test_a_mutation_is_found_at_its_line(change, tmp_path):
    outcome, text = changed(change, tmp_path)
    broken = [each for each in outcome.findings if each.verdict == change.verdict]
    hits = [each for each in broken if each.check == f"couple/{change.check}" and each.kind == change.kind]
    assert hits, told(outcome.findings)
    if change.line:
        places = {each.resource.place(each.property) for each in hits}
        wanted = {f"template.yaml:{number}" for number, line in enumerate(text.split("\n"), 1) if change.line in line}
        assert places & wanted, (places, wanted)


@pytest.mark.parametrize("change", HARMLESS, ids=lambda each: each.name.replace(" ", "-"))
def test_a_harmless_change_is_no_drift(change, tmp_path):
    outcome, _ = changed(change, tmp_path)
    assert {each.verdict for each in outcome.promises} == {"kept", "unverifiable"}, told(outcome.findings)
