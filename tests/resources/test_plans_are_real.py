"""What lies here as a plan is what a real Terraform makes of the code beside it, offline.

Each folder is a module of one configuration, so that Terraform and its provider start once for all of them.
"""

import json
import shutil

import pytest

from tests.resources.three_ways import GOLDEN
from tools.plan_goldens import PROVIDER
from tools.rule_forms import RULES
from tools.terraform import NoTerraform, find

FOLDERS = {
    f"{folder.parent.name}-{folder.name}": folder
    for folder in sorted(each.parent for where in (GOLDEN, RULES) for each in where.glob("**/tf"))
}


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    """module -> what is planned of it, by the address inside the module."""
    try:
        terraform = find()
    except NoTerraform as missing:
        pytest.skip(str(missing))
    work = tmp_path_factory.mktemp("plans")
    for name, folder in FOLDERS.items():
        shutil.copytree(folder / "tf", work / name)
    (work / "provider.tf").write_text(PROVIDER)
    modules = {name: {"source": f"./{name}"} for name in FOLDERS}
    (work / "modules.tf.json").write_text(json.dumps({"module": modules}))
    terraform.run(work, "init", "-input=false", "-no-color")
    terraform.run(work, "plan", "-input=false", "-no-color", "-refresh=false", "-out=made.plan")
    out = {name: {} for name in FOLDERS}
    for each in json.loads(terraform.run(work, "show", "-json", "made.plan"))["resource_changes"]:
        name = each["module_address"].removeprefix("module.")
        out[name][each["address"].removeprefix(f"module.{name}.")] = told(each)
    return out


def told(change):
    return {key: change["change"].get(key) for key in ("actions", "after", "after_unknown")}


@pytest.mark.terraform
@pytest.mark.parametrize("name", FOLDERS)
def test_the_plan_is_what_terraform_makes(planned, name):
    kept = json.loads((FOLDERS[name] / "plan.json").read_text(encoding="utf-8"))
    assert planned[name] == {each["address"]: told(each) for each in kept["resource_changes"]}
