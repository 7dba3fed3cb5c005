"""A pipeline: its stages, what each of their actions does, and the role it acts as.

It has no setter: AWS takes a pipeline whole, and raises its version with every change. Of an action's configuration the
token of a repository is left out, which older pipelines on GitHub hold.
"""

from __future__ import annotations

from collections.abc import Mapping

from auditor.model import Call, EdgeTo, Json, Prop, ResourceType
from auditor.resources.terraform import many, within

_CFN = "AWS::CodePipeline::Pipeline"
_GET = Call("get_pipeline", {"name": "{id}"}, out="pipeline")
_LEFT_OUT = ("OAuthToken",)
_KIND = ("category", "owner", "provider", "version")


def _stages(value: Json) -> Json:
    """Stages in the one spelling: actions run first where nothing is said, and what is empty is left out."""
    return [_stage(each) if isinstance(each, Mapping) else each for each in value] if isinstance(value, list) else value


def _stage(value: Mapping[str, Json]) -> Json:
    actions = value.get("Actions")
    listed = [_action(each) if isinstance(each, Mapping) else each for each in actions] if actions else actions
    return {"Name": value.get("Name"), "Actions": listed}


def _action(value: Mapping[str, Json]) -> Json:
    kept = {key: inner for key, inner in value.items() if inner not in (None, "", [], {})}
    said = kept.get("Configuration")
    if isinstance(said, Mapping):
        kept["Configuration"] = {key: str(inner) for key, inner in said.items() if key not in _LEFT_OUT}
    return {"RunOrder": 1, **kept}


def _stages_of_terraform(value: Json) -> Json:
    """Terraform spreads over the action what kind it is, and names artifacts by texts alone."""
    return within(_CFN, "Stages")(
        [{**each, "action": [_named(one) for one in many(each.get("action"))]} for each in many(value)]
    )


def _named(action: Mapping[str, Json]) -> Json:
    artifacts = {
        key: [{"name": each} for each in many(action.get(key))] for key in ("input_artifacts", "output_artifacts")
    }
    return {**action, **artifacts, "action_type_id": {key: action.get(key) for key in _KIND}}


def _project(value: Json) -> list[str]:
    """The project of an action of CodeBuild; Jenkins has projects too."""
    if not isinstance(value, Mapping) or (value.get("ActionTypeId") or {}).get("Provider") != "CodeBuild":
        return []
    named = (value.get("Configuration") or {}).get("ProjectName")
    return [named] if named else []


def _service(value: Json) -> list[str]:
    """The service of ECS to which an action deploys; code refers to it by its name alone."""
    if not isinstance(value, Mapping) or not value.get("ServiceName"):
        return []
    cluster, service = value.get("ClusterName", "default"), value["ServiceName"]
    return [f"service/{cluster}/{service}", *([service] if service.startswith("${") else [])]


def _place(value: Json) -> Json:
    """Where artifacts lie; of several stores, in whichever region, only the one of the pipeline's own is read here."""
    return within(_CFN, "ArtifactStore")(value)


TYPE = ResourceType(
    cfn=_CFN,
    service="codepipeline",
    list=Call("list_pipelines", out="pipelines"),
    id="name",
    arn="arn:{partition}:codepipeline:{region}:{account}:{id}",
    name="name",
    terraform=("aws_codepipeline",),
    tags="",
    tags_call=Call("list_tags_for_resource", {"resourceArn": "{arn}"}, out="tags"),
    workload=True,
    props=(
        Prop("Name", live="name"),
        Prop("RoleArn", live="roleArn", call=_GET, absent="unknown"),
        Prop("PipelineType", live="pipelineType", default="V1", absent="unknown"),
        Prop("ExecutionMode", live="executionMode", default="SUPERSEDED", absent="unknown"),
        Prop("ArtifactStore", live="artifactStore", call=_GET, read=_place, tf_read=_place, absent="not set"),
        Prop(
            "Stages",
            live="stages",
            call=_GET,
            read=within(_CFN, "Stages"),
            tidy=_stages,
            tf="stage",
            tf_read=_stages_of_terraform,
            absent="unknown",
        ),
    ),
    edges=(
        EdgeTo("acts-as", "RoleArn", ("AWS::IAM::Role",)),
        EdgeTo("acts-as", "Stages[].Actions[].RoleArn", ("AWS::IAM::Role",)),
        EdgeTo("targets", "Stages[].Actions[]", ("AWS::CodeBuild::Project",), take=_project),
        EdgeTo("targets", "Stages[].Actions[].Configuration", ("AWS::ECS::Service",), take=_service),
        EdgeTo("targets", "Stages[].Actions[].Configuration.FunctionName", ("AWS::Lambda::Function",)),
        EdgeTo("mentions", "Stages[].Actions[].Configuration.RepositoryName", ("AWS::ECR::Repository",)),
        EdgeTo("mentions", "ArtifactStore.Location", ("AWS::S3::Bucket",)),
        EdgeTo("encrypted-with", "ArtifactStore.EncryptionKey.Id", ("AWS::KMS::Key",)),
    ),
)
