"""`auditor check --from a --from b`: the systems of several accounts, each found in its own, in one run; and all of them
in one account."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

OWN = "123456789012"
ACCOUNTS = {
    name: f"{number}" * 12 for number, name in enumerate(("couple", "cuggu", "dualtetrax", "glimpse", "pingvas"), 3)
}
OTHER = ACCOUNTS["dualtetrax"]
BASELINES = tuple(word for name in (*ACCOUNTS, "couple:dev", "dualtetrax:prod") for word in ("--baseline", name))


# An id of EC2 is one in all accounts of AWS; the embedded account gives the same ones in each copy of itself.
OF_EC2 = re.compile(
    r"\b(vpc|subnet|sg|sgr|rtb|rtbassoc|igw|eigw|nat|acl|aclassoc|eni|eipalloc|eipassoc|vpce|i|vol|pl|dopt)-([0-9a-f]{17}|[0-9a-f]{8})\b"
)


def own_id(found, name):
    prefix, number = found.groups()
    return f"{prefix}-{hashlib.sha256(f'{name} {number}'.encode()).hexdigest()[: len(number)]}"


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
            text = file.read_text(encoding="utf-8").replace(OWN, ACCOUNTS[name])
            file.write_text(OF_EC2.sub(lambda found, name=name: own_id(found, name), text), encoding="utf-8")
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
    assert set(verdicts.values()) == {"kept", "unverifiable"}
    assert run["findings"] == []
    assert {name for name, _ in verdicts} == set(BASELINES) - {"--baseline"}
    for each in run["bindings"]:  # an ARN of some services names no account
        own = ACCOUNTS[each["baseline"].partition(":")[0]]
        assert not any(account in each["resource"] for account in ACCOUNTS.values() if account != own), each
    assert told(other)[1] == verdicts
    assert one.code == 0


@pytest.fixture(scope="module")
def one_account(saved, tmp_path_factory):
    """All five systems side by side in one account."""
    folder = tmp_path_factory.mktemp("one")
    for name, file in saved.items():
        text = Path(file).read_text(encoding="utf-8").replace(ACCOUNTS[name], OWN)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return {name: str(folder / f"{name}.jsonl") for name in saved}


def in_one_account(auditor, files, *baselines):
    options = ("--no-rules", "--no-store", "--format", "json", *baselines)
    return auditor("check", *(word for file in files.values() for word in ("--from", file)), *options)


def test_all_five_stand_in_one_account_and_none_is_an_extra_of_another(auditor, one_account):
    ran = in_one_account(auditor, one_account, *BASELINES)
    run, verdicts = told(ran)
    assert run["scan"]["accounts"] == [OWN]
    assert set(verdicts.values()) == {"kept", "unverifiable"}
    assert run["findings"] == []
    assert run["coverage"]["complete"]
    assert ran.code == 0


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


def changed(file, operation, change, folder):
    """A saved inventory in which `change` was done to the answers of an operation."""
    lines = []
    for line in Path(file).read_text(encoding="utf-8").splitlines():
        said = json.loads(line)
        if said.get("operation") == operation and "answer" in said:
            change(said["answer"])
        lines.append(json.dumps(said, ensure_ascii=False))
    out = folder / Path(file).name
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(out)


def every_database_is(**values):
    def change(answer):
        for each in answer["DBInstances"]:
            each.update(values)

    return change


def every_function_is(**values):
    def change(answer):
        for each in answer.get("Functions", ()):  # CloudFront has functions too
            each.update(values)

    return change


# What is changed in the answers of one system, and a promise of its document that says otherwise.
MUTATIONS = {
    "cuggu": ("describe_db_instances", every_database_is(PubliclyAccessible=True), "cuggu/database"),
    "couple": ("describe_db_instances", every_database_is(MultiAZ=False), "couple/database"),
    "dualtetrax": ("list_functions", every_function_is(Timeout=3), "dualtetrax/function"),
    "glimpse": ("describe_db_instances", every_database_is(DBInstanceClass="db.r6g.large"), "glimpse/database"),
    "pingvas": ("describe_db_instances", every_database_is(DBInstanceClass="db.t3.micro"), "pingvas/"),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_of_five_in_one_account_the_changed_one_alone_is_told(auditor, one_account, tmp_path, name):
    operation, change, check = MUTATIONS[name]
    files = {**one_account, name: changed(one_account[name], operation, change, tmp_path)}
    run, _ = told(in_one_account(auditor, files, *BASELINES))
    found = {each["check"] for each in run["findings"]}
    assert any(each.startswith(check) for each in found), found
    assert {each.partition("/")[0].partition(":")[0] for each in found} == {name}
