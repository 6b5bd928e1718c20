"""`convoylog places`, as it is typed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.journeys.typed import Typed, use_laptop

BEGAN = datetime(2026, 5, 3, 13, 0, tzinfo=UTC)
#: Dodge City, Garden City, Syracuse, Lamar, Pueblo, Colorado Springs, Denver
WAY = ((37.7528, -100.0171), (37.9717, -100.8727), (37.9806, -101.7504), (38.0872, -102.6208),
       (38.2544, -104.6091), (38.8339, -104.8214), (39.7392, -104.9903))  # fmt: skip


@pytest.fixture
def typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Typed:
    """A logbook with one car that drove from Dodge City to Denver."""
    for name in ("CONVOYLOG", "CONVOYLOG_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    use_laptop(tmp_path, monkeypatch, "laptop")
    monkeypatch.chdir(tmp_path)
    run = Typed(capsys)
    run("init", "rally", "--title", "Rally", "--car", "Pepper")
    monkeypatch.chdir(tmp_path / "rally")
    return run


def drive(path: Path, *, hole: bool = False) -> Path:
    """Ten hours along WAY, a point every 30 s. hole: nothing recorded in the fourth and fifth hour."""
    share = np.linspace(0.0, len(WAY) - 1.0, 1201)
    lat, lon = (np.interp(share, np.arange(len(WAY)), column) for column in np.array(WAY).T)
    rows = [
        f'<trkpt lat="{y:.6f}" lon="{x:.6f}">'
        f"<time>{BEGAN + timedelta(seconds=30 * k):%Y-%m-%dT%H:%M:%SZ}</time></trkpt>"
        for k, (y, x) in enumerate(zip(lat.tolist(), lon.tolist(), strict=True))
        if not (hole and 360 < k < 600)
    ]
    path.write_text(
        '<gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>'
        + "".join(rows)
        + "</trkseg></trk></gpx>"
    )
    return path


def test_dodge_city_to_denver_reads_as_an_itinerary(typed: Typed, tmp_path: Path) -> None:
    typed("add", drive(tmp_path / "a.gpx"))
    out = typed("places")
    assert max(map(len, out.splitlines())) <= 80
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert lines[0] == "Pepper Dodge City – Denver"
    assert lines[1] == "region country distance time"
    assert lines[2].startswith("Kansas United States of America 1")
    assert lines[3].startswith("Colorado United States of America 395")
    way = "\n".join(lines[5:])
    for words in ("2026-05-03 08:00 Dodge City", "09:40 Garden City", "Kansas → Colorado",
                  "America/Denver time: clocks back 1 h", "Pueblo", "Colorado Springs"):  # fmt: skip
        assert words in way
    assert way.index("Dodge City") < way.index("Garden City") < way.index("clocks back")
    # the zone ends some 80 km before the state does
    assert way.index("clocks back") < way.index("Kansas → Colorado") < way.index("Lamar")
    assert way.index("Lamar") < way.index("Pueblo") < way.index("Colorado Springs")
    assert way.splitlines()[-1] == "17:00 Denver"
    assert "right to about 1 km" in typed.err


def test_json_is_as_promised_and_sums_to_stats(typed: Typed, tmp_path: Path) -> None:
    typed("add", drive(tmp_path / "a.gpx"))
    (car,) = typed.json("places")["cars"]
    (stats,) = typed.json("stats")["cars"]
    rows = car["regions"]
    assert isinstance(rows, list)
    assert [row["region_code"] for row in rows] == ["US-KS", "US-CO"]
    assert {"country", "country_code", "region", "region_code", "distance_m", "time_s"} <= {
        *rows[0]
    }
    assert sum(row["distance_m"] for row in rows) == pytest.approx(stats["distance_m"], abs=1e-6)
    assert sum(row["time_s"] for row in rows) == pytest.approx(stats["elapsed_s"], abs=1e-3)
    (crossing,) = car["crossings"]  # type: ignore[misc]
    assert (crossing["from"], crossing["to"]) == ("Kansas", "Colorado")  # type: ignore[index]
    assert crossing["lon"] == pytest.approx(-102.045, abs=0.02)  # type: ignore[index]
    assert "between" not in crossing
    at = datetime.fromisoformat(str(crossing["at"]))  # type: ignore[index]
    assert datetime.fromisoformat(str(crossing["local"])) == at.replace(microsecond=0)  # type: ignore[index]
    assert str(crossing["local"]).endswith("-06:00")  # type: ignore[index]
    assert [row["zone"] for row in car["zones"]] == ["America/Chicago", "America/Denver"]  # type: ignore[attr-defined]
    assert car["zones"][0]["to"] == car["zones"][1]["from"]  # type: ignore[index]


def test_a_border_in_a_hole_is_between(typed: Typed, tmp_path: Path) -> None:
    typed("add", drive(tmp_path / "a.gpx", hole=True))
    (car,) = typed.json("places")["cars"]
    (crossing,) = car["crossings"]  # type: ignore[misc]
    assert "at" not in crossing
    assert [str(at)[11:16] for at in crossing["between"]] == ["16:00", "18:00"]  # type: ignore[index]
    assert [row["known"] for row in car["regions"]] == [True, True, False]  # type: ignore[attr-defined]
    out = typed("places")
    assert "10:00–12:00" in out
    assert "Kansas → Colorado (not recorded)" in out
    assert "not recorded, at a border" in out
    assert "clocks back 1 h" in out


def test_without_tracks_and_without_times_it_says_so(typed: Typed, tmp_path: Path) -> None:
    assert "no recording with times" in typed("places")
    bare = drive(tmp_path / "a.gpx").read_text().replace("<time>", "<x>").replace("</time>", "</x>")
    (tmp_path / "b.gpx").write_text(bare)
    typed("add", tmp_path / "b.gpx")
    assert "no recording with times" in typed("places")
    (car,) = typed.json("places")["cars"]
    assert car["regions"] == car["crossings"] == car["zones"] == []


def test_other_regions_take_the_place_of_states(typed: Typed, tmp_path: Path) -> None:
    typed("add", drive(tmp_path / "a.gpx"))
    features = [
        {
            "type": "Feature",
            "properties": {"name": name},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[a, 36], [b, 36], [b, 41], [a, 41], [a, 36]]],
            },
        }
        for name, a, b in (("High \x1b[31mplains", -103.0, -99.0), ("Foothills", -106.0, -103.0))
    ]
    file = tmp_path / "own.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    out = typed("places", "--regions", file)
    assert "\x1b" not in out
    assert "plains → Foothills" in out
    assert "how exact they are, it does not say" in typed.err
    (car,) = typed.json("places", "--regions", file)["cars"]
    assert [row["region"] for row in car["regions"]][1:] == ["Foothills"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "broken JSON"),
        (b"[1, 2]", "no GeoJSON with features"),
        (b'{"type": "FeatureCollection", "features": []}', "no feature with a name and a polygon"),
        ((b'{"features": [{"properties": {"name": "A"}, "geometry": {"type": "Polygon", '
         b'"coordinates": [[[0, 0], [900, 0], [1, 1]]]}}]}'), "feature 1: a corner that is no"),
        ((b'{"features": [{"properties": {"name": "A"}, "geometry": {"type": "Polygon", '
         b'"coordinates": [[[0, 0], "x", [1, 1]]]}}]}'), "feature 1: a ring that is none"),
        (b"[" * 100_000, "JSON nested too deeply"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_regions_is_refused_in_one_line(
    typed: Typed, tmp_path: Path, content: bytes, words: str
) -> None:
    file = tmp_path / "own.geojson"
    file.write_bytes(content)
    typed("places", "--regions", file, code=3)
    first, second = typed.err.strip().splitlines()
    assert first.startswith(f"error: {file}: ")
    assert words in first
    assert second.startswith("hint: ")
    typed("places", "--regions", tmp_path / "nowhere", code=3)
    assert "nowhere" in typed.err


def test_one_car_may_be_chosen(typed: Typed, tmp_path: Path) -> None:
    typed("car", "add", "Salt")
    typed("add", drive(tmp_path / "a.gpx"), "--car", "Salt")
    assert [car["car"] for car in typed.json("places")["cars"]] == ["Pepper", "Salt"]
    assert typed("places", "--car", "Salt").startswith("Salt  Dodge City – Denver")
    typed("places", "--car", "Nobody", code=2)
