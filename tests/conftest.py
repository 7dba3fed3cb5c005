"""Accounts on a moto server in another process: one cuggu account a session, cloned for every test that changes it."""

from __future__ import annotations

import os

import pytest

from auditor.sandbox import sandbox
from auditor.sandbox.cuggu import build_cuggu


@pytest.fixture(scope="session")
def cuggu():
    """A conforming cuggu account. Never change it: clone it."""
    with sandbox() as box:
        yield build_cuggu(box)


@pytest.fixture
def copy_of_cuggu(cuggu):
    """A cuggu account of one's own."""
    with cuggu.box.clone() as box:
        yield cuggu.on(box)


@pytest.fixture
def empty_account():
    with sandbox() as box:
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
