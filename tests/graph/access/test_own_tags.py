"""Who may tag itself chooses what conditions on its tags look at (AWS: access by tags is as strong as who may tag)."""

import pytest

from auditor.graph.access.becoming.escalation import escalations
from tests.graph.access.account import ACCOUNT, account_graph, allow, deny, of, role, trusting, user

HERE = f"arn:aws:iam::{ACCOUNT}"
TEAM = {"StringEquals": {"aws:PrincipalTag/team": "ops"}}
ADMIN = role("admin", allow("*"), trust=[trusting(f"{HERE}:root", Condition=TEAM)])
ASSUME = allow("sts:AssumeRole")
TABLE = [
    ("may tag itself", user("one", ASSUME, allow("iam:TagUser")), "yes"),
    ("may tag users in general", user("one", ASSUME, allow("iam:Tag*", f"{HERE}:user/*")), "yes"),
    ("may tag itself as a role", role("one", ASSUME, allow("iam:TagRole", f"{HERE}:role/one")), "yes"),
    ("has the tag", user("one", ASSUME, Tags=[{"Key": "team", "Value": "ops"}]), "yes"),
    ("has another tag", user("one", ASSUME, Tags=[{"Key": "team", "Value": "dev"}]), "no"),
    ("has another tag and may change it", user("one", ASSUME, allow("iam:TagUser"), Tags=[{"Key": "team", "Value": "dev"}]), "yes"),
    ("may tag others only", user("one", ASSUME, allow("iam:TagUser", f"{HERE}:user/other")), "no"),
    ("may not tag itself", user("one", ASSUME, allow("iam:TagUser"), deny("iam:TagUser", f"{HERE}:user/one")), "no"),
    ("with some tags only", user("one", ASSUME, allow("iam:TagUser", Condition={"StringEquals": {"aws:RequestTag/team": "dev"}})), "depends"),
    ("may not assume anything", user("one", allow("iam:TagUser"), deny("sts:*")), "no"),
    ("its own policies ask for a tag", user("one", allow("iam:*", Condition=TEAM), allow("iam:TagUser")), "yes"),
]  # fmt: skip


@pytest.mark.parametrize(("who", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_who_may_tag_itself_meets_every_condition_on_its_tags(who, expected):
    found = {each.principal.label: each for each in escalations(account_graph(of(who, ADMIN)))}
    assert found["one"].outcome == expected
    if "tag" in str(found["one"].path):
        assert found["one"].path[0].sentence.startswith("can tag itself as it pleases, and then")
