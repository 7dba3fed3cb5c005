"""ARNs that templates put together by hand out of a given name: the resource of that name answers to them."""

from __future__ import annotations

from auditor.model import Resource

# What stands after the account; `{}` is the name that the template gives.
_TAILS = {
    "AWS::CloudWatch::Alarm": ("cloudwatch", "alarm:{}"),
    "AWS::Events::Rule": ("events", "rule/{}"),
    "AWS::Lambda::Function": ("lambda", "function:{}"),
    "AWS::Logs::LogGroup": ("logs", "log-group:{}"),
    "AWS::RDS::DBInstance": ("rds", "db:{}"),
    "AWS::SNS::Topic": ("sns", "{}"),
    "AWS::IAM::Group": ("iam", "group{path}{}"),
    "AWS::IAM::ManagedPolicy": ("iam", "policy{path}{}"),
    "AWS::IAM::Role": ("iam", "role{path}{}"),
    "AWS::IAM::User": ("iam", "user{path}{}"),
}
_NAMED = {"AWS::SNS::Topic": "TopicName", "AWS::Events::Rule": "Name", "AWS::IAM::ManagedPolicy": "ManagedPolicyName"}


def written_arns(resource: Resource, account: str, region: str, partition: str) -> list[str]:
    """The ARN as a text with what is known of the place; nothing where the name is left to AWS."""
    if resource.type not in _TAILS:
        return []
    service, tail = _TAILS[resource.type]
    given = resource.properties.get(_NAMED.get(resource.type, ""), resource.id)
    if not isinstance(given, str) or "${" in given or given == resource.address or given.startswith("arn:"):
        return []
    if resource.type in _NAMED and _NAMED[resource.type] not in resource.properties:
        return []
    where = "" if service == "iam" else region or "${AWS::Region}"
    path = str(resource.properties.get("Path", "/"))
    ended = tail.replace("{path}", path).replace("{}", given)
    return [f"arn:{partition}:{service}:{where}:{account or '${AWS::AccountId}'}:{ended}"]
