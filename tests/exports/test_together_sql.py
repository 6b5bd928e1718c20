"""The question who was together, asked of an engine over the exported file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from convoylog.exports.exported import Line
from convoylog.exports.geoparquet import write_geoparquet
from convoylog.trips.convoy import fleet
from tests.trips.convoy.test_fleet import RULES, facts, member, town

SQL = Path(__file__).parents[2] / "docs" / "together.sql"


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_sql_over_the_file_tells_the_same_company(tmp_path: Path, seed: int) -> None:
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    cars = [car for car in town(seed, 6, (10.0,)) if len(car.track) > 1]
    lines = tuple(Line(car.car.id, n, car.track) for n, car in enumerate(cars))
    with (tmp_path / "f.parquet").open("wb") as file:
        write_geoparquet(lines, file)
    engine = duckdb.connect()
    engine.read_parquet(str(tmp_path / "f.parquet")).create_view("fleet")
    told: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for a, b, begin, end in engine.execute(SQL.read_text("utf-8")).fetchall():
        told.setdefault((a, b), []).append((begin, end))
    ours = facts(fleet.find_company([member(car) for car in cars], RULES))
    spans = {pair: [(e.from_at, e.to_at) for e in row[0]] for pair, row in ours.items()}  # type: ignore[attr-defined]
    assert spans
    assert spans.keys() == told.keys()
    for pair, episodes in spans.items():
        # a visit passes at its closest point here, at each hop's there: some seconds of a corridor
        assert np.ravel(episodes) == pytest.approx(np.ravel(told[pair]), abs=20.0)
