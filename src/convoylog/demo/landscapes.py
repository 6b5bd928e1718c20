"""Landscapes of the demo: what each car saw on its own road."""

from __future__ import annotations

import numpy as np

from convoylog.demo import vehicles
from convoylog.demo.brushes import HEIGHT, WIDTH, Canvas, Colour, Floats32, Pen, mix


def lake_dawn(c: Canvas) -> None:
    horizon = 560
    c.sky(
        [
            (0, (44, 58, 106)),
            (0.45, (132, 112, 150)),
            (0.75, (238, 158, 120)),
            (0.93, (255, 206, 134)),
            (1, (255, 226, 164)),
        ],
        low=horizon,
    )
    c.clouds((250, 176, 140), (118, 92, 132), top=120, low=470, cover=0.46, across=2.5, down=13)
    c.glow(1010, horizon - 26, 420, (255, 190, 110), 0.75, 0.7)
    c.ellipse(1010, horizon - 34, 36, 36, (255, 246, 214))
    c.glow(1010, horizon - 34, 110, (255, 230, 160), 0.9)
    c.sky(
        [(0, (250, 202, 150)), (0.12, (196, 142, 138)), (0.5, (92, 92, 136)), (1, (40, 52, 92))],
        top=horizon,
    )
    _glitter(c, 1010, horizon + 4, 900, (255, 222, 150))
    for k in range(5):
        x, y, s = (
            520 + 74 * k + 40 * c.rng.random(),
            230 + 80 * c.rng.random(),
            12 + 8 * c.rng.random(),
        )
        c.line(
            [
                (x - s, y - s * 0.4),
                (x - s * 0.3, y - s * 0.1),
                (x, y + s * 0.3),
                (x + s * 0.3, y - s * 0.1),
                (x + s, y - s * 0.45),
            ],
            (54, 48, 74),
            2.6,
        )
    shore = c.profile(930, 60, 3, 0.4)
    c.ridge(shore, (38, 32, 48), (16, 14, 24))
    vehicles.side(c, "The Sofa", 190, 936, 430, dim=0.5, gloom=(40, 26, 52), lamps=True)
    for x in (690, 724):
        c.box(x, 880, 20, 56, (30, 26, 40), 5)
        c.box(x + 2, 868, 16, 14, (176, 60, 56), 4)
    _grass(c, 945, (12, 12, 20), 70)


def _glitter(c: Canvas, x: float, top: float, low: float, colour: Colour) -> None:
    rows = c.rng.random((150, 3))
    for depth, side, length in rows.tolist():
        y = top + (low - top) * depth**1.7
        spread = 26 + (y - top) * 0.32
        cx = x + (side - 0.5) * 2 * spread
        half = (8 + 30 * length) * (0.4 + depth)
        c.line(
            [(cx - half, y), (cx + half, y)], colour, 1.2 + 3 * depth, strength=0.75 - 0.45 * depth
        )


def _grass(c: Canvas, top: float, colour: Colour, n: int, tall: float = 70) -> None:
    """Blades along the lower edge, in one stroke."""
    rows = c.rng.random((n * 4, 4)).tolist()

    def stroke(pen: Pen) -> None:
        for a, b, lean, high in rows:
            x, y = a * WIDTH, HEIGHT + 4 - b * (HEIGHT - top) * 0.5
            h = tall * (0.4 + high * 0.8)
            pen.polygon([(x - 3, y), (x + 3, y), (x + (lean - 0.35) * h * 0.8, y - h)])

    c.shape((0, top - tall * 1.3, WIDTH, HEIGHT), colour, stroke)


def corn_and_sky(c: Canvas) -> None:
    horizon = 700
    c.sky([(0, (58, 116, 190)), (0.6, (134, 184, 224)), (1, (218, 232, 234))], low=horizon)
    c.clouds((255, 253, 246), (150, 170, 196), top=40, low=560, cover=0.56, across=4, down=6)
    c.clouds((255, 252, 244), (180, 194, 212), top=500, low=690, cover=0.5, across=9, down=22)
    c.ridge(c.profile(horizon - 6, 26, 9, 0.5), (96, 124, 108), (86, 116, 84), bottom=horizon + 30)
    c.sky([(0, (128, 158, 70)), (0.3, (74, 124, 46)), (1, (28, 72, 28))], top=horizon)
    vx, rows = 640.0, []
    for k in range(-60, 61):
        x = vx + k * 92
        rows.append([(vx + k * 2.2, horizon + 3), (x - 20, HEIGHT), (x + 20, HEIGHT)])
    c.polygons(rows, (96, 152, 58), strength=0.85)
    furrows = [[r[0], (r[2][0], HEIGHT), (r[2][0] + 16, HEIGHT)] for r in rows]
    c.polygons(furrows, (24, 54, 24), strength=0.7)
    _farm(c, 1130, horizon + 8)
    leaves = c.rng.random((190, 3)).tolist()

    def corn(pen: Pen) -> None:
        for a, b, w in leaves:
            x, y = a * WIDTH, HEIGHT + 10
            h = 90 + 120 * b
            lean = (w - 0.5) * 190
            pen.polygon(
                [(x - 7, y), (x + 7, y), (x + lean * 0.5, y - h * 0.8), (x + lean, y - h * 0.62)]
            )

    c.shape((0, 830, WIDTH, HEIGHT), (20, 58, 26), corn)
    front = [
        [
            (a * WIDTH - 5, HEIGHT + 5),
            (a * WIDTH + 4, HEIGHT + 5),
            (a * WIDTH + (b - 0.5) * 160, HEIGHT - 40 - 90 * w),
        ]
        for a, w, b in leaves
    ]
    c.polygons(front, (54, 104, 40), strength=0.8)


def _farm(c: Canvas, x: float, y: float) -> None:
    for k, r in ((0, 44), (70, 34), (-66, 30), (240, 40), (292, 30)):
        c.ellipse(x - 40 + k, y - r * 0.8, r, r, (46, 84, 46))
        c.ellipse(x - 48 + k, y - r * 1.05, r * 0.6, r * 0.55, (84, 120, 62), strength=0.7)
    c.polygon(
        [(x + 50, y), (x + 50, y - 70), (x + 98, y - 112), (x + 146, y - 70), (x + 146, y)],
        (164, 44, 36),
    )
    c.polygon(
        [
            (x + 44, y - 68),
            (x + 98, y - 118),
            (x + 152, y - 68),
            (x + 140, y - 70),
            (x + 98, y - 106),
            (x + 54, y - 70),
        ],
        (232, 226, 214),
    )
    c.polygon([(x + 82, y), (x + 82, y - 44), (x + 114, y - 44), (x + 114, y)], (240, 234, 222))
    for k, tall in ((164, 130), (194, 104)):
        c.polygon(
            [(x + k, y), (x + k, y - tall), (x + k + 26, y - tall), (x + k + 26, y)],
            (198, 200, 204),
        )
        c.polygon(
            [(x + k + 16, y), (x + k + 16, y - tall), (x + k + 26, y - tall), (x + k + 26, y)],
            (146, 152, 160),
        )
        c.ellipse(x + k + 13, y - tall, 13, 12, (214, 218, 222))


def windmill_and_storm(c: Canvas) -> None:
    horizon = 790
    c.sky(
        [(0, (48, 66, 98)), (0.5, (104, 124, 142)), (0.86, (214, 196, 150)), (1, (240, 214, 160))],
        low=horizon,
    )
    # the anvil: a tower that spreads where the sky ends
    rows = np.linspace(0, HEIGHT, HEIGHT // 4, dtype=np.float32)[:, None]
    cols = np.linspace(0, WIDTH, WIDTH // 4, dtype=np.float32)[None, :]
    lump = c.noise(9, 8, 5)
    half = (
        250
        + 260 * np.clip((330 - rows) / 160, 0, 1) ** 1.6
        + 60 * np.clip((rows - 500) / 200, 0, 1)
    )
    body = np.clip((half - np.abs(cols - 960) + (lump - 0.5) * 420) / 46, 0, 1)
    body = (
        body
        * np.clip((rows - 70 + (lump - 0.5) * 60) / 26, 0, 1)
        * np.clip((775 - rows) / 60, 0, 1)
    )
    c.paint(c.soft(body), (236, 226, 214))
    shade = np.clip(((cols - 880) / 420 + (rows - 380) / 520 + (lump - 0.5) * 2.4), 0, 1) * body
    c.paint(c.soft(shade * 0.9), (84, 92, 116))
    glowing = np.clip((lump - 0.46) * 3, 0, 1) * np.clip((940 - cols) / 300, 0, 1) * body
    c.paint(c.soft(glowing * 0.8), (255, 240, 214))
    c.paint(
        c.soft(
            np.clip((rows - 590) / 130, 0, 1)
            * np.clip(1 - np.abs(cols - 980) / 420, 0, 1)
            * (rows < horizon)
            * (0.5 + c.noise(40, 2, 2) * 0.6)
        ),
        (72, 82, 104),
    )
    _bolt(c, 1110, 600, horizon)
    c.ground(horizon, (142, 108, 44), (222, 186, 104), 0.45, (88, 62, 24))
    c.polygon(
        [(0, horizon + 92), (WIDTH, horizon + 74), (WIDTH, horizon + 90), (0, horizon + 112)],
        (120, 106, 92),
    )
    vehicles.side(c, "Big Dolores", 640, horizon + 96, 150, lamps=True)
    _fence(c, horizon + 130)
    _windmill(c, 330, 985, 620)
    _grass(c, 950, (74, 52, 20), 90, 60)


def _bolt(c: Canvas, x: float, top: float, low: float) -> None:
    points, y = [(x, top)], top
    while y < low:
        y += 22 + 20 * c.rng.random()
        x += (c.rng.random() - 0.5) * 46
        points.append((x, min(y, low)))
    c.line(points, (226, 214, 255), 12, blur=8, light=True)
    c.line(points, (255, 252, 255), 3.2)


def _fence(c: Canvas, y: float) -> None:
    posts = [(x, y + 60 - abs(x - 800) * 0.02) for x in range(30, WIDTH, 190)]
    for x, low in posts:
        c.polygon([(x - 4, low), (x - 3, low - 66), (x + 4, low - 68), (x + 4, low)], (66, 50, 34))
    for up in (56, 38, 20):
        c.line(
            [(-10, y + 60 - up), *[(x, low - up) for x, low in posts], (WIDTH + 10, y + 50 - up)],
            (70, 58, 44),
            1.5,
        )


def _windmill(c: Canvas, x: float, low: float, tall: float) -> None:
    dark, top = (44, 36, 34), low - tall
    for lean in (-62, 62):
        c.line([(x + lean, low), (x + lean * 0.12, top + 40)], dark, 7)
    for k in range(1, 6):
        y = low - k * tall / 6.4
        w = 62 * (1 - k / 6.6)
        c.line([(x - w, y), (x + w, y)], dark, 4)
        c.line([(x - w, y), (x + w * 0.8, y - tall / 6.4)], dark, 3)
    c.polygon(
        [
            (x, top + 30),
            (x + 130, top + 8),
            (x + 150, top - 20),
            (x + 150, top + 62),
            (x + 130, top + 40),
        ],
        (150, 52, 40),
    )
    for k in range(16):
        a = 2 * np.pi * k / 16 + 0.12
        inner, outer = 26, 108
        pts = [
            (x + r * np.cos(a + d), top + 24 + r * np.sin(a + d))
            for r, d in ((inner, -0.08), (outer, -0.14), (outer, 0.1), (inner, 0.04))
        ]
        c.polygon(pts, mix((206, 206, 204), (92, 92, 100), 0.5 + 0.5 * float(np.sin(a * 1.0))))
    c.ellipse(x, top + 24, 15, 15, dark)


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
    _grass(c, 980, (52, 18, 26), 50, 46)


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
    _spruces(c, 790, 130, (42, 74, 62), 60, 100)
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
    _spruces(c, 1075, 24, (20, 46, 40), 210, 360)


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


def _spruces(c: Canvas, base: float, n: int, colour: Colour, least: float, most: float) -> None:
    rows = c.rng.random((n, 3)).tolist()

    def stroke(pen: Pen) -> None:
        for a, b, d in rows:
            # trees in the foreground leave the middle free
            x = a * WIDTH if n > 40 else (a * 0.26 if d < 0.5 else 1 - a * 0.2) * WIDTH
            h = least + (most - least) * b
            y = base + 22 * d
            for k in range(5):
                top, w = y - h + k * h * 0.17, h * (0.07 + 0.042 * k)
                pen.polygon([(x, top), (x - w, top + h * 0.3), (x + w, top + h * 0.3)])

    c.shape((0, base - most - 10, WIDTH, min(HEIGHT, base + 60)), colour, stroke)
    if n > 40:
        c.box(0, base, WIDTH, 60, colour)


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
    _grass(c, 1010, (96, 86, 46), 70, 56)


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


def under(skyline: Floats32, x: float) -> float:
    """The height of a skyline at a column."""
    return float(skyline[int(np.clip(x, 0, WIDTH - 1))])
