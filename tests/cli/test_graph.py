"""`auditor graph` and `auditor paths --cut`, as a user starts them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.test_paths import saved  # noqa: F401  a fixture

ROOT = Path(__file__).parents[2]
SHOP = ROOT / "docs" / "api_example.tf"


@pytest.fixture
def infra(tmp_path):
    (tmp_path / "infra").mkdir()
    shutil.copy(SHOP, tmp_path / "infra" / "main.tf")
    return tmp_path / "infra"


def test_a_saved_account_is_exported_the_same_each_time(auditor, cuggu, saved):  # noqa: F811
    done = auditor("graph", "--from", str(saved))
    assert done.code == 0, done.err
    assert done.out == auditor("graph", "--from", str(saved)).out
    told = json.loads(done.out)
    names = {each["name"] for each in told["nodes"]}
    assert {cuggu.ids["database"], cuggu.ids["server"]} <= names
    assert {"placed-in", "guarded-by", "acts-as"} <= {each["key"] for each in told["edges"]}
    assert {name for each in told["nodes"] for name in each} == {
        "account", "aws_id", "exists", "id", "name", "origin", "region", "type",
    }  # fmt: skip


def test_live_is_the_same_as_saved(auditor, cuggu, saved):  # noqa: F811
    words = ("graph", "--around", f"rds/{cuggu.ids['database']}", "--format", "dot")
    live = auditor(*words, "--region", "ap-northeast-2", box=cuggu.box)
    assert live.code == 0, live.err
    assert live.out == auditor(*words, "--from", str(saved)).out


@pytest.mark.parametrize(
    ("form", "begins"),
    [("graphml", "<?xml"), ("json", "{"), ("dot", "digraph"), ("mermaid", "flowchart"), ("svg", "<svg")],
)
def test_code_is_written_in_every_format(auditor, infra, tmp_path, form, begins):
    target = tmp_path / "out"
    done = auditor("graph", "--code", str(infra), "--format", form, "-o", str(target))
    assert (done.code, done.out) == (0, ""), done.err
    assert target.read_text().startswith(begins)
    assert done.err.strip() == f"wrote 10 resources and 17 edges to {target}"


def test_around_a_resource_only_what_is_near(auditor, infra):
    def names(*words):
        done = auditor("graph", "--code", str(infra), "--around", "rds/shop", *words)
        assert done.code == 0, done.err
        return sorted(each["aws_id"] for each in json.loads(done.out)["nodes"])

    assert names("--depth", "0") == ["shop"]
    assert names() == ["aws_security_group.database", "shop", "shop"]
    assert len(names("--depth", "9")) == 10


def test_facts_are_edges_where_asked_for(auditor, infra):
    told = json.loads(auditor("graph", "--code", str(infra), "--facts").out)
    facts = [each for each in told["edges"] if each["key"] == "reaches"]
    assert [(each["source"], each["because"], each["fact"]) for each in facts] == [
        ("internet", "the Internet on tcp 5432", "True")
    ]
    around = json.loads(auditor("graph", "--code", str(infra), "--facts", "--around", "internet").out)
    assert len(around["nodes"]) == 2


@pytest.mark.parametrize(
    "words",
    [
        ("--code", "infra", "--around", "rds/nothing"),
        ("--code", "nowhere"),
        ("--code", "infra", "--from", "infra/main.tf"),
        ("--parameter", "a=b"),
        ("--code", "infra", "--ways", "--facts"),
        ("--code", "infra", "--parameter", "a"),
    ],
)
def test_what_cannot_be_drawn_is_told(auditor, infra, words):
    done = auditor("graph", *words)
    assert (done.code, done.out) == (2, "")
    assert done.err


def test_the_ways_to_data_are_a_graph_of_their_own(auditor, infra):
    done = auditor("graph", "--code", str(infra), "--ways", "--format", "mermaid")
    assert done.code == 0, done.err
    assert done.out.splitlines() == [
        "flowchart LR",
        '  n0["route 0.0.0.0/0 -#62; aws_internet_gateway.main of aws_route_t…<br>route"]',
        '  n1["rule tcp 5432 from 0.0.0.0/0 of shop-database<br>security group rule"]',
        '  n2["shop<br>end"]',
        '  n3["the Internet<br>start"]',
        '  n0 -->|"then"| n1',
        '  n1 -->|"then"| n2',
        '  n3 -->|"then"| n0',
    ]
    assert "every path to data passes rule tcp 5432 from 0.0.0.0/0 of shop-database" in done.err


# ---- paths --cut


def test_nothing_to_cut_where_nothing_gets_through(auditor, cuggu, saved):  # noqa: F811
    done = auditor("paths", "internet", f"rds/{cuggu.ids['database']}", "--cut", "--from", str(saved))
    assert done.code == 0, done.err
    assert "there is no path from the Internet to" in done.out


def test_the_ways_to_a_function_pass_its_distribution(auditor, cuggu, saved):  # noqa: F811
    words = ("paths", "internet", f"lambda/{cuggu.ids['server']}", "--cut", "--from", str(saved))
    told = json.loads(auditor(*words, "--format", "json").out)
    ways = told["ways"]
    assert (ways["complete"], ways["fewest"], len(ways["cut"])) == (True, True, 1)
    assert set(ways["cut"]) <= set(ways["all_pass"])
    assert {ways["elements"][key]["kind"] for key in ways["all_pass"]} == {"origin", "function URL"}
    assert ways["afterwards"]["verdict"] == "blocked"
    text = auditor(*words).out
    assert "1 proven path from the Internet" in text
    assert "the fewest changes that close every proven path: 1" in text


def test_the_ends_of_a_cut_are_the_internet_or_resources(auditor, saved):  # noqa: F811
    done = auditor("paths", "internet", "8.8.8.8", "--cut", "--from", str(saved))
    assert done.code == 2
    assert "TO must be a resource" in done.err
