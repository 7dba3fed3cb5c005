"""Laws that hold for every set of traffic and every network, whatever the rules are."""

from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.graph.box_words import address_words, service_words
from auditor.graph.boxes import ALL_SERVICES, EVERYWHERE, Traffic, line, service
from auditor.graph.network import reach, resolve
from auditor.graph.network.ground.network_acls import first_fits
from auditor.graph.network.ground.security_groups import INGRESS, admission
from auditor.graph.space import Ranges, public
from tests.graph.network.drawn import acl, drawn, group, interface, subnet

small = st.tuples(st.integers(0, 15), st.integers(0, 15)).map(lambda pair: Ranges(((min(pair), max(pair)),)))
boxes = st.lists(st.tuples(small, small), max_size=5)


def members(traffic):
    return {
        (point, address)
        for low, high, found in traffic.slices
        for point in range(low, high + 1)
        for first, last in found.spans
        for address in range(first, last + 1)
    }


@settings(deadline=None)
@given(boxes, boxes)
def test_sets_of_traffic_agree_with_plain_sets(left, right):
    a, b = Traffic.of(left), Traffic.of(right)
    assert members(a | b) == members(a) | members(b)
    assert members(a & b) == members(a) & members(b)
    assert members(a - b) == members(a) - members(b)
    assert (a <= b) == (members(a) <= members(b))
    assert a.services == Ranges.of((each, each) for each, _ in members(a))
    assert a.addresses == Ranges.of((each, each) for _, each in members(a))


@settings(deadline=None)
@given(boxes, st.randoms())
def test_equal_sets_of_traffic_are_equal_values(given_boxes, random):
    whole = Traffic.of(given_boxes)
    points = [(Ranges(((a, a),)), Ranges(((b, b),))) for a, b in members(whole)]
    random.shuffle(points)
    assert Traffic.of(points) == whole
    assert (whole | whole, whole & whole, whole - whole) == (whole, whole, Traffic())


@settings(deadline=None)
@given(boxes, small)
def test_for_all_and_for_any(given_boxes, addresses):
    traffic = Traffic.of(given_boxes)
    inside = {number for low, high in addresses.spans for number in range(low, high + 1)}
    by_service = {point: {b for a, b in members(traffic) if a == point} for point in range(16)}
    assert traffic.for_all(addresses) == Ranges.of(
        (p, p) for p, found in by_service.items() if found and inside <= found
    )
    assert traffic.for_any(addresses) == Ranges.of((p, p) for p, found in by_service.items() if inside & found)


def test_words_for_sets():
    assert address_words(line("0.0.0.0/0") - line("10.0.0.0/8")) == "0.0.0.0/0 minus 10.0.0.0/8"
    assert address_words(public(4)) == "the Internet"
    assert address_words(Ranges()) == "nowhere"
    assert service_words(ALL_SERVICES - service("tcp", 22)) == "all traffic but tcp 22"
    assert service_words(service("tcp", 5432) | service("udp")) == "tcp 5432, udp"
    assert service("6", 80) == service("tcp", 80)


# --- networks --------------------------------------------------------------------------------------------------------

CIDRS = ["0.0.0.0/0", "0.0.0.0/1", "10.0.0.0/8", "10.0.0.0/24", "10.0.0.8/32", "198.51.100.0/24", "203.0.113.128/25"]
halves = {
    "0.0.0.0/0": ("0.0.0.0/1", "128.0.0.0/1"),
    "0.0.0.0/1": ("0.0.0.0/2", "64.0.0.0/2"),
    "10.0.0.0/8": ("10.0.0.0/9", "10.128.0.0/9"),
    "10.0.0.0/24": ("10.0.0.0/25", "10.0.0.128/25"),
    "198.51.100.0/24": ("198.51.100.0/25", "198.51.100.128/25"),
}
ports = st.tuples(st.integers(0, 65535), st.integers(0, 65535)).map(sorted)
rules = st.one_of(
    st.builds(
        lambda protocol, span, cidr: {"IpProtocol": protocol, "FromPort": span[0], "ToPort": span[1], "CidrIp": cidr},
        st.sampled_from(["tcp", "udp"]),
        ports,
        st.sampled_from(CIDRS),
    ),
    st.builds(lambda cidr: {"IpProtocol": "-1", "CidrIp": cidr}, st.sampled_from(CIDRS)),
    st.builds(
        lambda span, name: {"IpProtocol": "tcp", "FromPort": span[0], "ToPort": span[1], "SourceSecurityGroupId": name},
        ports,
        st.sampled_from(["sg-a", "sg-b"]),
    ),
)
entries = st.builds(
    lambda number, action, way, protocol, span, cidr: {
        "RuleNumber": number, "RuleAction": action, "Egress": way, "Protocol": protocol, "CidrBlock": cidr,
        "PortRange": {"From": span[0], "To": span[1]},
    },
    st.integers(1, 99), st.sampled_from(["allow", "deny"]), st.booleans(), st.sampled_from([-1, 6, 17]), ports,
    st.sampled_from(CIDRS),
)  # fmt: skip
lists = st.lists(entries, max_size=6, unique_by=lambda each: (each["RuleNumber"], each["Egress"]))


def network(ingress, listed=()):
    return drawn(
        inner=subnet("10.0.1.0/24"),
        acl_outer=acl(*listed, subnets=["outer"]),
        acl_inner=acl(subnets=["inner"]),
        sg_a=group(),
        sg_b=group(*ingress),
        eni_a=interface("10.0.1.8", "inner", "sg-a"),
        eni_b=interface("10.0.0.9", "outer", "sg-b", public=["54.0.0.9"]),
    )


def answers(graph):
    """What the world and a neighbour may do, as sets."""
    target = resolve(graph, "eni-b")
    found = [reach(graph, resolve(graph, tail), target, ALL_SERVICES) for tail in ("internet", "eni-a")]
    return [each.traffic if each.state == "reached" else Traffic() for each in found]


def within(smaller, larger):
    return all(one <= other for one, other in zip(answers(smaller), answers(larger), strict=True))


@settings(max_examples=40, deadline=None)
@given(st.lists(rules, max_size=4), rules, lists)
def test_another_rule_never_shrinks(ingress, more, listed):
    assert within(network(ingress, listed), network([*ingress, more], listed))


@settings(max_examples=40, deadline=None)
@given(st.lists(rules, max_size=4), lists, entries)
def test_another_allow_never_shrinks_and_another_deny_never_grows(ingress, listed, more):
    """Before all others, where a new entry has its say."""
    first = {**more, "RuleNumber": 0}
    before = network(ingress, [*listed, {**first, "RuleNumber": 100, "RuleAction": "deny"}])
    assert within(before, network(ingress, [*listed, {**first, "RuleAction": "allow"}]))
    assert within(network(ingress, [*listed, {**first, "RuleAction": "deny"}]), before)


@settings(max_examples=40, deadline=None)
@given(st.lists(rules, max_size=4), st.randoms())
def test_neither_order_nor_splitting_of_group_rules_changes_anything(ingress, random):
    split = []
    for rule in ingress:
        parts = halves.get(rule.get("CidrIp"), ())
        split += [{**rule, "CidrIp": part} for part in parts] or [rule]
    random.shuffle(split)
    whole, pieces = network(ingress), network(split)
    assert answers(whole) == answers(pieces)
    one, other = (admission(each, ("sg-b",), INGRESS) for each in (whole, pieces))
    assert (one.low, one.high, one.groups) == (other.low, other.high, other.groups)


@settings(deadline=None)
@given(lists, st.randoms())
def test_the_place_of_an_acl_entry_in_the_list_means_nothing_and_its_number_everything(listed, random):
    one_way = [each for each in listed if not each["Egress"]]
    shuffled = list(one_way)
    random.shuffle(shuffled)
    assert first_fits(shuffled) == first_fits(one_way)


def test_the_numbers_of_acl_entries_matter():
    deny = {"RuleAction": "deny", "Protocol": -1, "CidrBlock": "10.0.0.0/8"}
    allow = {"RuleAction": "allow", "Protocol": -1, "CidrBlock": "0.0.0.0/0"}
    denied = first_fits([{**deny, "RuleNumber": 1}, {**allow, "RuleNumber": 2}])
    assert first_fits([{**allow, "RuleNumber": 1}, {**deny, "RuleNumber": 2}]) - denied == Traffic.box(
        ALL_SERVICES, line("10.0.0.0/8")
    )


@settings(deadline=None)
@given(st.lists(rules, max_size=4))
def test_certain_is_never_more_than_possible(ingress):
    found = admission(network(ingress), ("sg-b", "sg-nobody-read"), INGRESS)
    assert found.low <= found.high
    assert found.high.addresses == EVERYWHERE
