"""Networks with one thing of one resource unread: as a denied call hides it, and as code that leaves it open does."""

from copy import deepcopy

from auditor.graph.build import build
from auditor.graph.network import NoSuchEnd, free_spot, reach, resolve
from auditor.model import Gap, Inventory, Resource

DENIED = ("denied", "AccessDenied: not authorized")
OPEN = ("unresolved", "known only after apply")
# Of what code makes, these are AWS's to say once it exists, and are taken as what they begin with.
LEFT_TO_AWS = ("State", "Status", "OwnerId", "InternetGatewayBlockMode")


def ways_to_hide(graph):
    """(resource key, place, what is taken away) for everything that could be unread."""
    for each in graph.resources():
        for name, value in each.properties.items():
            yield each.key, name, ()
            for inner in value if isinstance(value, dict) else ():
                yield each.key, f"{name}.{inner}", (inner,)
            for index, element in enumerate(value) if isinstance(value, list) else ():
                yield each.key, name, (index,)  # the list is longer than what was read
                for inner in element if isinstance(element, dict) else ():
                    yield each.key, f"{name}[].{inner}", (index, inner)


def hidden(graph, key, place, taken, why=DENIED):
    """The graph of the same resources, with one thing unread."""
    resources = [_copied(each) if each.key == key else each for each in graph.resources()]
    found = next(each for each in resources if each.key == key)
    reason, message = why
    call = ("ec2", "describe", "ec2:Describe") if reason == "denied" else ("", "", "")
    found.unknown[place] = Gap("1", "r", *call, reason, (found.type,), message, key)
    name = place.partition("[")[0].partition(".")[0]
    if not taken:
        del found.properties[name]
    else:
        inside = found.properties[name]
        for step in taken[:-1]:
            inside = inside[step]
        del inside[taken[-1]]
    inventory = graph.inventory
    return build(
        Inventory(resources, inventory.gaps, inventory.asked, inventory.accounts, inventory.regions), graph.types
    )


def _copied(each):
    return Resource(each.type, each.id, each.account, each.region, each.arn, each.name, each.origin,
                    deepcopy(each.properties), dict(each.unknown), each.tags, each.names)  # fmt: skip


def state(graph, tail, head, services):
    """How it stands; a name that nothing has any more is an answer of its own."""
    try:
        return reach(graph, free_spot(graph, resolve(graph, tail)), resolve(graph, head), services).state
    except NoSuchEnd:
        return "nobody"
