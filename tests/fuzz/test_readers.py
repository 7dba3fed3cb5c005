"""Every reader of strangers' bytes: an answer or a declared refusal, the same each time, and never a search without end.

`make fuzz` looks longer (AUDITOR_FUZZ is the number of examples of each). What it finds goes into corpus/ as a file.
"""

from __future__ import annotations

import os
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.graph.access.policy import patterns
from tests.fuzz import making
from tests.fuzz.readers import READERS, read
from tests.work import watchdog

EXAMPLES = int(os.environ.get("AUDITOR_FUZZ", "40"))
KEPT = sorted((path.parent.name, path.name) for path in making.CORPUS.glob("*/*"))


def bounded(name, content):
    with watchdog():
        return read(name, content)


def test_every_reader_has_its_corpus():
    assert {name for name, _ in KEPT} == set(READERS)
    assert all((making.CORPUS / name / file).stat().st_size < 20_000 for name, file in KEPT)


@pytest.mark.parametrize(("name", "file"), KEPT, ids=["/".join(each) for each in KEPT])
def test_what_was_found_once(name, file):
    content = (making.CORPUS / name / file).read_bytes()
    assert bounded(name, content) == read(name, content)


@pytest.mark.parametrize("name", [name for name, file in KEPT if file == "right"])
def test_what_is_right_is_read(name):
    assert not isinstance(read(name, (making.CORPUS / name / "right").read_bytes()), str)


@pytest.mark.parametrize("name", sorted(making.MADE))
def test_what_is_made_up(name):
    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck),
              derandomize=EXAMPLES < 100)  # fmt: skip
    @given(st.one_of(making.MADE[name], making.mutated(name)))
    def holds(content):
        assert bounded(name, content) == read(name, content)

    holds()


def plainly(pattern, text):
    return re.fullmatch(re.escape(pattern).replace(r"\*", "(?s:.)*").replace(r"\?", "(?s:.)"), text) is not None


@given(making.wildcards, making.wildcards)
@settings(max_examples=EXAMPLES * 5, deadline=None, database=None)
def test_wildcards_mean_what_a_plain_search_says(one, other):
    assert patterns.fits(one, other.replace("*", "").replace("?", "")) == plainly(
        one, other.replace("*", "").replace("?", "")
    )
    # Few letters, so that all short texts of a pattern can be tried: what one of them is in both is a meeting.
    texts = [other.replace("*", star).replace("?", letter) for star in ("", "a", "b", "ab") for letter in "abA[\\"]
    if any(plainly(one, text) for text in texts):
        assert patterns.meets(one, other)
        assert patterns.meets(other, one)
    if patterns.covers(one, other):
        assert all(plainly(one, text) for text in texts)
