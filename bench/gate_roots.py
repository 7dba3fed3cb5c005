"""How long a gate takes on a repository with 200 roots of Terraform: `python -m bench.gate_roots [ROOTS]`.

Budget: a minute on two cores, which is 120 seconds of processor; exits with 1 over it, or when a root is not found.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from bench.gate import timed

ROOTS, MOST_BUSY = 200, 120.0
CALL = """\
provider "aws" {
  region = "us-east-1"
}
module "net" {
  source = "../../modules/net"
}
resource "aws_kms_key" "k" {
  enable_key_rotation = true
}
resource "aws_security_group" "g" {
  vpc_id = module.net.vpc_id
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }
}
"""
MODULE = """\
resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
}
output "vpc_id" {
  value = aws_vpc.v.id
}
"""


def main() -> int:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else ROOTS
    with tempfile.TemporaryDirectory() as name:
        files = {f"envs/r{each}/main.tf": CALL for each in range(number)} | {"modules/net/main.tf": MODULE}
        for file, text in files.items():
            (Path(name) / file).parent.mkdir(parents=True, exist_ok=True)
            (Path(name) / file).write_text(text)
        done = timed([sys.executable, "-m", "auditor", "gate", name, "--format", "json"])
    found = len(json.loads(done.out or "{}").get("scan", {}).get("roots", ()))
    sys.stdout.write(
        f"{found} roots: {done.seconds:.1f} s ({done.busy:.1f} s of processor), {done.peak / 1e6:.0f} MB in the "
        f"largest process, exit {done.code}\n"
    )
    return 1 if found != number or done.code != 0 or done.busy > MOST_BUSY * number / ROOTS else 0


if __name__ == "__main__":
    sys.exit(main())
