"""RDS: of a cluster moto does not change who logs in and what is logged, and an event subscription not at all."""

from __future__ import annotations

from typing import Any

from auditor.sandbox.call import Call
from auditor.sandbox.corrections import Ask, corrects


def _backend(call: Call) -> Any:
    from moto.rds.models import rds_backends

    return rds_backends[call.account][call.region]


@corrects("rds", "ModifyDBCluster")
def cluster(call: Call, ask: Ask) -> dict[str, Any]:
    answer = ask(call)
    found = _backend(call).clusters[call.params["DBClusterIdentifier"]]
    found.iam_auth = call.params.get("EnableIAMDatabaseAuthentication", found.iam_auth)
    logs = call.params.get("CloudwatchLogsExportConfiguration", {})
    kept = [each for each in found.enabled_cloudwatch_logs_exports if each not in logs.get("DisableLogTypes", [])]
    found.enabled_cloudwatch_logs_exports = list(dict.fromkeys([*kept, *logs.get("EnableLogTypes", [])]))
    return answer


@corrects("rds", "ModifyEventSubscription")
def subscription(call: Call, ask: Ask) -> dict[str, Any]:
    found = _backend(call).event_subscriptions[call.params["SubscriptionName"]]
    found.enabled = call.params.get("Enabled", found.enabled)
    found.event_categories = call.params.get("EventCategories", found.event_categories)
    return {"EventSubscription": {"CustSubscriptionId": found.subscription_name, "Enabled": found.enabled}}
