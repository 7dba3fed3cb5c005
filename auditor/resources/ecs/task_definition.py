"""What a task is made of: one revision, which nothing can change any more. Another one is registered in its place.

All active revisions are read, for a service may run an older one; `Newest` says which of a family a name without a
revision means. Values of environment variables are redacted where answers enter the program; their names stay.
"""

from auditor.model import Call, EdgeTo, Prop, ResourceType
from auditor.resources.ecs import _code
from auditor.resources.ecs._live import containers, log_group, repository, revisions, secret_arn, volumes
from auditor.resources.terraform import within

_CFN = "AWS::ECS::TaskDefinition"
_DESCRIBE = Call("describe_task_definition", {"taskDefinition": "{arn}"}, out="taskDefinition")

TYPE = ResourceType(
    cfn=_CFN,
    service="ecs",
    list=Call("list_task_definitions", out="taskDefinitionArns"),
    items=revisions,
    id="arn",
    arn="arn",
    name="{raw.family}:{raw.revision}",
    tags="",
    tags_call=Call("list_tags_for_resource", {"resourceArn": "{arn}"}, out="tags"),
    terraform=("aws_ecs_task_definition",),
    props=(
        Prop("TaskDefinitionArn", live="arn", tf="arn"),
        Prop("Family", live="family", absent="unknown"),
        Prop(
            "Newest",
            live="newest",
            default=True,
            absent="unknown",
            tf="-",
            ours="read-only attribute: no newer revision of the family is active",
        ),
        Prop(
            "ContainerDefinitions",
            live="containerDefinitions",
            call=_DESCRIBE,
            read=within(_CFN, "ContainerDefinitions"),
            tidy=containers,
            tf_read=_code.containers,
            absent="unknown",
            secret=True,
        ),
        Prop("Cpu", live="cpu", call=_DESCRIBE, kind="text", absent="not set"),
        Prop("Memory", live="memory", call=_DESCRIBE, kind="text", absent="not set"),
        Prop("NetworkMode", live="networkMode", call=_DESCRIBE, default="bridge"),
        Prop(
            "RequiresCompatibilities",
            live="requiresCompatibilities",
            call=_DESCRIBE,
            same="set",
            default=[],
        ),
        Prop("TaskRoleArn", live="taskRoleArn", call=_DESCRIBE, absent="not set"),
        Prop("ExecutionRoleArn", live="executionRoleArn", call=_DESCRIBE, absent="not set"),
        Prop("PidMode", live="pidMode", call=_DESCRIBE, absent="not set"),
        Prop("IpcMode", live="ipcMode", call=_DESCRIBE, absent="not set"),
        Prop(
            "RuntimePlatform",
            live="runtimePlatform",
            call=_DESCRIBE,
            read=within(_CFN, "RuntimePlatform"),
            absent="not set",
        ),
        Prop(
            "EphemeralStorage",
            live="ephemeralStorage",
            call=_DESCRIBE,
            read=within(_CFN, "EphemeralStorage"),
            absent="not set",
        ),
        Prop(
            "Volumes",
            live="volumes",
            call=_DESCRIBE,
            read=within(_CFN, "Volumes"),
            tidy=volumes,
            tf="volume",
            tf_read=_code.volumes,
            default=[],
            absent="unknown",
        ),
    ),
    implied=_code.host_ports,
    edges=(
        EdgeTo("acts-as", "TaskRoleArn", ("AWS::IAM::Role",)),
        EdgeTo("acts-as", "ExecutionRoleArn", ("AWS::IAM::Role",)),
        EdgeTo(
            "reads-secret",
            "ContainerDefinitions[].Secrets[].ValueFrom",
            ("AWS::SecretsManager::Secret",),
            take=secret_arn,
        ),
        EdgeTo(
            "reads-secret",
            "ContainerDefinitions[].RepositoryCredentials.CredentialsParameter",
            ("AWS::SecretsManager::Secret",),
        ),
        EdgeTo("logs-to", "ContainerDefinitions[].LogConfiguration.Options", ("AWS::Logs::LogGroup",), take=log_group),
        EdgeTo("runs", "ContainerDefinitions[].Image", ("AWS::ECR::Repository",), take=repository),
        EdgeTo("attached-to", "Volumes[].EFSVolumeConfiguration.FilesystemId", ("AWS::EFS::FileSystem",)),
    ),
)
