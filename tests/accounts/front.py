"""What stands between the program and AWS: a server that passes requests on, and answers chosen ones by itself."""

from __future__ import annotations

import http.client
import threading
from contextlib import contextmanager

from auditor.sandbox import environment
from auditor.sandbox.call import recognise
from auditor.sandbox.wire import WRITTEN_BY_US, Answer, Server, listen


class Front:
    """`faults` maps (service, operation) to what makes the answer from the honest one."""

    def __init__(self, box):
        self.box, self.faults, self.asked = box, {}, []
        self.server = Server(listen(), self.answer)

    def answer(self, asked):
        call = recognise(asked)
        name = (call.service, call.operation) if call else None
        self.asked.append(name)
        honest = self._passed_on(asked)
        return self.faults[name](honest) if name in self.faults else honest

    def _passed_on(self, asked):
        connection = http.client.HTTPConnection("127.0.0.1", self.box.port, timeout=60)
        try:
            headers = {name: value for name, value in asked.headers if name.lower() not in WRITTEN_BY_US}
            connection.request(asked.method, asked.target, asked.body, headers)
            got = connection.getresponse()
            return Answer(got.status, got.read(), tuple(got.getheaders()))
        finally:
            connection.close()

    def environ(self):
        port = self.server.socket.getsockname()[1]
        return environment.bare(self.box.environ()) | environment.pointing_at(port)


@contextmanager
def front(box):
    standing = Front(box)
    threading.Thread(target=standing.server.serve_forever, daemon=True).start()
    try:
        yield standing
    finally:
        standing.server.retire()
        standing.server.socket.close()
