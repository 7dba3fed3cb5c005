"""The way of every request: name it, log it, deny it if told to, correct it, or let moto answer.

What moto has not got is answered with 501 `NotImplemented`, which botocore does not retry: a scan that asks
for it learns at once and says so, in place of five attempts and a traceback in a log that nobody reads.
"""

from __future__ import annotations

import json
import traceback
from dataclasses import dataclass, field
from typing import Any

from auditor.sandbox import corrections
from auditor.sandbox.call import AnsweredByMoto, Call, Refusal, error, ready, recognise
from auditor.sandbox.wire import Answer, Asked

STATUS = {
    "AccessDenied": 403,
    "AccessDeniedException": 403,
    "AuthFailure": 401,
    "ExpiredToken": 403,
    "ExpiredTokenException": 403,
    "Forbidden": 403,
    "InternalError": 500,
    "InternalFailure": 500,
    "InternalServerError": 500,
    "InternalServiceError": 500,
    "InvalidClientTokenId": 403,
    "ServiceUnavailable": 503,
    "SlowDown": 503,
    "TooManyRequestsException": 429,
    "UnauthorizedOperation": 403,
    "UnrecognizedClientException": 403,
}
# Loaded in the background once the server answers, in the order in which an account is built.
WARM = (
    *("iam", "s3control", "ec2", "kms", "secretsmanager", "rds", "s3", "lambda", "logs", "events"),
    *("route53", "acm", "cloudfront", "sns", "cloudwatch", "ssm"),
)
SEED = 20260224  # identifiers repeat from run to run, so reports of the same account do too


@dataclass
class Denial:
    """One order to fail: of an operation ("*" for all), in a region ("" for all), for so many times."""

    service: str
    operation: str
    code: str
    message: str
    status: int
    region: str = ""
    times: int | None = None

    def concerns(self, call: Call) -> bool:
        return (
            self.times != 0
            and self.service in ("*", call.service)
            and self.operation in ("*", call.operation)
            and self.region in ("", call.region)
        )


@dataclass
class Logged:
    """A call as it came, and how it was answered."""

    call: Call
    status: int

    def told(self) -> dict[str, Any]:
        try:
            params = json.loads(json.dumps(self.call.params, default=str))
        except Exception as unreadable:  # noqa: BLE001  (a log entry must not fail for want of a model)
            params = {"unreadable": str(unreadable)}
        return {
            "service": self.call.service,
            "operation": self.call.operation,
            "region": self.call.region,
            "params": params,
            "status": self.status,
        }


@dataclass
class Gate:
    """All that the child process holds beside moto's own state."""

    denials: list[Denial] = field(default_factory=list)
    log: list[Logged] = field(default_factory=list)
    moto: Any = None

    def __post_init__(self) -> None:
        from moto.moto_api._internal import mock_random
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

        def mended(backend: Any) -> Any:
            """Moto makes a region for itself here: its identifiers must not depend on when that happens."""
            corrections.prepare(backend)
            drawn = mock_random.getstate()
            mock_random.seed(f"{SEED} {backend}")
            app = create_backend_app(backend)
            mock_random.setstate(drawn)
            return app

        self.moto = DomainDispatcherApplication(mended)
        corrections.prepare("iam")  # every call asks IAM whose it is
        self.reset()

    def warm(self, service: str) -> None:
        """Load a backend and the model of its service before the first call asks for them."""
        if service not in self.moto.app_instances:
            self.moto.app_instances[service] = self.moto.create_app(service)
        corrections.find(service, "")
        ready(service)

    def reset(self) -> None:
        """An empty account, as on the first day."""
        from moto.core.base_backend import BackendDict
        from moto.moto_api._internal import mock_random

        BackendDict.reset()
        mock_random.seed(SEED)
        corrections.forget()
        self.denials.clear()
        self.log.clear()

    def answer(self, asked: Asked) -> Answer:
        call = recognise(asked)
        if call is None:
            return self.from_moto(asked, None)
        answer = self._denied(call) or self._corrected(call)
        self.log.append(Logged(call, answer.status))
        return answer

    def _denied(self, call: Call) -> Answer | None:
        for denial in self.denials:
            if denial.concerns(call):
                if denial.times is not None:
                    denial.times -= 1
                return error(call, denial.code, denial.message, denial.status)
        return None

    def _corrected(self, call: Call) -> Answer:
        correction = corrections.find(call.service, call.operation)
        if correction is None:
            return self.from_moto(call.asked, call)
        try:
            return call.write(correction(call, self.ask_moto))
        except AnsweredByMoto as passed:
            return passed.answer
        except Refusal as refusal:
            return error(call, refusal.code, refusal.message, refusal.status)
        except Exception:  # noqa: BLE001  (a fault of ours: told whole, and not retried)
            return error(call, "SandboxFault", traceback.format_exc(), 501)

    def ask_moto(self, call: Call) -> dict[str, Any]:
        """Moto's own answer to the call, read; its errors leave by the exception and go out untouched."""
        answer = self.from_moto(call.asked, call)
        if answer.status >= 300:
            raise AnsweredByMoto(answer)
        return call.read(answer)

    def from_moto(self, asked: Asked, call: Call | None) -> Answer:
        started: list[Any] = []
        try:
            chunks = self.moto(asked.environ(), lambda status, headers, _=None: started.extend([status, headers]))
            body = b"".join(chunks)
        except Exception as missing:  # noqa: BLE001  (whatever moto trips over, the client gets an answer)
            known = isinstance(missing, NotImplementedError)
            what = str(missing) if known else traceback.format_exc()[-900:]
            return error(call, "NotImplemented", f"the sandbox cannot do this: {what}", 501)
        status, headers = int(started[0].split()[0]), tuple(started[1])
        if status in (404, 405) and asked.method != "HEAD" and unrouted(body, headers):
            return error(call, "NotImplemented", "the sandbox has no such operation", 501)
        return Answer(status, rooted(call, body), typed(headers))


# Of what S3 answers moto names the root after the operation; AWS has names of its own.
ROOTS = {"GetBucketVersioning": b"VersioningConfiguration"}


def rooted(call: Call | None, body: bytes) -> bytes:
    """The answer under the root that AWS gives it."""
    root = ROOTS.get(call.operation) if call and call.service == "s3" else None
    return body.replace(f"{call.operation}Response".encode(), root) if call and root else body


def typed(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Moto leaves Flask's type, that of a page, on answers that are JSON: AWS sends its own."""
    return tuple(
        (name, "application/json" if name.lower() == "content-type" and "html" in value else value)
        for name, value in headers
    )


def unrouted(body: bytes, headers: tuple[tuple[str, str], ...]) -> bool:
    """Whether a 404 means that moto has no such path: it is then empty, or a page of Werkzeug's."""
    return not body or body.startswith(b"<!doctype html>")


def denial(order: dict[str, Any]) -> Denial:
    """The denial that a control request asks for."""
    code = str(order["code"])
    return Denial(
        service=str(order["service"]),
        operation=str(order["operation"]),
        code=code,
        message=str(order.get("message") or f"{order['service']}:{order['operation']} was refused by the sandbox"),
        status=int(order.get("status") or STATUS.get(code, 400)),
        region=str(order.get("region") or ""),
        times=order.get("times"),
    )
