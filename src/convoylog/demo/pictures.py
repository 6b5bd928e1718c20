"""The drawn photos of the demo, by the name of their scene."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from convoylog.demo import barbecue, closeups, crayon, gatherings, prairie, signs, west
from convoylog.demo.brushes import Canvas

#: name → painter. The order gives each scene its own random numbers: add at the end
SCENES: dict[str, Callable[[Canvas], None]] = {
    scene.__name__: scene
    for scene in (
        prairie.lake_dawn,
        prairie.corn_and_sky,
        prairie.windmill_and_storm,
        west.mesas_at_sunset,
        west.snow_pass,
        west.night_road,
        west.wind_and_antelope,
        signs.odometer,
        signs.diner_sign,
        closeups.rain_on_windscreen,
        crayon.crayon_convoy,
        closeups.pie,
        gatherings.two_on_the_interstate,
        barbecue.barbecue,
        gatherings.five_cars_and_mountains,
        gatherings.rainbow_over_the_park,
        gatherings.city_at_dusk,
    )
}


def draw(scene: str, seed: int, *, exif: bytes = b"", quality: int = 80) -> bytes:
    """A JPEG file of a scene. Raises KeyError for a scene nobody painted."""
    paint = SCENES[scene]
    canvas = Canvas(np.random.default_rng([abs(seed), 2, list(SCENES).index(scene)]))
    paint(canvas)
    return canvas.finished(exif=exif, quality=quality)
