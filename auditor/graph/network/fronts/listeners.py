"""What a listener does with a connection: the target groups to which its rules lead, and for which clients.

Rules are asked in the order of their priority, the default action last. A client chooses the host, the path and the
headers of a request, but not the address it comes from: so a condition on addresses is a set, and any other condition
can be met by every client. A rule that asks for addresses only (or for nothing) takes those away from all rules
after it. Redirects and fixed responses lead nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from auditor.graph.boxes import EVERYWHERE, NOTHING, lines, service
from auditor.graph.build import Graph
from auditor.graph.network.ground import words as w
from auditor.graph.network.ground.index import hidden, unread_links
from auditor.graph.network.packets.to_internet import unseen
from auditor.graph.space import Ranges
from auditor.model import Edge, Gap, Resource

_ANYTHING = {"path-pattern": ("*", "/*"), "host-header": ("*",)}  # values that every request meets
_SHORT = {"path-pattern": "path", "host-header": "host", "http-header": "header", "http-request-method": "method",
          "query-string": "query", "source-ip": "from"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lead:
    """A way from a listener to a target group: the clients that surely and that possibly take it, and what it is."""

    listener: Resource
    group: Resource
    sources: Ranges
    most: Ranges
    words: str
    edges: tuple[Edge, ...]
    gaps: tuple[Gap, ...] = ()


def balancer_of(graph: Graph, listener: Resource) -> tuple[Edge, Resource] | None:
    return next(iter(graph.heads(listener, "part-of", w.BALANCER)), None)


def port_of(listener: Resource) -> int | None:
    port = listener.known("Port")
    return int(port) if port is not None else None


def services_of(listener: Resource) -> Ranges:
    """The services on which a listener takes connections, as far as they were read."""
    port = port_of(listener)
    if port is None:
        return NOTHING
    protocol = str(listener.known("Protocol", "TCP"))
    found = service("udp", port) if protocol in ("UDP", "TCP_UDP", "QUIC", "TCP_QUIC") else NOTHING
    return found if protocol in ("UDP", "QUIC") else found | service("tcp", port)


def unread_services(listener: Resource) -> tuple[Gap, ...]:
    """What leaves open on which services a listener takes connections."""
    return hidden(listener, "Port", "Protocol")


def leads_to(graph: Graph, group: Resource) -> list[Lead]:
    """Every way to a target group, over all listeners; worked out once a graph."""
    return graph.once(_every_lead).get(group.key, [])


def _every_lead(graph: Graph) -> dict[str, list[Lead]]:
    known: dict[str, list[Lead]] = {}
    for listener in graph.of_type(w.LISTENER):
        for lead in leads(graph, listener):
            known.setdefault(lead.group.key, []).append(lead)
    return known


def leads(graph: Graph, listener: Resource) -> list[Lead]:
    """The ways from one listener, in the order in which it asks."""
    above = balancer_of(graph, listener)
    unread: tuple[Gap, ...] = ()
    if above and (hidden(above[1], "Type") or above[1].known("Type", "application") == "application"):
        unread = unread_links(graph, w.RULE, "part-of", listener.region)  # only application balancers have rules
    part = (above[0],) if above else ()
    sure, left = (NOTHING if unread else EVERYWHERE), EVERYWHERE
    out: list[Lead] = []
    for edge, rule in _in_order(graph, listener):
        gaps = hidden(rule, "Conditions", "Actions", "Priority")
        addresses, only = _addresses(rule.known("Conditions", ()))
        if gaps:
            addresses = EVERYWHERE
        mine = NOTHING if gaps else sure & addresses
        words = _rule_words(rule)
        out += _led(graph, listener, rule.known("Actions", ()), mine, left & addresses, words,
                    (*part, edge), unread + gaps)  # fmt: skip
        if hidden(rule, "Actions"):
            out += _may_lead(graph, listener, {each.group.key for each in out}, part, gaps)
        if gaps:  # it may take anybody away from the rules after it
            sure, unread = NOTHING, unread + gaps
        elif only:
            sure, left = sure - addresses, left - addresses
    gaps = unread + hidden(listener, "DefaultActions")
    actions = listener.known("DefaultActions", ())
    out += _led(graph, listener, actions, NOTHING if gaps else sure, left, "", part, gaps)
    if gaps or not actions:  # what cannot be seen may lead to any group that names the balancer
        gaps = gaps or unseen(graph, listener.key, f"the default action of {listener.label} was not read")
        out += _may_lead(graph, listener, {each.group.key for each in out}, part, gaps)
    return out


def _in_order(graph: Graph, listener: Resource) -> list[tuple[Edge, Resource]]:
    """Rules by priority; one whose priority was not read may be the first."""
    found = graph.tails(listener, "part-of", w.RULE)
    return sorted(found, key=lambda each: int(each[1].known("Priority") or 0))


def _led(
    graph: Graph, listener: Resource, actions: Any, sure: Ranges, most: Ranges, words: str, edges: tuple[Edge, ...],
    gaps: tuple[Gap, ...],
) -> Iterator[Lead]:  # fmt: skip
    """The target groups to which actions forward; a group of weight zero is given nothing."""
    asks = _sign_in(actions)
    for name, weight in _forwards(actions):
        group = graph.once(_groups).get(name)
        if group is not None and weight != 0 and most:
            edge = Edge(listener.key, "targets", group.key, words or "its default action")
            yield Lead(listener, group, sure, most, f"{words or 'default action'}{asks}", (*edges, edge), gaps)


def _may_lead(
    graph: Graph, listener: Resource, known: set[str], edges: tuple[Edge, ...], gaps: tuple[Gap, ...]
) -> Iterator[Lead]:
    above = balancer_of(graph, listener)
    for _, group in graph.tails(above[1], "attached-to", w.TARGETS) if above else ():
        if group.key not in known:
            yield Lead(listener, group, NOTHING, EVERYWHERE, "an action that was not read", edges, gaps)


def _forwards(actions: Any) -> Iterator[tuple[str, int]]:
    for action in actions or ():
        if action.get("Type") == "forward":
            several = (action.get("ForwardConfig") or {}).get("TargetGroups")
            for each in several or [{"TargetGroupArn": action.get("TargetGroupArn")}]:
                yield str(each.get("TargetGroupArn")), int(each.get("Weight", 1))


def _sign_in(actions: Any) -> str:
    for action in actions or ():
        config = action.get("AuthenticateOidcConfig") or action.get("AuthenticateCognitoConfig")
        if config and config.get("OnUnauthenticatedRequest", "authenticate") != "allow":
            return f", after signing in at {config.get('Issuer') or config.get('UserPoolDomain') or 'a user pool'}"
    return ""


def _groups(graph: Graph) -> dict[str, Resource]:
    groups = graph.of_type(w.TARGETS)
    return {text: group for group in groups for text in (group.id, group.arn, *group.names) if text}


def _addresses(conditions: Any) -> tuple[Ranges, bool]:
    """The addresses that conditions admit, and whether that is all they ask."""
    addresses, only = EVERYWHERE, True
    for each in conditions or ():
        field, values = str(each.get("Field")), _values(each)
        if field == "source-ip":
            addresses &= lines(values)
        elif not set(values) & set(_ANYTHING.get(field, ())):
            only = False
    return addresses, only


def _values(condition: Mapping[str, Any]) -> list[Any]:
    """The values of a condition, wherever this one keeps them."""
    for name, inner in condition.items():
        if name.endswith("Config") and isinstance(inner, Mapping):
            return [*inner.get("Values", ()), *inner.get("RegexValues", ())]
    return list(condition.get("Values", ()))


def _rule_words(rule: Resource) -> str:
    words = []
    for each in rule.known("Conditions", ()):
        values = [f"{v.get('Key', '')}={v.get('Value')}" if isinstance(v, Mapping) else str(v) for v in _values(each)]
        words.append(f"{_SHORT.get(str(each.get('Field')), each.get('Field'))} {' or '.join(values[:3])}")
    number = rule.known("Priority", "?")
    return f"rule {number} ({', '.join(words)})" if words else f"rule {number}"


def nowhere(listener: Resource) -> str:
    """What a listener says instead of handing a connection on, in words; nothing where it hands it on."""
    for action in listener.known("DefaultActions", ()):
        if action.get("Type") == "redirect":
            to = action.get("RedirectConfig") or {}
            return f"redirects to {to.get('Protocol', '#{protocol}').lower()} {to.get('Port', '#{port}')}"
        if action.get("Type") == "fixed-response":
            return f"answers {(action.get('FixedResponseConfig') or {}).get('StatusCode', 'by itself')}"
    return ""
