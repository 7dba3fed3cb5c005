"""The page as a file: nothing breaks out, nothing is asked for, all is there without scripts."""

import base64
import gzip
import hashlib
import io
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from auditor import report
from auditor.report.html import html
from auditor.report.page import page
from tests.report import sample


class Reader(HTMLParser):
    """The elements of a page with their attributes, the text outside scripts and styles, and the texts inside."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.inside: dict[str, list[str]] = {"script": [], "style": []}
        self._in = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in self.inside:
            self._in = tag
            self.inside[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._in:
            self._in = ""

    def handle_data(self, data: str) -> None:
        if self._in:
            self.inside[self._in][-1] += data
        else:
            self.text += data


RUNS: dict[str, Any] = {
    "drifted": sample.run, "clean": sample.clean_run, "hostile": sample.hostile, "many": lambda: sample.many(90),
}  # fmt: skip


@pytest.fixture(scope="module", params=RUNS)
def read(request: pytest.FixtureRequest) -> Reader:
    return Reader(html(RUNS[request.param]()))


def test_only_our_own_script_and_style(read: Reader) -> None:
    scripts = [attrs for tag, attrs in read.elements if tag == "script"]
    assert [attrs for attrs in scripts if attrs.get("type") != "text/plain"] == [{}]
    assert len(read.inside["style"]) == 1
    for tag, attrs in read.elements:
        assert tag not in ("img", "iframe", "object", "embed", "base")
        assert not [name for name in attrs if name.startswith("on") or name == "style"], tag


def test_nothing_is_asked_for(read: Reader) -> None:
    for tag, attrs in read.elements:
        for name in ("href", "src", "action", "srcset", "poster"):
            assert (attrs.get(name) or "#").startswith(("#", "data:,")), (tag, attrs)
    assert not re.search(r"url\((?!#)|@import|@font-face", "".join(read.inside["style"]))
    assert not re.search(
        r"\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon|import\(|innerHTML|eval\(", read.inside["script"][-1]
    )


def test_the_policy_admits_exactly_these_texts(read: Reader) -> None:
    policy = next(attrs["content"] for tag, attrs in read.elements if attrs.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none';")
    for kind, text in (("script", read.inside["script"][-1]), ("style", read.inside["style"][0])):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy


def test_ids_are_unique_and_links_lead_somewhere(read: Reader) -> None:
    ids = [attrs["id"] for _, attrs in read.elements if attrs.get("id")]
    assert len(ids) == len(set(ids))
    targets = {attrs["href"] for tag, attrs in read.elements if tag in ("a", "use") and attrs.get("href")}
    packed = {f"#f-{each['id']}" for each in page(sample.many(90))["packed"]}
    assert {target for target in targets if target is not None and target[1:] not in ids} <= packed


def test_the_language_is_told(read: Reader) -> None:
    assert ("html", {"lang": "en"}) in read.elements


def test_hostile_text_is_only_text() -> None:
    text = html(sample.hostile())
    assert "<script>alert" not in text
    assert "<img" not in text
    for letter in ("\x1b", "\x9b", "\x00", "\u202e", "\u2028"):
        assert letter not in text
    assert "\\u202egnp.exe" in text
    assert "{{7*7}}" in text


def test_everything_is_there_without_scripts() -> None:
    read, run = Reader(html(sample.run())), sample.run()
    for found in run["findings"]:
        assert found["title"] in read.text
        assert found["resource"]["key"] in read.text
    for promise in run["promises"]:
        assert promise["text"] in read.text
        assert promise["reason"] in read.text
    for text in (
        "is not what cuggu describes", "logs:DescribeLogGroups", "access denied", "aws rds modify-db-instance",
        "no other candidate", "section 2, line 115", "cuggu-prod-postgres is protected by cuggu-prod-db-sg",
        "cuggu-prod-key is not rotated automatically",
    ):  # fmt: skip
        assert text in read.text


def test_a_clean_run_has_no_empty_sections() -> None:
    read = Reader(html(sample.clean_run()))
    assert "No findings." in read.text
    for gone in ("Waived", "Fixed", "incomplete"):
        assert gone not in read.text


def test_the_rest_is_packed_whole() -> None:
    run = sample.many(120)
    read = Reader(html(run, worst=10))
    packed = json.loads(gzip.decompress(base64.b64decode(read.inside["script"][0])))
    rest = page(run, worst=10)["packed"]
    assert packed["count"] == len(rest)
    for place, found in enumerate(rest):
        assert found == {
            name: member["values"][spot]
            for name, member in packed["members"].items()
            if (spot := member["places"][place] if "places" in member else place) >= 0
        }
    assert "14 critical, 36 high and 48 less severe findings" in read.text


def test_ten_thousand_findings_fit_in_a_megabyte() -> None:
    out = io.StringIO()
    report.write("html", sample.many(10_000), out)
    assert len(out.getvalue().encode()) < 1_000_000
