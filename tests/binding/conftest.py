"""The conforming account as an inventory, read once, and who plays what in it."""

import pytest

from auditor.checks.baselines import load_baseline
from auditor.resources import load
from tests.binding import matrix
from tests.binding.built import read_cuggu
from tests.binding.judging import Account


@pytest.fixture(scope="session")
def account(cuggu):
    """cuggu as it was built, saved and read back."""
    return Account(load_baseline("cuggu"), read_cuggu(cuggu), load(), cuggu)


@pytest.fixture(scope="session")
def shape(account):
    """The same with what may stand beside it and happen to it."""
    return matrix.cuggu(account.inventory, account.built)
