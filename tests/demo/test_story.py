"""The demo as a whole: a trip that could have been, the same for the same number."""

from __future__ import annotations

import hashlib
import io
import time
from datetime import UTC, datetime
from itertools import chain

import numpy as np
import pytest
from PIL import ExifTags, Image

from convoylog import geo
from convoylog.demo.cast import CAST
from convoylog.demo.story import Demo, make_demo
from convoylog.files.readers import photo
from convoylog.places import names
from convoylog.trips.instants import camera_key

#: from the first minute of the first day anywhere on the way to the last, UTC
BEGIN = datetime(2026, 6, 18, 5, tzinfo=UTC)
END = datetime(2026, 6, 22, 6, tzinfo=UTC)


@pytest.fixture(scope="module")
def demo() -> Demo:
    begun = time.process_time()
    made = make_demo(1)
    print(f"made in {time.process_time() - begun:.1f} s of computing")
    return made


def _bytes_of(made: Demo) -> str:
    digest = hashlib.sha256()
    for car in made.cars:
        for track in car.tracks:
            for column in (track.time, track.lat, track.lon, track.ele, track.segment):
                digest.update(column.tobytes())
        for picture in car.photos:
            digest.update(picture.content)
        digest.update(repr((car.notes, car.cameras, car.odometer)).encode())
    return digest.hexdigest()


def test_the_same_number_makes_the_same_bytes_and_another_others(demo: Demo) -> None:
    assert _bytes_of(demo) == _bytes_of(make_demo(1))


def test_another_number_drives_differently_on_the_same_roads(demo: Demo) -> None:
    other = make_demo(-7)
    assert not np.array_equal(demo.cars[0].tracks[0].time, other.cars[0].tracks[0].time)
    for car, again in zip(demo.cars, other.cars, strict=True):
        for track, twin in zip(car.tracks, again.tracks, strict=True):
            assert geo.distance_m(track.lat[0], track.lon[0], twin.lat[0], twin.lon[0]) < 500
    assert [n.key for c in demo.cars for n in c.notes] == sorted_like(demo, other)


def sorted_like(demo: Demo, other: Demo) -> list[str]:
    """Keys of the other, where its order within a car may differ by minutes."""
    order = {n.key: k for k, n in enumerate(n for c in demo.cars for n in c.notes)}
    return sorted((n.key for c in other.cars for n in c.notes), key=lambda key: order[key])


def test_five_cars_with_four_days_each_and_colours_and_numbers_of_their_own(demo: Demo) -> None:
    assert 5 == len(demo.cars) == len({c.colour for c in demo.cars})
    assert 5 == len({c.number for c in demo.cars}) == len({c.name for c in demo.cars})
    assert [4] * 5 == [len(c.tracks) for c in demo.cars]


def test_every_time_lies_within_the_trip(demo: Demo) -> None:
    for car in demo.cars:
        for note in car.notes:
            assert note.at.utcoffset() is not None
            assert BEGIN <= note.at <= END, note.key
            assert note.until is None or note.at < note.until <= END
        for track in car.tracks:
            assert BEGIN.timestamp() <= track.time[0] < track.time[-1] <= END.timestamp()


def test_tracks_are_driven_by_cars_and_not_by_aeroplanes(demo: Demo) -> None:
    for car in demo.cars:
        for track in car.tracks:
            dt = np.diff(track.time)
            assert dt.min() > 0
            assert (np.diff(track.segment) >= 0).all()
            assert (geo.hops_m(track.lat, track.lon) / dt).max() < 45.0
            assert np.isfinite(track.ele).all()
            assert -50.0 < track.ele.min() < track.ele.max() < 3700.0


def test_each_day_ends_where_the_story_says(demo: Demo) -> None:
    ends = {
        "The Sofa": ("Milwaukee", "Des Moines", "North Platte", "Denver", "Denver"),
        "Kumquat": ("Minneapolis", "Des Moines", "North Platte", "Denver", "Denver"),
        "Big Dolores": ("Fort Worth", "Amarillo", "Trinidad", "Denver", "Denver"),
        "Gecko": ("Phoenix", "Kayenta", "Alamosa", "Denver", "Denver"),
        "Plan B": ("Boise", "Tremonton", "Laramie", "Denver", "Denver"),
    }
    for car in demo.cars:
        first, last = car.tracks[0], [(t.lat[-1], t.lon[-1]) for t in car.tracks]
        places = [(first.lat[0], first.lon[0]), *last]
        assert ends[car.name] == tuple(names.name_of(float(y), float(x)) for y, x in places)


def test_a_car_begins_a_day_where_it_ended_the_day_before(demo: Demo) -> None:
    late = ("Kumquat", 3)  # its recorder was switched on far down the road
    for car in demo.cars:
        for number, (one, next_) in enumerate(zip(car.tracks, car.tracks[1:], strict=False), 2):
            apart = geo.distance_m(one.lat[-1], one.lon[-1], next_.lat[0], next_.lon[0])
            assert ((car.name, number) == late) == (apart > 200), (car.name, number, apart)


def test_the_old_car_overtakes_the_young_one_on_the_second_day(demo: Demo) -> None:
    sofa, kumquat = demo.cars[0].tracks[1], demo.cars[1].tracks[1]

    def ahead(lon: float) -> float:
        """Seconds by which the old car passes a meridian, westbound, before the other."""
        passes = [float(np.interp(-lon, -t.lon, t.time)) for t in (kumquat, sofa)]
        return passes[0] - passes[1]

    assert -90 < ahead(-97.8) < -10
    assert 10 < ahead(-98.5) < 90


def test_one_loses_the_others_in_the_rain_and_finds_them_again(demo: Demo) -> None:
    sofa, kumquat = demo.cars[0].tracks[3], demo.cars[1].tracks[3]
    at = np.arange(max(sofa.time[0], kumquat.time[0]), kumquat.time[-1], 60.0)
    places = [np.interp(at, t.time, c) for t in (sofa, kumquat) for c in (t.lat, t.lon)]
    apart = geo.apart_m(places[0], places[1], places[2], places[3])
    assert apart[:60].max() < 4000
    assert apart.max() > 25_000
    assert apart[-90:].max() < 4000


def test_the_tunnel_hears_no_satellite(demo: Demo) -> None:
    for car in demo.cars:
        track = car.tracks[3]
        inside = (track.lon < -105.912) & (track.lon > -105.938) & (abs(track.lat - 39.679) < 0.01)
        assert not inside.any()
        assert 1 == track.segment.max()


def test_every_photo_of_a_note_is_in_its_car_and_every_photo_is_told(demo: Demo) -> None:
    for car in demo.cars:
        names = [picture.file_name for picture in car.photos]
        assert len(names) == len(set(names))
        told = list(chain.from_iterable(note.photos for note in car.notes))
        assert sorted(names) == sorted(told)


def test_replies_answer_something_said_before(demo: Demo) -> None:
    by_key = {note.key: note for car in demo.cars for note in car.notes}
    assert len(by_key) == sum(len(car.notes) for car in demo.cars)
    replies = [note for note in by_key.values() if note.reply_to]
    assert len(replies) >= 10
    for note in replies:
        assert by_key[note.reply_to].at < note.at, note.key


def test_some_words_are_nobody_elses(demo: Demo) -> None:
    assert {"private"} == {n.share for c in demo.cars for n in c.notes if n.share}
    assert 2 == sum(n.share == "private" for c in demo.cars for n in c.notes)


def test_odometers_never_run_back(demo: Demo) -> None:
    for car in demo.cars:
        reads = [int(n.odometer.removesuffix(" mi")) for n in car.notes if n.odometer]
        begin = int(car.odometer.removesuffix(" mi"))
        assert [begin, *reads] == sorted([begin, *reads])
    rolled = next(n for n in demo.cars[0].notes if n.key == "sofa-rollover")
    assert "100000 mi" == rolled.odometer


def test_photos_are_jpegs_that_our_reader_understands(demo: Demo) -> None:
    for car, member in zip(demo.cars, CAST, strict=True):
        for picture in car.photos:
            facts = photo.read(picture.content)
            assert ("JPEG", 1600, 1067, ()) == (
                facts.format,
                facts.width,
                facts.height,
                facts.warnings,
            )
            assert (member.device.make, member.device.serial) == (facts.make, facts.serial)
            assert member.device.key == camera_key(facts)
            assert member.device.tells_offset == (facts.offset_s is not None)
            assert (
                member.device.tells_place == (facts.lat is not None) == (facts.gps_at is not None)
            )
            assert 80_000 < len(picture.content) < 420_000, picture.file_name
            with Image.open(io.BytesIO(picture.content)) as image:
                assert ExifTags.Base.DateTime in image.getexif()


def test_a_photo_shows_the_note_it_belongs_to_once_its_clock_is_read_rightly(demo: Demo) -> None:
    wrong = []
    for car in demo.cars:
        for note in car.notes:
            for name in note.photos:
                content = next(p.content for p in car.photos if p.file_name == name)
                shown = datetime.fromisoformat(photo.read(content).taken)
                off = abs((shown - note.at.replace(tzinfo=None)).total_seconds())
                if off > 900:
                    wrong.append(car.name)
    # the camera that stayed on Milwaukee time, the one set to Arizona, and the one set in 2019
    assert {"The Sofa", "Gecko", "Plan B"} == set(wrong)


def test_a_synced_camera_tells_its_error_and_the_wrong_one_does_not(demo: Demo) -> None:
    by_name = {car.name: car.cameras for car in demo.cars}
    assert () == by_name["The Sofa"]
    assert () == by_name["Plan B"][0].sync
    assert [-25_420.0, -25_420.0] == [offset for _, offset in by_name["Gecko"][0].sync]
