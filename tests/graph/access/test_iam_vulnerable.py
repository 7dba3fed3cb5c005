"""The escalation paths that iam-vulnerable publishes, and its principals that only look dangerous, as one account."""

import html
import re

import botocore.loaders
import pytest

from auditor.graph.access.becoming.escalation import escalations
from tests.graph.access.account import LISTS, account_graph
from tests.graph.access.truths import truth

PARTS = truth("iam/iam_vulnerable.json")
DETAILS = {name: [each for part in PARTS.values() for each in part["authorization_details"][name]] for name in LISTS}
LABELS = {name: label for part in PARTS.values() for name, label in part["expected_can_reach_admin"].items()}

# Where the label says "can", and the account as it is written down leaves something open: the operation that decides,
# AWS's words for it, and what follows. The words are those of the API reference, which botocore carries: a test looks.
RUNNING = {
    "privesc-CloudFormationUpdateStack": ("cloudformation", "UpdateStack", "uses the role that was previously associated with the stack", "no stack is listed"),
    "privesc-ec2InstanceConnect": ("ec2-instance-connect", "SendSSHPublicKey", "Pushes an SSH public key to the specified EC2 instance", "no instance is listed"),
    "privesc-sageMakerCreatePresignedNotebookURL": ("sagemaker", "CreatePresignedNotebookInstanceUrl", "to connect to the Jupyter server from a notebook instance", "none is listed"),
    "privesc-ssmSendCommand": ("ssm", "SendCommand", "Runs commands on one or more managed nodes", "none is listed"),
    "privesc-ssmStartSession": ("ssm", "StartSession", "Initiates a connection to a target (for example, a managed node)", "none is listed"),
    "privesc17-EditExistingLambdaFunctionWithRole": ("lambda", "UpdateFunctionCode", "The name or ARN of the Lambda function", "no function is listed"),
    "privesc19-UpdateExistingGlueDevEndpoint": ("glue", "UpdateDevEndpoint", "Updates a specified development endpoint", "none is listed"),
}  # fmt: skip
PASSWORDS = {
    "privesc5-CreateLoginProfile": ("iam", "CreateLoginProfile", "Creates a password for the specified IAM user",
                                    "it fails where the user has one (EntityAlreadyExists), which the account's details do not tell"),
    "privesc6-UpdateLoginProfile": ("iam", "UpdateLoginProfile", "Changes the password for the specified IAM user",
                                    "it fails where the user has none (NoSuchEntity), which the account's details do not tell"),
}  # fmt: skip
# The lab hangs each policy on a user and on a role. On the wrong one of the two it changes somebody else's permissions.
SOMEBODY_ELSE = {
    "privesc10-PutUserPolicy-role": ("iam", "PutUserPolicy", "an inline policy document that is embedded in the specified IAM user", "a role is no user"),
    "privesc11-PutGroupPolicy-role": ("iam", "PutGroupPolicy", "embedded in the specified IAM group", "only users are in groups"),
    "privesc13-AddUserToGroup-role": ("iam", "AddUserToGroup", "Adds the specified user to the specified group", "a role is no user"),
    "privesc7-AttachUserPolicy-role": ("iam", "AttachUserPolicy", "Attaches the specified managed policy to the specified user", "a role is no user"),
    "privesc8-AttachGroupPolicy-role": ("iam", "AttachGroupPolicy", "Attaches the specified managed policy to the specified IAM group", "only users are in groups"),
    "privesc12-PutRolePolicy-user": ("iam", "PutRolePolicy", "embedded in the specified IAM role", "no role lets this user in"),
    "privesc9-AttachRolePolicy-user": ("iam", "AttachRolePolicy", "Attaches the specified managed policy to the specified IAM role", "no role lets this user in"),
}  # fmt: skip
OPEN = {
    f"{name}-{kind}": why for name, why in {**RUNNING, **PASSWORDS}.items() for kind in ("user", "role")
} | SOMEBODY_ELSE

# Where we say no against the label.
VERSION = ("iam", "SetDefaultPolicyVersion", "Sets the specified version of the specified policy as the policy's default (operative) version",
           "every policy of the account has the one version that is the default already")  # fmt: skip
DISAGREED = {
    "privesc-AssumeRole-start-user": ("sts", "AssumeRole", "Returns a set of temporary security credentials",
                                      "the first role's trust policy names another user, and no policy of this one allows anything"),
    "privesc2-SetExistingDefaultPolicyVersion-user": VERSION,
    "privesc2-SetExistingDefaultPolicyVersion-role": VERSION,
}  # fmt: skip


@pytest.mark.contract
@pytest.mark.parametrize(
    ("service", "operation", "words"), sorted({why[:3] for why in (*OPEN.values(), *DISAGREED.values())})
)
def test_the_words_are_those_of_aws(service, operation, words):
    model = botocore.loaders.create_loader().load_service_model(service, "service-2")
    described = model["operations"][operation]
    members = model["shapes"][described["input"]["shape"]]["members"].values()
    text = " ".join([described["documentation"], *(each.get("documentation", "") for each in members)])
    assert words in re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", text)))


@pytest.fixture(scope="module")
def found():
    return {each.principal.name: each for each in escalations(account_graph(DETAILS))}


def test_every_principal_has_an_answer(found):
    assert set(found) == set(LABELS)
    assert sum(label is True for label in LABELS.values()) == 67 + 8


@pytest.mark.parametrize("name", sorted(name for name, label in LABELS.items() if label))
def test_who_can_become_an_administrator_is_said_to(found, name):
    escalation = found[name]
    if name in DISAGREED:
        assert escalation.outcome == "no", DISAGREED[name]
    elif name in OPEN:
        assert escalation.outcome == "depends", OPEN[name]
        assert escalation.asks
    else:
        assert escalation.outcome in ("admin", "yes")
        assert not escalation.asks
    assert escalation.outcome in ("admin", "no") or all(step.sentence for step in escalation.path)


@pytest.mark.parametrize("name", sorted(name for name, label in LABELS.items() if label is False))
def test_who_only_looks_dangerous_is_not(found, name):
    assert found[name].outcome == "no"


def test_paths_are_the_shortest_and_end_at_an_administrator(found):
    path = found["privesc-AssumeRole-starting-role"].path
    assert [step.sentence for step in path] == [
        "can assume privesc-AssumeRole-intermediate-role",
        "can assume privesc-AssumeRole-ending-role",
    ]
    for escalation in found.values():
        for step, following in zip(escalation.path, escalation.path[1:], strict=False):
            assert step.head == following.tail
        if escalation.path and escalation.path[-1].head:
            assert found[escalation.path[-1].head.rsplit("/", 1)[-1]].outcome == "admin"


ROLE = "arn:aws:iam::111122223333:role/privesc-high-priv-service-role"
# What the lab's second half starts as the service role: its type, the answers that tell of one and of none.
STARTED = {
    "privesc17-EditExistingLambdaFunctionWithRole": (
        "AWS::Lambda::Function",
        {("lambda", "list_functions"): {"Functions": [{"FunctionName": "lab", "FunctionArn": "arn:aws:lambda:us-east-1:111122223333:function:lab", "Role": ROLE}]}},
        {("lambda", "list_functions"): {"Functions": []}},
    ),
    "privesc19-UpdateExistingGlueDevEndpoint": (
        "AWS::Glue::DevEndpoint",
        {("glue", "get_dev_endpoints"): {"DevEndpoints": [{"EndpointName": "lab", "RoleArn": ROLE}]}},
        {("glue", "get_dev_endpoints"): {"DevEndpoints": []}},
    ),
    "privesc-sageMakerCreatePresignedNotebookURL": (
        "AWS::SageMaker::NotebookInstance",
        {
            ("sagemaker", "list_notebook_instances"): {"NotebookInstances": [
                {"NotebookInstanceName": "lab", "NotebookInstanceArn": "arn:aws:sagemaker:us-east-1:111122223333:notebook-instance/lab"}
            ]},
            ("sagemaker", "describe_notebook_instance", ("NotebookInstanceName", "lab")): {"RoleArn": ROLE},
        },
        {("sagemaker", "list_notebook_instances"): {"NotebookInstances": []}},
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", ["user", "role"])
@pytest.mark.parametrize("name", STARTED)
def test_what_runs_decides(name, kind):
    """With what the lab starts the answer is sure; where nothing of that type runs, there is no way by it."""
    cfn, there, none = STARTED[name]

    def outcome(answers):
        found = {each.principal.name: each for each in escalations(account_graph(DETAILS, answers, (cfn,)))}
        return found[f"{name}-{kind}"].outcome

    assert (outcome(there), outcome(none)) == ("yes", "no")


def test_how_many_agree(found):
    """The figures of the labels, so that a change shows; of each that is not sure the reason stands above."""
    assert figures(found) == {"yes": 47, "depends": 25, "no": 3}
    answers = {call: answer for _, there, _ in STARTED.values() for call, answer in there.items()}
    graph = account_graph(DETAILS, answers, [cfn for cfn, _, _ in STARTED.values()])
    with_the_lab = {each.principal.name: each for each in escalations(graph)}
    assert figures(with_the_lab) == {"yes": 53, "depends": 19, "no": 3}


def figures(found):
    counted = {"yes": 0, "depends": 0, "no": 0}
    for name in (name for name, label in LABELS.items() if label):
        outcome = found[name].outcome
        counted["yes" if outcome == "admin" else outcome] += 1
    return counted
