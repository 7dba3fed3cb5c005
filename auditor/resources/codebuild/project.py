"""A build project: where its code comes from, the machine it runs on, its role, and the network it stands in.

It has no setter: what a build is changed to is tried by the next build, and no reading of the project proves it. The
commands of a build are not read, and values of its variables are redacted where answers enter the program.
"""

from auditor.model import Call, EdgeTo, Prop, ResourceType
from auditor.resources.codebuild import _code
from auditor.resources.codebuild._live import environment, logs, network, source
from auditor.resources.terraform import within

_CFN = "AWS::CodeBuild::Project"
_GET = Call("batch_get_projects", {"names": ["{id}"]}, out="projects[0]")

TYPE = ResourceType(
    cfn=_CFN,
    service="codebuild",
    list=Call("list_projects", out="projects[].{name: @}"),
    id="name",
    arn="arn:{partition}:codebuild:{region}:{account}:project/{id}",
    name="name",
    terraform=("aws_codebuild_project",),
    tags="",
    tags_call=Call("batch_get_projects", {"names": ["{id}"]}, out="projects[0].tags"),
    workload=True,
    props=(
        Prop("Name", live="name"),
        Prop("Arn", live="arn", call=_GET, absent="unknown"),
        Prop("Description", live="description", call=_GET, read=lambda value: value or None, absent="not set"),
        Prop("ServiceRole", live="serviceRole", call=_GET, absent="not set"),
        Prop("Source", live="source", call=_GET, read=within(_CFN, "Source"), tidy=source, absent="unknown"),
        Prop(
            "Environment",
            live="environment",
            call=_GET,
            read=within(_CFN, "Environment"),
            tidy=environment,
            tf_read=_code.environment,
            absent="unknown",
            secret=True,
        ),
        Prop(
            "LogsConfig",
            live="logsConfig",
            call=_GET,
            read=within(_CFN, "LogsConfig"),
            tidy=logs,
            tf_read=_code.logs_config,
            default=logs({}),
        ),
        Prop("VpcConfig", live="vpcConfig", call=_GET, read=within(_CFN, "VpcConfig"), tidy=network, absent="not set"),
        Prop("EncryptionKey", live="encryptionKey", call=_GET, absent="not set"),
        Prop("TimeoutInMinutes", live="timeoutInMinutes", call=_GET, tf="build_timeout", default=60, absent="unknown"),
        Prop(
            "Visibility",
            live="projectVisibility",
            call=_GET,
            tf="project_visibility",
            default="PRIVATE",
            absent="unknown",
        ),
    ),
    edges=(
        EdgeTo("acts-as", "ServiceRole", ("AWS::IAM::Role",)),
        EdgeTo("placed-in", "VpcConfig.Subnets[]", ("AWS::EC2::Subnet",)),
        EdgeTo("guarded-by", "VpcConfig.SecurityGroupIds[]", ("AWS::EC2::SecurityGroup",)),
        EdgeTo("encrypted-with", "EncryptionKey", ("AWS::KMS::Key",)),
        EdgeTo("logs-to", "LogsConfig.CloudWatchLogs.GroupName", ("AWS::Logs::LogGroup",)),
    ),
)
