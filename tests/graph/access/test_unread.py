"""Law 1 for identity: hiding a property may make an answer unknown, and never turns it; what is certain decides."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.checks.predicates.identity import no_admin, policy_not_public, resource_policy_closed, trust_closed
from auditor.graph.access import may
from auditor.graph.access.becoming.escalation import escalations
from auditor.graph.access.who import BLOCK, who_can
from auditor.graph.build import build
from auditor.model import Answer, Gap, Inventory, Resource
from auditor.resources import load
from tests.graph.access.account import ACCOUNT, allow, deny, trusting
from tests.work import steps

REGION, OTHER = "us-east-1", "999988887777"
ROLE, USER, GROUP, POLICY = (f"AWS::IAM::{noun}" for noun in ("Role", "User", "Group", "ManagedPolicy"))
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
OBJECT = "arn:aws:s3:::photos/a.jpg"
# Every property that the identity engine looks into.
LOOKED_INTO = {
    ROLE: ("AssumeRolePolicyDocument", "Policies", "ManagedPolicyArns", "PermissionsBoundary", "Path", "Tags",
           "Policies[PolicyName=own].PolicyDocument"),
    USER: ("Policies", "ManagedPolicyArns", "PermissionsBoundary", "Groups", "Path", "Tags"),
    GROUP: ("Policies", "ManagedPolicyArns"),
    POLICY: ("PolicyDocument", "Versions"),
    "AWS::S3::Bucket": ("AccessControlPolicy", "OwnershipControls", "PublicAccessBlockConfiguration"),
    "AWS::S3::BucketPolicy": ("PolicyDocument", "Bucket"),
    "AWS::KMS::Key": ("KeyPolicy", "Grants"),
    "AWS::Lambda::Permission": ("Principal", "Action", "SourceArn", "FunctionName", "FunctionUrlAuthType"),
    BLOCK: ("PublicAccessBlockConfiguration",),
}  # fmt: skip


def gap(cfn, subject, reason="denied"):
    return Gap(ACCOUNT, REGION, "iam", "get_it", "iam:GetIt", reason, (cfn,), "not allowed", subject)


def document(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def made(cfn, name, **properties):
    nouns = {"AWS::S3::Bucket": f"arn:aws:s3:::{name}", "AWS::S3::BucketPolicy": ""}
    service = cfn.split("::")[1].lower()
    noun = cfn.rpartition("::")[2].lower().replace("managedpolicy", "policy")
    region = "" if service == "iam" else REGION
    arn = nouns.get(cfn, f"arn:aws:{service}:{region}:{ACCOUNT}:{noun}/{name}")
    return Resource(cfn, name, ACCOUNT, REGION, arn, name, properties=properties)


def inline(*statements, name="own"):
    return {"PolicyName": name, "PolicyDocument": document(*statements)}


def graph_of(resources):
    types = load()
    return build(Inventory(list(resources), [], frozenset(types), (ACCOUNT,), (REGION,)), types)


def hiding(resources, number, path, reason="denied"):
    """The account with one property of one resource not read."""
    changed = copy.deepcopy(resources)
    one = changed[number]
    one.unknown[path] = gap(one.type, one.key, reason)
    if path == "Tags":
        one.tags.clear()
    elif "[" in path:
        one.properties["Policies"] = [
            {key: value for key, value in entry.items() if key != "PolicyDocument"}
            for entry in one.properties["Policies"]
        ]
    one.properties.pop(path, None)
    return changed


# ---- the answers, and what each may become


MAY = [("s3:GetObject", OBJECT), ("kms:Decrypt", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/K"), ("iam:PassRole", "")]
WHO = [*MAY[:2], ("lambda:InvokeFunction", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function/F")]
PREDICATES = {
    ROLE: (trust_closed, no_admin),
    USER: (no_admin,),
    POLICY: (no_admin,),
    "AWS::S3::BucketPolicy": (policy_not_public,),
    "AWS::KMS::Key": (resource_policy_closed,),
}
YES = {"allow": "yes", "kept": "yes", "admin": "yes", "yes": "yes"}
NO = {"deny": "no", "no": "no", "broken": "no"}


def answers(resources):
    """Every answer as yes, no or open, by question."""
    graph = graph_of(resources)
    out = {}
    for each in graph.of_type(ROLE, USER):
        out |= {("may", each.key, *asked): may(graph, each, *asked).verdict for asked in MAY}
    for action, arn in WHO:
        out |= {("who", each.who, action): each.answer for each in who_can(graph, action, arn)}
    out |= {("becomes", each.principal.key): each.outcome for each in escalations(graph)}
    for resource in resources:
        for ask in PREDICATES.get(resource.type, ()):
            found = ask(graph, resource)
            verdicts = {each.verdict for each in ([found] if isinstance(found, Answer) else found)}
            worst = next(each for each in ("broken", "unknown", "kept") if each in verdicts)
            out["predicate", resource.key, resource.id, ask.__name__] = worst
    return {question: YES.get(answer) or NO.get(answer) or "open" for question, answer in out.items()}


def turned(before, after):
    """The questions whose answer became another one, and not an open one."""
    out = []
    for question in before.keys() | after.keys():
        one, other = before.get(question), after.get(question)
        if other is None and question[0] == "who":  # whom an unread policy names stands for everybody it could name
            other = after.get(("who", "*", question[2]))
        if one is None:
            one = "no"
        if other not in (one, "open") and not (one == "no" and other is None):
            out.append((question, one, other))
    return out


# ---- small accounts


STATEMENTS = [
    allow("*"), allow("s3:GetObject", "arn:aws:s3:::photos/*"), deny("s3:*"), deny("iam:*"), allow("kms:Decrypt"),
    allow("sts:AssumeRole"), allow("iam:PutRolePolicy"), allow(["iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion"]),
    deny("sts:AssumeRole"), allow("s3:*", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
    allow(["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"]),
    allow("s3:GetObject", Condition={"StringEquals": {"aws:PrincipalTag/team": "red"}}),
]  # fmt: skip
policies = st.lists(st.sampled_from(STATEMENTS), max_size=2)
TRUSTS = [
    trusting(ROOT), trusting("*"), trusting(OTHER), trusting("lambda.amazonaws.com", "Service"),
    trusting(f"arn:aws:iam::{ACCOUNT}:user/ann"), {**trusting("*"), "Effect": "Deny"},
]  # fmt: skip
trusts = st.lists(st.sampled_from(TRUSTS), max_size=2)
PRINCIPALS = ["*", {"AWS": ROOT}, {"AWS": OTHER}, {"AWS": f"arn:aws:iam::{ACCOUNT}:role/app"}]
BUCKET_STATEMENTS = [
    {"Effect": effect, "Principal": who, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::photos/*"}
    for effect in ("Allow", "Deny")
    for who in PRINCIPALS
]
KEY_STATEMENTS = [
    {"Effect": effect, "Principal": who, "Action": "kms:*", "Resource": "*"}
    for effect in ("Allow", "Deny")
    for who in PRINCIPALS
]
maybe = st.booleans()


@st.composite
def accounts(draw):
    arn = f"arn:aws:iam::{ACCOUNT}:policy/shared"
    attached = st.sampled_from([[], [arn]])
    boundary = st.sampled_from([{}, {}, {"PermissionsBoundary": f"arn:aws:iam::{ACCOUNT}:policy/limit"}])

    def principal(cfn, name, **more):
        own = draw(policies)
        return made(cfn, name, Policies=[inline(*own)] if own else [], ManagedPolicyArns=draw(attached), **more)

    found = [
        principal(ROLE, name, AssumeRolePolicyDocument=document(*draw(trusts)), **draw(boundary), Path="/")
        for name in ("app", "ops")
    ]
    found.append(principal(USER, "ann", Groups=draw(st.sampled_from([[], ["team"]])), **draw(boundary), Path="/"))
    found.append(principal(GROUP, "team"))
    versions = [{"VersionId": "v2", "Document": document(allow("*"))}] if draw(maybe) else []
    found.append(made(POLICY, "shared", PolicyDocument=document(*draw(policies)), Versions=versions))
    found.append(made(POLICY, "limit", PolicyDocument=document(*draw(policies)), Versions=[]))
    for each in found[:2]:
        each.tags.update({"team": draw(st.sampled_from(["red", "blue"]))})
    block = {"PublicAccessBlockConfiguration": {"RestrictPublicBuckets": draw(maybe), "IgnorePublicAcls": draw(maybe)}}
    owned = {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}} if draw(maybe) else {}
    everybody = {"Grantee": {"URI": "http://acs.amazonaws.com/groups/global/AllUsers"}, "Permission": "FULL_CONTROL"}
    listed = {"AccessControlPolicy": {"Owner": {"ID": "me"}, "Grants": [everybody]}} if draw(maybe) else {}
    found.append(made("AWS::S3::Bucket", "photos", **(block if draw(maybe) else {}), **owned, **listed))
    statements = draw(st.lists(st.sampled_from(BUCKET_STATEMENTS), max_size=2))
    if statements:
        found.append(made("AWS::S3::BucketPolicy", "P", Bucket="photos", PolicyDocument=document(*statements)))
    found.append(made(BLOCK, "block", **block))
    statements = draw(st.lists(st.sampled_from(KEY_STATEMENTS), min_size=1, max_size=2))
    found.append(made("AWS::KMS::Key", "K", KeyPolicy=document(*statements), Grants=[]))
    found.append(made("AWS::Lambda::Function", "F", FunctionName="F"))
    permission = {
        "FunctionName": "F",
        "Action": "lambda:InvokeFunction",
        "Principal": draw(st.sampled_from(["*", OTHER])),
    }
    narrow = {"SourceArn": "arn:aws:s3:::photos"} if draw(maybe) else {"FunctionUrlAuthType": "NONE"}
    found.append(made("AWS::Lambda::Permission", "Q", **permission, **narrow))
    return found


def test_what_an_unread_policy_may_allow_is_not_followed_over_every_way_of_every_principal():
    """Of all ways from one principal to another only the first is told, so no more is kept and looked at again."""
    shared = f"arn:aws:iam::{ACCOUNT}:policy/shared"
    people = [
        made(USER, "ann", Policies=[inline(allow("iam:PutRolePolicy"))], ManagedPolicyArns=[shared], Groups=[], Path="/"),
        made(ROLE, "ops", Policies=[inline(deny("s3:*"), allow("iam:PutRolePolicy"))], ManagedPolicyArns=[shared],
             AssumeRolePolicyDocument=document(trusting("lambda.amazonaws.com", "Service")), Path="/"),
    ]  # fmt: skip
    account = [*people, made(POLICY, "shared", Versions=[])]
    account[2].unknown["PolicyDocument"] = gap(POLICY, account[2].key)
    assert steps(lambda: escalations(graph_of(account))) < 10_000_000


@settings(max_examples=10, deadline=None)
@given(accounts(), st.sampled_from(["denied", "unresolved"]))
def test_hiding_a_property_never_turns_an_answer(account, reason):
    before = answers(account)
    for number, resource in enumerate(account):
        for path in LOOKED_INTO.get(resource.type, ()):
            after = answers(hiding(account, number, path, reason))
            assert not turned(before, after), (resource.id, path)


# ---- what is certain decides

MINE = f"arn:aws:iam::{ACCOUNT}:role/app"
WHOLE = inline(allow("*"), name="whole")
HALF = {"PolicyName": "own"}  # its document was not read
OWN = "Policies[PolicyName=own].PolicyDocument"
LIMIT = {"PermissionsBoundary": f"arn:aws:iam::{ACCOUNT}:policy/limit"}
READS = inline(allow("s3:GetObject"), name="reads")
CLOSED = inline(deny("s3:*"), name="closed")


def app(unread, *policies, **more):
    one = made(ROLE, "app", Policies=list(policies), ManagedPolicyArns=[], AssumeRolePolicyDocument=document(), **more)
    for path in unread:
        one.properties.pop(path, None)
        one.unknown[path] = gap(ROLE, one.key)
    return one


def outcome(*resources):
    return {each.principal.name: each.outcome for each in escalations(graph_of(resources))}["app"]


@pytest.mark.parametrize(
    ("role", "may_read", "becomes"),
    [
        (app([], READS), "kept", "no"),
        (app([]), "broken", "no"),
        # an inline policy that was not read may allow, and may deny
        (app([OWN], HALF), "unknown", "unknown"),
        (app([OWN], HALF, READS), "unknown", "unknown"),
        (app([OWN], HALF, WHOLE), "unknown", "depends"),
        (app(["Policies"]), "unknown", "unknown"),
        # AWS: an explicit denial in any policy decides
        (app([OWN], HALF, CLOSED), "broken", "unknown"),
        (app(["PermissionsBoundary"], READS, CLOSED), "broken", "no"),
        # AWS: a boundary takes away and gives nothing
        (app(["PermissionsBoundary"]), "broken", "no"),
        (app(["PermissionsBoundary"], READS), "unknown", "no"),
        (app(["PermissionsBoundary"], WHOLE), "unknown", "depends"),
        (app([], READS, **LIMIT), "unknown", "no"),  # the boundary's policy is not there
        (app([], **LIMIT), "broken", "no"),
        # the trust policy and the tags say nothing of what the role itself may do
        (app(["AssumeRolePolicyDocument"], READS), "kept", "no"),
    ],
)
def test_what_was_read_decides_where_nothing_unread_could_undo_it(role, may_read, becomes):
    graph = graph_of([role, made("AWS::S3::Bucket", "photos")])
    assert may(graph, role, "s3:GetObject", OBJECT).verdict == may_read
    assert outcome(role) == becomes


def test_an_answer_that_hangs_on_an_unread_policy_names_its_gap():
    role = app([OWN], HALF, READS)
    found = may(graph_of([role]), role, "s3:GetObject", OBJECT)
    assert found.gaps == (gap(ROLE, role.key),)
    assert "an inline policy that could not be read" in found.because
    (reach,) = who_can(graph_of([role]), "s3:GetObject", OBJECT)
    assert (reach.answer, reach.gaps) == ("unknown", found.gaps)


def test_who_can_become_somebody_unread_is_not_known_either():
    """Whoever certainly becomes a role of which the policies were not read may become an administrator with it."""
    target = app(["Policies"])
    target.properties["AssumeRolePolicyDocument"] = document(trusting(ROOT))
    ann = made(USER, "ann", Policies=[inline(allow("sts:AssumeRole"))], ManagedPolicyArns=[], Groups=[])
    ben = made(USER, "ben", Policies=[], ManagedPolicyArns=[], Groups=[])
    found = {each.principal.name: each for each in escalations(graph_of([target, ann, ben]))}
    assert {name: each.outcome for name, each in found.items()} == {"app": "unknown", "ann": "unknown", "ben": "no"}
    assert [step.sentence for step in found["ann"].path] == ["can assume app"]
    assert found["ann"].gaps == (gap(ROLE, target.key),)


def test_a_trust_policy_that_was_not_read_may_let_anybody_in():
    target = app(["AssumeRolePolicyDocument"], WHOLE)
    ann = made(USER, "ann", Policies=[], ManagedPolicyArns=[], Groups=[])
    found = {each.principal.name: each for each in escalations(graph_of([target, ann]))}
    assert found["ann"].outcome == "depends"
    assert found["ann"].asks == ("a trust policy that could not be read",)


def verdicts(predicate, resource):
    found = predicate(graph_of([resource]), resource)
    return sorted({each.verdict for each in ([found] if isinstance(found, Answer) else found)})


def policy_with_one_unread_statement(cfn, path, *statements, **more):
    anybody = {"Effect": "Allow", "Principal": {"AWS": ["*"]}, "Action": ["*"], "Resource": ["*"]}
    one = made(cfn, "it", **{path: document(anybody, *statements)}, **more)
    one.unknown[f"{path}.Statement[0].Condition"] = gap(cfn, one.key, "unresolved")
    return one


@pytest.mark.parametrize(
    ("predicate", "cfn", "path", "breach", "harmless"),
    [
        (trust_closed, ROLE, "AssumeRolePolicyDocument", trusting(OTHER), trusting(MINE)),
        (no_admin, POLICY, "PolicyDocument", allow("*"), allow("s3:Get*")),
        (policy_not_public, "AWS::S3::BucketPolicy", "PolicyDocument", BUCKET_STATEMENTS[0], BUCKET_STATEMENTS[1]),
        (resource_policy_closed, "AWS::KMS::Key", "KeyPolicy", KEY_STATEMENTS[0], KEY_STATEMENTS[1]),
    ],
)
def test_a_certain_breach_beside_an_unread_statement_is_broken(predicate, cfn, path, breach, harmless):
    assert verdicts(predicate, policy_with_one_unread_statement(cfn, path, breach)) == ["broken"]
    assert verdicts(predicate, policy_with_one_unread_statement(cfn, path, harmless)) == ["unknown"]


def test_a_breach_beside_something_unread_has_no_remedy_that_writes_the_whole_document():
    """Law 9: what was not read would be lost by it."""
    one = policy_with_one_unread_statement(ROLE, "AssumeRolePolicyDocument", trusting(OTHER), trusting(MINE))
    (found,) = trust_closed(graph_of([one]), one)
    assert (found.verdict, found.changes) == ("broken", ())


ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"


@pytest.mark.parametrize(
    ("policies", "attached", "unread", "expected"),
    [
        ([HALF], [ADMIN], [OWN], ["broken", "unknown"]),
        ([HALF, WHOLE], [], [OWN], ["broken", "kept", "unknown"]),
        ([HALF, READS], [], [OWN], ["kept", "unknown"]),
        ([WHOLE], [], ["ManagedPolicyArns"], ["broken", "unknown"]),
        ([], [ADMIN], ["Policies"], ["broken", "unknown"]),
    ],
)
def test_an_administrator_policy_that_was_read_is_broken_whatever_else_is_held(policies, attached, unread, expected):
    one = made(ROLE, "it", Policies=policies, ManagedPolicyArns=attached, AssumeRolePolicyDocument=document())
    for path in unread:
        one.properties.pop(path, None)
        one.unknown[path] = gap(ROLE, one.key)
    assert verdicts(no_admin, one) == expected


def test_the_resources_whose_policies_are_apart_hide_what_is_attached_to_whom():
    """A bucket policy of which nobody knows the bucket may be about any, and may deny."""
    bucket, policy = made("AWS::S3::Bucket", "photos"), made("AWS::S3::BucketPolicy", "P", PolicyDocument=document())
    policy.unknown["Bucket"] = gap(policy.type, policy.key, "unresolved")
    role = app([], READS)
    assert may(graph_of([role, bucket]), role, "s3:GetObject", OBJECT).verdict == "kept"
    assert may(graph_of([role, bucket, policy]), role, "s3:GetObject", OBJECT).verdict == "unknown"
    closed = app([], READS, CLOSED)
    assert may(graph_of([closed, bucket, policy]), closed, "s3:GetObject", OBJECT).verdict == "broken"
