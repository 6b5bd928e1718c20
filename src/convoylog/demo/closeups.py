"""Close-ups of the demo: a dashboard, a neon sign, a wet windscreen, a child's drawing, a pie."""

from __future__ import annotations

import numpy as np
from PIL import ImageFilter

from convoylog.demo import vehicles
from convoylog.demo.brushes import HEIGHT, WIDTH, Canvas, Colour, Pen, Points, grey, mix


def odometer(c: Canvas) -> None:
    c.sky([(0, (54, 40, 32)), (.5, (30, 24, 24)), (1, (16, 14, 16))])
    grain = c.noise(3, 60, 4)
    # a board of the same wood as its flanks
    c.sky([(0, (152, 98, 56)), (.5, (124, 76, 42)), (1, (84, 50, 30))], top=806)
    board = grain * (np.arange(grain.shape[0])[:, None] * 4 > 806)
    c.paint(c.soft(np.clip(board * 2.4 - .9, 0, 1) * .6), (60, 34, 20))
    c.line([(0, 806), (WIDTH, 806)], (214, 206, 190), 7)
    c.line([(0, 812), (WIDTH, 812)], (90, 84, 78), 3)
    c.ellipse(800, 840, 760, 690, (20, 19, 22))
    c.sky([(0, (152, 98, 56)), (.5, (124, 76, 42)), (1, (84, 50, 30))], top=812)
    c.paint(c.soft(np.clip(board * 2.4 - .9, 0, 1) * .6), (60, 34, 20))
    c.line([(0, 808), (WIDTH, 808)], (226, 218, 202), 9)
    # the scale, the needle at eighty
    for k in range(0, 51):
        a = np.pi * (1.0 - k / 50)
        long = 46 if k % 5 == 0 else 24
        x, y = np.cos(a), np.sin(a)
        tone = (244, 236, 214) if k < 43 else (232, 96, 60)
        c.line([(800 + 700 * x, 808 - 620 * y), (800 + (700 - long) * x, 808 - (620 - long * .9) * y)], tone,
               7 if k % 5 == 0 else 3)  # fmt: skip
        if k % 10 == 0:
            text = str(k * 2)
            cx, cy = 800 + 592 * x, 808 - 520 * y + 26
            for n, digit in enumerate(text):
                _digit(c, digit, cx + (n - (len(text) - 1) / 2) * 44, cy - 30, 32, 54, (244, 236, 214), 7)
    a = np.pi * (1.0 - 40 / 50)
    tip = (800 + 640 * np.cos(a), 808 - 566 * np.sin(a))
    c.line([(806, 800), (tip[0] + 6, tip[1] + 10)], (0, 0, 0), 16, blur=9, strength=.6)
    c.line([(800, 790), tip], (240, 92, 44), 11)
    c.ellipse(800, 800, 56, 56, (34, 32, 36))
    _drums(c)
    # evening from the side, and two faces that lean into the glass
    c.polygon([(0, 0), (520, 0), (1010, HEIGHT), (430, HEIGHT)], (255, 226, 170), blur=60, strength=.13)
    c.polygon([(620, 0), (700, 0), (1190, HEIGHT), (1110, HEIGHT)], (255, 226, 170), blur=30, strength=.12)


def _drums(c: Canvas) -> None:
    left, top, wide, tall = 485, 500, 126, 176
    c.shape((left - 26, top - 24, left + 5 * wide + 26, top + tall + 24), (92, 90, 92),
            lambda pen: pen.box(left - 24, top - 22, 5 * wide + 48, tall + 44, 20))  # fmt: skip
    c.shape((left - 14, top - 14, left + 5 * wide + 14, top + tall + 14), (8, 8, 10),
            lambda pen: pen.box(left - 12, top - 12, 5 * wide + 24, tall + 24, 12))  # fmt: skip
    for k in range(5):
        x = left + k * wide
        c.shape((x + 3, top, x + wide - 3, top + tall), (26, 26, 28),
                lambda pen, x=x: pen.box(x + 3, top, wide - 6, tall, 6))  # fmt: skip
        # the last is not quite over yet
        roll = 0 if k < 4 else 22
        _digit(c, "0", x + wide / 2, top + 24 - roll, 66, 126, (248, 244, 232), 15)
        for y, h in ((top, 40), (top + tall - 40, 40)):
            c.shape((x + 3, y, x + wide - 3, y + h), (0, 0, 0),
                    lambda pen, x=x, y=y, h=h: pen.box(x + 3, y, wide - 6, h), blur=14, strength=.8)  # fmt: skip
    c.polygon([(left, top), (left + 5 * wide, top), (left + 5 * wide - 120, top + 66), (left, top + 92)],
              (255, 255, 255), blur=10, strength=.09)  # fmt: skip


#: strokes in a box of 1 × 1; a circle is (x, y, rx, ry)
_STROKES: dict[str, tuple[tuple[Points, ...], tuple[tuple[float, float, float, float], ...]]] = {
    "0": ((), ((.5, .5, .5, .5),)),
    "1": ((((.2, .2), (.55, 0), (.55, 1)),), ()),
    "2": ((((0, .25), (.15, .05), (.5, 0), (.88, .08), (1, .3), (.8, .52), (0, 1), (1, 1)),), ()),
    "4": ((((.75, 1), (.75, 0), (0, .68), (1, .68)),), ()),
    "6": ((((.8, 0), (.3, .35), (.04, .62)),), ((.5, .68, .48, .32),)),
    "8": ((), ((.5, .25, .42, .25), (.5, .74, .5, .26))),
    "E": ((((1, 0), (0, 0), (0, 1), (1, 1)), ((0, .48), (.75, .48))), ()),
    "A": ((((0, 1), (.5, 0), (1, 1)), ((.2, .62), (.8, .62))), ()),
    "T": ((((0, 0), (1, 0)), ((.5, 0), (.5, 1))), ()),
    "P": ((((0, 1), (0, 0), (.7, 0), (1, .12), (1, .4), (.7, .52), (0, .52)),), ()),
    "I": ((((.5, 0), (.5, 1)),), ()),
}


def _digit(c: Canvas, sign: str, x: float, y: float, w: float, h: float, colour: Colour,
           width: float) -> None:  # fmt: skip
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

    def stroke(width: float):  # type: ignore[no-untyped-def]
        def draw(pen: Pen) -> None:
            for k, sign in enumerate(word):
                for points in _STROKES[sign][0]:
                    pen.line([(x + k * step + px * w, y + py * h) for px, py in points], width)
        return draw

    box = (x - 20, y - 20, x + step * len(word) + 20, y + h + 20)
    c.shape(box, colour, stroke(20), blur=34, light=True)
    c.shape(box, colour, stroke(14), blur=10, light=True)
    c.shape(box, mix(colour, (255, 255, 255), .72), stroke(8))


def diner_sign(c: Canvas) -> None:
    horizon = 800
    c.sky([(0, (26, 28, 72)), (.45, (80, 54, 116)), (.78, (206, 98, 118)), (1, (255, 170, 120))], low=horizon)
    c.clouds((226, 112, 132), (92, 56, 112), top=140, low=760, cover=.5, across=2.5, down=14)
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
    c.glow(470, 690, 420, (255, 180, 96), .38, .5)
    # wet asphalt gives it all back
    for k in range(6):
        c.polygon([(92 + k * 118, 826), (194 + k * 118, 826), (214 + k * 118, 1000), (80 + k * 118, 1000)],
                  (255, 196, 110), blur=24, strength=.34)  # fmt: skip
    c.polygon([(1060, 840), (1350, 840), (1400, 1067), (1030, 1067)], (240, 70, 110), blur=44, strength=.4)
    _sign_board(c)
    vehicles.side(c, "The Sofa", 150, 930, 430, dim=.38, gloom=(30, 20, 52))
    vehicles.side(c, "Kumquat", 650, 936, 300, dim=.32, gloom=(30, 20, 52), left=True)


def _sign_board(c: Canvas) -> None:
    for x in (1150, 1250):
        c.polygon([(x - 11, 850), (x - 11, 240), (x + 11, 240), (x + 11, 850)], (52, 46, 66))
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
            c.glow(x, y, 34, (255, 208, 120), .8)
    _neon(c, "EAT", 1050, 196, 88, 150, (255, 60, 110))
    _neon(c, "PIE", 1140, 380, 38, 58, (70, 230, 255))
    c.glow(1210, 320, 420, (255, 70, 130), .3)


def rain_on_windscreen(c: Canvas) -> None:
    c.sky([(0, (70, 80, 94)), (.5, (120, 130, 140)), (.62, (146, 152, 156)), (1, (96, 104, 108))])
    c.clouds((150, 158, 166), (66, 76, 90), top=-40, low=480, cover=.64, across=3, down=6)
    c.ridge(c.profile(520, 280, 4), (84, 98, 112), (110, 122, 130), bottom=700)
    c.ridge(c.profile(600, 130, 6), (62, 82, 78), (88, 102, 100), bottom=760)
    c.polygon([(700, 660), (860, 660), (1650, 1067), (-90, 1067)], (74, 80, 88))
    c.polygon([(772, 670), (784, 670), (700, 1067), (560, 1067)], (214, 196, 120), strength=.7)
    # a van, but whose?
    c.shape((620, 500, 960, 820), (120, 40, 84), lambda pen: pen.box(650, 520, 270, 210, 46))
    c.polygon([(690, 610), (708, 548), (862, 548), (880, 610)], (56, 62, 76))
    for x in (672, 898):
        c.ellipse(x, 660, 22, 32, (255, 50, 34))
        c.glow(x, 660, 170, (255, 40, 24), 1.0)
        c.polygon([(x - 24, 740), (x + 24, 740), (x + 60, 1000), (x - 60, 1000)], (255, 60, 44), blur=26,
                  strength=.55)  # fmt: skip
    for x in (250, 1330):
        c.glow(x, 640, 90, (255, 226, 170), .7)
    c.blurred(16)
    _drops(c)
    # one stroke of the wiper
    a = np.linspace(np.pi * 1.04, np.pi * 1.62, 40)
    c.line([(1010 + 980 * np.cos(t), 1180 + 900 * np.sin(t)) for t in a], (220, 228, 234), 9, blur=5, strength=.3)
    c.line([(1010, 1180), (1010 + 1000 * np.cos(a[24]), 1180 + 920 * np.sin(a[24]))], (18, 20, 24), 15)
    c.ridge((985 + 46 * ((np.arange(WIDTH) - 760) / 800.0) ** 2).astype(np.float32), (30, 26, 26), (12, 11, 13))
    # somebody's banana, later
    c.shape((1180, 960, 1420, 1040), (196, 60, 60), lambda pen: pen.box(1200, 975, 150, 40, 12))


def _drops(c: Canvas) -> None:
    """Each drop shows the world upside down: the sky below, the road above, a spark of light."""
    picture = c.image.reduce(2).filter(ImageFilter.GaussianBlur(2))
    rows = c.rng.random((620, 4))
    drops = []
    for a, b, size, lean in rows.tolist():
        r = 3 + 20 * size**5
        x, y = a * WIDTH, b * 1000
        # where the wiper has just been there are few
        if 300 < np.hypot(x - 1010, (y - 1180) * 1.09) < 930 and x < 1240 and size < .93 and lean < .8:
            r *= .35
        drops.append((x, y, r, lean))

    def every(up: float, scale: float, least: float = 0.0):  # type: ignore[no-untyped-def]
        def draw(pen: Pen) -> None:
            for x, y, r, lean in drops:
                if r > least:
                    pen.ellipse(x, y + up * r, r * scale, r * scale * (1.05 + .25 * lean))
        return draw

    box = (0, 0, WIDTH, HEIGHT)
    c.shape(box, (26, 32, 40), every(.08, 1.08), blur=1.2, strength=.55)
    turned = picture.transpose(1).resize((WIDTH, HEIGHT))
    from PIL import Image, ImageDraw

    mask = Image.new("L", (WIDTH * 2, HEIGHT * 2))
    every(0, 1.0)(Pen(ImageDraw.Draw(mask), 0, 0, 2))
    c.image.paste(turned, (0, 0), mask.reduce(2))
    c.shape(box, (36, 42, 50), every(-.38, .62, 5), blur=2, strength=.34)
    c.shape(box, (236, 242, 246), every(.42, .5, 4), blur=2, strength=.6)
    c.shape(box, (255, 255, 255), lambda pen: [
        pen.ellipse(x - r * .3, y - r * .42, max(.8, r * .14), max(.8, r * .12)) for x, y, r, _ in drops
    ] and None)  # fmt: skip
    for x, y, r, _ in drops:
        if r > 15:
            trail = [(x + 5 * np.sin(k / 2.0 + x), y - r - k * 16) for k in range(9)]
            c.line(trail, (214, 222, 228), r * .5, blur=3, strength=.22)


def crayon_convoy(c: Canvas) -> None:
    c.sky([(0, (248, 244, 232)), (1, (240, 233, 216))])
    wax = _Crayon(c)
    wax.zigzag((30, 560), 1540, 250, 9, (104, 108, 120), 13)
    wax.zigzag((30, 562), 1540, 250, 9, (150, 152, 170), 6)
    for k in range(7):
        wax.line([(150 + 205 * k, 356), (178 + 205 * k, 392), (200 + 205 * k, 374)], (170, 200, 232), 12)
    for k in range(9):
        wax.line([(20, 40 + 24 * k), (430 + 130 * (k % 3), 36 + 25 * k)], (110, 178, 236), 17)
    _smiling_sun(wax, 1330, 190)
    for k in range(10):
        wax.line([(16, 830 + 24 * k), (1584, 824 + 25 * k)], (92, 90, 94) if k < 4 else (84, 172, 78), 21)
    wax.line([(30, 880), (300, 876)], (250, 220, 70), 11)
    for x in (420, 800, 1180):
        wax.line([(x, 878), (x + 230, 874)], (250, 220, 70), 11)
    order = ["The Sofa", "Kumquat", "Big Dolores", "Gecko", "Plan B"]
    for k, car in enumerate(order):
        _crayon_car(wax, car, 44 + 308 * k, 800 + 14 * (k % 2))
    # steam, not smoke; and Gasket
    for k, (dx, dy) in enumerate(((0, 0), (34, -54), (12, -110))):
        wax.ring(1568 - dx - 8, 660 + dy, 20 + 6 * k, 18 + 5 * k, (96, 92, 100), 9)
    for dx in (0, 12, 24, 36):
        wax.line([(1300 + dx, 690), (1306 + dx, 648)], (150, 90, 44), 15)
    wax.ring(1350, 632, 17, 17, (150, 90, 44), 13)
    wax.line([(1296, 670), (1278, 640)], (150, 90, 44), 9)
    for x, y, tone in ((90, 1000, (226, 60, 110)), (520, 1030, (250, 150, 40)), (1120, 1010, (160, 80, 200))):
        wax.line([(x, y + 40), (x + 3, y)], (46, 130, 60), 9)
        for a in range(5):
            wax.ring(x + 20 * np.cos(a * 1.257), y - 6 + 20 * np.sin(a * 1.257), 10, 10, tone, 8)
    wax.done()


def _smiling_sun(wax: _Crayon, x: float, y: float) -> None:
    yellow = (252, 204, 50)
    for k in range(14):
        a = k * .449
        wax.line([(x + 122 * np.cos(a), y + 122 * np.sin(a)), (x + 176 * np.cos(a), y + 172 * np.sin(a))], yellow, 13)
    for r in (16, 36, 56, 76, 96):
        wax.ring(x, y, r, r, yellow, 19)
    for s in (-1, 1):
        wax.ring(x + 34 * s, y - 22, 7, 10, (60, 50, 40), 8)
    mouth = [(x + 52 * np.cos(t), y + 12 + 42 * np.sin(t)) for t in np.linspace(.25, np.pi - .25, 12)]
    wax.line(mouth, (222, 70, 50), 10)


def _crayon_car(wax: _Crayon, car: str, x: float, y: float) -> None:
    paint = vehicles.PAINT[car]
    roof = 0 if car == "Gecko" else 104
    bed = car == "Plan B"
    left = 120 if bed else 50
    if roof:
        wax.line([(x + left, y - 80), (x + left + 14, y - 80 - roof * .72), (x + 190, y - 80 - roof * .72),
                  (x + 226, y - 80)], paint, 13)  # fmt: skip
        wax.line([(x + left + 30, y - 96), (x + left + 32, y - 136), (x + 178, y - 136)], (150, 204, 236), 15)
    else:
        wax.line([(x + 90, y - 90), (x + 96, y - 160), (x + 190, y - 158), (x + 204, y - 90)], (60, 60, 66), 10)
        wax.ring(x + 140, y - 118, 15, 17, (120, 76, 50), 10)
    for k in range(5):
        wax.line([(x + 12, y - 80 + 16 * k), (x + 270, y - 82 + 16 * k)], paint, 20)
    if car == "The Sofa":
        wax.line([(x + 24, y - 46), (x + 262, y - 48)], (150, 96, 52), 13)
    for w in (66, 214):
        wax.ring(x + w, y, 27, 27, (40, 38, 42), 15)
        wax.ring(x + w, y, 8, 8, (130, 130, 136), 9)
    heads = {"The Sofa": 2, "Kumquat": 2, "Big Dolores": 4, "Gecko": 0, "Plan B": 1}[car]
    for k in range(heads):
        hx = x + left + 50 + k * (100 / max(2, heads))
        wax.ring(hx, y - 112, 10, 11, (236, 188, 148) if k % 2 else (146, 96, 66), 9)


class _Crayon:
    """Wobbly strokes of wax that do not reach into the hollows of the paper."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._paper = canvas.image.copy()

    def line(self, points: Points, colour: Colour, width: float) -> None:
        path = np.array(points, dtype=float)
        far = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
        n = max(3, int(far[-1] / 26) + 2)
        at = np.linspace(0, far[-1], n)
        shake = (self._canvas.rng.random((n, 2)) - .5) * 7
        xs, ys = (np.interp(at, far, path[:, k]) + shake[:, k] for k in (0, 1))
        self._canvas.line(list(zip(xs.tolist(), ys.tolist(), strict=True)), colour, width)

    def ring(self, x: float, y: float, rx: float, ry: float, colour: Colour, width: float) -> None:
        turns = np.linspace(0.2, 2 * np.pi + .45, max(7, int(rx / 4) + 6))
        self.line([(x + rx * np.cos(t), y + ry * np.sin(t)) for t in turns], colour, width)

    def zigzag(self, start: tuple[float, float], wide: float, tall: float, n: int, colour: Colour,
               width: float) -> None:  # fmt: skip
        x, y = start
        ups = self._canvas.rng.random(2 * n + 1)
        points = [(x + wide * k / (2 * n), y - (tall * (.7 + .45 * ups[k]) if k % 2 else 40 * ups[k]))
                  for k in range(2 * n + 1)]  # fmt: skip
        self.line(points, colour, width)

    def done(self) -> None:
        """The paper shows through."""
        tooth = self._canvas.rng.random((HEIGHT // 2, WIDTH // 2)).astype(np.float32)
        streaks = np.asarray(self._canvas.noise(60, 200, 2))
        rows = np.repeat(np.repeat(streaks, 2, axis=0), 2, axis=1)[: HEIGHT // 2, : WIDTH // 2]
        short = tooth[: rows.shape[0], : rows.shape[1]]
        mask = grey(np.clip((short * .55 + rows - .68) * 5.0, 0.0, .92)).resize((WIDTH, HEIGHT))
        self._canvas.image.paste(self._paper, (0, 0), mask)


def pie(c: Canvas) -> None:
    # the window, and the weather behind it
    c.sky([(0, (108, 124, 138)), (.7, (158, 170, 174)), (1, (134, 148, 140))], low=470)
    c.ridge(c.profile(300, 210, 3), (96, 112, 124), (112, 128, 126), bottom=470)
    c.ridge(c.profile(400, 60, 6), (84, 106, 90), (92, 112, 92), bottom=470)
    for k, car in enumerate(("The Sofa", "Big Dolores", "Gecko", "Plan B")):
        vehicles.side(c, car, 250 + 300 * k, 452, 190)
    c.blurred(9)
    for x in (-10, 500, 1080, 1590):
        c.polygon([(x, 0), (x + 24, 0), (x + 24, 470), (x, 470)], (226, 220, 204))
    c.polygon([(0, 462), (WIDTH, 462), (WIDTH, 500), (0, 500)], (236, 230, 214))
    c.polygon([(0, 500), (WIDTH, 500), (WIDTH, 516), (0, 516)], (120, 112, 104), blur=4, strength=.6)
    _cloth(c, 512)
    c.ellipse(800, 866, 480, 152, (30, 20, 26), blur=22, strength=.5)
    c.ellipse(800, 842, 470, 150, (222, 226, 230))
    c.ellipse(800, 836, 464, 144, (250, 250, 246))
    c.ellipse(800, 838, 342, 100, (226, 230, 232))
    c.ellipse(800, 842, 336, 96, (246, 246, 242))
    _slice(c)
    # a fork, a mug, its steam
    c.line([(1310, 1010), (1400, 760)], (70, 60, 66), 15, blur=8, strength=.5)
    c.line([(1300, 1010), (1386, 770)], (196, 200, 206), 13)
    for k in (-14, 0, 14):
        c.line([(1386 + k, 772), (1408 + k * 1.1, 690)], (196, 200, 206), 6)
    c.line([(1386 - 14, 768), (1386 + 14, 768)], (196, 200, 206), 11)
    _mug(c, 300, 690)


def _cloth(c: Canvas, top: float) -> None:
    c.sky([(0, (236, 226, 214)), (1, (250, 244, 234))], top=top)
    eye, far = -300.0, top + 40

    def column(k: float, y: float) -> float:
        return 800 + (k * 108) * (y - eye) / (HEIGHT - eye)

    stripes = [[(column(k, top), top), (column(k + 1, top), top), (column(k + 1, HEIGHT), HEIGHT),
                (column(k, HEIGHT), HEIGHT)] for k in range(-16, 16, 2)]  # fmt: skip
    rows = [(top + (HEIGHT - top) * (k / 9) ** 1.25, top + (HEIGHT - top) * ((k + .5) / 9) ** 1.25) for k in range(9)]
    c.shape((0, top, WIDTH, HEIGHT), (204, 52, 48), lambda pen: [pen.polygon(s) for s in stripes] and None,
            strength=.52)  # fmt: skip
    c.shape((0, top, WIDTH, HEIGHT), (204, 52, 48),
            lambda pen: [pen.box(0, a, WIDTH, b - a) for a, b in rows] and None, strength=.52)  # fmt: skip
    c.polygon([(0, top), (WIDTH, top), (WIDTH, far), (0, far)], (60, 30, 40), blur=18, strength=.3)


def _slice(c: Canvas) -> None:
    tip, left, right = (560, 872), (900, 742), (1090, 858)
    high = 92

    def up(p: tuple[float, float], h: float = high) -> tuple[float, float]:
        return (p[0], p[1] - h)

    c.polygon([tip, right, (1130, 880), (600, 900)], (60, 30, 40), blur=14, strength=.5)
    c.polygon([tip, right, up(right), up(tip)], (140, 16, 34))
    for k in range(26):
        a, b = c.rng.random(2).tolist()
        x = tip[0] + (right[0] - tip[0]) * (.06 + .88 * a)
        y = tip[1] + (right[1] - tip[1]) * (.06 + .88 * a) - 20 - (high - 36) * b
        c.ellipse(x, y, 17, 15, mix((166, 14, 36), (96, 6, 24), b))
        c.ellipse(x - 5, y - 5, 4, 3, (250, 170, 170), strength=.8)
    c.polygon([tip, right, up(right, 15), up(tip, 15)], (206, 150, 82))
    c.polygon([up(tip), up(right), up(right, high - 16), up(tip, high - 16)], (224, 168, 92))
    c.polygon([up(tip), up(left), (1010, left[1] - high + 10), (1075, 790 - high + 16), up(right)], (190, 34, 46))
    for k in range(1, 7):
        a = k / 7
        p = (tip[0] + (left[0] - tip[0]) * a, tip[1] + (left[1] - tip[1]) * a - high)
        q = (tip[0] + (right[0] - tip[0]) * a, tip[1] + (right[1] - tip[1]) * a - high)
        c.line([p, q], (168, 108, 48), 24)
        c.line([(p[0], p[1] - 4), (q[0], q[1] - 4)], (240, 192, 112), 19)
    for a in (.2, .5, .8):
        q = (left[0] + (right[0] - left[0]) * a, left[1] + (right[1] - left[1]) * a - high)
        near = (tip[0] + (q[0] - tip[0]) * .2, tip[1] - high + (q[1] - tip[1] + high) * .2)
        c.line([near, q], (168, 108, 48), 24)
        c.line([(near[0], near[1] - 4), (q[0], q[1] - 4)], (246, 202, 122), 19)
    rim = [(left[0] + (right[0] - left[0]) * t + 52 * np.sin(np.pi * t),
            left[1] + (right[1] - left[1]) * t - high - 8 * np.sin(np.pi * t)) for t in np.linspace(0, 1, 12)]  # fmt: skip
    c.line(rim, (170, 108, 46), 50)
    c.line([(x, y - 6) for x, y in rim], (234, 182, 100), 42)
    for x, y in rim[::2]:
        c.ellipse(x, y - 10, 16, 12, (250, 214, 142), strength=.8)
    c.polygon([right, (right[0] + 26, right[1] - 20), (right[0] + 26, right[1] - high), up(right)], (206, 148, 76))


def _mug(c: Canvas, x: float, y: float) -> None:
    c.ellipse(x, y + 110, 130, 30, (40, 24, 30), blur=14, strength=.5)
    c.shape((x - 190, y - 60, x, y + 90), (58, 104, 150), lambda pen: (
        pen.ellipse(x - 108, y + 20, 62, 58), pen.ellipse(x - 108, y + 20, 38, 36, 0)) and None)  # fmt: skip
    c.shape((x - 112, y - 80, x + 112, y + 130), (66, 116, 164), lambda pen: (
        pen.polygon([(x - 108, y - 60), (x + 108, y - 60), (x + 92, y + 104), (x - 92, y + 104)]),
        pen.ellipse(x, y + 104, 92, 22)) and None)  # fmt: skip
    c.polygon([(x + 40, y - 50), (x + 104, y - 56), (x + 88, y + 104), (x + 40, y + 116)], (34, 68, 108), blur=14,
              strength=.6)  # fmt: skip
    c.ellipse(x, y - 60, 108, 28, (120, 164, 204))
    c.ellipse(x, y - 58, 96, 22, (54, 30, 20))
    for k in (-30, 10, 44):
        steam = [(x + k + 16 * np.sin(t * 2.2 + k), y - 70 - 52 * t) for t in np.linspace(0, 4, 24)]
        c.line(steam, (255, 255, 255), 22, blur=13, strength=.42)
