"""Repositories to be judged: made for each test, with a git that knows nothing of the machine."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

CLOSED = """\
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: web
      VpcId: vpc-1
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/8}
"""
OPENED = CLOSED.replace("443", "22").replace("10.0.0.0/8", "0.0.0.0/0")
TF_CLOSED = """\
resource "aws_security_group" "web" {
  vpc_id = "vpc-1"

  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }
}
"""
TF_OPENED = TF_CLOSED.replace("443", "22").replace("10.0.0.0/8", "0.0.0.0/0")


@dataclass
class Repo:
    """A repository whose branch `main` is the base."""

    path: Path

    def git(self, *words: str) -> str:
        environ = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        environ |= {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
        who = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
        done = subprocess.run(
            ["git", *who, *words], cwd=self.path, env=environ, capture_output=True, text=True, check=True
        )
        return done.stdout

    def write(self, name: str, text: str) -> Path:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def commit(self, words: str = "change") -> None:
        self.git("add", "-A")
        self.git("commit", "-qm", words, "--allow-empty")

    def branch(self) -> None:
        self.commit("base")
        self.git("checkout", "-qb", "change")


@pytest.fixture
def repo(tmp_path):
    made = Repo(tmp_path / "repo")
    made.path.mkdir()
    made.git("init", "-q", "-b", "main")
    return made


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def run(self) -> dict:
        return json.loads(self.out)

    @property
    def places(self) -> list[str]:
        return [f"{each['location']['file']}:{each['location']['line']}" for each in self.run["findings"]]


@pytest.fixture
def gate(tmp_path, monkeypatch):
    """`gate(PATH, ...)`: the command in this process, JSON unless another format is asked for."""
    from auditor.cli import group
    from auditor.cli._errors import told

    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NO_COLOR", "1")

    def run(*words, cwd=None):
        given = [str(word) for word in words]
        form = [] if "--format" in given else ["--format", "json"]
        monkeypatch.chdir(cwd or tmp_path)
        monkeypatch.setattr("sys.argv", ["auditor", "gate", *given, *form])
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = told(group)
        return Ran(code, out.getvalue(), err.getvalue())

    return run
