"""Which rules there are, found by what they are about, and rules of one's own held against their examples."""

from __future__ import annotations

import json

import pytest

from auditor.checks.examples import wrong_examples
from auditor.checks.rules import load_rules

RULE = """\
title: A queue keeps messages for a day at least
broken: "{name} keeps messages for less than a day"
severity: low
on: AWS::SQS::Queue
require:
  - MessageRetentionPeriod: {gte: 86400}
why: Messages that nobody took in time are lost.
fix: Set a longer retention.
references: [https://docs.aws.amazon.com/sqs/]
examples:
  pass:
    - Jobs: {Type: AWS::SQS::Queue, Properties: {MessageRetentionPeriod: 86400}}
  fail:
    - Jobs: {Type: AWS::SQS::Queue, Properties: {MessageRetentionPeriod: 60}}
"""


def ids(ran):
    assert ran.code == 0, ran
    return {each["id"] for each in json.loads(ran.out)}


@pytest.mark.parametrize(
    ("words", "chosen"),
    [
        ((), lambda rule: True),
        (("--topic", "network"), lambda rule: rule.topic == "network"),
        (("--topic", "network", "--topic", "edge"), lambda rule: rule.topic in ("network", "edge")),
        (("--severity", "critical"), lambda rule: rule.severity == "critical"),
        (("--service", "s3"), lambda rule: any(each.startswith("AWS::S3::") for each in rule.on)),
        (("--service", "S3", "--topic", "encryption"), lambda rule: rule.id == "bucket-encrypted"),
        (("--search", "LOG retention"), lambda rule: rule.id == "logs-kept"),
        (("--search", "no such words anywhere"), lambda rule: False),
    ],
)
def test_rules_are_found_by_what_they_are_about(auditor, words, chosen):
    expected = {rule.id for rule in load_rules() if chosen(rule)}
    assert ids(auditor("rules", "--format", "json", *words)) == expected


def test_the_list_is_the_most_severe_first_and_says_when_nothing_is_like_that(auditor):
    lines = auditor("rules").out.splitlines()
    order = ["critical", "high", "medium", "low", "info"]
    ranks = [order.index(line.split()[0]) for line in lines]
    assert ranks == sorted(ranks)
    none = auditor("rules", "--search", "no such words anywhere")
    assert (none.code, none.out) == (0, "")
    assert none.err.startswith("none of ")


@pytest.mark.parametrize(
    ("words", "cure"),
    [(("--service", "s33"), "did you mean `s3`?"), (("--topic", "networks"), "did you mean `network`?")],
)
def test_a_name_that_no_rule_has_names_the_nearest(auditor, words, cure):
    said = auditor("rules", *words)
    assert said.code == 2
    assert cure in said.err


def test_every_rule_of_ours_is_sound():
    assert [(rule.id, fault) for rule in load_rules() for fault in wrong_examples(rule)] == []


@pytest.fixture
def mine(tmp_path):
    def write(text, name="queues-kept", below="rules/messages"):
        folder = tmp_path / "mine" / below
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.yaml").write_text(text)
        return str(tmp_path / "mine")

    return write


@pytest.mark.parametrize("below", ["rules/messages", "messages"])
def test_a_sound_rule(auditor, mine, below):
    said = auditor("rules", "lint", mine(RULE, below=below))
    assert (said.code, said.out) == (0, "1 rule with 2 examples: all sound\n")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("Properties: {MessageRetentionPeriod: 86400}", "Properties: {MessageRetentionPeriod: 300}",
         "messages/queues-kept.yaml: example 1 of `pass` is broken (Jobs keeps messages for less than a day"),
        ("Properties: {MessageRetentionPeriod: 60}", "Properties: {MessageRetentionPeriod: 172800}",
         "messages/queues-kept.yaml: example 1 of `fail` is kept"),
        ("require:", "where: [{QueueName: jobs}]\nrequire:",
         "messages/queues-kept.yaml: no example of `pass` keeps the rule"),
        ("severity: low", "severity: lowest", "severity"),
        ("MessageRetentionPeriod: {gte", "MessageRetention: {gte", "`MessageRetention`"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_file(auditor, mine, old, new, words):
    said = auditor("rules", "lint", mine(RULE.replace(old, new, 1)))
    assert said.code == 1
    assert words in said.out


def test_a_rule_of_ones_own_has_an_id_of_its_own(auditor, mine):
    said = auditor("rules", "lint", mine(RULE, name="keys-rotate"))
    assert said.code == 1
    assert "`keys-rotate` is already in " in said.out


def test_a_folder_without_rules_is_no_clean_one(auditor, tmp_path):
    said = auditor("rules", "lint", str(tmp_path))
    assert said.code == 2
    assert "has no rule" in said.err
