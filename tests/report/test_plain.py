"""Text made harmless, values made readable."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.report.plain import clean, inline, json_text, scalar, shown
from tests.report.sample import HOSTILE

ODD = [*range(0x20), *range(0x7F, 0xA0), 0xAD, 0x200B, 0x200E, 0x2028, 0x202E, 0x2066, 0xFEFF, 0xD800, 0xE0041]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@pytest.mark.parametrize("code", ODD)
def test_nothing_that_steers_a_terminal_or_turns_a_text_survives(code: int) -> None:
    assert chr(code) not in clean(f"a{chr(code)}b")
    assert clean(f"a{chr(code)}b").startswith("a\\")


def test_letters_of_every_language_stay() -> None:
    text = "매일 03:00 · naïve · שלום · 👩‍💻"
    assert clean(text) == text


@settings(suppress_health_check=[HealthCheck.too_slow])  # how fast values are made says nothing of the text
@given(VALUES)
def test_json_text_is_json_and_harmless(value: object) -> None:
    text = json_text(value)
    assert json.loads(text) == value
    assert clean(text, lines=True) == text


@given(VALUES)
def test_every_value_can_be_shown(value: object) -> None:
    assert clean(shown(value), lines=True) == shown(value)
    assert "\n" not in inline(value).replace("\\n", "")


def test_json_text_escapes_what_the_terminal_would_obey() -> None:
    assert json.loads(json_text({"name": HOSTILE})) == {"name": HOSTILE}
    assert "\x9b" not in json_text(HOSTILE)
    assert "매일" in json_text("매일")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "not set"),
        (True, "true"),
        ("true", '"true"'),
        ("16", '"16"'),
        (16, "16"),
        ("", '""'),
        ("cron(0 18 * * ? *)", "cron(0 18 * * ? *)"),
        ("0.0.0.0/0", "0.0.0.0/0"),
        (" padded", '" padded"'),
    ],
)
def test_scalars_cannot_be_mistaken(value: object, text: str) -> None:
    assert scalar(value) == text


def test_nested_values_become_an_outline() -> None:
    value = {"Rules": [{"Port": 22, "From": ["10.0.0.0/8", "::/0"]}], "Empty": [], "Name": "x"}
    assert shown(value) == 'Empty: none\nName: x\nRules:\n  - From: 10.0.0.0/8, "::/0"\n    Port: 22'
    assert inline(value) == '{Empty: none, Name: x, Rules: [{From: [10.0.0.0/8, "::/0"], Port: 22}]}'
