"""Landscapes of the west: mesas, a pass in snow, a road by night, antelopes in the wind."""

from __future__ import annotations

import numpy as np

from convoylog.demo import vehicles
from convoylog.demo.brushes import HEIGHT, WIDTH, Canvas, Colour, Pen, mix
from convoylog.demo.plants import grass, spruces


def mesas_at_sunset(c: Canvas) -> None:
    horizon = 690
    c.sky(
        [
            (0, (58, 44, 104)),
            (0.35, (148, 70, 122)),
            (0.66, (238, 116, 84)),
            (0.88, (255, 182, 92)),
            (1, (255, 218, 140)),
        ],
        low=horizon,
    )
    c.clouds((255, 132, 98), (126, 62, 110), top=60, low=520, cover=0.52, across=2.2, down=16)
    c.glow(380, horizon - 10, 500, (255, 190, 90), 0.8, 0.6)
    c.ellipse(380, horizon - 22, 46, 46, (255, 244, 196))
    c.ridge(c.profile(horizon - 10, 40, 4), (182, 92, 104), (168, 84, 92), bottom=horizon + 40)
    for x, w, h, tone in ((1180, 250, 190, 0.42), (760, 120, 150, 0.5), (90, 180, 130, 0.55)):
        _butte(c, x, horizon + 16, w, h, mix((126, 38, 48), (216, 116, 104), tone))
    c.ground(horizon + 4, (92, 34, 36), (210, 98, 66), 0.5, (60, 20, 30))
    for x, w, h in ((1010, 210, 400), (1390, 300, 330)):
        _butte(c, x, horizon + 70, w, h, (128, 38, 40), lit=(255, 138, 74))
    c.polygon(
        [(930, horizon + 74), (1600, horizon + 76), (1600, horizon + 130), (1130, horizon + 98)],
        (58, 18, 34),
        blur=8,
        strength=0.55,
    )
    road = [(700, horizon + 20), (712, horizon + 20), (980, HEIGHT), (560, HEIGHT)]
    c.polygon(road, (84, 44, 54))
    for k in range(9):
        a, b = (k / 9) ** 2.2, ((k + 0.45) / 9) ** 2.2
        y1, y2 = (
            horizon + 20 + a * (HEIGHT - horizon - 20),
            horizon + 20 + b * (HEIGHT - horizon - 20),
        )
        x1, x2 = 706 + 64 * a, 706 + 64 * b
        c.polygon(
            [
                (x1 - 1 - 6 * a, y1),
                (x1 + 1 + 6 * a, y1),
                (x2 + 1 + 6 * b, y2),
                (x2 - 1 - 6 * b, y2),
            ],
            (244, 196, 96),
        )
    vehicles.side(c, "Gecko", 150, 930, 270, dim=0.42, gloom=(64, 16, 34))
    grass(c, 980, (52, 18, 26), 50, 46)


def _butte(
    c: Canvas,
    x: float,
    base: float,
    wide: float,
    tall: float,
    colour: Colour,
    lit: Colour | None = None,
) -> None:
    half, talus = wide / 2, wide * 0.62
    crown = [
        (x - half + wide * k / 12, base - tall - (c.rng.random() * 0.06 - 0.02) * tall)
        for k in range(13)
    ]
    outline = [
        (x - half - talus, base),
        (x - half * 1.06, base - tall * 0.42),
        (x - half, base - tall * 0.5),
        *crown,
        (x + half, base - tall * 0.5),
        (x + half * 1.06, base - tall * 0.42),
        (x + half + talus, base),
    ]
    c.polygon(outline, colour)
    if lit is None:
        return
    # the side to the sun, then cracks down the wall
    c.polygon(
        [
            (x - half, base - tall * 0.48),
            (x - half, base - tall),
            (x - half * 0.1, base - tall),
            (x + half * 0.1, base - tall * 0.46),
        ],
        lit,
        strength=0.62,
        blur=14,
    )
    for a, w, long, deep in c.rng.random((13, 4)).tolist():
        px, bottom = x - half + wide * (0.03 + a * 0.92), base - tall * 0.47
        up = tall * (0.5 + 0.44 * long)
        c.polygon(
            [
                (px, base - up),
                (px + 3 + 5 * w, base - up * 0.97),
                (px + 5 + 9 * w, bottom),
                (px - 2, bottom),
            ],
            mix(colour, (44, 10, 24), 0.4 + 0.4 * deep),
            blur=2,
            strength=0.55,
        )
    c.polygon(
        [
            (x - half - talus, base),
            (x - half * 1.06, base - tall * 0.42),
            (x - half * 0.3, base - tall * 0.42),
            (x - half * 0.6, base),
        ],
        lit,
        strength=0.5,
        blur=6,
    )
    for up in (0.97, 0.9, 0.5):
        c.line(
            [(x - half, base - tall * up), (x + half, base - tall * (up + 0.004))],
            mix(colour, (40, 10, 24), 0.5),
            3,
            strength=0.6,
        )


def snow_pass(c: Canvas) -> None:
    c.sky([(0, (36, 92, 172)), (0.5, (110, 164, 214)), (0.7, (190, 216, 232))], low=800)
    c.clouds((255, 255, 255), (170, 188, 212), top=30, low=330, cover=0.46, across=5, down=12)
    c.ridge(
        c.profile(470, 180, 5),
        (138, 160, 190),
        (150, 172, 192),
        bottom=800,
        facets=0.7,
        lit=(236, 242, 250),
    )
    crest = c.profile(560, 330, 3.4, 0.56)
    c.ridge(crest, (98, 104, 116), (92, 110, 92), bottom=900, facets=1.0, lit=(252, 253, 255))
    c.ridge(
        crest + 8 + 70 * np.abs(np.sin(np.arange(WIDTH) / 61.0)).astype(np.float32),
        (96, 98, 104),
        (70, 92, 70),
        bottom=900,
        facets=0.85,
        lit=(246, 249, 252),
    )
    spruces(c, 790, 130, (42, 74, 62), 60, 100)
    c.ridge(c.profile(800, 50, 3), (112, 132, 74), (76, 96, 52))
    road = [
        (1600, 905),
        (1240, 862),
        (900, 868),
        (640, 902),
        (420, 980),
        (260, 1067),
        (900, 1067),
        (980, 990),
        (1120, 940),
        (1600, 955),
    ]
    c.polygon(road, (92, 92, 98))
    c.line(
        [(1600, 928), (1240, 898), (960, 906), (760, 950), (640, 1012), (580, 1080)],
        (238, 196, 70),
        5,
    )
    vehicles.side(c, "Gecko", 760, 896, 300)
    _sign(c, 1265, 905)
    spruces(c, 1075, 24, (20, 46, 40), 210, 360)


def _sign(c: Canvas, x: float, y: float) -> None:
    for k in (14, 126):
        c.polygon(
            [(x + k, y), (x + k, y - 130), (x + k + 10, y - 130), (x + k + 10, y)], (96, 66, 40)
        )
    c.box(x, y - 196, 150, 96, (112, 70, 40), 6)
    c.polygon(
        [
            (x + 30, y - 120),
            (x + 62, y - 172),
            (x + 80, y - 146),
            (x + 92, y - 160),
            (x + 122, y - 120),
        ],
        (240, 228, 196),
    )


def night_road(c: Canvas) -> None:
    horizon = 720
    c.sky(
        [(0, (8, 10, 28)), (0.6, (16, 24, 54)), (0.9, (44, 52, 86)), (1, (84, 74, 92))], low=horizon
    )
    rows = np.linspace(0, HEIGHT, HEIGHT // 4, dtype=np.float32)[:, None]
    cols = np.linspace(0, WIDTH, WIDTH // 4, dtype=np.float32)[None, :]
    band = np.exp(-((((cols - 620) * 0.8 + (rows - 330) * 0.62) / 190) ** 2))
    dust = c.noise(7, 7, 5)
    c.light(
        c.soft(band * np.clip(dust * 1.5 - 0.35, 0, 1) * 0.6 * (rows < horizon)), (150, 156, 214)
    )
    c.light(
        c.soft(band**3 * np.clip(dust * 2 - 0.7, 0, 1) * 0.5 * (rows < horizon)), (255, 214, 190)
    )
    _stars(c, horizon, 1500)
    c.line([(1180, 150), (1330, 214)], (210, 224, 255), 4, blur=3, light=True, strength=0.8)
    c.line([(1270, 188), (1330, 214)], (255, 255, 255), 2)
    c.ridge(c.profile(horizon - 30, 120, 3), (18, 20, 40), (14, 14, 28), bottom=horizon + 60)
    c.ridge(c.profile(horizon, 40, 5), (12, 13, 26), (8, 8, 16))
    c.polygon(
        [(786, horizon + 14), (814, horizon + 14), (1480, HEIGHT), (120, HEIGHT)], (30, 29, 38)
    )
    c.polygon(
        [(780, horizon + 40), (820, horizon + 40), (1260, HEIGHT), (340, HEIGHT)],
        (172, 152, 116),
        blur=46,
        strength=0.75,
    )
    for k in range(12):
        a, b = (k / 12) ** 2.4, ((k + 0.5) / 12) ** 2.4
        y1, y2 = horizon + 16 + a * 350, horizon + 16 + b * 350
        c.polygon(
            [(799 - 9 * a, y1), (801 + 9 * a, y1), (801 + 9 * b, y2), (799 - 9 * b, y2)],
            mix((110, 90, 40), (255, 226, 130), min(1, a * 2.4 + 0.15)),
        )
        for s in (-1, 1):
            x = 800 + s * (20 + 640 * a)
            c.polygon(
                [
                    (x - 1 - 3 * a, y1),
                    (x - 1 - 3 * a, y1 - 8 - 90 * a),
                    (x + 1 + 3 * a, y1 - 8 - 90 * a),
                    (x + 1 + 3 * a, y1),
                ],
                mix((40, 40, 52), (150, 146, 140), a),
            )
            c.ellipse(x, y1 - 7 - 80 * a, 1.5 + 4 * a, 2 + 7 * a, (255, 210, 110))
    # a dog's ears before the windscreen
    c.sky([(0, (6, 6, 12)), (1, (14, 13, 20))], top=1012)
    c.ridge(
        (1010 + 26 * ((np.arange(WIDTH) - 800) / 800.0) ** 2).astype(np.float32),
        (10, 10, 18),
        (5, 5, 9),
    )
    c.glow(1010, 900, 150, (150, 128, 92), 0.5, 0.8)
    c.ellipse(1010, 990, 84, 78, (9, 8, 13))
    for s in (-1, 1):
        c.polygon([(1010 + s * 26, 930), (1010 + s * 66, 846), (1010 + s * 82, 968)], (9, 8, 13))
    c.glow(360, 1040, 160, (90, 220, 160), 0.22, 0.4)


def _stars(c: Canvas, horizon: float, n: int) -> None:
    rows = c.rng.random((n, 3)).tolist()
    for faint in (True, False):

        def stroke(pen: Pen, faint: bool = faint) -> None:
            for a, b, size in rows:
                if (size < 0.86) is faint:
                    r = 0.7 + 0.7 * size if faint else 1.2 + (size - 0.86) * 12
                    y = b**1.15 * (horizon - 20)
                    pen.ellipse(a * WIDTH, y, r, r, int(90 + 165 * size))

        c.shape((0, 0, WIDTH, horizon), (236, 240, 255), stroke, blur=0 if faint else 0.6)


def wind_and_antelope(c: Canvas) -> None:
    horizon = 640
    c.sky([(0, (46, 104, 178)), (0.7, (150, 194, 222)), (1, (226, 232, 222))], low=horizon)
    c.clouds(
        (255, 255, 255), (196, 212, 228), top=20, low=520, cover=0.52, across=1.6, down=24, soft=0.3
    )
    c.ridge(
        c.profile(horizon - 26, 110, 4),
        (128, 146, 172),
        (146, 158, 168),
        bottom=horizon + 40,
        facets=0.2,
        lit=(222, 226, 230),
    )
    for k, x in enumerate((150, 330, 470, 590, 1230, 1370, 1480)):
        _turbine(c, x, horizon - 4 + 3 * (k % 3), 130 + 26 * (k * 7 % 5), 0.4 + 0.7 * k)
    c.ridge(c.profile(horizon + 18, 46, 3), (176, 164, 112), (154, 142, 92))
    c.ground(horizon + 26, (118, 108, 66), (182, 168, 112), 0.5, (82, 88, 62))
    sage = c.rng.random((170, 3)).tolist()
    for low, high, tone in ((0, 85, (116, 126, 98)), (85, 170, (136, 146, 112))):
        tufts = [
            (
                a * WIDTH,
                horizon + 60 + b**0.8 * 340,
                (8 + 34 * b) * (0.6 + d),
                (4 + 14 * b) * (0.6 + d),
            )
            for a, b, d in sage[low:high]
        ]
        c.ellipses(tufts, tone, strength=0.75)
    vehicles.side(c, "Plan B", 930, 872, 470)
    for x, y, s in ((250, 850, 1.0), (420, 806, 0.72), (560, 838, 0.85), (110, 790, 0.6)):
        _antelope(c, x, y, s * 1.25)
    grass(c, 1010, (96, 86, 46), 70, 56)


def _turbine(c: Canvas, x: float, low: float, tall: float, turn: float) -> None:
    white, top = (246, 246, 244), low - tall
    c.polygon([(x - 3, low), (x - 1.5, top), (x + 1.5, top), (x + 3, low)], white)
    for k in range(3):
        a = turn + 2.0944 * k
        tip = (x + np.cos(a) * tall * 0.52, top + np.sin(a) * tall * 0.52)
        c.polygon(
            [
                (x + np.cos(a + 1.4) * 3, top + np.sin(a + 1.4) * 3),
                tip,
                (x + np.cos(a - 1.4) * 3, top + np.sin(a - 1.4) * 3),
            ],
            white,
        )


def _antelope(c: Canvas, x: float, y: float, s: float) -> None:
    tan, white, dark = (176, 122, 70), (240, 232, 216), (54, 38, 28)
    c.ellipse(x, y + 2, 60 * s, 6 * s, (60, 56, 34), blur=3, strength=0.5)
    for lx, bend in ((-34, -6), (-24, 4), (26, -3), (36, 6)):
        c.polygon(
            [
                (x + lx * s, y - 46 * s),
                (x + (lx + 9) * s, y - 46 * s),
                (x + (lx + bend + 5) * s, y),
                (x + (lx + bend) * s, y),
            ],
            mix(tan, white, 0.25),
        )
    c.ellipse(x, y - 62 * s, 50 * s, 25 * s, tan)
    c.ellipse(x - 2 * s, y - 50 * s, 38 * s, 13 * s, white)
    c.ellipse(x - 46 * s, y - 66 * s, 14 * s, 15 * s, white)
    c.polygon(
        [
            (x + 26 * s, y - 76 * s),
            (x + 54 * s, y - 114 * s),
            (x + 70 * s, y - 106 * s),
            (x + 48 * s, y - 54 * s),
        ],
        tan,
    )
    c.polygon(
        [
            (x + 40 * s, y - 70 * s),
            (x + 58 * s, y - 96 * s),
            (x + 62 * s, y - 82 * s),
            (x + 46 * s, y - 58 * s),
        ],
        white,
    )
    c.ellipse(x + 66 * s, y - 114 * s, 18 * s, 11 * s, tan)
    c.ellipse(x + 80 * s, y - 110 * s, 8 * s, 6 * s, dark)
    for k in (0, 7):
        c.line(
            [
                (x + (58 + k) * s, y - 122 * s),
                (x + (60 + k) * s, y - 146 * s),
                (x + (54 + k) * s, y - 156 * s),
            ],
            dark,
            3.4 * s,
        )
