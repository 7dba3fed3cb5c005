"""Git gives the base without running anything of the repository, and nothing leads out of what it gave."""

import os

import pytest

from auditor.sources import base
from auditor.sources.base import NoBase
from tests.gate.conftest import CLOSED, OPENED


def test_nothing_of_the_repository_is_run(repo, tmp_path):
    marker = tmp_path / "ran"
    script = repo.write("evil.sh", f"#!/bin/sh\ntouch {marker}\ncat\n")
    script.chmod(0o755)
    repo.write("web.yaml", CLOSED)
    repo.write(".gitattributes", "* filter=evil diff=evil\n*.yaml export-ignore\n")
    repo.branch()
    for name in ("post-checkout", "post-index-change", "reference-transaction", "pre-auto-gc"):
        hook = repo.path / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(script.read_text())
        hook.chmod(0o755)
    for name in ("filter.evil.smudge", "filter.evil.process", "diff.evil.textconv", "diff.evil.command", "core.fsmonitor",
                 "diff.external", "core.pager", "core.sshCommand"):  # fmt: skip
        repo.git("config", name, str(script))
    repo.git("config", "filter.evil.required", "true")
    marker.unlink(missing_ok=True)
    with base.opened(repo.path, "main") as found:
        assert (found.path / "web.yaml").read_text() == CLOSED
    with base.opened(repo.path / "web.yaml", "main") as found:
        assert found.path.name == "web.yaml"
    assert not marker.exists()


def test_links_that_lead_out_are_not_made(repo, tmp_path):
    (tmp_path / "secret").write_text("secret")
    links = {
        "absolute": str(tmp_path / "secret"), "up": "../secret", "deep/up": "../../secret", "circle": "circle",
        "fine": "real/web.yaml", "step": "real", "real/around": "../step/../real/web.yaml",
    }  # fmt: skip
    repo.write("real/deep/web.yaml", CLOSED)
    repo.write("real/web.yaml", CLOSED)
    for name, goal in links.items():
        (repo.path / name).parent.mkdir(exist_ok=True)
        (repo.path / name).symlink_to(goal)
    # By itself each of these stays inside; together they climb.
    (repo.path / "a").mkdir()
    (repo.path / "a" / "far").symlink_to("../real")
    (repo.path / "a" / "climb").symlink_to("far/../../secret")
    repo.branch()
    with base.opened(repo.path, "main") as found:
        top = found.root
        for folder, folders, files in os.walk(top):
            for name in (*folders, *files):
                assert (top / folder / name).resolve().is_relative_to(top), name
        assert (top / "fine").read_text() == CLOSED
        assert not (top / "absolute").is_symlink()
        assert not (top / "a" / "climb").is_symlink()
    assert not top.exists()


def test_the_merge_base_and_not_the_tip(repo):
    repo.write("web.yaml", CLOSED)
    repo.branch()
    repo.git("checkout", "-q", "main")
    repo.write("web.yaml", OPENED)
    repo.commit("later on main")
    repo.git("checkout", "-q", "change")
    with base.opened(repo.path, "main") as found:
        assert (found.path / "web.yaml").read_text() == CLOSED


def test_a_ref_that_is_a_path_too_is_refused(repo, monkeypatch):
    repo.write("main/web.yaml", CLOSED)
    repo.branch()
    monkeypatch.chdir(repo.path)
    with pytest.raises(NoBase, match="both a git ref and a path"), base.opened(repo.path, "main"):
        pass
    with base.opened(repo.path, "./main") as found:
        assert found.commit == ""
    with base.opened(repo.path, "refs/heads/main") as found:
        assert found.commit


def test_a_tree_beyond_the_bounds_is_refused(repo, monkeypatch):
    repo.write("web.yaml", CLOSED)
    repo.write("other.yaml", CLOSED)
    repo.branch()
    monkeypatch.setattr(base, "MOST_FILES", 1)
    with pytest.raises(NoBase, match="too large"), base.opened(repo.path, "main"):
        pass


def test_odd_names_are_taken_as_they_are(repo):
    repo.write("new\nline/ünï.yaml", CLOSED)
    repo.write("-rf.yaml", CLOSED)
    repo.branch()
    with base.opened(repo.path, "main") as found:
        assert (found.path / "new\nline" / "ünï.yaml").exists()
        assert (found.path / "-rf.yaml").exists()


def test_the_environment_does_not_point_git_elsewhere(repo, tmp_path, monkeypatch):
    repo.write("web.yaml", CLOSED)
    repo.branch()
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    monkeypatch.setenv("GIT_WORK_TREE", "/")
    assert base.top(repo.path) == repo.path.resolve()
    with base.opened(repo.path, "main") as found:
        assert (found.path / "web.yaml").exists()
