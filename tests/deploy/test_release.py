"""A release: what the workflow does is what is there, and a version that is released has its section."""

import re
import subprocess
import zipfile

import pytest
import yaml

from auditor import __version__
from tests.deploy.templates import text
from tests.test_structure import ROOT

FLOW = yaml.safe_load(text(".github/workflows/release.yml"))
(JOB,) = FLOW["jobs"].values()
SCRIPTS = {step["name"]: step["run"] for step in JOB["steps"] if "run" in step}


def test_what_others_made_is_pinned():
    assert all(re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}", step["uses"]) for step in JOB["steps"] if "uses" in step)


def test_only_this_job_may_write_and_a_person_is_asked():
    assert FLOW["permissions"] == {"contents": "read"}
    assert JOB["environment"] == "release"


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_step_is_a_script_without_texts_of_the_runner(name):
    assert "${{" not in SCRIPTS[name]
    subprocess.run(["bash", "-n", "-c", SCRIPTS[name]], check=True)


@pytest.fixture
def checkout(tmp_path):
    """A checkout with its environment, in which `build` can run."""
    subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "-C", str(ROOT), "checkout-index", "-a", f"--prefix={tmp_path}/"],
        check=True,
    )
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    return tmp_path


def build(folder, tag):
    return subprocess.run(
        ["bash", "-c", SCRIPTS["Build"]], cwd=folder, env={"PATH": "/usr/bin:/bin", "GITHUB_REF_NAME": tag},
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip


@pytest.mark.process
@pytest.mark.skipif(not (ROOT / ".venv/bin/python").exists(), reason="the environment of `make install` is not there")
def test_a_tag_builds_what_it_names(checkout):
    log = checkout / "CHANGELOG.md"
    assert build(checkout, "v9.9.9").returncode == 1
    refused = build(checkout, f"v{__version__}")
    assert (refused.returncode, refused.stderr.strip()) == (1, f"CHANGELOG.md has no section {__version__}")
    log.write_text(
        log.read_text().replace("## Unreleased", f"## {__version__} - 2026-12-01", 1) + "\n## 0.0.1\n\nforgotten\n"
    )
    done = build(checkout, f"v{__version__}")
    assert done.returncode == 0, done
    notes = (checkout / "notes.md").read_text()
    assert notes.startswith(f"## {__version__}")
    assert "forgotten" not in notes
    assert len((checkout / "SHA256SUMS").read_text().splitlines()) == 2
    (wheel,) = (checkout / "dist").glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {"auditor/data/deploy/nightly/night.sh", "auditor/data/rules/README.md"} <= set(names)
    assert not [each for each in names if each.startswith("tests/")]


def test_the_change_log_begins_with_what_is_not_released_or_this_version():
    first = re.search(r"^## (.+)$", text("CHANGELOG.md"), re.MULTILINE)[1]
    assert first == "Unreleased" or first.startswith(__version__)
