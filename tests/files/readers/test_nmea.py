"""NMEA logs: dates from RMC, midnight, week roll-over, void fixes, bad sums."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import reduce
from operator import xor

import numpy as np
import pytest

from convoylog.errors import BadInput
from convoylog.files.readers import READERS, nmea, recognise
from convoylog.files.readers.limits import Limits
from convoylog.model.tracks import Recording

PLACE = "5130.0000,N,00015.0000,W"
NIGHT = datetime(2024, 6, 1, tzinfo=UTC).timestamp()


def sentence(body: str) -> str:
    return f"${body}*{reduce(xor, body.encode()):02X}\r\n"


def rmc(time: str, date: str = "010624", place: str = PLACE, status: str = "A") -> str:
    return sentence(f"GPRMC,{time},{status},{place},010.0,270.5,{date},,,A")


def gga(time: str, place: str = PLACE, quality: str = "1") -> str:
    return sentence(f"GPGGA,{time},{place},{quality},09,0.9,512.3,M,,M,,")


def read(*sentences: str) -> Recording:
    return nmea.read("".join(sentences).encode())


def seconds(found: Recording) -> list[float]:
    return (found.tracks[0].time - NIGHT).tolist()


LOG = "".join(rmc(f"10000{n}") + gga(f"10000{n}") for n in range(3)).encode()


def test_the_sentences_of_one_second_are_one_fix() -> None:
    (track,) = nmea.read(LOG).tracks
    assert [36_000, 36_001, 36_002] == (track.time - NIGHT).tolist()
    assert [51.5, -0.25, 512.3] == [track.lat[0], track.lon[0], track.ele[0]]
    assert 10 * 1852 / 3600 == pytest.approx(track.more["speed"][0])
    assert {"course": 270.5, "satellites": 9.0, "hdop": 0.9} == {
        name: track.more[name][0] for name in ("course", "satellites", "hdop")
    }


def test_parts_of_seconds_count_and_mixed_spellings_are_one_time() -> None:
    found = read(rmc("100000.50"), gga("100000.5"), rmc("100001.25"))
    assert [36_000.5, 36_001.25] == seconds(found)


@pytest.mark.parametrize(
    ("place", "lat", "lon"),
    [
        ("5130.0000,S,00015.0000,E", -51.5, 0.25),
        ("0000.0000,N,18000.0000,W", 0.0, -180.0),
        ("9000.0,N,00000.0,E", 90.0, 0.0),
    ],
)
def test_hemispheres_are_signs(place: str, lat: float, lon: float) -> None:
    (track,) = read(rmc("100000", place=place)).tracks
    assert (lat, lon) == (track.lat[0], track.lon[0])


@pytest.mark.parametrize("place", ["5160.0,N,00015.0,W", "9130.0,N,00015.0,W", "51x0.0,N,00015.0,W",
                                   "5130.0,Q,00015.0,W", ",,,", "5130.0,N,18100.0,E"])  # fmt: skip
def test_impossible_positions_are_left_out_and_told(place: str) -> None:
    found = read(rmc("100000"), rmc("100001", place=place))
    assert 1 == found.points
    assert found.warnings


def test_gga_alone_is_geometry_and_told_as_dateless() -> None:
    found = read(gga("100000"), gga("100001"))
    assert np.isnan(found.tracks[0].time).all()
    assert ("2 times of day without any date: kept as points without time",) == found.warnings


def test_fixes_before_the_first_date_are_of_the_same_day() -> None:
    assert [36_000, 36_001] == seconds(read(gga("100000"), rmc("100001")))


def test_fixes_before_the_first_date_may_be_of_the_day_before() -> None:
    assert [-1, 0] == seconds(read(gga("235959"), rmc("000000")))


def test_midnight_passes_without_a_date() -> None:
    found = read(rmc("235959"), gga("000000"), gga("000001"))
    assert [86_399, 86_400, 86_401] == seconds(found)


def test_a_date_may_come_from_zda() -> None:
    zda = sentence("GPZDA,100000,01,06,2024,00,00")
    assert [36_000] == seconds(read(gga("100000"), zda))


def test_a_two_digit_year_is_of_its_century() -> None:
    assert datetime(1999, 8, 22, tzinfo=UTC).timestamp() == read(rmc("000000", "220899")).tracks[0].time[0]  # fmt: skip


def test_a_date_that_jumps_by_1024_weeks_is_told_and_not_mended() -> None:
    found = read(rmc("235959", "060419"), rmc("000000", "220899"), rmc("000001", "220899"))
    assert datetime(1999, 8, 22, tzinfo=UTC).timestamp() == found.tracks[0].time[1]
    assert "1 date that jumps by 1,024 weeks" in found.warnings[0]


def test_a_wrong_check_sum_is_not_used_and_told_with_its_line() -> None:
    found = read(rmc("100000"), rmc("100001").replace("W,010.0", "W,090.0"), rmc("100002"))
    assert [36_000, 36_002] == seconds(found)
    assert "1 sentence with a wrong check sum, not used (first in line 2)" in found.warnings


def test_a_sentence_without_check_sum_is_used() -> None:
    assert 1 == read(rmc("100000").partition("*")[0] + "\n").points


def test_void_fixes_are_not_used_and_told() -> None:
    found = read(rmc("100000", status="V"), gga("100001", quality="0"), rmc("100002"))
    assert [36_002] == seconds(found)
    assert any(
        told.startswith("2 fixes that the receiver calls invalid") for told in found.warnings
    )


def test_stamps_of_the_logger_before_a_sentence_do_no_harm() -> None:
    assert 1 == read("[2024-06-01 12:00] " + rmc("100000")).points


def test_gll_counts_only_where_nothing_else_speaks() -> None:
    gll = sentence(f"GPGLL,{PLACE},100000,A,A")
    assert 1 == read(gll).points
    assert 1 == read(gll, rmc("100000"), sentence(f"GPGLL,{PLACE},100000,A,A")).points


def test_other_systems_than_gps_talk_too() -> None:
    gns = sentence(f"GNGNS,100000,{PLACE},AN,12,0.8,512.3,,,")
    found = read(rmc("100000").replace("GPRMC", "GNRMC").partition("*")[0] + "\n", gns)
    assert (1, 512.3) == (found.points, found.tracks[0].ele[0])


def test_a_cut_last_sentence_is_told_and_the_rest_kept() -> None:
    found = nmea.read(LOG[:-20])
    assert 3 == found.points


def test_a_step_back_in_time_is_told_and_no_new_day() -> None:
    found = read(rmc("100005"), gga("100000"), gga("100001"))
    assert [36_005, 36_000, 36_001] == seconds(found)
    assert any("earlier than" in told for told in found.warnings)


def test_what_says_no_position_is_refused() -> None:
    with pytest.raises(BadInput, match="no sentence of NMEA that says a position"):
        read(sentence("GPGSV,1,1,00"))


def test_more_points_than_the_limit_are_refused() -> None:
    with pytest.raises(BadInput, match="more than 2 points"):
        nmea.read(LOG, Limits(points=2))


def test_its_sentences_tell_it_whatever_its_name() -> None:
    assert READERS["nmea"] is recognise(LOG, "day.gpx")
