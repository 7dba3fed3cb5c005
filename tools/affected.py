"""`make check`: the tests that a change touches, by imports, in the order of how near they stand to it.

Changed is what git says against `main` (or the commit given), and what is not committed. A test file is touched when it
is changed, when it (or a conftest beside it) imports a changed module, however far away, or when it lies in the folder
of a changed file that is no module (a golden, an example). What is found by walking and never imported (types, rules,
baselines) touches the tests that go through all of it. The nearest come first, as many as fit into a minute on two
processors; what takes long (`COSTS`) only where it imports the change itself, and what is left out is said.
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
# Seconds of processor time. A change at the bottom of the house touches all, which is what `make test` is for.
MOST = 100.0
USUAL = 2.0  # what a file takes that is not named below, the start of its processes included
LONG = 10.0  # what takes longer is run where it stands next to the change, and leaves half of the time to others
# Files that start accounts, browsers or whole programs, and those that try every place of many documents.
COSTS = {
    "tests/test_accounts.py": 150,
    "tests/code/test_cuggu_applied.py": 45,
    "tests/test_denials.py": 90,
    "tests/remedy/test_end_to_end.py": 40,
    "tests/gate/test_pingvas.py": 28,
    "tests/gate/test_hostile.py": 28,
    "tests/gate/test_three_way.py": 24,
    "tests/cli/test_commands.py": 35,
    "tests/cli/test_several_accounts.py": 35,
    "tests/resources/test_plans_are_real.py": 30,
    "tests/remedy/test_setters_live.py": 40,
    "tests/report/test_browser.py": 28,
    "tests/checks/test_unknown_documents.py": 26,
    "tests/sources/terraform/test_missing.py": 3,
    "tests/resources/test_three_ways.py": 19,
    "tests/sources/terraform/test_cuggu.py": 17,
    "tests/binding/": 8,
    "tests/aws/test_answers.py": 20,
    "tests/remedy/test_crash.py": 13,
    "tests/sandbox/test_life.py": 12,
    "tests/code/": 11,
    "tests/checks/test_odd_shapes.py": 9,
    "tests/cli/test_costs.py": 12,
    "tests/cli/test_doubt.py": 12,
    "tests/cli/test_mending.py": 12,
    "tests/graph/access/test_unread.py": 12,
    "tests/graph/test_ways.py": 9,
    "tests/gate/": 5,
}
# Packages that import what lies in them by its name, when it is asked for.
LOADED = ("auditor/cli", "auditor/report", "auditor/sandbox/corrections", "auditor/checks/predicates")
# What is found by walking -> the tests that walk.
WALKED = {
    "auditor/resources/": ("tests/test_contracts.py", "tests/resources/test_three_ways.py", "tests/test_new_rule.py"),
    "auditor/checks/predicates/": ("tests/checks/test_schemas.py", "tests/test_rule_examples.py"),
    "rules/": ("tests/rules/test_forms.py", "tests/test_rule_examples.py", "tests/checks/test_schemas.py"),
    "baselines/": ("tests/test_baselines.py", "tests/checks/test_schemas.py"),
    "reports/": ("tests/report/test_html.py", "tests/report/test_page.py", "tests/report/test_style.py"),
    "deploy/": ("tests/gate/test_ready.py",),
    "schemas/": ("tests/checks/test_schemas.py",),
    "docs/": ("tests/checks/test_schemas.py", "tests/test_writing_a_baseline.py"),
}


def main(base: str) -> int:
    paths, arrows = changed(base), imports()
    chosen, every = affected(paths, arrows), affected(paths, arrows, most=float("inf"), long=float("inf"))
    if not every:
        sys.stderr.write("no test is touched by what changed\n")
        return 0
    left = len(every) - len(chosen)
    sys.stderr.write(f"{len(chosen)} test files: {' '.join(chosen[:8])}{' ...' if len(chosen) > 8 else ''}\n")
    sys.stderr.write(f"{left} more that stand further away or take long: make test\n" if left else "")
    if not chosen:
        return 0
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
    for folder in LOADED:
        out[f"{folder}/__init__.py"] |= {file for file in out if str(Path(file).parent) == folder}
    return out


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _names(node: ast.AST) -> Iterable[str]:
    if isinstance(node, ast.Import):
        return [each.name for each in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [node.module, *(f"{node.module}.{each.name}" for each in node.names)]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):  # started as a program, or changed by a test
        return [node.value, node.value.rpartition(".")[0]]
    return []


def affected(paths: Iterable[str], arrows: Mapping[str, set[str]], most: float = MOST, long: float = LONG) -> list[str]:
    """The test files that a change touches, the nearest first: as many as take `most` seconds together."""
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
    out: list[str] = []
    taken = {True: 0.0, False: 0.0}
    for file in sorted((each for each in near if Path(each).name.startswith("test_")), key=lambda at: (near[at], at)):
        seconds = cost(file)
        slow = seconds > long
        fits = taken[True] + taken[False] + seconds <= most and not (slow and taken[True] + seconds > most / 2)
        if fits and (near[file] <= 1 or not slow):
            out.append(file)
            taken[slow] += seconds
    return out


def cost(file: str) -> float:
    """About how many seconds of processor time a test file takes."""
    return next((seconds for start, seconds in COSTS.items() if file.startswith(start)), USUAL)


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
