"""Pictures with several cars in them: what a convoy looks like from inside."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageChops

from convoylog.demo import vehicles
from convoylog.demo.brushes import HEIGHT, WIDTH, Canvas, Colour, Floats32, mix
from convoylog.demo.plants import gold_grass, meadow


def two_on_the_interstate(c: Canvas) -> None:
    horizon = 600
    c.sky(
        [
            (0, (64, 120, 190)),
            (0.55, (148, 188, 216)),
            (0.85, (246, 222, 178)),
            (1, (255, 226, 168)),
        ],
        low=horizon,
    )
    c.clouds((255, 250, 238), (164, 168, 194), top=0, low=470, cover=0.58, across=3.5, down=7)
    c.clouds((255, 238, 208), (206, 180, 170), top=430, low=590, cover=0.5, across=8, down=26)
    c.glow(1240, horizon - 60, 420, (255, 226, 150), 0.6, 0.6)
    c.ridge(c.profile(horizon - 4, 26, 8), (112, 136, 112), (120, 140, 96), bottom=horizon + 30)
    c.ground(horizon, (112, 138, 60), (190, 184, 104), 0.4, (70, 92, 40))
    c.polygon([(770, horizon), (812, horizon), (1720, HEIGHT), (-40, HEIGHT)], (128, 124, 122))
    c.polygon([(812, horizon), (815, horizon), (1670, HEIGHT), (1640, HEIGHT)], (246, 244, 236))
    c.polygon([(769, horizon), (771, horizon), (70, HEIGHT), (30, HEIGHT)], (240, 204, 92))
    for k in range(11):
        a, b = (k / 11) ** 2.4, ((k + 0.42) / 11) ** 2.4
        y1, y2 = horizon + a * (HEIGHT - horizon), horizon + b * (HEIGHT - horizon)
        x1, x2 = 789 - 60 * a, 789 - 60 * b
        c.polygon(
            [
                (x1 - 1 - 9 * a, y1),
                (x1 + 1 + 9 * a, y1),
                (x2 + 1 + 9 * b, y2),
                (x2 - 1 - 9 * b, y2),
            ],
            (250, 246, 234),
        )
    for k in range(8):
        a = (k + 1) / 8
        x = 812 + 780 * a**2.2
        y = horizon + 5 + 90 * a**2.2
        c.polygon(
            [
                (x, y),
                (x, y - 130 * a**1.8 - 12),
                (x + 2 + 6 * a, y - 130 * a**1.8 - 12),
                (x + 2 + 6 * a, y),
            ],
            (88, 66, 48),
        )
        c.polygon(
            [
                (x - 24 * a, y - 116 * a**1.8 - 10),
                (x + 28 * a, y - 116 * a**1.8 - 10),
                (x + 28 * a, y - 108 * a**1.8 - 10),
                (x - 24 * a, y - 108 * a**1.8 - 10),
            ],
            (88, 66, 48),
        )
    vehicles.behind(c, "The Sofa", 960, 838, 250)
    # an orange bonnet, and what lives on the dashboard
    bonnet = (1000 + 60 * ((np.arange(WIDTH) - 800) / 800.0) ** 2).astype(np.float32)
    c.ridge(bonnet, (250, 160, 70), (176, 84, 24))
    dash = (1036 + 40 * ((np.arange(WIDTH) - 800) / 800.0) ** 2).astype(np.float32)
    c.ridge(dash, (40, 38, 42), (18, 17, 20))
    _duck(c, 1270, 1030)


def _duck(c: Canvas, x: float, y: float) -> None:
    c.ellipse(x, y - 26, 46, 32, (252, 208, 52))
    c.ellipse(x + 26, y - 66, 26, 25, (252, 214, 66))
    c.polygon([(x + 46, y - 70), (x + 72, y - 62), (x + 46, y - 54)], (240, 122, 40))
    c.ellipse(x + 34, y - 72, 4, 5, (30, 24, 22))
    c.ellipse(x - 8, y - 30, 24, 14, (230, 176, 34))


def five_cars_and_mountains(c: Canvas) -> None:
    horizon = 690
    c.sky([(0, (60, 120, 196)), (0.6, (158, 198, 228)), (1, (238, 232, 214))], low=horizon)
    c.clouds((255, 255, 252), (190, 204, 222), top=30, low=330, cover=0.46, across=4, down=12)
    far = c.profile(430, 190, 4.5, 0.55)
    c.ridge(
        far, (128, 146, 180), (172, 186, 204), bottom=horizon + 20, facets=0.9, lit=(246, 248, 252)
    )
    c.ridge(
        c.profile(530, 130, 5),
        (98, 120, 146),
        (136, 152, 164),
        bottom=horizon + 20,
        facets=0.15,
        lit=(220, 222, 218),
    )
    c.ridge(c.profile(620, 80, 6), (70, 98, 96), (94, 116, 96), bottom=horizon + 20)
    c.ridge(c.profile(668, 34, 9), (70, 96, 62), (96, 116, 66), bottom=horizon + 40)
    c.ground(horizon, (116, 134, 66), (182, 180, 102), 0.4, (74, 88, 44))
    c.polygon([(0, 800), (WIDTH, 792), (WIDTH, 950), (0, 962)], (148, 140, 128))
    c.polygon([(0, 800), (WIDTH, 792), (WIDTH, 797), (0, 806)], (214, 206, 190))
    for k in range(16):
        c.polygon(
            [(20 + k * 104, 944), (72 + k * 104, 943), (74 + k * 104, 949), (20 + k * 104, 950)],
            (240, 236, 220),
            strength=0.8,
        )
    for k, car in enumerate(vehicles.PAINT):
        x = 38 + 312 * k
        c.polygon(
            [(x + 10, 886), (x + 270, 884), (x + 420, 912), (x + 120, 914)],
            (40, 36, 48),
            blur=8,
            strength=0.4,
        )
        vehicles.side(c, car, x, 886, 280)
    meadow(c)


def rainbow_over_the_park(c: Canvas) -> None:
    horizon = 660
    c.sky(
        [(0, (52, 62, 86)), (0.55, (86, 98, 120)), (0.85, (140, 146, 150)), (1, (206, 196, 162))],
        low=horizon,
    )
    c.clouds((112, 122, 142), (50, 58, 80), top=-60, low=420, cover=0.62, across=3, down=7)
    rows = np.linspace(0, HEIGHT, HEIGHT // 4, dtype=np.float32)[:, None]
    cols = np.linspace(0, WIDTH, WIDTH // 4, dtype=np.float32)[None, :]
    _bow(c, rows, cols, 640, 62, 0.62, horizon)
    _bow(c, rows, cols, 850, -66, 0.16, horizon)
    inside = np.clip(1 - np.hypot(cols - 860, (rows - 860) * 1.02) / 610, 0, 1) ** 0.3 * (
        rows < horizon
    )
    c.light(c.soft(inside * 0.2), (220, 220, 230))
    crest = c.profile(560, 150, 4, 0.55)
    c.ridge(
        crest, (66, 74, 96), (94, 100, 110), bottom=horizon + 20, facets=0.22, lit=(196, 196, 190)
    )
    c.ridge(c.profile(634, 40, 7), (58, 74, 66), (82, 92, 66), bottom=horizon + 20)
    c.ground(horizon, (168, 142, 62), (244, 214, 124), 0.42, (98, 80, 36))
    # sun from behind us, low and long
    c.polygon(
        [(0, horizon), (WIDTH, horizon), (WIDTH, 800), (0, 860)],
        (255, 226, 130),
        blur=40,
        strength=0.3,
    )
    c.polygon([(0, 862), (WIDTH, 810), (WIDTH, 876), (0, 944)], (74, 70, 76))
    c.polygon([(0, 898), (WIDTH, 840), (WIDTH, 845), (0, 905)], (248, 206, 90))
    c.polygon([(0, 866), (WIDTH, 813), (WIDTH, 816), (0, 871)], (226, 222, 212), strength=0.7)
    for k, car in enumerate(("Kumquat", "Gecko", "The Sofa", "Big Dolores", "Plan B")):
        x = 90 + 300 * k
        vehicles.side(c, car, x, 925 - (x + 100) * 0.0355, 205, lamps=True)
    for x in range(40, WIDTH, 168):
        y = 1010 - x * 0.034
        c.polygon([(x, y), (x + 2, y - 72), (x + 11, y - 74), (x + 12, y)], (70, 56, 44))
    for up in (60, 42, 24):
        c.line([(0, 1011 - up), (WIDTH, 957 - up)], (90, 80, 70), 1.8)
    gold_grass(c)


def _bow(
    c: Canvas,
    rows: Floats32,
    cols: Floats32,
    radius: float,
    wide: float,
    strength: float,
    horizon: float,
) -> None:
    """Red outside, unless wide is negative: then it is the second bow."""
    far = np.hypot(cols - 860, (rows - 860) * 1.02)
    share = (far - radius) / wide
    fade = (rows < horizon + 30) * np.clip((horizon + 40 - rows) / 60, 0, 1)
    bands: tuple[tuple[float, Colour], ...] = (
        (0.0, (150, 60, 220)),
        (0.2, (60, 90, 255)),
        (0.4, (40, 220, 120)),
        (0.6, (255, 240, 60)),
        (0.8, (255, 150, 30)),
        (1.0, (255, 50, 50)),
    )
    light = np.zeros((*share.shape, 3), dtype=np.float32)
    for at, colour in bands:
        band = np.exp(-(((share - at) / 0.14) ** 2)) * fade * strength
        light += band[:, :, None] * np.array(colour, dtype=np.float32)
    shine = Image.fromarray(np.clip(light, 0, 255).astype(np.uint8))
    shine = shine.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    c.image = ImageChops.screen(c.image, shine)


def city_at_dusk(c: Canvas) -> None:
    shore = 690
    c.sky(
        [(0, (30, 40, 92)), (0.4, (92, 76, 136)), (0.72, (232, 126, 112)), (1, (255, 200, 128))],
        low=shore,
    )
    c.clouds((255, 150, 120), (110, 74, 130), top=60, low=560, cover=0.5, across=2.2, down=15)
    c.glow(480, shore - 110, 460, (255, 190, 110), 0.6, 0.5)
    c.ridge(c.profile(560, 150, 4.4, 0.55), (92, 76, 130), (160, 106, 134), bottom=shore)
    c.ridge(c.profile(620, 70, 6), (70, 60, 104), (104, 76, 112), bottom=shore)
    _towers(c, shore - 6)
    c.ridge(c.profile(shore - 26, 30, 14, 0.7), (34, 36, 58), (26, 28, 46), bottom=shore + 4)
    # the lake has it all a second time
    upper = c.image.crop((0, shore - 330, WIDTH, shore)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    c.image.paste(upper.resize((WIDTH, 260)), (0, shore))
    ripples = c.noise(5, 70, 3) * ((np.arange(HEIGHT // 4)[:, None] * 4) >= shore)
    c.paint(c.soft(np.clip(ripples * 2.6 - 1.0, 0, 1) * 0.5), (38, 38, 78))
    c.paint(
        c.soft(((np.arange(HEIGHT // 4)[:, None] * 4) >= shore) * np.full((1, WIDTH // 4), 0.24)),
        (24, 26, 62),
    )
    bank = c.profile(912, 26, 3)
    c.ridge(bank, (36, 42, 44), (14, 16, 24))
    for k, car in enumerate(vehicles.PAINT):
        x = 210 + 236 * k
        vehicles.side(
            c, car, x, _under(bank, x + 90) + 26, 206, dim=0.3, gloom=(26, 20, 48), lamps=True
        )


def _towers(c: Canvas, base: float) -> None:
    lit = []
    for k, (a, b, d) in enumerate(c.rng.random((20, 3)).tolist()):
        x = 760 + 34 * k + 14 * a
        near = 1 - abs(k - 9) / 11
        tall = 60 + 230 * near * (0.45 + 0.55 * b)
        wide = 34 + 30 * d
        tone = mix((52, 50, 92), (84, 68, 112), a)
        c.polygon([(x, base), (x, base - tall), (x + wide, base - tall), (x + wide, base)], tone)
        c.polygon(
            [(x, base), (x, base - tall), (x + wide * 0.3, base - tall), (x + wide * 0.3, base)],
            mix(tone, (250, 150, 120), 0.4),
        )
        if k in (7, 11):
            c.line([(x + wide / 2, base - tall), (x + wide / 2, base - tall - 54)], tone, 3)
        rows, cols = int(tall / 13), max(2, int(wide / 10))
        on = c.rng.random((rows, cols))
        lit += [
            (x + 5 + 10 * j, base - tall + 7 + 13 * i)
            for i in range(rows)
            for j in range(cols)
            if on[i, j] > 0.52
        ]
    panes = [[(x, y), (x + 4.5, y), (x + 4.5, y + 6), (x, y + 6)] for x, y in lit]
    c.polygons(panes, (255, 216, 140), strength=0.9)


def _under(skyline: Floats32, x: float) -> float:
    """The height of a skyline at a column."""
    return float(skyline[int(np.clip(x, 0, WIDTH - 1))])
