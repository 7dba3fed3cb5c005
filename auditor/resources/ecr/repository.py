"""Repositories of container images. Who may pull and push from elsewhere is said by the repository's policy.

Filters that spare some tags from being immutable are not described: the oldest boto3 that is supported does not
know them.
"""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import Call, EdgeTo, Join, Json, Prop, ResourceType
from auditor.resources.shapes import parse_json, pick, to_json
from auditor.resources.terraform import said

_REPOSITORY = {"repositoryName": "{id}"}


def _expiry(value: Json) -> Json:
    """Which images expire: CloudFormation keeps the document as a text inside, AWS answers with the text."""
    text = value.get("LifecyclePolicyText") if isinstance(value, Mapping) else value
    return {"LifecyclePolicyText": parse_json(text)} if text else None


def _expiry_text(value: Json) -> Json:
    return {"LifecyclePolicyText": to_json(value["LifecyclePolicyText"])}


TYPE = ResourceType(
    cfn="AWS::ECR::Repository",
    service="ecr",
    list=Call("describe_repositories", out="repositories"),
    id="repositoryName",
    arn="repositoryArn",
    name="repositoryName",
    names=("{RepositoryUri}",),
    terraform=("aws_ecr_repository",),
    folds=("aws_ecr_repository_policy", "aws_ecr_lifecycle_policy"),
    alone=("RepositoryPolicyText",),
    joins=(
        Join("aws_ecr_repository_policy", "repository", "RepositoryPolicyText", said("policy")),
        Join(
            "aws_ecr_lifecycle_policy",
            "repository",
            "LifecyclePolicy",
            lambda fold: {"LifecyclePolicyText": fold.get("policy")},
        ),
    ),
    tags="",
    tags_call=Call("list_tags_for_resource", {"resourceArn": "{arn}"}, out="tags"),
    workload=True,
    props=(
        Prop("RepositoryName", "repositoryName", tf="name"),
        Prop("Arn", "repositoryArn"),
        Prop("RepositoryUri", "repositoryUri", absent="unknown", tf="repository_url"),
        Prop(
            "ImageTagMutability",
            "imageTagMutability",
            default="MUTABLE",
            absent="unknown",
            set=Call("put_image_tag_mutability", {**_REPOSITORY, "imageTagMutability": "{value}"}),
            risk="interrupts",
            note="A pipeline that pushes an existing tag again is refused.",
        ),
        Prop(
            "ImageScanningConfiguration",
            "imageScanningConfiguration",
            read=lambda value: pick(value, ScanOnPush="scanOnPush"),
            default={"ScanOnPush": False},
            absent="unknown",
            set=Call(
                "put_image_scanning_configuration",
                {**_REPOSITORY, "imageScanningConfiguration": "{value}"},
            ),
            write=lambda value: pick(value, scanOnPush="ScanOnPush"),
        ),
        Prop(
            "EncryptionConfiguration",
            "encryptionConfiguration",
            read=lambda value: pick(value, EncryptionType="encryptionType", KmsKey="kmsKey"),
            default={"EncryptionType": "AES256"},
            absent="unknown",
        ),
        Prop(
            "LifecyclePolicy",
            call=Call(
                "get_lifecycle_policy", _REPOSITORY, "lifecyclePolicyText", ("LifecyclePolicyNotFoundException",)
            ),
            read=_expiry,
            absent="not set",
            tf="-",
            tidy=_expiry,
            same="json",
            set=Call("put_lifecycle_policy", {**_REPOSITORY, "lifecyclePolicyText": "{value.LifecyclePolicyText}"}),
            unset=Call("delete_lifecycle_policy", _REPOSITORY),
            write=_expiry_text,
            risk="destroys",
            note="Images that the policy lets expire are deleted within a day.",
        ),
        Prop(
            "RepositoryPolicyText",
            call=Call("get_repository_policy", _REPOSITORY, "policyText", ("RepositoryPolicyNotFoundException",)),
            kind="json",
            absent="not set",
            tf="-",
            same="policy",
            set=Call("set_repository_policy", {**_REPOSITORY, "policyText": "{value}"}),
            unset=Call("delete_repository_policy", _REPOSITORY),
            risk="interrupts",
        ),
    ),
    edges=(EdgeTo("encrypted-with", "EncryptionConfiguration.KmsKey", ("AWS::KMS::Key",)),),
)
