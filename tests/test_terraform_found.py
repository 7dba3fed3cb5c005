"""Where a Terraform that fetches nothing is found: by the user's word, else where Terraform itself looks."""

import pytest

from tools import terraform


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A home of its own and a terraform on the PATH."""
    program = tmp_path / "bin" / "terraform"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\necho "$TF_CLI_CONFIG_FILE $*"\n[ "$1" != fail ]\n')
    program.chmod(0o755)
    for name in ("AUDITOR_TF_MIRROR", "TF_PLUGIN_CACHE_DIR", "XDG_DATA_HOME", "XDG_DATA_DIRS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", str(program.parent), prepend=":")
    return tmp_path


def mirror(folder):
    (folder / terraform.PROVIDER / "5.100.0").mkdir(parents=True)
    return folder


PLACES = [
    ("AUDITOR_TF_MIRROR", "mine", "mine"),
    ("TF_PLUGIN_CACHE_DIR", "cache", "cache"),
    ("XDG_DATA_HOME", "data", "data/terraform/plugins"),
    ("XDG_DATA_DIRS", "shared", "shared/terraform/plugins"),
    ("", "", "home/.terraform.d/plugins"),
    ("", "", "home/.local/share/terraform/plugins"),
]


@pytest.mark.parametrize(("variable", "value", "place"), PLACES)
def test_the_provider_is_found_where_it_lies(machine, monkeypatch, variable, value, place):
    if variable:
        monkeypatch.setenv(variable, str(machine / value))
    there = mirror(machine / place)
    assert terraform.find().mirror == there


def test_the_users_word_comes_first(machine, monkeypatch):
    mirror(machine / "home/.terraform.d/plugins")
    monkeypatch.setenv("AUDITOR_TF_MIRROR", str(mirror(machine / "mine")))
    assert terraform.find().mirror == machine / "mine"


def test_what_is_missing_is_said(machine, monkeypatch):
    monkeypatch.setattr(terraform, "_folders", lambda: iter([machine]))
    with pytest.raises(terraform.NoTerraform, match="AUDITOR_TF_MIRROR"):
        terraform.find()
    monkeypatch.setenv("PATH", str(machine / "empty"))
    with pytest.raises(terraform.NoTerraform, match="on the PATH"):
        terraform.find()


def test_only_the_mirror_is_asked(machine, monkeypatch):
    monkeypatch.setenv("AUDITOR_TF_MIRROR", str(mirror(machine / "mine")))
    settings, words = terraform.find().run(machine, "init", "-input=false").split(" ", 1)
    assert words.strip() == "init -input=false"
    text = (machine / "mirror.tfrc").read_text()
    assert (settings, str(machine / "mine") in text, "direct" in text) == (str(machine / "mirror.tfrc"), True, False)
    with pytest.raises(terraform.TerraformFailed, match="terraform fail"):
        terraform.find().run(machine, "fail")
