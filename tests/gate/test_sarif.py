"""What code scanning gets: valid by the published schema, with places, scores and fingerprints, and nothing hidden."""

import io
import json
from pathlib import Path

import jsonschema
import pytest

from auditor.model import SEVERITIES
from auditor.report import Options, sarif, write
from tests.gate.conftest import OPENED
from tests.report import sample

SCHEMA = json.loads((Path(__file__).parents[1] / "data" / "sarif-schema-2.1.0.json").read_text())
VALID = jsonschema.Draft7Validator(SCHEMA, format_checker=jsonschema.FormatChecker())


def told(run):
    out = io.StringIO()
    write("sarif", run, out, Options())
    found = json.loads(out.getvalue())
    VALID.validate(found)
    return found["runs"][0]


def placed(run):
    for number, each in enumerate(run["findings"], 1):
        each["location"] = {"file": "infra/main.tf", "line": number}
    return run


def test_a_live_run_has_resources_and_no_files():
    run = told(sample.run())
    assert run["results"]
    for each in run["results"]:
        (place,) = each["locations"]
        assert place["logicalLocations"][0]["kind"] == "resource"
        assert "physicalLocation" not in place


def test_places_scores_and_fingerprints():
    run = placed(sample.run())
    found = told(run)
    rules = found["tool"]["driver"]["rules"]
    by_id = {each["partialFingerprints"]["auditorFingerprint/v1"]: each for each in found["results"]}
    assert set(by_id) == {each["id"] for each in run["findings"]}
    for each in run["findings"]:
        mine = by_id[each["id"]]
        rule = rules[mine["ruleIndex"]]
        assert rule["id"] == mine["ruleId"] == each["check"]
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
        physical = mine["locations"][0]["physicalLocation"]
        assert physical["artifactLocation"]["uri"] == "infra/main.tf"
        assert physical["region"]["startLine"] == each["location"]["line"]
        worst = min(
            (other["severity"] for other in run["findings"] if other["check"] == each["check"]), key=SEVERITIES.index
        )
        assert rule["properties"].get("security-severity") == sarif.SCORES.get(worst)
        if each["verdict"] == "broken":
            assert (mine["kind"], mine["level"]) == ("fail", sarif.LEVELS[each["severity"]])


def test_fingerprints_know_no_lines():
    one, two = placed(sample.run()), placed(sample.run())
    for each in two["findings"]:
        each["location"]["line"] += 10
    prints = [[each["partialFingerprints"] for each in told(run)["results"]] for run in (one, two)]
    assert prints[0] == prints[1]


def test_what_is_incomplete_says_so():
    run = sample.clean_run()
    assert told(run)["invocations"][0]["executionSuccessful"]
    run = sample.run()
    run["coverage"] = {"complete": False, "gaps": sample.run()["coverage"]["gaps"] or [
        {"account": "", "region": "", "service": "", "operation": "main.tf:3", "permission": "", "reason": "unresolved",
         "types": [], "message": "main.tf:3: module.x is not fetched", "count": 1, "subjects": []}]}  # fmt: skip
    (invocation,) = told(run)["invocations"]
    assert not invocation["executionSuccessful"]
    assert invocation["toolExecutionNotifications"]


def test_what_is_not_known_is_open_and_what_is_waived_is_suppressed():
    run = sample.run()
    run["findings"][0] |= {"verdict": "unknown", "actual": None}
    run["findings"][1]["waiver"] = {"reason": "till the move", "expires": "2027-01-01", "by": "me"}
    unknown, waived = (each["id"] for each in run["findings"][:2])
    found = {each["partialFingerprints"]["auditorFingerprint/v1"]: each for each in told(run)["results"]}
    assert (found[unknown]["kind"], found[unknown]["level"]) == ("open", "none")
    assert found[waived]["suppressions"] == [
        {"kind": "external", "status": "accepted", "justification": "till the move"}
    ]


def test_no_more_than_is_taken_worst_first(monkeypatch):
    assert sarif.MOST == 25_000  # GitHub's documentation; each of so many is no other than of a few
    monkeypatch.setattr(sarif, "MOST", 250)
    found = told(sample.many(257))
    assert len(found["results"]) == 250
    ranks = [SEVERITIES.index(each["properties"]["severity"]) for each in found["results"]
             if each["kind"] == "fail" and not each["suppressions"]]  # fmt: skip
    assert ranks == sorted(ranks)
    notes = [each["message"]["text"] for each in found["invocations"][0]["toolExecutionNotifications"]]
    assert any("7 less severe findings left out" in note for note in notes)


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("infra/main.tf", "infra/main.tf"), ("a b/ü#?.tf", "a%20b/%C3%BC%23%3F.tf"), ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"), ("..\\x\\y.tf", "x/y.tf"), ("\x00\n\u202e", "%00%0A%E2%80%AE"), ("", "unknown"),
        ("javascript:alert(1)", "javascript%3Aalert%281%29"), ("\udcff.tf", "%FF.tf"),
    ],
)  # fmt: skip
def test_a_place_is_a_relative_reference(file, uri):
    assert sarif.uri(file) == uri


def test_hostile_names_steer_nothing():
    run = placed(sample.run())
    for each in run["findings"]:
        each["title"] = each["resource"]["name"] = each["because"] = sample.HOSTILE + "[text](https://evil.example)"
        each["location"]["file"] = sample.HOSTILE
    text = json.dumps(told(run), ensure_ascii=False)
    assert "\x1b" not in text
    assert "\u202e" not in text
    for each in told(run)["results"]:
        assert "\\[text\\](" in each["message"]["text"]


def test_a_gate_tells_new_ones(repo, gate):
    repo.write("readme.md", "words")
    repo.branch()
    repo.write("web.yaml", OPENED)
    ran = gate(repo.path, "--base", "main", "--format", "sarif")
    found = json.loads(ran.out)
    VALID.validate(found)
    (result,) = found["runs"][0]["results"]
    assert (ran.code, result["baselineState"]) == (1, "new")
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "web.yaml"
