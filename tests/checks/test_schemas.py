"""The JSON Schemas of rule and baseline files: what is shipped fits, what is wrong by shape or name does not."""

import json
from pathlib import Path

import jsonschema
import pytest

from auditor.checks.yaml import read
from auditor.settings import data_dir
from tests.checks.test_definitions import RULE
from tools import definitions

ROOT = Path(__file__).parents[2]
FILES = [*sorted(data_dir("rules").rglob("*.yaml")), *sorted(data_dir("baselines").glob("*.yaml"))]
MADE = definitions.files()
NAMED = "# yaml-language-server: $schema="


@pytest.mark.parametrize("name", MADE)
def test_what_is_generated_is_what_make_docs_writes(name):
    assert (ROOT / name).read_text(encoding="utf-8") == MADE[name], "make docs"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_shipped_file_names_its_schema_and_fits(file):
    text = file.read_text(encoding="utf-8")
    first = text.splitlines()[0]
    assert first.startswith(NAMED)
    schema = json.loads((file.parent / first.removeprefix(NAMED)).read_text(encoding="utf-8"))
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    assert [
        f"{'.'.join(map(str, each.path))}: {each.message}" for each in kind(schema).iter_errors(read(file).value)
    ] == []


MATCHER = "BucketName: {exists: true}"
WRONG = {
    "a field that is none": (RULE + "wy: because\n", "wy"),
    "no reason": (RULE.replace("why: because\n", ""), "why"),
    "a title that is no text": (RULE.replace("title: A rule", "title: 12"), "12"),
    "a severity": (RULE.replace("severity: high", "severity: hihg"), "hihg"),
    "a type": (RULE.replace("on: AWS::S3::Bucket", "on: AWS::S3::Buckett"), "AWS::S3::Buckett"),
    "a type of an example": (RULE.replace("{Type: AWS::S3::Bucket}", "{Type: AWS::S3::Bukket}"), "AWS::S3::Bukket"),
    "an operator": (RULE.replace(MATCHER, "BucketName: {existss: true}"), "existss"),
    "no operator": (RULE.replace(MATCHER, "BucketName: {}"), "{}"),
    "operators beside properties": (RULE.replace(MATCHER, "BucketName: {equals: x, Name: y}"), "Name"),
    "an operand that is no list": (RULE.replace(MATCHER, "BucketName: {in: x}"), "x"),
    "an operand that is no number": (RULE.replace(MATCHER, "BucketName: {gte: many}"), "many"),
    "a flag for a number": (RULE.replace(MATCHER, "BucketName: {gte: true}"), "True"),
    "an operand that is no flag": (RULE.replace(MATCHER, "BucketName: {exists: maybe}"), "maybe"),
    "a number for a text": (RULE.replace(MATCHER, "BucketName: {startswith: 7}"), "7"),
    "a predicate": (RULE.replace(MATCHER, "polcy-not-public: {}"), "polcy-not-public"),
    "an argument": (RULE.replace(MATCHER, "ingress-closed: {prts: [22]}"), "prts"),
    "an argument that lacks": (RULE.replace(MATCHER, "ingress-closed: {}"), "ports"),
    "an argument of another kind": (RULE.replace(MATCHER, "ingress-closed: {ports: 22}"), "22"),
    "a relation": (RULE.replace(MATCHER, "has-head: {relation: placd-in, type: AWS::EC2::VPC}"), "placd-in"),
    "nothing demanded": (RULE.replace(f"require:\n  - {MATCHER}", "require: []"), "[]"),
    "an empty demand": (RULE.replace(MATCHER, "{}"), "{}"),
    "an address": (RULE.replace("https://docs.aws.amazon.com/", "docs.aws.amazon.com"), "docs.aws.amazon.com"),
    "no example of a failure": (RULE.replace("fail: [{Bucket: {Type: AWS::S3::Bucket}}]", "fail: []"), "[]"),
    "what the file's place says": (RULE + "id: mine\n", "id"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_is_refused(name, tmp_path):
    text, word = WRONG[name]
    (tmp_path / "mine.yaml").write_text(text)
    schema = definitions.schema_of(definitions.Rule, "")
    told = [
        each.message for each in jsonschema.Draft202012Validator(schema).iter_errors(read(tmp_path / "mine.yaml").value)
    ]
    assert any(word in each for each in told), told


def test_the_rule_that_all_mistakes_are_made_in_is_right(tmp_path):
    (tmp_path / "mine.yaml").write_text(RULE)
    schema = definitions.schema_of(definitions.Rule, "")
    assert list(jsonschema.Draft202012Validator(schema).iter_errors(read(tmp_path / "mine.yaml").value)) == []


def test_a_rule_that_went_leaves_no_page():
    pages = {each for each in MADE if each.startswith("docs/rules/")}
    assert {f"docs/rules/{each.name}" for each in (ROOT / "docs/rules").iterdir()} == pages
