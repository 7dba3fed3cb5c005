"""The elements of a list beside what of it was not read: a gap hides the element it is in, and no other."""

import pytest

from auditor.graph.access.held.entries import certain, entries
from auditor.graph.access.policy.callers import path_of
from auditor.model import Gap, Resource

A, B = {"PolicyName": "a", "PolicyDocument": {}}, {"PolicyName": "b", "PolicyDocument": {}}


def gap(text):
    return Gap("1", "r", "iam", "get_it", "iam:GetIt", "denied", (), text)


def role(policies, *unread, **more):
    properties = {} if policies is None else {"Policies": policies}
    return Resource(
        "AWS::IAM::Role", "r", "1", "r", properties=properties, unknown={each: gap(each) for each in unread}, **more
    )


@pytest.mark.parametrize(
    ("policies", "unread", "read", "hidden"),
    [
        ([A, B], (), [A, B], []),
        (None, (), [], []),
        (None, ("Policies",), [], ["Policies"]),
        # there may be more than what was read
        ([A], ("Policies",), [A], ["Policies"]),
        ([A, B], ("Policies[PolicyName=a].PolicyDocument",), [B], ["Policies[PolicyName=a].PolicyDocument"]),
        ([A, B], ("Policies[1].PolicyDocument",), [A], ["Policies[1].PolicyDocument"]),
        # it is not known in which element: none is certain
        ([A, B], ("Policies[].PolicyDocument",), [], ["Policies[].PolicyDocument"] * 2),
        # an element that is not there at all
        ([A], ("Policies[PolicyName=c].PolicyDocument",), [A], ["Policies[PolicyName=c].PolicyDocument"]),
        # what hides another property hides nothing here
        ([A], ("ManagedPolicyArns", "Policy"), [A], []),
    ],
)
def test_each_element_is_read_or_has_its_gap(policies, unread, read, hidden):
    found, gaps = certain(entries(role(policies, *unread), "Policies"))
    assert found == read
    assert [each.message for each in gaps] == hidden


def test_statements_of_a_document_are_entries_also_where_one_stands_alone():
    one = Resource("AWS::IAM::Role", "r", "1", "r", properties={"Trust": {"Statement": {"Effect": "Allow"}}})
    assert certain(entries(one, "Trust.Statement")) == ([{"Effect": "Allow"}], ())
    one.unknown["Trust"] = gap("Trust")
    assert [each.message for each in certain(entries(one, "Trust.Statement"))[1]] == ["Trust"]


@pytest.mark.parametrize(
    ("arn", "properties", "expected"),
    [
        ("arn:aws:iam::1:role/aws-service-role/x.amazonaws.com/r", {}, "/aws-service-role/x.amazonaws.com/"),
        ("arn:aws:iam::1:role/r", {}, "/"),
        ("", {}, "/"),
        ("arn:aws:iam::1:role/r", {"Path": "/team/"}, "/team/"),
    ],
)
def test_a_path_that_was_not_read_stands_in_the_arn(arn, properties, expected):
    one = Resource("AWS::IAM::Role", "r", "1", "r", arn=arn, properties=properties)
    assert path_of(one) == expected
