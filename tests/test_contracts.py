"""Every described resource type against every contract (tests/contracts.py), one test for each contract and type."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from auditor.resources import load, stem
from tests.contracts import CONTRACTS, LATER, Contract

ROOT = Path(__file__).resolve().parent.parent
RESOURCES = ROOT / "auditor" / "resources"


@pytest.mark.contract
@pytest.mark.parametrize("cfn", load())
@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.__name__)
def test_contract(contract: Contract, cfn: str) -> None:
    faults = list(contract(load()[cfn]))
    assert not faults, f"{cfn} (auditor/resources/{stem(cfn)}.py)\n  " + "\n  ".join(faults)


@pytest.mark.contract
def test_no_file_describes_nothing() -> None:
    files = {path for path in RESOURCES.glob("*/*.py") if not path.name.startswith("_")}
    described = {RESOURCES / f"{stem(cfn)}.py" for cfn in load()}
    assert files == described


@pytest.mark.contract
def test_every_service_has_the_same_two_helpers() -> None:
    """`_live` for AWS's answers, `_code` for Terraform and CloudFormation; what is too long is split by AWS's noun."""
    helpers = {path.stem for path in RESOURCES.glob("*/_*.py")} - {"__init__"}
    assert helpers == {"_live", "_code", "_code_transit_gateways"}
    assert not list(RESOURCES.glob("_[!_]*.py"))


@pytest.mark.contract
def test_what_is_described_is_no_longer_promised_for_later() -> None:
    assert not LATER & load().keys()


def test_schema_is_what_make_schema_writes() -> None:
    spec = importlib.util.spec_from_file_location("distil_schema", ROOT / "tools" / "distil_schema.py")
    assert spec
    assert spec.loader
    distil = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(distil)
    fresh = {cfn: distil.distilled(each) for cfn, each in load().items() if not each.ours}
    assert json.loads((RESOURCES / "schema.json").read_text()) == fresh, "run `make schema`"
