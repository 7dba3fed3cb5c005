"""`auditor diff`: what came, went and changed between two nights, and nothing that only was not looked at."""

from __future__ import annotations

import json

import pytest

from auditor.store import Store
from tests.cli.test_history import STATE, night

pytestmark = pytest.mark.e2e
RULES = ("--rule", "no-administrator-policies", "--rule", "bucket-encrypted", "--rule", "database-not-public")
EVERYTHING = ("--baseline", "cuggu", *RULES)


def kept(auditor, box, *words):
    ran = auditor("check", "--format", "json", *words, box=box)
    assert ran.code in (0, 1, 3), ran.err
    return json.loads(ran.out)["scan"]["id"]


def diff(auditor, *words):
    ran = auditor("diff", *words, "--format", "json")
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def names(rows):
    return {each["name"] for each in rows}


@pytest.fixture
def nights(auditor, copy_of_cuggu):
    """A first night, a second one in which much happened, and then narrower and incomplete ones."""
    account, box = copy_of_cuggu, copy_of_cuggu.box
    s3, iam = account.client("s3"), account.client("iam")
    s3.create_bucket(Bucket="goes-away", CreateBucketConfiguration={"LocationConstraint": account.region})
    trust = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{box.account}:root"}, "Action": "sts:AssumeRole"}]}  # fmt: skip
    iam.create_role(RoleName="climber", AssumeRolePolicyDocument=json.dumps(trust))
    out = [kept(auditor, box, *EVERYTHING)]
    s3.delete_bucket(Bucket="goes-away")
    s3.create_bucket(Bucket="came-along", CreateBucketConfiguration={"LocationConstraint": account.region})
    account.client("rds").modify_db_instance(
        DBInstanceIdentifier=account["database"], PubliclyAccessible=True, ApplyImmediately=True
    )
    grants = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": ["iam:AttachRolePolicy"], "Resource": "*"}]}  # fmt: skip
    iam.put_role_policy(RoleName="climber", PolicyName="up", PolicyDocument=json.dumps(grants))
    out.append(kept(auditor, box, *EVERYTHING))
    out.append(kept(auditor, box, "--rule", "database-not-public"))
    box.deny(("s3", "ListBuckets"))
    out.append(kept(auditor, box, *EVERYTHING))
    return out


def test_two_nights(auditor, nights):
    first, second, narrow, blind = nights
    told = diff(auditor, first, second)
    assert names(told["resources"]["added"]) == {"came-along"}
    assert names(told["resources"]["removed"]) == {"goes-away"}
    changed = {(each["property"], each["before"], each["after"]) for each in told["resources"]["changed"]
               if each["property"] == "PubliclyAccessible"}  # fmt: skip
    assert changed == {("PubliclyAccessible", False, True)}
    assert {each["property"] for each in told["resources"]["changed"]} == {"PubliclyAccessible", "Policies"}
    assert any(each["after"] == "broken" for each in told["promises"])
    assert told["findings"]["new"]
    assert not told["findings"]["newly_checked"]
    (climbs,) = [each for each in told["proven"]["added"] if each["relation"] == "can-become"]
    assert climbs["tail"].endswith("role/climber")
    assert not told["proven"]["removed"]
    back = diff(auditor, second, blind)
    assert not back["resources"]["removed"], "buckets that could not be listed are not gone"
    assert not back["proven"]["removed"]
    assert "the later run saw less" in " ".join(back["not_compared"])
    less = diff(auditor, second, narrow)
    assert not less["resources"]["removed"]
    assert not less["proven"]["removed"]
    assert not less["findings"]["fixed"]
    more = diff(auditor, narrow, blind)
    assert not more["resources"]["added"]
    assert more["resources"]["newly_seen"]
    assert not more["proven"]["added"]

    text = " ".join(auditor("diff", first, second).out.split())
    assert "+ S3 Bucket came-along" in text
    assert "- S3 Bucket goes-away" in text
    assert "PubliclyAccessible: false → true" in text
    assert "climber can become an administrator" in text
    assert auditor("diff", second, first).code == 2
    assert auditor("history", "--verify").code == 0


def test_what_a_run_read_reads_like_the_account(auditor, nights, tmp_path):
    first = nights[0]
    (file,) = tmp_path.joinpath(*STATE, "inventories").glob(f"{first}.*")
    ran = auditor("check", "--from", str(file), *EVERYTHING, "--format", "json", "--no-store")
    then = Store(tmp_path.joinpath(*STATE)).load(first)
    assert [each["id"] for each in json.loads(ran.out)["findings"]] == [each["id"] for each in then["findings"]]
    file.write_bytes(b"")
    told = auditor("history", "--verify")
    assert (told.code, "is not what was kept" in told.out) == (1, True)


def test_runs_of_before_there_were_inventories(auditor, tmp_path):
    store = Store(tmp_path.joinpath(*STATE))
    runs = [store.save(night(number))["scan"]["id"] for number in (1, 2)]
    told = diff(auditor, *runs)
    assert told["resources"] is None
    assert len(told["not_compared"]) == 2
    assert "kept no inventory" in auditor("diff", *runs).out
