"""Where backups are kept. The vaults that AWS makes by itself for the backups of a service begin with `aws/`."""

from auditor.model import Call, EdgeTo, Prop, ResourceType

TYPE = ResourceType(
    cfn="AWS::Backup::BackupVault",
    service="backup",
    list=Call("list_backup_vaults", out="BackupVaultList"),
    id="BackupVaultName",
    arn="BackupVaultArn",
    name="BackupVaultName",
    aws_made="BackupVaultName == 'Default' || starts_with(BackupVaultName, 'aws/')",
    tags="",
    tags_call=Call("list_tags", {"ResourceArn": "{arn}"}, out="Tags"),
    terraform=("aws_backup_vault",),
    props=(
        Prop("BackupVaultName", tf="name"),
        Prop("BackupVaultArn", tf="arn"),
        Prop("EncryptionKeyArn", tf="kms_key_arn", absent="not set"),
    ),
    edges=(EdgeTo("encrypted-with", "EncryptionKeyArn", ("AWS::KMS::Key",)),),
)
