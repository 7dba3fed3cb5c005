"""Texts that hold a number, a truth or JSON: one value whatever source says it, and the text again when written back."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.resources import load
from auditor.resources.kinds import KINDS
from auditor.resources.normalise import canonical, reader, settled, writer
from auditor.sources import cloudformation, terraform
from auditor.sources.code_options import CodeOptions
from tests.resources.three_ways import REGION

ROWS = [
    pytest.param(row, id=f"{cfn}.{row.name}")
    for cfn, described in load().items()
    for row in described.props
    if row.kind and not row.read and row.same != "policy"
]
# What AWS's API says, the canonical value, and what a template or Terraform may say instead.
SAID = {
    "number": ("300", 300, (300, "300", " 300 ")),
    "boolean": ("true", True, (True, "true", "True")),
    "text": (300, "300", ("300", 300)),
    "json": ('{"a":[1]}', {"a": [1]}, ({"a": [1]},)),
}
VALUES = {
    "number": st.integers(),
    "boolean": st.booleans(),
    "text": st.integers().map(str),
    "json": st.dictionaries(st.text(), st.lists(st.integers()), min_size=1),
}


@pytest.mark.parametrize("row", ROWS)
def test_every_row_reads_and_writes_its_kind(row):
    told, value, others = SAID[row.kind]
    assert canonical(row, told) == value
    assert {json.dumps(settled(row, each)) for each in others} == {json.dumps(value)}
    assert writer(row)(value) == told


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_what_is_written_reads_as_it_was(kind, data):
    value = data.draw(VALUES[kind])
    assert KINDS[kind].read(KINDS[kind].write(value)) == value
    assert KINDS[kind].read(value) == value


@pytest.mark.parametrize("kind", [each for each in KINDS if each != "json"])
@pytest.mark.parametrize("text", ["${aws_x.y}", "", "1e5", "-", "٣", "yes", None, ["300"], {"a": "1"}])
def test_what_is_no_such_text_passes_as_it_is(kind, text):
    assert KINDS[kind].read(text) == text


def test_every_kind_is_used():
    assert {row.values[0].kind for row in ROWS} == set(KINDS)
    assert all(reader(row.values[0]) for row in ROWS)


def test_code_may_write_texts_for_what_are_numbers_and_truths(tmp_path):
    text = {"DelaySeconds": "10", "FifoQueue": "true", "RedriveAllowPolicy": {"redrivePermission": "denyAll"}}
    template = {"Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Properties": text}}}
    (tmp_path / "template.json").write_text(json.dumps(template))
    (tmp_path / "main.tf").write_text(
        'resource "aws_sqs_queue" "queue" {\n delay_seconds = "10"\n fifo_queue = "true"\n'
        ' redrive_allow_policy = jsonencode({ redrivePermission = "denyAll" })\n}\n'
    )
    options = CodeOptions(region=REGION)
    (one,) = cloudformation.read(tmp_path / "template.json", options).resources
    (other,) = terraform.read(tmp_path, options).resources
    for found in (one, other):
        assert found.at("DelaySeconds") == 10
        assert found.at("FifoQueue") is True
        assert found.at("RedriveAllowPolicy") == {"redrivePermission": "denyAll"}
