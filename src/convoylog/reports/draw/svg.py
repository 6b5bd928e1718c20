"""A map drawing as SVG: classes for the style sheet, no colour and no style of its own."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np
from markupsafe import Markup, escape

from convoylog.model.tracks import Floats
from convoylog.reports.draw.labels import Label
from convoylog.reports.draw.shapes import MapDrawing, Roundel, Way, middle
from convoylog.reports.draw.view import View

#: whole numbers in a ground's path for each pixel: at a day's zoom a step of one is half a pixel
FINE = 20
_FIXED = ' vector-effect="non-scaling-stroke"'


def svg(
    drawing: MapDrawing,
    ident: str,
    *,
    ground: View | None = None,
    ground_id: str = "ground",
    marks: Sequence[Roundel] = (),
) -> Markup:
    """The drawing as an `<svg>` element.

    ident: unique in the page, for its title. ground_id: unique too, of its ground. ground: the view of
    the drawing with id `ground` in the same page, whose ground this one shows through its own window.
    marks: the roundels of the drawing with ident `whole` in the same page, shown here where they are the same.
    """
    out = [
        (
            f'<svg class="chart" viewBox="0 0 {drawing.width} {drawing.height}" role="group" '
            f'aria-labelledby="{ident}-t {ident}-d" preserveAspectRatio="xMidYMid meet">'
        ),
        f'<title id="{ident}-t">{escape(drawing.title)}</title>',
        f'<desc id="{ident}-d">{escape(drawing.description)}</desc>',
        (
            f'<rect class="water" x="{-drawing.width}" y="{-drawing.height}" '
            f'width="{3 * drawing.width}" height="{3 * drawing.height}"/>'
        ),
        _ground(drawing, ground_id) if ground is None else _window(drawing.view, ground),
    ]
    # halos are of one colour: those of a trip are one path
    for trip, ways in groupby(drawing.ways, key=_of_trip):
        d = "".join(path(line) for way in ways for line in way.lines)
        if d:
            out.append(f'<path class="halo{trip}"{_FIXED} d="{d}"/>')
    for n, way in enumerate(drawing.ways):
        gaps = "".join(path(line) for line in way.unrecorded)
        if gaps:
            out.append(
                f'<path class="way gap c{way.colour}{_of_trip(way)}" data-of="{n}"{_FIXED} d="{gaps}"/>'
            )
        d = "".join(path(line) for line in way.lines)
        if d:
            out.append(
                f'<path class="way c{way.colour}{_of_trip(way)}"{_FIXED} d="{d}">'
                f"<title>{escape(way.name)}</title></path>"
            )
    for afar, kind in ((True, "dot"), (False, "dot near")):
        dots = "".join(
            f"M{label.dot[0] - 2.4:.1f} {label.dot[1]:.1f}a2.4 2.4 0 1 0 4.8 0 2.4 2.4 0 1 0-4.8 0z"
            for label in drawing.labels
            if label.dot is not None and (label.afar is not None or drawing.enlarged == 1) == afar
        )
        if dots:
            out.append(f'<path class="{kind}" d="{dots}"/>')
    for label in drawing.labels:
        out.append(
            f'<text class="l-{label.kind} a-{label.anchor}{_afar(label, drawing.enlarged)} '
            f'paint-order="stroke" x="{label.x:.1f}" y="{label.y:.1f}">{escape(label.text)}</text>'
        )
    for pin in drawing.pins:
        out.append(
            f'<a href="#{escape(pin.anchor)}" aria-label="{escape(pin.name)}">'
            f'<circle class="pin c{pin.colour}" cx="{pin.x:.1f}" cy="{pin.y:.1f}" r="4.5"/></a>'
        )
    drawn = {(one.name, one.label, one.reach): (n, one) for n, one in enumerate(marks)}
    numbers = {id(one): n for n, one in enumerate(drawing.roundels)}
    for _, together in groupby(drawing.roundels, key=lambda mark: mark.place):
        rows = list(together)
        # those of one place are enlarged together, which keeps them apart
        x, y = middle(rows)
        out.append(f'<g class="starts"{_enlarged(x, y, x, y, drawing.enlarged)}>')
        for one in rows:
            found = drawn.get((one.name, one.label, one.reach))
            out.append(
                _again(one, *found) if found else _roundel(one, f"{ident}-r{numbers[id(one)]}")
            )
        out.append("</g>")
    for plate in drawing.plates:
        x, y = plate.foot
        out.append(
            f'<path class="stem" d="M{x:.1f} {y:.1f}L{plate.x:.1f} {plate.y:.1f}"/>'
            f'<circle class="foot" cx="{x:.1f}" cy="{y:.1f}" r="3"/>'
        )
    for plate in drawing.plates:
        out.append(
            f'<a class="plate" href="#{escape(plate.anchor)}" aria-label="{escape(plate.name)}">'
            f'<rect x="{plate.x - 15:.1f}" y="{plate.y - 13:.1f}" width="30" height="26" rx="6"/>'
            f'<rect class="rim" x="{plate.x - 12.5:.1f}" y="{plate.y - 10.5:.1f}" width="25" '
            f'height="21" rx="4"/>'
            f'<text x="{plate.x:.1f}" y="{plate.y + 5:.1f}">{escape(plate.text)}</text></a>'
        )
    if bar := drawing.bar:
        out.append(
            f'<g class="bar-of"><path{_FIXED} d="M{bar.x:.1f} {bar.y - 5:.1f}v5h{bar.width:.1f}v-5"/>'
            f'<text x="{bar.x + bar.width / 2:.1f}" y="{bar.y - 5:.1f}" paint-order="stroke">'
            f"{escape(bar.text)}</text></g>"
        )
    out.append("</svg>")
    return Markup("\n".join(out))  # noqa: S704 - every text in it was escaped above


def _enlarged(x: float, y: float, to_x: float, to_y: float, scale: float) -> str:
    """A transform for where the map is shown small; elsewhere the style undoes it."""
    if scale == 1:
        return ""
    return f' transform="translate({to_x - x * scale:.1f} {to_y - y * scale:.1f})scale({scale:g})"'


def _afar(label: Label, scale: float) -> str:
    """The end of a name's classes, and its transform: `near` has no room where the map is shown small."""
    if scale == 1:
        return '"'
    if label.afar is None:
        return ' near"'
    x, y, anchor = label.afar
    return f' f-{anchor}"{_enlarged(label.x, label.y, x, y, scale)}'


def _again(mark: Roundel, number: int, there: Roundel) -> str:
    """A roundel of the whole map, by its number there, moved to its place here."""
    x, y = mark.x - there.x, mark.y - there.y
    return f'<use href="#whole-r{number}" x="{x:.1f}" y="{y:.1f}"/>'


def _roundel(mark: Roundel, ident: str) -> str:
    """A car's number, or how many cars there are. ident: unique in the page."""
    x, y, wide = mark.x, mark.y, mark.reach
    kind = "many" if wide else f"c{mark.colour}"
    shape = (
        f'<rect x="{x - wide:.1f}" y="{y - 12:.1f}" width="{2 * wide:.1f}" height="24" rx="12"/>'
        if wide
        else f'<circle cx="{x:.1f}" cy="{y:.1f}" r="11"/>'
    )
    return (
        f'<g class="roundel {kind}" id="{ident}"><title>{escape(mark.name)}</title>{shape}'
        f'<text x="{x:.1f}" y="{y + 4:.1f}">{escape(mark.label)}</text></g>'
    )


def _of_trip(way: Way) -> str:
    """A class for each trip, where a map has several."""
    return f" t{way.trip_number}" if way.trip_number else ""


def _ground(drawing: MapDrawing, ident: str) -> str:
    """The ground in whole numbers, for the script as well: it reads these very paths."""
    rows = []
    for shape in drawing.shapes:
        d = "".join(whole_path(line, closed=shape.closed) for line in shape.lines)
        rule = ' fill-rule="evenodd"' if shape.closed else ""
        rows.append(f'<path class="m-{shape.kind}"{rule}{_FIXED} d="{d}"/>')
    return f'<g id="{ident}" class="ground" transform="scale({1 / FINE:g})">{"".join(rows)}</g>'


def _window(view: View, ground: View) -> str:
    """Another drawing's ground, moved and enlarged to this view. Both share one projection."""
    scale = view.scale / ground.scale
    x = (ground.left - view.left) * view.scale
    y = (view.top - ground.top) * view.scale
    return f'<g transform="translate({x:.2f} {y:.2f}) scale({scale:.5g})"><use href="#ground"/></g>'


def whole_path(line: Floats, *, closed: bool = False) -> str:
    """Path data in whole FINE-ths of a pixel, relative: short, and the same on every machine."""
    return _path(line * FINE, closed, 1)


def path(line: Floats, *, closed: bool = False) -> str:
    """Path data of a line in tenths of a pixel, relative."""
    return _path(line * 10, closed, 10)


def _path(line: Floats, closed: bool, per_pixel: int) -> str:
    whole = np.round(line).astype(np.int64)
    if len(whole) < 2:
        return ""
    moved = np.concatenate([[True], (np.diff(whole, axis=0) != 0).any(axis=1)])
    whole = whole[moved]
    if len(whole) < 2:
        return ""
    x, y = whole[0].tolist()
    steps = [f"{value / per_pixel:g}" for value in np.diff(whole, axis=0).ravel().tolist()]
    # a minus parts two numbers as well as a blank does
    joined = "".join(step if step[0] == "-" else f" {step}" for step in steps).lstrip()
    return f"M{x / per_pixel:g} {y / per_pixel:g}l{joined}{'z' if closed else ''}"
