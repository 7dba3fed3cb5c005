"""The conforming account as an inventory, read once, and who plays what in it."""

import pytest

from auditor import pipeline
from auditor.checks.baselines import load_baseline
from auditor.resources import load
from auditor.sources import live, snapshot
from tests.binding.judging import Account


@pytest.fixture(scope="session")
def account(cuggu, tmp_path_factory):
    """cuggu as it was built, saved and read back."""
    saved = tmp_path_factory.mktemp("binding") / "cuggu.jsonl"
    patch = pytest.MonkeyPatch()
    with patch.context() as environment:
        for name, value in cuggu.box.environ().items():
            environment.setenv(name, value)
        pipeline.scan(pipeline.Wish(), saved)
    place, replay = snapshot.load(saved)
    types = load()
    demand = pipeline.demand(pipeline.Wish(), pipeline.Definitions([], [load_baseline("cuggu", [])]), types)
    return Account(load_baseline("cuggu", []), live.read(replay, place, demand, types), types, cuggu)
