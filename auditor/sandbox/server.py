"""What the user holds: `with sandbox() as box`, an account behind `box.url` until the block ends."""

from __future__ import annotations

import http.client
import json
import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

from auditor.sandbox import environment
from auditor.sandbox.environment import REGION

ACCOUNT = "123456789012"
START = 30.0  # seconds a slow, busy machine may take to import moto


class SandboxFailed(RuntimeError):
    """The embedded account did not start or answer."""


@dataclass(frozen=True)
class Request:
    """One call the sandbox received."""

    service: str
    operation: str
    region: str
    params: dict[str, Any]
    status: int

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Equal for equal calls: the way to find what was asked twice."""
        return self.service, self.operation, self.region, json.dumps(self.params, sort_keys=True)


class Sandbox:
    """A running account. Made by `sandbox()` and by `clone()`; a context manager that ends it."""

    def __init__(self, port: int, pid: int, process: subprocess.Popen[bytes] | None = None) -> None:
        self.port, self.pid = port, pid
        self.account = ACCOUNT
        self._process = process
        self._clients: dict[tuple[str, str], Any] = {}

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def env(self) -> dict[str, str]:
        """What to add to the environment of a process that shall see this account."""
        return environment.pointing_at(self.port)

    def environ(self, base: Mapping[str, str] | None = None) -> dict[str, str]:
        """A whole environment: `base` (else this process's) without its AWS and proxy settings, and `env()`."""
        return environment.bare(os.environ if base is None else base) | self.env()

    def session_client(self, service: str, region: str = REGION) -> Any:
        """A boto3 client of this account, whatever the environment says. One a service and region."""
        if (service, region) not in self._clients:
            from botocore.config import Config

            self._clients[service, region] = session().client(
                service,
                region_name=region,
                endpoint_url=environment.with_user(self.port) if service == "s3control" else self.url,
                config=Config(retries={"total_max_attempts": 1, "mode": "standard"}, proxies={}),
            )
        return self._clients[service, region]

    def deny(
        self,
        operation: tuple[str, str] | str,
        code: str = "AccessDenied",
        *,
        status: int | None = None,
        message: str | None = None,
        times: int | None = None,
        region: str | None = None,
    ) -> None:
        """Make an operation fail with exactly this error code, until `allow_all`, or only `times` times.

        `operation` is ("rds", "DescribeDBInstances") or "rds:DescribeDBInstances", with boto3's name of the
        service; "*" in either place stands for all.
        """
        service, name = operation if isinstance(operation, tuple) else [*operation.split(":"), "*"][:2]
        self._control(
            "deny",
            service=service,
            operation=name,
            code=code,
            status=status,
            message=message,
            times=times,
            region=region,
        )

    def allow_all(self) -> None:
        """Take back every denial."""
        self._control("allow_all")

    def requests(self) -> list[Request]:
        """The calls received, in order, since the start, the clone, or `forget_requests`."""
        return [Request(**told) for told in self._control("requests")]

    def forget_requests(self) -> None:
        self._control("forget_requests")

    def warm(self, services: Iterable[str]) -> None:
        """Load these services (boto3's names) now: each copy would load them for itself at its first request."""
        for service in services:
            self._control("warm", service=service)

    def reset(self) -> None:
        """Empty the account; denials and log go too."""
        self._control("reset")

    def clone(self) -> Sandbox:
        """A copy of this account on its own port, with no denials and an empty log.

        Neither sees what the other changes from now on. A copy ends with its own `stop`, and at the latest
        with the sandbox it was copied from.
        """
        made = self._control("clone")
        return Sandbox(made["port"], made["pid"])

    @contextmanager
    def scratch(self) -> Iterator[Sandbox]:
        """A block whose changes are undone at its end, behind the same URL: clients made before stay good.

        Denials and log are empty in the block, and afterwards what they were before. Blocks may be nested. Made
        for many small changes of one account: no new clients are needed, which cost more than the copy.
        """
        self._control("scratch")
        try:
            yield self
        finally:
            with suppress(SandboxFailed, OSError):
                self._control("restore")  # the copy goes as it is told, before it can answer
            self._control("ping")

    def stop(self) -> None:
        """End the process and wait until it has gone."""
        for client in self._clients.values():
            client.close()
        self._clients.clear()
        if self._process is None:
            with suppress(SandboxFailed, OSError):
                self._control("stop")
            wait_until_gone(self.pid)
            return
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _control(self, what: str, **order: Any) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("POST", f"/_sandbox/{what}", json.dumps(order).encode())
            answer = connection.getresponse()
            body = answer.read()
        except http.client.HTTPException as broken:
            raise SandboxFailed(f"the sandbox did not answer to {what}: {broken!r}") from broken
        finally:
            connection.close()
        if answer.status != 200:
            raise SandboxFailed(f"the sandbox refused to {what}: {body.decode(errors='replace')}")
        return json.loads(body)


@cache
def session() -> Any:
    """One boto3 session for all clients of all sandboxes: models are read once, and not at import."""
    import boto3

    return boto3.session.Session(aws_access_key_id="testing", aws_secret_access_key="testing")  # noqa: S106


@contextmanager
def sandbox() -> Iterator[Sandbox]:
    """An empty, running account; gone at the end of the block, or with this process."""
    box = start()
    try:
        yield box
    finally:
        box.stop()


def start(stdin: int = subprocess.PIPE) -> Sandbox:
    """Start the child process and wait for its port. Prefer `sandbox()`, which also ends it.

    The child ends with its standard input: a pipe of this process, or one that several processes hold.
    """
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "auditor.sandbox.child"],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=said,
            env=environment.of_the_child(),
        )
        line = b""
        if process.stdout:
            with process.stdout as out:
                ready, _, _ = select.select([out], [], [], START)
                line = out.readline() if ready else b""
        if not line:
            process.kill()
            process.wait()
            said.seek(0)
            raise SandboxFailed("the sandbox did not start:\n" + said.read().decode(errors="replace")[-2000:])
    hello = json.loads(line)
    return Sandbox(hello["port"], hello["pid"], process)


def wait_until_gone(pid: int, patience: float = 5.0) -> None:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.002)
