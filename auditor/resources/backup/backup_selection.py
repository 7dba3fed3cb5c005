"""Which resources a backup plan covers: by their ARNs, by patterns of ARNs, by tags. Nothing of it changes.

An edge leads to what is named by its whole ARN; what a pattern or a tag takes in, the predicate `backed-up` works out.
"""

from auditor.model import Call, EdgeTo, Prop, ResourceType
from auditor.resources.backup._live import tidy_selection
from auditor.resources.terraform import within

_CFN = "AWS::Backup::BackupSelection"
_GET = Call("get_backup_selection", {"BackupPlanId": "{parent.id}", "SelectionId": "{raw.SelectionId}"})

TYPE = ResourceType(
    cfn=_CFN,
    service="backup",
    list=Call("list_backup_selections", {"BackupPlanId": "{parent.id}"}, out="BackupSelectionsList"),
    over="AWS::Backup::BackupPlan",
    id="SelectionId",
    name="SelectionName",
    tags="",
    terraform=("aws_backup_selection",),
    props=(
        Prop("SelectionId", tf="id"),
        Prop("BackupPlanId", tf="plan_id", absent="unknown"),
        Prop(
            "BackupSelection",
            call=_GET,
            tidy=tidy_selection,
            absent="unknown",
            tf="@",
            tf_read=within(
                _CFN,
                "BackupSelection",
                name="SelectionName",
                selection_tag="ListOfTags",
                condition="Conditions",
                type="ConditionType",
                key="ConditionKey",
                value="ConditionValue",
            ),
        ),
    ),
    edges=(
        EdgeTo("part-of", "BackupPlanId", ("AWS::Backup::BackupPlan",)),
        EdgeTo(
            "targets",
            "BackupSelection.Resources[]",
            ("AWS::EFS::FileSystem", "AWS::RDS::DBCluster", "AWS::RDS::DBInstance", "AWS::S3::Bucket"),
        ),
        EdgeTo("acts-as", "BackupSelection.IamRoleArn", ("AWS::IAM::Role",)),
    ),
)
