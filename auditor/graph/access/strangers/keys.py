"""Condition keys: who sets the value that AWS compares.

A condition keeps strangers out only by a value that they cannot bring. What AWS sets tells accounts, organizations and
networks apart. What the caller's organization sets (tags, user names, the addresses in its VPC) a stranger sets
likewise in an account of his own; it narrows only within an account that is named. What the caller sets
narrows nothing.

From the tables of global condition keys and of each service's keys in AWS's documentation:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

# `secret`: the caller sets it, but has to know it (AWS: an external id is not treated as a secret).
Setter = Literal["AWS", "organization", "caller", "secret"]
# How a value is recognised that names somebody for good; see `forms`.
Form = Literal["account", "organization", "path", "arn", "point", "id", "address", "endpoint", "whole"]
# When the key is in a request: in all, in signed ones, in some; in requests that a service makes for somebody else.
There = Literal["always", "signed", "sometimes", "service"]


class Key(NamedTuple):
    """`sets`: who sets the value; `form`: which values are fixed; `there`: which requests have the key at all."""

    sets: Setter
    form: Form = "whole"
    there: There = "sometimes"


# A key that no row names belongs to the request: its parameters, its time, the client's own words.
OF_REQUEST = Key("caller")

KEYS: Mapping[str, Key] = {
    # Who calls.
    "aws:principalaccount": Key("AWS", "account", "always"),
    "aws:principalarn": Key("AWS", "arn", "signed"),
    "aws:principalorgid": Key("AWS", "organization"),
    "aws:principalorgpaths": Key("AWS", "path"),
    "aws:userid": Key("AWS", "id", "signed"),
    "aws:sourceowner": Key("AWS", "account"),
    "kms:calleraccount": Key("AWS", "account", "signed"),
    "aws:federatedprovider": Key("AWS", "arn"),
    "saml:namequalifier": Key("AWS"),
    "identitystore:identitystorearn": Key("AWS", "arn"),
    "identitystore:userid": Key("AWS"),
    "lambda:sourcefunctionarn": Key("AWS", "arn"),
    "ec2:sourceinstancearn": Key("AWS", "arn"),
    "ssm:sourceinstancearn": Key("AWS", "arn"),
    "cognito-identity.amazonaws.com:aud": Key("AWS"),
    "aws:principaltag/": Key("organization"),
    "aws:username": Key("organization"),
    "aws:sourceidentity": Key("organization"),
    "saml:": Key("organization"),
    # From which network. The addresses in a VPC are its owner's choice.
    "aws:sourceip": Key("AWS", "address"),
    "aws:sourcevpc": Key("AWS"),
    "aws:sourcevpce": Key("AWS"),
    "aws:sourcevpcarn": Key("AWS", "arn"),
    "aws:vpceaccount": Key("AWS", "account"),
    "aws:vpceorgid": Key("AWS", "organization"),
    "aws:vpceorgpaths": Key("AWS", "path"),
    "aws:ec2instancesourcevpc": Key("AWS"),
    "aws:vpcsourceip": Key("organization"),
    "aws:ec2instancesourceprivateipv4": Key("organization"),
    "s3:accesspointnetworkorigin": Key("organization"),
    # Through what of the owner's.
    "s3:dataaccesspointaccount": Key("AWS", "account"),
    "s3:dataaccesspointarn": Key("AWS", "point"),
    "elasticfilesystem:accesspointarn": Key("AWS", "arn"),
    "elasticfilesystem:accessedviamounttarget": Key("AWS"),
    # S3 counts it among the keys that close: whoever names the key has to be let use it.
    "s3:x-amz-server-side-encryption-aws-kms-key-id": Key("AWS"),
    # For whom a service of AWS calls.
    "aws:sourcearn": Key("AWS", "arn", "service"),
    "aws:sourceaccount": Key("AWS", "account", "service"),
    "aws:sourceorgid": Key("AWS", "organization", "service"),
    "aws:sourceorgpaths": Key("AWS", "path", "service"),
    "aws:principalservicename": Key("AWS", "whole", "service"),
    "aws:principalservicenameslist": Key("AWS", "whole", "service"),
    # To where a topic delivers: whoever subscribes sets it, and what is fixed of it gets the messages.
    "sns:endpoint": Key("AWS", "endpoint", "always"),
    "sts:externalid": Key("secret"),
    "lambda:eventsourcetoken": Key("secret"),
}

# AWS answers `true` here for its own services, and `false` for everybody else.
IS_SERVICE = "aws:principalisawsservice"
MFA = ("aws:multifactorauthpresent", "aws:multifactorauthage")


def key_of(name: str) -> Key:
    """The row of a condition key in lower case; keys of tags and of SAML are told by how they begin."""
    found = KEYS.get(name)
    if found:
        return found
    return next((row for begin, row in KEYS.items() if begin[-1] in "/:" and name.startswith(begin)), OF_REQUEST)


def of_services(name: str) -> bool:
    """Whether only requests that a service makes have the key, or tell it apart from others."""
    return name == IS_SERVICE or key_of(name).there == "service"
