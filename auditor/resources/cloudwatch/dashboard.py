"""CloudWatch dashboards. They belong to the account, not to a region, and their body is JSON in a text."""

from __future__ import annotations

from auditor.model import Call, Prop, ResourceType
from auditor.resources.cloudwatch._live import drawing

TYPE = ResourceType(
    cfn="AWS::CloudWatch::Dashboard",
    service="cloudwatch",
    list=Call("list_dashboards", out="DashboardEntries"),
    id="DashboardName",
    arn="DashboardArn",
    name="DashboardName",
    scope="global",
    terraform=("aws_cloudwatch_dashboard",),
    props=(
        Prop("DashboardName"),
        Prop(
            "DashboardBody",
            call=Call("get_dashboard", {"DashboardName": "{name}"}, out="DashboardBody"),
            kind="json",
            same="json",
            always=True,
            set=Call("put_dashboard", {"DashboardName": "{name}", "DashboardBody": "{value}"}),
        ),
    ),
    edges=drawing("DashboardBody"),
)
