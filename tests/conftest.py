"""Accounts on a moto server in another process: one cuggu account a run, cloned for every test that changes it."""

from __future__ import annotations

import copy
import functools
import gc
import os
import re
from pathlib import Path

import botocore.loaders
import botocore.session
import pytest
from hypothesis import HealthCheck, settings

from auditor.checks import baselines, rules
from auditor.settings import data_dir
from tests.accounts import shared

_NAME = re.compile(r"[\w:=,-]+")  # of a baseline with the values of its parameters, and no path


def pytest_ignore_collect(collection_path: Path, config):
    """A run of the tests with some marks loads the files that have them: `-m 'contract or e2e'` one in eight."""
    wanted = re.fullmatch(r"\w+(?: or \w+)*", config.option.markexpr)
    if not wanted or not collection_path.name.startswith("test_"):
        return None
    text = collection_path.read_text(encoding="utf-8")
    return None if any(f"mark.{name}" in text for name in wanted[0].split(" or ")) else True


# How long an example takes, or how long it takes to make one, says nothing on a machine that does other work too.
settings.register_profile("no clock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("no clock")


def pytest_collection_finish():
    """What collecting made stays to the end: the collector of garbage need not walk through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def models_read_once():
    """botocore's models of services, read once by each process: every session of its own reads them all again.

    That takes as long as all else that a check of an account does.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.session, "create_loader", functools.cache(botocore.loaders.create_loader))
        yield


@pytest.fixture(scope="session", autouse=True)
def definitions_read_once():
    """The rules of this project and the baselines by their names, read once by each process for as long as no file
    of theirs changes: a fifth of what a check of a recorded account costs. Both are frozen."""
    folders = (data_dir("rules"), data_dir("baselines"))

    def once(load):
        kept = {}

        def loaded(*given, **named):
            asked = tuple(each for each in given if each)
            if named or not all(isinstance(each, str) and _NAME.fullmatch(each) for each in asked):
                return load(*given, **named)  # files and folders of somebody else
            files = {path: path.stat() for folder in folders for path in folder.rglob("*")}
            key = (asked, *((path, each.st_mtime_ns, each.st_size) for path, each in sorted(files.items())))
            if key not in kept:
                kept[key] = load(*given)
            return copy.copy(kept[key])

        return loaded

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rules, "load_rules", once(rules.load_rules))
        patch.setattr(baselines, "load_baseline", once(baselines.load_baseline))
        yield


@pytest.fixture(scope="session")
def common_folder(tmp_path_factory, request):
    """A folder that all processes of the run have."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if hasattr(request.config, "workerinput") else folder


@pytest.fixture(scope="session")
def accounts(common_folder):
    """An empty account and cuggu, shared by the processes of the run. Clone them, change neither."""
    with shared.accounts(common_folder) as found:
        yield found


@pytest.fixture(scope="session")
def dualtetrax(accounts, common_folder):
    """A conforming dualtetrax account, dev and prod side by side. Never change it: clone it."""
    empty, _ = accounts
    built = shared.further(common_folder, empty, "dualtetrax")
    with built.box.clone() as box:
        yield built.on(box)


@pytest.fixture(scope="session")
def glimpse(accounts, common_folder):
    """A conforming glimpse account with a copy for staging beside it. Never change it: clone it."""
    empty, _ = accounts
    built = shared.further(common_folder, empty, "glimpse")
    with built.box.clone() as box:
        yield built.on(box)


@pytest.fixture(scope="session")
def couple(accounts, common_folder):
    """A conforming couple account, prod and dev side by side. Never change it: clone it."""
    empty, _ = accounts
    built = shared.further(common_folder, empty, "couple")
    with built.box.clone() as box:
        yield built.on(box)


@pytest.fixture(scope="session")
def pingvas(accounts, common_folder):
    """A conforming pingvas account with a shop beside it. Never change it: clone it."""
    empty, _ = accounts
    built = shared.further(common_folder, empty, "pingvas")
    with built.box.clone() as box:
        yield built.on(box)


@pytest.fixture(scope="session")
def cuggu(accounts):
    """A conforming cuggu account. Never change it: clone it."""
    _, built = accounts
    with built.box.clone() as box:
        yield built.on(box)


@pytest.fixture
def copy_of_cuggu(cuggu):
    """A cuggu account of one's own."""
    with cuggu.box.clone() as box:
        yield cuggu.on(box)


@pytest.fixture
def empty_account(accounts):
    empty, _ = accounts
    with empty.clone() as box:
        yield box


@pytest.fixture
def pointed(monkeypatch):
    """Let this process see a sandbox as its AWS account."""

    def point(box):
        for name in set(os.environ) - set(box.environ()):
            monkeypatch.delenv(name)
        for name, value in box.environ().items():
            monkeypatch.setenv(name, value)

    return point
