"""WAF: moto has no list of what a web ACL guards, and takes an empty list of rules for none that was given."""

from __future__ import annotations

from typing import Any

from auditor.sandbox.call import Call, Refusal
from auditor.sandbox.corrections import Ask, corrects

_OF_KIND = {"APPLICATION_LOAD_BALANCER": ":loadbalancer/app/", "API_GATEWAY": ":/restapis/"}


@corrects("wafv2", "ListResourcesForWebACL")
def guarded(call: Call, ask: Ask) -> dict[str, Any]:
    """The load balancers, or what else is asked for, of a regional one; AWS refuses to tell the distributions."""
    from moto.wafv2.models import wafv2_backends

    arn = call.params["WebACLArn"]
    if ":global/" in arn:
        raise Refusal("WAFInvalidParameterException", "The scope is not valid for this operation.")
    found = wafv2_backends[call.account][call.region].wacls.get(arn)
    if found is None:
        raise Refusal(
            "WAFNonexistentItemException", "AWS WAF couldn't perform the operation because your resource doesn't exist."
        )
    kind = _OF_KIND.get(call.params.get("ResourceType", "APPLICATION_LOAD_BALANCER"), "nothing")
    return {"ResourceArns": sorted({each for each in found.associated_resources if kind in each})}


@corrects("wafv2", "AssociateWebACL")
def associate(call: Call, ask: Ask) -> dict[str, Any]:
    """A resource has one web ACL at most: another takes the place of the first."""
    from moto.wafv2.models import wafv2_backends

    for each in wafv2_backends[call.account][call.region].wacls.values():
        if call.params["ResourceArn"] in each.associated_resources:
            each.associated_resources.remove(call.params["ResourceArn"])
    return ask(call)


@corrects("wafv2", "UpdateWebACL")
def updated(call: Call, ask: Ask) -> dict[str, Any]:
    """The rules are replaced as a whole, also by none."""
    from moto.wafv2.models import wafv2_backends

    answer = ask(call)
    if not call.params.get("Rules"):
        for acls in wafv2_backends[call.account].values():
            for each in acls.wacls.values():
                if each.id == call.params["Id"]:
                    each.rules = []
    return answer
