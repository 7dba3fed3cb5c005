"""What is told of a run: what changed, and only that."""

from __future__ import annotations

import pytest

from auditor.config.channels import Wanted
from auditor.notify.changes import Change, changes, wanted
from auditor.notify.outbox import Outbox
from auditor.store import Store
from tests.notify.nights import ACCOUNT, REGION, finding, gap, saved

WAIVER = "waivers.yaml:3: the exception for bucket-encrypted of a ends on 2026-01-09; mend the finding, or renew it"
ENDED = "waivers.yaml:3: the exception for bucket-encrypted of a ended on 2026-01-09; the finding is back"
A, B = finding("a"), finding("b", "critical")
UNKNOWN = finding("c", verdict="unknown", because="it could not be read")

# Two nights, and what is told of the second one.
NIGHTS = {
    "nothing": ({"findings": [A]}, {"findings": [A]}, []),
    "one is new": ({"findings": [A]}, {"findings": [A, B]}, [("new", "b")]),
    "one is fixed": ({"findings": [A, B]}, {"findings": [A]}, [("fixed", "b")]),
    "a rule is new": (
        {"scan": {"rules": ["x"]}}, {"scan": {"rules": ["x", "bucket-encrypted"]}, "findings": [A]}, [("newly", "a")]),
    "it is new and accepted": ({}, {"findings": [A | {"waiver": {"reason": "x"}}]}, []),
    "it is not known": ({}, {"findings": [UNKNOWN]}, [("unknown", "c")]),
    "a call is denied": ({}, {"gaps": [gap()]}, [("unread", "logs DescribeLogGroups")]),
    "it is denied again": ({"gaps": [gap()]}, {"gaps": [gap(message="in other words")]}, []),
    "another one is denied": ({"gaps": [gap()]}, {"gaps": [gap(), gap("s3:ListBuckets")]}, [("unread", "s3 ListBuck")]),
    "a region is left out": ({"scan": {"regions": [REGION, "us-east-1"]}}, {}, [("unread", "region us-east-1")]),
    "a document is left out": ({"scan": {"baselines": ["cuggu"]}}, {}, [("unread", "1 document checked before")]),
    "a rule is left out": ({"scan": {"rules": ["x", "bucket-encrypted"]}}, {}, [("unread", "1 rule checked before")]),
    "an exception ends": ({}, {"exceptions": {"ending": [WAIVER]}}, [("ending", "the exception")]),
    "it ends still, a line lower": (
        {"exceptions": {"ending": [WAIVER]}}, {"exceptions": {"ending": [WAIVER.replace(":3:", ":4:")]}}, []),
    "it ended": ({"exceptions": {"ending": [WAIVER]}}, {"exceptions": {"ended": [ENDED]}}, [("ended", "the finding is")]),
    "a part is not read and hides a": ({"findings": [A]}, {"gaps": [gap("s3:ListBuckets", types=[A["resource"]["type"]])]},
                                       [("unread", "s3 ListBuckets")]),
}  # fmt: skip


@pytest.mark.parametrize("name", NIGHTS)
def test_each_change_is_told_and_nothing_else(name, tmp_path):
    before, after, told = NIGHTS[name]
    store = Store(tmp_path)
    saved(store, 1, **before)
    run = saved(store, 2, **after)
    found = changes(run, Outbox(store, pytest.fail)._before(run))
    assert [(each.kind, words) for each, (_, words) in zip(found, told, strict=True) if words in each.text] == told


def test_a_narrow_run_in_between_makes_no_gap_new(tmp_path):
    store, box = Store(tmp_path), None
    saved(store, 1, gaps=[gap()])
    saved(store, 2, scan={"types": ["AWS::S3::Bucket"]})
    run = saved(store, 3, gaps=[gap()])
    box = Outbox(store, pytest.fail)
    assert changes(run, box._before(run)) == []


def test_what_comes_back_is_a_change_of_its_own(tmp_path):
    store = Store(tmp_path)
    keys = []
    for number, found in enumerate(([], [A], [], [A], []), 1):
        run = saved(store, number, found)
        keys += [each.key for each in changes(run, None)]
    assert len(keys) == len(set(keys)) == 4


def test_the_most_urgent_comes_first(tmp_path):
    store = Store(tmp_path)
    saved(store, 1, [finding("gone", "critical")])
    found = [finding("l", "low"), finding("h"), finding("c", "critical"), finding("i", "info")]
    run = saved(store, 2, found, [gap()], exceptions={"ended": [ENDED]})
    told = changes(run, Outbox(store, pytest.fail)._before(run))
    assert [(each.kind, each.severity) for each in told] == [
        ("new", "critical"), ("new", "high"), ("ended", ""), ("unread", ""), ("new", "low"), ("new", "info"),
        ("fixed", "critical"),
    ]  # fmt: skip


CHANGE = Change("new", "a", "", "x", "cuggu", "high", "cuggu/database", ACCOUNT, REGION, ("cuggu",), tags=("team=web",))
BLIND = Change("unread", "a", "", "x", "y", account=ACCOUNT, region=REGION, baselines=("cuggu",))
FOR = [
    ({}, True, True),
    ({"accounts": [ACCOUNT]}, True, True),
    ({"accounts": ["111111111111"]}, False, False),
    ({"regions": ["us-east-1"]}, False, False),
    ({"regions": [REGION, "us-east-1"]}, True, True),
    ({"baselines": ["cug*"]}, True, True),
    ({"baselines": ["couple:*"]}, False, False),
    ({"severity": "high"}, True, True),
    ({"severity": "critical"}, False, True),
    ({"checks": ["cuggu/*", "x"]}, True, True),
    ({"checks": ["bucket-*"]}, False, True),
    ({"tags": ["team=web", "team=db"]}, True, True),
    ({"tags": ["team=db"]}, False, True),
    ({"severity": "high", "accounts": ["111111111111"]}, False, False),
]


@pytest.mark.parametrize(("by", "found", "blind"), FOR)
def test_a_channel_gets_what_fits_all_that_it_is_for(by, found, blind):
    chosen = Wanted.model_validate(by)
    assert (wanted(CHANGE, chosen), wanted(BLIND, chosen)) == (found, blind)
