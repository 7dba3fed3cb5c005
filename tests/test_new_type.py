"""`make new-type` gives a type that holds every contract, and a golden that its sources agree on."""

import importlib
import json

import pytest

import auditor.resources as resources
from auditor.resources import schema as schemas
from auditor.resources import stem
from tests.contracts import CONTRACTS, terraform_names_exist
from tests.own_types import HOME, forget
from tests.resources import three_ways
from tools import distil_schema, new_golden, new_type

cfnlint = pytest.importorskip("cfnlint.schema.manager")
# A list of names with a call for the rest; a list that tells everything; a list of ARNs; names with and without the noun.
TYPES = [
    "AWS::Glue::Trigger",
    "AWS::Athena::WorkGroup",
    "AWS::MemoryDB::Cluster",
    "AWS::StepFunctions::StateMachine",
]


def raw(cfn):
    return cfnlint.PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", cfn).schema


@pytest.fixture
def described(tmp_path, monkeypatch):
    """Write a type into a tree of its own, with all that `make schema` would keep of it."""

    def write(cfn):
        found = new_type.derive(cfn, raw(cfn), {})
        file = tmp_path / "types" / f"{stem(cfn)}.py"
        file.parent.mkdir(parents=True)
        (file.parent / "__init__.py").touch()
        file.write_text(new_type.type_file(found), encoding="utf-8")
        if (HOME / file.parent.name).is_dir():  # the service has types already
            package = importlib.import_module(f"auditor.resources.{file.parent.name}")
            monkeypatch.setattr(package, "__path__", [*package.__path__, str(file.parent)])
        monkeypatch.setattr(resources, "__path__", [*resources.__path__, str(tmp_path / "types")])
        forget()
        importlib.invalidate_caches()
        it = resources.load()[cfn]
        every = {**schemas._all(), cfn: distil_schema.distilled(it)}
        monkeypatch.setattr(schemas, "_all", lambda: every)
        schemas.schema.cache_clear()
        return it

    yield write
    forget()
    schemas.schema.cache_clear()


@pytest.mark.parametrize("cfn", TYPES)
def test_a_new_type_holds_every_contract(described, cfn):
    it = described(cfn)
    checks = [each for each in CONTRACTS if each is not terraform_names_exist]  # that asks a Terraform of its provider
    assert [fault for each in checks for fault in each(it)] == []
    assert len(it.props) >= 3


@pytest.mark.parametrize("cfn", TYPES)
def test_the_golden_of_a_new_type_is_read_alike(described, cfn, tmp_path, monkeypatch):
    it = described(cfn)
    monkeypatch.setattr(three_ways, "GOLDEN", tmp_path / "golden")
    for name, text in new_golden.golden(it, raw(cfn)).items():
        place = tmp_path / "golden" / stem(cfn) / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    new_golden.unknown(cfn)
    for source in ("live", "cloudformation"):
        assert three_ways.differences(cfn, source) == [], source
    golden = json.loads((tmp_path / "golden" / stem(cfn) / "expected.json").read_text())
    assert golden["properties"]
    assert not golden["unknown"].get("live", {}).keys() & golden["properties"].keys()


def test_a_name_is_found_with_the_noun_and_without_it():
    assert (
        new_type.alias("Description", "ReplicationGroup", ["ReplicationGroupDescription"])
        == "ReplicationGroupDescription"
    )
    assert new_type.alias("Id", "VpcLink", ["VpcLinkId"]) == "VpcLinkId"
    assert new_type.alias("StateMachineName", "StateMachine", ["name"]) == "name"
    assert new_type.alias("Port", "Cluster", ["Ports"]) == ""


def test_a_list_that_must_be_told_more_is_refused():
    words = new_type.derive("AWS::ECS::TaskSet", raw("AWS::ECS::TaskSet"), {})
    assert isinstance(words, str)
    assert "over" in words
