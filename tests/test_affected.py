"""`make check` runs what a change touches: by imports, the nearest first, and not what it does not touch."""

from tools.affected import affected, imports

ARROWS = {
    "auditor/a.py": set(),
    "auditor/b.py": {"auditor/a.py"},
    "auditor/c.py": set(),
    "tests/x/test_a.py": {"auditor/a.py"},
    "tests/x/test_b.py": {"auditor/b.py"},
    "tests/y/test_c.py": {"auditor/c.py"},
    "tests/z/conftest.py": {"auditor/c.py"},
    "tests/z/test_z.py": set(),
    "tests/fuzz/test_all.py": {"auditor/b.py"},
    "tests/test_rule_examples.py": set(),
}


def test_what_imports_a_change_is_run_the_nearest_first():
    assert affected(["auditor/a.py"], ARROWS) == ["tests/x/test_a.py", "tests/x/test_b.py"]


def test_a_slow_file_is_run_where_it_stands_next_to_the_change():
    assert affected(["auditor/b.py"], ARROWS) == ["tests/fuzz/test_all.py", "tests/x/test_b.py"]


def test_a_conftest_hands_on_what_it_imports():
    assert affected(["auditor/c.py"], ARROWS) == ["tests/y/test_c.py", "tests/z/test_z.py"]


def test_what_is_no_module_touches_the_tests_of_its_folder():
    assert affected(["tests/x/golden/one/live.json"], ARROWS) == ["tests/x/test_a.py", "tests/x/test_b.py"]
    assert affected(["rules/storage/mine.yaml"], ARROWS) == ["tests/test_rule_examples.py"]
    assert affected(["README.md"], ARROWS) == []


def test_there_are_never_more_than_fit_into_a_minute():
    assert affected(["auditor/a.py"], ARROWS, most=1) == ["tests/x/test_a.py"]


def test_a_type_is_imported_by_its_own_test():
    arrows = imports()
    assert "auditor/checks/operators.py" in arrows["auditor/checks/match.py"]
    assert "tests/checks/test_match.py" in affected(["auditor/checks/operators.py"], arrows)
