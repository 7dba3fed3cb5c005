"""A host of pull requests in a process of its own: `python fake_host.py STATE`; it prints its port.

STATE is a JSON file: `comments` (with `user`/`author`), `fail` (a list of `[code, headers, body]` that the next
requests get), `me` (the answer of /user, or nothing). Every request is written to `STATE.log`, one JSON a line.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

STATE = Path(sys.argv[1])
LOG = STATE.with_suffix(".log")


class Handler(BaseHTTPRequestHandler):
    def answer(self, code, body, headers=None):
        data = json.dumps(body).encode()
        self.send_response(code)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def handle_any(self):
        size = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(size) or b"null")
        with LOG.open("a") as log:
            told = {
                "method": self.command,
                "path": self.path,
                "body": body,
                "auth": self.headers.get("Authorization") or self.headers.get("PRIVATE-TOKEN"),
            }
            log.write(json.dumps(told) + "\n")
        state = json.loads(STATE.read_text())
        if state["fail"]:
            code, headers, said = state["fail"].pop(0)
            STATE.write_text(json.dumps(state))
            return self.answer(code, said, headers)
        path, _, query = self.path.partition("?")
        if path == "/user":
            return self.answer(200, state["me"]) if state.get("me") else self.answer(403, {"message": "not accessible"})
        if self.command == "GET":
            page = int(dict(part.split("=") for part in query.split("&"))["page"])
            kept = state["reviews"] if "/pulls/" in path else state["comments"]
            return self.answer(200, kept[(page - 1) * 100 : page * 100])
        if self.command == "POST" and path.endswith("/reviews"):
            state["reviews"] += [{"user": state["as"], **each} for each in body["comments"]]
        elif self.command == "POST":
            state["comments"].append(
                {"id": 1_000 + len(state["comments"]), "body": body["body"], "user": state["as"], "author": state["as"]}
            )
        else:
            number = int(path.rpartition("/")[2])
            next(each for each in state["comments"] if each["id"] == number)["body"] = body["body"]
        STATE.write_text(json.dumps(state))
        return self.answer(201, {"id": 1})

    do_GET = do_POST = do_PATCH = do_PUT = handle_any  # noqa: N815  the names that the library calls

    def log_message(self, *words):
        pass


server = HTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
