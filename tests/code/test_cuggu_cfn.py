"""cuggu as a template: it keeps its document, and each mutation is found at its file and line."""

import datetime as dt
import shutil
from collections import Counter
from pathlib import Path

import pytest

from auditor import pipeline
from auditor.sources.cloudformation import read
from auditor.sources.code_options import CodeOptions
from auditor.sources.opened import Source
from tests.accounts.cuggu_mutations import MUTATIONS
from tests.accounts.looking import told
from tests.code.cfn_mutations import NOT_IN_CODE, REWRITES

FOLDER = Path(__file__).parent / "cuggu_cfn"
WISH = pipeline.Wish(baselines=("cuggu",))

# What no template says; each is unknown for the reason beside it and nothing else is.
ONLY_AWS = {
    "certificate/issued": "known to AWS only",
    "topic/reaches-people": "known to AWS only",  # whether the people confirmed
    "link/cdn-certificate": "CertificateArn has no value",  # the certificate is another stack's, in another region
}


def look(folder):
    inventory = read(folder, CodeOptions(region="ap-northeast-2"))
    source = Source(None, None, Counter(), "code")
    chosen = pipeline.definitions(WISH)
    return pipeline.conclude(WISH, chosen, source, inventory, dt.datetime.now(dt.UTC))


@pytest.fixture(scope="module")
def conforming():
    return look(FOLDER)


def test_the_template_keeps_the_document(conforming):
    assert told(each for each in conforming.findings if each.verdict == "broken") == []
    verdicts = {each.id: each for each in conforming.promises if each.verdict not in ("kept", "unverifiable")}
    assert {name: each.verdict for name, each in verdicts.items()} == dict.fromkeys(ONLY_AWS, "unknown")
    for name, why in ONLY_AWS.items():
        assert why in verdicts[name].reason
    assert {each.check for each in conforming.findings} <= {f"cuggu/{name}" for name in ONLY_AWS}


def test_all_rules_judge_it(conforming):
    assert conforming.record["rules"]["judged"] == len(pipeline.definitions(WISH).rules) >= 15
    assert conforming.record["rules"]["unknown"] == 0


def rewritten(change, text):
    at = text.index(change.after)
    assert change.old in text[at:], change.name
    return text[:at] + text[at:].replace(change.old, change.new, 1)


@pytest.mark.parametrize("change", REWRITES, ids=lambda each: each.name.replace(" ", "-"))
def test_a_mutation_is_found_at_its_line(change, tmp_path):
    folder = tmp_path / "cuggu"
    shutil.copytree(FOLDER, folder)
    file = folder / "template.yaml"
    text = rewritten(change, file.read_text())
    file.write_text(text)
    outcome = look(folder)
    broken = [each for each in outcome.findings if each.verdict == change.verdict]
    hits = [each for each in broken if each.check.startswith(change.check) and each.kind == change.kind]
    assert hits, told(broken)
    if change.line:
        places = {each.resource.place(each.property) for each in hits}
        wanted = {f"template.yaml:{number}" for number, line in enumerate(text.split("\n"), 1) if change.line in line}
        assert places & wanted, (places, wanted)
    elif change.kind != "missing":
        assert all(each.resource.place(each.property).startswith("template.yaml:") for each in hits)


def test_every_live_mutation_is_said_in_code_or_cannot_be():
    said = {each.name for each in REWRITES}
    assert {each.name for each in MUTATIONS} == said | set(NOT_IN_CODE)
    assert said.isdisjoint(NOT_IN_CODE)
    assert len(REWRITES) >= 30
