"""An underscore means: of this package. What another package needs has a public name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted((ROOT / "auditor").rglob("*.py"))


def package(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).parent.parts)


def foreign(source: str, at_home: str) -> Iterator[str]:
    """Private modules and names of our own that stand in another package than `at_home`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{each.name}" for each in node.names]
        elif isinstance(node, ast.Import):
            names = [each.name for each in node.names]
        else:
            continue
        for name in names:
            steps = name.split(".")
            private = [place for place, step in enumerate(steps) if step.startswith("_") and not step.startswith("__")]
            if steps[0] == "auditor" and private and ".".join(steps[: private[0]]) != at_home:
                yield name


def test_nothing_imports_a_private_name_of_another_package() -> None:
    faults = {
        str(path.relative_to(ROOT)): names
        for path in FILES
        if (names := list(foreign(path.read_text(encoding="utf-8"), package(path))))
    }
    assert not faults


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from auditor.resources._shapes import host", ["auditor.resources._shapes.host"]),
        ("from auditor.resources.ec2 import _rules", ["auditor.resources.ec2._rules"]),
        ("import auditor.resources.ec2._rules", ["auditor.resources.ec2._rules"]),
        ("from auditor.resources.s3._live import block", []),
        ("from auditor.resources.s3 import _live", []),
        ("from auditor.resources.s3._live import _block", []),
        ("from auditor.resources.shapes import host", []),
        ("from moto.moto_api._internal import mock_random", []),
    ],
)
def test_the_contract_bites(source: str, found: list[str]) -> None:
    assert list(foreign(source, "auditor.resources.s3")) == found
