"""The engine parameters that instances apply.

`Parameters` holds what somebody set (`Source=user`), as a template does, never the hundreds of engine
defaults. It has no setter: ModifyDBParameterGroup only adds, so writing the old mapping back would leave a
new parameter standing, and half of them wait for a reboot anyway. AWS's own groups (`default.postgres16`)
cannot be changed and are nobody's declaration.
"""

from __future__ import annotations

from auditor.model import Call, Prop, ResourceType
from auditor.resources.shapes import by_name, texts
from auditor.resources.terraform import parameters

TYPE = ResourceType(
    cfn="AWS::RDS::DBParameterGroup",
    service="rds",
    list=Call("describe_db_parameter_groups", out="DBParameterGroups"),
    id="DBParameterGroupName",
    arn="DBParameterGroupArn",
    arn_kind="rds:pg",
    name="DBParameterGroupName",
    tags="",
    tags_call=Call("list_tags_for_resource", {"ResourceName": "{arn}"}, out="TagList"),
    aws_made="starts_with(DBParameterGroupName, 'default.')",
    terraform=("aws_db_parameter_group",),
    props=(
        Prop("DBParameterGroupName", tf="name"),
        Prop("DBParameterGroupArn", tf="arn"),
        Prop("Family", live="DBParameterGroupFamily", absent="unknown"),
        Prop("Description", absent="unknown"),
        Prop(
            "Parameters",
            call=Call("describe_db_parameters", {"DBParameterGroupName": "{id}", "Source": "user"}),
            read=by_name,
            tidy=texts,
            default={},
            absent="unknown",
            tf="parameter",
            tf_read=parameters,
        ),
    ),
)
