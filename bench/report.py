"""How big the page is and how long it takes, at 10,000 and 50,000 findings: `python -m bench.report`.

Written, opened (until the packed findings are there), filtered. Budgets: 10,000 findings in 1 MB and 0.5 s, 50,000 in
4 MB and 1.5 s on two cores; exits with 1 over them.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from auditor import report
from tests.report import sample

BUDGETS = {10_000: (1_000_000, 0.5), 50_000: (4_000_000, 1.5)}
_FILTER = """() => new Promise(done => {
    const box = document.getElementById('q'), start = performance.now();
    box.value = 'sev:medium cron'; box.dispatchEvent(new Event('input'));
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start)));
})"""


def measure(browser: Browser, number: int, file: Path) -> tuple[int, float, float, float]:
    """Bytes, and seconds to write, to open and to filter (the best of three)."""
    run = sample.many(number)
    start = time.perf_counter()
    report.write("html", run, file)
    written = time.perf_counter() - start
    opened, filtered = [], []
    for _ in range(3):
        page = browser.new_page()
        page.goto("about:blank")
        start = time.perf_counter()
        page.goto(file.as_uri(), wait_until="commit")
        page.wait_for_selector("html[data-unpacked]")
        opened.append(time.perf_counter() - start)
        filtered.append(page.evaluate(_FILTER) / 1000)
        page.close()
    return file.stat().st_size, written, min(opened), min(filtered)


def main() -> int:
    over = False
    path = os.environ.get("AUDITOR_CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as play, tempfile.TemporaryDirectory() as folder:
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for number, (most, slowest) in BUDGETS.items():
            size, written, opened, filtered = measure(browser, number, Path(folder) / f"{number}.html")
            over |= size > most or opened > slowest
            sys.stdout.write(f"{number:>6,} findings: {size / 1e6:.2f} MB, written in {written:.2f} s, "
                             f"opened in {opened:.2f} s, filtered in {filtered:.3f} s\n")  # fmt: skip
        browser.close()
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
