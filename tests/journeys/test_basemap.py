"""Roads on every map, for those who want them."""

from __future__ import annotations

from pathlib import Path

from tests.files.readers.test_gpx_scan import document, point
from tests.files.test_basemap import geojson
from tests.journeys.typed import Typed


def test_roads_are_on_every_map_from_then_on(home: Path, rally: Path, typed: Typed) -> None:
    (home / "a.gpx").write_bytes(document("".join(map(point, range(200)))))
    typed("add", home / "a.gpx")
    page, post = rally / "reports/html/report.html", rally / "reports/markdown/rally/map.png"
    typed("report")
    typed("report", "--to", "markdown")
    without, plain = page.read_bytes(), post.read_bytes()
    assert b'class="m-road"' not in without
    assert "no roads" in (typed("basemap", "list"), typed.err)[1]

    # around where the track is
    way = [[-1.2, 50.9], [-1.0, 51.001], [-0.8, 51.1]]
    (home / "roads.json").write_bytes(geojson((list(way), {"scalerank": 3})))
    typed("basemap", "add", home / "roads.json")
    assert "1 line" in typed.out
    assert ["ground", "towns", "roads"] == [
        row["layer"] for row in typed.json("basemap", "list")["layers"]
    ]
    typed("report")
    typed("report", "--to", "markdown")
    assert without != page.read_bytes()
    assert b'class="m-road"' in page.read_bytes()
    assert plain != post.read_bytes()


def test_a_damaged_layer_keeps_no_report_back(home: Path, rally: Path, typed: Typed) -> None:
    (home / "roads.json").write_bytes(geojson(([[0.0, 1.0], [2.0, 3.0]], {})))
    typed("basemap", "add", home / "roads.json")
    file = Path(str(typed.json("basemap", "list")["layers"][2]["file"]))
    file.write_bytes(b"CLWORLD1 and noise")
    typed("report")
    assert "no roads on the maps" in typed.err
    assert "damaged" in typed.refuses("basemap", "list", code=3)


def test_a_file_without_roads_is_refused(home: Path, typed: Typed) -> None:
    (home / "a.txt").write_text("hello")
    assert "a.txt" in typed.refuses("basemap", "add", home / "a.txt", code=3)
    assert "no such file" in typed.refuses("basemap", "add", home / "none.zip", code=3)


def test_there_is_one_format_and_no_newer_one_is_touched(rally: Path, typed: Typed) -> None:
    before = (rally / "logbook.toml").read_bytes()
    assert "format 1" in typed("migrate")
    assert {"format": 1, "newest": 1, "changed": []} == typed.json("migrate")
    (rally / "logbook.toml").write_bytes(b"format = 2\n" + before.replace(b"format = 1\n", b""))
    later = (rally / "logbook.toml").read_bytes()
    assert "newer than this program" in typed.refuses("migrate", code=3)
    assert later == (rally / "logbook.toml").read_bytes()
