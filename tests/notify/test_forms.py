"""Every channel's form: what it says, how long it may be, and that no name of a stranger becomes anything but a name."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from auditor.notify import forms
from auditor.notify.changes import Change, changes
from auditor.notify.message import Note, note, parts
from auditor.store import Store
from tests.notify.nights import finding, gap, saved
from tests.report import sample

HOSTILE = "<!channel> <https://evil.example|ok> @here [a](http://x) *b* `c` \x1b[2J\u202e\n# h & |"


def made(changes, headline="Account 1 breaks security rules."):
    return Note("0123456789abcdef", "20260101T000000000Z-00000000", "broken", headline, "3 broken.", tuple(changes))


def change(kind="new", severity="high", text="x", about="a", system="cuggu", **more):
    return Change(kind, about, "", text, system, severity, **more)


def told(tmp_path):
    """A night with one of everything."""
    store = Store(tmp_path)
    before = saved(store, 1, [finding("gone")])
    run = saved(store, 2, [finding("a", "critical"), finding("b", "low")], [gap()])
    return note(run, "x", changes(run, before))


def texts(value):
    """Every text in a body."""
    if isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)
    elif isinstance(value, str):
        yield value


def all_forms(one):
    return {
        "sns": forms.topic(one),
        "email": forms.email(one),
        "slack": forms.slack(one),
        "teams": json.loads(forms.teams(one)),
        "webhook": json.loads(forms.webhook(one)),
    }


@pytest.mark.parametrize("kind", ["sns", "email", "slack", "teams", "webhook"])
def test_it_leads_with_the_verdict_and_says_what_to_do_and_what_changed(kind, tmp_path):
    said = "\n".join(texts(all_forms(told(tmp_path))[kind])).replace("\\", "").replace("&#8203;", "")
    order = ["Account 123456789012 breaks security rules", "2 new (1 critical, 1 low)", "1. a is not encrypted: Encrypt a",
             "allow logs:DescribeLogGroups", "critical: a is not encrypted", "high: gone is not encrypted", "access denied"]  # fmt: skip
    for words in order:
        assert words in said, words
    assert said.index(order[0]) < said.index("To do first") < said.rindex(order[4])


def test_the_digest_is_grouped_by_system_and_changes_in_their_order(tmp_path):
    one = told(tmp_path)
    said = forms.text(parts(one, one.changes))
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    assert lines[lines.index("123456789012/eu-west-1") :][:8] == [
        "123456789012/eu-west-1",
        "New",
        "- critical: a is not encrypted (123456789012/eu-west-1)",
        "- low: b is not encrypted (123456789012/eu-west-1)",
        "Fixed",
        "- high: gone is not encrypted (123456789012/eu-west-1)",
        "Could not be looked at",
        "- logs DescribeLogGroups: access denied",
    ]


def test_hostile_names_stay_names():
    one = made([change(text=HOSTILE, system=HOSTILE, to_do=HOSTILE)], HOSTILE)
    every = all_forms(one)
    for said in texts(every):
        assert "\x1b" not in said
        assert "\u202e" not in said
    for block in every["slack"]["blocks"]:
        assert block["text"]["type"] == "plain_text"
        assert "<" not in block["text"]["text"]
    assert "<" not in every["slack"]["text"]
    assert {each["type"] for each in every["teams"]["attachments"][0]["content"]["body"]} == {"RichTextBlock"}
    for shown in (every["webhook"]["text"], json.loads(every["sns"]["Message"])["default"]):
        assert "<" not in shown
        assert "[a](" not in shown
        assert "\n# h" not in shown
        assert "://" not in shown
    assert every["sns"]["Subject"].isascii()
    assert every["sns"]["Subject"].isprintable()


def test_the_markdown_is_a_whole_document(tmp_path):
    """Headings and paragraphs with an empty line before each, or a list would swallow them."""
    one = told(tmp_path)
    lines = forms.markdown(parts(one, one.changes)).splitlines()
    for before, line in pairwise(lines):
        assert before or line, "no two empty lines"
        assert not line.startswith(("#", "Run ")) or not before


def many(number, size=300):
    out = [
        change(severity="critical", text=f"critical {place} " + "é&<" * (size // 3), about=f"c{place}")
        for place in range(20)
    ]
    out += [change(severity="low", text=f"low {place} " + "한" * size, about=f"l{place}") for place in range(number)]
    return [*out, *(change("fixed", "critical", f"fixed {place}", f"f{place}") for place in range(number))]


@pytest.mark.parametrize("number", [0, 30, 3_000])
def test_no_form_is_longer_than_its_channel_takes(number):
    one = made(many(number))
    every = all_forms(one)
    topic = every["sns"]
    assert len(topic["Message"].encode()) + len(topic["Subject"]) < 256 * 1024
    assert 0 < len(topic["Subject"]) <= 100
    blocks = every["slack"]["blocks"]
    assert len(blocks) <= 50
    assert all(0 < len(each["text"]["text"].encode("utf-16-le")) // 2 <= 3_000 for each in blocks)
    assert len(blocks[0]["text"]["text"]) <= 150
    assert len(forms.teams(one)) <= 28_000
    assert len(forms.webhook(one)) <= 256 * 1024
    assert len(every["email"]["Text"].encode()) <= 256 * 1024


@pytest.mark.parametrize("kind", ["sns", "email", "slack", "webhook"])
def test_what_is_critical_is_never_left_out_first_and_what_is_left_out_is_counted(kind):
    said = "\n".join(texts(all_forms(made(many(3_000)))[kind]))
    assert all(f"critical {place} " in said for place in range(20))
    assert "Left out here" in said
    assert "3,000 fixed" in said


def test_of_too_many_critical_ones_it_is_said_how_many_are_left_out():
    one = made([change(severity="critical", text="x" * 390 + str(place), about=str(place)) for place in range(2_000)])
    body = forms.slack(one)
    said = "\n".join(each["text"]["text"] for each in body["blocks"])
    shown = said.count("critical: ")
    assert 200 < shown < 2_000
    assert f"{2_000 - shown:,} new ({2_000 - shown:,} critical)" in said.replace("(critical)", "")


@pytest.mark.parametrize("run", [sample.run, sample.hostile, sample.clean_run], ids=lambda each: each.__name__)
def test_any_run_can_be_told_and_read_again(run):
    made_of = run()
    made_of["scan"].setdefault("id", "x")
    one = note(made_of, "x", changes(made_of, None))
    assert Note.of(json.loads(json.dumps(one.told))) == one
    for said in texts(all_forms(one)):
        assert not set("\x1b\x9b\u202e\x00\u2028") & set(said)


@pytest.mark.parametrize("cut", range(140, 150))
def test_a_text_is_never_cut_inside_of_an_entity_or_a_letter(cut):
    for filling in ("&amp;", "&lt;", "x&gt;", "😀"):
        said = forms._cut(filling * 60, cut)
        assert len(said.encode("utf-16-le")) // 2 <= cut
        assert said.removesuffix("…").replace(filling, "") in ("", "x")
