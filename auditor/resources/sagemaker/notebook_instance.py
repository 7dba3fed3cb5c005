"""SageMaker notebook instances: whoever opens one acts as its role.

Lifecycle configurations, which hold scripts, are only named.
"""

from __future__ import annotations

from auditor.model import Call, EdgeTo, Prop, ResourceType

_DETAIL = Call("describe_notebook_instance", {"NotebookInstanceName": "{id}"})

TYPE = ResourceType(
    cfn="AWS::SageMaker::NotebookInstance",
    service="sagemaker",
    list=Call("list_notebook_instances", out="NotebookInstances"),
    id="NotebookInstanceName",
    arn="NotebookInstanceArn",
    name="NotebookInstanceName",
    terraform=("aws_sagemaker_notebook_instance",),
    tags="",
    tags_call=Call("list_tags", {"ResourceArn": "{arn}"}, out="Tags"),
    workload=True,
    props=(
        Prop("NotebookInstanceName", tf="name"),
        Prop("NotebookInstanceArn", tf="arn"),
        Prop("InstanceType", absent="unknown"),
        Prop("LifecycleConfigName", "NotebookInstanceLifecycleConfigName", absent="not set"),
        Prop("RoleArn", call=_DETAIL, absent="unknown"),
        Prop("SubnetId", call=_DETAIL, absent="not set"),
        Prop("SecurityGroupIds", "SecurityGroups", _DETAIL, same="set", default=[], tf="security_groups"),
        Prop("KmsKeyId", call=_DETAIL, absent="not set"),
        Prop("DirectInternetAccess", call=_DETAIL, default="Enabled", absent="unknown"),
        Prop("RootAccess", call=_DETAIL, default="Enabled", absent="unknown"),
        Prop("VolumeSizeInGB", call=_DETAIL, default=5, absent="unknown", tf="volume_size"),
    ),
    edges=(
        EdgeTo("acts-as", "RoleArn", ("AWS::IAM::Role",)),
        EdgeTo("encrypted-with", "KmsKeyId", ("AWS::KMS::Key",)),
        EdgeTo("guarded-by", "SecurityGroupIds[]", ("AWS::EC2::SecurityGroup",)),
        EdgeTo("placed-in", "SubnetId", ("AWS::EC2::Subnet",)),
    ),
)
