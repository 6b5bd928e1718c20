"""Small trips to report on, made without a logbook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from io import BytesIO

import numpy as np
from PIL import Image

from convoylog.model.logbook import Car, Entry, Logbook, RecordedPhoto, RecordedTrack
from convoylog.model.photos import Photograph, Picture
from convoylog.model.tracks import Recording, make_track
from convoylog.model.trip import Trip
from convoylog.trips.account import work_out

BEGIN = datetime(2026, 6, 11, 13, 0, tzinfo=UTC)
DENVER = (39.7392, -104.9903)
STARTS = {
    "Heron": (41.88, -87.63), "Juniper": (44.98, -93.27), "Mabel": (32.78, -96.80),
    "Tuesday": (33.45, -112.07), "Otto": (43.62, -116.20), "Six": (35.08, -106.65),
    "Seven": (41.26, -95.93), "Eight": (35.47, -97.52), "Nine": (40.76, -111.89),
    "Ten": (46.87, -96.79), "Eleven": (37.69, -97.34), "Twelve": (44.08, -103.23),
}  # fmt: skip


def car(n: int, name: str, **fields: str) -> Car:
    return Car(f"20260611t1300{n:02d}z-aaaaaaaaaa", name, name.lower(), **fields)  # type: ignore[arg-type]


def track(
    begin: tuple[float, float], end: tuple[float, float], start: datetime, hours: float
) -> Recording:
    """A winding drive with a fix every 30 s."""
    n = int(hours * 120)
    t = np.linspace(0, 1, n)
    bend = 0.4 * np.sin(t * 9) * np.minimum(t, 1 - t)
    lat = begin[0] + t * (end[0] - begin[0]) + bend
    # an end beyond 180 lies behind the date line
    lon = (begin[1] + t * (end[1] - begin[1]) - bend + 180) % 360 - 180
    time = start.timestamp() + np.arange(n) * 30.0
    ele = 300 + 1300 * t
    return Recording("GPX 1.1", "test", (make_track(time, lat, lon, ele),))


def note(n: int, whose: Car, at: datetime | None, text: str, **fields: object) -> Entry:
    return Entry(f"20260611t130000z-{n:010d}", "note", whose.id, at, text=text, **fields)  # type: ignore[arg-type]


def trip(
    cars: Sequence[Car] = (),
    recordings: dict[str, Sequence[Recording]] | None = None,
    entries: Sequence[Entry] = (),
    photos: Sequence[RecordedPhoto] = (),
    title: str = "Five Cars to Denver",
) -> Trip:
    """The account of a logbook made of these."""
    tracks = tuple(
        RecordedTrack(whose, f"cars/x/tracks/{whose}-{n}.gpx", f"{n:064d}", recording)
        for whose, rows in (recordings or {}).items()
        for n, recording in enumerate(rows)
    )
    return work_out(Logbook("x", title, "", tuple(cars), tuple(entries), tracks, tuple(photos)))


def converging(count: int = 5, title: str = "Five Cars to Denver") -> Trip:
    """Some cars drive to Denver within a day, meet and talk."""
    cars = [car(n, name, driver=f"Driver {n}") for n, name in enumerate(list(STARTS)[:count])]
    recordings = {
        whose.id: [
            track(STARTS[whose.name], DENVER, BEGIN, 9 + n % 3),
            track(DENVER, (39.66, -105.88), BEGIN + timedelta(hours=27, minutes=n), 2),
        ]
        for n, whose in enumerate(cars)
    }
    entries = [
        note(n, whose, BEGIN + timedelta(hours=2, minutes=7 * n), f"{whose.name} is on the road.")
        for n, whose in enumerate(cars)
    ]
    first = entries[0]
    entries.append(
        note(
            90,
            cars[-1],
            BEGIN + timedelta(hours=3),
            "We saw you!",
            reply_to=first.id,
            tags=("wave",),
        )
    )
    return trip(cars, recordings, entries, title=title)


def picture(n: int = 0) -> Picture:
    buffer = BytesIO()
    Image.new("RGB", (60, 40), (40 * n % 255, 90, 160)).save(buffer, "JPEG")
    return Picture(f"{n:064x}", 60, 40, buffer.getvalue())


def photo(whose: Car, n: int, at: str) -> RecordedPhoto:
    facts = Photograph("JPEG", 60, 40, taken=at, offset_s=-21600, model="Box")
    return RecordedPhoto(whose.id, f"cars/x/photos/{n}.jpg", f"{n:064x}", facts)
