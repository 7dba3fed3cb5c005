"""`auditor paths`, as a user starts it."""

from __future__ import annotations

import json

import pytest


@pytest.fixture(scope="module")
def saved(cuggu, tmp_path_factory):
    from auditor.pipeline import Wish, scan

    target = tmp_path_factory.mktemp("paths") / "inventory.jsonl.gz"
    with pytest.MonkeyPatch.context() as patch:
        for name, value in cuggu.box.environ().items():
            patch.setenv(name, value)
        scan(Wish(regions=("ap-northeast-2",)), target)
    return target


def test_the_internet_does_not_reach_the_database(auditor, cuggu, saved):
    done = auditor("paths", "internet", f"rds/{cuggu.ids['database']}", "--from", str(saved))
    assert done.code == 0, done.err
    assert "does not reach" in done.out
    assert "not-public" in done.out
    assert "AWS code IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS" in done.out
    told = json.loads(
        auditor("paths", "internet", f"rds/{cuggu.ids['database']}", "--from", str(saved), "--format", "json").out
    )
    assert told["stop"]["aws_codes"] == ["IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS"]


def test_the_server_reaches_the_proxy_and_the_json_proves_it(auditor, cuggu, saved):
    words = (
        "paths",
        f"lambda/{cuggu.ids['server']}",
        f"rds/{cuggu.ids['proxy']}",
        "--port",
        "5432",
        "--format",
        "json",
    )
    done = auditor(*words, "--from", str(saved))
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert told["verdict"] == "reached"
    assert {"placed-in", "guarded-by"} <= {edge["relation"] for edge in told["path"]}
    assert told["admitted"][0]["services"] == "tcp 5432"
    assert told["gaps"] == []


def test_live_is_the_same_as_saved(auditor, cuggu, saved):
    words = ("paths", f"lambda/{cuggu.ids['server']}", "internet", "--port", "443", "--format", "json")
    live = auditor(*words, "--region", "ap-northeast-2", box=cuggu.box)
    assert live.code == 0, live.err
    assert json.loads(live.out) == json.loads(auditor(*words, "--from", str(saved)).out)
    assert json.loads(live.out)["verdict"] == "reached"


@pytest.mark.parametrize(
    "words", [("internet", "rds/nothing"), ("internet", "10.9.9.9", "--protocol", "icmp", "--port", "1")]
)
def test_what_cannot_be_asked_is_told(auditor, saved, words):
    done = auditor("paths", *words, "--from", str(saved))
    assert (done.code, done.out) == (2, "")
    assert done.err


def test_a_distribution_in_front_is_told_step_by_step(auditor, cuggu, saved):
    done = auditor("paths", "internet", f"lambda/{cuggu.ids['server']}", "--from", str(saved))
    lines = [line.strip() for line in done.out.splitlines()]
    assert lines[0] == f"✓ internet reaches lambda/{cuggu.ids['server']}"
    assert lines[1] == "passes   the Internet on tcp 443, udp 443"
    assert lines[2:4] == [f"path       CloudFront {cuggu.ids['cdn']}", "→ function URL, signed"]
    assert lines[4] == f"proof    Distribution {cuggu.ids['cdn']}"


def test_an_action_is_answered_beside_the_path(auditor, cuggu, saved):
    words = ("paths", f"lambda/{cuggu.ids['server']}", "s3", "--action", "s3:GetObject", "--from", str(saved))
    told = json.loads(auditor(*words, "--format", "json").out)
    assert (told["verdict"], told["permitted"]["effect"], told["permitted"]["endpoint"]) == ("reached", "allow", None)
    assert "no endpoint: its public addresses are used" in told["hops"]
    assert "policies s3:GetObject on *: allowed" in auditor(*words).out


def test_a_name_that_nothing_has_brings_names_like_it(auditor, cuggu, saved):
    done = auditor("paths", "internet", "lambda/cuggu-prod-WebServer", "--from", str(saved))
    assert done.code == 2
    assert f"lambda/{cuggu.ids['server']}" in done.err
