"""AWS's own services as ends of a path: which of them people name, and which resource belongs to which.

They are named as in the names of their endpoints: `com.amazonaws.<region>.<name>`.
"""

from __future__ import annotations

from auditor.graph.access.held.resource_policies import policy_places
from auditor.graph.boxes import service
from auditor.graph.network.ground import words as w
from auditor.graph.space import Ranges
from auditor.model import Demand, ResourceType

# Resources that are reached by calling their service, and by no address of their own.
SERVICE_OF = {
    w.BUCKET: "s3",
    "AWS::SecretsManager::Secret": "secretsmanager",
    "AWS::SNS::Topic": "sns",
    "AWS::SQS::Queue": "sqs",
    "AWS::KMS::Key": "kms",
    "AWS::Logs::LogGroup": "logs",
    "AWS::ECR::Repository": "ecr.api",
    "AWS::Events::Rule": "events",
}

_OTHERS = """
    access-analyzer acm-pca airflow.api athena autoscaling backup batch bedrock bedrock-runtime cloudformation
    cloudtrail codebuild codecommit codepipeline config datasync dynamodb ec2 ec2messages ecr.dkr ecs ecs-agent
    ecs-telemetry eks elasticache elasticfilesystem elasticloadbalancing email-smtp execute-api glue guardduty-data
    kafka kinesis-firehose kinesis-streams lambda monitoring rds rds-data redshift redshift-data sagemaker.api
    sagemaker.runtime scheduler servicecatalog ssm ssmmessages states sts synthetics textract transcribe transfer xray
"""
SERVICES = frozenset({*SERVICE_OF.values(), *_OTHERS.split()})

# Endpoints of these are routes; S3 and DynamoDB also answer without encryption.
BY_ROUTE = ("s3", "dynamodb")
_HTTPS, _HTTP = service("tcp", 443), service("tcp", 80)
_MAIL = Ranges.of(span for port in (25, 465, 587, 2465, 2587) for span in service("tcp", port).spans)


def ports_of(name: str) -> Ranges:
    """The ports at which a service answers."""
    return _MAIL if name == "email-smtp" else _HTTPS | _HTTP if name in BY_ROUTE else _HTTPS


def service_needs(types: dict[str, ResourceType]) -> Demand:
    """The lists of what people name by calling a service."""
    return {cfn: frozenset() for cfn in SERVICE_OF if cfn in types}


def policy_needs(types: dict[str, ResourceType]) -> Demand:
    """What a question about an action on such resources reads besides: the policies that hang on them."""
    places = policy_places([cfn for cfn in SERVICE_OF if cfn in types])
    acting: Demand = {
        w.FUNCTION: frozenset({"Role"}),
        w.INSTANCE: frozenset({"IamInstanceProfile"}),
        w.TASKS: frozenset({"TaskDefinition"}),
        "AWS::IAM::InstanceProfile": None,
        "AWS::ECS::TaskDefinition": frozenset({"TaskRoleArn", "ExecutionRoleArn"}),
    }
    return {**acting, **{cfn: frozenset(rows) for cfn, rows in places.items()}}
