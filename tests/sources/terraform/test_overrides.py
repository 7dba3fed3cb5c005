"""Override files: an argument there takes the place of the one of that name, and of no other."""

from __future__ import annotations

import pytest

from auditor.sources.code_options import CodeOptions
from auditor.sources.terraform import read

MAIN = """
provider "aws" {
  region = "eu-west-1"
}
provider "aws" {
  alias  = "virginia"
  region = "us-east-1"
}
resource "aws_cloudwatch_log_group" "g" {
  provider          = aws.virginia
  name              = "g"
  retention_in_days = 7 # days
}
"""
OVERRIDE = 'resource "aws_cloudwatch_log_group" "g" {\n  %s\n}\n'


@pytest.mark.parametrize(
    ("said", "region", "days"),
    [
        ("retention_in_days = 30", "us-east-1", 30),
        ("provider = aws", "eu-west-1", 7),
        ("provider = aws\n  retention_in_days = 30", "eu-west-1", 30),
    ],
)
def test_what_an_override_does_not_say_stays(tmp_path, said, region, days):
    (tmp_path / "main.tf").write_text(MAIN)
    (tmp_path / "main_override.tf").write_text(OVERRIDE % said)
    found = read(tmp_path, CodeOptions())
    (group,) = found.resources
    assert (group.region, group.properties["RetentionInDays"], found.gaps) == (region, days, [])


@pytest.mark.parametrize("said", ["count = 0", "count = 2", "for_each = toset([])", "count = data.aws_vpcs.v.ids[0]"])
def test_how_many_there_are_is_not_read_from_an_override(tmp_path, said):
    (tmp_path / "main.tf").write_text(MAIN + 'data "aws_vpcs" "v" {}\n')
    (tmp_path / "main_override.tf").write_text(OVERRIDE % said)
    told = [each.message for each in read(tmp_path, CodeOptions()).gaps]
    assert any(
        each.startswith("main_override.tf:1: aws_cloudwatch_log_group.g: an override file sets how many there are")
        for each in told
    )
