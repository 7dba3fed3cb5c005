"""Of which account the code is: its own number is no stranger once it is said, and every other number is."""

import json

import pytest

NUMBER = "123456789012"
TRUST = {"Version": "2012-10-17", "Statement": [{
    "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{NUMBER}:root"}, "Action": "sts:AssumeRole"}]}  # fmt: skip
CODE = {
    "app.json": json.dumps(
        {"Resources": {"Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST}}}}
    ),
    "main.tf": 'resource "aws_iam_role" "app" {\n  name = "app"\n  assume_role_policy = <<EOT\n'
    + json.dumps(TRUST)
    + "\nEOT\n}\n",
}


@pytest.mark.parametrize("name", CODE)
@pytest.mark.parametrize(("given", "code"), [([], 1), (["--account", NUMBER], 0), (["--account", "210987654321"], 1)])
def test_a_number_is_another_account_until_it_is_said(gate, tmp_path, name, given, code):
    (tmp_path / name).write_text(CODE[name])
    ran = gate(tmp_path, "--rule", "role-trust-closed", *given)
    assert ran.code == code, ran.out + ran.err
    if not given:
        assert f"--account {NUMBER}" in ran.out


def test_what_is_no_account_is_refused(gate, tmp_path):
    (tmp_path / "app.json").write_text(CODE["app.json"])
    ran = gate(tmp_path, "--account", "mine")
    assert ran.code == 2
    assert "twelve digits" in ran.err
