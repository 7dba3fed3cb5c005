"""HTTP for the child process: one thread a connection, connections kept open, one request at a time inside.

Werkzeug's own server closes the connection after each answer; boto3 then pays a handshake a call. This one
keeps it. `app` is called under a lock: moto's state is not made for threads, the interpreter lock leaves
nothing to gain, and a held lock is the moment at which the process may be forked (see child.py).
"""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from socketserver import ThreadingMixIn
from typing import Any
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True)
class Asked:
    """One HTTP request, read to its end."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path or "/"

    @property
    def query(self) -> str:
        return urlsplit(self.target).query

    def header(self, name: str) -> str:
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")

    def environ(self) -> dict[str, Any]:
        """The WSGI form of the request, for moto. Made anew each time: reading it uses it up."""
        host, _, port = self.header("host").partition(":")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": self.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(self.path, "latin-1"),
            "QUERY_STRING": self.query,
            "RAW_URI": self.target,
            "REQUEST_URI": self.target,
            "SERVER_NAME": host or "127.0.0.1",
            "SERVER_PORT": port or "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(self.body),
            "wsgi.errors": BytesIO(),
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "moto.preserved_header_names": {},
        }
        for name, value in self.headers:
            key = name.upper().replace("-", "_")
            if key in ("CONTENT_LENGTH", "TRANSFER_ENCODING"):
                continue
            if "_" in name:  # a header such as x-amz-meta-my_key: moto wants its spelling back
                environ["moto.preserved_header_names"][f"HTTP_{key}"] = name
            key = key if key == "CONTENT_TYPE" else f"HTTP_{key}"
            environ[key] = f"{environ[key]},{value}" if key in environ else value
        environ["CONTENT_LENGTH"] = str(len(self.body))
        return environ


@dataclass(frozen=True)
class Answer:
    """One HTTP answer; `headers` without length and connection, which the server writes."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = field(default=())


App = Callable[[Asked], Answer]
WRITTEN_BY_US = frozenset({"content-length", "connection", "transfer-encoding", "date", "server"})


class Handler(BaseHTTPRequestHandler):
    """Reads one request after the other from a connection and writes what the app answers."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # header and body leave as two packets: no 40 ms wait between them
    server: Server

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        body = self._chunks() if "chunked" in self.headers.get("transfer-encoding", "") else self._counted()
        asked = Asked(self.command, self.path, tuple(self.headers.items()), body)
        with self.server.turn:
            if self.server.retired:  # another process has taken over while this request waited
                self.close_connection = True
                return
            self.server.current = self.connection
            answer = self.server.app(asked)
        self.close_connection = self.close_connection or self.server.retired
        self._write(answer)

    def _counted(self) -> bytes:
        return self.rfile.read(int(self.headers.get("content-length") or 0))

    def _chunks(self) -> bytes:
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return b"".join(parts)

    def _write(self, answer: Answer) -> None:
        self.send_response_only(answer.status)
        kept: Iterable[tuple[str, str]] = answer.headers
        if self.command == "HEAD":  # the length of what is not sent is the answer itself
            length = next((v for k, v in answer.headers if k.lower() == "content-length"), "0")
        else:
            length = str(len(answer.body))
        for name, value in kept:
            if name.lower() not in WRITTEN_BY_US:
                self.send_header(name, value)
        self.send_header("Content-Length", length)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: the gate keeps the log."""


class Server(ThreadingMixIn, HTTPServer):
    """Serves `app` on a socket that is already listening, and knows its open connections."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, listener: socket.socket, app: App) -> None:
        HTTPServer.__init__(self, listener.getsockname(), Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listener
        self.app = app
        self.turn = threading.Lock()
        self.open: set[socket.socket] = set()
        self.current: socket.socket | None = None  # the connection whose request has the turn
        self.retired = False
        self.retire_end, self.notice = socket.socketpair()

    def serve_forever(self, poll_interval: float = 0) -> None:
        """Accept until retired; woken by a socket, not by a clock."""
        while True:
            ready, _, _ = select.select([self.socket, self.notice], [], [])
            if self.retired:
                return
            if self.socket in ready:
                self._handle_request_noblock()  # type: ignore[attr-defined]

    def retire(self) -> None:
        """Accept no more and answer no more, but for the request that asks for it; the socket stays open."""
        self.retired = True
        self.retire_end.close()

    def process_request(self, request: Any, client_address: Any) -> None:
        self.open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""

    def hang_up(self) -> None:
        """End all connections but the current one: at the next request their clients open new ones.

        `shutdown` ends a connection at once and whoever holds it too; closing would only end our hold of it.
        """
        for held in list(self.open):
            if held is not self.current:
                with contextlib.suppress(OSError):
                    held.shutdown(socket.SHUT_RDWR)

    def abandon(self) -> None:
        """In a forked child: give up the parent's connections without ending them."""
        for held in [*self.open, self.retire_end, self.notice]:
            fd = held.detach()
            if fd >= 0:
                socket.close(fd)


def listen() -> socket.socket:
    """A socket listening on a free port of the loopback address; connections queue until it is served."""
    return socket.create_server(("127.0.0.1", 0), backlog=256)
