"""A map drawing as a PNG: the same value the page draws, painted larger and shrunk."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw

from convoylog.model.tracks import Floats
from convoylog.reports.draw.faces import drawable, face
from convoylog.reports.draw.labels import SIZES
from convoylog.reports.draw.shapes import MapDrawing, Plate
from convoylog.reports.draw.strip import HEIGHT, WIDTH, Strip

#: painted so many times larger in each direction: smooth edges at a sixth of cairo's dependencies
FINE = 3

#: the map's inks and the twelve car colours, as on the page
INKS = {
    "light": {
        "water": "#cfe0e6", "land": "#f3eee2", "visited": "#fcfaf4", "urban": "#efe6d3",
        "lake": "#cfe0e6", "shore": "#a9c4cd", "river": "#b9d1d9", "state": "#c3b9a5",
        "country": "#9a8e78", "city": "#6a6355", "region": "#726a5c", "end": "#23211d",
        "halo": "#fcfaf4", "card": "#fffdf8", "road": "#e0d3b8",
        "graticule": "#e9e2d3",
    },
    "dark": {
        "water": "#0d2230", "land": "#141920", "visited": "#1b222a", "urban": "#20262e",
        "lake": "#0d2230", "shore": "#1e3f52", "river": "#193443", "state": "#3d4650",
        "country": "#69727c", "city": "#aeb2b4", "region": "#848c93", "end": "#ece8df",
        "halo": "#1b222a", "card": "#1a2028", "road": "#333a41",
        "graticule": "#1c222a",
    },
}  # fmt: skip
CARS = {
    "light": (
        "#1065cc", "#da730b", "#c6287b", "#0b6531", "#4d168e", "#3099c0",
        "#652d14", "#9b68d8", "#ae1c31", "#717729", "#162c60", "#5f6974",
    ),
    "dark": (
        "#5e93ed", "#f08c29", "#d04393", "#41d793", "#8e59e7", "#99defe",
        "#a96432", "#c4a7f3", "#f46166", "#eee87c", "#637ab9", "#98a5b0",
    ),
}  # fmt: skip
#: the green of a highway sign
SIGN = "#14603f"
_WIDTHS = {"graticule": 1.0, "shore": 0.9, "river": 0.9, "road": 1.6, "state": 1.0, "country": 1.6}


def png(drawing: MapDrawing, width: int, *, theme: str = "light") -> bytes:
    """The drawing as PNG bytes, `width` pixels wide. theme: light or dark."""
    return saved(paint(drawing, width, theme), width)


def saved(image: Image.Image, width: int) -> bytes:
    """A picture painted FINE times larger, as PNG bytes `width` pixels wide."""
    size = (width, round(image.height * width / image.width))
    buffer = BytesIO()
    image.resize(size, Image.Resampling.BOX).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def paint(drawing: MapDrawing, width: int, theme: str) -> Image.Image:
    """The drawing, FINE times larger than `width`."""
    scale = width / drawing.width * FINE
    inks, cars = INKS[theme], CARS[theme] * 3
    size = (round(drawing.width * scale), round(drawing.height * scale))
    image = Image.new("RGB", size, inks["water"])
    pen = ImageDraw.Draw(image)
    for shape in drawing.shapes:
        if shape.closed:
            _areas(image, shape.lines, scale, inks[shape.kind])
        else:
            for line in shape.lines:
                _line(pen, line * scale, inks[shape.kind], _WIDTHS[shape.kind] * scale)
    for way in drawing.ways:
        for line in way.lines:
            _line(pen, line * scale, inks["halo"], 6 * scale)
    for way in drawing.ways:
        for line in way.unrecorded:
            _dotted(pen, line * scale, cars[way.colour], scale)
        for line in way.lines:
            _line(pen, line * scale, cars[way.colour], 2.8 * scale)
    for pin in drawing.pins:
        _disc(
            pen, pin.x * scale, pin.y * scale, 4 * scale, inks["card"], cars[pin.colour], 2 * scale
        )
    for label in drawing.labels:
        if label.dot:
            x, y = label.dot
            _disc(pen, x * scale, y * scale, 2.6 * scale, inks["card"], inks["city"], 1.2 * scale)
    for label in drawing.labels:
        ink = inks["city" if label.kind == "town" else label.kind]
        font = face(SIZES[label.kind] * scale, 800 if label.kind == "end" else 600)
        anchor = {"start": "ls", "middle": "ms", "end": "rs"}[label.anchor]
        pen.text(
            (label.x * scale, label.y * scale), drawable(label.text), font=font, fill=ink, anchor=anchor,
            stroke_width=round(1.5 * scale), stroke_fill=inks["halo"],
        )  # fmt: skip
    for roundel in drawing.roundels:
        x, y = roundel.x * scale, roundel.y * scale
        font = face(11.5 * scale, 800)
        if roundel.reach:
            wide, high = roundel.reach * scale, 12 * scale
            pen.rounded_rectangle((x - wide, y - high, x + wide, y + high), high, fill=inks["ink"])
            pen.text((x, y), roundel.label, font=font, fill=inks["card"], anchor="mm")
            continue
        _disc(pen, x, y, 11 * scale, "#ffffff", cars[roundel.colour], 3.4 * scale)
        pen.text((x, y), drawable(roundel.label), font=font, fill="#111111", anchor="mm")
    for plate in drawing.plates:
        foot = np.array([plate.foot, (plate.x, plate.y)])
        _line(pen, foot * scale, SIGN, 1.8 * scale)
        x, y = plate.foot
        _disc(pen, x * scale, y * scale, 3 * scale, "#ffffff", SIGN, 1.6 * scale)
    for plate in drawing.plates:
        _plate(pen, plate, scale)
    return image


def _plate(pen: ImageDraw.ImageDraw, plate: Plate, scale: float) -> None:
    x, y = plate.x * scale, plate.y * scale
    wide, high = 15 * scale, 13 * scale
    pen.rounded_rectangle((x - wide, y - high, x + wide, y + high), 6 * scale, fill=SIGN)
    inset = 2.5 * scale
    rim = (x - wide + inset, y - high + inset, x + wide - inset, y + high - inset)
    pen.rounded_rectangle(rim, 4 * scale, outline="#ffffff", width=max(round(1.4 * scale), 1))
    pen.text((x, y), plate.text, font=face(13 * scale, 800), fill="#ffffff", anchor="mm")


def _areas(image: Image.Image, rings: tuple[Floats, ...], scale: float, ink: str) -> None:
    """Rings filled even-odd: each ring turns inside to outside once more."""
    from PIL import ImageChops

    mask = Image.new("1", image.size)
    for ring in rings:
        if len(ring) < 3:
            continue
        low, high = ring.min(axis=0) * scale, ring.max(axis=0) * scale
        left, top = max(int(low[0]) - 1, 0), max(int(low[1]) - 1, 0)
        right, bottom = min(int(high[0]) + 2, image.width), min(int(high[1]) + 2, image.height)
        if right <= left or bottom <= top:
            continue
        part = Image.new("1", (right - left, bottom - top))
        points = [(x * scale - left, y * scale - top) for x, y in ring.tolist()]
        ImageDraw.Draw(part).polygon(points, fill=1)
        box = (left, top, right, bottom)
        mask.paste(ImageChops.logical_xor(mask.crop(box), part), box)
    image.paste(ink, mask=mask)


def _line(pen: ImageDraw.ImageDraw, line: Floats, ink: str, width: float) -> None:
    points = [(float(x), float(y)) for x, y in line]
    if len(points) < 2:
        return
    pen.line(points, fill=ink, width=max(round(width), 1))
    if width > 6:  # joints of thick lines would gape
        radius = width / 2 - 0.5
        for x, y in points:
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=ink)


def _dotted(pen: ImageDraw.ImageDraw, line: Floats, ink: str, scale: float) -> None:
    (x0, y0), (x1, y1) = line[0], line[-1]
    length = float(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5)
    for n in range(int(length / (6 * scale)) + 1):
        t = n * 6 * scale / length if length else 0.0
        x, y = x0 + t * (x1 - x0), y0 + t * (y1 - y0)
        pen.ellipse((x - scale, y - scale, x + scale, y + scale), fill=ink)


def _disc(
    pen: ImageDraw.ImageDraw, x: float, y: float, radius: float, fill: str, rim: str, width: float
) -> None:
    box = (x - radius, y - radius, x + radius, y + radius)
    pen.ellipse(box, fill=fill, outline=rim, width=max(round(width), 1))


#: pixels around a strip at 1:1: at the left for roundels and numbers, below for the days
_LEFT, _RIGHT, _TOP, _BELOW = 62.0, 14.0, 12.0, 26.0


def strip_png(strip: Strip, width: int, height: int, *, drawn: float = 1000.0) -> bytes:
    """A strip as PNG bytes. drawn: pixels its width stands for, which tells how large letters are."""
    inks, cars = INKS["light"], CARS["light"] * 3
    scale = width / drawn * FINE
    image = Image.new("RGB", (width * FINE, height * FINE), inks["card"])
    pen = ImageDraw.Draw(image)
    left, top = _LEFT * scale, _TOP * scale
    wide = image.width - left - _RIGHT * scale
    high = image.height - top - _BELOW * scale
    font = face(12 * scale)
    for name, begin, end in strip.days:
        box = (left + begin * wide, top, left + end * wide, top + high)
        pen.rectangle(box, fill=inks["land"])
        pen.text(
            (box[0], box[3] + 7 * scale), drawable(name), font=font, fill=inks["end"], anchor="lt"
        )
    for share, text in strip.ticks:
        y = top + share * high
        pen.line([(left, y), (left + wide, y)], fill=inks["state"], width=max(round(scale), 1))
        pen.text((left - 8 * scale, y), drawable(text), font=font, fill=inks["city"], anchor="rm")

    def placed(line: Floats) -> Floats:
        return np.asarray(line / (WIDTH, HEIGHT) * (wide, high) + (left, top), dtype=np.float64)

    for colour, pieces in strip.lines:
        for piece in pieces:
            _line(pen, placed(piece), cars[colour], 3.4 * scale)
    for piece in strip.hollow:
        _line(pen, placed(piece), inks["card"], 1.3 * scale)
    for colour, label, share in strip.heads:
        x, y = 30 * scale, top + share * high
        _disc(pen, x, y, 11 * scale, "#ffffff", cars[colour], 3.4 * scale)
        pen.text((x, y), drawable(label), font=font, fill="#111111", anchor="mm")
    return saved(image, width)
