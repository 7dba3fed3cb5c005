"""What AWS Config records in a region, how often, and whether it does at the moment: a region has one at most."""

from auditor.model import Call, EdgeTo, Prop, ResourceType
from auditor.resources.config._live import tidy_group, tidy_mode
from auditor.resources.terraform import within

_CFN = "AWS::Config::ConfigurationRecorder"
_STATUS = Call(
    "describe_configuration_recorder_status",
    {"ConfigurationRecorderNames": ["{id}"]},
    out="ConfigurationRecordersStatus[0]",
)
_WHICH = {"ConfigurationRecorderName": "{Name}"}
_RUNNING = "aws_config_configuration_recorder_status"

TYPE = ResourceType(
    cfn=_CFN,
    service="config",
    list=Call("describe_configuration_recorders", out="ConfigurationRecorders"),
    id="name",
    name="name",
    tags="",
    terraform=("aws_config_configuration_recorder",),
    folds=(_RUNNING,),
    props=(
        Prop("Name", live="name", default="default"),
        Prop("RoleARN", live="roleARN", tf="role_arn", absent="unknown"),
        Prop(
            "RecordingGroup",
            live="recordingGroup",
            read=within(_CFN, "RecordingGroup"),
            tidy=tidy_group,
            tf_read=within(_CFN, "RecordingGroup"),
            default=tidy_group({}),
            absent="unknown",
        ),
        Prop(
            "RecordingMode",
            live="recordingMode",
            read=within(_CFN, "RecordingMode"),
            tidy=tidy_mode,
            tf_read=within(_CFN, "RecordingMode"),
            default=tidy_mode({}),
        ),
        Prop(
            "Recording",
            live="recording",
            call=_STATUS,
            tf=f"{_RUNNING}.is_enabled",
            cfn_read=lambda values: values.get("StartedOnCreate", True),
            default=False,
            absent="unknown",
            set=Call("start_configuration_recorder", _WHICH),
            unset=Call("stop_configuration_recorder", _WHICH),
            ours="whether it is started: CloudFormation starts it by itself",
            note="each recorded change is charged for",
        ),
    ),
    edges=(EdgeTo("acts-as", "RoleARN", ("AWS::IAM::Role",)),),
)
