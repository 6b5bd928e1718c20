"""What holds of the account of any drive, made up or real."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from convoylog.errors import BadInput
from convoylog.files.readers import HEAD, reader_for
from convoylog.model.logbook import Car, Logbook, RecordedTrack
from convoylog.model.tracks import Recording, Track, make_track, take
from convoylog.model.trip import CarTrip, Trip
from convoylog.trips import ledger as ledger_room
from convoylog.trips.account import work_out
from convoylog.trips.clean import clean
from convoylog.trips.climb import REVERSAL_M, find_climb
from convoylog.trips.ledger import keep_ledger, runs_of, top_speed
from tests.corpus import corpus
from tests.laws import plain_ledger
from tests.laws.drives import SEEDS, random_drive
from tests.trips.plain_ground import PlainGround

GROUND = PlainGround()
ANNA, BEN = Car("c-anna", "Anna", "44-anna"), Car("c-ben", "Ben", "7-ben")
quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def recorded(track: Track, name: str = "a.gpx", car: Car = ANNA, by: str = "x") -> RecordedTrack:
    return RecordedTrack(car.id, name, name, Recording("GPX 1.1", by, (track,)))


def trip_of(*tracks: RecordedTrack) -> Trip:
    return work_out(Logbook("l1", "Any", "", (ANNA, BEN), (), tracks, ()), ground=GROUND)


def told(trip: Trip) -> object:
    """All that is told of the first car, in a form that compares."""
    car = trip.cars[0]
    unlike = ("track", "untimed", "towns")
    names = [name for name in CarTrip.__dataclass_fields__ if name not in unlike]
    columns = [getattr(car.track, name).tolist() for name in ("time", "lat", "lon", "segment")]
    columns += [getattr(car.untimed, name).tolist() for name in ("lat", "lon", "segment")]
    days = [(day.day, day.distance_m.get(ANNA.id), day.spent.get(ANNA.id)) for day in trip.days]
    return [getattr(car, name) for name in names], columns, days


def adds_up(trip: Trip) -> None:
    """Sums that hold to the millisecond, and metres to the micrometre."""
    for car in trip.cars:
        if car.from_at is None or car.to_at is None:
            continue
        key = car.car.id
        assert car.elapsed_s == round(car.moving_s + car.halted_s + car.unknown_s, 3)
        assert min(car.moving_s, car.halted_s, car.unknown_s) >= 0.0
        spent = [day.spent[key] for day in trip.days if key in day.spent]
        for part in (*spent, *car.legs):
            assert part.elapsed_s == round(part.moving_s + part.halted_s + part.unknown_s, 3)
        for name in ("elapsed_s", "moving_s", "halted_s", "unknown_s"):
            assert getattr(car, name) == round(sum(getattr(part, name) for part in spent), 3)
        by_day = sum(day.distance_m.get(key, 0.0) for day in trip.days)
        assert by_day == pytest.approx(car.distance_m, abs=1e-6)
        # what nobody recorded is told by the days and legs it is of
        unseen = [day.unrecorded_m.get(key, 0.0) for day in trip.days]
        assert sum(unseen) == pytest.approx(car.unrecorded_m, abs=1e-6)
        for day, over in zip(trip.days, unseen, strict=True):
            assert -1e-6 <= over <= day.distance_m.get(key, 0.0) + 1e-6
        if car.legs and len(car.track):
            by_leg = sum(leg.unrecorded_m for leg in car.legs)
            assert by_leg == pytest.approx(car.unrecorded_m, abs=1e-6)
        for leg in car.legs:
            assert -1e-6 <= leg.unrecorded_m <= leg.distance_m + 1e-6
        assert car.points == len(car.track) + sum(car.dropped.values())
        tiles(car)


def tiles(car: CarTrip) -> None:
    """Legs are apart and in order; what lies between them is no driving worth a leg."""
    for leg in car.legs:
        assert leg.elapsed_s == pytest.approx(leg.to_at - leg.from_at, abs=0.002)
    if not car.legs:
        # over what was not recorded a car may have got far in the time of no leg
        assert car.distance_m - car.unrecorded_m < 1000.0 or car.moving_s == 0.0
        return
    assert sum(leg.distance_m for leg in car.legs) == pytest.approx(car.distance_m, abs=1e-6)
    assert all(a.to_at <= b.from_at for a, b in itertools.pairwise(car.legs))
    assert sum(leg.moving_s for leg in car.legs) <= car.moving_s + 1e-3
    between = car.moving_s - sum(leg.moving_s for leg in car.legs)
    # a few steps beside a stop, at walking pace and more
    assert between <= 200.0 * (len(car.legs) + 1 + len(car.stops))


@quick
@given(SEEDS)
@example(27336297)  # a car that stood for hours, and 13 minutes later somewhere else
def test_moving_halted_and_unknown_make_the_elapsed_time_of_car_leg_and_day(seed: int) -> None:
    adds_up(trip_of(recorded(random_drive(seed))))


@quick
@given(SEEDS, st.floats(0.1, 0.9), st.randoms(use_true_random=False))
def test_files_shuffled_split_renamed_doubled_and_turned_round_tell_the_same(
    seed: int, share: float, chance: object
) -> None:
    track = random_drive(seed)
    whole = told(trip_of(recorded(track)))
    cut = track.time[int(share * (len(track) - 1))]
    late, early = take(track, track.time >= cut), take(track, track.time < cut)
    order = np.random.default_rng(seed).permutation(len(late))
    pieces = [
        recorded(take(late, order), "z.gpx"),
        recorded(early, "b.gpx"),
        recorded(take(track, np.arange(len(track))[::-1]), "again.gpx"),
        recorded(early, "c.gpx"),
    ]
    chance.shuffle(pieces)  # type: ignore[attr-defined]
    pieces = [piece for piece in pieces if len(piece.recording.tracks[0])]
    assert told(trip_of(*pieces)) == whole


@quick
@given(SEEDS, st.integers(-20_000, 20_000))
def test_a_drive_hours_later_is_the_same_drive(seed: int, hours: int) -> None:
    track = random_drive(seed)
    shifted = make_track(track.time + hours * 3600.0, track.lat, track.lon, track.ele)
    same_numbers(trip_of(recorded(track)), trip_of(recorded(shifted)))


@quick
@given(SEEDS, st.floats(-360.0, 360.0), st.booleans())
@example(1, 180.0, True)
def test_turned_round_the_earth_and_mirrored_it_is_the_same_drive(
    seed: int, degrees: float, south: bool
) -> None:
    track = random_drive(seed)
    lon = (track.lon + degrees + 180.0) % 360.0 - 180.0
    moved = make_track(track.time, -track.lat if south else track.lat, lon, track.ele)
    same_numbers(trip_of(recorded(track)), trip_of(recorded(moved)))


def same_numbers(one: Trip, other: Trip) -> None:
    a, b = one.cars[0], other.cars[0]
    assert (a.points, dict(a.dropped), len(a.stops)) == (b.points, dict(b.dropped), len(b.stops))
    # a window may begin a rounding error earlier, so halts differ by a second where it decides
    for name in ("elapsed_s", "moving_s", "halted_s", "unknown_s"):
        assert getattr(a, name) == pytest.approx(getattr(b, name), abs=0.002)
    for name in ("distance_m", "unrecorded_m", "max_speed_mps", "ascent_m", "descent_m"):
        one_value, other_value = getattr(a, name), getattr(b, name)
        if one_value is None or other_value is None:
            assert one_value is other_value, name
        else:
            assert one_value == pytest.approx(other_value, rel=1e-6, abs=1e-4), name


@quick
@given(SEEDS)
def test_points_put_between_known_ones_change_nothing(seed: int) -> None:
    track = clean(random_drive(seed, noise_m=0.0, spikes=False)).track
    ledger = keep_ledger(track)
    hops = np.flatnonzero(~(ledger.unknown | ledger.asleep))
    between = [
        (column[hops] + column[hops + 1]) / 2 for column in (ledger.time, ledger.lat, ledger.lon)
    ]
    between[2] = (between[2] + 180.0) % 360.0 - 180.0
    more = make_track(
        *(np.append(a, b) for a, b in zip((track.time, track.lat, track.lon), between, strict=True))
    )
    after = keep_ledger(clean(more).track)
    assert after.distance_m == pytest.approx(ledger.distance_m, rel=1e-4, abs=0.5)
    assert after.halted_s == pytest.approx(ledger.halted_s, rel=1e-4, abs=2.0)
    assert after.unknown_s == ledger.unknown_s


@quick
@given(SEEDS, SEEDS)
def test_another_car_changes_nothing_for_this_one(seed: int, other: int) -> None:
    track = recorded(random_drive(seed))
    alone, both = trip_of(track), trip_of(track, recorded(random_drive(other), "b.gpx", BEN))
    assert told(both)[:2] == told(alone)[:2]  # type: ignore[index]


@quick
@given(SEEDS)
def test_without_a_third_of_the_points_unknown_grows_and_nothing_is_made_up(seed: int) -> None:
    track = clean(random_drive(seed, spikes=False)).track
    full = keep_ledger(track)
    rng = np.random.default_rng(seed)
    # whole spans go, as where a recorder was off; the ends stay
    span = np.floor((track.time - track.time[0]) / 300.0).astype(int)
    gone = (rng.random(int(span.max()) + 1) < 0.3)[span]
    gone[[0, -1]] = False
    thin = keep_ledger(take(track, ~gone))
    assert thin.elapsed_s == full.elapsed_s
    assert thin.moving_s <= full.moving_s + 60.0
    # where it came back to the same place, standing is told, as of any sleeping recorder
    asleep = float(np.diff(thin.time)[thin.asleep].sum())
    assert thin.unknown_s + asleep >= full.unknown_s - 1e-3
    assert thin.distance_m <= full.distance_m * 1.002 + 50.0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger_room, "GAIN_MPS2", 1e9)  # what came before may be gone now
        fast, slow = top_speed(full), top_speed(thin)
    assert slow is None or (fast is not None and slow <= fast + 1e-6)


@quick
@given(SEEDS)
def test_up_and_down_differ_by_the_height_won(seed: int) -> None:
    track = clean(random_drive(seed)).track
    ledger = keep_ledger(track)
    climb = find_climb(ledger, track.ele)
    won, stretches = 0.0, 0
    for first, last in runs_of(~ledger.unknown):
        part = slice(first, last + 1)
        own = np.flatnonzero(np.isfinite(track.ele[part]) & ~ledger.within[part])
        along = ledger.metres[part][own]
        if len(own) > 1 and along[-1] > along[0]:
            # several heights on one metre: the first counts
            final = own[int(np.searchsorted(along, along[-1]))]
            won += float(track.ele[part][final] - track.ele[part][own[0]])
            stretches += 1
    assert (climb is None) == (stretches == 0)
    if climb is not None:
        assert abs(climb.ascent_m - climb.descent_m - won) <= 2 * REVERSAL_M * stretches


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SEEDS)
def test_the_ledger_is_that_of_a_plain_walk_over_the_points(seed: int) -> None:
    track = random_drive(seed, most=160)
    points = list(zip(track.time.tolist(), track.lat.tolist(), track.lon.tolist(), strict=True))
    expected = plain_ledger.cleaned(points)
    found = clean(track).track
    assert [p[0] for p in expected] == found.time.tolist()
    told = plain_ledger.account(expected)
    ledger = keep_ledger(found)
    spent = ledger.spent
    assert told["elapsed"] == pytest.approx(spent.elapsed_s, abs=0.001)
    assert told["unknown"] == pytest.approx(spent.unknown_s, abs=0.001)
    assert told["halted"] == pytest.approx(spent.halted_s, abs=0.002)
    assert told["moving"] == pytest.approx(spent.moving_s, abs=0.003)
    assert told["halts"] == len(ledger.halts)
    assert told["distance"] == pytest.approx(ledger.distance_m, rel=1e-7, abs=1e-3)
    assert told["unrecorded"] == pytest.approx(ledger.unrecorded_m, rel=1e-7, abs=1e-3)
    assert told["top"] == pytest.approx(top_speed(ledger) or 0.0, rel=1e-7)


# --- real recordings ------------------------------------------------------------------------


def _recordings() -> list[tuple[str, Recording]]:
    found = []
    for file in sorted(corpus().rglob("*")):
        if not file.is_file() or file.name.startswith(("MANIFEST", "README")):
            continue
        if file.stat().st_size > 20_000_000 or "photos" in file.parts:
            continue
        read = _read(file)
        if read is not None and any(np.isfinite(t.time).sum() > 1 for t in read.tracks):
            found.append((str(file.relative_to(corpus())), read))
    return found


def _read(file: Path) -> Recording | None:
    content = file.read_bytes()
    try:
        read = reader_for(content[:HEAD], file.name).read(content)
    except BadInput:
        return None
    return read if isinstance(read, Recording) else None


def test_the_laws_hold_of_every_file_of_the_corpus() -> None:
    files = _recordings()
    assert len(files) > 100
    for name, recording in files:
        row = RecordedTrack(ANNA.id, name, name, recording)
        trip = trip_of(row)
        try:
            adds_up(trip)
            turned = tuple(take(t, np.arange(len(t))[::-1]) for t in recording.tracks)
            again = replace(row, path="z", recording=replace(recording, tracks=turned[::-1]))
            assert told(trip_of(again, row)) == told(trip)
        except AssertionError as error:
            raise AssertionError(name) from error
