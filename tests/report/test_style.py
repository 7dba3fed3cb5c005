"""Colours that can be read: text on its ground has a contrast of 4.5 or more, in light and in dark."""

import re

import pytest

from auditor.settings import data_dir

STYLE = (data_dir("reports") / "style.css").read_text(encoding="utf-8")
PAIRS = [
    *((text, ground) for text in ("ink", "soft") for ground in ("paper", "card", "sunk")),
    *((text, ground) for text in ("kept", "broken", "unknown", "extra", "accent") for ground in ("paper", "card")),
    *((name, f"{name}-ground") for name in ("kept", "broken", "unknown", "extra", "accent")),
    ("ink", "broken-ground"), ("soft", "broken-ground"), ("ink", "extra-ground"),
    ("soft", "extra-ground"), ("ink", "accent-ground"),
]  # fmt: skip


def colours(mode: str) -> dict[str, str]:
    blocks = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
    out: dict[str, str] = {}
    for block in blocks[: 2 if mode == "dark" else 1]:
        out |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})\b", block))
    return out


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_contrast(mode: str, text: str, ground: str) -> None:
    found = colours(mode)
    low, high = sorted((luminance(found[text]), luminance(found[ground])))
    assert (high + 0.05) / (low + 0.05) >= 4.5
