# ruff: noqa: T201  it prints its table
"""What a check costs beside the bare calls it makes: the same requests, asked by bare boto3 of the same account.

python -m bench.scan [NAMES] [write]

The example accounts, each against its documents and every rule; all of them by default. `write` puts the figures into
ARCHITECTURE.md, between the lines that name this file.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from bench.page import put

RUNS = 5
HEAD = (
    "| account | requests | made twice | bare calls, s | whole check, s | ratio |",
    "|---|---|---|---|---|---|",
)


def main(names: list[str]) -> None:
    from auditor.cli.demo import NAMES
    from auditor.pipeline import Wish
    from auditor.sandbox import sandbox
    from auditor.sandbox.examples import example
    from tests.accounts.looking import seen_by_this_process

    wanted, rows = [each for each in names if each != "write"], list(HEAD)
    for name in wanted or NAMES:
        with sandbox() as box, seen_by_this_process(box):
            example(name).build(box)
            wish = Wish(baselines=example(name).baselines)
            recorded = record(wish)
            twice = len(recorded) - len(set(recorded))
            bare = [timed(partial(ask_bare, recorded)) for _ in range(RUNS)]
            check = [timed(partial(run_check, wish)) for _ in range(RUNS)]
        ours, theirs = statistics.median(check), statistics.median(bare)
        rows.append(f"| {name} | {len(recorded)} | {twice} | {theirs:.2f} | {ours:.2f} | {ours / theirs:.2f} |")
        print(rows[-1], flush=True)
    if "write" in names:
        put("bench.scan", [f"From `python -m {' '.join(['bench.scan', *wanted, 'write'])}`:", "", *rows])


def timed(what: Callable[[], object]) -> float:
    began = time.perf_counter()
    what()
    return time.perf_counter() - began


def run_check(wish: object) -> None:
    from auditor import pipeline

    pipeline.check(wish)  # type: ignore[arg-type]


def record(wish: object) -> list[object]:
    """The requests of one check, as often as they were made."""
    from auditor import pipeline

    asked: list[object] = []
    source = pipeline.open_source(wish, pipeline.definitions(wish))  # type: ignore[arg-type]
    source.caller = Counted(source.caller, asked)  # type: ignore[assignment]
    pipeline.check(wish, source=source)  # type: ignore[arg-type]
    return sorted(asked)


class Counted:
    """A caller that notes what is asked of it."""

    def __init__(self, caller: object, asked: list[object]) -> None:
        self.caller, self.asked = caller, asked

    def ask(self, requests: set[object]) -> object:
        self.asked += requests
        return self.caller.ask(requests)  # type: ignore[attr-defined]


def ask_bare(requests: list[object]) -> None:
    """Bare boto3: a client a service and region, 32 threads, no reading of the answers."""
    import boto3

    clients = {}
    for each in requests:
        if (each.service, each.region) not in clients:
            clients[each.service, each.region] = boto3.client(each.service, region_name=each.region)

    def ask(each: object) -> None:
        client = clients[each.service, each.region]
        if client.can_paginate(each.operation):
            client.get_paginator(each.operation).paginate(**each.arguments).build_full_result()
            return
        try:
            getattr(client, each.operation)(**each.arguments)
        except client.exceptions.ClientError:
            return

    with ThreadPoolExecutor(32) as pool:
        list(pool.map(ask, requests))


if __name__ == "__main__":
    main(sys.argv[1:])
