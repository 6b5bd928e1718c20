"""FIT, on files made by the book."""

from __future__ import annotations

import random
import struct
from itertools import pairwise

import numpy as np
import pytest

from convoylog.errors import BadInput
from convoylog.files.readers import HEAD, READERS, fit, recognise
from convoylog.files.readers.limits import Limits
from tests.files.readers import fit_making as making

NOON = making.NOON + fit.EPOCH
THREE = ((0, 51.0, 7.0), (1, 51.001, 7.001), (2, 51.002, 7.002))
DAY = making.fit_file(making.file_id(), making.records(*THREE))


def started(seconds: int) -> bytes:
    return making.messages(21, making.EVENT, (making.NOON + seconds, 0, 0))


def test_a_record_is_a_point_with_all_its_columns() -> None:
    fields = {253: "uint32", 0: "sint32", 1: "sint32", 2: "uint16", 6: "uint16", 3: "uint8",
              4: "uint8", 7: "uint16", 13: "sint8", 31: "uint8"}  # fmt: skip
    row = (making.NOON, making.semicircles(-33.5), making.semicircles(151.25),
           round((12.4 + 500) * 5), 13_500, 121, 83, 240, -4, 5)  # fmt: skip
    found = fit.read(making.fit_file(making.file_id(), making.messages(20, fields, row)))
    (track,) = found.tracks
    assert [NOON] == track.time.tolist()
    assert [-33.5, 151.25] == pytest.approx([track.lat[0], track.lon[0]], abs=1e-7)
    assert 12.4 == pytest.approx(track.ele[0])
    assert {"speed": [13.5], "heart_rate": [121.0], "cadence": [83.0], "power": [240.0],
            "temperature": [-4.0], "accuracy": [5.0]} == {
        name: column.tolist() for name, column in track.more.items()}  # fmt: skip
    assert "FIT" == found.format
    assert () == found.warnings


def test_the_newer_wider_height_and_speed_win_where_they_are_known() -> None:
    fields = making.RECORD | {2: "uint16", 78: "uint32", 6: "uint16", 73: "uint32"}
    at = (making.NOON, making.semicircles(51), making.semicircles(7))
    wide, narrow = round((9000.2 + 500) * 5), ((100 + 500) * 5)
    rows = ((*at, narrow, wide, 1000, 90_000), (*at, narrow, 0xFFFFFFFF, 1000, 0xFFFFFFFF))
    (track,) = fit.read(making.fit_file(making.messages(20, fields, *rows))).tracks
    assert [9000.2, 100.0] == pytest.approx(track.ele.tolist())
    assert [90.0, 1.0] == track.more["speed"].tolist()


def test_what_the_device_calls_unknown_is_unknown_and_not_zero() -> None:
    fields = making.RECORD | {2: "uint16", 3: "uint8"}
    row = (making.NOON, making.semicircles(51), making.semicircles(7), 0xFFFF, 0xFF)
    (track,) = fit.read(making.fit_file(making.messages(20, fields, row))).tracks
    assert np.isnan(track.ele[0])
    assert "heart_rate" not in track.more


def test_records_without_a_position_are_counted_and_not_kept() -> None:
    nowhere = (making.NOON + 3, 0x7FFFFFFF, 0x7FFFFFFF)
    rows = making.records(*THREE) + making.message(making.RECORD, nowhere)
    found = fit.read(making.fit_file(making.file_id(), rows))
    assert 3 == found.points
    assert ("1 record without a position, not kept",) == found.warnings


def test_an_impossible_latitude_is_left_out_and_told() -> None:
    found = fit.read(making.fit_file(making.records(*THREE, (3, 95.0, 7.0))))
    assert 3 == found.points
    assert "1 point with an impossible position left out" in found.warnings[0]


def test_big_and_little_ends_first_are_the_same() -> None:
    rows = [(making.NOON + t, making.semicircles(y), making.semicircles(x)) for t, y, x in THREE]
    big = making.define(20, making.RECORD, big=True)
    big += b"".join(making.message(making.RECORD, row, big=True) for row in rows)
    one, other = (
        fit.read(making.fit_file(part)).tracks[0] for part in (big, making.records(*THREE))
    )
    assert other.lat.tolist() == one.lat.tolist()
    assert other.time.tolist() == one.time.tolist()


def test_a_started_timer_breaks_the_recording_wherever_the_event_is_written() -> None:
    before, after = making.records(*THREE[:2]), making.records((300, 51.1, 7.1), (301, 51.1, 7.2))
    between = fit.read(making.fit_file(before, started(300), after))
    behind = fit.read(making.fit_file(before, after, started(0), started(300)))
    assert [0, 0, 1, 1] == between.tracks[0].segment.tolist()
    assert [0, 0, 1, 1] == behind.tracks[0].segment.tolist()


def test_without_times_the_place_of_the_event_tells_the_break() -> None:
    fields = {0: "sint32", 1: "sint32"}
    spots = [(making.semicircles(51 + n / 100), making.semicircles(7)) for n in range(4)]
    before, after = making.messages(20, fields, *spots[:3]), making.messages(20, fields, spots[3])
    event = making.messages(21, {0: "enum", 1: "enum"}, (0, 0))
    found = fit.read(making.fit_file(before, event, after))
    assert [0, 0, 0, 1] == found.tracks[0].segment.tolist()


def test_sessions_are_tracks_with_their_sports() -> None:
    session = {253: "uint32", 2: "uint32", 5: "enum"}
    sessions = making.messages(
        18, session, (making.NOON + 900, making.NOON, 2), (making.NOON + 900, making.NOON + 300, 1)
    )
    points = making.records(*THREE, (300, 51.1, 7.1), (301, 51.1, 7.2))
    found = fit.read(making.fit_file(making.file_id(), points, sessions))
    assert [3, 2] == [len(track) for track in found.tracks]
    assert ["cycling", "running"] == [track.name.lower() for track in found.tracks]


def test_a_time_counted_from_switching_on_is_none_and_told() -> None:
    row = (77, making.semicircles(51), making.semicircles(7))
    found = fit.read(making.fit_file(making.messages(20, making.RECORD, row)))
    assert np.isnan(found.tracks[0].time[0])
    assert "switched on" in found.warnings[0]


def test_compressed_stamps_count_from_the_last_whole_one() -> None:
    bare = {0: "sint32", 1: "sint32"}
    whole = making.records((30, 51.0, 7.0))  # NOON + 30 ends in some five bits
    rows = [making.semicircles(51), making.semicircles(7)]
    low = (making.NOON + 30) & 31
    heads = [0x80 | 1 << 5 | (low + step & 31) for step in (1, 31)]
    packed = making.define(20, bare, local=1)
    packed += b"".join(making.message(bare, rows, head=head) for head in heads)
    (track,) = fit.read(making.fit_file(whole, packed)).tracks
    # 31 on is also after the counter of five bits went round
    assert [30.0, 31.0, 61.0] == (track.time - NOON).tolist()


def test_fields_of_developers_are_passed_over_by_their_size() -> None:
    shape = making.define(20, making.RECORD, developers=[3, 8])
    row = (making.NOON, making.semicircles(51), making.semicircles(7))
    points = making.message(making.RECORD, row, developers=b"\xff" * 11) * 2
    assert 2 == fit.read(making.fit_file(shape, points)).points


def test_a_course_is_a_plan_and_its_points_are_waypoints() -> None:
    name = making.messages(31, {5: 16}, ("Over the pass",))
    mark = making.messages(
        32, {2: "sint32", 3: "sint32", 5: "enum", 6: 12},
        (making.semicircles(51.001), making.semicircles(7.001), 6, "Left!"),
    )  # fmt: skip
    found = fit.read(making.fit_file(making.file_id(6), name, making.records(*THREE), mark))
    assert () == found.tracks
    assert ["Over the pass", 3] == [found.routes[0].name, len(found.routes[0].lat)]
    assert ["Left!"] == [waypoint.name for waypoint in found.waypoints]


def test_several_files_behind_each_other_are_all_read() -> None:
    found = fit.read(DAY + making.fit_file(making.file_id(), making.records((900, 52.0, 8.0))))
    assert [3, 1] == [len(track) for track in found.tracks]


def test_the_device_is_named_with_its_version() -> None:
    fields = {253: "uint32", 0: "uint8", 2: "uint16", 4: "uint16", 5: "uint16"}
    own = making.messages(23, fields, (making.NOON, 0, 1, 3121, 975))
    found = fit.read(
        making.fit_file(making.file_id(maker=1, product=3121), own, making.records(*THREE))
    )
    assert "Garmin Edge 530 9.75" == found.creator


def test_a_wrong_checksum_is_told_and_the_points_kept() -> None:
    found = fit.read(making.fit_file(making.records(*THREE), crc=b"\0\1"))
    assert 3 == found.points
    assert any("check" in warning for warning in found.warnings)


@pytest.mark.parametrize("size", [0, 10**6])
def test_a_header_that_lies_about_the_size_does_not_lose_the_points(size: int) -> None:
    found = fit.read(making.fit_file(making.file_id(), making.records(*THREE), size=size))
    assert 3 == found.points
    assert found.warnings


def test_a_cut_anywhere_keeps_what_came_whole_or_says_that_nothing_did() -> None:
    counts = []
    for end in range(len(DAY)):
        try:
            found = fit.read(DAY[:end])
        except BadInput:
            counts.append(0)
            continue
        counts.append(found.points)
        assert found.warnings
    assert {0, 1, 2, 3} == set(counts)
    assert all(one <= next_one for one, next_one in pairwise(counts))


def test_a_message_without_definition_ends_the_reading_and_is_told() -> None:
    found = fit.read(making.fit_file(making.records(*THREE), bytes([0x07]), b"\0" * 40))
    assert 3 == found.points
    assert found.warnings


@pytest.mark.parametrize("content", [b"", b"\x0e", b"\x0e\x20" + b"\0" * 6 + b".FIT", DAY[:12]])
def test_a_header_alone_is_refused(content: bytes) -> None:
    with pytest.raises(BadInput):
        fit.read(content)


def test_settings_are_no_recording_and_named() -> None:
    found = fit.read(making.fit_file(making.file_id(2)))
    assert ("it holds no position: it is settings",) == found.warnings


def test_more_points_than_the_limit_are_refused() -> None:
    with pytest.raises(BadInput, match="more messages than any recording has"):
        fit.read(DAY, Limits(points=1))
    many = making.records(*((n, 51.0, 7.0) for n in range(9)))
    with pytest.raises(BadInput, match="more than 8 points"):
        fit.read(making.fit_file(many), Limits(points=8))


def test_its_sign_tells_it_whatever_its_name() -> None:
    assert READERS["fit"] is recognise(DAY[:HEAD], "day.gpx")


def test_damage_anywhere_raises_nothing_but_bad_input() -> None:
    chance = random.Random(3)
    for _ in range(300):
        content = bytearray(DAY)
        for _ in range(chance.choice((1, 1, 3))):
            content[chance.randrange(len(content))] = chance.randrange(256)
        try:
            found = fit.read(bytes(content))
        except BadInput:
            continue
        for track in found.tracks:
            assert np.all(np.abs(track.lat) <= 90)
            assert np.all(np.abs(track.lon) <= 180)


def test_a_definition_of_255_wide_fields_by_the_thousand_is_quick_and_small() -> None:
    fields = dict.fromkeys(range(255), 255)
    shape = making.define(20, fields)
    body = struct.pack("B", 0) + b"\xff" * 255 * 255
    assert 0 == fit.read(making.fit_file(shape, body * 20)).points
