"""Document, code and account side by side: who stands alone has drifted, two against the document make it stale, and
what one of them does not know is not known."""

from __future__ import annotations

import json
import os
import shutil

import jsonschema
import pytest

from auditor.findings.threeway import BadRun, three_way
from auditor.settings import data_dir
from tests.command import run_here
from tests.gate.test_cuggu import CODE

SCHEMA = json.loads((data_dir("reports") / "run.schema.json").read_text())


def made(verdict, *values, role="database"):
    """A run with one promise; `values` are what is there in place of what is documented, by property."""
    findings = [
        {
            "id": str(at),
            "check": "shop/database/size",
            "verdict": "broken",
            "property": name,
            "expected": 30,
            "actual": value,
        }
        for at, (name, value) in enumerate(values)
    ]
    promise = {"baseline": "shop", "id": "database/size", "section": "2", "lines": "4", "text": "30 days", "verdict": verdict,
               "reason": "the call was denied" if verdict == "unknown" else "", "findings": []}  # fmt: skip
    bound = (
        [{"baseline": "shop", "role": role, "resource": "arn:x", "confidence": 1.0, "runner_up": ""}] if role else []
    )
    return {"scan": {"baselines": ["shop"], "accounts": ["1"], "finished": "now"}, "findings": findings,
            "promises": [promise], "bindings": bound}  # fmt: skip


SEVEN, FIVE = ("Retention", 7), ("Retention", 5)
TABLE = [
    (made("kept"), made("kept"), "agree"),
    (made("broken", SEVEN), made("kept"), "code-drift"),
    (made("kept"), made("broken", SEVEN), "live-drift"),
    (made("broken", SEVEN), made("broken", SEVEN), "document-stale"),
    (made("broken", SEVEN), made("broken", FIVE), "both-drift"),
    (made("broken", SEVEN), made("broken", ("Class", "large")), "both-drift"),
    (made("broken", SEVEN, ("Class", 1)), made("broken", SEVEN), "both-drift"),
    # Several resources play the part: each of their values counts, in whatever order they are told.
    (made("broken", SEVEN, FIVE), made("broken", FIVE, SEVEN), "document-stale"),
    (made("broken", SEVEN, FIVE), made("broken", ("Retention", 9), FIVE), "both-drift"),
    (made("broken", SEVEN, FIVE), made("broken", FIVE), "both-drift"),
    (made("unknown"), made("kept"), "unknown"),
    (made("broken", SEVEN), made("unknown"), "unknown"),
    (made("kept"), made("unknown"), "unknown"),
]


@pytest.mark.parametrize(("code", "account", "verdict"), TABLE)
def test_who_stands_alone(code, account, verdict):
    told = three_way(code, account, "run.json")
    (row,) = told["promises"]
    assert row["verdict"] == verdict
    assert told["counts"][verdict] == sum(told["counts"].values()) == 1
    assert (row["code"], row["account"]) == (code["promises"][0]["verdict"], account["promises"][0]["verdict"])
    if verdict == "unknown":
        assert "the call was denied" in row["reason"]


def test_values_of_all_three_stand_beside_each_other():
    (row,) = three_way(made("broken", SEVEN), made("kept"), "x")["promises"]
    assert row["properties"] == [{"property": "Retention", "expected": 30, "code": {"actual": 7}, "account": None}]


def test_parts_that_only_one_side_has():
    told = three_way(made("kept", role="database"), made("kept", role="queue"), "x")
    assert [each["role"] for each in told["undeployed"]] == ["database"]
    assert [each["role"] for each in told["unmanaged"]] == ["queue"]


def test_a_run_without_the_document_is_refused():
    account = made("kept")
    account["scan"]["baselines"] = []
    with pytest.raises(BadRun, match="holds no answer for shop"):
        three_way(made("kept"), account, "x")


def saved(tmp_path, run, **changes):
    """A record as an account's run has it."""
    path = tmp_path / "run.json"
    path.write_text(json.dumps({name: value for name, value in run.items() if name != "gate"} | changes))
    return path


def test_of_a_real_document(gate, tmp_path):
    shutil.copytree(CODE / "cuggu_tf", tmp_path / "account")
    data = tmp_path / "account" / "data.tf"
    data.write_text(
        data.read_text().replace("publicly_accessible             = false", "publicly_accessible             = true")
    )
    account = saved(tmp_path, gate(tmp_path / "account", "--baseline", "cuggu").run)
    words = (CODE / "cuggu_tf", "--baseline", "cuggu", "--live", account)
    ran = gate(*words)
    assert ran.code == 0, "what drifted in the account is no fault of the code"
    jsonschema.validate(ran.run, SCHEMA)
    told = ran.run["gate"]["three_way"]
    drifted = [each for each in told["promises"] if each["verdict"] == "live-drift"]
    assert "database/not-public" in {each["id"] for each in drifted}
    row = next(each for each in drifted if each["id"] == "database/not-public")
    assert row["properties"][0] | {"expected": False} == {
        "property": "PubliclyAccessible", "expected": False, "code": None, "account": {"actual": True},
    }  # fmt: skip
    assert (told["undeployed"], told["unmanaged"]) == ([], [])
    text = " ".join(gate(*words, "--format", "text").out.split())
    assert "The account differs from document and code" in text
    assert "PubliclyAccessible: document false, code as documented, account true" in text
    assert "account true" in gate(*words, "--format", "markdown").out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"promises": []}', "is not a whole run"),
        (
            '{"promises": [], "findings": [], "bindings": [], "scan": {}, "gate": {"a": 1}}',
            "is not the run of an account",
        ),
        ('{"promises": [], "findings": [], "bindings": [], "scan": {}}', "holds no answer for cuggu"),
        ("words", ""),
    ],
)
def test_what_is_no_run_is_refused(text, words, gate, tmp_path):
    (tmp_path / "run.json").write_text(text)
    ran = gate(CODE / "cuggu_tf", "--baseline", "cuggu", "--live", tmp_path / "run.json")
    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err


def test_usage(gate, repo, tmp_path):
    (tmp_path / "run.json").write_text("{}")
    assert "--live needs --baseline" in gate(CODE / "cuggu_tf", "--live", tmp_path / "run.json").err
    shutil.copytree(CODE / "cuggu_tf", repo.path / "infra")
    repo.write("run.json", "{}")
    repo.commit()
    ran = gate(repo.path / "infra", "--baseline", "cuggu", "--live", repo.path / "run.json")
    assert (ran.code, "inside the checked code" in ran.err) == (2, True)


def test_the_account_itself_is_read_for_what_the_document_asks(gate, cuggu, pointed, tmp_path, monkeypatch):
    """With the usual credentials, in the regions of the document."""
    pointed(cuggu.box)
    words = (CODE / "cuggu_tf", "--baseline", "cuggu", "--live", "account")
    ran = gate(*words)
    assert ran.code == 0, ran.err
    jsonschema.validate(ran.run, SCHEMA)
    told = ran.run["gate"]["three_way"]
    assert told["live"]["accounts"] == [cuggu.box.account]
    assert told["counts"]["agree"] > 50
    assert not told["counts"]["code-drift"] + told["counts"]["live-drift"] + told["counts"]["document-stale"]
    assert (told["undeployed"], told["unmanaged"]) == ([], [])
    assert "AWS::RDS::DBInstance" not in " ".join(told["resources"]["unmanaged"])
    same = gate(*words, "--account", cuggu.box.account)
    assert same.run["gate"]["three_way"]["counts"] == told["counts"]
    other = gate(*words, "--account", "210987654321")
    assert (other.code, other.out) == (2, "")
    assert f"the credentials are of account {cuggu.box.account}" in other.err
    assert (gate(*words, "--profile", "nobody").code, gate(*words, "--profile", "nobody").out) == (2, "")


def test_an_account_that_cannot_be_read_takes_no_verdict_from_the_code(gate, tmp_path, monkeypatch):
    for name in [each for each in os.environ if each.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    alone = gate(CODE / "cuggu_tf", "--baseline", "cuggu")
    ran = gate(CODE / "cuggu_tf", "--baseline", "cuggu", "--live", "account")
    assert (ran.code, ran.run["findings"]) == (alone.code, alone.run["findings"]), ran.err
    assert "no AWS credentials" in ran.run["gate"]["three_way"]["problem"]
    jsonschema.validate(ran.run, SCHEMA)
    for form in ("text", "markdown"):
        told = gate(CODE / "cuggu_tf", "--baseline", "cuggu", "--live", "account", "--format", form).out
        assert "the account could not be read: no AWS credentials" in " ".join(told.split())


def test_only_the_account_has_a_profile(gate, tmp_path):
    (tmp_path / "account").write_text("words")
    for live in ((), ("--live", "./account")):
        ran = gate(CODE / "cuggu_tf", "--baseline", "cuggu", "--profile", "p", *live)
        assert (ran.code, "--profile needs --live account" in ran.err) == (2, True)
    assert "not a saved inventory" in gate(CODE / "cuggu_tf", "--baseline", "cuggu", "--live", "./account").err
    assert "does not exist" in gate(CODE / "cuggu_tf", "--baseline", "cuggu", "--live", "acount").err


def test_an_inventory_of_the_account(gate, cuggu, tmp_path):
    """The conforming account beside the conforming code: nothing drifts, and every documented part is on both sides."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")} | cuggu.box.environ()
    environ |= {"AWS_EC2_METADATA_DISABLED": "true", "HOME": str(tmp_path)}
    saved_to = tmp_path / "account.jsonl"
    done = run_here(
        ["scan", "--region", "ap-northeast-2", "--region", "us-east-1", "-o", str(saved_to)], environ, tmp_path
    )
    assert done.code in (0, 3), done.err
    ran = gate(CODE / "cuggu_tf", "--baseline", "cuggu", "--live", saved_to)
    assert ran.code == 0, ran.err
    jsonschema.validate(ran.run, SCHEMA)
    told = ran.run["gate"]["three_way"]
    assert not told["counts"]["code-drift"] + told["counts"]["live-drift"] + told["counts"]["document-stale"]
    assert (told["undeployed"], told["unmanaged"]) == ([], [])
    beside = told["resources"]
    assert "AWS::Lambda::Function lunch-bot" in beside["unmanaged"]
    both = " ".join(beside["unmanaged"] + beside["undeployed"])
    assert "AWS::RDS::DBInstance" not in both, "it plays the database on both sides"
