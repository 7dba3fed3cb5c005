"""A host of webhooks in this process, and the command."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.cli.conftest import auditor

__all__ = ["auditor"]


class Hook:
    """What was posted, as (path, headers, body); `answers` are the next ones, as (code, text)."""

    def __init__(self):
        self.got, self.answers = [], []
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.got.append((self.path, dict(self.headers), body))
                code, said = hook.answers.pop(0) if hook.answers else (200, "ok")
                self.send_response(code)
                self.send_header("Retry-After", "0")
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
                self.send_header("Content-Length", str(len(said.encode())))
                self.end_headers()
                self.wfile.write(said.encode())

            def log_message(self, *words):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}/services/T000SECRET/B000SECRET?sig=S3CRETSIG"

    @property
    def bodies(self):
        return [json.loads(body) for _, _, body in self.got]


@pytest.fixture
def hook():
    made = Hook()
    yield made
    made.server.shutdown()
    made.server.server_close()
