"""What a monitor watches: the same gauges for CloudWatch and for Prometheus."""

import io
import json
import re
from typing import Any

import pytest

from auditor import report
from auditor.model import SEVERITIES
from tests.report import sample

LINE = re.compile(r'(auditor_[a-z_]+)\{((?:[a-z]+="(?:[^"\\\n]|\\.)*",?)+)\} (-?[0-9.e+]+)')


def told(name: str, run: Any) -> str:
    out = io.StringIO()
    report.write(name, run, out)
    return out.getvalue()


def cloudwatch(run: Any) -> dict[str, Any]:
    (line,) = told("emf", run).splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


def prometheus(run: Any) -> dict[tuple[str, str], float]:
    """Every sample, by its name and labels; a line that is neither a comment nor a sample fails."""
    found = {}
    for line in told("prometheus", run).splitlines():
        if not line.startswith("# "):
            name, labels, value = LINE.fullmatch(line).groups()  # type: ignore[union-attr]
            assert (name, labels) not in found
            found[name, labels] = float(value)
    return found


def changed(**members: Any) -> Any:
    run = sample.run()
    for name, value in members.items():
        run[name] = {**run[name], **value} if isinstance(value, dict) else value
    return run


def finding(**members: Any) -> Any:
    return {**sample.run()["findings"][0], "verdict": "broken", "waiver": None, "status": "open", **members}


GAP = sample.run()["coverage"]["gaps"][0]
CASES = [
    (changed(summary={"by_severity": {"critical": 2, "low": 1}}), {"FindingsCritical": 2, "FindingsHigh": 0, "FindingsLow": 1}),
    (changed(summary={"kept": 7, "unknown": 3, "waived": 4}), {"Kept": 7, "Unknown": 3, "WaivedFindings": 4}),
    (changed(coverage={"complete": True, "gaps": []}), {"Complete": 1, "UnreadCalls": 0}),
    (changed(coverage={"complete": False, "gaps": [{**GAP, "count": 12}, {**GAP, "count": 1}]}),
     {"Complete": 0, "UnreadCalls": 13}),
    (changed(findings=[finding(status="new"), finding(), finding(status="new", verdict="unknown"),
                       finding(status="new", waiver={"reason": "", "owner": "", "expires": ""})], mended=[{}, {}]),
     {"NewFindings": 1, "FixedFindings": 2}),
    (changed(scan={"started": "2026-12-01T03:00:00Z", "finished": "2026-12-01T03:01:30Z", "resources": 812,
                   "requests": {"total": 97, "by_operation": {}}}),
     {"RunSeconds": 90, "Resources": 812, "Requests": 97}),
    # A clock that was set back in the middle of a run.
    (changed(scan={"started": "2026-12-01T03:00:00Z", "finished": "2026-12-01T02:00:00Z"}), {"RunSeconds": 0}),
]  # fmt: skip


@pytest.mark.parametrize(("run", "expected"), CASES)
def test_cloudwatch_gets_the_gauges(run: Any, expected: dict[str, float]) -> None:
    line = cloudwatch(run)
    assert {name: line[name] for name in expected} == expected


@pytest.mark.parametrize(("run", "expected"), CASES)
def test_prometheus_gets_the_same(run: Any, expected: dict[str, float]) -> None:
    rows = {
        "".join(each.capitalize() for each in [*name.removeprefix("auditor_").split("_"), severity]): value
        for (name, labels), value in prometheus(run).items()
        for severity in re.findall(r'severity="([a-z]+)"', labels) or [""]
    }
    assert {name: rows[name] for name in expected} == expected


def test_what_cloudwatch_is_told_to_make_metrics_of_is_there_and_a_number() -> None:
    line = cloudwatch(sample.run())
    (told_,) = line["_aws"]["CloudWatchMetrics"]
    names = [each["Name"] for each in told_["Metrics"]]
    assert len(set(names)) == len(names) <= 100  # CloudWatch's most for one line
    assert all(isinstance(line[name], int | float) for name in names)
    assert {each["Unit"] for each in told_["Metrics"]} <= {"Count", "Seconds", "None"}
    assert told_["Dimensions"] == [["Account"], []]
    assert line["Account"] == "123456789012"
    assert line["_aws"]["Timestamp"] == 1000 * round(line["_aws"]["Timestamp"] / 1000)


def test_every_severity_has_a_row_even_where_it_is_zero() -> None:
    found = prometheus(sample.clean_run())
    assert [found["auditor_findings", f'account="123456789012",severity="{each}"'] for each in SEVERITIES] == [0.0] * 5


def test_the_time_of_the_last_run_and_of_the_last_that_saw_everything() -> None:
    whole, partly = prometheus(sample.clean_run()), prometheus(sample.run())
    names = {"auditor_last_run_timestamp_seconds", "auditor_last_complete_run_timestamp_seconds"}
    assert names <= {name for name, _ in whole}
    assert {name for name, _ in partly} & names == {"auditor_last_run_timestamp_seconds"}


def test_each_name_is_described_once_and_before_its_samples() -> None:
    seen: list[str] = []
    for line in told("prometheus", sample.run()).splitlines():
        name = line.split()[2] if line.startswith("# ") else line.partition("{")[0]
        if not seen or seen[-1] != name:
            seen.append(name)
    assert len(set(seen)) == len(seen)


@pytest.mark.parametrize(
    ("accounts", "expected"),
    [
        (["1", "2"], "1+2"),
        ([], "code"),
        (['a"} 1\nauditor_complete{x="', "b\\"], 'a\\"} 1\\\\nauditor_complete{x=\\"+b\\\\'),
    ],
)
def test_accounts_are_one_label_that_ends_nothing(accounts: list[str], expected: str) -> None:
    found = prometheus(changed(scan={"accounts": accounts, "source": "code"}))
    assert {labels for name, labels in found if name == "auditor_complete"} == {f'account="{expected}"'}
