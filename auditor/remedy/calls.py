"""Moves that end in one call: all sets of one property, the same edit or element wished for by several findings.

Moves that contradict each other are refused: which of two findings is right is for a person to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from auditor.model import Json
from auditor.remedy.changes import applied, content, shifts
from auditor.remedy.moves import Move
from auditor.remedy.refused import NoSetter
from auditor.remedy.values import same, text

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """One call to be made: the moves that it makes, and what its place holds after all of them."""

    moves: tuple[Move, ...]
    after: Json

    @property
    def first(self) -> Move:
        return self.moves[0]

    @property
    def findings(self) -> list[str]:
        return list(dict.fromkeys(move.finding for move in self.moves))


def joined(moves: Iterable[Move], calls: Mapping[Key, PlannedCall] | None = None) -> dict[Key, PlannedCall]:
    """The calls with further moves taken in, or NoSetter where a move contradicts one of them."""
    out = dict(calls or {})
    for move in moves:
        key = _call_key(move)
        if move.how == "edit":
            _refuse_near(out.values(), move)
        elif move.how != "set":
            _refuse_opposite(out, move)
        call = out.get(key)
        if call is None:
            out[key] = PlannedCall((move,), move.after)
        else:
            after = _joined_value(call, move) if move.how == "set" else call.after
            out[key] = replace(call, moves=(*call.moves, move), after=after)
    return out


def _call_key(move: Move) -> Key:
    if move.how == "set":
        return ("set", *move.key)
    if move.how == "edit":
        return ("edit", *move.key, move.place)
    return (move.how, *move.key, text(_element(move)))


def _element(move: Move) -> Json:
    return move.after if move.how == "add" else move.before


def _joined_value(call: PlannedCall, move: Move) -> Json:
    """The whole value after one more change of it, with which all that were there before are still content."""
    if any(other.change == move.change for other in call.moves):
        return call.after
    if shifts(move.change) or any(shifts(other.change) for other in call.moves):
        raise NoSetter(f"it moves elements of {move.row.name} that the fix of another finding refers to")
    after = applied(move.change, move.row, call.after)
    if not all(content(other.change, move.row, after) for other in call.moves):
        raise NoSetter(f"it conflicts with the fix of another finding for {move.row.name}")
    return after


def _refuse_near(calls: Iterable[PlannedCall], move: Move) -> None:
    for call in calls:
        other = call.first
        if other.how != "edit" or other.key != move.key:
            continue
        near = other.place.startswith(move.place) or move.place.startswith(other.place)
        if near and not (other.place == move.place and same(call.after, move.after)):
            raise NoSetter(f"it overlaps with the fix of another finding for {other.place}")


def _refuse_opposite(calls: Mapping[Key, PlannedCall], move: Move) -> None:
    against = "remove" if move.how == "add" else "add"
    if (against, *move.key, text(_element(move))) in calls:
        raise NoSetter(f"it conflicts with the fix of another finding for {move.row.name}")
