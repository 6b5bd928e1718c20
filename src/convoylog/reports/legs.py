"""The legs in words: one line each, car by car."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from convoylog.model.clocks import from_to
from convoylog.model.trip import Leg
from convoylog.reports.cast import Cast
from convoylog.reports.words import UNKNOWN, Words


@dataclass(frozen=True, slots=True)
class LegLine:
    """A leg in the table. at: its begin, UTC seconds."""

    car: Cast
    at: float
    day: str
    title: str
    clock: str
    distance: str
    moving: str
    note: str


def leg_lines(cast: Iterable[Cast], words: Words, *, hide_times: bool) -> tuple[LegLine, ...]:
    """Car by car, in order of time."""
    return tuple(
        _leg(member, leg, words, hide_times) for member in cast for leg in member.trip.legs
    )


def _leg(member: Cast, leg: Leg, words: Words, hide_times: bool) -> LegLine:
    note = "" if leg.recorded else words.say("leg_unrecorded")
    if leg.recorded:
        over = words.unrecorded(leg.distance_m, leg.unrecorded_m)
        notes = [words.say("leg_declared")] if leg.declared else []
        notes += [words.say("way_unrecorded", distance=over)] if over else []
        note = ", ".join(notes)
    return LegLine(
        member,
        leg.from_at,
        leg.day,
        words.of(leg.title),
        "" if hide_times else from_to(leg),
        words.distance(leg.distance_m),
        words.duration(leg.moving_s) if leg.recorded else UNKNOWN,
        note,
    )
