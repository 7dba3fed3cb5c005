"""What the page says, before it is HTML."""

import copy
from typing import Any

import pytest

from auditor.report import words
from auditor.report.page import page
from tests.report import sample


def test_a_broken_run_says_so_first() -> None:
    told = page(sample.run())
    assert told["state"] == "broken"
    assert told["headline"] == "Account 123456789012 is not what cuggu describes."
    assert told["tally"].startswith("8 broken (2 critical, 3 high, 2 medium, 1 low), 2 unknown, 137 kept")


def test_a_clean_run_is_calm() -> None:
    told = page(sample.clean_run())
    assert (told["state"], told["headline"]) == ("kept", "Account 123456789012 is what cuggu describes.")
    assert told["findings"] == []
    assert told["coverage"]["gaps"] == []


@pytest.mark.parametrize("spoil", [{"coverage": True}, {"unknown": 3}])
def test_what_was_not_seen_is_never_kept(spoil: dict[str, Any]) -> None:
    run = sample.clean_run()
    if "coverage" in spoil:
        run["coverage"] = sample.run()["coverage"]
    run["summary"]["unknown"] = spoil.get("unknown", 0)
    assert words.state(run) == "unknown"
    assert "not everything could be read" in words.headline(run)


def test_several_accounts_and_no_document() -> None:
    run = sample.run()
    run["scan"] |= {"accounts": ["1", "2"], "baselines": []}
    assert words.headline(run) == "2 accounts break security rules."
    run["scan"]["accounts"] = ["1"]
    assert words.headline(run) == "Account 1 breaks security rules."


def test_the_page_does_not_change_the_run() -> None:
    run = sample.run()
    before = copy.deepcopy(run)
    page(run)
    assert run == before


def test_gaps_name_the_action_and_give_the_policy() -> None:
    coverage = page(sample.run())["coverage"]
    assert not coverage["complete"]
    assert coverage["actions"] == ["logs:DescribeLogGroups"]
    assert '"logs:DescribeLogGroups"' in coverage["policy"]
    assert coverage["gaps"][0]["reason"] == "access denied"


def test_promises_stand_by_section_with_the_broken_ones_first() -> None:
    (document,) = page(sample.run())["documents"]
    assert [each["title"] for each in document["sections"]] == ["Section 2", "Section 3", "Section 4", "Section 5"]
    first = document["sections"][0]
    assert [each["verdict"] for each in first["loud"]] == ["broken"] * 5 + ["unknown"]
    assert {each["verdict"] for each in first["quiet"]} == {"kept"}
    cron = next(each for each in first["loud"] if each["id"] == "cleanup-rule/cron")
    assert (cron["lines"], cron["lang"]) == ("line 115", "ko")
    assert len(page(sample.run())["unverifiable"]) == 3


def test_section_ten_comes_after_section_nine() -> None:
    run = sample.run()
    for each, section in zip(run["promises"], ("10", "9", "2.10", "2.9", "Appendix"), strict=False):
        each["section"] = section
    (document,) = page({**run, "promises": run["promises"][:5]})["documents"]
    titles = [each["title"] for each in document["sections"]]
    assert titles == ["Section 2.9", "Section 2.10", "Section 9", "Section 10", "Appendix"]


def test_sections_without_a_number_stand_in_the_document_s_order() -> None:
    run = sample.run()
    for each, (section, lines) in zip(
        run["promises"], [("보안", "90-92"), ("개요", "12"), ("Costs", "30, 31"), ("보안", "80")], strict=False
    ):
        each |= {"section": section, "lines": lines}
    (document,) = page({**run, "promises": run["promises"][:4]})["documents"]
    assert [each["title"] for each in document["sections"]] == ["개요", "Costs", "보안"]


def test_a_finding_reads_as_sentences() -> None:
    found = page(sample.run())["findings"][0]
    assert found["evidence"][0] == {
        "tail": "cuggu-prod-postgres",
        "verb": "is protected by",
        "head": "cuggu-prod-db-sg",
        "because": "VPCSecurityGroups[0]",
    }
    (step,) = found["mend"]["steps"]
    assert step["call"].splitlines()[0] == "aws rds modify-db-instance"
    assert step["change"] == "PubliclyAccessible: true → false"
    assert step["undo"].startswith("aws rds modify-db-instance(")
    assert "safe" in found["mend"]["danger"]


def test_an_unknown_finding_offers_the_permission_and_no_fix() -> None:
    found = next(each for each in page(sample.run())["findings"] if each["verdict"] == "unknown")
    assert (found["actual"], found["allow"]) == ("could not be read", ["logs:DescribeLogGroups"])
    assert "mend" not in found


def test_waived_findings_stand_apart_and_stay_visible() -> None:
    told = page(sample.run())
    assert [each["check"] for each in told["waived"]] == ["s3-encryption"]
    assert (
        told["waived"][0]["waiver"] == "Public images, approved in the review of May (platform team), until 2027-01-31"
    )
    assert "s3-encryption" not in {each["check"] for each in told["findings"]}


def test_new_needs_a_run_to_compare_with() -> None:
    run = sample.run()
    assert len(page(run)["fresh"]) == 4
    run["mended"] = []
    for each in run["findings"]:
        each["status"] = "new"
    told = page(run)
    assert not told["compare"]
    assert not any(each.get("new") for each in told["findings"])


def test_the_worst_are_written_out_and_the_rest_packed() -> None:
    told = page(sample.many(120), worst=50)
    assert (len(told["findings"]), len(told["rest"]), told["total"]) == (50, 58, 108)
    assert told["findings"][0]["severity"] == "critical"


@pytest.mark.parametrize(
    ("matcher", "text"),
    [
        ({"gte": 30}, "at least 30"),
        ({"in": ["a", "b"]}, "one of a, b"),
        ({"not": {"equals": "x"}}, "not x"),
        ({"none": {"CidrIp": "0.0.0.0/0"}}, "no element: {CidrIp: 0.0.0.0/0}"),
        ({"version": "16"}, 'version "16"'),
        ({"exists": False}, "not set"),
        ({"Status": "Enabled"}, "Status: Enabled"),
        (None, "not set"),
    ],
)
def test_matchers_in_words(matcher: Any, text: str) -> None:
    assert words.demanded(matcher) == text
