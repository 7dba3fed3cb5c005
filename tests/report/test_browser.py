"""The page in a real Chromium."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from auditor import report
from tests.report import sample

pytestmark = pytest.mark.browser


def missing(reason: str) -> None:
    """A browser that is not there skips these tests, except where it is demanded (CI)."""
    if os.environ.get("AUDITOR_REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    path = os.environ.get("AUDITOR_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    if not Path(path).exists():
        missing(f"no Chromium at {path}; set AUDITOR_CHROMIUM")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("playwright is not installed")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


class Visit:
    """A page that was opened, with everything that it complained about or asked for."""

    def __init__(self, chromium: Any, file: Path, **context: Any) -> None:
        self.file, self.trouble, self.requests = file, [], []
        self.page = chromium.new_context(**context).new_page()
        self.page.on("console", lambda message: self.trouble.append(message.text))
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.page.on("dialog", lambda dialog: self.trouble.append(dialog.message))
        self.page.on("request", lambda request: self.requests.append(request.url))

    def open(self, anchor: str = "") -> Any:
        self.page.goto("about:blank")
        self.page.goto(self.file.as_uri() + anchor)
        return self.page


@pytest.fixture
def visit(chromium: Any, tmp_path: Path) -> Iterator[Any]:
    visits = []

    def make(run: dict[str, Any], worst: int = 50, **context: Any) -> Visit:
        file = tmp_path / f"{len(visits)}.html"
        report.write("html", run, file, report.Options(worst=worst))
        visits.append(Visit(chromium, file, **context))
        return visits[-1]

    yield make
    for each in visits:
        each.page.context.close()


@pytest.mark.parametrize("name", ["run", "clean_run", "hostile"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_opens_without_trouble_or_requests(visit: Any, name: str, scheme: str, width: int) -> None:
    seen = visit(getattr(sample, name)(), color_scheme=scheme, viewport={"width": width, "height": 800})
    page = seen.open()
    assert seen.trouble == []
    assert [url for url in seen.requests if not url.startswith(("file:", "about:"))] == []
    assert page.locator("h1").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_hostile_text_reads_as_it_was_written(visit: Any) -> None:
    page = visit(sample.hostile(), worst=3).open()
    page.wait_for_selector("html[data-unpacked]")
    assert "<script>alert(1)</script>" in page.locator("h1").inner_text()
    assert page.locator("script").count() == 2
    assert page.locator("img").count() == 0


def shown(page: Any) -> list[str]:
    titles: list[str] = page.locator("#list .finding:visible h3").all_inner_texts()
    return titles


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ("", 9), ("sev:critical", 2), ("sev:critical sev:high", 0), ("rule:rds", 1), ("type:bucket", 0),
        ("is:new", 4), ("!is:new", 5), ("is:unknown", 1), ("is:auto", 4), ("kind:extra", 1), ("kst", 1),
        ('"03:00 kst"', 1), ("no such", 0),
    ],
)  # fmt: skip
@pytest.mark.parametrize("worst", [50, 0])
def test_the_filter(visit: Any, typed: str, count: int, worst: int) -> None:
    page = visit(sample.run(), worst=worst).open("#q=" + typed if typed else "")
    if worst == 0:
        page.wait_for_selector("html[data-unpacked]")
        if not typed:
            page.locator("#more").click()
    assert len(shown(page)) == count
    if typed:
        assert page.locator("#found").inner_text() == f"{count} of 9 findings"
        page.locator("#q").press("Escape")
        assert page.locator("#q").input_value() == ""


def test_the_buttons_and_keys_of_the_filter(visit: Any) -> None:
    page = visit(sample.run()).open()
    page.keyboard.press("/")
    page.keyboard.type("is:new")
    assert len(shown(page)) == 4
    page.get_by_role("button", name="critical").click()
    assert page.locator("#q").input_value() == "is:new sev:critical"
    assert len(shown(page)) == 2
    assert "q=is%3Anew%20sev%3Acritical" in page.url


@pytest.mark.parametrize("worst", [50, 2])
def test_a_link_opens_its_finding(visit: Any, worst: int) -> None:
    found = sample.run()["findings"][5]
    page = visit(sample.run(), worst=worst).open(f"#f-{found['id']}")
    page.wait_for_selector(f"#f-{found['id']}[open]")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert "cron(0 18 * * ? *)" in page.locator(f"#f-{found['id']}").inner_text()


def test_a_node_of_the_picture_opens_its_finding(visit: Any) -> None:
    page = visit(sample.run()).open()
    page.locator(".map .node.extra a").click()
    assert (
        page.locator(".finding[open] h3").inner_text() == "Instance debug-bastion is not in the architecture document"
    )


def test_the_keyboard_is_enough(visit: Any) -> None:
    page = visit(sample.run()).open()
    first = page.locator("#list > .finding").first
    first.locator("summary").focus()
    page.keyboard.press("Enter")
    assert first.get_attribute("open") is not None


def test_packed_findings_look_like_written_ones(visit: Any) -> None:
    """The script builds what the template writes, element by element."""
    normal = (
        "nodes => nodes.map(node => { node.classList.remove('packed'); node.open = false; return node.outerHTML; })"
    )
    written = visit(sample.run()).open().locator("#list > .finding").evaluate_all(normal)
    page = visit(sample.run(), worst=0).open()
    page.wait_for_selector("html[data-unpacked]")
    page.locator("#more").click()
    packed = page.locator("#list > .finding").evaluate_all(normal)
    assert json.dumps(packed) == json.dumps(written)


def test_without_scripts_it_is_whole(visit: Any) -> None:
    page = visit(sample.run(), java_script_enabled=False).open()
    assert page.locator("#list .finding").count() == 9
    assert not page.locator(".find").is_visible()
    page.locator("#list .finding summary").first.click()
    assert page.locator("#list .finding pre").first.is_visible()


def test_print_shows_what_is_closed(visit: Any) -> None:
    page = visit(sample.run(), java_script_enabled=False).open()
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    assert page.locator("#list .finding .body").last.is_visible()
