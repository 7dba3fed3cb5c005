"""The engine parameters that a cluster applies to all of its instances; like those of an instance without a setter."""

from auditor.model import Call, Prop, ResourceType
from auditor.resources.shapes import by_name, texts
from auditor.resources.terraform import parameters

TYPE = ResourceType(
    cfn="AWS::RDS::DBClusterParameterGroup",
    service="rds",
    list=Call("describe_db_cluster_parameter_groups", out="DBClusterParameterGroups"),
    id="DBClusterParameterGroupName",
    arn="DBClusterParameterGroupArn",
    arn_kind="rds:cluster-pg",
    name="DBClusterParameterGroupName",
    tags="",
    tags_call=Call("list_tags_for_resource", {"ResourceName": "{arn}"}, out="TagList"),
    aws_made="starts_with(DBClusterParameterGroupName, 'default.')",
    terraform=("aws_rds_cluster_parameter_group",),
    props=(
        Prop("DBClusterParameterGroupName", tf="name"),
        Prop(
            "Arn",
            live="DBClusterParameterGroupArn",
            tf="arn",
            ours="read-only attribute that CloudFormation's schema lacks",
        ),
        Prop("Family", live="DBParameterGroupFamily", absent="unknown"),
        Prop("Description", absent="unknown"),
        Prop(
            "Parameters",
            call=Call("describe_db_cluster_parameters", {"DBClusterParameterGroupName": "{id}", "Source": "user"}),
            read=by_name,
            tidy=texts,
            default={},
            absent="unknown",
            tf="parameter",
            tf_read=parameters,
        ),
    ),
)
