"""How a distribution signs its requests to an origin.

The list answer is flat, a template nests it. Signing less or with another protocol locks the distribution
out of a private origin: `interrupts`.
"""

from __future__ import annotations

from auditor.model import Call, Edit, Prop, ResourceType
from auditor.resources.cloudfront import _code
from auditor.resources.cloudfront._live import ETAG, unwrap

_FIELDS = ("Name", "Description", "SigningProtocol", "SigningBehavior", "OriginAccessControlOriginType")

TYPE = ResourceType(
    cfn="AWS::CloudFront::OriginAccessControl",
    service="cloudfront",
    list=Call("list_origin_access_controls", out="OriginAccessControlList.Items"),
    scope="global",
    id="Id",
    arn="arn:{partition}:cloudfront::{account}:origin-access-control/{id}",
    name="Name",
    tags="",
    terraform=("aws_cloudfront_origin_access_control",),
    props=(
        Prop("Id"),
        Prop(
            "OriginAccessControlConfig",
            live="{" + ", ".join(f"{field}: {field}" for field in _FIELDS) + "}",
            read=unwrap,
            absent="unknown",
            tf="@",
            tidy=_code.plain,
            edit=Edit(
                read=Call("get_origin_access_control", {"Id": "{id}"}),
                write=Call(
                    "update_origin_access_control",
                    {
                        "Id": "{id}",
                        "IfMatch": "{token}",
                        "OriginAccessControlConfig": "{value.OriginAccessControlConfig}",
                    },
                ),
                inside="OriginAccessControl",
                token=ETAG,
            ),
            risk="interrupts",
            risks={"Description": "safe", "Name": "safe"},
        ),
    ),
)
