"""Whom AWS writes to about security, bills and operations, besides the owner of the account.

Every account can have one of each, so all three are there, and say whether somebody is named. Names, addresses and
telephone numbers are redacted where answers enter the program.
"""

from auditor.model import Call, Prop, ResourceType
from auditor.resources.account._live import contacts

TYPE = ResourceType(
    cfn="AWS::Account::AlternateContact",
    service="account",
    list=Call("get_caller_identity", service="sts"),
    items=contacts,
    id="AlternateContactType",
    name="{raw.AlternateContactType} contact of {account}",
    tags="",
    scope="account",
    terraform=("aws_account_alternate_contact",),
    ours="CloudFormation has no type for an account's contacts.",
    props=(
        Prop("AlternateContactType"),
        Prop(
            "Given",
            call=Call(
                "get_alternate_contact",
                {"AlternateContactType": "{id}"},
                out="AlternateContact",
                absent=("ResourceNotFoundException",),
            ),
            live="EmailAddress",
            read=bool,
            tf="email_address",
            tf_read=bool,
            default=False,
        ),
    ),
)
