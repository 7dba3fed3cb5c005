"""How long a gate takes and how much memory: 5,000 resources in 300 files, judged with a base: `python -m bench.gate`.

Half is CloudFormation, half one configuration of Terraform; the change opens a group. Both sides are read and judged.
Budget: 60 s of processor and 1 GB in the largest process; exits with 1 over it, or where an answer is wrong. Where
checkov is installed it judges the same tree in the same run, once: beside our two sides and both of their languages.
Time, memory and what each finds are told, and of `gate_questions` who is right; `write` puts that into ARCHITECTURE.md.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor.checks.checkov.program import NotJudged, find, surroundings
from bench import gate_questions as questions
from bench.page import put

FILES, TOGETHER, PORTS = 300, 5_000, (443, 22)
MOST_BUSY, MOST_BYTES = 60.0, 1_000_000_000
EACH = -(-TOGETHER // FILES)
NONE = "not installed"


def template(number: int, port: int = PORTS[0], source: str = "10.0.0.0/8") -> str:
    """A template with as many resources of five types as each file holds."""
    made: dict[str, object] = {}
    for place in range(EACH):
        name = f"R{number}x{place}"
        made[name] = [
            {"Type": "AWS::EC2::SecurityGroup", "Properties": {
                "GroupDescription": name, "VpcId": "vpc-1", "SecurityGroupIngress": [
                    {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "CidrIp": source}]}},
            {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": f"bench-{number}-{place}"}},
            {"Type": "AWS::KMS::Key", "Properties": {"EnableKeyRotation": True}},
            {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": name, "RetentionInDays": 30}},
            {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": name}},
        ][place % 5]  # fmt: skip
    return json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": made}, indent=1)


def configuration(number: int) -> str:
    """The same of Terraform."""
    out = []
    for place in range(EACH):
        name = f"r{number}x{place}"
        out.append([
            f'resource "aws_security_group" "{name}" {{\n  vpc_id = "vpc-1"\n  ingress {{\n    from_port = 443\n'
            '    to_port = 443\n    protocol = "tcp"\n    cidr_blocks = ["10.0.0.0/8"]\n  }\n}\n',
            f'resource "aws_s3_bucket" "{name}" {{\n  bucket = "bench-tf-{number}-{place}"\n}}\n',
            f'resource "aws_kms_key" "{name}" {{\n  enable_key_rotation = true\n}}\n',
            f'resource "aws_cloudwatch_log_group" "{name}" {{\n  name = "{name}"\n  retention_in_days = 30\n}}\n',
            f'resource "aws_sns_topic" "{name}" {{\n  name = "{name}"\n}}\n',
        ][place % 5])  # fmt: skip
    return "\n".join(out)


def files() -> Iterator[tuple[str, str]]:
    for number in range(FILES):
        yield (
            (f"stacks/s{number}.json", template(number)) if number % 2 else (f"tf/f{number}.tf", configuration(number))
        )


def repository(folder: Path) -> None:
    for name, text in files():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    environ = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
    who = ("-c", "user.name=bench", "-c", "user.email=bench@example.com")
    for words in (("init", "-qb", "main"), ("add", "-A"), (*who, "commit", "-qm", "base")):
        subprocess.run(["git", *words], cwd=folder, env=environ, check=True)  # noqa: S607
    (folder / "stacks" / "s1.json").write_text(template(1, PORTS[1], "0.0.0.0/0"))


@dataclass(frozen=True, slots=True)
class Timed:
    """How a command ended, its seconds, those that processors worked for it (they know nothing of others), and the
    bytes of its largest process."""

    code: int
    out: str
    err: str
    seconds: float
    busy: float
    peak: int


def timed(command: list[str], **more: Any) -> Timed:
    start = time.perf_counter()
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        process = subprocess.Popen(command, stdout=out, stderr=err, **more)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        said = [each.read() for each in (out, err) if each.seek(0) == 0]
    peak = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return Timed(process.returncode, said[0], said[1], seconds, used.ru_utime + used.ru_stime, peak)


def beside(folder: Path) -> Timed | None:
    """checkov on the same files, in the way that our own program starts it."""
    try:
        program = find()
    except NotJudged:
        return None
    with tempfile.TemporaryDirectory() as home:
        options = ["--skip-download", "--quiet", "--compact", "-o", "json"]
        command = [str(program), "-d", str(folder), "--framework", "terraform", "cloudformation", *options]
        done = timed(command, cwd=home, env=surroundings(Path(home)))
    return done if done.code in (0, 1) and done.out.strip() else None


def found(run: Mapping[str, Any], rule: str) -> int:
    """How many resources break a rule, on the head's side: what is new, and what was there before."""
    whole = [*run["findings"], *run["carried"]]
    return sum(rule in (each["check"], *(other["check"] for other in each["also"])) for each in whole)


def failed(out: str, checks: Collection[str]) -> int:
    """The same of checkov, which asks it in several checks."""
    said = json.loads(out)
    reports = said if isinstance(said, list) else [said]
    every = [each for one in reports for each in one.get("results", {}).get("failed_checks", ())]
    return len({(each["file_path"], each["resource"]) for each in every if each["check_id"] in checks})


def truths() -> Iterator[tuple[str, str, tuple[str, ...], int]]:
    """(what is asked, our rule, checkov's checks, how many resources of the tree break it)."""
    buckets = sum(place % 5 == 1 for place in range(EACH)) * FILES
    groups = sum(place % 5 == 0 for place in range(EACH))
    blocks = ("CKV2_AWS_6", "CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56")
    yield "port 22 is closed to the world", "ports-closed-to-world", ("CKV_AWS_24",), groups
    yield "public access to the bucket is blocked", "bucket-public-access-blocked", blocks, buckets
    yield "the key rotates", "keys-rotate", ("CKV_AWS_7",), 0


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        repository(folder)
        gate = [sys.executable, "-m", "auditor", "gate", str(folder), "--base", "main", "--format", "json"]
        ours, peer = timed(gate), beside(folder)
    run = json.loads(ours.out or "{}")
    if not run:
        sys.stderr.write(ours.err)
        return 1
    new = len(run["findings"])
    lines = [
        f"{run['scan']['resources']:,} resources in {FILES} files; we judge both sides of a change, checkov one side.",
        "",
        "| | auditor | checkov |",
        "|---|---|---|",
        _row("seconds of processor", ours, peer, lambda each: f"{each.busy:.1f}"),
        _row("MB in the largest process", ours, peer, lambda each: f"{each.peak / 1e6:.0f}"),
    ]
    for words, rule, checks, true in truths():
        theirs = f"{failed(peer.out, checks):,}" if peer else NONE
        lines.append(f"| {words}: broken {true:,} times | {found(run, rule):,} | {theirs} |")
    cases, wrong = questions.answered()
    walls = [f"{each.seconds:.1f} s" for each in (ours, peer) if each]
    sys.stdout.write("\n".join([*lines, *cases, "", f"by the clock: {' and '.join(walls)}"]) + "\n")
    if sys.argv[1:] == ["write"]:
        put("bench.gate", ["Made by `python -m bench.gate write`. " + lines[0], *lines[1:], *cases])
    good = not wrong and ours.code == 1 and new and all(found(run, rule) == true for _, rule, _, true in truths())
    return 0 if good and ours.busy <= MOST_BUSY and ours.peak <= MOST_BYTES else 1


def _row(words: str, ours: Timed, peer: Timed | None, told: Callable[[Timed], str]) -> str:
    return f"| {words} | {told(ours)} | {told(peer) if peer else NONE} |"


if __name__ == "__main__":
    sys.exit(main())
