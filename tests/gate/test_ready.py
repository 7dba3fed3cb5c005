"""What a team takes as it is: the action, the job, the hook. Their forms keep to what is published, and their steps run."""

from __future__ import annotations

import http.server
import json
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import yaml

from tests.gate.conftest import TF_CLOSED, TF_OPENED
from tests.test_structure import ROOT

SHA = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")


def load(name):
    return yaml.safe_load((ROOT / name).read_text())


ACTION, WORKFLOW = load("action.yml"), load("deploy/ci/github.yml")
STEPS = ACTION["runs"]["steps"]

# https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax
OF_ACTION = {
    "it has a name, a description and runs": {"name", "description", "runs"} <= set(ACTION),
    "no other members": set(ACTION) <= {"name", "author", "description", "branding", "inputs", "outputs", "runs"},
    "it is composite": ACTION["runs"]["using"] == "composite",
    "inputs are described": all(each["description"] for each in ACTION["inputs"].values()),
    "inputs have no other members": all(
        set(each) <= {"description", "required", "default", "deprecationMessage"} for each in ACTION["inputs"].values()
    ),
    "defaults are texts": all(isinstance(each["default"], str) for each in ACTION["inputs"].values()),
    "outputs have a value": all(set(each) == {"description", "value"} for each in ACTION["outputs"].values()),
    "a step that runs has a shell": all("shell" in each for each in STEPS if "run" in each),
    "steps run or use": all(("run" in each) != ("uses" in each) for each in STEPS),
    "nothing is put into a script by the runner": not any("${{" in each.get("run", "") for each in STEPS),
    "no secrets, which composite actions do not have": "secrets." not in json.dumps(ACTION),
    "what others made is pinned": all(SHA.fullmatch(each["uses"]) for each in STEPS if "uses" in each),
    "the icon and the colour exist": ACTION["branding"] == {"icon": "shield", "color": "blue"},
}
PERMISSIONS = {"contents", "pull-requests", "security-events", "id-token", "actions", "checks", "issues", "statuses"}
JOBS = WORKFLOW["jobs"].values()
OF_WORKFLOW = {
    "it starts at pull requests": WORKFLOW.get("on", WORKFLOW.get(True)) == "pull_request",
    "permissions are known": set(WORKFLOW["permissions"]) <= PERMISSIONS,
    "levels are known": set(WORKFLOW["permissions"].values()) <= {"read", "write", "none"},
    "jobs have a runner": all(each["runs-on"] for each in JOBS),
    "actions are pinned or local": all(
        step["uses"].startswith("./") or SHA.fullmatch(step["uses"])
        for each in JOBS
        for step in each["steps"]
        if "uses" in step
    ),
    "the history is whole": next(iter(JOBS))["steps"][0]["with"]["fetch-depth"] == 0,
    "it hands over inputs that exist": set(next(iter(JOBS))["steps"][-1]["with"]) <= set(ACTION["inputs"]),
}
JOB = load("deploy/ci/gitlab.yml")["auditor-gate"]
# https://docs.gitlab.com/ci/yaml/
OF_GITLAB = {
    "keywords are known": set(JOB)
    <= {"image", "stage", "rules", "variables", "before_script", "script", "artifacts", "needs", "tags"},
    "reports are known": set(JOB["artifacts"]["reports"]) <= {"codequality", "junit", "sast", "dotenv", "metrics"},
    "variables are texts": all(isinstance(each, str) for each in JOB["variables"].values()),
    "scripts are texts": all(isinstance(each, str) for each in [*JOB["script"], *JOB["before_script"]]),
    "artifacts are kept when it fails": JOB["artifacts"]["when"] == "always",
    "the history is whole": JOB["variables"]["GIT_DEPTH"] == "0",
}
(HOOK,) = load(".pre-commit-hooks.yaml")
# https://pre-commit.com/#new-hooks
OF_HOOK = {
    "what is needed is there": {"id", "name", "entry", "language"} <= set(HOOK),
    "members are known": set(HOOK) <= {
        "id", "name", "entry", "language", "files", "exclude", "types", "types_or", "exclude_types", "always_run",
        "fail_fast", "verbose", "pass_filenames", "require_serial", "description", "language_version",
        "minimum_pre_commit_version", "args", "stages",
    },
    "the language is known": HOOK["language"] == "python",
    "files is a pattern": bool(re.compile(HOOK["files"]).search("infra/main.tf")) and not re.search(HOOK["files"], "a.md"),
    "the sample names it": load("deploy/ci/pre-commit.yaml")["repos"][0]["hooks"][0]["id"] == HOOK["id"],
}  # fmt: skip


@pytest.mark.parametrize("name", ["OF_ACTION", "OF_WORKFLOW", "OF_GITLAB", "OF_HOOK"])
def test_forms_keep_to_what_is_published(name):
    assert not [said for said, holds in globals()[name].items() if not holds]


# ---- the steps, run

FAKE = """\
#!/usr/bin/env bash
printf '%s\\n' "$@" "--" >>"$FAKE_LOG"
for each in "$@"; do case $each in *=*) mkdir -p "$(dirname "${each#*=}")"; echo "{}" >"${each#*=}";; esac; done
[ "$1" = gate ] && exit "${FAKE_CODE:-0}"
exit "${FAKE_COMMENT:-0}"
"""
GH = '#!/usr/bin/env bash\nprintf "gh %s\\n" "$*" >>"$FAKE_LOG"\nexit "${FAKE_GH:-0}"\n'


@pytest.fixture
def shell(repo, tmp_path):
    """`shell(SCRIPT, NAME=value)` in a repository with a branch, with an auditor that only writes down what it is asked."""
    repo.write("main.tf", TF_CLOSED)
    repo.branch()
    repo.write("main.tf", TF_OPENED)
    repo.commit()
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, text in (("auditor", FAKE), ("gh", GH)):
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    log = tmp_path / "log"

    def run(script, cwd=None, **environ):
        log.write_text("")
        known = {name: os.environ[name] for name in ("HOME", "LANG") if name in os.environ}
        path = f"{programs}:{os.environ['PATH']}"
        done = subprocess.run(["bash", "-c", script], cwd=cwd or repo.path, env={**known, "PATH": path, "FAKE_LOG": str(log), **environ},
                              capture_output=True, text=True)  # fmt: skip
        return done, log.read_text()

    return run


GATE = f"bash {ROOT / 'deploy/ci/gate.sh'}"
ON_GITHUB = {"GITHUB_ACTIONS": "true", "GITHUB_TOKEN": "t", "GITHUB_REPOSITORY": "o/r", "GITHUB_SHA": "a" * 40,
             "GITHUB_REF": "refs/pull/7/merge"}  # fmt: skip


@pytest.mark.parametrize("code", [0, 1, 2, 3, 70])
def test_it_ends_as_the_gate_does_whatever_the_host_says(shell, code):
    done, log = shell(
        GATE, AUDITOR_BASE="main", FAKE_CODE=str(code), FAKE_COMMENT="2", FAKE_GH="1", AUDITOR_SARIF="true", **ON_GITHUB
    )
    assert done.returncode == code
    assert log.startswith("gate\n.\n--base\nmain\n")
    assert "--format\nannotations" in log
    assert "comment\ngithub\n" in log
    assert "security-events: write" in done.stderr


def test_arguments_are_words_and_no_code(shell, tmp_path):
    evil = "$(touch owned)\n--rule\na b; touch owned\n`touch owned`"
    done, log = shell(GATE, AUDITOR_PATH="in fra; touch owned", AUDITOR_ARGUMENTS=evil)
    assert done.returncode == 0
    assert "gate\nin fra; touch owned\n$(touch owned)\n--rule\na b; touch owned\n`touch owned`\n--format" in log
    assert not list(tmp_path.rglob("owned"))


def test_a_shallow_clone_is_told_its_cure(shell, repo, tmp_path):
    clone = tmp_path / "clone"
    subprocess.run(
        ["git", "clone", "-q", "--depth", "1", "--branch", "change", f"file://{repo.path}", clone],
        check=True,
        capture_output=True,
    )
    done, log = shell(GATE, cwd=clone, AUDITOR_BASE="main", **ON_GITHUB)
    assert (done.returncode, log) == (3, "")
    assert "shallow" in done.stderr
    assert "fetch-depth: 0" in done.stderr


def test_a_fork_without_a_token_is_told_its_cure(shell):
    done, log = shell(GATE, AUDITOR_BASE="main", AUDITOR_SARIF="true", **(ON_GITHUB | {"GITHUB_TOKEN": ""}))
    assert done.returncode == 0
    assert "gh api" not in log
    assert "fork" in done.stderr


def test_code_scanning_gets_what_the_gate_wrote(shell, tmp_path):
    done, log = shell(GATE, AUDITOR_BASE="main", AUDITOR_SARIF="true", AUDITOR_OUT=str(tmp_path / "out"), **ON_GITHUB)
    assert "gh api --method POST repos/o/r/code-scanning/sarifs" in log, done.stderr
    told = json.loads((tmp_path / "out" / "upload.json").read_text())
    assert (told["ref"], told["commit_sha"]) == ("refs/pull/7/merge", "a" * 40)


class Identity(http.server.BaseHTTPRequestHandler):
    """GitHub's answer to a job that asks who it is."""

    def do_GET(self):
        self.send_response(200 if self.headers["Authorization"] == "bearer asked" else 401)
        self.end_headers()
        self.wfile.write(json.dumps({"value": f"token of {self.path}"}).encode())

    def log_message(self, *words):
        pass


@pytest.mark.parametrize(("asked", "there"), [("asked", True), ("other", False), (None, False)])
def test_a_role_is_taken_with_the_identity_of_the_job(shell, tmp_path, asked, there):
    text = FAKE.replace(
        '[ "$1"', 'env >>"$FAKE_LOG"; cat "${AWS_WEB_IDENTITY_TOKEN_FILE:-/dev/null}" >>"$FAKE_LOG"\n[ "$1"'
    )
    (tmp_path / "bin" / "auditor").write_text(text)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Identity) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/id?a=b"
        environ = {"ACTIONS_ID_TOKEN_REQUEST_URL": url, "ACTIONS_ID_TOKEN_REQUEST_TOKEN": asked} if asked else {}
        done, log = shell(GATE, AUDITOR_ROLE="arn:aws:iam::1:role/r", AUDITOR_BASE="main", **environ, **ON_GITHUB)
        server.shutdown()
    assert done.returncode == 0
    assert ("--live\naccount\n" in log) is there
    assert ("AWS_ROLE_ARN=arn:aws:iam::1:role/r" in log) is there
    assert ("token of /id?a=b&audience=sts.amazonaws.com" in log) is there
    assert ("the account is not compared" in done.stderr) is not there
    named = [line.partition("=")[2] for line in log.splitlines() if line.startswith("AWS_WEB_IDENTITY_TOKEN_FILE=")]
    assert not any(Path(each).exists() for each in named)


def test_the_summary_holds_the_comment(shell, tmp_path):
    _, _ = shell(GATE, AUDITOR_BASE="main", GITHUB_STEP_SUMMARY=str(tmp_path / "summary"), **ON_GITHUB)
    assert (tmp_path / "summary").read_text()


def test_gitlab_runs_the_same(shell):
    done, log = shell(GATE, AUDITOR_BASE="main", GITLAB_CI="true")
    assert done.returncode == 0
    assert "--format\ntext" in log
    assert "comment\ngitlab\n" in log


def test_the_install_step_runs(shell, tmp_path):
    """With a pip that only writes down what it is asked: the commit of the action, and the versions that are pinned."""
    fake = tmp_path / "bin" / "python3"
    fake.write_text(
        '#!/usr/bin/env bash\nif [ "$2" = -m ] && [ "$3" = venv ]; then mkdir -p "$4/bin"; cp "$0" "$4/bin/python"; exit 0; fi\n'
        'printf "pip %s\\n" "$*" >>"$FAKE_LOG"\n'
    )
    fake.chmod(0o755)
    files = {name: str(tmp_path / name.lower()) for name in ("GITHUB_PATH", "GITHUB_OUTPUT")}
    done, log = shell(STEPS[0]["run"], RUNNER_TEMP=str(tmp_path / "temp dir"), GITHUB_ACTION_PATH=str(ROOT), **files)
    assert done.returncode == 0, done.stderr
    assert f"versions.txt {ROOT}" in log
    pinned = (tmp_path / "temp dir" / "auditor" / "versions.txt").read_text().splitlines()
    assert any(each.startswith("boto3==") for each in pinned)
    assert all(re.fullmatch(r"[\w.-]+==[^ ;\\]+", each) for each in pinned)


def test_python_imports_nothing_from_the_judged_tree():
    """`python -m`, `-c` and `-` look into the working folder first, and there a pull request has the word."""
    texts = [(ROOT / name).read_text() for name in ("action.yml", "deploy/ci/gate.sh", "deploy/ci/gitlab.yml")]
    started = [found[1] for text in texts for found in re.finditer(r'python3?"? (-\S*)', text)]
    assert len(started) >= 5
    assert set(started) == {"-I"}


def test_a_module_of_the_change_is_not_run(shell, repo, tmp_path):
    for name in ("gzip", "json", "base64", "os"):
        repo.write(f"{name}.py", f"open({str(tmp_path / 'owned')!r}, 'w')\n")
    repo.commit()
    done, log = shell(GATE, AUDITOR_BASE="main", AUDITOR_SARIF="true", **ON_GITHUB)
    assert "gh api" in log, done.stderr
    assert not (tmp_path / "owned").exists()


@pytest.mark.e2e
def test_the_real_program_through_the_script(shell, tmp_path):
    program = tmp_path / "bin" / "auditor"
    program.write_text(f'#!/usr/bin/env bash\nexec {sys.executable} -m auditor "$@"\n')
    done, _ = shell(GATE, AUDITOR_BASE="main", AUDITOR_OUT=str(tmp_path / "out"), **(ON_GITHUB | {"GITHUB_TOKEN": ""}))
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("::error file=main.tf,line=4,")
    assert "pull-requests: write" in done.stderr
    assert {each.name for each in (tmp_path / "out").iterdir()} == {
        "gate.json", "comment.md", "gate.sarif", "junit.xml", "codequality.json",
    }  # fmt: skip
