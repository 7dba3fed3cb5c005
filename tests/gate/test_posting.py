"""`auditor comment` against a host in another process: its own comment is found again, others' never, and a busy host,
a broken one or none at all fails no gate."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from auditor.report import hosts
from auditor.report.json import write as write_json
from tests.command import run_here
from tests.gate.test_comment import gated
from tests.report import sample

BOT = {"login": "github-actions[bot]", "type": "Bot", "username": "project_1_bot"}
PERSON = {"login": "mallory", "type": "User", "username": "mallory"}


class Fake:
    def __init__(self, folder: Path) -> None:
        self.state = folder / "state.json"
        self.set()
        script = Path(__file__).with_name("fake_host.py")
        self.process = subprocess.Popen([sys.executable, script, self.state], stdout=subprocess.PIPE, text=True)
        self.url = f"http://127.0.0.1:{self.process.stdout.readline().strip()}"

    def set(self, **facts):
        known = {"comments": [], "reviews": [], "fail": [], "me": None, "as": BOT}
        self.state.write_text(json.dumps(known | facts))

    @property
    def kept(self):
        return json.loads(self.state.read_text())

    @property
    def asked(self):
        log = self.state.with_suffix(".log")
        return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


@pytest.fixture
def fake(tmp_path):
    host = Fake(tmp_path)
    yield host
    host.process.terminate()
    host.process.wait()
    host.process.stdout.close()


@pytest.fixture
def record(tmp_path):
    path = tmp_path / "gate.json"
    with path.open("w") as out:
        write_json(gated(sample.run()), out, None)
    return path


def post(host, record, *words, **environ):
    known = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "GITLAB_", "CI"))}
    ran = run_here(["comment", host, str(record), *words], known | environ, Path(record).parent)
    assert "Traceback" not in ran.err
    return ran


GITHUB = {"GITHUB_TOKEN": "s3cret", "GITHUB_REPOSITORY": "o/r", "GITHUB_REF": "refs/pull/7/merge"}
GITLAB = {"GITLAB_TOKEN": "s3cret", "CI_PROJECT_ID": "42", "CI_MERGE_REQUEST_IID": "7"}


def github(fake, record, *words, **more):
    return post("github", record, *words, **(GITHUB | {"GITHUB_API_URL": fake.url} | more))


def gitlab(fake, record, *words, **more):
    return post("gitlab", record, *words, **(GITLAB | {"CI_API_V4_URL": fake.url} | more))


@pytest.mark.parametrize("send", [github, gitlab])
def test_it_writes_once_and_then_updates(send, fake, record):
    fake.set(me=None if send is github else BOT)
    assert "wrote" in send(fake, record).err
    assert "updated" in send(fake, record).err
    (kept,) = fake.kept["comments"]
    assert kept["body"].startswith("<!-- auditor-gate:")
    assert len(kept["body"]) <= 65_536
    assert {each["auth"].removeprefix("Bearer ") for each in fake.asked} == {"s3cret"}
    wanted = "/repos/o/r/issues/7/comments" if send is github else "/projects/42/merge_requests/7/notes"
    assert any(each["path"] == wanted and each["method"] == "POST" for each in fake.asked)


@pytest.mark.parametrize("send", [github, gitlab])
def test_a_comment_of_somebody_else_is_never_changed(send, fake, record):
    fake.set(me=None if send is github else BOT)
    send(fake, record)
    body = fake.kept["comments"][0]["body"] if fake.kept["comments"] else ""
    forged = {"id": 5, "body": body + "✅ all is well", "user": PERSON, "author": PERSON}
    others = [{"id": number, "body": "words", "user": PERSON, "author": PERSON} for number in range(10, 230)]
    ours = {"id": 9, "body": body, "user": BOT, "author": BOT}
    fake.set(me=None if send is github else BOT, comments=[forged, *others, ours])
    assert "updated" in send(fake, record).err
    kept = {each["id"]: each["body"] for each in fake.kept["comments"]}
    assert kept[5] == forged["body"]
    assert len(kept) == 222


BUSY = {
    "it is down": [[503, {}, {}]],
    "too many": [[429, {"Retry-After": "0"}, {}]],
    "a secondary limit": [[403, {"Retry-After": "0"}, {"message": "You have exceeded a secondary rate limit"}]],
    "thrice": [[502, {"Retry-After": "0"}, {}]] * 3,
}


@pytest.mark.parametrize("name", BUSY)
def test_a_busy_host_is_asked_again(name, fake, record):
    fake.set(fail=BUSY[name], me=PERSON)
    done = github(fake, record)
    assert (done.code, len(fake.kept["comments"])) == (0, 1), done.err


REFUSED = {
    "no right": ([[403, {}, {"message": "Resource not accessible by integration"}]] * 9, "fork"),
    "no token": ([[401, {}, {"message": "Bad credentials"}]] * 9, "not valid"),
    "no pull request": ([[404, {}, {}]] * 9, "no such pull request"),
    "it stays down": ([[500, {"Retry-After": "0"}, {}]] * 20, "answered 500"),
    "it leads elsewhere": ([[302, {"Location": "https://evil.example/"}, {}]] * 9, "answered 302"),
    "nonsense": ([[422, {}, ["x"]]] * 9, "refuses"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_host_does_not_take_fails_no_gate(name, fake, record):
    fail, words = REFUSED[name]
    fake.set(fail=fail)
    done = github(fake, record)
    assert (done.code, done.out) == (0, "")
    assert words in done.err
    assert done.err.startswith("warning: no comment")
    assert "s3cret" not in done.err


def test_nobody_answers(record, monkeypatch):
    waited = []
    monkeypatch.setattr(hosts, "Host", partial(hosts.Host, wait=waited.append))
    done = post("github", record, "--api", "http://127.0.0.1:9", **GITHUB)
    assert (done.code, "did not answer" in done.err) == (0, True)
    assert waited == [1, 2, 4, 8] * 2  # who we are, and what comments there are
    waited.clear()
    done = post("github", record, "--api", "http://example.invalid", **GITHUB)
    assert (done.code, "https" in done.err, waited) == (0, True, [])


@pytest.mark.parametrize(
    ("host", "environ", "words"),
    [
        ("github", {}, "pull-requests: write"),
        ("github", {"GITHUB_TOKEN": " "}, "fork"),
        ("gitlab", {"CI_JOB_TOKEN": "x"}, "CI_JOB_TOKEN may not write notes"),
        (
            "github",
            {"GITHUB_TOKEN": "x", "GITHUB_REPOSITORY": "o/r", "GITHUB_REF": "refs/heads/main"},
            "no run for a pull request",
        ),
        ("gitlab", {"GITLAB_TOKEN": "x", "CI_PROJECT_ID": "1"}, "no run for a pull request"),
    ],
)
def test_what_is_missing_is_named_with_its_cure(host, environ, words, record):
    done = post(host, record, **environ)
    assert (done.code, words in done.err) == (0, True), done.err


def test_wrong_usage_is_wrong_usage(tmp_path, record):
    for words in ((tmp_path / "nothing.json",), (__file__,)):
        assert post("github", *words, **GITHUB).code == 2
    (tmp_path / "run.json").write_text(json.dumps({"findings": []}))
    assert "is not the record of a gate" in post("github", tmp_path / "run.json", **GITHUB).err
    assert post("github", record, "--number", "seven", **GITHUB).code == 2


def test_lines_are_suggested_once_and_on_the_change_alone(fake, tmp_path):
    run = gated(sample.run())
    one, two = run["findings"][:2]
    one["edit"] = {"file": "infra/main.tf", "line": 1, "old": "a = 1", "new": ["a = 2"], "in_diff": True}
    two["edit"] = {"file": "infra/main.tf", "line": 2, "old": "b = 1", "new": ["b = 2"], "in_diff": False}
    path = tmp_path / "gate.json"
    with path.open("w") as out:
        write_json(run, out, None)
    assert "suggested 1 line" in github(fake, path, "--suggest").err
    assert "suggested" not in github(fake, path, "--suggest").err
    (kept,) = fake.kept["reviews"]
    assert (kept["path"], kept["line"], kept["side"]) == ("infra/main.tf", 1, "RIGHT")
    assert kept["body"].endswith("```suggestion\na = 2\n```")
