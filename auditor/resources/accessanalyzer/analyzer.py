"""What looks for access that policies give to somebody outside, or that nobody uses."""

from auditor.model import Call, Prop, ResourceType
from auditor.resources.accessanalyzer._live import configuration, of_terraform, tidy_configuration

TYPE = ResourceType(
    cfn="AWS::AccessAnalyzer::Analyzer",
    service="accessanalyzer",
    list=Call("list_analyzers", out="analyzers"),
    id="arn",
    arn="arn",
    name="name",
    tags="tags",
    terraform=("aws_accessanalyzer_analyzer",),
    props=(
        Prop("Arn", live="arn"),
        Prop("AnalyzerName", live="name"),
        Prop("Type", live="type", default="ACCOUNT", absent="unknown"),
        Prop(
            "AnalyzerConfiguration",
            live="configuration",
            read=configuration,
            tidy=tidy_configuration,
            tf="configuration",
            tf_read=of_terraform,
            absent="not set",
        ),
        Prop(
            "Status",
            live="status",
            absent="unknown",
            tf="-",
            ours="read-only attribute: `ACTIVE` while it works",
        ),
    ),
)
