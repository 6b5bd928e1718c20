"""The readers held against real and hand-made files that are not part of the project."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from convoylog.errors import BadInput
from convoylog.files.readers import HEAD, reader_for
from convoylog.model.photos import Photograph
from convoylog.model.tracks import Recording
from tests.corpus import corpus

Row = dict[str, str]


def rows(part: str) -> Iterator[tuple[Row, bytes]]:
    """Each line of a manifest with the bytes of its file."""
    folder = corpus(part)
    with (folder / "MANIFEST.tsv").open(encoding="utf-8", newline="") as manifest:
        for row in csv.DictReader(manifest, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield row, (folder / row["file"]).read_bytes()


def read(content: bytes, name: str = "") -> Recording | Photograph:
    return reader_for(content[:HEAD], name).read(content)


#: what the manifest's measures are for us, where we differ on purpose
EXPLAINED: dict[str, dict[str, object]] = {
    # two points with latitudes 100 and 200: markers of a pause
    "043_legacy_gpx_pause_resume.gpx": {"points": 4, "with_time": 4, "segments": 2},
    # longitude 180.877 in a point, latitude 91.4 in the waypoint
    "048_wptError.gpx": {
        "points": 1, "with_time": 1, "with_ele": 1, "waypoints": 0, "from": 1557476373.0
    },
    # a track without a point is none
    "117_gpx1.0_with_all_fields.gpx": {"tracks": 1},
    "118_gpx1.1_with_all_fields.gpx": {"tracks": 1},
    "119_cerknicko-jezero-no-creator.gpx": {"tracks": 7},
    # the same track once more inside <metadata>: told, not read; gpxpy sees one track too
    "131_invalid_schema.gpx": {
        "tracks": 1, "segments": 1, "points": 2, "with_time": 2, "with_ele": 2
    },
}  # fmt: skip

#: nothing whole comes before the fault, or it is of a kind not read yet
REFUSED = {
    "098_testFile6Error.gpx": "broken XML in line 1",
    "128_gpx-invalid-xml-error.gpx": "broken XML in line 16",
    "129_gpx-invalid-empty.gpx": "the file is empty",
}


def seconds(text: str) -> float | None:
    return datetime.fromisoformat(text).timestamp() if text else None


def measured(recording: Recording) -> dict[str, object]:
    times = recording.bounds() or (None, None)
    return {
        "tracks": len(recording.tracks),
        "segments": recording.segments,
        "points": recording.points,
        "waypoints": len(recording.waypoints),
        "routes": len(recording.routes),
        "route_points": sum(len(route.lat) for route in recording.routes),
        "with_time": sum(int(np.isfinite(t.time).sum()) for t in recording.tracks),
        "with_ele": sum(int(np.isfinite(t.ele).sum()) for t in recording.tracks),
        "from": times[0],
        "to": times[1],
    }


@pytest.mark.parametrize("part", ["gpx", "gpx_multi", "gpx_trips"])
def test_every_recording_measures_what_the_manifest_says(part: str) -> None:
    wrong = []
    for row, content in rows(part):
        if row["file"] in REFUSED:
            with pytest.raises(BadInput, match=f"^{REFUSED[row['file']]}"):
                read(content)
            continue
        recording = read(content)
        assert isinstance(recording, Recording)
        wanted: dict[str, object] = {
            "tracks": int(row["tracks"]),
            "segments": int(row["segments"]) - int(row["empty_segments"]),
            "points": int(row["points"]),
            "waypoints": int(row["waypoints"]),
            "routes": int(row["routes"]),
            "route_points": int(row["route_points"]),
            "with_time": int(row["points_with_time"]),
            "with_ele": int(row["points_with_ele"]),
            # the manifest has milliseconds
            "from": pytest.approx(seconds(row["min_time"]), abs=1e-3),
            "to": pytest.approx(seconds(row["max_time"]), abs=1e-3),
        }
        wanted |= EXPLAINED.get(row["file"], {})
        found = measured(recording)
        wrong += [(row["file"], key, wanted[key], found[key]) for key in wanted
                  if found[key] != wanted[key]]  # fmt: skip
        if row["version"] in ("1.0", "1.1"):
            assert recording.format.partition(",")[0] == f"GPX {row['version']}"
    assert wrong == []


def test_values_are_those_gpxpy_reads_where_it_is_right() -> None:
    import gpxpy

    folder = corpus("gpx")
    for name in ("030_sample.gpx", "142_mtk_logger.gpx", "085_with_tracks_and_segments.gpx",
                 "040_2025-08-30 20_29_18.085 BC Cadzand-Bad.gpx"):  # fmt: skip
        content = (folder / name).read_bytes()
        ours = read(content)
        assert isinstance(ours, Recording)
        theirs = [t for t in gpxpy.parse(content).tracks if any(s.points for s in t.segments)]
        assert [t.name or "" for t in theirs] == [t.name for t in ours.tracks]
        for track, other in zip(ours.tracks, theirs, strict=True):
            points = [p for s in other.segments for p in s.points]
            assert track.lat.tolist() == [p.latitude for p in points]
            assert track.lon.tolist() == [p.longitude for p in points]
            heights = [np.nan if p.elevation is None else p.elevation for p in points]
            np.testing.assert_array_equal(track.ele, heights)
            times = [p.time.timestamp() for p in points if p.time]
            np.testing.assert_allclose(track.time, times, rtol=0, atol=1e-6)


#: the folders of dirty/ that hold files for a reader; archives belong to the bundle
OURS = ("trunc/", "notgpx/", "xml/", "enc/", "coord/", "time/", "struct/", "text/", "real_osm/",
        "names/", "image/")  # fmt: skip


def test_every_dirty_file_does_as_expected_within_a_second() -> None:
    wrong = []
    for row, content in rows("dirty"):
        if not row["file"].startswith(OURS):
            continue
        start = time.perf_counter()
        try:
            found: Recording | Photograph | None = read(content, row["file"])
        except BadInput:
            found = None  # any other exception fails the test
        took = time.perf_counter() - start
        expect = row["expect"]
        allowed = "error" in expect or "refuse" in expect or "by content" in expect
        if found is None and not allowed:
            wrong.append((row["file"], "was refused", expect))
        if found is not None and not re.search("survive|salvage|warn|by content|bounded", expect):
            wrong.append((row["file"], "was read", expect))
        if isinstance(found, Recording):
            count = re.search(r"\((\d+)(?: points?)?[,)]", expect)
            if count and found.points != int(count[1]):
                wrong.append((row["file"], f"{found.points} points", expect))
        # what only a reader of several points or a clock can say is said further in
        silent = row["file"] == "time/rollover_future.gpx"
        if found is not None and "+ warn" in expect and not found.warnings and not silent:
            wrong.append((row["file"], "no warning", expect))
        if took > 1:
            wrong.append((row["file"], f"took {took:.1f} s", expect))
    assert wrong == []


def dirty(name: str) -> Recording | Photograph:
    return read((corpus("dirty") / name).read_bytes())


def test_the_finer_points_of_some_dirty_files() -> None:
    def recording(name: str) -> Recording:
        found = dirty(name)
        assert isinstance(found, Recording)
        return found

    assert recording("enc/latin1_declared.gpx").tracks[0].name == "Zürich"
    assert recording("xml/cdata_and_comments.gpx").tracks[0].ele[0] == 10.0
    offset = recording("time/offset_0545.gpx").bounds()
    assert offset is not None
    assert offset[0] % 86400 == 4 * 3600 + 15 * 60
    # decimal commas are never cut to whole degrees
    assert recording("coord/decimal_comma.gpx").points == 0
    assert recording("struct/points_without_segment.gpx").points == 60
    assert "root:" not in repr(recording("xml/xinclude.gpx"))


def test_every_photo_says_what_the_manifest_says() -> None:
    wrong = []
    for row, content in rows("photos"):
        if Path(row["file"]).suffix.lower() not in (".jpg", ".jpeg"):
            continue  # HEIF and videos have readers of their own
        if row["file"] == "corrupt/broken image.JPG":
            with pytest.raises(BadInput):
                read(content)
            continue
        photo = read(content)
        assert isinstance(photo, Photograph)
        turned = photo.orientation >= 5
        found = {
            # the manifest has the size before turning
            "size": "x".join(map(str, (photo.width, photo.height)[:: -1 if turned else 1])),
            "taken": photo.taken[:19].replace("-", ":").replace("T", " "),
            "camera": bool(photo.make) == bool(row["creator"]),
            "lat, lon": (photo.lat, photo.lon),
        }
        wanted = {
            "size": row["size"],
            "taken": row["datetime_original"],
            "camera": True,
            "lat, lon": pytest.approx(degrees(row["gps"])),
        }
        if row["offset"] != "3Z12":
            found["offset"], wanted["offset"] = photo.offset_s, offset_of(row["offset"])
        wrong += [(row["file"], key, wanted[key], found[key]) for key in wanted
                  if found[key] != wanted[key]]  # fmt: skip
    assert wrong == []


def degrees(text: str) -> tuple[float | None, float | None]:
    """Of "[43, 28, 1407/500]N [11, 53, 3]E", each number as exifread prints it."""
    found = []
    for numbers, ref in re.findall(r"\[([^\]]*)\]([NSEW])", text):
        value = sum(
            float(Fraction(part.strip())) / 60**i for i, part in enumerate(numbers.split(","))
        )
        found.append(-value if ref in "SW" else value)
    return (found[0], found[1]) if found else (None, None)


def offset_of(text: str) -> int | None:
    match = re.fullmatch(r"([+-])(\d\d):?(\d\d) *", text)
    if match is None:
        return None
    value = int(match[2]) * 3600 + int(match[3]) * 60
    return -value if match[1] == "-" else value


def test_every_difference_from_a_manifest_is_explained() -> None:
    table = Path(__file__).parents[3] / "tools" / "corpus_table.py"
    done = subprocess.run(
        [sys.executable, table, corpus(), "--differences"], capture_output=True, encoding="utf-8"
    )
    assert 0 == done.returncode, done.stdout[-2000:] + done.stderr[-2000:]
