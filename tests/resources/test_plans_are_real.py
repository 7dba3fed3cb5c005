"""What lies in tests/plans.jsonl.gz is what a real Terraform makes of the code as it stands, offline."""

import pytest

from tools import plans
from tools.terraform import NoTerraform, find


@pytest.fixture(scope="module")
def planned():
    try:
        terraform = find()
    except NoTerraform as missing:
        pytest.skip(str(missing))
    return plans.planned(terraform, plans.codes())


@pytest.mark.contract
def test_every_code_has_its_plan():
    """Where there is no Terraform, rules' examples are read from what the rows know of a plan: then this waits for one."""
    stale = plans.stale()
    if stale:
        try:
            find()
        except NoTerraform as missing:
            pytest.skip(f"{missing}; plans of older code: {', '.join(stale)}")
    assert stale == [], "make plans"


@pytest.mark.terraform
@pytest.mark.parametrize("name", plans.kept())
def test_the_plan_is_what_terraform_makes(planned, name):
    assert told(planned[name]) == told(plans.kept()[name]["plan"]), "make plans"


def told(plan):
    """What changes, without what a plan says of the machine and of the provider's version."""
    said = ("actions", "after", "after_unknown")
    return {each["address"]: {key: each["change"].get(key) for key in said} for each in plan["resource_changes"]}
