"""Legs: the driving between stops. What people declared wins, what is found fills the rest.

Midnight never cuts: a leg belongs to the local date of its departure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from convoylog.model.trip import Stop
from convoylog.trips.ledger import Ledger

#: a shorter stop is a break on the way
CUT_S = 1800.0
#: a hole longer than CUT_S and wider than this is a leg of its own, not recorded
HOLE_M = 2000.0
#: moving the car to the hotel is no leg
LEG_M, LEG_S = 10_000.0, 600.0
#: a found leg that cannot be joined is at least so long; what noise a fix has is shorter
STEPS_M = 200.0


@dataclass(frozen=True, slots=True)
class Declared:
    """A leg a person declared: instants in UTC seconds, id for a stable order."""

    begin: float
    end: float
    title: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A leg before it is named. distance_m: with the few metres of the stop after it."""

    begin: float
    end: float
    distance_m: float = 0.0
    moving_s: float = 0.0
    halted_s: float = 0.0
    unknown_s: float = 0.0
    title: str = ""
    declared: bool = False
    recorded: bool = True


@dataclass(frozen=True, slots=True)
class _Cut:
    """What lies between two legs. stop: one that legs may be joined across."""

    begin: float
    end: float
    stop: bool
    unrecorded: bool = False


def find_legs(
    ledger: Ledger,
    stops: tuple[Stop, ...],
    declared: tuple[Declared, ...] = (),
    *,
    cut_s: float = CUT_S,
) -> tuple[Span, ...]:
    """The legs of one car in time order, apart. cut_s: the shortest stop that ends a leg, seconds.

    Their metres sum to the ledger's distance as soon as there is one leg.
    """
    own = settle(declared)
    spans = [Span(d.begin, d.end, title=d.title, declared=True) for d in own]
    if len(ledger.time):
        first, last = float(ledger.time[0]), float(ledger.time[-1])
        cuts = _cuts(ledger, stops, cut_s)
        begin = first
        for d in own:
            spans += _found(ledger, cuts, begin, min(d.begin, last))
            begin = max(begin, d.end)
        spans += _found(ledger, cuts, begin, last)
    spans.sort(key=lambda span: (span.begin, span.end))
    # a few steps between a night and a hole are no drive, unless there is nothing else
    driven = [s for s in spans if s.declared or not s.recorded or s.distance_m >= STEPS_M]
    return _measured(ledger, driven or spans)


def settle(declared: tuple[Declared, ...]) -> tuple[Declared, ...]:
    """In time order and apart: a leg ends at the latest where the next begins."""
    rows = sorted(
        (d for d in declared if d.end >= d.begin), key=lambda d: (d.begin, d.end, d.title, d.id)
    )
    ends = [*(d.begin for d in rows[1:]), float("inf")]
    # one that has just begun has no length yet; one that another covers whole is gone
    return tuple(
        replace(d, end=min(d.end, end))
        for d, end in zip(rows, ends, strict=False)
        if min(d.end, end) > d.begin or d.end == d.begin
    )


def _cuts(ledger: Ledger, stops: tuple[Stop, ...], cut_s: float) -> list[_Cut]:
    """Long stops, nights and long holes, in time order."""
    cuts = [
        _Cut(stop.from_at, stop.to_at, stop=not stop.overnight)
        for stop in stops
        if stop.overnight or stop.duration_s >= cut_s
    ]
    dt = np.diff(ledger.time)
    for i in np.flatnonzero(ledger.unknown & (dt >= CUT_S)).tolist():
        far = bool(ledger.hole[i]) and float(ledger.hop_m[i]) > HOLE_M
        begin, end = float(ledger.time[i]), float(ledger.time[i + 1])
        cuts.append(_Cut(begin, end, stop=False, unrecorded=far))
    return sorted(cuts, key=lambda cut: (cut.begin, cut.end))


def _found(ledger: Ledger, cuts: list[_Cut], begin: float, end: float) -> list[Span]:
    """Legs found in a part of the time that nobody declared."""
    if end <= begin:
        return []
    pieces: list[Span] = []
    gaps: list[_Cut] = []  # gaps[k] lies between pieces[k] and pieces[k + 1]
    alone: list[Span] = []
    between = _Cut(begin, begin, stop=False)
    at = begin
    inside = [c for c in cuts if c.end > begin and c.begin < end]
    for cut in [*inside, _Cut(end, end, stop=False)]:
        low, high = max(begin, cut.begin), min(end, cut.end)
        if ledger.moving_between(at, low) > 0:
            if pieces:
                gaps.append(between)
            pieces.append(Span(at, low, ledger.metres_between(at, low)))
            between = _Cut(low, high, stop=cut.stop)
        else:  # two cuts in a row are one, and joined across only if both may be
            between = _Cut(between.begin, high, stop=between.stop and cut.stop)
        if cut.unrecorded:
            alone.append(Span(low, high, recorded=False))
        at = max(at, high)
    return _joined(ledger, pieces, gaps) + alone


def _joined(ledger: Ledger, pieces: list[Span], gaps: list[_Cut]) -> list[Span]:
    """Short legs joined to a neighbour, the shortest first, across the shorter stop beside them."""
    while True:
        short = []
        for k, piece in enumerate(pieces):
            metres = piece.distance_m
            seconds = piece.end - piece.begin
            beside = [g for g in (k - 1, k) if 0 <= g < len(gaps) and gaps[g].stop]
            if beside and (metres < LEG_M or seconds < LEG_S):
                short.append((metres, seconds, piece.begin, k, beside))
        if not short:
            return pieces
        _, _, _, _, beside = min(short)
        g = min(beside, key=lambda g: (gaps[g].end - gaps[g].begin, g))
        begin, end = pieces[g].begin, pieces[g + 1].end
        pieces[g : g + 2] = [Span(begin, end, ledger.metres_between(begin, end))]
        del gaps[g]


def _measured(ledger: Ledger, spans: list[Span]) -> tuple[Span, ...]:
    """Metres tile: from one leg's begin to the next's, the first from the very beginning."""
    if not spans:
        return ()
    edges = ledger.metres_at([span.begin for span in spans[1:]])
    metres = np.diff(np.concatenate([[0.0], edges, [ledger.distance_m]]))
    found = []
    for span, m in zip(spans, metres.tolist(), strict=True):
        spent = ledger.spent_between(span.begin, span.end)
        found.append(
            replace(
                span,
                distance_m=m,
                moving_s=spent.moving_s,
                halted_s=spent.halted_s,
                unknown_s=spent.unknown_s,
            )
        )
    return tuple(found)
