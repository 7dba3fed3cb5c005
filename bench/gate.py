"""How long a gate takes and how much memory: 5,000 resources in 300 files, judged with a base: `python -m bench.gate`.

Half is CloudFormation, half one configuration of Terraform; the change opens a group. Both sides are read and judged.
Budget: 60 s and 1 GB in the largest process; exits with 1 over it, or when the finding is not found.
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


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        repository(folder)
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "auditor", "gate", str(folder), "--base", "main", "--format", "json"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    run = json.loads(done.stdout or "{}")
    if not run:
        sys.stderr.write(done.stderr)
        return 1
    new = len(run["findings"])
    sys.stdout.write(f"{run['scan']['resources']:,} resources in {FILES} files, with a base: {seconds:.1f} s, "
                     f"{peak / 1e6:.0f} MB, {new} new findings, exit {done.returncode}\n")  # fmt: skip
    return 1 if seconds > MOST_SECONDS or peak > MOST_BYTES or not new or done.returncode != 1 else 0


if __name__ == "__main__":
    sys.exit(main())
