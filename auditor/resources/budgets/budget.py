"""A budget: how much may be spent of what in which time, and at which amounts somebody is told.

It has no setter: how much may be spent is for its owner to decide.
"""

from auditor.model import Call, Prop, ResourceType
from auditor.resources.budgets import _code
from auditor.resources.budgets._live import notifications, tidy, tidy_notifications

TYPE = ResourceType(
    cfn="AWS::Budgets::Budget",
    service="budgets",
    list=Call("describe_budgets", {"AccountId": "{account}"}, out="Budgets"),
    id="BudgetName",
    arn="arn:{partition}:budgets::{account}:budget/{id}",
    name="BudgetName",
    scope="global",
    tags="",
    tags_call=Call("list_tags_for_resource", {"ResourceARN": "{arn}"}, out="ResourceTags"),
    terraform=("aws_budgets_budget",),
    props=(
        Prop("Budget", live="@", tidy=tidy, tf="@", tf_read=_code.budget, absent="unknown"),
        Prop(
            "NotificationsWithSubscribers",
            live="Notifications",
            call=Call("describe_notifications_for_budget", {"AccountId": "{account}", "BudgetName": "{id}"}),
            read=notifications,
            tidy=tidy_notifications,
            tf="notification",
            tf_read=_code.notifications,
            default=[],
        ),
    ),
)
