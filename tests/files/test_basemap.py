"""Roads are read from what others publish, or refused with a reason."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from convoylog.errors import BadInput, ConvoylogError
from convoylog.files.basemap import add_roads, find_roads, road_file

WORLD = (-180.0, -90.0, 180.0, 90.0)
WAY = [[-105.0, 39.7], [-104.5, 39.9], [-104.0, 40.0]]


def geojson(*features: tuple[list[object], dict[str, object]], kind: str = "LineString") -> bytes:
    rows = [
        {"type": "Feature", "properties": told, "geometry": {"type": kind, "coordinates": line}}
        for line, told in features
    ]
    return json.dumps({"type": "FeatureCollection", "features": rows}).encode()


def shapefile(*roads: tuple[list[list[float]], int, str], kind: int = 3) -> dict[str, bytes]:
    import shapefile as library

    parts = {ending: io.BytesIO() for ending in ("shp", "shx", "dbf")}
    with library.Writer(**parts, shapeType=kind) as writer:
        writer.field("scalerank", "N", 4)
        writer.field("type", "C", 40)
        for line, rank, what in roads:
            if kind == 1:
                writer.point(*line[0])
            else:
                writer.line([line])
            writer.record(rank, what)
    return {ending: part.getvalue() for ending, part in parts.items()}


def zipped(path: Path, parts: dict[str, bytes], stem: str = "ne_10m_roads") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for ending, content in parts.items():
            archive.writestr(f"{stem}.{ending}", content)
    return path


def test_a_zip_with_a_shapefile_is_read(tmp_path: Path) -> None:
    parts = shapefile(
        (WAY, 3, "Major Highway"),
        ([[0.0, 50.0], [1.0, 51.0]], 8, "Secondary Highway"),
        ([[2.0, 50.0], [3.0, 51.0]], 4, "Ferry Route"),
    )
    added = add_roads(zipped(tmp_path / "roads.zip", parts), tmp_path / "kept" / "basemap")
    assert (2, "roads.zip") == (added.count, added.source)
    found = find_roads(tmp_path / "kept" / "basemap")
    assert found is not None
    rows = found.world.lines("road", WORLD)
    # a ferry's line would lie in the sea
    assert [3, 8] == [row.rank for row in rows]
    np.testing.assert_allclose(rows[0].points, WAY, atol=0.00025)
    assert [8] == [row.rank for row in found.world.lines("road", (-1.0, 49.0, 2.0, 52.0))]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_lines_of_geojson_are_read(tmp_path: Path, pack: type[bytes]) -> None:
    file = tmp_path / "roads.geojson"
    file.write_bytes(pack(geojson(([WAY, WAY[:2]], {"scalerank": 5}), kind="MultiLineString")))
    assert 2 == add_roads(file, tmp_path).count


def test_a_road_without_a_rank_has_a_middle_one(tmp_path: Path) -> None:
    file = tmp_path / "roads.json"
    file.write_bytes(geojson((list(WAY), {}), (list(WAY), {"scalerank": "high"})))
    assert [7, 7] == [row.rank for row in add_roads(file, tmp_path).world.lines("road", WORLD)]


def test_the_next_file_takes_the_place_of_the_first(tmp_path: Path) -> None:
    for name, count in (("a.json", 1), ("b.json", 2)):
        (tmp_path / name).write_bytes(geojson(*[(list(WAY), {})] * count))
        add_roads(tmp_path / name, tmp_path)
    found = find_roads(tmp_path)
    assert found is not None
    assert ("b.json", 2) == (found.source, found.count)


def test_nothing_was_added(tmp_path: Path) -> None:
    assert find_roads(tmp_path) is None


@pytest.mark.parametrize("content", [b"", b"CLWORLD1", b"CLWORLD1\xff\xff\xff\x7f{}", b"\x00" * 99])
def test_damaged_roads_are_told(tmp_path: Path, content: bytes) -> None:
    road_file(tmp_path).write_bytes(content)
    with pytest.raises(BadInput):
        find_roads(tmp_path)


FILES = {
    "nothing": (b"", "neither a zip"),
    "a text": (b"hello", "neither a zip"),
    "a list": (b"[1, 2]", "neither a zip"),
    "no features": (b'{"type": "FeatureCollection"}', "neither a zip"),
    "a number for a line": (geojson(([1, 2], {})), "neither a zip"),
    "a deep nest": (b"[" * 100_000, "neither a zip"),
    "points": (geojson(([0.0, 1.0], {}), kind="Point"), "no lines"),
    "metres": (geojson(([[500_000.0, 4_400_000.0], [500_010.0, 4_400_000.0]], {})), "no degrees"),
    "not finite": (geojson(([[float("nan"), 1.0], [2.0, 3.0]], {})), "no degrees"),
    "half a gzip": (gzip.compress(geojson((list(WAY), {})))[:-9], "damaged"),
    "half a zip": (b"PK\x03\x04 and no more", "no zip"),
}


@pytest.mark.parametrize(("content", "reason"), FILES.values(), ids=FILES)
def test_what_holds_no_roads_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    with pytest.raises(BadInput, match=reason):
        add_roads(file, tmp_path)
    assert [file] == list(tmp_path.iterdir())


def test_a_broken_shapefile_is_refused(tmp_path: Path) -> None:
    whole = shapefile((WAY, 3, "Road"))
    broken = {
        "no table": {"shp": whole["shp"]},
        "cut": {"shp": whole["shp"][:-20], "dbf": whole["dbf"]},
        "another table": {"shp": whole["shp"], "dbf": b"\x03" + b"\xff" * 99},
        "points": shapefile((WAY, 3, "Road"), kind=1),
        "noise": {"shp": b"\x00\x00\x27\x0a" + b"\xa5" * 300, "dbf": whole["dbf"]},
        "a lie": {"shp": whole["shp"][:104] + b"\x7f" * 60, "dbf": whole["dbf"]},
    }
    for name, parts in broken.items():
        with pytest.raises(BadInput):
            add_roads(zipped(tmp_path / f"{name}.zip", parts), tmp_path)
    assert find_roads(tmp_path) is None


def test_two_shapefiles_leave_a_question(tmp_path: Path) -> None:
    path = zipped(tmp_path / "two.zip", shapefile((WAY, 3, "Road")))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("other.shp", b"")
    with pytest.raises(BadInput, match="2 shapefiles"):
        add_roads(path, tmp_path)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ConvoylogError):
        add_roads(tmp_path, tmp_path / "kept")
