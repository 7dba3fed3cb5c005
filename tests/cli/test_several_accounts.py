"""`auditor check --from a --from b`: the systems of several accounts, each found in its own, in one run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

OWN, OTHER = "123456789012", "210987654321"
BASELINES = ("--baseline", "cuggu", "--baseline", "dualtetrax", "--baseline", "dualtetrax:prod")


@pytest.fixture(scope="module")
def saved(cuggu, dualtetrax, tmp_path_factory):
    """cuggu's account, and that of dualtetrax as another account has it."""
    from auditor import pipeline

    folder = tmp_path_factory.mktemp("several")
    for name, account in (("cuggu", cuggu), ("dualtetrax", dualtetrax)):
        with pytest.MonkeyPatch.context() as patch:
            for variable, value in account.box.environ().items():
                patch.setenv(variable, value)
            pipeline.scan(pipeline.Wish(regions=(account.region,)), folder / f"{name}.jsonl")
    other = folder / "dualtetrax.jsonl"
    other.write_text(other.read_text(encoding="utf-8").replace(OWN, OTHER), encoding="utf-8")
    return {name: str(folder / f"{name}.jsonl") for name in ("cuggu", "dualtetrax")}


def told(ran):
    run = json.loads(ran.out)
    return run, {(each["baseline"], each["id"]): each["verdict"] for each in run["promises"]}


def test_each_system_is_found_in_its_account_whatever_the_order(auditor, saved):
    options = ("--no-rules", "--no-store", "--format", "json", *BASELINES)
    one = auditor("check", "--from", saved["cuggu"], "--from", saved["dualtetrax"], *options)
    other = auditor("check", "--from", saved["dualtetrax"], "--from", saved["cuggu"], *options)
    run, verdicts = told(one)
    assert run["scan"]["accounts"] == [OWN, OTHER]
    assert {*verdicts.values()} == {"kept", "unverifiable"}
    assert {name for name, _ in verdicts} == {"cuggu", "dualtetrax", "dualtetrax:prod"}
    for each in run["bindings"]:  # an ARN of some services names no account
        assert (OTHER if each["baseline"] == "cuggu" else OWN) not in each["resource"]
    assert told(other)[1] == verdicts
    assert one.code == 0


def test_what_is_missing_in_one_account_is_not_played_by_another(auditor, saved, tmp_path):
    """The same system in a second account is a twin: whose it is has to be said, and nothing is called missing."""
    twin = tmp_path / "twin.jsonl"
    twin.write_text(Path(saved["cuggu"]).read_text(encoding="utf-8").replace(OWN, OTHER), encoding="utf-8")
    ran = auditor("check", "--from", saved["cuggu"], "--from", str(twin), "--baseline", "cuggu", "--no-rules",
                  "--no-store", "--format", "json")  # fmt: skip
    run, verdicts = told(ran)
    assert "broken" not in verdicts.values()
    assert not [each for each in run["findings"] if each["verdict"] == "broken" and each["kind"] != "extra"]


def test_a_plan_is_made_for_one_live_account(auditor, saved):
    ran = auditor("plan", "--from", saved["cuggu"], "--from", saved["dualtetrax"], "--baseline", "cuggu")
    assert ran.code == 2
    assert "leave out --from" in ran.err
