"""ARNs that templates put together by hand out of a name: the resource of that name answers to them.

Where the template leaves the name to AWS, an ARN is written around the reference that gives it (`rule/${Rule}`).
"""

from __future__ import annotations

from collections.abc import Iterator

from auditor.model import Resource

# What stands after the account; `{}` is the name that the template gives.
_TAILS = {
    "AWS::CloudWatch::Alarm": ("cloudwatch", "alarm:{}"),
    "AWS::Events::Rule": ("events", "rule/{}"),
    "AWS::Lambda::Function": ("lambda", "function:{}"),
    "AWS::Logs::LogGroup": ("logs", "log-group:{}"),
    "AWS::RDS::DBInstance": ("rds", "db:{}"),
    "AWS::S3::Bucket": ("s3", "{}"),
    "AWS::SNS::Topic": ("sns", "{}"),
    "AWS::SQS::Queue": ("sqs", "{}"),
    "AWS::IAM::Group": ("iam", "group{path}{}"),
    "AWS::IAM::ManagedPolicy": ("iam", "policy{path}{}"),
    "AWS::IAM::Role": ("iam", "role{path}{}"),
    "AWS::IAM::User": ("iam", "user{path}{}"),
}
_NAMED = {"AWS::SNS::Topic": "TopicName", "AWS::Events::Rule": "Name", "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
          "AWS::SQS::Queue": "QueueName"}  # fmt: skip
# What gives the name, where a plain reference gives something else; a managed policy has nothing that does.
_NAME_OF = {"AWS::SNS::Topic": ".TopicName", "AWS::SQS::Queue": ".QueueName"}
_REGION, _ACCOUNT = "${AWS::Region}", "${AWS::AccountId}"


def written_arns(resource: Resource, account: str, region: str, partition: str) -> list[str]:
    """The ARN as a text with what is known of the place."""
    if resource.type not in _TAILS:
        return []
    service, tail = _TAILS[resource.type]
    at = ":" if service == "s3" else f"{'' if service == 'iam' else region or _REGION}:{account or _ACCOUNT}"
    ended = tail.replace("{path}", str(resource.properties.get("Path", "/")))
    return [f"arn:{partition}:{service}:{at}:{ended.replace('{}', each)}" for each in _names(resource)]


def _names(resource: Resource) -> Iterator[str]:
    """The name that the template gives, and the reference that stands for it or for the one that AWS gives."""
    named = _NAMED.get(resource.type)
    given = resource.properties.get(named, "") if named else resource.id
    if isinstance(given, str) and given and "${" not in given and given != resource.address:
        yield from [] if given.startswith("arn:") else [given]
    if resource.type != "AWS::IAM::ManagedPolicy":
        yield "${" + resource.address + _NAME_OF.get(resource.type, "") + "}"
