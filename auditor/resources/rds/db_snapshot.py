"""A manual snapshot of an instance, and who may restore it.

Automated backups are told with the instance: they are encrypted as it is, and AWS shares them with nobody.
"""

from auditor.model import Call, EdgeTo, Prop, ResourceType

_SHARING = {"DBSnapshotIdentifier": "{id}", "AttributeName": "restore"}

TYPE = ResourceType(
    cfn="AWS::RDS::DBSnapshot",
    ours="CloudFormation makes no snapshots; AWS Config knows them under this name",
    service="rds",
    list=Call("describe_db_snapshots", {"SnapshotType": "manual"}, out="DBSnapshots"),
    id="DBSnapshotIdentifier",
    arn="DBSnapshotArn",
    arn_kind="rds:snapshot",
    name="DBSnapshotIdentifier",
    tags="TagList",
    terraform=("aws_db_snapshot",),
    props=(
        Prop("DBSnapshotIdentifier"),
        Prop("DBSnapshotArn", tf="db_snapshot_arn", ours="read-only attribute: AWS gives it"),
        Prop("DBInstanceIdentifier", absent="unknown"),
        Prop("Engine", absent="unknown", ours="read-only attribute: it is that of the instance"),
        Prop("Encrypted", absent="unknown", ours="read-only attribute: it is that of the instance"),
        Prop("KmsKeyId", absent="not set", ours="read-only attribute: it is that of the instance"),
        Prop(
            "RestoreAccounts",
            call=Call(
                "describe_db_snapshot_attributes",
                {"DBSnapshotIdentifier": "{id}"},
                out="DBSnapshotAttributesResult.DBSnapshotAttributes",
            ),
            live="[?AttributeName=='restore'].AttributeValues[]",
            tf="shared_accounts",
            same="set",
            default=[],
            absent="unknown",
            add=Call("modify_db_snapshot_attribute", {**_SHARING, "ValuesToAdd": ["{element}"]}),
            remove=Call("modify_db_snapshot_attribute", {**_SHARING, "ValuesToRemove": ["{element}"]}),
            risk="interrupts",
            note="`all` lets everybody with an AWS account restore it",
        ),
    ),
    edges=(
        EdgeTo("part-of", "DBInstanceIdentifier", ("AWS::RDS::DBInstance",)),
        EdgeTo("encrypted-with", "KmsKeyId", ("AWS::KMS::Key",)),
    ),
)
