"""The child process: `python -m auditor.sandbox.child`, started and spoken to by server.py only.

It prints one line (its port and process id) and serves until its standard input ends. That input is a pipe
whose other end only the starter holds, so the kernel closes it however the starter dies, SIGKILL included.

Copies are forks: memory is shared until written, so a copy of a whole account costs milliseconds. Only the
main thread forks, and only while the thread that asked for it holds the server's lock: no request is under
way, so no lock of moto, of Flask or of an import is held by a thread that the copy will not have. There are two:

- a **clone** serves on a port of its own, beside the original;
- a **scratch** copy takes over the port: the original waits, unchanged, and serves again when the copy ends.

Both inherit the standard input and so die with the same starter.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import sys
import threading
import time
import warnings
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from auditor.sandbox.gate import WARM, Gate, denial
from auditor.sandbox.wire import Answer, Asked, Server, listen

CONTROL = "/_sandbox/"


@dataclass
class Wish:
    """A request to the main thread to fork, and what came of it."""

    scratch: bool
    done: threading.Event = field(default_factory=threading.Event)
    port: int = 0
    pid: int = 0


class Child:
    """One process serving one account."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.server: Server | None = None
        self.wishes: list[Wish] = []
        self.wake_up: tuple[int, int] = (-1, -1)
        self.leash = -1  # of a scratch copy: its end tells the original to go on

    def serve(self, listener: socket.socket) -> None:
        """For good: in the copy that a fork makes too, then on the copy's socket."""
        while True:
            self.wishes, self.wake_up = [], os.pipe()
            server = self.server = Server(listener, self.app)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            threading.Thread(target=self.warm, args=(server,), daemon=True).start()
            listener = self.until_wished(server)

    def until_wished(self, server: Server) -> socket.socket:
        """Wait for wishes and fulfil them. Returns the socket to serve on next, where that has changed."""
        while True:
            self.wait_for(self.wake_up[0])
            os.read(self.wake_up[0], 1)
            wish = self.wishes.pop()
            if wish.scratch:
                self.make_way(server, wish)
                return server.socket
            copy = listen()
            if self.fork(server, wish) == 0:
                os.close(server.socket.detach())
                return copy
            wish.port = copy.getsockname()[1]
            copy.close()
            wish.done.set()

    def wait_for(self, event: int) -> None:
        """Until there is something to read, or the other side is gone; the end of the starter ends all."""
        while True:
            ready, _, _ = select.select([0, event], [], [])
            if 0 in ready and not os.read(0, 1):
                os._exit(0)
            if event in ready:
                return

    def make_way(self, server: Server, wish: Wish) -> None:
        """Let a copy serve on our socket, and wait for its end. In the copy this returns at once."""
        ours, leash = os.pipe()
        server.retire()
        if self.fork(server, wish) == 0:
            os.close(ours)
            self.leash = leash
            return
        os.close(leash)
        wish.port = server.socket.getsockname()[1]
        server.hang_up()
        wish.done.set()
        self.wait_for(ours)
        for end in (ours, *self.wake_up):
            os.close(end)

    def fork(self, server: Server, wish: Wish) -> int:
        """0 in the copy, which then holds nothing of the original but its account."""
        gc.freeze()  # what exists is shared with the copy: the collector leaves it alone
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # forking with threads: see above
            wish.pid = os.fork()
        if wish.pid == 0:
            server.abandon()
            held = [*self.wake_up] + ([self.leash] if self.leash >= 0 else [])
            for end in held:
                os.close(end)
            self.leash = -1
            self.gate.log.clear()
            self.gate.denials.clear()
        return wish.pid

    def warm(self, server: Server) -> None:
        """Use the time in which the starter gets its own clients ready; never more than one backend a turn."""
        for service in WARM:
            time.sleep(0.002)  # a lock is no queue: without a pause the next turn would be ours again
            with server.turn:
                if server.retired:
                    return
                self.gate.warm(service)

    def app(self, asked: Asked) -> Answer:
        if not asked.path.startswith(CONTROL):
            return self.gate.answer(asked)
        order = json.loads(asked.body or b"{}")
        try:
            told = getattr(self, "do_" + asked.path.removeprefix(CONTROL))(order)
        except (AttributeError, KeyError, RuntimeError, ValueError) as wrong:
            return Answer(400, json.dumps(repr(wrong)).encode(), (("Content-Type", "application/json"),))
        return Answer(200, json.dumps(told).encode(), (("Content-Type", "application/json"),))

    def do_deny(self, order: dict[str, Any]) -> Any:
        self.gate.denials.append(denial(order))

    def do_allow_all(self, order: dict[str, Any]) -> Any:
        self.gate.denials.clear()

    def do_requests(self, order: dict[str, Any]) -> Any:
        return [logged.told() for logged in self.gate.log]

    def do_forget_requests(self, order: dict[str, Any]) -> Any:
        self.gate.log.clear()

    def do_reset(self, order: dict[str, Any]) -> Any:
        self.gate.reset()

    def do_warm(self, order: dict[str, Any]) -> Any:
        with suppress(ModuleNotFoundError):  # what moto has not got is corrected, or not there at all
            self.gate.warm(order["service"])

    def do_clone(self, order: dict[str, Any]) -> Any:
        return self.wished(Wish(scratch=False))

    def do_scratch(self, order: dict[str, Any]) -> Any:
        return self.wished(Wish(scratch=True))

    def wished(self, wish: Wish) -> Any:
        """Called with the server's lock held, which is what makes the fork safe. A copy is never made half warm."""
        for service in WARM:
            self.gate.warm(service)
        self.wishes.append(wish)
        os.write(self.wake_up[1], b"!")
        wish.done.wait()
        return {"port": wish.port, "pid": wish.pid}

    def do_restore(self, order: dict[str, Any]) -> Any:
        if self.leash >= 0 and self.server:
            self.server.hang_up()
            os._exit(0)
        raise RuntimeError("there is nothing to restore")

    def do_ping(self, order: dict[str, Any]) -> Any:
        return {"pid": os.getpid()}

    def do_stop(self, order: dict[str, Any]) -> Any:
        if self.leash >= 0:
            os.kill(os.getppid(), signal.SIGKILL)  # the original that waits for us
        os._exit(0)


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # clones that end leave no zombie
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the starter's business; its end ends us
    listener = listen()
    child = Child(Gate())
    hello = {"port": listener.getsockname()[1], "pid": os.getpid()}
    sys.stdout.write(json.dumps(hello) + "\n")
    sys.stdout.flush()
    os.dup2(2, 1)  # moto prints now and then: not into a pipe that nobody reads
    child.serve(listener)


if __name__ == "__main__":
    main()
