"""cuggu in Terraform, applied by the real one to the embedded account: `check` of it and `gate` of the code say the same.

The database is what takes the time: Terraform looks for it a minute after it asked for it. So there is one account, and
the mutations are applied to it together.
"""

import io
import shutil
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from auditor import gate, pipeline
from auditor.checks.judge import judge
from auditor.checks.rules import load_rules
from auditor.graph.build import build
from auditor.resources import load
from auditor.sandbox import sandbox
from auditor.sandbox.environment import REGION
from auditor.sources.code import read_code
from auditor.sources.code_options import CodeOptions
from tests.code.mutations import MUTATIONS
from tools.terraform import NoTerraform, TerraformFailed, find, towards

pytestmark = pytest.mark.terraform
CODE = Path(__file__).parent / "cuggu_tf"
WISH = pipeline.Wish(baselines=("cuggu",))
PACKAGES = "sst-asset-kxswhmbd"  # where SST puts what functions are made of; it is in no code
# Terraform asks the account for its number, which the code leaves out, and finds buckets by path and not by host.
OVERRIDE = """
provider "aws" {
  skip_requesting_account_id = false
  s3_use_path_style          = true
}
provider "aws" {
  alias                      = "virginia"
  skip_requesting_account_id = false
}
"""
# What only the account can say; there it is kept, in code unknown.
ONLY_AWS = {
    "certificate/issued": "the proof of the domain is looked at by AWS",
    "topic/reaches-people": "people confirm that they want the mails",
}
# What is in the account and not in the code: rule -> how many more it keeps.
NOT_IN_CODE = {
    "bucket-encrypted": (1, "the bucket of packages, which S3 encrypts by itself"),
    "bucket-public-access-blocked": (1, "the bucket of packages, which S3 blocks by itself"),
}
# Once the embedded account said of a record that Terraform was making that it exists already, as after a request that was
# asked twice. Then the whole is applied anew, to an account of its own; what is compared is never asked twice.
TRIES = 3
CHANGED = (
    "server with less memory",
    "function URL open",
    "database port open to the world",
    "public access block removed",
    "cron moved",
)


@dataclass
class Said:
    """What was found, by source (account, code, plan): the record of a run, and each rule's verdicts, counted."""

    records: dict
    rules: dict


@pytest.fixture(scope="module")
def applied(tmp_path_factory):
    """Both states of the code: as it is written, and with the changes."""
    try:
        terraform = find()
    except NoTerraform as missing:
        pytest.skip(str(missing))
    for _ in range(TRIES - 1):
        try:
            return both(terraform, tmp_path_factory)
        except TerraformFailed:
            continue
    return both(terraform, tmp_path_factory)


def both(terraform, folders):
    code, work = folders.mktemp("code") / "infra", folders.mktemp("work")
    shutil.copytree(CODE, code)
    with sandbox() as box, pytest.MonkeyPatch.context() as patch:
        packages(box)
        said = []
        for mutations in ((), [each for each in MUTATIONS if each.name in CHANGED]):
            for each in mutations:
                rewrite(code / each.file, each.old, each.new)
            plan = apply(terraform, box, code, work)
            said.append(everybody(box, code, plan, patch))
        return said


def packages(box):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("index.mjs", "export const handler = async () => ({});\n")
    s3 = box.session_client("s3", REGION)
    s3.create_bucket(Bucket=PACKAGES, CreateBucketConfiguration={"LocationConstraint": REGION})
    for name in ("server", "cleanup", "image-optimizer"):
        s3.put_object(Bucket=PACKAGES, Key=f"{name}.zip", Body=packed.getvalue())


def rewrite(file, old, new):
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def apply(terraform, box, code, work):
    """Plan and apply the code, in a folder of its own that keeps the state; the plan is what `gate --plan` takes."""
    first = not (work / "main.tf").exists()
    shutil.copytree(code, work, dirs_exist_ok=True)
    (work / "account_override.tf").write_text(OVERRIDE)
    environ = towards(box)
    if first:
        terraform.run(work, "init", "-input=false", "-no-color", environ=environ)
    terraform.run(work, "plan", "-input=false", "-no-color", "-refresh=false", "-out=made.plan", environ=environ)
    plan = work.parent / "plan.json"
    plan.write_text(terraform.run(work, "show", "-json", "made.plan", environ=environ))
    terraform.run(work, "apply", "-input=false", "-no-color", "made.plan", environ=environ)
    return plan


def everybody(box, code, plan, patch):
    for name, value in box.environ().items():
        patch.setenv(name, value)
    outcome = pipeline.check(WISH)
    records, rules = {"account": outcome.record}, {"account": by_rule(outcome.graph)}
    for source, given in (("code", None), ("plan", plan)):
        records[source] = gate.gate(WISH, gate.Code(code, plan=given))
        inventory = read_code(code, CodeOptions(region=REGION, root=code), given)
        rules[source] = by_rule(build(inventory, load()))
    return Said(records, rules)


def by_rule(graph):
    return {rule.id: dict(judge([rule], graph).counts) for rule in load_rules()}


def promises(record):
    return {each["id"]: each["verdict"] for each in record["promises"]}


def broken(record):
    return Counter(each["check"] for each in record["findings"] if each["verdict"] == "broken")


CODES = pytest.mark.parametrize("source", ["code", "plan"])


@CODES
@pytest.mark.parametrize("state", [0, 1], ids=["conforming", "changed"])
def test_every_promise_has_the_same_verdict(applied, state, source):
    account, code = (promises(applied[state].records[each]) for each in ("account", source))
    differing = {name: (account[name], code[name]) for name in account if account[name] != code[name]}
    # The plan of a change is made over an account, and knows what AWS has said of it before.
    silent = () if (state, source) == (1, "plan") else ONLY_AWS
    assert differing == dict.fromkeys(silent, ("kept", "unknown"))
    assert len(account) == len(code) > 100


@CODES
@pytest.mark.parametrize("state", [0, 1], ids=["conforming", "changed"])
def test_every_rule_has_the_same_verdicts(applied, state, source):
    account, code = (applied[state].rules[each] for each in ("account", source))
    for rule, (more, _) in NOT_IN_CODE.items():
        code[rule] = {**code[rule], "kept": code[rule].get("kept", 0) + more}
    assert code == account


def test_the_code_makes_an_account_that_keeps_its_document(applied):
    record = applied[0].records["account"]
    assert record["findings"] == []
    assert record["coverage"] == {"complete": True, "gaps": []}
    assert set(promises(record).values()) == {"kept", "unverifiable"}


@CODES
def test_the_same_parts_play_the_roles(applied, source):
    account, code = (applied[0].records[each]["bindings"] for each in ("account", source))
    assert Counter(each["role"] for each in account) == Counter(each["role"] for each in code)


@CODES
def test_changes_of_the_code_are_told_alike(applied, source):
    account, code = (broken(applied[1].records[each]) for each in ("account", source))
    assert account == code


@pytest.mark.parametrize("name", CHANGED)
def test_each_change_is_told(applied, name):
    (mutation,) = (each for each in MUTATIONS if each.name == name)
    for source, record in applied[1].records.items():
        assert any(check.startswith(mutation.check) for check in broken(record)), source
