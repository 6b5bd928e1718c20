"""What a camera's clock may really show, told by the evidence of its photos. Never applied.

Three kinds of evidence, the stronger first: GPS times in the photos; positions in the photos
against the car's track; stops of the car, since people take photos standing. Unrecorded evenings
make the last one confidently wrong by hours, so it asks for much and promises little.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from convoylog import geo
from convoylog.model.offsets import offset_text
from convoylog.model.phrase import span_text
from convoylog.model.tracks import Floats
from convoylog.trips.cameras import Seen, Shot
from convoylog.trips.ledger import Ledger, union

#: a photo lies on the track within this: a receiver's error, and the way to the viewpoint
NEAR_M = 100.0
#: slack around the time a car passes a place, for points seconds apart
PASS_S = 15.0
#: photos of one minute are one piece of evidence, not ten
BURST_S = 60.0
#: fewer photos than this agree by chance
FEW = 3
#: a suggestion must fit so many of the photos, and nothing else more than so many of those
MOST, RIVAL = 0.8, 0.6
#: a receiver's time in a photo may be that of its last fix; less than this is no fault of a clock
GPS_S = 60.0
#: GPS times further apart from each other than this tell of old fixes, not of a clock
AGREE_S = 30.0
#: a gain or loss in a day worth telling: ordinary quartz is off by up to 2 s a day (COSC: 0.07)
DRIFTS_S = 2.0
#: another offset counts as another one from here on
APART_S = 300.0
#: zones are whole quarters of an hour from UTC
QUARTER_S = 900.0
#: stops are weak evidence: so many moments, at least so long apart
STOPS_FEW, MOMENT_S = 8, 300.0
#: a night in one place fits every photo taken that night, and tells nothing
NIGHT_S = 3 * 3600.0
#: zones differ by up to 26 hours
FURTHEST_S = 26 * 3600.0
#: photos so far from every track were taken on another trip, or by a clock that was never set
STRANGE_S = 30 * 86_400.0
#: more photos than this tell nothing new, and each costs a look along the whole track
ENOUGH = 300


@dataclass(frozen=True, slots=True)
class Hint:
    """A clock as it may be. offset_s: camera minus UTC. unsure_s: ± of it. zone: IANA or "".

    sync: (SHA-256 of a photo, UTC instant) pairs instead of one offset, where the clock drifts.
    behind_s: how far the clock is behind what is believed of it now; ahead if negative.
    fits: photos it explains; now_fits: those explained now; of: photos asked.
    by: gps, track or stops. said: the evidence in words.
    """

    offset_s: float
    unsure_s: float
    behind_s: float
    fits: int
    now_fits: int
    of: int
    by: str
    said: str
    zone: str = ""
    sync: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """verdict: fits, suggested or unknown. hints: at most one. evidence: in words."""

    verdict: str
    hints: tuple[Hint, ...]
    evidence: tuple[str, ...]


def check_clock(seen: Seen) -> Checked:
    """Whether what is believed of a camera's clock fits its photos, and what would fit better."""
    shots = [shot for shot in seen.shots if shot.wall is not None]
    if not shots:
        return Checked("unknown", (), ("no photo of it says a time",))
    evidence: list[str] = list(_strange(seen, shots))
    for look in (_by_gps_time, _by_track, _by_stops):
        verdict, hint, said = look(seen, shots)
        evidence += said
        if verdict:
            return Checked(verdict, (hint,) if hint else (), tuple(evidence))
    return Checked("unknown", (), tuple(evidence))


Looked = tuple[str, Hint | None, list[str]]


def _wall(shot: Shot) -> float:
    assert shot.wall is not None  # noqa: S101  only such shots are asked
    return shot.wall


def _now(shots: Sequence[Shot]) -> float | None:
    """The offset believed now: the median, camera minus UTC."""
    offsets = [_wall(s) - s.instant.at for s in shots if s.instant.at is not None]
    return float(np.median(offsets)) if offsets else None


def _moments(shots: Sequence[Shot], apart_s: float) -> list[Shot]:
    """Shots at least so far apart by the camera's own clock, at most `ENOUGH`."""
    kept: list[Shot] = []
    for shot in sorted(shots, key=lambda shot: (_wall(shot), shot.photo.path)):
        if not kept or _wall(shot) - _wall(kept[-1]) >= apart_s:
            kept.append(shot)
    step = max(1, math.ceil(len(kept) / ENOUGH))
    return kept[::step]


def _strange(seen: Seen, shots: Sequence[Shot]) -> list[str]:
    """A clock that was never set: its photos are of another year than the tracks."""
    time = seen.where.ledger.time
    if not len(time):
        return ["the car has no track with times to compare with"]
    walls = [_wall(shot) for shot in shots]
    early, late = float(time[0]) - max(walls), min(walls) - float(time[-1])
    if max(early, late) < STRANGE_S:
        return []
    side = f"{span_text(early)} before" if early > late else f"{span_text(late)} after"
    return [f"by its clock all photos are {side} the car's tracks: was it ever set?"]


# --- by GPS time


def _by_gps_time(seen: Seen, shots: Sequence[Shot]) -> Looked:
    timed = _moments([s for s in shots if s.photo.photograph.gps_at is not None], BURST_S)
    if len(timed) < FEW:
        return "", None, []
    gps = np.array([s.photo.photograph.gps_at for s in timed], dtype=np.float64)
    walls = np.array([_wall(s) for s in timed])
    believed = np.array([s.instant.at if s.instant.at is not None else np.nan for s in timed])
    wrong = believed - gps
    now_fits = int((np.abs(wrong) <= GPS_S).sum())
    if now_fits >= MOST * len(timed):
        middle = float(np.nanmedian(np.abs(wrong)))
        said = f"{now_fits} of {len(timed)} photos agree with their GPS time, most within {middle:.0f} s"
        return "fits", None, [said]
    off = walls - gps
    slope, base = _line(gps, off)
    flat = np.abs(off - np.median(off))
    bent = np.abs(off - base - slope * (gps - gps[0]))
    now = _now(shots)
    days = float(np.ptp(gps)) / 86_400.0
    drifts = abs(slope) * 86_400.0 >= DRIFTS_S and days >= 1.0
    if drifts and np.median(bent) <= AGREE_S / 3 and np.median(bent) < np.median(flat) / 2:
        ends = [timed[k] for k in (int(np.argmin(gps)), int(np.argmax(gps)))]
        fits = int((bent <= AGREE_S).sum())
        middle = float(np.median(off))
        if fits >= max(FEW, MOST * len(timed)):
            said = (
                f"{fits} of {len(timed)} GPS times lie on one line: the clock "
                f"{'gains' if slope > 0 else 'loses'} {abs(slope) * 86_400.0:.1f} s a day"
            )
            sync = tuple((s.photo.sha256, float(s.photo.photograph.gps_at or 0.0)) for s in ends)
            behind = 0.0 if now is None else now - middle
            hint = Hint(middle, AGREE_S, behind, fits, now_fits, len(timed), "gps", said, "", sync)
            return "suggested", hint, [said]
    middle = float(np.median(off))
    fits = int((flat <= AGREE_S).sum())
    if fits < max(FEW, MOST * len(timed)):
        said = f"the GPS times of {len(timed)} photos do not agree with each other: not used"
        return "", None, [said]
    said = f"{fits} of {len(timed)} photos would agree with their GPS time, now {now_fits}"
    return (
        "suggested",
        _hint(seen, shots, middle, AGREE_S, fits, now_fits, len(timed), "gps", said),
        [said],
    )


def _line(x: Floats, y: Floats) -> tuple[float, float]:
    """Slope and value at x[0] of the line through most points (Theil 1950, Sen 1968)."""
    dx, dy = x[:, None] - x[None, :], y[:, None] - y[None, :]
    pairs = dx > 0
    slope = float(np.median(dy[pairs] / dx[pairs])) if pairs.any() else 0.0
    return slope, float(np.median(y - slope * (x - x[0])))


# --- by the track


def _by_track(seen: Seen, shots: Sequence[Shot]) -> Looked:
    ledger = seen.where.ledger
    located = _moments([s for s in shots if s.photo.photograph.lat is not None], BURST_S)
    if not located or len(ledger.time) < 2:
        return "", None, []
    rows = [(shot, _passes(shot, ledger)) for shot in located]
    near = [(shot, spans) for shot, spans in rows if len(spans)]
    n = len(near)
    others = len(located) - n
    lie, tell = ("lies", "tells") if others == 1 else ("lie", "tell")
    away = f" ({others} more {lie} off its track, and {tell} nothing)" if others else ""
    if n < FEW:
        said = f"{n} photos with a position lie within {NEAR_M:.0f} m of the car's track: too few"
        return "", None, [said]
    now_fits = sum(
        _inside(spans, _wall(s) - s.instant.at) for s, spans in near if s.instant.at is not None
    )
    if now_fits >= MOST * n:
        said = f"{now_fits} of {n} photos lie within {NEAR_M:.0f} m of the car then{away}"
        return "fits", None, [said]
    starts = np.concatenate([spans[:, 0] for _, spans in near])
    ends = np.concatenate([spans[:, 1] for _, spans in near])
    begin, end, fits = _most(starts, ends)
    rival = max(
        _most(starts[ends < begin - APART_S], ends[ends < begin - APART_S])[2],
        _most(starts[starts > end + APART_S], ends[starts > end + APART_S])[2],
    )
    told = f"{fits} of {n} photos would lie within {NEAR_M:.0f} m of the car, now {now_fits}{away}"
    if fits < max(FEW, MOST * n) or fits <= now_fits:
        return "", None, [f"no single offset explains the positions: at best {told}"]
    if rival > RIVAL * fits:
        return "", None, [f"{told}; but an offset far from it explains {rival} of them too"]
    quarter = round((begin + end) / 2 / QUARTER_S) * QUARTER_S
    offset = quarter if begin <= quarter <= end else (begin + end) / 2
    unsure = (end - begin) / 2
    if unsure > APART_S and offset != quarter:
        return "", None, [f"{told}; but only between {offset_text(begin)} and {offset_text(end)}"]
    return "suggested", _hint(seen, shots, offset, unsure, fits, now_fits, n, "track", told), [told]


def _passes(shot: Shot, ledger: Ledger) -> Floats:
    """(k, 2) offsets, camera minus UTC, at which the car was near the photo's own position."""
    facts = shot.photo.photograph
    lat, lon = float(facts.lat or 0.0), float(facts.lon or 0.0)
    # metres north and east of the photo, on the plane that touches the earth there: right to a
    # metre within the few kilometres that matter
    north = (ledger.lat - lat) * float(geo.near_m(lat - 0.5, lon, lat + 0.5, lon))
    across = np.remainder(ledger.lon - lon + 180.0, 360.0) - 180.0
    east = across * float(geo.near_m(lat, lon - 0.5, lat, lon + 0.5))
    # only hops that begin no further away than they are long can pass near; 1 % for the plane
    reach = NEAR_M + 1.01 * ledger.hop_m
    close = (north[:-1] ** 2 + east[:-1] ** 2 <= reach * reach) & ~ledger.unknown
    hop = np.flatnonzero(close)
    y, x = north[hop], east[hop]
    dy, dx = north[hop + 1] - y, east[hop + 1] - x
    # |p + f d|² = R² for f
    a, b, c = dx * dx + dy * dy, x * dx + y * dy, x * x + y * y - NEAR_M**2
    inner = b * b - a * c
    still = a < 1e-6
    root, safe = np.sqrt(np.maximum(inner, 0.0)), np.where(still, 1.0, a)
    low = np.where(still, 0.0, np.clip((-b - root) / safe, 0.0, 1.0))
    high = np.where(still, 1.0, np.clip((-b + root) / safe, 0.0, 1.0))
    kept = np.where(still, c <= 0.0, (inner >= 0.0) & (high > low))
    hop, low, high = hop[kept], low[kept], high[kept]
    dt = ledger.time[hop + 1] - ledger.time[hop]
    begin = ledger.time[hop] + low * dt - PASS_S
    end = ledger.time[hop] + high * dt + PASS_S
    spans = union(np.stack([begin, end], axis=1))
    return np.asarray(_wall(shot) - spans[::-1, ::-1], dtype=np.float64)


def _inside(spans: Floats, offset: float) -> bool:
    return bool(((spans[:, 0] <= offset) & (offset <= spans[:, 1])).any())


def _most(starts: Floats, ends: Floats) -> tuple[float, float, int]:
    """The interval covered by most spans, and by how many; of several the longest, then earliest."""
    if not len(starts):
        return 0.0, 0.0, 0
    at = np.concatenate([starts, ends])
    step = np.concatenate([np.ones(len(starts)), -np.ones(len(ends))])
    order = np.lexsort((-step, at))
    at, height = at[order], np.cumsum(step[order])
    tops = np.flatnonzero(height == height.max())
    widths = at[np.minimum(tops + 1, len(at) - 1)] - at[tops]
    k = int(tops[np.argmax(widths)])
    return float(at[k]), float(at[min(k + 1, len(at) - 1)]), int(height.max())


# --- by stops


def _by_stops(seen: Seen, shots: Sequence[Shot]) -> Looked:
    ledger = seen.where.ledger
    now = _now(shots)
    moments = _moments(shots, MOMENT_S)
    n = len(moments)
    if now is None or len(ledger.time) < 2:
        return "", None, []
    if n < STOPS_FEW:
        told = f"{n} moment{'' if n == 1 else 's'} to compare with the stops of the car: too few"
        return "", None, [told]
    spans = ledger.halts[(ledger.halts[:, 1] - ledger.halts[:, 0]) < NIGHT_S]
    walls = np.array([_wall(shot) for shot in moments])
    believed = np.array([s.instant.at if s.instant.at is not None else np.nan for s in moments])
    now_fits = _standing(believed, spans)
    first = math.ceil((now - FURTHEST_S) / QUARTER_S)
    tried = [k * QUARTER_S for k in range(first, first + int(2 * FURTHEST_S / QUARTER_S) + 1)]
    counts = {offset: _standing(walls - offset, spans) for offset in tried}
    # of equals the whole hour, then the one nearest to what is believed now
    best = max(tried, key=lambda o: (counts[o], o % 3600 == 0, -abs(o - now)))
    fits = counts[best]
    if now_fits >= MOST * n:
        return "fits", None, [f"{now_fits} of {n} moments fall into stops of the car"]
    rival = max(count for offset, count in counts.items() if abs(offset - best) > QUARTER_S)
    told = f"{fits} of {n} moments would fall into stops of the car, now {now_fits}"
    if fits < MOST * n or now_fits > fits / 2 or rival > RIVAL * fits:
        return "", None, [f"the stops of the car do not tell: at best {told}"]
    said = f"{told}; look at two of its photos before you believe it"
    hint = _hint(seen, shots, best, QUARTER_S / 2, fits, now_fits, n, "stops", said)
    return "suggested", hint, [said]


def _standing(at: Floats, spans: Floats) -> int:
    """How many instants lie within (k, 2) spans, apart and in order."""
    if not len(spans):
        return 0
    known = at[np.isfinite(at)]
    k = np.searchsorted(spans[:, 0], known, side="right") - 1
    return int(((k >= 0) & (known <= spans[np.maximum(k, 0), 1])).sum())


def _hint(
    seen: Seen,
    shots: Sequence[Shot],
    offset: float,
    unsure: float,
    fits: int,
    now_fits: int,
    of: int,
    by: str,
    said: str,
) -> Hint:
    now = _now(shots)
    behind = 0.0 if now is None else now - offset
    zone = _zone_of(seen, shots, offset) if offset % QUARTER_S == 0 else ""
    return Hint(offset, unsure, behind, fits, now_fits, of, by, said, zone)


def _zone_of(seen: Seen, shots: Sequence[Shot], offset: float) -> str:
    """A zone of the trip that has the offset at every photo; "" if none, or several that differ."""
    looks, offsets = seen.where.looks, seen.where.offsets
    at = np.array([_wall(shot) - offset for shot in shots])
    fitting = []
    for zone in seen.where.zones:
        mine = np.array([name == zone for name in seen.where.names])
        if not mine.any():
            continue
        nearest = [float(offsets[mine][np.argmin(np.abs(looks[mine] - t))]) for t in at.tolist()]
        if all(abs(o - offset) < 1.0 for o in nearest):
            fitting.append(zone)
    return fitting[0] if len(fitting) == 1 else ""
