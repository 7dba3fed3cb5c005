"""A resource that moved stays the resource it was; what is gone and what is new are not taken for each other."""

from auditor.findings.change import Side, brought, paired
from auditor.model import Change, Finding, Gap, Resource

GROUP = "AWS::EC2::SecurityGroup"


def resource(address, was="", cfn=GROUP, name=""):
    return Resource(cfn, name or address, "", "", address=address, was=was, origin="main.tf:1")


def keys(base, head):
    found = paired(base, head)
    names = {each.key: each.address for each in (*base, *head)}
    return {names[old]: names[new] for old, new in found.items()}


def test_by_address():
    assert keys([resource("a.x")], [resource("a.x")]) == {"a.x": "a.x"}
    assert keys([resource("a.x")], [resource("a.y")]) == {}
    assert keys([resource("a.x")], [resource("a.x", cfn="AWS::S3::Bucket")]) == {}


def test_a_name_that_changes_is_the_same_address():
    base, head = resource("a.x", name="old"), resource("a.x", name="new")
    assert paired([base], [head]) == {base.key: head.key}


def test_a_move_that_terraform_refuses_is_none():
    """It refuses one from what is still declared ("Moved object still exists"), and makes none to what is there
    already: a hole that opens in `b` must not pass for the one that was in `a`."""
    assert keys([resource("a")], [resource("b", was="a")]) == {"a": "b"}
    assert keys([resource("a")], [resource("b", was="a"), resource("a")]) == {"a": "a"}
    assert keys([resource("a"), resource("b")], [resource("b", was="a"), resource("a", was="b")]) == {
        "a": "a",
        "b": "b",
    }
    assert keys([resource("a"), resource("b")], [resource("b", was="a")]) == {"b": "b"}


def test_a_count_makes_the_first_of_many():
    assert keys([resource("a.x")], [resource("a.x[0]"), resource("a.x[1]")]) == {"a.x": "a.x[0]"}
    assert keys([resource("module.m[0].a.x")], [resource("module.m.a.x")]) == {"module.m[0].a.x": "module.m.a.x"}


def test_stacks_of_renamed_files_by_what_they_hold():
    base = [resource("web/A"), resource("web/B"), resource("db/A"), resource("db/C")]
    head = [resource("edge/A"), resource("edge/B"), resource("data/A"), resource("data/C"), resource("data/D")]
    assert keys(base, head) == {"web/A": "edge/A", "web/B": "edge/B", "db/A": "data/A", "db/C": "data/C"}
    assert keys([resource("web/A"), resource("web/B"), resource("web/C")], [resource("edge/A")]) == {}
    assert keys([resource("envs/a:x.y")], [resource("envs/b:x.y")]) == {"envs/a:x.y": "envs/b:x.y"}
    assert keys([resource('x.y["a/b"]')], [resource('x.z["c/b"]')]) == {}


def side(resources, findings, gaps=(), blind=()):
    from auditor.findings import record

    scan = {"accounts": [], "regions": [], "types": [GROUP], "rules": ["closed"], "baselines": [], "source": "code"}
    rules = {"judged": 1, "kept": 0, "broken": 0, "unknown": 0}
    told = record.run(
        scan=scan, gaps=list(gaps), findings=findings, promises=[], bindings=[], rules=rules, maps=[]
    )  # fmt: skip
    return Side(resources, findings, told)


def finding(owner, *elements, verdict="broken", prop="SecurityGroupIngress"):
    changes = (Change(owner.key, prop, remove=elements),) if elements else ()
    return Finding("closed", "rule", verdict, "high", "Closed", owner, prop, changes=changes, because="open")


def told(base, head):
    out = brought(base, head)
    return [len(out[name]) for name in ("findings", "mended", "carried")]


def test_new_mended_still():
    a, b = resource("a"), resource("b")
    assert told(side([a], []), side([a], [finding(a)])) == [1, 0, 0]
    assert told(side([a], [finding(a)]), side([a], [])) == [0, 1, 0]
    assert told(side([a], [finding(a)]), side([a], [finding(a)])) == [0, 0, 1]
    assert told(side([a], [finding(a)]), side([b], [finding(b)])) == [1, 1, 0]
    moved = resource("b", was="a")
    assert told(side([a], [finding(a)]), side([moved], [finding(moved)])) == [0, 0, 1]


def test_what_nobody_could_tell_before_is_new_when_it_is_broken():
    a = resource("a")
    assert told(side([a], [finding(a, verdict="unknown")]), side([a], [finding(a)])) == [1, 0, 0]
    assert told(side([a], [finding(a)]), side([a], [finding(a, verdict="unknown")])) == [0, 0, 1]
    assert told(side([a], [finding(a, verdict="unknown")]), side([a], [])) == [0, 0, 0]


def test_more_of_the_same_is_new():
    a = resource("a")
    one, two = {"FromPort": 22, "CidrIp": "0.0.0.0/0"}, {"FromPort": 3389, "CidrIp": "0.0.0.0/0"}
    assert told(side([a], [finding(a, one)]), side([a], [finding(a, one, two)])) == [1, 0, 0]
    assert told(side([a], [finding(a, one, two)]), side([a], [finding(a, two)])) == [0, 0, 1]
    worded = {**one, "Description": "shells"}
    assert told(side([a], [finding(a, one)]), side([a], [finding(a, worded)])) == [0, 0, 1]
    named, renamed = {"SourceSecurityGroupId": "${a.x.id}"}, {"SourceSecurityGroupId": "${module.m.a.x.id}"}
    assert told(side([a], [finding(a, named)]), side([a], [finding(a, renamed)])) == [0, 0, 1]


def test_a_gap_of_the_head_alone_hides_what_is_gone():
    a = resource("a")
    gap = Gap("", "", "", "main.tf:4", "", "unresolved", (GROUP,), "main.tf:4: module.x comes from elsewhere")
    assert told(side([a], [finding(a)]), side([], [], [gap])) == [0, 0, 1]
    moved = Gap("", "", "", "main.tf:9", "", "unresolved", (GROUP,), "main.tf:9: module.x comes from elsewhere")
    assert told(side([a], [finding(a)], [gap]), side([a], [], [moved])) == [0, 1, 0]
