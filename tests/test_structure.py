"""How the code is built: no circle of imports, no file or function that nobody can overlook.

import-linter holds the order of the layers; what it does not see is held here, from the syntax trees.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]


def modules(folder: str = "auditor") -> dict[str, Path]:
    """The modules below a folder by their dotted names."""
    found = {}
    for path in sorted((ROOT / folder).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@functools.cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imported(code: ast.AST, known: Mapping[str, object]) -> Iterator[str]:
    """What some code imports of the known modules, inside of functions and for types only too."""
    for node in ast.walk(code):
        if isinstance(node, ast.Import):
            names = [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = [f"{node.module}.{each.name}" for each in node.names]
            names = [each if each in known else node.module for each in inner]
        else:
            continue
        yield from (each for each in names if each in known)


def circle(arrows: Mapping[str, set[str]]) -> list[str]:
    """Some circle among modules that import each other, first and last the same; empty where there is none."""
    done: set[str] = set()
    for start in sorted(arrows):
        trail, rest = [start], [iter(sorted(arrows[start]))]
        while trail:
            after = next((each for each in rest[-1] if each not in done), None)
            if after is None:
                done.add(trail.pop())
                rest.pop()
            elif after in trail:
                return [*trail[trail.index(after) :], after]
            else:
                trail.append(after)
                rest.append(iter(sorted(arrows[after])))
    return []


def test_no_modules_import_each_other_in_a_circle():
    known = modules()
    arrows = {name: set(imported(tree(path), known)) - {name} for name, path in known.items()}
    assert len(arrows) > 300
    found = circle(arrows)
    assert not found, "a circle of imports: " + " -> ".join(found)


def test_a_circle_is_found_wherever_the_import_stands():
    known = dict.fromkeys(("p", "p.a", "p.b", "p.c"))
    code = {
        "p.a": "def work():\n    from p import b",
        "p.b": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from p.c import thing",
        "p.c": "import p.a",
        "p": "",
    }
    arrows = {name: set(imported(ast.parse(text), known)) - {name} for name, text in code.items()}
    assert circle(arrows) == ["p.a", "p.b", "p.c", "p.a"]
    assert not circle({**arrows, "p.c": set()})


MOST_LINES = 300
LONGEST_FUNCTION = 60


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """The functions of a file, with the number of lines of each, its decorators not counted."""
    for node in ast.walk(tree(path)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", (node.end_lineno or 0) - node.lineno + 1


def test_no_file_is_longer_than_one_can_keep_in_mind():
    long = [f"{path.relative_to(ROOT)}: {lines(path)} lines" for path in _code() if lines(path) > MOST_LINES]
    assert not long, f"more than {MOST_LINES} lines: " + "; ".join(long)


def test_no_function_is_longer_than_a_page():
    long = [f"{name}: {size} lines" for path in _code() for name, size in functions(path) if size > LONGEST_FUNCTION]
    assert not long, f"more than {LONGEST_FUNCTION} lines: " + "; ".join(long)


def _code() -> list[Path]:
    return [path for folder in ("auditor", "tools") for path in modules(folder).values()]


CLOCKS = {
    f"{name}{unit}"
    for name in ("time", "monotonic", "perf_counter", "process_time", "thread_time")
    for unit in ("", "_ns")
}


def clocks(code: ast.AST) -> Iterator[int]:
    """The lines at which a clock is read to measure with, or a time of day is compared."""
    for node in ast.walk(code):
        if isinstance(node, ast.Import) and any(each.name == "timeit" for each in node.names):
            yield node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module in ("time", "timeit"):
            yield from (node.lineno for each in node.names if node.module == "timeit" or each.name in CLOCKS)
        elif isinstance(node, ast.Attribute) and node.attr in CLOCKS:
            yield from [node.lineno] if isinstance(node.value, ast.Name) and node.value.id == "time" else []
        elif isinstance(node, ast.Compare):
            read = (
                each.func.attr
                for each in ast.walk(node)
                if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute)
            )
            yield from [node.lineno] if {"now", "utcnow", "today"} & set(read) else []


def test_no_test_measures_time():
    """A busy machine makes such a test fail, and a quick one hides what it looks for; see tests/work.py."""
    found = [f"{path.relative_to(ROOT)}:{line}" for path in modules("tests").values() for line in clocks(tree(path))]
    assert not found, "count steps, calls or sizes, or use a watchdog (tests/work.py): " + ", ".join(found)


def test_a_clock_is_found_however_it_is_read():
    for text in (
        "import time\nassert time.monotonic() - began < 5",
        "from time import perf_counter",
        "import timeit",
        "import datetime as dt\nassert dt.datetime.now(dt.UTC) - began < limit",
    ):
        assert list(clocks(ast.parse(text))), text
    assert not list(clocks(ast.parse("import time\ntime.sleep(1)\nfound = resource.time")))


def unused(files: Mapping[str, ast.Module], users: Mapping[str, ast.Module], texts: str) -> Iterator[str]:
    """The public functions and classes of some modules that no user imports, names or reaches as an attribute.

    What a decorator takes has its user there; importing a name into a package's face is no use of it.
    """
    imports, names, attributes = set(), set(), set()
    for name, code in users.items():
        for node in ast.walk(code):
            if isinstance(node, ast.ImportFrom) and node.module:
                face = any(node.module.startswith(f"{name}.") for _ in node.names)
                imports |= {(node.module, each.name) for each in node.names if not face}
            elif isinstance(node, ast.Name):
                names.add((name, node.id))
            elif isinstance(node, ast.Attribute):
                attributes.add(node.attr)
    imported_names = {each for _, each in imports}
    for name, code in files.items():
        for node in code.body:
            if (
                not isinstance(node, (ast.FunctionDef, ast.ClassDef))
                or node.name.startswith("_")
                or node.decorator_list
            ):
                continue
            if node.name in attributes | imported_names or (name, node.name) in names:
                continue
            if any(each == node.name for _, each in names) or f":{node.name}" in texts:
                continue
            yield f"{name}.{node.name}"


def test_nothing_is_there_for_tests_alone():
    every = {name: tree(path) for name, path in modules().items()}
    files = {name: code for name, code in every.items() if name != "auditor.api"}  # for notebooks
    users = every | {name: tree(path) for name, path in modules("tools").items()}
    texts = "".join(path.read_text(encoding="utf-8") for path in modules().values())
    found = set(unused(files, users, texts))
    assert not found, "only tests use " + ", ".join(sorted(found))


def test_a_function_without_a_user_is_found():
    files = {"p": ast.parse("from p.a import lost, kept"), "p.a": ast.parse("def lost(): ...\ndef kept(): ...")}
    users = {**files, "q": ast.parse("from p import kept")}
    assert list(unused(files, users, "")) == ["p.a.lost"]
