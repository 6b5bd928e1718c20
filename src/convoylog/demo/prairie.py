"""Landscapes of the plains: a lake at dawn, corn, a storm behind a windmill."""

from __future__ import annotations

import numpy as np

from convoylog.demo import vehicles
from convoylog.demo.brushes import HEIGHT, WIDTH, Canvas, Colour, Pen, mix
from convoylog.demo.plants import grass


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
    grass(c, 945, (12, 12, 20), 70)


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
    grass(c, 950, (74, 52, 20), 90, 60)


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
