"""Each setting once and whole: every option of every command is a setting, or belongs to one run."""

from __future__ import annotations

import importlib
import json
import re

import click
import pytest
from pydantic import BaseModel

from auditor.cli import COMMANDS
from auditor.cli._config import configured, settings_of
from auditor.cli._speech import speaking
from auditor.config.schema import Config
from auditor.config.settings import PREFIX, SETTINGS
from tests.test_structure import ROOT

# What belongs to one run, to a question, or to the code that is judged, by command. A new option stands here or is a
# row of SETTINGS (and then a field of the file and a line of README).
OF_ONE_RUN = {
    "check": {"--set"},
    "gate": {"--base", "--root", "--set", "--plan", "--trust-definitions", "--var-file", "--env", "--exclude",
             "--parameter", "--region", "--account", "--live", "--allow-ignores", "--known", "--write-known",
             "--conditions", "--strict"},
    "comment": {"--repository", "--number", "--api", "--suggest"},
    "scan": {"--output"},
    "report": {"--list", "--since"},
    "diff": {"--format"},
    "history": {"--account", "--last", "--verify", "--prune", "--format"},
    "notify": {"--test", "--pending"},
    "explain": set(),
    "paths": {"--port", "--protocol", "--action", "--cut", "--format", "--code", "--parameter"},
    "graph": {"--code", "--parameter", "--around", "--depth", "--facts", "--ways", "--format", "--output"},
    "plan": {"--set", "--output", "--finding", "--from"},
    # A plan says itself by what it was judged.
    "apply": {"--set", "--dry-run", "--yes", "--resume", "--region", "--from", "--baseline", "--rule", "--no-rules",
              "--definitions", "--bind", "--scope"},
    "rollback": {"--set", "--region", "--from", "--baseline", "--rule", "--no-rules", "--definitions", "--bind",
                 "--scope"},
    "waive": {"--resource", "--until", "--reason", "--owner", "--propose"},
    "rules": {"--topic", "--severity", "--service", "--search", "--format"},
    "baselines": {"--format"},
    "permissions": {"--set", "--everything", "--from"},
    "who-can": {"--code", "--parameter", "--format", "--session-policy"},
    "escalations": {"--code", "--parameter", "--format"},
    "reaches": {"--action", "--code", "--parameter", "--format"},
    "demo": {"--output"},
    # A file that is about to be written sets nothing yet.
    "init": {"--account", "--profile", "--force", "--print"},
    "config": set(),
    "doctor": {"--set", "--from", "--format"},
    "completion": set(),
}  # fmt: skip
ALWAYS = {"--config", "--no-config", "--help", "--quiet", "--log-format", "--color", "--debug"}


def found(name):
    return speaking(configured(importlib.import_module(f"auditor.cli.{name.replace('-', '_')}").command))


def options(command):
    return {each.name: each.opts[-1] for each in command.params if isinstance(each, click.Option)}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_a_setting_or_belongs_to_one_run(name):
    command = found(name)
    set_elsewhere = {each.option for each in settings_of(command).values()}
    assert set(options(command).values()) - ALWAYS == set_elsewhere | OF_ONE_RUN[name]
    assert not set_elsewhere & OF_ONE_RUN[name]


def test_every_setting_is_an_option_of_some_command():
    used = {each.key for name in COMMANDS for each in settings_of(found(name)).values()}
    assert used == {each.key for each in SETTINGS}


def leaves(model: type[BaseModel], before: str = "") -> set[str]:
    out = set()
    for name, row in model.model_fields.items():
        key, kind = before + (row.alias or name), row.annotation
        inner = isinstance(kind, type) and issubclass(kind, BaseModel)
        out |= leaves(kind, f"{key}.") if inner else {key}
    return out


def test_the_file_has_exactly_the_settings():
    assert leaves(Config) == {each.key for each in SETTINGS}


def test_readme_lists_exactly_the_settings():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([a-z_.]+) \| `(--[a-z-]+)` \| `(AUDITOR_[A-Z_]+)` \|", text, re.MULTILINE)
    assert rows == [(each.key, each.option, each.environment) for each in SETTINGS]


def test_a_setting_has_one_option_and_one_variable():
    for names in ([each.key for each in SETTINGS], [each.environment for each in SETTINGS]):
        assert len(set(names)) == len(names)
    assert all(each.environment.startswith(PREFIX) for each in SETTINGS)


def test_an_option_has_the_variable_of_its_setting():
    for name in COMMANDS:
        command = found(name)
        mine = settings_of(command)
        for param in command.params:
            if param.name in mine:
                assert param.envvar == mine[param.name].environment


# ---- a value for each setting, as the file, the variable and the flag say it, and what the option makes of it

VALUES = {
    "profile": ("prod", "prod", "prod"),
    "regions": (["eu-west-1", "us-east-1"], "eu-west-1 us-east-1", ["eu-west-1", "us-east-1"]),
    "from": (["{here}/a.jsonl"], "{here}/a.jsonl", ["{here}/a.jsonl"]),
    "baselines": (["cuggu", {"name": "couple", "set": {"environment": "dev"}}], "cuggu couple:environment=dev",
                  ["cuggu", "couple:environment=dev"]),
    "rules": (["bucket-encrypted"], "bucket-encrypted", ["bucket-encrypted"]),
    "no_rules": (True, "true", True),
    "definitions": ("mine", "{here}/mine", ["{here}/mine"]),
    "bind": ({"database": "orders"}, "database=orders", ["database=orders"]),
    "scope": ("tag:stage=prod", "tag:stage=prod", ["tag:stage=prod"]),
    "waivers": ("waivers.yaml", "{here}/waivers.yaml", "{here}/waivers.yaml"),
    "store": ("runs", "{here}/runs", "{here}/runs"),
    "no_store": (True, "1", True),
    "format": (["text", "html=r.html"], "text html={here}/r.html", ["text", "html={here}/r.html"]),
    "verbose": (True, "1", True),
    "fail_on": ("high", "high", "high"),
    "fail_on_new": (True, "1", True),
    "allow_incomplete": (True, "1", True),
    "costs": (True, "1", True),
    "checkov": (True, "1", True),
    "notify": ([{"to": "mailto:a@example.com", "sender": "b@example.com", "for": {"severity": "high"}}],
               "mailto:a@example.com,sender=b@example.com", ["mailto:a@example.com,sender=b@example.com"]),
    "no_notify": (True, "1", True),
    "limits.risk": ("interrupts", "interrupts", "interrupts"),
}  # fmt: skip


def at(here, value):
    return json.loads(json.dumps(value).replace("{here}", str(here)))


def nested(key, value):
    for step in reversed(key.split(".")):
        value = {step: value}
    return value


def toml(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(toml(each) for each in value) + "]"
    return json.dumps(value)


@pytest.fixture
def here(tmp_path):
    (tmp_path / "a.jsonl").touch()
    (tmp_path / "waivers.yaml").touch()
    (tmp_path / "mine").mkdir()
    return tmp_path


def shown(auditor, key, **how):
    ran = auditor("config", "show", "--format", "json", **how)
    assert ran.code == 0, ran.err
    return next((each["value"], each["origin"]) for each in json.loads(ran.out) if each["key"] == key)


@pytest.mark.parametrize("row", SETTINGS, ids=lambda row: row.key)
def test_each_setting_comes_from_the_file_and_the_variable_goes_over_it(auditor, here, row):
    said, variable, value = at(here, VALUES[row.key])
    default = shown(auditor, row.key)
    assert default[1] == "default"
    assert default[0] != value
    (here / "auditor.yaml").write_text("# the team's\n" + json.dumps(nested(row.key, said)), encoding="utf-8")
    assert shown(auditor, row.key) == (value, "auditor.yaml:2")
    assert shown(auditor, row.key, env={row.environment: variable}) == (value, row.environment)
    (here / "auditor.yaml").unlink()
    assert shown(auditor, row.key, env={row.environment: variable}) == (value, row.environment)
    outer, _, inner = row.key.partition(".")
    table = f"[tool.auditor.{outer}]\n{inner}" if inner else f"[tool.auditor]\n{outer}"
    (here / "pyproject.toml").write_text(f"[project]\nname = 'x'\n{table} = {toml(said)}\n", encoding="utf-8")
    assert shown(auditor, row.key) == (value, "pyproject.toml:4")


def test_a_flag_goes_over_all(auditor, here):
    (here / "auditor.yaml").write_text("fail_on: high\n", encoding="utf-8")
    ran = auditor("config", "show", "--format", "json", "check", "--fail-on", "low", env={"AUDITOR_FAIL_ON": "info"})
    rows = {each["key"]: (each["value"], each["origin"]) for each in json.loads(ran.out)}
    assert rows["fail_on"] == ("low", "--fail-on")


LOOSER = [
    ({"AUDITOR_FAIL_ON": "never"}, "", (), "note: --fail-on never is set by AUDITOR_FAIL_ON"),
    ({"AUDITOR_ALLOW_INCOMPLETE": "1"}, "", (), "note: --allow-incomplete is set by AUDITOR_ALLOW_INCOMPLETE"),
    ({"AUDITOR_RULES": "logs-kept"}, "", (), "note: --rule logs-kept is set by AUDITOR_RULES"),
    ({}, "# ours\nfail_on: never\n", (), "note: --fail-on never is set by auditor.yaml:2"),
    ({}, "fail_on: never\n", ("--fail-on", "low"), ""),
    ({"AUDITOR_FAIL_ON": "medium"}, "", (), ""),
    ({}, "", ("--fail-on", "never"), ""),
    ({}, "rules: [logs-kept]\n", ("--no-rules", "--baseline", "cuggu", "--allow-incomplete"), ""),
    ({}, "no_rules: true\n", ("--rule", "logs-kept"), ""),
    ({"AUDITOR_RULES": "logs-kept"}, "", ("--no-rules", "--baseline", "cuggu", "--allow-incomplete"), ""),
    ({"AUDITOR_NO_RULES": "1"}, "", ("--rule", "logs-kept"), ""),
    # Of two rules the typed one counts, and nothing is loosened by the other.
    ({"AUDITOR_RULES": "logs-kept"}, "", ("--rule", "bucket-encrypted"), ""),
]


@pytest.mark.parametrize(("env", "file", "flags", "told"), LOOSER)
def test_what_a_file_or_a_variable_loosens_is_told_before_the_run(auditor, here, env, file, flags, told):
    """Else a run in CI that passes would look like one that keeps everything."""
    (here / "auditor.yaml").write_text(file or "# nothing\n", encoding="utf-8")
    (here / "code").mkdir()
    (here / "code" / "main.tf").write_text('resource "aws_sqs_queue" "q" {}\n', encoding="utf-8")
    ran = auditor("gate", "code", "--config", "auditor.yaml", "--region", "eu-west-1", *flags, env=env)
    assert ran.code in (0, 1), ran.err
    assert [line for line in ran.err.splitlines() if line.startswith("note: --")] == ([told] if told else [])


def test_a_note_steers_no_terminal(auditor, here):
    """The name of a file is written by anybody, and so is a variable in a pipeline."""
    odd = here / "a\x1b[2J\n::stop.yaml"
    odd.write_text("fail_on: never\n", encoding="utf-8")
    ran = auditor("check", "--config", str(odd), env={"AUDITOR_RULES": "x\x1b[31m"})
    notes = [line for line in ran.err.splitlines() if "is set by" in line]
    assert len(notes) == 2
    assert all(line.startswith("note: --") and line.isprintable() for line in notes)


@pytest.mark.parametrize("row", SETTINGS, ids=lambda row: row.key)
def test_a_setting_gives_way_to_options_that_there_are(row):
    mine = [found(name) for name in COMMANDS]
    parameters = {each.name for command in mine for each in command.params if row.parameter in options(command)}
    assert set(row.unless) <= parameters
