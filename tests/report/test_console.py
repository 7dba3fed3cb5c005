"""The run on a terminal."""

import io

import pytest
from rich.cells import cell_len

from auditor import report
from auditor.report.plain import clean
from tests.report import golden, sample


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def told(run: dict[str, object], out: io.StringIO | None = None, **options: object) -> str:
    out = out or io.StringIO()
    report.write("text", run, out, report.Options(**options))  # type: ignore[arg-type]
    return out.getvalue()


@pytest.mark.parametrize("name", ["console.txt", "picture.svg"])
def test_golden_samples(name: str) -> None:
    """`python -m tests.report.golden` writes them again; look at the difference before it is kept."""
    assert golden.samples()[name] == (sample.SAMPLES / name).read_text(encoding="utf-8")


def test_the_order_of_what_is_told() -> None:
    text = told(sample.run())
    places = [text.index(each) for each in (
        "is not what cuggu describes", "Since the last run", "Critical", "High", "Medium", "Low", "Unknown", "Could not be read",
        "To read everything, allow", "promises kept",
    )]  # fmt: skip
    assert places == sorted(places)


def test_kept_promises_are_a_number_unless_asked_for() -> None:
    assert "cuggu/nat" not in told(sample.run())
    assert "cuggu/nat" in told(sample.run(), verbose=True)
    assert len(told(sample.clean_run()).splitlines()) <= 5


def test_no_escape_off_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    assert "\x1b" not in told(sample.run())


def test_colour_on_a_terminal_and_none_with_no_color(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[1;31m" in told(sample.run(), Terminal())
    monkeypatch.setenv("NO_COLOR", "1")
    assert "31m" not in told(sample.run(), Terminal())


@pytest.mark.parametrize("width", [40, 60, 100, 200])
def test_lines_fit(width: int) -> None:
    lines = told(sample.run(), width=width, verbose=True).splitlines()
    assert max(cell_len(line) for line in lines) <= min(width, 120)
    assert not any(line != line.rstrip() for line in lines)


def test_a_stream_without_our_letters() -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="ascii")
    report.write("text", sample.run(), out, report.Options())
    out.flush()
    text = raw.getvalue().decode("ascii")
    assert text.startswith("x Account")
    assert "\\ub9e4" in text


def test_hostile_names_cannot_steer_the_terminal() -> None:
    text = told(sample.hostile(), verbose=True)
    assert clean(text, lines=True) == text
    assert "\\x1b[2J" in text


def test_ten_thousand_findings_stay_short() -> None:
    text = told(sample.many(10_000))
    assert len(text.splitlines()) < 500
    assert "Not shown: 1,950 critical, 3,000 high and 4,000 less severe findings" in text
