"""New, still, mended; and that a narrower or incomplete run closes nothing it did not look at."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.findings.since import since
from auditor.model import Call, ResourceType, digest

DB, BUCKET, POLICY = "AWS::RDS::DBInstance", "AWS::S3::Bucket", "AWS::S3::BucketPolicy"
TYPES = {
    DB: ResourceType(cfn=DB, service="rds", list=Call("x"), id="Id"),
    BUCKET: ResourceType(cfn=BUCKET, service="s3", list=Call("x"), id="Id", scope="global", region="Region"),
    POLICY: ResourceType(cfn=POLICY, service="s3", list=Call("x"), id="Id", over=BUCKET),
}


def found(name: str = "a", **more: Any) -> dict[str, Any]:
    resource = {"key": f"key-{name}", "type": DB, "id": name, "account": "1", "region": "r1"}
    resource |= {key: more.pop(key) for key in list(more) if key in resource}
    check = more.get("check", "rule")
    return {"id": f"{check}-{name}", "check": check, "kind": "rule", "verdict": "broken", "resource": resource, **more}


def run(*findings: dict[str, Any], gaps: Any = (), promises: Any = (), **scan: Any) -> dict[str, Any]:
    base = {"accounts": ["1"], "regions": ["r1"], "types": [DB, BUCKET, POLICY], "rules": ["rule"], "baselines": []}
    return {
        "scan": {**base, **scan},
        "findings": list(findings),
        "promises": [{"baseline": "cuggu", "id": name, "verdict": verdict} for name, verdict in promises],
        "coverage": {"gaps": list(gaps)},
    }


def gap(types: tuple[str, ...] = (DB,), region: str = "r1", account: str = "1", **more: Any) -> dict[str, Any]:
    return {"types": list(types), "region": region, "account": account, "count": 1, "subjects": [], **more}


def told(previous: Any, now: Any) -> tuple[dict[str, str], list[str], list[str]]:
    out = since(previous, now, TYPES)
    status = {each["id"]: each["status"] for each in out["findings"]}
    return status, [each["id"] for each in out["mended"]], [each["id"] for each in out["carried"]]


def test_new_still_and_mended() -> None:
    assert told(None, run(found("a"))) == ({"rule-a": "new"}, [], [])
    assert told(run(found("a")), run(found("a"), found("b"))) == ({"rule-a": "still", "rule-b": "new"}, [], [])
    assert told(run(found("a")), run()) == ({}, ["rule-a"], [])


NOT_LOOKED: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("another rule", found(), run(rules=["other"])),
    ("no rules", found(), run(rules=[])),
    ("another region", found(), run(regions=["r2"])),
    ("another account", found(), run(accounts=["2"])),
    ("another type", found(), run(types=[BUCKET])),
    ("a record that does not say what it looked at", found(), {"scan": {}}),
    ("a denied list", found(), run(gaps=[gap()])),
    ("a denied list of all regions", found(type=BUCKET, region="r9"), run(gaps=[gap((BUCKET,), "us-east-1")])),
    ("its own detail denied", found(), run(gaps=[gap(subjects=["key-a"])])),
    ("many details denied, not all named", found(), run(gaps=[gap(count=21, subjects=["other"])])),
    ("its parent's list denied", found(type=POLICY), run(gaps=[gap((POLICY,), subjects=["bucket"])])),
    ("its parent's list of all regions denied", found(type=POLICY), run(gaps=[gap((BUCKET, POLICY), "us-east-1")])),
    ("unknown now under another property", found(), run({**found(verdict="unknown"), "id": "rule-a-other"})),
    ("its list unknown now", found(), run(found("*", verdict="unknown"))),
    ("another baseline", found(check="cuggu/db"), run(baselines=["pingvas"])),
    (
        "a promise that cannot be told",
        found(check="cuggu/db"),
        run(baselines=["cuggu"], promises=[("db", "unknown")]),
    ),
    (
        "missing, and unknown now",
        found(check="cuggu/db", kind="missing", account=""),
        run(
            found("db", check="cuggu/db", kind="missing", verdict="unknown"),
            baselines=["cuggu"],
            promises=[("db", "broken")],
        ),
    ),
]


@pytest.mark.parametrize(("why", "before", "now"), NOT_LOOKED)
def test_what_was_not_looked_at_is_carried(why: str, before: dict[str, Any], now: dict[str, Any]) -> None:
    _, mended, carried = told(run(before), now)
    assert (mended, carried) == ([], [before["id"]]), why
    again = since(since(run(before), now, TYPES), now, TYPES)
    assert [each["id"] for each in again["carried"]] == [before["id"]], "carried on and on"


LOOKED: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("a gap in another region", found(), run(gaps=[gap(region="r2")])),
    ("a gap in another account", found(), run(gaps=[gap(account="2")])),
    ("a gap of another type", found(), run(gaps=[gap((BUCKET,))])),
    ("another one's detail denied", found(), run(gaps=[gap(subjects=["key-b"])])),
    ("a bucket, wherever it lies", found(type=BUCKET, region="r9"), run()),
    ("a global resource", found(region="global"), run()),
    ("a promise that is kept", found(check="cuggu/db"), run(baselines=["cuggu"], promises=[("db", "kept")])),
    ("nothing undeclared", found(check="cuggu/undeclared", kind="extra"), run(baselines=["cuggu"])),
    ("no regions named: files", found(account="", region=""), run(regions=[])),
]


@pytest.mark.parametrize(("why", "before", "now"), LOOKED)
def test_what_was_looked_at_and_is_gone_is_mended(why: str, before: dict[str, Any], now: dict[str, Any]) -> None:
    assert told(run(before), now)[1:] == ([before["id"]], []), why


def test_what_the_document_no_longer_promises_is_withdrawn() -> None:
    before = run(found(check="cuggu/db"))
    assert told(before, run(baselines=["cuggu"], promises=[("other", "kept")])) == ({}, [], [])


def test_unknown_is_not_broken_and_not_mended() -> None:
    unknown = run(found(verdict="unknown"))
    assert told(unknown, run(found())) == ({"rule-a": "new"}, [], [])
    assert told(unknown, run()) == ({}, [], [])
    assert told(unknown, unknown) == ({"rule-a": "still"}, [], [])


def test_what_was_broken_then_unknown_then_gone_was_mended() -> None:
    dark = since(run(found()), run(found(verdict="unknown")), TYPES)
    assert (dark["findings"][0]["status"], dark["findings"][0]["was"]) == ("still", "broken")
    assert told(dark, run(found())) == ({"rule-a": "still"}, [], [])
    assert told(since(dark, dark, TYPES), run()) == ({}, ["rule-a"], [])


def test_a_carried_finding_that_shows_again_is_still() -> None:
    carried = since(run(found()), run(regions=["r2"]), TYPES)
    assert told(carried, run(found())) == ({"rule-a": "still"}, [], [])
    assert told(carried, run()) == ({}, ["rule-a"], [])


def earlier(*records: dict[str, Any]) -> Any:
    """Runs that are kept, newest first, as the store hands them out."""
    return [({"scan": each["scan"], "tool": each.get("tool")}, lambda each=each: each) for each in records]


def new_of(now: dict[str, Any], *kept: dict[str, Any], **more: Any) -> dict[str, str]:
    """By new finding why it is only newly checked; empty where it is drift."""
    before = {"findings": [], "runs": ["r"], "earlier": earlier(*kept)}
    out = since(before, {**now, "summary": {}}, TYPES, **more)
    told = {each["id"]: each.get("newly_checked", "") for each in out["findings"] if each["status"] == "new"}
    assert out["summary"]["newly_checked"] == sum(bool(why) for why in told.values())
    assert out["summary"]["new"] == sum(not why for why in told.values())
    return told


V1, V2 = {"tool": {"version": "1"}}, {"tool": {"version": "2"}}
ASKS = {"definitions": {"rule": "a", "cuggu": "b"}}
FIRST: list[tuple[str, dict[str, Any], list[dict[str, Any]], str]] = [
    ("nothing was there", run(found()), [run()], ""),
    ("a new rule", run(found()), [run(rules=["other"])], "rule"),
    ("a new region", run(found()), [run(regions=["r2"])], "region"),
    ("a new account", run(found()), [run(accounts=["2"])], "account"),
    ("a new permission", run(found()), [run(gaps=[gap()])], "permission"),
    ("unknown before", run(found()), [run({**found(verdict="unknown"), "id": "rule-a-other"})], "permission"),
    ("a new baseline", run(found(check="cuggu/db"), baselines=["cuggu"]), [run()], "baseline"),
    ("a rule for more types", run(found()), [run(types=[BUCKET])], "rule"),
    ("a rule that asks otherwise", run(found(), **ASKS), [run(definitions={"rule": "z", "cuggu": "b"})], "rule"),
    ("another rule that asks otherwise", run(found(), **ASKS), [run(definitions={"rule": "a", "cuggu": "z"})], ""),
    ("another program", {**run(found()), **V2}, [{**run(), **V1}], "program"),
    ("the same program", {**run(found()), **V1}, [{**run(), **V1}], ""),
    ("looked at long ago", run(found()), [run(gaps=[gap()]), run(rules=["other"]), run(regions=["r2"]), run()], ""),
    ("never looked at, and came nearest once", run(found()), [run(rules=[]), run(gaps=[gap()]), run(rules=[])],
     "permission"),
    # The newest that looked decides: what an older one asked is of no weight.
    ("asked the same since", run(found(), **ASKS), [run(**ASKS), run(definitions={"rule": "z"})], ""),
]  # fmt: skip


@pytest.mark.parametrize(("why", "now", "kept", "told_as"), FIRST)
def test_what_nobody_looked_at_before_is_no_drift(
    why: str, now: dict[str, Any], kept: list[dict[str, Any]], told_as: str
) -> None:
    assert [*new_of(now, *kept).values()] == [told_as], why


def test_a_damaged_run_is_passed_over() -> None:
    before = {"findings": [], "earlier": [(run(), lambda: None), *earlier(run(rules=[]))]}
    assert since(before, run(found()), TYPES)["findings"][0]["newly_checked"] == "rule"


def test_a_rule_that_is_renamed_keeps_its_findings() -> None:
    key = "key-a"
    old = {**found(check="old"), "id": digest("old", key, ""), "property": "", "first_seen": "2026-01-01T00:00:00Z"}
    now = {**found(check="rule"), "id": digest("rule", key, ""), "property": ""}
    before = {"findings": [old], "runs": ["r"], "earlier": earlier(run(old, rules=["old"]))}
    out = since(before, run(now, finished="2026-01-11T12:00:00Z"), TYPES, renamed={"old": "rule"})
    (still,) = out["findings"]
    assert (still["status"], still["first_seen"], still["days"]) == ("still", "2026-01-01T00:00:00Z", 10)
    assert [each["check"] for each in since(before, run(), TYPES, renamed={"old": "rule"})["mended"]] == ["rule"]
    (carried,) = since(before, run(rules=["x"]), TYPES, renamed={"old": "rule"})["carried"]
    assert carried["id"] == now["id"]
    # And what it did not find under its old name is drift under the new one.
    assert new_of(run(found()), run(rules=["old"]), renamed={"old": "rule"}) == {"rule-a": ""}


def test_a_finding_that_stays_has_its_age() -> None:
    def night(day: int, *findings: dict[str, Any], **scan: Any) -> dict[str, Any]:
        return run(*findings, finished=f"2026-01-{day:02}T03:00:00Z", **scan)

    first = since(None, night(1, found()), TYPES)
    second = since(first, night(2, rules=["other"]), TYPES)
    third = since(second, night(3, found(), found("b")), TYPES)
    assert second["carried"][0]["days"] == 1
    assert [(each["first_seen"][:10], each["days"]) for each in third["findings"]] == [
        ("2026-01-01", 2),
        ("2026-01-03", 0),
    ]
    mended = since(third, night(4), TYPES)
    assert since(mended, night(5, found()), TYPES)["findings"][0]["days"] == 0, "it came to be again"


CELLS = [(region, rule, name) for region in ("r1", "r2") for rule in ("x", "y") for name in "ab"]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sets(st.sampled_from(CELLS)),
            st.sets(st.sampled_from(["r1", "r2"]), min_size=1),
            st.sets(st.sampled_from(["x", "y"])),
            st.sets(st.sampled_from(["r1", "r2"])),
            st.randoms(use_true_random=False),
        ),
        max_size=6,
    )
)
def test_the_newest_record_knows_each_place_as_it_was_last_seen(nights: Any) -> None:
    """Runs over any regions and rules, with any region denied: open is what the last look at a place found there."""
    last_seen: set[tuple[str, str, str]] = set()
    ever_looked: set[tuple[str, str]] = set()
    record: dict[str, Any] | None = None
    kept: list[dict[str, Any]] = []
    for truth, regions, rules, denied, shuffle in nights:
        seen = [cell for cell in sorted(truth) if cell[0] in regions - denied and cell[1] in rules]
        shuffle.shuffle(seen)
        findings = [found(name, region=region, check=rule) for region, rule, name in seen]
        for each, (region, rule, name) in zip(findings, seen, strict=True):
            each["id"] = f"{region}-{rule}-{name}"
            each["resource"]["key"] = f"{region}-{name}"
        gaps = [gap(region=region) for region in sorted(denied & regions)]
        before = set(last_seen)
        last_seen = {cell for cell in last_seen if cell[0] not in regions - denied or cell[1] not in rules} | set(seen)
        before_this = record and {**record, "earlier": earlier(*kept)}
        record = since(before_this, run(*findings, gaps=gaps, regions=sorted(regions), rules=sorted(rules)), TYPES)
        shown = {tuple(each["id"].split("-")) for each in record["findings"] + record["carried"]}
        assert shown == last_seen
        assert {tuple(each["id"].split("-")) for each in record["mended"]} == before - last_seen
        for each in record["findings"]:
            cell = tuple(each["id"].split("-"))
            assert (each["status"] == "still") == (cell in before)
            # New where somebody had looked is drift, and nothing else is.
            drift = each["status"] == "new" and cell[:2] in ever_looked
            assert (each["status"] == "new" and "newly_checked" not in each) == (drift or not kept)
        ever_looked |= {(region, rule) for region in regions - denied for rule in rules}
        kept.insert(0, record)


DISTRIBUTION = "arn:aws:cloudfront::1:distribution/E1"
SERVES = {"tail": DISTRIBUTION, "relation": "draws-from", "head": "key-a", "because": ""}
RESTING: list[tuple[str, dict[str, Any], bool]] = [
    ("the list of what its evidence leads through", {"service": "cloudfront"}, True),
    ("the same, told by its IAM action", {"service": "x", "permission": "cloudfront:ListDistributions"}, True),
    ("the detail of the very resource of its evidence", {"service": "cloudfront", "subjects": [DISTRIBUTION]}, True),
    ("the detail of another one", {"service": "cloudfront", "subjects": ["other"]}, False),
    ("many details, not all named", {"service": "cloudfront", "subjects": ["other"], "count": 21}, True),
    ("another account", {"service": "cloudfront", "account": "2"}, False),
]


@pytest.mark.parametrize("kind", ["extra", "unlinked", "rule"])
@pytest.mark.parametrize(("hidden", "carries"), [row[1:] for row in RESTING], ids=[row[0] for row in RESTING])
def test_what_a_verdict_rested_on_has_to_be_read(kind: str, hidden: dict[str, Any], carries: bool) -> None:
    before = run(found(kind=kind, type=BUCKET, region="r1", evidence=[SERVES]))
    now = run(gaps=[gap(("AWS::CloudFront::Distribution",), "us-east-1", **hidden)])
    out = since(before, now, TYPES, {"key-a"})
    assert [bool(out["carried"]), bool(out["mended"])] == [carries, not carries]
    # What is certainly gone itself is gone, whatever else could not be read.
    assert since(before, now, TYPES, set())["carried"] == []


def test_what_no_document_names_may_hang_on_any_list_that_was_not_read() -> None:
    before = run(found(kind="extra", check="cuggu/undeclared", evidence=[]), baselines=["cuggu"])
    now = run(gaps=[gap(("AWS::Lambda::Function",), service="lambda")], baselines=["cuggu"])
    assert since(before, now, TYPES, {"key-a"})["carried"]
    assert since(before, run(baselines=["cuggu"]), TYPES, {"key-a"})["mended"]
