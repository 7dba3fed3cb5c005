"""A few combinations of many choices, in which any three of them meet in every way.

All combinations of sixteen conditions are 65,536 worlds, each of which would be read and judged. What a verdict hangs
on are mostly one, two or three of them (a rule that is there, without the other that would close it, on a group that
is in use): a covering array has every such case in about as many rows as turning each condition alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations, islice, product
from math import comb, prod

Row = tuple[int, ...]
_Case = tuple[tuple[int, int], ...]  # (choice, way) of some choices
_MOST_CASES = 1_500
_TRIED = 8  # rows, of which the one that brings most is taken


@lru_cache
def covering(sizes: tuple[int, ...], together: int, most: int) -> tuple[Row, ...]:
    """Rows with one way of each choice, of which there are so many; any few of them `together` in all their ways.

    The first row has the first way of each, the last row the last one. The same sizes always give the same rows. None
    where it takes more than `most` of them, or long to find them.
    """
    if prod(sorted(sizes)[-together:]) > most or comb(len(sizes), together) * 2**together > _MOST_CASES:
        return ()
    first, last = tuple(0 for _ in sizes), tuple(size - 1 for size in sizes)
    left = dict.fromkeys(_cases(sizes, min(together, len(sizes))))
    rows = [first]
    for row in (first, last):
        _leave_out(row, left, together)
    while left and len(rows) < most:
        tried = (_row(sizes, case, left, together) for case in islice(left, 0, None, max(len(left) // _TRIED, 1)))
        row = max(tried, key=lambda each: sum(case in left for case in _of(each, together)))
        rows.append(row)
        _leave_out(row, left, together)
    if left:
        return ()
    return (*(row for row in dict.fromkeys(rows) if row != last), last)


def _cases(sizes: Sequence[int], together: int) -> Iterator[_Case]:
    for chosen in combinations(range(len(sizes)), together):
        for ways in product(*(range(sizes[each]) for each in chosen)):
            yield tuple(zip(chosen, ways, strict=True))


def _leave_out(row: Row, left: dict[_Case, None], together: int) -> None:
    for case in _of(row, together):
        left.pop(case, None)


def _of(row: Row, together: int) -> Iterator[_Case]:
    return combinations(enumerate(row), min(together, len(row)))


def _row(sizes: Sequence[int], begun: _Case, left: Mapping[_Case, None], together: int) -> Row:
    """A row with a case, and of the other choices the ways that bring the most cases with them."""
    row = dict(begun)
    for choice in range(len(sizes)):
        if choice in row:
            continue
        others = sorted(row.items())

        def brought(way: int, choice: int = choice, others: Sequence[tuple[int, int]] = others) -> int:
            few = combinations(others, min(together, len(sizes)) - 1)
            return sum(tuple(sorted((*each, (choice, way)))) in left for each in few)

        row[choice] = max(range(sizes[choice]), key=brought)
    return tuple(row[choice] for choice in range(len(sizes)))
