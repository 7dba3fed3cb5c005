"""`make check`: the tests that a change touches, by imports, in the order of how near they stand to it.

Changed is what git says against `main` (or the commit given), and what is not committed. A test file is touched when it
is changed, when it (or a conftest beside it) imports a changed module, however far away, or when it lies in the folder
of a changed file that is no module (a golden, an example). What is found by walking and never imported (types, rules,
baselines) touches the tests that go through all of it. The nearest come first, and files that take long (`SLOW`) only
where they import the change themselves.
"""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MOST = 40  # files; a change at the bottom of the house touches nearly all, and `make test` is there for that
# Files that start accounts, browsers or whole programs for most of a minute.
SLOW = (
    "tests/code/test_cuggu_applied.py",
    "tests/test_denials.py",
    "tests/remedy/test_setters_live.py",
    "tests/remedy/test_end_to_end.py",
    "tests/fuzz/",
    "tests/report/test_browser",
)
# What is found by walking -> the tests that walk.
WALKED = {
    "auditor/resources/": ("tests/test_contracts.py", "tests/resources/test_three_ways.py", "tests/test_new_rule.py"),
    "auditor/checks/predicates/": ("tests/checks/test_schemas.py", "tests/test_rule_examples.py"),
    "rules/": ("tests/rules/test_forms.py", "tests/test_rule_examples.py", "tests/checks/test_schemas.py"),
    "baselines/": ("tests/test_baselines.py", "tests/checks/test_schemas.py"),
    "schemas/": ("tests/checks/test_schemas.py",),
    "docs/": ("tests/checks/test_schemas.py", "tests/test_writing_a_baseline.py"),
}


def main(base: str) -> int:
    chosen = affected(changed(base), imports())
    if not chosen:
        sys.stderr.write("no test is touched by what changed\n")
        return 0
    sys.stderr.write(f"{len(chosen)} test files: {' '.join(chosen[:8])}{' ...' if len(chosen) > 8 else ''}\n")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-n", "auto", "--dist", "worksteal", *chosen], cwd=ROOT
    ).returncode


def changed(base: str) -> list[str]:
    """The paths that differ from where this branch left `base`, with what is not committed and not known to git."""

    def git(*words: str) -> list[str]:
        done = subprocess.run([shutil.which("git") or "git", *words], cwd=ROOT, capture_output=True, text=True)
        return done.stdout.split("\n") if done.returncode == 0 else []

    start = next(iter(git("merge-base", base, "HEAD")), "") or "HEAD"
    found = [*git("diff", "--name-only", start), *git("ls-files", "--others", "--exclude-standard")]
    return sorted({each for each in found if each})


def imports() -> dict[str, set[str]]:
    """file -> the files of this project that it imports, also inside of functions."""
    files = [path for folder in ("auditor", "tools", "tests") for path in (ROOT / folder).rglob("*.py")]
    named = {_module(path): str(path.relative_to(ROOT)) for path in files}
    out: dict[str, set[str]] = {}
    for path in files:
        here = out.setdefault(str(path.relative_to(ROOT)), set())
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            here |= {named[name] for name in _names(node) if name in named}
    return out


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _names(node: ast.AST) -> Iterable[str]:
    if isinstance(node, ast.Import):
        return [each.name for each in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [node.module, *(f"{node.module}.{each.name}" for each in node.names)]
    return []


def affected(paths: Iterable[str], arrows: Mapping[str, set[str]], most: int = MOST) -> list[str]:
    """The test files that a change touches, the nearest first."""
    back: dict[str, set[str]] = {}
    for file, used in arrows.items():
        for each in used:
            back.setdefault(each, set()).add(file)
    near: dict[str, int] = {}
    todo = deque((each, 0) for path in paths for each in _starts(path, arrows))
    while todo:
        file, steps = todo.popleft()
        if file not in near:
            near[file] = steps
            todo += ((each, steps + 1) for each in sorted([*back.get(file, ()), *_beside(file, arrows)]))
    tests = [file for file in near if Path(file).name.startswith("test_")]
    quick = [file for file in tests if near[file] <= 1 or not file.startswith(SLOW)]
    return sorted(quick, key=lambda file: (near[file], file))[:most]


def _starts(path: str, arrows: Mapping[str, set[str]]) -> list[str]:
    """What a changed path is, or stands for."""
    walked = [each for top, tests in WALKED.items() if path.startswith(top) for each in tests if each in arrows]
    if path in arrows or walked:
        return [*([path] if path in arrows else []), *walked]
    folder = Path(path)
    while folder != folder.parent:
        folder = folder.parent
        found = [each for each in arrows if Path(each).parent == folder and Path(each).name.startswith("test_")]
        if found and str(folder) != "tests":
            return found
    return []


def _beside(file: str, arrows: Mapping[str, set[str]]) -> list[str]:
    """The tests that share a conftest."""
    if Path(file).name != "conftest.py":
        return []
    return [
        each for each in arrows if Path(each).is_relative_to(Path(file).parent) and Path(each).name.startswith("test_")
    ]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1] if len(sys.argv) > 1 else "main"))
