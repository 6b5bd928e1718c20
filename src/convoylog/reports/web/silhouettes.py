"""Outlines of the regions a trip crossed, as small drawings."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup

from convoylog.places import world
from convoylog.reports.draw.project import fit
from convoylog.reports.draw.svg import path
from convoylog.reports.draw.thin import kept
from convoylog.reports.regions import Visited

#: pixels, with two of margin; islands smaller than this are left out
_SIZE, _MARGIN, _LEAST = (56.0, 48.0), 2.0, 2.0


def silhouette(visit: Visited) -> Markup:
    """The outline of a region as SVG; empty if the packed world does not know it."""
    key = (visit.country_code, visit.code, visit.name)
    for shape in world.load_world().regions:
        if (shape.country_code, shape.code, shape.name) == key:
            break
    else:
        return Markup()
    points = np.concatenate(shape.rings)
    projection = fit(points[:, 0], points[:, 1])
    rings = [np.stack(projection(ring[:, 0], ring[:, 1]), axis=1) * (1, -1) for ring in shape.rings]
    whole = np.concatenate(rings)
    low, size = whole.min(axis=0), np.ptp(whole, axis=0)
    scale = min((side - 2 * _MARGIN) / span for side, span in zip(_SIZE, size, strict=True))
    rest = (np.array(_SIZE) - size * scale) / 2
    d = ""
    for ring in rings:
        pixels = (ring - low) * scale + rest
        if np.ptp(pixels, axis=0).max() > _LEAST:
            d += path(pixels[kept(pixels[:, 0], pixels[:, 1], 0.3)], closed=True)
    return Markup(  # noqa: S704 - numbers only
        f'<svg viewBox="0 0 {_SIZE[0]:.0f} {_SIZE[1]:.0f}" aria-hidden="true">'
        f'<path fill-rule="evenodd" d="{d}"/></svg>'
    )
