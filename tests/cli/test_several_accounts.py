"""`auditor check --from a --from b`: the systems of several accounts, each found in its own, in one run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

OWN = "123456789012"
ACCOUNTS = {
    name: f"{number}" * 12 for number, name in enumerate(("couple", "cuggu", "dualtetrax", "glimpse", "pingvas"), 3)
}
OTHER = ACCOUNTS["dualtetrax"]
LOOSE = {(name, role) for name in ("dualtetrax", "dualtetrax:prod") for role in ("cdn", "record", "site-bucket")}
BASELINES = tuple(word for name in (*ACCOUNTS, "couple:dev", "dualtetrax:prod") for word in ("--baseline", name))


@pytest.fixture(scope="module")
def saved(couple, cuggu, dualtetrax, glimpse, pingvas, tmp_path_factory):
    """Each of the five systems as an account of its own has it."""
    from auditor import pipeline

    folder = tmp_path_factory.mktemp("several")
    built = (couple, cuggu, dualtetrax, glimpse, pingvas)
    for name, account in zip(ACCOUNTS, built, strict=True):
        with pytest.MonkeyPatch.context() as patch:
            for variable, value in account.box.environ().items():
                patch.setenv(variable, value)
            file = folder / f"{name}.jsonl"
            pipeline.scan(pipeline.Wish(regions=(account.region,)), file)
            file.write_text(file.read_text(encoding="utf-8").replace(OWN, ACCOUNTS[name]), encoding="utf-8")
    return {name: str(folder / f"{name}.jsonl") for name in ACCOUNTS}


def told(ran):
    run = json.loads(ran.out)
    return run, {(each["baseline"], each["id"]): each["verdict"] for each in run["promises"]}


def test_each_system_is_found_in_its_account_whatever_the_order(auditor, saved):
    options = ("--no-rules", "--no-store", "--format", "json", *BASELINES)
    files = [word for file in saved.values() for word in ("--from", file)]
    one = auditor("check", *files, *options)
    other = auditor("check", *[word for file in [*saved.values()][::-1] for word in ("--from", file)], *options)
    run, verdicts = told(one)
    assert run["scan"]["accounts"] == sorted(ACCOUNTS.values())
    # No arrow of dualtetrax leads to its site, and other accounts have distributions of which no document tells.
    doubtful = {name: verdict for name, verdict in verdicts.items() if verdict not in ("kept", "unverifiable")}
    site = ("site-bucket", "link/cdn-bucket", "link/record-to-cdn")
    assert doubtful == {(name, each): "unknown" for name in ("dualtetrax", "dualtetrax:prod") for each in site}
    assert {name for name, _ in verdicts} == set(BASELINES) - {"--baseline"}
    played = [each for each in run["bindings"] if (each["baseline"], each["role"]) not in LOOSE]
    for each in played:  # an ARN of some services names no account
        own = ACCOUNTS[each["baseline"].partition(":")[0]]
        assert not any(account in each["resource"] for account in ACCOUNTS.values() if account != own), each
    assert told(other)[1] == verdicts
    assert one.code == 3


def test_what_is_missing_in_one_account_is_not_played_by_another(auditor, saved, tmp_path):
    """The same system in a second account is a twin: whose it is has to be said, and nothing is called missing."""
    twin = tmp_path / "twin.jsonl"
    twin.write_text(Path(saved["cuggu"]).read_text(encoding="utf-8").replace(ACCOUNTS["cuggu"], OWN), encoding="utf-8")
    ran = auditor("check", "--from", saved["cuggu"], "--from", str(twin), "--baseline", "cuggu", "--no-rules",
                  "--no-store", "--format", "json")  # fmt: skip
    run, verdicts = told(ran)
    assert "broken" not in verdicts.values()
    assert not [each for each in run["findings"] if each["verdict"] == "broken" and each["kind"] != "extra"]


def test_a_plan_is_made_for_one_live_account(auditor, saved):
    ran = auditor("plan", "--from", saved["cuggu"], "--from", saved["dualtetrax"], "--baseline", "cuggu")
    assert ran.code == 2
    assert "leave out --from" in ran.err
