"""A baseline's regions that are not read: what lies there is unknown, and never missing."""

from __future__ import annotations

import json

import pytest

from auditor.settings import data_dir

pytestmark = pytest.mark.e2e


@pytest.fixture
def two_regions(tmp_path):
    """cuggu as if its document named a second region."""
    folder = tmp_path / "mine" / "baselines"
    folder.mkdir(parents=True)
    text = (data_dir("baselines") / "cuggu.yaml").read_text()
    assert "regions: [ap-northeast-2]" in text
    (folder / "both.yaml").write_text(text.replace("regions: [ap-northeast-2]", "regions: [ap-northeast-2, eu-west-1]"))
    return ("--definitions", "mine", "--baseline", "both", "--no-rules")


def test_none_of_the_regions_read_is_a_usage_error_and_leaves_no_history(auditor, cuggu):
    ran = auditor("check", "--baseline", "cuggu", "--region", "us-west-2", box=cuggu.box)
    assert ran.code == 2
    assert "describes ap-northeast-2, and only us-west-2 is read" in ran.err
    assert ran.out == ""
    assert auditor("report", "--list").out == ""


def test_what_lies_in_a_region_that_is_not_read_is_unknown(auditor, cuggu, two_regions):
    words = ("check", *two_regions, "--format", "json")
    whole = auditor(*words, box=cuggu.box)
    assert whole.code == 0, whole.err
    ran = auditor(*words, "--region", "eu-west-1", box=cuggu.box)
    assert ran.code == 3, ran.err
    run = json.loads(ran.out)
    assert {each["verdict"] for each in run["findings"]} == {"unknown"}
    assert run["mended"] == []
    database = next(each for each in run["promises"] if each["id"] == "database")
    assert database["verdict"] == "unknown"
    (gap,) = run["coverage"]["gaps"]
    assert (gap["region"], gap["reason"]) == ("ap-northeast-2", "region-not-read")
    assert gap["cure"] == "read it as well, with --region ap-northeast-2"
    told = auditor(*words[:-2], "--no-store", "--region", "eu-west-1", box=cuggu.box)
    assert "Incomplete: 1 region was not read; see below." in told.out
    assert json.loads(auditor(*words, box=cuggu.box).out)["mended"] == []


def test_of_a_saved_inventory_the_named_regions_are_read(auditor, cuggu):
    """None is ignored in silence: neither one that is there nor one that is not."""
    scanned = auditor("scan", "-o", "i.jsonl", "--region", "ap-northeast-2", "--region", "us-east-1", box=cuggu.box)
    assert scanned.code == 0
    words = ("check", "--from", "i.jsonl", "--rule", "keys-rotate", "--format", "json")
    both = auditor(*words)
    assert both.code == 0, both.err
    assert json.loads(both.out)["scan"]["regions"] == ["ap-northeast-2", "us-east-1"]
    one = auditor(*words, "--region", "ap-northeast-2")
    assert json.loads(one.out)["scan"]["regions"] == ["ap-northeast-2"]
    other = auditor(*words, "--region", "eu-west-1")
    assert (other.code, other.out) == (2, "")
    assert "eu-west-1 was not scanned; read there: ap-northeast-2, us-east-1" in other.err


@pytest.mark.parametrize("words", [("check",), ("graph",)])
def test_a_profile_beside_a_saved_inventory_is_an_error(auditor, tmp_path, words):
    (tmp_path / "i.jsonl").write_text("")
    ran = auditor(*words, "--from", "i.jsonl", "--profile", "reader")
    assert ran.code == 2
    assert "--profile is for a live account" in ran.err
