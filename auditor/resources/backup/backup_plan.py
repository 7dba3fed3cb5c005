"""When backups are made, into which vault, and how long they are kept. Which resources they are of, selections say.

AWS takes a plan whole and makes a new version of it, so it has no setter: which rule may go is for a person to decide.
"""

from auditor.model import Call, EdgeTo, Prop, ResourceType
from auditor.resources.backup import _code
from auditor.resources.backup._live import plan, tidy_plan

_CFN = "AWS::Backup::BackupPlan"

TYPE = ResourceType(
    cfn=_CFN,
    service="backup",
    list=Call("list_backup_plans", out="BackupPlansList"),
    id="BackupPlanId",
    arn="BackupPlanArn",
    name="BackupPlanName",
    aws_made="starts_with(BackupPlanName, 'aws/')",
    tags="",
    tags_call=Call("list_tags", {"ResourceArn": "{arn}"}, out="Tags"),
    terraform=("aws_backup_plan",),
    props=(
        Prop("BackupPlanId", tf="id"),
        Prop("BackupPlanArn", tf="arn"),
        Prop(
            "BackupPlan",
            call=Call("get_backup_plan", {"BackupPlanId": "{id}"}, out="BackupPlan"),
            live="@",
            read=plan,
            tidy=tidy_plan,
            absent="unknown",
            tf="@",
            tf_read=_code.plan,
        ),
    ),
    edges=(EdgeTo("targets", "BackupPlan.BackupPlanRule[].TargetBackupVault", ("AWS::Backup::BackupVault",)),),
)
