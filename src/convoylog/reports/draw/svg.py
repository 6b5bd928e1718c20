"""A map drawing as SVG: classes for the style sheet, no colour and no style of its own."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup, escape

from convoylog.model.tracks import Floats
from convoylog.reports.draw.chart import MapDrawing


def svg(drawing: MapDrawing, ident: str, *, links: bool = True) -> Markup:
    """The drawing as an `<svg>` element.

    ident: unique in the page, for its title. links: pins lead to their entries.
    """
    out = [
        (
            f'<svg class="map" viewBox="0 0 {drawing.width} {drawing.height}" role="group" '
            f'aria-labelledby="{ident}-t {ident}-d" preserveAspectRatio="xMidYMid meet">'
        ),
        f'<title id="{ident}-t">{escape(drawing.title)}</title>',
        f'<desc id="{ident}-d">{escape(drawing.description)}</desc>',
        (
            f'<rect class="water" x="{-drawing.width}" y="{-drawing.height}" '
            f'width="{3 * drawing.width}" height="{3 * drawing.height}"/>'
        ),
    ]
    for shape in drawing.shapes:
        d = "".join(path(line, closed=shape.closed) for line in shape.lines)
        rule = ' fill-rule="evenodd"' if shape.closed else ""
        out.append(f'<path class="m-{shape.kind}"{rule} d="{d}"/>')
    for way in drawing.ways:
        d = "".join(path(line) for line in way.lines)
        if d:
            out.append(f'<path class="halo" d="{d}"/>')
    for way in drawing.ways:
        gaps = "".join(path(line) for line in way.unrecorded)
        if gaps:
            out.append(f'<path class="way gap c{way.colour}" d="{gaps}"/>')
        d = "".join(path(line) for line in way.lines)
        if d:
            out.append(
                f'<path class="way c{way.colour}" d="{d}"><title>{escape(way.name)}</title></path>'
            )
    for pin in drawing.pins:
        dot = f'<circle class="pin c{pin.colour}" cx="{pin.x:.1f}" cy="{pin.y:.1f}" r="4"/>'
        named = f"<title>{escape(pin.name)}</title>"
        if links:
            out.append(f'<a href="#{escape(pin.anchor)}" aria-label="{escape(pin.name)}">{dot}</a>')
        else:
            out.append(f"<g>{dot}{named}</g>")
    for label in drawing.labels:
        if label.dot is not None:
            out.append(
                f'<circle class="dot" cx="{label.dot[0]:.1f}" cy="{label.dot[1]:.1f}" r="2.4"/>'
            )
    for label in drawing.labels:
        out.append(
            f'<text class="l-{label.kind} a-{label.anchor}" x="{label.x:.1f}" y="{label.y:.1f}">'
            f"{escape(label.text)}</text>"
        )
    for roundel in drawing.roundels:
        out.append(
            f'<g class="roundel c{roundel.colour}"><title>{escape(roundel.name)}</title>'
            f'<circle cx="{roundel.x:.1f}" cy="{roundel.y:.1f}" r="11"/>'
            f'<text x="{roundel.x:.1f}" y="{roundel.y + 4:.1f}">{escape(roundel.label)}</text></g>'
        )
    out.append("</svg>")
    return Markup("\n".join(out))  # noqa: S704 - every text in it was escaped above


def path(line: Floats, *, closed: bool = False) -> str:
    """Path data of a line in tenths of a pixel, relative: short, and the same on every machine."""
    whole = np.round(line * 10).astype(np.int64)
    if len(whole) < 2:
        return ""
    moved = np.concatenate([[True], (np.diff(whole, axis=0) != 0).any(axis=1)])
    whole = whole[moved]
    if len(whole) < 2:
        return ""
    x, y = whole[0]
    steps = "".join(f"{_tenth(dx)}{_tenth(dy)}" for dx, dy in np.diff(whole, axis=0).tolist())
    return f"M{_tenth(int(x)).lstrip()}{_tenth(int(y))}l{steps.lstrip()}{'z' if closed else ''}"


def _tenth(value: int) -> str:
    """Tenths as a decimal number, a blank before it unless its sign parts it from the last."""
    text = f"{value / 10:g}"
    return text if text.startswith("-") else f" {text}"
