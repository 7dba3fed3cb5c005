"""Access Analyzer, Security Hub and Budgets: moto has no analyzers, cannot change a hub, and tells no tags."""

from __future__ import annotations

from typing import Any

from auditor.sandbox.call import Call, Refusal
from auditor.sandbox.corrections import Ask, corrects, shelf


@corrects("accessanalyzer", "CreateAnalyzer")
def create_analyzer(call: Call, ask: Ask) -> dict[str, Any]:
    name = call.params["analyzerName"]
    arn = f"arn:aws:access-analyzer:{call.region}:{call.account}:analyzer/{name}"
    given: dict[str, Any] = {key: call.params[key] for key in ("type", "configuration") if key in call.params}
    kept = {"arn": arn, "name": name, "createdAt": "2026-01-01T00:00:00Z", "status": "ACTIVE", **given}
    shelf(call, "analyzers")[name] = {**kept, "tags": call.params.get("tags", {})}
    return {"arn": arn}


@corrects("accessanalyzer", "ListAnalyzers")
def analyzers(call: Call, ask: Ask) -> dict[str, Any]:
    wanted = call.params.get("type")
    return {"analyzers": [each for each in shelf(call, "analyzers").values() if wanted in (None, each["type"])]}


@corrects("accessanalyzer", "DeleteAnalyzer")
def delete_analyzer(call: Call, ask: Ask) -> dict[str, Any]:
    if shelf(call, "analyzers").pop(call.params["analyzerName"], None) is None:
        raise Refusal("ResourceNotFoundException", "The specified analyzer does not exist.", 404)
    return {}


@corrects("securityhub", "EnableSecurityHub")
def enable(call: Call, ask: Ask) -> dict[str, Any]:
    answer = ask(call)
    shelf(call, "tags").update(call.params.get("Tags", {}))
    return answer


@corrects("securityhub", "UpdateSecurityHubConfiguration")
def change_hub(call: Call, ask: Ask) -> dict[str, Any]:
    shelf(call, "hub").update(call.params)
    return {}


@corrects("securityhub", "DescribeHub")
def hub(call: Call, ask: Ask) -> dict[str, Any]:
    return {**ask(call), **shelf(call, "hub")}


@corrects("securityhub", "ListTagsForResource")
def tags_of_hub(call: Call, ask: Ask) -> dict[str, Any]:
    return {"Tags": dict(shelf(call, "tags"))}


@corrects("budgets", "CreateBudget")
def create_budget(call: Call, ask: Ask) -> dict[str, Any]:
    answer = ask(call)
    shelf(call, "tags")[call.params["Budget"]["BudgetName"]] = call.params.get("ResourceTags", [])
    return answer


@corrects("budgets", "ListTagsForResource")
def tags_of_budget(call: Call, ask: Ask) -> dict[str, Any]:
    return {"ResourceTags": shelf(call, "tags").get(call.params["ResourceARN"].rpartition("/")[2], [])}
