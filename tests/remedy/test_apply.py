"""What applying does to an account: each way it can go, as a table of small stories."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import botocore.exceptions as boto
import pytest

from auditor.aws import answers, errors
from auditor.aws.requests import Failure
from auditor.model import ABSENT, Change, Finding
from auditor.remedy.apply import apply, resume, rollback
from auditor.remedy.journal import FILE, BadJournal, Busy, Journal
from tests.remedy.fake import REGION, TYPES, World, finding, hands, plan_of, thing

DENIED = Failure("AccessDenied", "denied", "not allowed")


def flagged(**more: Any) -> tuple[World, Finding]:
    """One thing whose flag should be set, and the finding that says so."""
    one = thing("one", **more)
    world = World({one.key: one})
    return world, finding(world, "flag", Change(one.key, "Flag", True), kept=lambda now: now["Flag"] is True)


def fates(outcome: Any) -> list[str]:
    return [result.fate for result in outcome.results]


def test_a_fix_is_made_seen_and_judged(tmp_path: Path) -> None:
    world, found = flagged()
    outcome = apply(plan_of(world, found), hands(world), tmp_path / "j")
    assert (fates(outcome), outcome.exit_code) == (["mended"], 0)
    assert world.calls == [("put_flag", "one")]
    assert world.state() == {found.resource.key: {**thing("one").properties, "Flag": True}}


def test_a_dry_run_changes_and_writes_nothing(tmp_path: Path) -> None:
    world, found = flagged()
    outcome = apply(plan_of(world, found), hands(world), tmp_path / "j", dry_run=True)
    assert (fates(outcome), outcome.exit_code, world.calls) == (["would"], 0, [])
    assert not (tmp_path / "j").exists()


def test_a_value_that_the_plan_did_not_see_is_not_overwritten(tmp_path: Path) -> None:
    world, found = flagged(Maybe="a")
    wish = finding(world, "maybe", Change(found.resource.key, "Maybe", "b"), kept=lambda now: now["Maybe"] == "b")
    plan = plan_of(world, wish)
    world.things[found.resource.key].properties["Maybe"] = "somebody's"
    outcome = apply(plan, hands(world), tmp_path / "j", "interrupts")
    assert (fates(outcome), outcome.exit_code, world.calls) == (["stale"], 5, [])
    assert '"somebody\'s" now' in outcome.results[0].reason


def test_what_is_so_already_needs_no_call(tmp_path: Path) -> None:
    world, found = flagged()
    plan = plan_of(world, found)
    world.meanwhile = lambda world, operation: None
    judge = world.judges[found.id]
    told = iter(["broken"])
    world.judges[found.id] = lambda things: next(told, None) or judge(things)
    world.things[found.resource.key].properties["Flag"] = True
    outcome = apply(plan, hands(world), tmp_path / "j")
    assert (fates(outcome), outcome.exit_code, world.calls) == (["already"], 0, [])


def test_a_risk_that_was_not_granted_leaves_the_whole_fix(tmp_path: Path) -> None:
    world, found = flagged()
    key = found.resource.key
    both = finding(world, "both", Change(key, "Flag", True), Change(key, "Maybe", "x"))
    outcome = apply(plan_of(world, both), hands(world), tmp_path / "j", "safe")
    assert (fates(outcome), outcome.exit_code, world.calls) == (["left", "left"], 5, [])


def test_one_step_that_mends_two_findings_survives_the_one_that_was_left(tmp_path: Path) -> None:
    world, found = flagged()
    key = found.resource.key
    both = finding(world, "both", Change(key, "Flag", True), Change(key, "Maybe", "x"))
    outcome = apply(plan_of(world, found, both), hands(world), tmp_path / "j", "safe")
    assert sorted(fates(outcome)) == ["left", "mended"]
    assert world.calls == [("put_flag", "one")]


def test_a_finding_that_is_mended_or_unknown_by_now_is_not_touched(tmp_path: Path) -> None:
    for verdict in ("kept", "unknown"):
        world, found = flagged()
        plan = plan_of(world, found)
        world.judges[found.id] = lambda things, verdict=verdict: verdict  # type: ignore[misc]
        outcome = apply(plan, hands(world), tmp_path / verdict)
        assert (fates(outcome), outcome.exit_code, world.calls) == (["stale"], 5, [])


def test_a_refused_call_leaves_the_account_as_it_was(tmp_path: Path) -> None:
    world, found = flagged()
    before = world.state()
    world.refuse["put_flag"] = [DENIED]
    outcome = apply(plan_of(world, found), hands(world), tmp_path / "j")
    assert (fates(outcome), outcome.exit_code) == (["failed"], 4)
    assert "AccessDenied" in outcome.results[0].reason
    assert world.state() == before


@pytest.mark.parametrize(
    "unheard",
    [
        errors.of_exception(boto.ReadTimeoutError(endpoint_url="https://x")),
        errors.of_exception(boto.ConnectionClosedError(endpoint_url="https://x")),
        errors.of_exception(boto.HTTPClientError(error="x")),
        errors.of_exception(boto.ResponseStreamingError(error="x")),
        errors.failure("InternalFailure", "", status=500),
        errors.failure("503", "", status=503),
        errors.damaged(answers.Damaged("the answer to PutFlag was cut")),
        errors.damaged(KeyError("ResponseMetadata")),
    ],
    ids=lambda failure: failure.code,
)
def test_a_call_whose_answer_never_came_and_that_came_true_is_no_failure(unheard: Failure, tmp_path: Path) -> None:
    world, found = flagged()
    world.refuse["put_flag"] = [unheard]

    def late(world: World, operation: str) -> None:
        world.things[found.resource.key].properties["Flag"] = True

    world.meanwhile = late
    outcome = apply(plan_of(world, found), hands(world), tmp_path / "j")
    assert (fates(outcome), outcome.exit_code) == (["mended"], 0)


def test_when_one_step_of_a_fix_fails_the_others_are_put_back(tmp_path: Path) -> None:
    world, found = flagged(Rules=["bad"])
    key = found.resource.key
    both = finding(world, "both", Change(key, "Flag", True), Change(key, "Rules", remove=("bad",), add=("good",)))
    before = world.state()
    world.refuse["remove_rule"] = [DENIED]
    outcome = apply(plan_of(world, both), hands(world), tmp_path / "j")
    assert (fates(outcome), outcome.exit_code) == (["rolled-back", "rolled-back", "failed"], 4)
    assert world.state() == before


def test_a_fix_whose_finding_stays_is_put_back_and_others_are_kept(tmp_path: Path) -> None:
    world, found = flagged(Rules=["bad"])
    useless = finding(world, "rules", Change(found.resource.key, "Rules", remove=("bad",)))
    outcome = apply(plan_of(world, found, useless), hands(world), tmp_path / "j")
    told = {result.step.property: result.fate for result in outcome.results}
    assert told == {"Flag": "mended", "Rules[]": "rolled-back"}
    assert outcome.exit_code == 4
    assert world.things[found.resource.key].properties["Rules"] == ["bad"]


def neighbours() -> tuple[World, list[Finding]]:
    """Three things to be flagged; flagging the second breaks a promise about the neighbour."""
    things = [thing(name) for name in ("a", "b", "c", "neighbour")]
    world = World({each.key: each for each in things})
    found = [
        finding(world, each.id, Change(each.key, "Flag", True), kept=lambda now: now["Flag"] is True)
        for each in things[:3]
    ]
    world.judges["doc/alive"] = lambda now: "broken" if now[things[1].key].properties["Flag"] else "kept"
    return world, found


def test_what_made_a_neighbour_worse_is_put_back_and_blamed(tmp_path: Path) -> None:
    world, found = neighbours()
    plan = plan_of(world, *found)
    world.where["doc/alive"] = found[1].resource.key
    outcome = apply(plan, hands(world), tmp_path / "j")
    told = {result.step.resource[-1]: result.fate for result in outcome.results}
    assert told == {"a": "mended", "b": "rolled-back", "c": "mended"}
    assert (outcome.exit_code, outcome.worse) == (4, ())
    assert "doc/alive" in next(each.reason for each in outcome.results if each.fate == "rolled-back")


def test_blame_without_a_trace_goes_back_from_the_last_step(tmp_path: Path) -> None:
    world, found = neighbours()
    outcome = apply(plan_of(world, *found), hands(world), tmp_path / "j")
    told = {result.step.resource[-1]: result.fate for result in outcome.results}
    assert told == {"a": "mended", "b": "rolled-back", "c": "rolled-back"}


def test_damage_that_no_undo_cures_needs_a_person(tmp_path: Path) -> None:
    world, found = flagged()
    views = iter(["kept"])
    world.judges["doc/elsewhere"] = lambda things: next(views, "broken")
    outcome = apply(plan_of(world, found), hands(world), tmp_path / "j")
    assert (fates(outcome), outcome.worse, outcome.exit_code) == (["rolled-back"], ("doc/elsewhere",), 5)


def test_what_cannot_be_told_afterwards_is_kept_but_not_called_mended(tmp_path: Path) -> None:
    world, found = flagged()
    views = iter(["broken"])
    world.judges[found.id] = lambda things: next(views, "unknown")
    outcome = apply(plan_of(world, found), hands(world), tmp_path / "j")
    assert (fates(outcome), outcome.exit_code) == (["unverified"], 5)
    assert world.things[found.resource.key].properties["Flag"] is True


def test_a_neighbour_that_can_no_longer_be_told_needs_a_person(tmp_path: Path) -> None:
    world, found = flagged()
    views = iter(["kept"])
    world.judges["doc/next"] = lambda things: next(views, "unknown")
    outcome = apply(plan_of(world, found), hands(world), tmp_path / "j")
    assert (fates(outcome), outcome.lost, outcome.exit_code) == (["mended"], ("doc/next",), 5)


def test_throttled_judging_is_tried_again(tmp_path: Path) -> None:
    world, found = flagged()
    judge, views = world.judges[found.id], iter(["broken", "unknown"])
    world.judges[found.id] = lambda things: next(views, None) or judge(things)
    assert apply(plan_of(world, found), hands(world), tmp_path / "j").exit_code == 0
    assert world.slept == [1.0]


def test_an_accepted_call_that_never_shows_is_set_back(tmp_path: Path) -> None:
    world, found = flagged()
    world.lost["put_flag"] = 1
    outcome = apply(plan_of(world, found), hands(world), tmp_path / "j")
    assert (fates(outcome), outcome.exit_code) == (["rolled-back"], 4)
    assert world.calls == [("put_flag", "one"), ("put_flag", "one")]


def test_a_slow_value_is_waited_for(tmp_path: Path) -> None:
    world, found = flagged()
    world.lost["put_flag"] = 1

    def late(world: World, operation: str) -> None:
        if operation == "sleep":
            world.things[found.resource.key].properties["Flag"] = True

    world.meanwhile = late
    assert fates(apply(plan_of(world, found), hands(world), tmp_path / "j")) == ["mended"]


def test_a_value_that_comes_out_otherwise_is_left_for_a_person(tmp_path: Path) -> None:
    world, found = flagged()

    def other(world: World, operation: str) -> None:
        world.things[found.resource.key].properties["Flag"] = "odd"

    world.meanwhile = other
    outcome = apply(plan_of(world, found), hands(world), tmp_path / "j")
    assert (fates(outcome), outcome.exit_code) == (["stuck"], 5)
    assert world.calls == [("put_flag", "one")]


def test_an_undo_that_is_refused_needs_a_person_and_can_be_tried_again(tmp_path: Path) -> None:
    world, found = flagged()
    world.judges[found.id] = lambda things: "broken"
    world.refuse["put_flag"] = []
    calls = iter([None, DENIED])

    def second(what: str) -> None:
        if what == "before put_flag" and (failure := next(calls, None)):
            world.refuse["put_flag"] = [failure]

    world.tick = second
    outcome = apply(plan_of(world, found), hands(world), tmp_path / "j")
    assert (fates(outcome), outcome.exit_code) == (["stuck"], 5)
    again = rollback(tmp_path / "j", hands(world))
    assert (fates(again), again.exit_code) == (["rolled-back"], 0)
    assert world.things[found.resource.key].properties["Flag"] is False


def test_rollback_restores_everything_once(tmp_path: Path) -> None:
    world, found = flagged(Rules=["bad"], Config={"A": 1, "Deep": {"X": False}})
    key = found.resource.key
    wishes = [
        found,
        finding(world, "m", Change(key, "Maybe", "x"), kept=lambda now: True),
        finding(world, "s", Change(key, "Switch", True), kept=lambda now: True),
        finding(world, "c", Change(key, "Config.Deep.X", True), kept=lambda now: True),
        finding(world, "r", Change(key, "Rules", remove=("bad",), add=("good",)), kept=lambda now: True),
    ]
    before, plan = world.state(), plan_of(world, *wishes)
    for each in wishes[1:]:
        views = iter(["broken"])
        world.judges[each.id] = lambda things, views=views: next(views, "kept")  # type: ignore[misc]
    outcome = apply(plan, hands(world), tmp_path / "j", "interrupts")
    assert set(fates(outcome)) == {"mended"}
    assert len(world.calls) == 6
    back = rollback(tmp_path / "j", hands(world))
    assert (set(fates(back)), back.exit_code, world.state()) == ({"rolled-back"}, 0, before)
    made, size = list(world.calls), (tmp_path / "j" / FILE).stat().st_size
    assert rollback(tmp_path / "j", hands(world)).exit_code == 0
    assert (world.calls, (tmp_path / "j" / FILE).stat().st_size) == (made, size)


def test_rollback_does_not_undo_what_somebody_changed_since(tmp_path: Path) -> None:
    world, found = flagged(Maybe="a")
    key = found.resource.key
    wish = finding(world, "m", Change(key, "Maybe", "b"), kept=lambda now: now.get("Maybe") == "b")
    apply(plan_of(world, found, wish), hands(world), tmp_path / "j", "interrupts")
    world.things[key].properties["Maybe"] = "theirs"
    back = rollback(tmp_path / "j", hands(world))
    assert sorted(fates(back)) == ["rolled-back", "stuck"]
    assert back.exit_code == 5
    assert world.things[key].properties["Maybe"] == "theirs"


def test_an_edit_touches_its_place_only_and_is_undone(tmp_path: Path) -> None:
    document = {"Origins": [{"Id": "a", "Oac": ""}, {"Id": "b", "Oac": "keep"}], "AcmArn": "arn", "Unmodelled": [1]}
    world, found = flagged(Document=document)
    key, place = found.resource.key, "Document.Origins[Id=a].Oac"
    wish = finding(
        world, "oac", Change(key, place, "E1"), kept=lambda now: now["Document"]["Origins"][0]["Oac"] == "E1"
    )
    before = world.state()
    outcome = apply(plan_of(world, wish), hands(world), tmp_path / "j")
    assert fates(outcome) == ["mended"]
    wanted = {**document, "Origins": [{"Id": "a", "Oac": "E1"}, {"Id": "b", "Oac": "keep"}]}
    assert world.things[key].properties["Document"] == wanted
    text = (tmp_path / "j" / FILE).read_text()
    assert "keep" not in text
    assert '"{token}"' in text
    assert rollback(tmp_path / "j", hands(world)).exit_code == 0
    assert world.state() == before


def test_an_edit_under_an_old_tag_changes_nothing(tmp_path: Path) -> None:
    world, found = flagged(Document={"A": 1, "B": 1})
    key = found.resource.key
    wish = finding(world, "doc", Change(key, "Document.A", 2))

    def race(world: World, operation: str) -> None:
        if operation == "get_document":
            world.version += 1
            world.things[key].properties["Document"]["B"] = 2

    world.meanwhile = race
    outcome = apply(plan_of(world, wish), hands(world), tmp_path / "j")
    assert (fates(outcome), outcome.exit_code) == (["failed"], 4)
    assert world.things[key].properties["Document"] == {"A": 1, "B": 2}


def test_an_interrupt_is_written_down_and_resumed(tmp_path: Path) -> None:
    world, found = flagged()
    other = finding(world, "s", Change(found.resource.key, "Switch", True), kept=lambda now: now["Switch"] is True)

    def stop(what: str) -> None:
        if what == "after put_flag":
            raise KeyboardInterrupt

    world.tick = stop
    outcome = apply(plan_of(world, found, other), hands(world), tmp_path / "j")
    assert (outcome.exit_code, outcome.interrupted) == (130, True)
    assert "interrupted" in (tmp_path / "j" / FILE).read_text().splitlines()[-1]
    world.tick = lambda what: None
    again = resume(tmp_path / "j", hands(world))
    assert (fates(again), again.exit_code) == (["mended", "mended"], 0)
    assert world.calls == [("put_flag", "one"), ("switch_on", "one")]


def test_a_journal_has_one_owner_and_is_damaged_nowhere_but_at_its_end(tmp_path: Path) -> None:
    world, found = flagged()
    apply(plan_of(world, found), hands(world), tmp_path / "j")
    clock = hands(world).clock
    with Journal.open(tmp_path / "j", TYPES, clock), pytest.raises(Busy):
        Journal.open(tmp_path / "j", TYPES, clock)
    path = tmp_path / "j" / FILE
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:1], b"{broken\n", *lines[2:]]))
    with pytest.raises(BadJournal, match=r"journal\.jsonl:2: damaged"):
        resume(tmp_path / "j", hands(world))
    with pytest.raises(BadJournal, match="No such file"):
        rollback(tmp_path / "nothing", hands(world))


def test_unreadable_is_never_taken_for_done(tmp_path: Path) -> None:
    world, found = flagged()
    plan = plan_of(world, found)
    world.meanwhile = lambda world, operation: world.unreadable.add(found.resource.key)
    outcome = apply(plan, hands(world), tmp_path / "j")
    assert (fates(outcome), outcome.exit_code) == (["stuck"], 5)
    world.unreadable.clear()
    world.meanwhile = lambda world, operation: None
    assert rollback(tmp_path / "j", hands(world)).exit_code == 0
    assert world.things[found.resource.key].properties["Flag"] is False


def test_a_resource_that_is_gone_is_stale(tmp_path: Path) -> None:
    world, found = flagged()
    plan = plan_of(world, found)
    world.judges[found.id] = lambda things: "broken"
    world.things.clear()
    outcome = apply(plan, hands(world), tmp_path / "j")
    assert (fates(outcome), outcome.results[0].reason) == (["stale"], "the resource no longer exists")
    assert outcome.results[0].step.region == REGION
    assert outcome.results[0].step.before is not ABSENT
