"""A live answer, a plan, HCL and a template of the same thing become the same resource, for every type."""

import pytest

from auditor.resources import load
from tests.resources.three_ways import SOURCES, differences, expected, folder

TYPES = [cfn for cfn in load() if folder(cfn).is_dir()]


SAID = [(cfn, source) for cfn in TYPES for source in SOURCES if source not in expected(cfn).get("cannot", {})]


@pytest.mark.parametrize(("cfn", "source"), SAID)
def test_every_source_agrees(cfn, source):
    assert differences(cfn, source) == []


@pytest.mark.contract
def test_every_type_has_its_goldens():
    missing = [cfn for cfn in load() if not (folder(cfn) / "expected.json").is_file()]
    assert missing == [], "make new-type T=TYPE writes the skeleton of a golden"


@pytest.mark.parametrize("cfn", TYPES)
def test_an_unknown_has_a_reason(cfn):
    golden = expected(cfn)
    reasons = [reason for rows in golden.get("unknown", {}).values() for reason in rows.values()]
    assert all(len(reason) > 10 for reason in (*reasons, *golden.get("cannot", {}).values()))
