"""Each call of AWS as a line of the log, for whoever has to find out with AWS what went wrong: no parameter of it and
nothing of the answer, which may hold secrets."""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

LOG = logging.getLogger("auditor.aws")


def trace(client: Any, service: str, region: str) -> None:
    """Let a client log its calls, where somebody listens."""
    if not LOG.isEnabledFor(logging.DEBUG):
        return
    began = threading.local()

    def before(**_: Any) -> None:
        began.at = time.monotonic()

    def after(event_name: str, parsed: Any = None, **_: Any) -> None:
        taken = time.monotonic() - getattr(began, "at", time.monotonic())
        answer = parsed if isinstance(parsed, dict) else {}
        envelope, error = answer.get("ResponseMetadata") or {}, answer.get("Error") or {}
        LOG.debug(
            "%s %s in %s: %s%s, request %s, %s retries, %.2f s",
            service, event_name.rpartition(".")[2], region, envelope.get("HTTPStatusCode", "no answer"),
            f" {error['Code']}" if error.get("Code") else "", envelope.get("RequestId") or "without ID",
            envelope.get("RetryAttempts", 0), taken,
        )  # fmt: skip

    def failed(event_name: str, exception: Any = None, **_: Any) -> None:
        LOG.debug("%s %s in %s: %s", service, event_name.rpartition(".")[2], region, type(exception).__name__)

    client.meta.events.register("before-call", before)
    client.meta.events.register("after-call", after)
    client.meta.events.register("after-call-error", failed)
