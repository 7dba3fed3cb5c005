"""Accounts on a moto server in another process: one cuggu account a run, cloned for every test that changes it."""

from __future__ import annotations

import functools
import os

import botocore.loaders
import botocore.session
import pytest

from tests.accounts import shared


@pytest.fixture(scope="session", autouse=True)
def models_read_once():
    """botocore's models of services, read once by each process: every session of its own reads them all again.

    That takes as long as all else that a check of an account does.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.session, "create_loader", functools.cache(botocore.loaders.create_loader))
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
