"""The conforming account as an inventory, read once, and who plays what in it."""

import pytest

from auditor.checks.baselines import load_baseline
from auditor.resources import load
from tests.binding import matrix
from tests.binding.built import read_built
from tests.binding.judging import Account


@pytest.fixture(scope="session")
def account(cuggu):
    """cuggu as it was built, saved and read back."""
    return Account(load_baseline("cuggu"), read_built(cuggu, "cuggu"), load(), cuggu)


@pytest.fixture(scope="session")
def shape(account):
    """The same with what may stand beside it and happen to it."""
    return matrix.cuggu(account.inventory, account.built)


@pytest.fixture(scope="session")
def environments(dualtetrax):
    """Both environments of dualtetrax in one account, each as the system that is meant."""
    inventory = read_built(dualtetrax, "dualtetrax:dev", "dualtetrax:prod")
    return {name: matrix.dualtetrax(inventory, dualtetrax, name) for name in ("dev", "prod")}
