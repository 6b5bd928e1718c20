"""Lines a map may have besides the packed world, packed the same way.

Coordinates are degrees. What they are made from is somebody's file, so it is `files/basemap.py` that
reads it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from convoylog.model.tracks import Floats, Ints
from convoylog.places import packing
from convoylog.places.world import World

#: the one kind of layer there is so far
ROAD = "road"
_ABOUT = "about"


@dataclass(frozen=True, slots=True, eq=False)
class Roads:
    """A layer as it is used. source: the name of the file it came from. count: of its lines."""

    world: World
    source: str
    count: int


def pack_roads(lines: Sequence[Floats], ranks: Sequence[int], source: str) -> bytes:
    """Roads in the form of the packed world. lines: each (n, 2) longitude and latitude.

    ranks: lower is more important. Of each line stays what differs on a grid of WATER_UNIT degrees.
    """
    rows: list[Ints] = []
    texts: list[list[str]] = []
    for line, rank in zip(lines, ranks, strict=True):
        points = np.round(line / packing.WATER_UNIT).astype(np.int64)
        points = points[np.append(True, (np.diff(points, axis=0) != 0).any(axis=1))]
        if len(points) > 1:
            texts.append([str(rank), str(len(rows)), ""])
            rows.append(points)
    return packing.write_file(
        {
            ROAD: packing.write_lines(rows),
            f"{ROAD}-texts": packing.write_texts(texts),
            _ABOUT: packing.write_texts([[" ".join(source.split()), str(len(rows))]]),
        }
    )


def unpack_roads(content: bytes) -> Roads:
    """Roads that were packed before. Raises ValueError where that is no such file."""
    if not content.startswith(packing.MAGIC):
        raise ValueError("not a packed layer")
    try:
        ((source, count),) = packing.read_texts(packing.read_section(content, _ABOUT))
        return Roads(World(content), source, int(count))
    except Exception as error:  # damaged in any way there is
        raise ValueError(f"damaged ({type(error).__name__})") from None
