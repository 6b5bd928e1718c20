"""Pictures with letters in them: an odometer at a good moment, a diner at closing time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from convoylog.demo import vehicles
from convoylog.demo.brushes import HEIGHT, WIDTH, Canvas, Colour, Pen, Points, mix


def odometer(c: Canvas) -> None:
    c.sky([(0, (54, 40, 32)), (0.5, (30, 24, 24)), (1, (16, 14, 16))])
    grain = c.noise(3, 60, 4)
    # a board of the same wood as its flanks
    c.sky([(0, (152, 98, 56)), (0.5, (124, 76, 42)), (1, (84, 50, 30))], top=806)
    board = grain * (np.arange(grain.shape[0])[:, None] * 4 > 806)
    c.paint(c.soft(np.clip(board * 2.4 - 0.9, 0, 1) * 0.6), (60, 34, 20))
    c.line([(0, 806), (WIDTH, 806)], (214, 206, 190), 7)
    c.line([(0, 812), (WIDTH, 812)], (90, 84, 78), 3)
    c.ellipse(800, 840, 760, 690, (20, 19, 22))
    c.sky([(0, (152, 98, 56)), (0.5, (124, 76, 42)), (1, (84, 50, 30))], top=812)
    c.paint(c.soft(np.clip(board * 2.4 - 0.9, 0, 1) * 0.6), (60, 34, 20))
    c.line([(0, 808), (WIDTH, 808)], (226, 218, 202), 9)
    # the scale, the needle at eighty
    for k in range(51):
        a = np.pi * (1.0 - k / 50)
        long = 46 if k % 5 == 0 else 24
        x, y = np.cos(a), np.sin(a)
        tone = (244, 236, 214) if k < 43 else (232, 96, 60)
        c.line(
            [
                (800 + 700 * x, 808 - 620 * y),
                (800 + (700 - long) * x, 808 - (620 - long * 0.9) * y),
            ],
            tone,
            7 if k % 5 == 0 else 3,
        )
        # the ends of the scale are under the board
        if k % 10 == 0 and 0 < k < 50:
            text = str(k * 2)
            cx, cy = 800 + 592 * x, 808 - 520 * y + 26
            for n, digit in enumerate(text):
                _digit(
                    c,
                    digit,
                    cx + (n - (len(text) - 1) / 2) * 44,
                    cy - 30,
                    32,
                    54,
                    (244, 236, 214),
                    7,
                )
    a = np.pi * (1.0 - 40 / 50)
    tip = (800 + 640 * np.cos(a), 808 - 566 * np.sin(a))
    c.line([(806, 800), (tip[0] + 6, tip[1] + 10)], (0, 0, 0), 16, blur=9, strength=0.6)
    c.line([(800, 790), tip], (240, 92, 44), 11)
    c.ellipse(800, 800, 56, 56, (34, 32, 36))
    _drums(c)
    # evening from the side, and two faces that lean into the glass
    c.polygon(
        [(0, 0), (520, 0), (1010, HEIGHT), (430, HEIGHT)], (255, 226, 170), blur=60, strength=0.13
    )
    c.polygon(
        [(620, 0), (700, 0), (1190, HEIGHT), (1110, HEIGHT)],
        (255, 226, 170),
        blur=30,
        strength=0.12,
    )


def _drums(c: Canvas) -> None:
    left, top, wide, tall = 485, 500, 126, 176
    c.box(left - 24, top - 22, 5 * wide + 48, tall + 44, (92, 90, 92), 20)
    c.box(left - 12, top - 12, 5 * wide + 24, tall + 24, (8, 8, 10), 12)
    for k in range(5):
        x = left + k * wide
        c.box(x + 3, top, wide - 6, tall, (26, 26, 28), 6)
        # the last is not quite over yet
        roll = 0 if k < 4 else 22
        _digit(c, "0", x + wide / 2, top + 24 - roll, 66, 126, (248, 244, 232), 15)
        for y, h in ((top, 40), (top + tall - 40, 40)):
            c.box(x + 3, y, wide - 6, h, (0, 0, 0), blur=14, strength=0.8)
    c.polygon(
        [(left, top), (left + 5 * wide, top), (left + 5 * wide - 120, top + 66), (left, top + 92)],
        (255, 255, 255),
        blur=10,
        strength=0.09,
    )


#: strokes in a box of 1 × 1; a circle is (x, y, rx, ry)
_STROKES: dict[str, tuple[tuple[Points, ...], tuple[tuple[float, float, float, float], ...]]] = {
    "0": ((), ((0.5, 0.5, 0.5, 0.5),)),
    "1": ((((0.2, 0.2), (0.55, 0), (0.55, 1)),), ()),
    "2": (
        (((0, 0.25), (0.15, 0.05), (0.5, 0), (0.88, 0.08), (1, 0.3), (0.8, 0.52), (0, 1), (1, 1)),),
        (),
    ),
    "4": ((((0.75, 1), (0.75, 0), (0, 0.68), (1, 0.68)),), ()),
    "6": ((((0.8, 0), (0.3, 0.35), (0.04, 0.62)),), ((0.5, 0.68, 0.48, 0.32),)),
    "8": ((), ((0.5, 0.25, 0.42, 0.25), (0.5, 0.74, 0.5, 0.26))),
    "E": ((((1, 0), (0, 0), (0, 1), (1, 1)), ((0, 0.48), (0.75, 0.48))), ()),
    "A": ((((0, 1), (0.5, 0), (1, 1)), ((0.2, 0.62), (0.8, 0.62))), ()),
    "T": ((((0, 0), (1, 0)), ((0.5, 0), (0.5, 1))), ()),
    "P": ((((0, 1), (0, 0), (0.7, 0), (1, 0.12), (1, 0.4), (0.7, 0.52), (0, 0.52)),), ()),
    "I": ((((0.5, 0), (0.5, 1)),), ()),
}


def _digit(
    c: Canvas, sign: str, x: float, y: float, w: float, h: float, colour: Colour, width: float
) -> None:
    """A sign from strokes, its middle at x, its top at y."""
    lines, rings = _STROKES[sign]
    left = x - w / 2

    def stroke(pen: Pen) -> None:
        for points in lines:
            pen.line([(left + px * w, y + py * h) for px, py in points], width)
        for cx, cy, rx, ry in rings:
            pen.ellipse(left + cx * w, y + cy * h, rx * w + width / 2, ry * h + width / 2)
            pen.ellipse(left + cx * w, y + cy * h, rx * w - width / 2, ry * h - width / 2, 0)

    c.shape((left - width, y - width, left + w + width, y + h + width), colour, stroke)


def _neon(c: Canvas, word: str, x: float, y: float, w: float, h: float, colour: Colour) -> None:
    """Tubes that light what is around them. x, y: top left; w, h: of a letter."""
    step = w * 1.42

    def stroke(width: float) -> Callable[[Pen], None]:
        def draw(pen: Pen) -> None:
            for k, sign in enumerate(word):
                for points in _STROKES[sign][0]:
                    pen.line([(x + k * step + px * w, y + py * h) for px, py in points], width)

        return draw

    box = (x - 20, y - 20, x + step * len(word) + 20, y + h + 20)
    c.shape(box, colour, stroke(20), blur=34, light=True)
    c.shape(box, colour, stroke(14), blur=10, light=True)
    c.shape(box, mix(colour, (255, 255, 255), 0.72), stroke(8))


def diner_sign(c: Canvas) -> None:
    horizon = 800
    c.sky(
        [(0, (26, 28, 72)), (0.45, (80, 54, 116)), (0.78, (206, 98, 118)), (1, (255, 170, 120))],
        low=horizon,
    )
    c.clouds((226, 112, 132), (92, 56, 112), top=140, low=760, cover=0.5, across=2.5, down=14)
    c.ridge(c.profile(horizon - 10, 40, 7), (40, 30, 58), (30, 24, 44), bottom=horizon + 40)
    c.sky([(0, (46, 38, 62)), (1, (20, 18, 34))], top=horizon)
    # the house: a long window full of light
    c.polygon([(60, 810), (60, 590), (900, 590), (900, 810)], (66, 66, 88))
    c.polygon([(40, 594), (60, 556), (900, 556), (922, 594)], (150, 52, 62))
    for y, tone in ((600, (190, 192, 204)), (760, (150, 152, 168)), (778, (116, 118, 138))):
        c.polygon([(60, y), (900, y), (900, y + 10), (60, y + 10)], tone)
    for k in range(6):
        x = 92 + k * 118
        c.polygon([(x, 752), (x, 630), (x + 102, 630), (x + 102, 752)], (255, 214, 132))
        c.polygon([(x, 752), (x, 714), (x + 102, 714), (x + 102, 752)], (186, 66, 56))
        for head in (28, 74):
            if (k * 3 + head) % 4:
                c.ellipse(x + head, 692, 12, 14, (66, 40, 42))
                c.ellipse(x + head, 728, 22, 24, (84, 50, 58))
        c.ellipse(x + 51, 648, 9, 7, (255, 250, 224))
    c.polygon([(812, 810), (812, 626), (876, 626), (876, 810)], (255, 226, 160))
    c.glow(470, 690, 420, (255, 180, 96), 0.38, 0.5)
    # wet asphalt gives it all back
    for k in range(6):
        c.polygon(
            [
                (92 + k * 118, 826),
                (194 + k * 118, 826),
                (214 + k * 118, 1000),
                (80 + k * 118, 1000),
            ],
            (255, 196, 110),
            blur=24,
            strength=0.34,
        )
    c.polygon(
        [(1060, 840), (1350, 840), (1400, 1067), (1030, 1067)],
        (240, 70, 110),
        blur=44,
        strength=0.4,
    )
    _sign_board(c)
    vehicles.side(c, "The Sofa", 150, 930, 430, dim=0.38, gloom=(30, 20, 52))
    vehicles.side(c, "Kumquat", 650, 936, 300, dim=0.32, gloom=(30, 20, 52), left=True)


def _sign_board(c: Canvas) -> None:
    for post in (1150, 1250):
        c.polygon(
            [(post - 11, 850), (post - 11, 240), (post + 11, 240), (post + 11, 850)], (52, 46, 66)
        )
    c.polygon([(1000, 150), (1420, 150), (1420, 470), (1000, 470)], (34, 42, 86))
    c.polygon([(1014, 164), (1406, 164), (1406, 456), (1014, 456)], (24, 30, 66))
    # an arrow of bulbs that bends down to the door
    arrow = [(1470, 110), (1530, 240), (1500, 480), (1330, 566), (1060, 560)]
    c.line(arrow, (120, 30, 44), 50)
    c.polygon([(940, 556), (1076, 488), (1076, 632)], (120, 30, 44))
    path = np.array(arrow, dtype=float)
    far = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
    for k, s in enumerate(np.linspace(0, far[-1], 17)):
        x, y = float(np.interp(s, far, path[:, 0])), float(np.interp(s, far, path[:, 1]))
        c.ellipse(x, y, 10, 10, (255, 240, 190))
        if k % 2:
            c.glow(x, y, 34, (255, 208, 120), 0.8)
    _neon(c, "EAT", 1050, 196, 88, 150, (255, 60, 110))
    _neon(c, "PIE", 1140, 380, 38, 58, (70, 230, 255))
    c.glow(1210, 320, 420, (255, 70, 130), 0.3)
