"""Events that a function fetches by itself: its role may read the source. Mappings themselves are no described type."""

from __future__ import annotations

from auditor.model import Json
from auditor.sources.cloudformation.sam.made import Making
from auditor.sources.cloudformation.sam.roles import Policies
from auditor.sources.cloudformation.texts import Unresolved

_MANAGED = {
    "SQS": "AWSLambdaSQSQueueExecutionRole",
    "Kinesis": "AWSLambdaKinesisExecutionRole",
    "DynamoDB": "AWSLambdaDynamoDBExecutionRole",
    "MSK": "AWSLambdaMSKExecutionRole",
}
_WRITTEN = ("MQ", "SelfManagedKafka", "DocumentDB")
PULLED = (*_MANAGED, *_WRITTEN)


def pulled(name: str, word: str, source: Json, policies: Policies, making: Making) -> None:
    """What an event adds to the role. Statements about secrets, networks and keys of brokers are left open."""
    kind = source.get("Type") if isinstance(source, dict) else None
    given = source.get("Properties") if isinstance(source, dict) else None
    properties = given if isinstance(given, dict) else {}
    if kind == "SNS" and properties.get("SqsSubscription"):
        kind = "SQS"
    if kind not in PULLED:
        return
    if kind in _MANAGED:
        policies.attach(_MANAGED[str(kind)])
    sent = properties.get("DestinationConfig")
    failed = sent.get("OnFailure") if isinstance(sent, dict) else None
    more = (
        "KmsKeyArn" in properties
        or "SchemaRegistryConfig" in properties
        or (kind == "MSK" and "SourceAccessConfigurations" in properties)
    )
    if kind in _WRITTEN or more or (isinstance(failed, dict) and "Type" in failed):
        why = f"what its event {word} ({kind}) adds to the role is not supported"
        policies.inline.append(Unresolved(why))
        making.miss(name, why)
