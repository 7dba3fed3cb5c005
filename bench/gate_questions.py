"""Questions that the gate and checkov both ask of the same code, and who is right: `python -m bench.gate_questions`.

Each case is a few lines of Terraform with what is true of them by AWS's documentation. Exits with 1 where we are wrong.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from auditor.checks.checkov.program import NotJudged, find, surroundings

_GROUP = 'resource "aws_security_group" "g" {{\n  description = "x"\n  vpc_id = "vpc-1"\n{0}}}\n'
_RULE = '  ingress {{\n    from_port = {0}\n    to_port = {0}\n    protocol = "tcp"\n    cidr_blocks = {1}\n  }}\n'
_APART = (
    'resource "aws_vpc_security_group_ingress_rule" "r" {{\n  security_group_id = aws_security_group.g.id\n'
    '  from_port = 22\n  to_port = 22\n  ip_protocol = "tcp"\n  cidr_ipv4 = "{0}"\n}}\n'
)
_BUCKET = (
    'resource "aws_s3_bucket" "b" {\n  bucket = "b-${random_id.p.hex}"\n}\n'
    'resource "random_id" "p" {\n  byte_length = 4\n}\n'
)
_BLOCK = (
    'resource "aws_s3_bucket_public_access_block" "b" {{\n  bucket = aws_s3_bucket.b.id\n  block_public_acls = {0}\n'
    "  block_public_policy = true\n  ignore_public_acls = true\n  restrict_public_buckets = true\n}}\n"
)
_DATABASE = 'resource "aws_db_instance" "d" {{\n  engine = "postgres"\n  publicly_accessible = {0}\n}}\n'
_OPEN, _PUBLIC, _BLOCKED = "ports-closed-to-world", "database-not-public", "bucket-public-access-blocked"
_WORLD = '["0.0.0.0/0"]'


@dataclass(frozen=True, slots=True)
class Case:
    """`broken` is the truth; `check` is checkov's name of the question that our `rule` asks."""

    name: str
    rule: str
    check: str
    broken: bool
    code: str


CASES = (
    Case("a port is open", _OPEN, "CKV_AWS_24", True, _GROUP.format(_RULE.format(22, _WORLD))),
    Case("it is open in halves", _OPEN, "CKV_AWS_24", True,
         _GROUP.format(_RULE.format(22, '["0.0.0.0/1", "128.0.0.0/1"]'))),
    Case("a rule of its own opens it", _OPEN, "CKV_AWS_24", True, _GROUP.format("") + _APART.format("0.0.0.0/0")),
    Case("a port within is open", _OPEN, "CKV_AWS_24", False, _GROUP.format(_RULE.format(22, '["10.0.0.0/8"]'))),
    Case("it is open by a variable", _OPEN, "CKV_AWS_24", True,
         'variable "from" {\n  default = "0.0.0.0/0"\n}\n' + _GROUP.format(_RULE.format(22, "[var.from]"))),
    Case("the open group is switched off", _OPEN, "CKV_AWS_24", False,
         _GROUP.format("  count = 0\n" + _RULE.format(22, _WORLD))),
    Case("a database is public", _PUBLIC, "CKV_AWS_17", True, _DATABASE.format("true")),
    Case("it is public by a condition", _PUBLIC, "CKV_AWS_17", True,
         'variable "stage" {\n  default = "dev"\n}\n' + _DATABASE.format('var.stage == "dev"')),
    Case("a database is private", _PUBLIC, "CKV_AWS_17", False, _DATABASE.format("false")),
    Case("a bucket is closed", _BLOCKED, "CKV2_AWS_6", False, _BUCKET + _BLOCK.format("true")),
    Case("it has no block", _BLOCKED, "CKV2_AWS_6", True, _BUCKET),
    Case("its block is half", _BLOCKED, "CKV2_AWS_6", True, _BUCKET + _BLOCK.format("false")),
)  # fmt: skip


def ours(folder: Path, rule: str) -> str:
    command = [sys.executable, "-m", "auditor", "gate", str(folder), "--rule", rule, "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return {0: "kept", 1: "broken", 3: "unknown"}.get(done.returncode, "error")


def peer(folder: Path, program: Path, check: str) -> str:
    with tempfile.TemporaryDirectory() as home:
        command = [str(program), "-d", str(folder), "--framework", "terraform", "-c", check, "-o", "json", "--quiet"]
        done = subprocess.run(
            [*command, "--skip-download"], capture_output=True, text=True, check=False, cwd=home,
            env=surroundings(Path(home)),
        )  # fmt: skip
    try:
        said = json.loads(done.stdout)
    except ValueError:
        return "error"
    failed = (said if isinstance(said, dict) else said[0]).get("summary", {}).get("failed", 0)
    return "broken" if failed else "kept"


def answered() -> tuple[list[str], int]:
    """A row for each case with who is right, and one for all of them; how often we are wrong."""
    try:
        program = find()
    except NotJudged:
        program = None
    right = {"auditor": 0, "checkov": 0}
    rows = []
    for case in CASES:
        with tempfile.TemporaryDirectory() as name:
            (Path(name) / "main.tf").write_text(case.code)
            truth = "broken" if case.broken else "kept"
            said = {"auditor": ours(Path(name), case.rule)}
            said["checkov"] = peer(Path(name), program, case.check) if program else "not installed"
        for who, answer in said.items():
            right[who] += answer == truth
        told = [each if each in (truth, "not installed") else f"{each}, wrong" for each in said.values()]
        rows.append(f"| {case.name}: {truth} | {told[0]} | {told[1]} |")
    told = [str(each) for each in right.values()] if program else [str(right["auditor"]), "not installed"]
    rows.append(f"| right of these {len(CASES)} | {told[0]} | {told[1]} |")
    return rows, len(CASES) - right["auditor"]


def main() -> int:
    rows, wrong = answered()
    sys.stdout.write("\n".join(["| | auditor | checkov |", "|---|---|---|", *rows]) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
