"""Whether GuardDuty watches a region, for what, and how often it tells."""

from auditor.model import Call, Prop, ResourceType
from auditor.resources.guardduty._live import detectors

_GET = Call("get_detector", {"DetectorId": "{id}"})

TYPE = ResourceType(
    cfn="AWS::GuardDuty::Detector",
    service="guardduty",
    list=Call("list_detectors", out="DetectorIds"),
    items=detectors,
    id="id",
    arn="arn:{partition}:guardduty:{region}:{account}:detector/{id}",
    tags="",
    tags_call=Call("get_detector", {"DetectorId": "{id}"}, out="Tags"),
    terraform=("aws_guardduty_detector",),
    props=(
        Prop("Id", live="id", tf="id"),
        Prop(
            "Enable",
            call=_GET,
            live="Status",
            read=lambda status: status == "ENABLED",
            default=True,
            absent="unknown",
        ),
        Prop(
            "FindingPublishingFrequency",
            call=_GET,
            live="FindingPublishingFrequency",
            default="SIX_HOURS",
        ),
    ),
)
