"""Reading GeoParquet as `export` writes it."""

from __future__ import annotations

import io
import json
import sys
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from convoylog.errors import BadInput
from convoylog.files import child
from convoylog.files.readers import HEAD, READERS, parquet, parquet_child, recognise
from convoylog.files.readers.limits import Limits
from convoylog.model.tracks import Recording

N = 6


def table(**columns: Any) -> bytes:
    """A Parquet file of N rows; None takes a column out."""
    rows = {
        "car": ["Anna"] * 4 + ["Bo"] * 2,
        "time": pa.array(
            [1_800_000_000_000 + 500 * k for k in range(N)], pa.timestamp("ms", "UTC")
        ),
        "lat": [47.0 + k / 1000 for k in range(N)],
        "lon": [8.0] * N,
        "ele": [400.0, None, 402.0, 403.0, 404.0, 405.0],
        "segment": pa.array([0, 0, 1, 1, 0, 0], pa.int32()),
        "heart_rate": [90.0, 91.0, None, -1.0, 80.0, 81.0],
        "speed_mps": [7.5] * N,
        **columns,
    }
    sink = io.BytesIO()
    whole = pa.table({key: value for key, value in rows.items() if value is not None})
    pq.write_table(whole.replace_schema_metadata({"geo": "{}"}), sink, row_group_size=4)
    return sink.getvalue()


DAY = table()


def read(content: bytes) -> Recording:
    assert recognise(content[:HEAD]) is READERS["parquet"]
    return parquet.read(content)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The child's work done in this process: starting one takes a second."""

    def asked(content: bytes, most: int) -> object:
        return parquet._answer(io.BytesIO(b"".join(parquet_child.answer(content, most))), most)

    monkeypatch.setattr(parquet, "_asked", asked)


def test_every_car_is_a_track_with_what_was_read() -> None:
    found = read(DAY)
    assert "GeoParquet" == found.format
    anna, bo = found.tracks
    assert ["Anna", "Bo"] == [anna.name, bo.name]
    assert [0, 0, 1, 1] == anna.segment.tolist()
    assert [1_800_000_000.0, 1_800_000_000.5] == anna.time[:2].tolist()
    assert [8.0] * 4 == anna.lon.tolist()
    np.testing.assert_array_equal([400.0, np.nan, 402.0, 403.0], anna.ele)
    np.testing.assert_array_equal([90.0, 91.0, np.nan, np.nan], anna.more["heart_rate"])
    assert [7.5] * 2 == bo.more["speed"].tolist()
    assert "utc" == found.time_from


@pytest.mark.usefixtures("here")
def test_rows_of_cars_in_turns_come_apart() -> None:
    found = read(table(car=["Anna", "Bo"] * 3))
    assert [3, 3] == [len(track) for track in found.tracks]
    assert [47.0, 47.002, 47.004] == found.tracks[0].lat.tolist()


@pytest.mark.usefixtures("here")
def test_little_is_enough() -> None:
    found = read(
        table(car=None, time=None, ele=None, segment=None, heart_rate=None, speed_mps=None)
    )
    (track,) = found.tracks
    assert "" == track.name
    assert np.isnan(track.time).all()
    assert "" == found.time_from


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_times_of_any_unit_and_without_a_zone(unit: str) -> None:
    times = pa.array([1_800_000_000 + k for k in range(N)], pa.timestamp("s")).cast(
        pa.timestamp(unit)
    )
    found = read(table(time=times))
    assert [1_800_000_000.0 + k for k in range(4)] == found.tracks[0].time.tolist()
    assert "assumed" == found.time_from
    assert "6 times without a zone, taken as UTC" in found.warnings


@pytest.mark.usefixtures("here")
def test_impossible_positions_are_left_out_and_counted() -> None:
    found = read(table(lat=[47.0, 91.0, None, float("inf"), 47.0, 47.0]))
    assert [1, 2] == [len(track) for track in found.tracks]
    assert any("3 points with an impossible position" in line for line in found.warnings)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("content", "why"),
    [
        (table(lat=None), "without columns lat and lon"),
        (table(lat=["47"] * N), "whose column lat holds string"),
        (table(lat=[[47.0]] * N), "whose column lat holds list"),
        (table(time=[1] * N), "whose column time holds int64"),
        (table(segment=[0.5] * N), "whose column segment holds double"),
        (table(car=[1] * N), "whose column car holds no text"),
        (DAY[:-4], "whose end is missing"),
        (b"PAR1" + DAY[-8:], "cannot be read"),
        (b"PAR1" + b"\xff" * 100 + b"PAR1", "cannot be read"),
        (table(lat=pa.array([], pa.float64()), lon=pa.array([], pa.float64()), car=None, time=None,
               ele=None, segment=None, heart_rate=None, speed_mps=None), "without a row"),
    ],
)  # fmt: skip
def test_what_is_no_table_of_ours_is_refused_in_plain_words(content: bytes, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        parquet.read(content)


@pytest.mark.usefixtures("here")
def test_more_points_than_the_limit_are_refused() -> None:
    with pytest.raises(BadInput, match="more than 5 points"):
        parquet.read(DAY, Limits(points=5))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds the limit on memory for sure")
def test_the_child_cannot_take_more_memory_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    greedy = (
        "import sys; sys.path.append(sys.argv[1]);"
        "from convoylog.files.readers import parquet_child as c;"
        "c.take_apart = lambda *a: bytearray(8 * 2**30); c.serve()"
    )
    monkeypatch.setattr(child, "_START", greedy)
    with pytest.raises(BadInput, match="too much memory"):
        parquet.read(DAY)


def test_without_pyarrow_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "find_spec", {}.get)
    with pytest.raises(BadInput, match="convoylog\\[geoparquet\\]"):
        parquet.read(DAY)


HEAD_LINE = {"rows": 1, "names": 4, "columns": ["car"], "geo": True, "zoneless": False}


@pytest.mark.parametrize(
    "answer",
    [
        "", "nonsense", "[]", json.dumps({**HEAD_LINE, "rows": 10**12}), json.dumps({**HEAD_LINE, "rows": -1}),
        json.dumps({**HEAD_LINE, "names": 10**12}), json.dumps(HEAD_LINE),
        json.dumps({**HEAD_LINE, "columns": ["car", "car"]}), json.dumps({**HEAD_LINE, "columns": ["x"]}),
    ],
)  # fmt: skip
def test_a_child_that_lies_is_not_believed(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    tail = '[""]' + "\0" * 8
    lie = f"import sys; sys.stdin.buffer.readline(); print({answer!r} + chr(10) + {tail!r}, end='')"
    monkeypatch.setattr(child, "_START", lie)
    with pytest.raises(BadInput, match="cannot be read"):
        parquet.read(DAY)


def test_a_child_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "_START", "import time; time.sleep(60)")
    monkeypatch.setattr(parquet, "_SECONDS", 0.2)
    with pytest.raises(BadInput, match="cannot be read"):
        parquet.read(DAY)
