"""What a check costs beside the bare calls it makes: the same requests, asked by bare boto3 of the same account."""

from __future__ import annotations

import os
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

RUNS = 5


def main() -> None:
    from auditor.sandbox import sandbox
    from auditor.sandbox.cuggu import build_cuggu

    with sandbox() as box:
        build_cuggu(box)
        os.environ.update(box.env())
        recorded = record()
        bare = [timed(lambda: ask_bare(recorded)) for _ in range(RUNS)]
        check = [timed(run_check) for _ in range(RUNS)]
        ours, theirs = statistics.median(check), statistics.median(bare)
        figures = f"bare calls {theirs:.2f} s, whole check {ours:.2f} s, ratio {ours / theirs:.2f}"
        print(f"{len(recorded)} requests; {figures}")  # noqa: T201


def timed(what: object) -> float:
    began = time.perf_counter()
    what()  # type: ignore[operator]
    return time.perf_counter() - began


def run_check() -> None:
    from auditor import pipeline

    pipeline.check(pipeline.Wish(baselines=("cuggu",)))


def record() -> list[object]:
    """The requests of one check."""
    from auditor import pipeline
    from auditor.sources.snapshot import Recording

    wish = pipeline.Wish(baselines=("cuggu",))
    source = pipeline.open_source(wish, pipeline.definitions(wish))
    source.caller = Recording(source.caller, {})
    pipeline.check(wish, source=source)
    return sorted(source.caller.kept)


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
    main()
