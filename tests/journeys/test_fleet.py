"""A logbook of more cars than are compared two by two."""

from __future__ import annotations

from pathlib import Path

import pytest

from convoylog.cli import convoy as command
from tests.journeys.typed import Typed


def gpx(minutes_late: int, aside: float) -> bytes:
    points = "".join(
        f'<trkpt lat="{51 + aside:.6f}" lon="{n / 400:.6f}"><time>2024-06-01T'
        f"{10 + (n + minutes_late) // 60:02d}:{(n + minutes_late) % 60:02d}:00Z</time></trkpt>"
        for n in range(100)
    )
    return f'<gpx version="1.1" creator="t"><trk><trkseg>{points}</trkseg></trk></gpx>'.encode()


def test_a_fleet_is_told_as_a_few_cars_are(
    home: Path, rally: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, (late, aside) in enumerate(
        [(0, 0.0), (2, 0.0), (3, 0.0), (0, 1.0), (1, 1.0), (50, 0)]
    ):
        name = "Anna" if number == 0 else f"Car {number}"
        if number:
            typed("car", "add", name)
        (home / f"{number}.gpx").write_bytes(gpx(late, aside))
        typed("add", "--car", name, home / f"{number}.gpx")
    few = typed.json("convoy")
    monkeypatch.setattr(command, "FLEET", 5)
    fleet = typed.json("convoy")

    def company(found: dict[str, list[dict[str, object]]]) -> list[tuple[object, ...]]:
        return [
            (p["a"], p["b"], p["episodes"], p["share"]) for p in found["pairs"] if p["episodes"]
        ]

    assert company(few) == company(fleet)
    assert 4 == len(company(fleet))
    told = typed("convoy")
    assert "4 pairs together, 5 of 6 cars" in told
    assert all(len(line) <= 80 for line in told.splitlines())
    # of one car's company everything is told
    assert "Anna" in typed("convoy", "--car", "Anna")
    assert typed.json("convoy", "--car", "Anna")["pairs"][0]["lead_s"]
    typed.refuses("convoy", "--day", "1", code=2)
    assert "convoylog convoy --car NAME" in typed.err
    # nothing is left behind
    assert not list((home / "annas/cache").rglob("columns-*"))
