"""Every property that can be set, set in an account behind HTTP: planned, made, read back, and undone to the letter.

What the fake account of the other tests cannot show: that the rows of the types say what AWS's operations take,
that what was written reads as it was meant, and that nothing beside it moves.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from auditor.aws.session import Connection, connect
from auditor.model import ABSENT, Change, Edge, Finding, Gap, Json, Resource, paths
from auditor.remedy.account import Account
from auditor.remedy.apply import Hands, apply, rollback
from auditor.remedy.changes import as_read
from auditor.remedy.engine import Pace
from auditor.remedy.plan import Plan, make_plan
from auditor.remedy.values import changed, text
from auditor.remedy.world import RunView
from auditor.resources import load
from auditor.resources.normalise import settle
from auditor.sandbox.built import Built
from auditor.sources import live
from auditor.sources.live import Place
from tests.remedy.changes import TABLE, UNSAID, Put, Row, rows
from tests.remedy.spares import SEOUL, build_spares

TYPES = load()
NOW = "2026-03-02T00:00:00Z"


@dataclass
class Live:
    """The account under test, over a real connection."""

    built: Built
    connection: Connection
    judged: int = 0
    keys: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def place(self) -> Place:
        return Place(self.connection.account, self.connection.partition, self.connection.home, (SEOUL,))

    def read(self, cfn: str, identifier: str) -> Resource | None:
        """The whole resource. Which one is meant is found once among all of its type; the details of the others,
        which nothing here looks at, are not read again."""
        key = self.keys.get((cfn, identifier))
        found = live.read(self.connection, self.place, {cfn: None}, TYPES, (cfn, key) if key else None)
        assert not found.gaps, found.gaps
        mine = [each for each in found.resources if each.type == cfn and identifier in (each.id, each.name, each.arn)]
        assert len(mine) < 2, mine
        for each in mine:
            self.keys[cfn, identifier] = each.key
        return copy.deepcopy(mine[0]) if mine else None

    def hands(self, finding: str) -> Hands:
        """Broken before the first step, mended after it."""

        def judge() -> RunView:
            self.judged += 1
            return RunView(broken=frozenset({finding} if self.judged == 1 else ()))

        self.judged = 0
        reader = live.reader(self.connection, self.place, TYPES)
        account = Account(self.connection, TYPES, reader, judge)
        return Hands(account, TYPES, Pace(lambda _: None, (0.0,)), lambda: NOW)


@dataclass
class Alone:
    """A graph of one resource."""

    only: Resource
    edges: list[tuple[Edge, Resource]] = field(default_factory=list)

    def resource(self, key: str) -> Resource | None:
        return self.only if key == self.only.key else None

    def tails(self, resource: Resource, relation: str = "", *types: str) -> list[tuple[Edge, Resource]]:
        return self.edges

    def gaps_for(self, cfn: str, region: str = "") -> tuple[Gap, ...]:
        return ()


@pytest.fixture(scope="module")
def account(cuggu: Built) -> Iterator[Live]:
    """One copy for all rows: each leaves it as it found it, which is what it tests."""
    with cuggu.box.clone() as box, pytest.MonkeyPatch.context() as patch:
        for name, value in box.env().items():
            patch.setenv(name, value)
        patch.delenv("AWS_PROFILE", raising=False)
        built = cuggu.on(box)
        build_spares(built)
        yield Live(built, connect(region=SEOUL))


def asked_for(row: Row, resource: Resource, built: Built) -> tuple[Change, Json]:
    """The change, and the whole value of the property once it is made."""
    prop = TYPES[row.type].prop(row.place)
    assert prop is not None
    now = paths.get(resource.properties, row.place)
    whole = resource.properties.get(prop.name, prop.default)
    inside = row.place.removeprefix(prop.name).removeprefix(".")
    want = _value(row.want, now, built)
    if isinstance(row.want, Put):
        add, take = (_value(each, now, built) for each in (row.want.add, row.want.take))
        change = Change(
            resource.key,
            row.place,
            remove=() if take is ABSENT else (take,),
            add=() if add is ABSENT else (add,),
        )
        old = now if isinstance(now, list) else []
        want = [each for each in old if each != take] + ([] if add is ABSENT else [add])
    else:
        change = Change(resource.key, row.place, want)
    after = settle(prop.same, changed(whole, inside, want))
    return change, prop.default if after is ABSENT else after


def _value(want: object, now: Json, built: Built) -> Json:
    return want(now, built) if isinstance(want, Callable) else want  # type: ignore[arg-type]


def planned(resource: Resource, change: Change) -> Plan:
    finding = Finding("test", "rule", "broken", "high", "it is not as it should be", resource, change.property)
    finding.changes = (change,)
    plan = make_plan([finding], Alone(resource), TYPES, "run", NOW)
    assert plan.steps, plan.left
    return plan


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.id)
def test_set_and_undone(account: Live, row: Row, tmp_path: Path) -> None:
    identifier = account.built[row.role]
    before = account.read(row.type, identifier)
    assert before is not None
    change, wanted = asked_for(row, before, account.built)
    top, beside = row.place.split(".")[0].split("[")[0], (*row.follows, *row.traces)
    assert wanted != before.properties.get(top, ABSENT), "the wish is fulfilled already"
    plan = planned(before, change)
    hands = account.hands(plan.steps[0].finding)

    made = apply(plan, hands, tmp_path / "journal", allow_risk="destroys")
    after = account.read(row.type, identifier)
    undone = rollback(tmp_path / "journal", hands)
    at_last = account.read(row.type, identifier)

    assert [(each.fate, each.reason) for each in made.results] == [("mended", "")] * len(plan.steps)
    assert made.exit_code == 0
    if after is None:
        assert row.want is ABSENT, "only what was taken away whole may be gone"
    else:
        others = {name: value for name, value in before.properties.items() if name not in (top, *beside)}
        assert _without(after.properties, top, *beside) == others
        assert _sorted(after.properties.get(top, ABSENT)) == _sorted(wanted)
        assert after.tags == before.tags
    assert {(each.fate, each.reason) for each in undone.results} == {("rolled-back", "rolled back")}
    assert undone.exit_code == 0
    assert at_last is not None
    assert _without(at_last.properties, *row.traces) == _without(before.properties, *row.traces)
    assert at_last.tags == before.tags


def _without(properties: dict[str, Json], *names: str) -> dict[str, Json]:
    return {name: value for name, value in properties.items() if name not in names}


def _sorted(value: Json) -> Json:
    """A value but for the order of its lists, which is the reader's."""
    if isinstance(value, dict):
        return {key: _sorted(inner) for key, inner in value.items()}
    return sorted(map(_sorted, value), key=text) if isinstance(value, list) else value


def test_what_is_written_reads_the_same(account: Live) -> None:
    """A step is held against its wish as it will read: `write` has to be the inverse of `read`."""
    found = live.read(account.connection, account.place, dict.fromkeys(TYPES), TYPES)
    seen = set()
    for resource in found.resources:
        for prop in TYPES[resource.type].props:
            if prop.settable and prop.name in resource.properties:
                value = resource.properties[prop.name]
                assert as_read(prop, value) == value, (resource.key, prop.name)
                seen.add((resource.type, prop.name))
    assert len(seen) > 120


NOTICED = {
    "CloudFront::Distribution DistributionConfig.Origins[Id=s3].OriginAccessControlId off": "interrupts",
    "CloudFront::Distribution DistributionConfig.Origins[Id=s3].OriginAccessControlId": "interrupts",
    "CloudFront::Distribution DistributionConfig.Comment": "safe",
    "CloudFront::Distribution DistributionConfig.Aliases": "interrupts",
    "CloudFront::ResponseHeadersPolicy ResponseHeadersPolicyConfig.Comment": "safe",
    "IAM::Role MaxSessionDuration": "interrupts",
    "Lambda::Function Description": "safe",
    "Lambda::Function Timeout": "interrupts",
    "Logs::LogGroup RetentionInDays": "destroys",
    "S3::Bucket PublicAccessBlockConfiguration.BlockPublicAcls": "interrupts",
}


@pytest.mark.parametrize("row", [row for row in rows() if row.id in NOTICED], ids=lambda row: row.id)
def test_a_risk_is_what_running_clients_notice(account: Live, row: Row) -> None:
    resource = account.read(row.type, account.built[row.role])
    assert resource is not None
    change, _ = asked_for(row, resource, account.built)
    assert {step.risk for step in planned(resource, change).steps} == {NOTICED[row.id]}


def test_a_change_without_room_for_its_undo_is_no_step(account: Live) -> None:
    """A managed policy holds five versions: with four, the change would be the last call that works."""
    resource = account.read("AWS::IAM::ManagedPolicy", account.built["spare-policy"])
    assert resource is not None
    change = Change(resource.key, "PolicyDocument", {"Version": "2012-10-17", "Statement": []})
    resource.properties["Versions"] = [{"VersionId": f"v{number}", "Document": {}} for number in (1, 2)]
    assert planned(resource, change).steps
    resource.properties["Versions"] *= 2
    with pytest.raises(AssertionError, match="no room"):
        planned(resource, change)


def test_the_table_is_whole() -> None:
    settable = {(cfn, row.name) for cfn, described in TYPES.items() for row in described.props if row.settable}
    tried = {(row.type, row.place.split(".")[0].split("[")[0]) for row in rows()}
    unsaid = {(f"AWS::{cfn}", name) for cfn, name in UNSAID}
    assert tried <= settable
    assert unsaid <= settable
    assert not tried & unsaid
    assert settable - tried == unsaid
    assert all(len(reason) > 20 for reason in UNSAID.values())
    assert set(TABLE) <= {cfn.removeprefix("AWS::") for cfn in TYPES}
