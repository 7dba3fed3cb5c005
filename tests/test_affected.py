"""`make check` runs what a change touches: by imports, the nearest first, and not what it does not touch."""

from functools import cache

import pytest

from tools.affected import COSTS, LOADED, MOST, ROOT, WALKED, affected, cost, imports

ARROWS = {
    "auditor/a.py": set(),
    "auditor/b.py": {"auditor/a.py"},
    "auditor/c.py": set(),
    "tests/x/test_a.py": {"auditor/a.py"},
    "tests/x/test_b.py": {"auditor/b.py"},
    "tests/y/test_c.py": {"auditor/c.py"},
    "tests/z/conftest.py": {"auditor/c.py"},
    "tests/z/test_z.py": set(),
    "tests/test_denials.py": {"auditor/b.py"},
    "tests/test_rule_examples.py": set(),
}


@cache
def drawn():
    return imports()


def test_what_imports_a_change_is_run_the_nearest_first():
    assert affected(["auditor/a.py"], ARROWS) == ["tests/x/test_a.py", "tests/x/test_b.py"]


def test_a_slow_file_is_run_where_it_stands_next_to_the_change():
    long, quick = "tests/test_denials.py", "tests/x/test_b.py"
    assert affected(["auditor/b.py"], ARROWS, most=2 * cost(long)) == [long, quick]
    assert affected(["auditor/a.py"], ARROWS, most=2 * cost(long)) == ["tests/x/test_a.py", quick]
    assert affected(["auditor/b.py"], ARROWS, most=cost(long) + 1) == [quick]


def test_a_conftest_hands_on_what_it_imports():
    assert affected(["auditor/c.py"], ARROWS) == ["tests/y/test_c.py", "tests/z/test_z.py"]


def test_what_is_no_module_touches_the_tests_of_its_folder():
    assert affected(["tests/x/golden/one/live.json"], ARROWS) == ["tests/x/test_a.py", "tests/x/test_b.py"]
    assert affected(["rules/storage/mine.yaml"], ARROWS) == ["tests/test_rule_examples.py"]
    assert affected(["README.md"], ARROWS) == []


def test_there_are_never_more_than_fit_into_a_minute():
    assert affected(["auditor/a.py"], ARROWS, most=cost("tests/x/test_a.py")) == ["tests/x/test_a.py"]
    every = drawn()
    for path in ("auditor/model/seen.py", "auditor/graph/build.py", "auditor/sources/terraform/words.py"):
        chosen = affected([path], every)
        assert len(chosen) > 10
        assert sum(map(cost, chosen)) <= MOST


def test_a_type_is_imported_by_its_own_test():
    arrows = drawn()
    assert "auditor/checks/operators.py" in arrows["auditor/checks/match.py"]
    assert "tests/checks/test_match.py" in affected(["auditor/checks/operators.py"], arrows)


def test_what_is_loaded_by_its_name_or_started_as_a_program_is_followed():
    arrows = drawn()
    for path, test in {
        "auditor/cli/check.py": "tests/cli/test_agreed.py",
        "auditor/gate.py": "tests/gate/test_change.py",
        "auditor/report/sarif.py": "tests/gate/test_sarif.py",
        "auditor/report/junit.py": "tests/report/test_formats.py",
        "auditor/sandbox/corrections/rds.py": "tests/sandbox/test_corrections_data.py",
        "auditor/sandbox/child.py": "tests/sandbox/test_life.py",
    }.items():
        assert test in affected([path], arrows, most=float("inf"), long=float("inf")), path
    assert all((ROOT / each).is_dir() for each in LOADED)


def test_what_takes_long_is_there():
    assert [each for each in COSTS if not (ROOT / each).exists()] == []


@pytest.mark.parametrize("top", sorted(WALKED))
def test_what_is_no_module_touches_tests_that_are_there(top):
    """A template of a report once touched none."""
    changed = next(each for each in (ROOT / top).rglob("*") if each.is_file() and "__pycache__" not in each.parts)
    found = affected([str(changed.relative_to(ROOT))], imports())
    assert {*WALKED[top]} & {*found}
    assert all((ROOT / each).is_file() for each in WALKED[top])
