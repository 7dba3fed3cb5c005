"""What GitHub asks of a SARIF file beyond its schema: what breaks one row of the table, it refuses or does not show."""

import json
import re

import pytest

from tests.gate.conftest import OPENED, TF_OPENED
from tests.gate.test_places import STATE, plan
from tests.gate.test_sarif import VALID, placed, told
from tests.report import sample

SCORE = re.compile(r"(10|[0-9])\.[0-9]")


def _rules(run):
    return run["tool"]["driver"]["rules"]


def _flows(run):
    return [flow["locations"] for each in run["results"] for code in each.get("codeFlows", ())
            for flow in code["threadFlows"]]  # fmt: skip


# https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
TAKEN = {
    "at most 25,000 results": lambda run: len(run["results"]) <= 25_000,
    "at most 25,000 rules": lambda run: len(_rules(run)) <= 25_000,
    "a place in a file for every result": lambda run: all(
        each["locations"] and each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for each in run["results"]
    ),
    "at most 1,000 places of a result": lambda run: all(len(each["locations"]) <= 1_000 for each in run["results"]),
    "at most 10,000 steps of a flow": lambda run: all(len(each) <= 10_000 for each in _flows(run)),
    "a place for every step": lambda run: all(
        step["location"]["physicalLocation"]["region"]["startLine"] > 0 for flow in _flows(run) for step in flow
    ),
    "at most 20 tags of a rule": lambda run: all(len(each["properties"]["tags"]) <= 20 for each in _rules(run)),
    "a message of every result": lambda run: all(each["message"]["text"].strip() for each in run["results"]),
    "lines from one": lambda run: all(
        each["locations"][0]["physicalLocation"]["region"]["startLine"] >= 1 for each in run["results"]
    ),
    "places inside of the repository": lambda run: (
        not any(
            re.match(r"/|\.\.|[a-z]+:", each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])
            for each in run["results"]
        )
    ),
    "a rule for every result": lambda run: all(
        _rules(run)[each["ruleIndex"]]["id"] == each["ruleId"] for each in run["results"]
    ),
    "scores are numbers as text, from 0.0 to 10.0": lambda run: all(
        SCORE.fullmatch(each["properties"].get("security-severity", "0.0")) for each in _rules(run)
    ),
    "help in words and in Markdown": lambda run: all(
        each["help"]["text"] and each["help"]["markdown"] for each in _rules(run)
    ),
    "names of at most 255 letters, descriptions of at most 1,024": lambda run: all(
        len(each["id"]) <= 255 and len(each["shortDescription"]["text"]) <= 1_024 for each in _rules(run)
    ),
}


def taken(text):
    found = json.loads(text)
    VALID.validate(found)
    assert len(found["runs"]) == 1
    (run,) = found["runs"]
    assert run["results"]
    assert not [name for name, holds in TAKEN.items() if not holds(run)]
    return run


WIDE = 'module "{0}" {{\n  source = "x/y/aws"\n}}\n'
CODE = {
    "a folder": ({"main.tf": TF_OPENED}, ["."]),
    "a folder below": ({"infra/prod/net.tf": TF_OPENED, "readme.md": "words"}, ["infra/prod"]),
    "a template": ({"web.yaml": OPENED}, ["web.yaml"]),
    "a plan": ({"plan.json": plan(22)}, ["plan.json"]),
    "a plan beside its code": ({"plan.json": plan(22), "main.tf": TF_OPENED}, ["plan.json"]),
    "code with its plan": ({"main.tf": TF_OPENED, "plan.json": plan(22)}, [".", "--plan", "plan.json"]),
    "a plan of another folder": ({"main.tf": 'resource "aws_vpc" "x" {\n  cidr_block = "10.0.0.0/16"\n}\n', "plan.json": plan(22)}, [".", "--plan", "plan.json"]),
    "a state": ({"x.tfstate": STATE}, ["x.tfstate"]),
    "modules that are nowhere": ({"net.tf": TF_OPENED + WIDE.format("a") + WIDE.format("b")}, ["."]),
    "a document whose parts are missing": ({"net.tf": TF_OPENED}, [".", "--baseline", "glimpse"]),
}  # fmt: skip


@pytest.mark.parametrize("name", CODE)
def test_every_result_stands_somewhere(name, gate, tmp_path):
    files, words = CODE[name]
    for file, text in files.items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(text)
    ran = gate(*words, "--format", "sarif", cwd=tmp_path)
    run = taken(ran.out)
    main = {each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in run["results"]}
    assert main <= {file.rpartition("/")[2] if words[0] == "infra/prod" else file for file in files}, main


def test_a_plan_stands_at_the_block_of_its_address(gate, tmp_path):
    (tmp_path / "plan.json").write_text(plan(22))
    (tmp_path / "net.tf").write_text("# the group\n\n" + TF_OPENED)
    run = taken(gate("plan.json", "--format", "sarif", cwd=tmp_path).out)
    (result,) = run["results"]
    place = result["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("net.tf", 3)


def test_a_rule_tells_nothing_of_one_resource():
    run = placed(sample.run())
    for each in run["findings"]:
        each["title"], each["remedy"]["text"] = "this-one is wrong", "delete this-one"
        each["resource"]["id"] = each["resource"]["name"] = each["because"] = "this-one"
    assert "this-one" not in json.dumps(_rules(told(run)))


def test_a_rule_says_why_how_and_where(gate, tmp_path):
    (tmp_path / "main.tf").write_text(TF_OPENED)
    run = taken(gate(tmp_path, "--format", "sarif").out)
    (rule,) = _rules(run)
    assert rule["helpUri"].startswith("https://docs.aws.amazon.com/")
    assert rule["helpUri"] in rule["help"]["text"]
    assert "Scanners" in rule["help"]["text"] or "Internet" in rule["help"]["text"]
    assert "Remove the rule" in rule["help"]["markdown"]
    assert rule["fullDescription"]["text"].startswith(rule["shortDescription"]["text"])
    assert {"security", "aws", "EC2"} <= set(rule["properties"]["tags"])


NETWORK = (
    TF_OPENED.replace("22", "5432").replace('"vpc-1"', "aws_vpc.v.id")
    + """
resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_internet_gateway" "igw" {
  vpc_id = aws_vpc.v.id
}
resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_route_table" "out" {
  vpc_id = aws_vpc.v.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.igw.id
  }
}
resource "aws_route_table_association" "a" {
  subnet_id      = aws_subnet.a.id
  route_table_id = aws_route_table.out.id
}
resource "aws_db_subnet_group" "db" {
  name       = "db"
  subnet_ids = [aws_subnet.a.id]
}
resource "aws_db_instance" "orders" {
  identifier             = "orders"
  engine                 = "postgres"
  db_subnet_group_name   = aws_db_subnet_group.db.name
  vpc_security_group_ids = [aws_security_group.web.id]
  publicly_accessible    = true
}
"""
)


def test_a_network_path_is_a_flow_through_the_code(gate, tmp_path):
    (tmp_path / "main.tf").write_text(NETWORK)
    run = taken(gate(tmp_path, "--format", "sarif", "--rule", "database-not-reachable").out)
    (result,) = run["results"]
    (flow,) = _flows(run)
    lines = NETWORK.split("\n")
    named = [lines[step["location"]["physicalLocation"]["region"]["startLine"] - 1] for step in flow]
    texts = [step["location"]["message"]["text"] for step in flow]
    assert [text.partition(":")[0] for text in texts] == [
        "aws_internet_gateway.igw", "aws_route_table.out", "aws_subnet.a", "db", "orders",
    ]  # fmt: skip
    assert ["gateway_id" in named[0] or "route" in named[0], "aws_db_instance" in named[-1]] == [True, True]
    assert result["ruleId"] == "database-not-reachable"


def test_hostile_evidence_and_places_break_nothing():
    run = placed(sample.run())
    evil = sample.HOSTILE + "[x](https://e.example)"
    run["gate"] = {"path": ".", "compared": False, "main": {"file": evil, "line": 1}, "parts": {}}
    for each in run["findings"]:
        each["location"] = None
        key = each["resource"]["key"]
        each["evidence"] = [
            {"tail": key, "relation": evil, "head": evil, "because": evil, "location": {"file": evil, "line": 3}},
            {"tail": evil, "relation": evil, "head": key + "x", "because": evil},
        ]
    found = told(run)
    assert not [name for name, holds in TAKEN.items() if not holds(found)]
    assert _flows(found)
    assert "\x1b" not in json.dumps(found, ensure_ascii=False)
