"""What else stands in an account and was not looked at: what carries a tag or ever did, which is asked once a region.

Only the Resource Groups Tagging API answers everywhere and for all services without something that has to be set up
first (ARCHITECTURE.md tells what else there is). What nobody ever tagged is not among its answers, so what is told is
a lower bound. It is no part of what a run needs: where it is refused, the run is whole, and that is told.
"""

from __future__ import annotations

from collections.abc import Mapping

from auditor.aws.requests import Caller, Failure, Request
from auditor.model import Gap, Inventory, NotLookedAt, ResourceType
from auditor.resources.arns import kind_of_arn, kind_of_type, plain_kind
from auditor.resources.permissions import permission
from auditor.sources.live import Place

_SERVICE, _OPERATION = "resourcegroupstaggingapi", "get_resources"
_PAGE = {"ResourcesPerPage": 100}  # AWS's most
# Read as a part of something else.
_WITHIN = {"ec2:securitygrouprule": "AWS::EC2::SecurityGroup"}


def tagged_permissions() -> list[str]:
    return [permission(_SERVICE, _OPERATION)]


def add_not_looked_at(inventory: Inventory, caller: Caller, place: Place, types: Mapping[str, ResourceType]) -> None:
    """Count what was not read, by service and kind: no resource of the inventory and of no type that was asked."""
    looked = {kind_of_type(types[cfn]) for cfn in inventory.asked}
    looked |= {kind for kind, cfn in _WITHIN.items() if cfn in inventory.asked}
    read = {text for each in inventory.resources for text in (each.arn, *each.names)}
    found = NotLookedAt()
    requests = [Request.of(place.account, region, _SERVICE, _OPERATION, _PAGE) for region in place.regions]
    others: set[str] = set()
    for request, reply in caller.ask(requests).items():
        if isinstance(reply, Failure):
            found.gaps.append(_gap(request, reply))
            continue
        others |= {str(each.get("ResourceARN")) for each in reply.get("ResourceTagMappingList") or ()}
    kinds = [kind for arn in others - read if (kind := kind_of_arn(arn)) and plain_kind(kind) not in looked]
    found.kinds.update(kinds)
    inventory.not_looked_at = found


def _gap(request: Request, reply: Failure) -> Gap:
    (action,) = tagged_permissions()
    words = f"{reply.code}: {reply.message}"
    return Gap(request.account, request.region, _SERVICE, _OPERATION, action, reply.reason, (), words)
