"""Ways to become an administrator, by hand: what closes them, what they depend on, and what only looks like one."""

import botocore.session
import pytest

from auditor.graph.access import identity, may
from auditor.graph.access.becoming.escalation import escalations
from auditor.graph.access.becoming.running import RUNNING
from auditor.graph.access.becoming.ways import CENTRAL, COGNITO, OTHERS, PASSES, PROVIDERS, TAKES
from tests.graph.access.account import (
    ACCOUNT,
    account_graph,
    allow,
    deny,
    group,
    of,
    policy,
    policy_arn,
    role,
    trusting,
    user,
)
from tests.work import steps

ADMIN = role("admin", allow("*"), trust=[trusting("ec2.amazonaws.com", "Service")], profile=True)
ROOT = f"arn:aws:iam::{ACCOUNT}:root"


def outcome(*principals, policies=(), name="x"):
    found = escalations(account_graph(of(*principals, policies=policies)))
    return next(each for each in found if each.principal.name == name)


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (user("x", allow("*")), "admin"),
        (user("x", allow("*:*", "**")), "admin"),
        (user("x", allow("*"), deny("iam:*")), "depends"),  # on what runs as the role
        (user("x", allow("*"), deny("*")), "no"),
        (user("x", allow("*"), deny("organizations:*")), "admin"),
        (user("x", allow("*", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})), "depends"),
        (user("x", allow("iam:PutUserPolicy", f"arn:aws:iam::{ACCOUNT}:user/${{aws:username}}")), "yes"),
        (user("x", allow("iam:PutUserPolicy", f"arn:aws:iam::{ACCOUNT}:user/dev/*")), "no"),
        (user("x", allow("iam:AttachUserPolicy", Condition={"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/ReadOnlyAccess"}})), "no"),
        (user("x", allow("iam:AttachUserPolicy", Condition={"ArnLike": {"iam:PolicyARN": "arn:aws:iam::aws:policy/*"}})), "yes"),
        (user("x", allow("iam:PassRole"), allow("ec2:RunInstances")), "yes"),
        (user("x", allow("iam:PassRole"), allow("lambda:CreateFunction"), allow("lambda:InvokeFunction")), "no"),  # nothing trusts Lambda
        (user("x", allow("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/app-*"), allow("ec2:RunInstances")), "no"),
        (user("x", allow("iam:PassRole", Condition={"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}), allow("ec2:RunInstances")), "no"),
        (user("x", allow("iam:PassRole", Condition={"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}), allow("ec2:RunInstances")), "yes"),
        (user("x", allow("iam:PassRole"), allow("ec2:RunInstances"), deny("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/admin")), "no"),
        (user("x", allow("iam:UpdateAssumeRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/admin")), "yes"),
        (user("x", allow("sts:AssumeRole")), "no"),  # the role lets EC2 in, and nobody else
        (user("x", allow("iam:PassRole"), allow("ec2:RunInstances", Condition={"StringEquals": {"aws:RequestedRegion": "us-east-1"}})), "yes"),
        (user("x", allow("iam:PassRole"), allow("ec2:RunInstances", Condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}})), "depends"),
    ],
)  # fmt: skip
def test_one_user_beside_a_role_for_instances_that_is_an_administrator(x, expected):
    assert outcome(x, ADMIN).outcome == expected


LIMIT = policy("limit", allow("s3:*"))


@pytest.mark.parametrize(
    ("boundary", "statements", "expected"),
    [
        (policy("limit", allow("s3:*")), [allow("*")], "no"),
        (policy("limit", allow("*")), [allow("*")], "admin"),
        (
            policy("limit", allow(["s3:*", "iam:PutUserPolicy"])),
            [allow("iam:*")],
            "no",
        ),  # whatever it gives itself stays inside
        (policy("limit", allow(["iam:PutUserPolicy", "iam:DeleteUserPermissionsBoundary"])), [allow("iam:*")], "yes"),
        (policy("limit", allow(["iam:PutUserPolicy", "iam:CreatePolicyVersion"])), [allow("iam:*")], "yes"),
    ],
)
def test_boundaries(boundary, statements, expected):
    assert outcome(user("x", *statements, boundary="limit"), policies=[boundary]).outcome == expected


def test_a_version_that_is_not_in_force_counts_for_who_may_choose_it():
    mine = allow("iam:SetDefaultPolicyVersion")
    x = user("x", attached=["p"])
    assert outcome(x, policies=[policy("p", mine, versions=[allow("*")])]).outcome == "yes"
    x = user("x", attached=["p"])
    assert outcome(x, policies=[policy("p", mine, versions=[allow("s3:*")])]).outcome == "no"


def test_groups_pass_their_policies_on_and_can_be_joined():
    admins = group("admins", allow("*"))
    assert outcome(user("x", groups=["admins"]), admins).outcome == "admin"
    joined = outcome(user("x", allow("iam:AddUserToGroup", f"arn:aws:iam::{ACCOUNT}:group/admins")), admins)
    assert (joined.outcome, [step.sentence for step in joined.path]) == ("yes", ["can add itself to the group admins"])
    assert (
        outcome(user("x", allow("iam:AddUserToGroup", f"arn:aws:iam::{ACCOUNT}:group/others")), admins).outcome == "no"
    )


def test_a_chain_of_roles_is_followed_to_its_end():
    roles = [role(f"r{n}", trust=[trusting(f"arn:aws:iam::{ACCOUNT}:role/r{n - 1}")]) for n in range(1, 30)]
    last = role("r30", allow("*"), trust=[trusting(f"arn:aws:iam::{ACCOUNT}:role/r29")])
    first = role("r0", trust=[trusting(f"arn:aws:iam::{ACCOUNT}:user/x")])
    found = outcome(user("x"), first, *roles, last)
    assert found.outcome == "yes"
    assert [step.head.rsplit("/", 1)[-1] for step in found.path] == [f"r{n}" for n in range(31)]


def test_a_role_that_trusts_the_account_takes_a_policy_of_ones_own_and_one_that_names_one_does_not():
    open_role = role("open", allow("*"), trust=[trusting(ROOT)])
    assert outcome(user("x"), open_role).outcome == "no"
    assert outcome(user("x", allow("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/open")), open_role).outcome == "yes"
    named = role("named", allow("*"), trust=[trusting(f"arn:aws:iam::{ACCOUNT}:user/x")])
    assert outcome(user("x"), named).outcome == "yes"
    assert outcome(user("x", deny("sts:*")), named).outcome == "no"
    asked = role(
        "asked", allow("*"), trust=[trusting(ROOT, Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})]
    )
    found = outcome(user("x", allow("sts:AssumeRole")), asked)
    assert (found.outcome, found.asks) == ("depends", ("aws:MultiFactorAuthPresent",))


def test_whom_a_condition_on_tags_of_the_principal_lets_in():
    tagged = role(
        "admin", allow("*"), trust=[trusting(ROOT, Condition={"StringEquals": {"aws:PrincipalTag/team": "ops"}})]
    )
    x = user("x", allow("sts:AssumeRole"), Tags=[{"Key": "team", "Value": "ops"}])
    y = user("y", allow("sts:AssumeRole"), Tags=[{"Key": "team", "Value": "web"}])
    assert outcome(x, y, tagged).outcome == "yes"
    assert outcome(x, y, tagged, name="y").outcome == "no"


def test_service_linked_roles_are_nobody():
    linked = role("AWSServiceRoleForX", allow("*"), trust=[trusting("ec2.amazonaws.com", "Service")], profile=True)
    linked["Path"] = "/aws-service-role/x.amazonaws.com/"
    found = escalations(account_graph(of(user("x", allow(["iam:PassRole", "ec2:RunInstances"])), linked)))
    assert [(each.principal.name, each.outcome) for each in found] == [("x", "no")]


def sso(name, *statements):
    """A role as IAM Identity Center makes it of a permission set."""
    provider = f"arn:aws:iam::{ACCOUNT}:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE"
    trust = {
        "Effect": "Allow",
        "Principal": {"Federated": provider},
        "Action": ["sts:AssumeRoleWithSAML", "sts:TagSession"],
    }
    made = role(f"AWSReservedSSO_{name}_0123456789abcdef", *statements, trust=[trust])
    return {**made, "Path": "/aws-reserved/sso.amazonaws.com/"}


@pytest.mark.parametrize(
    ("rights", "expected"),
    [
        # Such a role is changed by its permission set and by nothing in the account.
        ("iam:UpdateAssumeRolePolicy", "no"),
        ("iam:PutRolePolicy", "no"),
        (["sts:AssumeRole", "sts:AssumeRoleWithSAML"], "no"),
        ("iam:CreatePolicyVersion", "no"),
    ],
)
def test_a_role_of_iam_identity_center_cannot_be_taken_from_inside_the_account(rights, expected):
    assert outcome(user("x", allow(rights)), sso("Admin", allow("*"))).outcome == expected
    found = escalations(account_graph(of(sso("Some", allow("iam:PutRolePolicy")), sso("Admin", allow("*")))))
    assert [each.outcome for each in found] == ["admin", "no"]


def test_a_policy_that_was_not_read_may_allow_and_may_deny():
    x = user("x", attached=["gone"])
    assert outcome(x).outcome == "unknown"
    y = outcome(user("x", allow("*"), attached=["gone"]))
    assert (y.outcome, y.asks) == ("depends", ("an attached policy that could not be read",))


def test_a_managed_policy_of_aws_that_was_not_read_takes_nothing_away():
    """AWS: those of its managed policies that deny (AWSDenyAll, AWSCompromisedKeyQuarantine) say so in their names."""
    arns = {"ReadOnlyAccess": "admin", "AWSDenyAll": "depends", "AWSCompromisedKeyQuarantineV3": "depends"}
    for name, expected in arns.items():
        x = user("x", allow("*"))
        x["AttachedManagedPolicies"] = [{"PolicyName": name, "PolicyArn": f"arn:aws:iam::aws:policy/{name}"}]
        assert outcome(x).outcome == expected


def test_an_instance_that_runs_as_the_role_is_needed_once_instances_were_read():
    profile = f"arn:aws:iam::{ACCOUNT}:instance-profile/admin"
    x = user("x", allow(["ec2:ModifyInstanceAttribute", "ec2:StopInstances", "ec2:StartInstances"]))
    machine = {"InstanceId": "i-1", "State": {"Name": "running"}, "IamInstanceProfile": {"Arn": profile}}

    def found(instances):
        more = {("ec2", "describe_instances"): {"Reservations": [{"Instances": instances}]}}
        graph = account_graph(of(x, ADMIN), more, ("AWS::EC2::Instance",))
        return next(each for each in escalations(graph) if each.principal.name == "x")

    assert found([machine]).outcome == "yes"
    assert found([]).outcome == "no"
    unread = outcome(x, ADMIN)
    assert (unread.outcome, unread.asks) == ("depends", ("whether any instance uses the role",))


def test_may_asks_groups_boundaries_and_what_hangs_on_the_resource():
    graph = account_graph(
        of(user("x", groups=["g"], boundary="limit"), group("g", allow(["s3:*", "ec2:*"])), policies=[LIMIT])
    )
    x = graph.of_type("AWS::IAM::User")[0]
    assert may(graph, x, "s3:GetObject", "arn:aws:s3:::b/k").verdict == "kept"
    answer = may(graph, x, "ec2:RunInstances", "*")
    assert (answer.verdict, answer.because) == ("broken", "the permissions boundary does not allow it")
    assert may(graph, x, "kms:Decrypt", f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1").verdict == "unknown"
    assert identity(graph, x) is identity(graph, x)


MINE = f"arn:aws:iam::{ACCOUNT}:user/x"


@pytest.mark.parametrize(
    ("rights", "trust", "expected"),
    [
        # Making somebody an administrator helps whoever can be that somebody.
        ("iam:AttachRolePolicy", MINE, "yes"),
        ("iam:PutRolePolicy", MINE, "yes"),
        ("iam:CreatePolicyVersion", MINE, "yes"),
        (["iam:PutRolePolicy", "sts:AssumeRole"], ROOT, "yes"),
        (["iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy"], f"arn:aws:iam::{ACCOUNT}:user/other", "yes"),
        (["iam:CreatePolicyVersion", "iam:UpdateAssumeRolePolicy"], f"arn:aws:iam::{ACCOUNT}:user/other", "yes"),
        ("iam:PutRolePolicy", ROOT, "depends"),
        ("iam:PutRolePolicy", f"arn:aws:iam::{ACCOUNT}:user/other", "depends"),
        (["iam:PutUserPolicy", "iam:CreateAccessKey"], MINE, "yes"),
    ],
)
def test_raising_somebody_whom_one_can_become(rights, trust, expected):
    r = role("r", trust=[trusting(trust)], attached=["held"])
    x = user("x", allow(rights), deny("iam:PutUserPolicy", MINE))
    found = outcome(x, user("other"), r, policies=[policy("held", allow("s3:ListAllMyBuckets"))])
    assert found.outcome == expected
    assert len(found.path) == 1


def test_only_the_policy_that_may_be_rewritten_raises_its_holder():
    r = role("r", trust=[trusting(MINE)], attached=["held"])
    held, other = policy("held", allow("s3:ListAllMyBuckets")), policy("other", allow("s3:ListAllMyBuckets"))
    closed = user("x", allow("iam:CreatePolicyVersion"), deny("iam:CreatePolicyVersion", policy_arn("held")))
    assert outcome(closed, r, policies=[held, other]).outcome == "depends"  # `other` may be somebody's
    assert (
        outcome(user("x", allow("iam:CreatePolicyVersion", policy_arn("held"))), r, policies=[held, other]).outcome
        == "yes"
    )


def test_who_may_raise_many_and_become_few_is_not_held_against_every_role():
    """Ranges of ARNs meet: with twice as many principals and roles it is twice the work, and not four times."""

    def judged(size):
        people = [
            user(f"u{n}", allow("iam:PutRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/a{n}*"), allow("sts:AssumeRole"))
            for n in range(size)
        ]
        graph = account_graph(of(*people, *(role(f"r{n}", trust=[trusting(ROOT)]) for n in range(size))))
        assert {each.outcome for each in escalations(graph)} == {"no"}

    judged(160)  # what is kept of a text is kept from here on
    assert steps(lambda: judged(160)) < 2.2 * steps(lambda: judged(80))


def test_raising_somebody_whom_one_cannot_become_is_no_way_by_itself():
    r = role("r", trust=[trusting(MINE)])
    closed = user("x", allow("iam:PutRolePolicy"), deny("iam:PutRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/r"))
    assert outcome(closed, r).outcome == "no"


def ids(ways):
    return [way.id for way in ways]


@pytest.mark.parametrize("way", PASSES, ids=ids(PASSES))
def test_a_role_that_is_passed_makes_an_administrator_and_each_right_is_needed(way):
    who = "Federated" if way.service in PROVIDERS else "Service"
    action = "sts:AssumeRoleWithWebIdentity" if who == "Federated" else "sts:AssumeRole"
    trust = {"Effect": "Allow", "Principal": {who: way.service}, "Action": action}
    target = role("boss", allow("*"), trust=[trust], profile=way.profile)
    rights = ("iam:PassRole", *way.actions)
    found = outcome(user("x", allow(list(rights))), target)
    assert found.outcome == ("depends" if way.asks else "yes")
    assert found.asks == ((way.asks,) if way.asks else ())
    for missing in rights:
        left = [right for right in rights if right != missing]
        paths = outcome(user("x", allow(left)), target).path
        assert all(step.way != way.id for step in paths), f"{way.id} without {missing}"
    stranger = role("boss", allow("*"), trust=[trusting("nobody.amazonaws.com", "Service")], profile=way.profile)
    assert outcome(user("x", allow(list(rights))), stranger).outcome == "no"


@pytest.mark.parametrize("way", RUNNING, ids=ids(RUNNING))
def test_what_runs_as_a_role_makes_an_administrator_and_each_right_is_needed(way):
    """Nothing that runs is listed here, so that this is what the answer depends on."""
    target = role("boss", allow("*"), trust=[trusting(way.service, "Service")])
    found = outcome(user("x", allow(list(way.actions))), target)
    assert found.outcome == "depends"
    assert any("uses the role" in text for text in found.asks)
    for missing in way.actions:
        left = [right for right in way.actions if right != missing]
        paths = outcome(user("x", allow(left)), target).path if left else ()
        assert all(step.way != way.id for step in paths), f"{way.id} without {missing}"


def test_a_role_of_a_pool_is_got_under_the_condition_that_its_trust_policy_asks():
    condition = {"StringEquals": {f"{COGNITO}:aud": "us-east-1:12345678-dead-beef-cafe-123456790ab"}}
    trust = {
        "Effect": "Allow",
        "Principal": {"Federated": COGNITO},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": condition,
    }
    x = user("x", allow(["iam:PassRole", "cognito-identity:SetIdentityPoolRoles"]))
    found = outcome(x, role("boss", allow("*"), trust=[trust]))
    assert found.outcome == "depends"
    assert f"{COGNITO}:aud" in found.asks


# What IAM calls by another name than the operation, or than boto3's service.
CLIENTS = {
    "elasticmapreduce": "emr", "sso": "sso-admin", "states": "stepfunctions", "scheduler": "scheduler", "airflow": "mwaa",
    "bedrock-agentcore": "bedrock-agentcore bedrock-agentcore-control",
}  # fmt: skip


@pytest.mark.contract
def test_every_action_of_the_table_is_an_operation_of_aws():
    """But those of services whose models the installed botocore does not carry yet."""
    session = botocore.session.get_session()
    known = set(session.get_available_services())
    asked = {action for way in (*CENTRAL, *OTHERS, *TAKES, *PASSES, *RUNNING) for action in way.actions}
    seen = 0
    for action in sorted(asked):
        prefix, _, name = action.partition(":")
        services = [each for each in CLIENTS.get(prefix, prefix).split() if each in known]
        operations = {op for each in services for op in session.get_service_model(each).operation_names}
        if operations:
            seen += 1
            assert {"InvokeFunction": "Invoke"}.get(name, name) in operations, action
    assert seen > 60


def test_the_table_of_ways_is_well_formed():
    for way in (*CENTRAL, *OTHERS, *TAKES, *PASSES, *RUNNING):
        assert all(":" in action for action in way.actions), way
        assert bool(way.service) is (way.on in ("pass", "running")), way
        assert bool(way.type) is (way.on == "running"), way
        assert way.sentence.format(target="t", thing="x").startswith("can "), way
    assert policy_arn("p").endswith(":policy/p")


def test_who_opens_a_shell_in_a_container_acts_as_its_task_role_and_not_as_the_one_it_is_started_with():
    where = f"arn:aws:ecs:us-east-1:{ACCOUNT}"
    cluster, service, task = f"{where}:cluster/web", f"{where}:service/web/api", f"{where}:task-definition/api:1"
    boss = role("boss", allow("*"), trust=[trusting("ecs-tasks.amazonaws.com", "Service")])
    x = user("x", allow("ecs:ExecuteCommand"))

    def found(place, definition=task):
        said = {"serviceArn": service, "clusterArn": cluster, "taskDefinition": definition}
        answers = {
            ("ecs", "list_clusters"): {"clusterArns": [cluster]},
            ("ecs", "list_services", ("cluster", cluster)): {"serviceArns": [service]},
            ("ecs", "describe_services", ("cluster", cluster), ("services", (service,)), ("include", ("TAGS",))): {
                "services": [said]
            },
            ("ecs", "list_task_definitions"): {"taskDefinitionArns": [task]},
            ("ecs", "describe_task_definition", ("taskDefinition", task)): {
                "taskDefinition": {"taskDefinitionArn": task, "containerDefinitions": [], place: boss_arn}
            },
            ("ecs", "list_tags_for_resource", ("resourceArn", task)): {"tags": []},
        }
        graph = account_graph(of(x, boss), answers, ("AWS::ECS::Service", "AWS::ECS::TaskDefinition"))
        return next(each for each in escalations(graph) if each.principal.name == "x").outcome

    boss_arn = f"arn:aws:iam::{ACCOUNT}:role/boss"
    assert found("taskRoleArn") == "yes"
    assert found("executionRoleArn") == "no"
    assert found("taskRoleArn", f"{where}:task-definition/other:1") == "no"
    assert outcome(x, boss).outcome == "depends"
