"""What would make a placing surer: for `explain`, in words and with the command to type."""

from __future__ import annotations

from convoylog.model.trip import Placed
from convoylog.trips.cameras import Seen, Shot
from convoylog.trips.whereabouts import FIX_M

#: a circle wider than this no longer says which side of a village it was
WIDE_M = 250.0


def for_photo(shot: Shot, seen: Seen, name: str) -> tuple[str, ...]:
    """What would help to place a photo. name: its id, as commands take it."""
    found: list[str] = []
    by = shot.instant.by
    show = (
        f'photograph a GPS clock with this camera, then `convoylog camera sync {name} --shows "…"`'
    )
    if shot.wall is None:
        return ("the photo itself says no time: tell of it in a note, with `--at` and `--photo`",)
    if shot.instant.at is None or (by in ("place", "guess") and shot.instant.unsure):
        found.append(f"say the camera's zone: `convoylog camera set {seen.key} --zone …`")
        found.append(f"or {show}, with that photo's id")
    elif by in ("zone", "offset", "place"):
        found.append(f"whether the clock is right to the minute nobody said: {show}")
    elif by == "sync" and seen.camera is not None and len(seen.camera.sync) == 1:
        found.append("a second sync point, days apart, would show how the clock drifts")
    if any("its own position is" in doubt for doubt in shot.placed.unsure):
        found.append("`convoylog camera check` compares the clock with the photos' positions")
    return (*found, *_of_place(shot.placed))


def for_entry(placed: Placed) -> tuple[str, ...]:
    """What would help to place an entry."""
    if placed.at is None:
        return ("write its time with an offset, such as 2010-08-05T18:30-06:00",)
    found = () if not placed.unsure else ("a time with its offset leaves no doubt which it was",)
    return (*(found if _zone_doubt(placed) else ()), *_of_place(placed))


def _zone_doubt(placed: Placed) -> bool:
    return any("zone" in doubt or "instants fit" in doubt for doubt in placed.unsure)


def _of_place(placed: Placed) -> tuple[str, ...]:
    if placed.how == "unplaced" and placed.at is not None:
        return ("a track that covers this time would place it: `convoylog add FILE`",)
    if placed.how in ("between", "held") and (placed.error_m or 0.0) > max(WIDE_M, FIX_M):
        return ("another recording of this car with more points there would narrow the circle",)
    return ()
