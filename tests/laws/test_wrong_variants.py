"""Known wrong ways to do it: each makes a test fail that passes as things are.

A variant is put in place of the right function, and the test that must notice is called.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
import pytest

from convoylog import geo
from convoylog.files.readers import exif
from convoylog.model.photos import Photograph
from convoylog.model.tracks import Floats, Track, join_tracks
from convoylog.model.trip import Stop
from convoylog.trips import (
    clean,
    climb,
    days,
    fuse,
    instants,
    ledger,
    legs,
    naming,
    stops,
    whereabouts,
)
from convoylog.trips.ground import Ground
from convoylog.trips.instants import Instant
from convoylog.trips.ledger import Ledger
from convoylog.trips.whereabouts import Spot
from tests import test_geo
from tests.files.readers import test_photo
from tests.trips import (
    test_account,
    test_clean,
    test_climb,
    test_fuse,
    test_ledger,
    test_legs,
    test_place,
)
from tests.trips.drives import drive

Patch = pytest.MonkeyPatch


@dataclass(frozen=True)
class Variant:
    """name: what is done wrong. put: puts it in place. noticed: the test that must fail."""

    name: str
    put: Callable[[Patch], None]
    noticed: Callable[[], None]


def _set(owner: object, name: str, value: object) -> Callable[[Patch], None]:
    return lambda patch: patch.setattr(owner, name, value)


def _hops(near: Callable[..., Floats]) -> Callable[[Patch], None]:
    """Distances of neighbours by another rule."""

    def put(patch: Patch) -> None:
        patch.setattr(geo, "near_m", near)
        patch.setattr(
            geo, "near_hops_m", lambda lat, lon: near(lat[:-1], lon[:-1], lat[1:], lon[1:])
        )

    return put


# --- metres ---------------------------------------------------------------------------------


def haversine(lat1: Any, lon1: Any, lat2: Any, lon2: Any, *, radius: float = 6_371_008.8) -> Floats:
    """The mean sphere."""
    y1, x1, y2, x2 = (np.radians(v) for v in (lat1, lon1, lat2, lon2))
    a = np.sin((y2 - y1) / 2) ** 2 + np.cos(y1) * np.cos(y2) * np.sin((x2 - x1) / 2) ** 2
    return np.asarray(2 * radius * np.arcsin(np.sqrt(a)))


def equator_sphere(lat1: Any, lon1: Any, lat2: Any, lon2: Any) -> Floats:
    return haversine(lat1, lon1, lat2, lon2, radius=6_378_137.0)


def not_wrapped(lat1: Any, lon1: Any, lat2: Any, lon2: Any) -> Floats:
    y1, x1, y2, x2 = (np.asarray(v, dtype=float) for v in (lat1, lon1, lat2, lon2))
    return np.asarray(np.hypot(y2 - y1, (x2 - x1) * np.cos(np.radians(y1))) * 111_320.0)


# --- cleaning -------------------------------------------------------------------------------


def residuals_first(patch: Patch) -> None:
    by_reason = dict(clean.STEPS)
    order = ("spike", "bad end", "excursion")
    patch.setattr(clean, "STEPS", tuple((reason, by_reason[reason]) for reason in order))


def not_sorted(track: Track) -> clean.Cleaned:
    good = clean.possible(track.lat, track.lon) & np.isfinite(track.time)
    return clean.Cleaned(clean.take(track, good), {}, clean.hops_of(clean.take(track, good)))


# --- the ledger -----------------------------------------------------------------------------


def halts_by_path(
    begin: float, low: float, high: float, time: Floats, lat: Floats, lon: Floats
) -> Floats:
    """Still is who walked less than 30 m in 30 s, jitter and all."""
    so_far = np.concatenate([[0.0], np.cumsum(geo.hops_m(lat, lon))])
    at = begin + np.arange(low, high + 1)
    walked = np.interp(at + 30.0, time, so_far) - np.interp(at, time, so_far)
    still = at[walked < 30.0]
    return ledger.union(np.stack([still, still + 30.0], axis=1))


def path_in_halts(patch: Patch) -> None:
    """Metres along every point, in halts too."""
    right = ledger.keep_ledger

    def wrong(track: Track, *more: Any) -> Ledger:
        kept = right(track, *more)
        so_far = np.concatenate([[0.0], np.cumsum(np.where(kept.jump, 0.0, kept.hop_m))])
        return replace(kept, odometer_at=kept.time, odometer_m=so_far)

    patch.setattr(test_ledger, "keep_ledger", wrong)


def speeds_of_single_hops(kept: Ledger) -> float | None:
    speeds = kept.hop_m / np.diff(kept.time)
    return float(speeds[~kept.unknown].max()) if len(speeds) else None


def anywhere(patch: Patch) -> None:
    patch.setattr(stops, "JOIN_S", 1e9)
    patch.setattr(stops, "SITE_M", 1e9)


def hole_is_driving() -> None:
    """The default that `keep_ledger` was defined with cannot be patched, so it is given."""
    t = np.arange(0.0, 3601.0, 5.0)
    track = drive(t * 30.0, t)
    silent = clean.take(track, (t <= 1000.0) | (t >= 1500.0))
    assert ledger.keep_ledger(silent, ledger.HOLE_S).unknown_s == 500.0


# --- climb ----------------------------------------------------------------------------------


def missing_is_zero(patch: Patch) -> None:
    right = climb.find_climb
    patch.setattr(test_climb, "find_climb", lambda kept, ele: right(kept, np.nan_to_num(ele)))


# --- legs and days --------------------------------------------------------------------------


def cut_at_midnight(patch: Patch) -> None:
    right = legs._cuts

    def wrong(kept: Ledger, found: tuple[Stop, ...], cut_s: float) -> list[legs._Cut]:
        first, last = float(kept.time[0]), float(kept.time[-1])
        nights = np.arange(first // 86_400.0, last / 86_400.0) * 86_400.0 + 5 * 3600.0
        cuts = [legs._Cut(at, at, stop=False) for at in nights.tolist() if first < at < last]
        return sorted([*right(kept, found, cut_s), *cuts], key=lambda cut: cut.begin)

    patch.setattr(legs, "_cuts", wrong)


def join_over_nights(patch: Patch) -> None:
    right = legs._cuts
    patch.setattr(legs, "_cuts", lambda *given: [replace(cut, stop=True) for cut in right(*given)])


def days_in_utc(patch: Patch) -> None:
    right = naming.local_day
    for module in (naming, days):
        patch.setattr(module, "local_day", lambda at, _offset: right(at, 0))


# --- several recorders ----------------------------------------------------------------------


def all_points_of_all(sources: Any, *_more: Any) -> fuse.Fused:
    track = join_tracks([source.track for source in sources])
    track = clean.take(track, np.argsort(track.time, kind="stable"))
    return fuse.Fused(track, join_tracks([]), len(track), 0)


# --- placing --------------------------------------------------------------------------------


def at_the_nearest_point(kept: Ledger, at: float) -> Spot | None:
    if not len(kept.time):
        return None
    k = int(np.argmin(np.abs(kept.time - at)))
    return Spot("between", float(kept.lat[k]), float(kept.lon[k]), 15.0, "")


def however_far(patch: Patch) -> None:
    patch.setattr(whereabouts, "BETWEEN_S", 1e9)


def naive_is_utc(_zone: str, naive: datetime, _ground: Ground) -> Instant:
    return Instant(naive.replace(tzinfo=instants.UTC).timestamp())


def offset_time_first(
    main: Any, camera: Any, _taken: str, odd: list[str]
) -> tuple[int | None, str]:
    for tag in (exif.Tag.OffsetTime, exif.Tag.OffsetTimeOriginal):
        offset = exif._offset(main.get(tag) or camera.get(tag), odd)
        if offset is not None:
            return offset, tag.name
    return None, ""


def one_sync_for_all(camera: Any, _wall: float) -> tuple[float, float, tuple[str, ...], str]:
    return camera.sync[0][1], 0.0, (), ""


def track_before_photo(patch: Patch) -> None:
    right = instants._by_itself

    def wrong(photo: Photograph, naive: datetime) -> Instant | None:
        return right(replace(photo, offset_s=None, gps_at=None), naive)

    patch.setattr(instants, "_by_itself", wrong)


ROAD = test_place.way(drive(test_place.DRIVE * 20.0, test_place.DRIVE))

VARIANTS = (
    Variant("the mean sphere", _hops(haversine),
            lambda: test_ledger.test_a_hundred_kilometres_are_a_hundred(285.0)),
    Variant("the mean sphere, far away", _set(geo, "_geodesic_m", haversine),
            lambda: test_geo.test_far_hops_are_geodesics_also_across_180(
                88_129.375, (37.75, -100.0, 37.75, -101.0))),
    Variant("a sphere of the equator", _hops(equator_sphere),
            lambda: test_ledger.test_a_hundred_kilometres_are_a_hundred(0.0)),
    Variant("a degree of one length over a band", _set(geo, "_FIT", geo._FIT * np.eye(6)[5][:, None]),
            test_geo.test_hops_are_not_bent_over_a_long_day),
    Variant("differences of longitude not wrapped", _hops(not_wrapped),
            test_ledger.test_crossing_180_degrees_is_no_leap),
    Variant("longitudes not unwrapped", _set(geo, "unwrapped", lambda lon: lon),
            test_place.test_between_both_sides_of_180_degrees_is_not_zero),
    Variant("residuals before excursions", residuals_first,
            lambda: test_clean.test_a_clump_of_reflections_goes_whole_and_alone(100.0)),
    Variant("no end is looked at", _set(clean, "MOST_AT_AN_END", 0),
            lambda: test_clean.test_a_bad_end_goes([0])),
    Variant("a lasting jump taken for a spike", _set(clean, "_leaps", lambda *_: False),
            test_clean.test_a_lasting_jump_is_no_spike),
    Variant("points in the order of the file", _set(test_clean, "clean", not_sorted),
            test_clean.test_a_clean_track_stays_whole_whatever_its_order),
    Variant("halts by the length of the path", _set(ledger, "_still_windows", halts_by_path),
            test_ledger.test_a_parked_car_with_jitter_drives_nowhere),
    Variant("metres along the jitter", path_in_halts,
            test_ledger.test_a_parked_car_with_jitter_drives_nowhere),
    Variant("a hole is driving", _set(ledger, "HOLE_S", 1e9), hole_is_driving),
    Variant("a sleeping recorder is a hole", _set(ledger, "ASLEEP_M", -1.0),
            test_ledger.test_a_sleeping_recorder_in_a_parked_car_is_standing),
    Variant("a hole of days is sleep", _set(ledger, "ASLEEP_S", 1e9),
            test_ledger.test_a_sleep_of_more_than_a_day_is_unknown),
    Variant("a jump counts its metres", _set(clean, "TOO_FAST", 1e9),
            test_ledger.test_a_jump_is_unknown_time_and_no_distance),
    Variant("top speed of one hop", _set(test_ledger, "top_speed", speeds_of_single_hops),
            test_ledger.test_the_top_speed_is_held_for_ten_seconds),
    Variant("a missing height is 0", missing_is_zero,
            test_climb.test_a_missing_height_is_not_zero),
    Variant("every rise is climb", _set(climb, "REVERSAL_M", 0.0),
            test_climb.test_waves_of_four_metres_are_no_climb_unless_a_barometer_says_so),
    Variant("halts anywhere are one stop", anywhere,
            lambda: test_ledger.test_three_stops_and_ten_lights(0.0)),
    Variant("midnight cuts legs", cut_at_midnight,
            test_account.test_a_leg_over_midnight_is_dated_by_its_departure),
    Variant("days by UTC", days_in_utc,
            test_account.test_a_leg_over_midnight_is_dated_by_its_departure),
    Variant("short legs joined over a night", join_over_nights,
            test_legs.test_nothing_is_joined_across_a_night),
    Variant("found legs win", _set(legs, "settle", lambda _: ()),
            test_legs.test_declared_legs_win_and_found_ones_fill_the_rest),
    Variant("every recorder counts", _set(test_fuse, "fuse", all_points_of_all),
            lambda: test_fuse.test_two_phones_of_one_drive_fill_each_other(0.5)),
    Variant("the first file wins", _set(fuse, "_in_order", lambda recorders, _: recorders[::-1]),
            test_fuse.test_the_richer_recorder_speaks),
    Variant("the nearest point instead of the line", _set(whereabouts, "_spot", at_the_nearest_point),
            test_place.test_between_two_points_the_line_tells_and_the_radius_grows_to_the_middle),
    Variant("a line over any hole", however_far,
            test_place.test_too_far_from_both_points_nothing_is_said),
    Variant("a local time without offset is UTC", _set(instants, "_read_in", naive_is_utc),
            lambda: test_place.test_a_camera_zone_is_read_as_said(ROAD)),
    Variant("OffsetTime for OffsetTimeOriginal", _set(exif, "_any_offset", offset_time_first),
            test_photo.test_the_offset_of_the_original_counts_before_that_of_the_file),
    Variant("GPS time tells any offset", _set(instants, "_nearest_offset", lambda s, _day: round(s)),
            lambda: test_place.test_gps_time_tells_the_offset_and_nothing_else(ROAD)),
    Variant("one sync point for all", _set(instants, "_synced", one_sync_for_all),
            lambda: test_place.test_sync_points_bend_with_the_clock_and_hold_outside(ROAD)),
    Variant("what the photo says itself comes last", track_before_photo,
            lambda: test_place.test_the_offset_in_the_photo_is_the_first_evidence(ROAD)),
)  # fmt: skip


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
def test_a_wrong_way_is_noticed(variant: Variant, monkeypatch: Patch) -> None:
    variant.noticed()  # as things are, it passes
    variant.put(monkeypatch)
    with pytest.raises(AssertionError):
        variant.noticed()
