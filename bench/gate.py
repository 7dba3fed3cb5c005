"""How long a gate takes and how much memory: 5,000 resources in 300 files, judged with a base: `python -m bench.gate`.

Half is CloudFormation, half one configuration of Terraform; the change opens a group. Both sides are read and judged.
Budget: 60 s and 1 GB in the largest process; exits with 1 over it, or when the finding is not found. Where checkov is
installed it judges the same tree in the same run, once: beside our two sides and both of their languages.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from auditor.checks.checkov.program import NotJudged, find, surroundings

FILES, TOGETHER, PORTS = 300, 5_000, (443, 22)
MOST_SECONDS, MOST_BYTES = 60.0, 1_000_000_000
EACH = -(-TOGETHER // FILES)


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


def timed(command: list[str], **more: Any) -> tuple[subprocess.CompletedProcess[str], float, float]:
    """The command's end, its seconds, and the seconds that processors worked for it: those know nothing of others."""
    before, start = os.times(), time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False, **more)
    after = os.times()
    busy = after.children_user + after.children_system - before.children_user - before.children_system
    return done, time.perf_counter() - start, busy


def beside(folder: Path) -> tuple[float, float] | None:
    """The seconds of checkov on the same files, in the way that our own program starts it."""
    try:
        program = find()
    except NotJudged:
        return None
    with tempfile.TemporaryDirectory() as home:
        options = ["--skip-download", "--quiet", "--compact", "-o", "json"]
        command = [str(program), "-d", str(folder), "--framework", "terraform", "cloudformation", *options]
        done, seconds, busy = timed(command, cwd=home, env=surroundings(Path(home)))
    return (seconds, busy) if done.returncode in (0, 1) and done.stdout.strip() else None


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        repository(folder)
        command = [sys.executable, "-m", "auditor", "gate", str(folder), "--base", "main", "--format", "json"]
        done, seconds, busy = timed(command)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        peer = beside(folder)
    run = json.loads(done.stdout or "{}")
    if not run:
        sys.stderr.write(done.stderr)
        return 1
    new = len(run["findings"])
    lines = [
        f"{run['scan']['resources']:,} resources in {FILES} files, with a base: {seconds:.1f} s ({busy:.1f} s of "
        f"processor), {peak / 1e6:.0f} MB, {new} new findings, exit {done.returncode}",
        f"checkov on the same tree: {peer[0]:.1f} s ({peer[1]:.1f} s of processor), {peer[1] / busy:.1f} times ours"
        if peer
        else "checkov is not installed: nothing to compare with",
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if seconds > MOST_SECONDS or peak > MOST_BYTES or not new or done.returncode != 1 else 0


if __name__ == "__main__":
    sys.exit(main())
