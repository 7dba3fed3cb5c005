"""KMS aliases: other services may name a key by one, so edges to keys run through them."""

from __future__ import annotations

from auditor.model import Call, EdgeTo, Prop, ResourceType

TYPE = ResourceType(
    cfn="AWS::KMS::Alias",
    service="kms",
    list=Call("list_aliases", out="Aliases"),
    id="AliasName",
    arn="AliasArn",
    name="AliasName",
    terraform=("aws_kms_alias",),
    aws_made="starts_with(AliasName, 'alias/aws/')",
    props=(
        Prop("AliasName", tf="name"),
        Prop(
            "TargetKeyId",
            absent="not set",
            always=True,
            set=Call("update_alias", {"AliasName": "{name}", "TargetKeyId": "{value}"}),
            risk="interrupts",
            note="Data that was encrypted with the alias still needs the key that it pointed to.",
        ),
    ),
    edges=(EdgeTo("attached-to", "TargetKeyId", ("AWS::KMS::Key",)),),
)
