"""How fast `auditor --help` answers, beside the least that a click program can cost."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

RUNS = 15


def seconds(*words: str) -> float:
    began = time.perf_counter()
    subprocess.run(words, capture_output=True, check=True)
    return time.perf_counter() - began


def median(*words: str) -> float:
    seconds(*words)
    return statistics.median(seconds(*words) for _ in range(RUNS))


def main() -> None:
    bare = median(sys.executable, "-c", "import click")
    ours = median(sys.executable, "-m", "auditor", "--help")
    print(f"import click {bare * 1000:.0f} ms, auditor --help {ours * 1000:.0f} ms, ratio {ours / bare:.2f}")  # noqa: T201


if __name__ == "__main__":
    main()
