"""Pictures with several cars in them: what a convoy looks like from inside."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageChops

from convoylog.demo import vehicles
from convoylog.demo.brushes import HEIGHT, WIDTH, Canvas, Colour, Floats32, Pen, mix
from convoylog.demo.landscapes import under

CARS = ("The Sofa", "Kumquat", "Big Dolores", "Gecko", "Plan B")


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


def barbecue(c: Canvas) -> None:
    horizon = 660
    c.sky(
        [(0, (40, 44, 96)), (0.4, (112, 76, 130)), (0.72, (236, 128, 104)), (1, (255, 206, 128))],
        low=horizon,
    )
    c.clouds((255, 158, 112), (132, 76, 122), top=80, low=560, cover=0.52, across=2.4, down=13)
    c.glow(620, horizon - 70, 420, (255, 190, 100), 0.6, 0.5)
    c.ridge(
        c.profile(horizon - 70, 150, 4, 0.55), (106, 76, 124), (176, 106, 122), bottom=horizon + 30
    )
    c.ridge(c.profile(horizon - 30, 70, 6), (72, 56, 96), (84, 60, 88), bottom=horizon + 30)
    c.sky([(0, (62, 66, 56)), (0.4, (44, 54, 46)), (1, (22, 30, 32))], top=horizon)
    _trees(c, horizon + 20, (30, 32, 50))
    for k, car in enumerate(CARS):
        vehicles.side(c, car, 70 + 296 * k, 800 + 6 * (k % 2), 256, dim=0.34, gloom=(40, 24, 54))
    _bulbs(c)
    c.glow(760, 900, 420, (255, 150, 70), 0.42, 0.6)
    _smoke(c, 760, 800)
    _grill(c, 760, 905)
    for x, y, h, arms in (
        (250, 1000, 250, 1),
        (350, 990, 232, 0),
        (520, 960, 214, 2),
        (905, 965, 240, 3),
        (1060, 985, 226, 0),
        (1150, 990, 150, 1),
        (1220, 1000, 122, 2),
        (1340, 980, 236, 1),
        (1440, 1000, 220, 0),
    ):
        _person(c, x, y, h, arms)
    _dog(c, 645, 990)


def _trees(c: Canvas, y: float, colour: Colour) -> None:
    rows = c.rng.random((34, 3)).tolist()

    def stroke(pen: Pen) -> None:
        for x, wide, tall in ((60, 130, 260), (1490, 150, 300), (1300, 90, 170), (250, 80, 150)):
            pen.polygon([(x - 10, y), (x + 10, y), (x + 6, y - tall), (x - 6, y - tall)])
            for a, b, d in rows:
                pen.ellipse(
                    x + (a - 0.5) * wide * 1.6,
                    y - tall + (b - 0.5) * wide * 1.3,
                    wide * (0.16 + 0.2 * d),
                    wide * (0.14 + 0.18 * d),
                )

    c.shape((0, y - 480, WIDTH, y + 4), colour, stroke)


def _bulbs(c: Canvas) -> None:
    for x1, x2, y1, y2, sag in ((70, 1492, 420, 380, 190), (250, 1300, 540, 520, 60)):
        t = np.linspace(0, 1, 80)
        xs, ys = x1 + (x2 - x1) * t, y1 + (y2 - y1) * t + sag * (1 - (2 * t - 1) ** 2)
        c.line(list(zip(xs.tolist(), ys.tolist(), strict=True)), (24, 20, 34), 3)
        for k in range(3, 78, 8):
            x, y = float(xs[k]), float(ys[k]) + 12
            c.glow(x, y, 58, (255, 190, 104), 0.65)
            c.ellipse(x, y, 9, 11, (255, 246, 212))


def _smoke(c: Canvas, x: float, y: float) -> None:
    rows = np.linspace(0, HEIGHT, HEIGHT // 4, dtype=np.float32)[:, None]
    cols = np.linspace(0, WIDTH, WIDTH // 4, dtype=np.float32)[None, :]
    up = np.clip((y - rows) / 620, 0, 1)
    drift = x + 260 * up**1.5 + 46 * np.sin(up * 9)
    plume = np.exp(-(((cols - drift) / (26 + 190 * up)) ** 2)) * (rows < y) * (1 - up) ** 0.8
    curl = np.clip(c.noise(11, 9, 5) * 2.6 - 0.6, 0, 1)
    c.paint(c.soft(plume * curl), (238, 224, 226))


def _grill(c: Canvas, x: float, y: float) -> None:
    for lean in (-58, 0, 58):
        c.line([(x + lean * 0.5, y), (x + lean * 1.25, y + 118)], (18, 16, 22), 9)

    def bowl(pen: Pen) -> None:
        pen.ellipse(x, y - 40, 96, 58)
        pen.box(x - 110, y - 110, 220, 70, 0, 0)

    c.shape((x - 100, y - 96, x + 100, y + 20), (30, 26, 34), bowl)
    c.ellipse(x, y - 42, 94, 15, (255, 120, 40))
    c.glow(x, y - 48, 130, (255, 120, 40), 1.0, 0.6)
    for a, b in c.rng.random((13, 2)).tolist():
        c.ellipse(x - 74 + 148 * a, y - 46 + 10 * b, 9, 5, (255, 220, 130))
    for k in range(5):
        c.ellipse(x - 64 + 32 * k, y - 54, 15, 6, (92, 40, 24))
    for a, b, s in c.rng.random((26, 3)).tolist():
        up = b * 260
        c.ellipse(
            x + (a - 0.5) * (60 + up * 0.7) + up * 0.22,
            y - 60 - up,
            1 + 2 * s,
            1 + 2 * s,
            (255, 190, 90),
        )


#: where the hands are, in heights of the person: left, right
_HANDS = (
    ((-0.13, -0.42), (0.12, -0.4)),
    ((-0.15, -0.46), (0.07, -0.58)),
    ((-0.17, -1.02), (0.13, -0.44)),
    ((-0.34, -0.5), (0.1, -0.44)),
)


def _person(c: Canvas, x: float, y: float, h: float, arms: int) -> None:
    """Against the light, its edge lit by the coals."""
    dark, rim = (30, 20, 38), (232, 134, 78)
    c.ellipse(x, y, h * 0.2, h * 0.03, (0, 0, 0), blur=5, strength=0.5)
    lean = (c.rng.random() - 0.5) * 0.05 * h
    shirt = mix(dark, ((70, 84, 130), (150, 74, 54), (92, 62, 110))[int(x) % 3], 0.4)
    for colour, coat, dx in ((rim, rim, -2.5 if x > 760 else 2.5), (dark, shirt, 0.0)):
        left, neck = x + dx, x + dx + lean
        for s in (-1, 1):
            hip, foot = left + s * h * 0.035, left + s * h * 0.055
            c.line([(hip, y - h * 0.44), (foot, y - h * 0.03)], colour, h * 0.07)
            c.ellipse(foot + s * h * 0.012, y - h * 0.012, h * 0.038, h * 0.016, colour)
        for s, (ex, ey) in zip((-1, 1), _HANDS[arms], strict=True):
            shoulder = (neck + s * h * 0.085, y - h * 0.75)
            hand = (left + h * ex, y + h * ey)
            out = 0.03 if arms != 3 else 0.0
            elbow = ((shoulder[0] + hand[0]) / 2 + s * h * out, (shoulder[1] + hand[1]) / 2)
            c.line([shoulder, elbow, hand], coat, h * 0.045)
        c.polygon(
            [
                (neck - h * 0.1, y - h * 0.74),
                (neck - h * 0.04, y - h * 0.8),
                (neck + h * 0.04, y - h * 0.8),
                (neck + h * 0.1, y - h * 0.74),
                (left + h * 0.082, y - h * 0.4),
                (left - h * 0.082, y - h * 0.4),
            ],
            coat,
        )
        c.ellipse(neck - h * 0.075, y - h * 0.75, h * 0.034, h * 0.034, coat)
        c.ellipse(neck + h * 0.075, y - h * 0.75, h * 0.034, h * 0.034, coat)
        c.line([(neck, y - h * 0.79), (neck + lean * 0.3, y - h * 0.86)], colour, h * 0.045)
        c.ellipse(neck + lean * 0.4, y - h * 0.905, h * 0.058, h * 0.073, colour)
        if int(x) % 4 == 0:
            # a straw hat
            c.ellipse(neck + lean * 0.4, y - h * 0.945, h * 0.11, h * 0.018, colour)
            c.ellipse(neck + lean * 0.4, y - h * 0.965, h * 0.058, h * 0.036, colour)


def _dog(c: Canvas, x: float, y: float) -> None:
    dark = (30, 18, 26)
    c.ellipse(x, y - 34, 42, 18, dark)
    for lx in (-34, -22, 22, 34):
        c.line([(x + lx, y - 30), (x + lx, y)], dark, 9)
    c.ellipse(x + 44, y - 62, 20, 17, dark)
    c.ellipse(x + 62, y - 57, 13, 8, dark)
    c.polygon([(x + 30, y - 72), (x + 36, y - 96), (x + 46, y - 76)], dark)
    c.line([(x - 40, y - 40), (x - 66, y - 76)], dark, 7)


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
    for k, car in enumerate(CARS):
        x = 38 + 312 * k
        c.polygon(
            [(x + 10, 886), (x + 270, 884), (x + 420, 912), (x + 120, 914)],
            (40, 36, 48),
            blur=8,
            strength=0.4,
        )
        vehicles.side(c, car, x, 886, 280)
    _grass(c)


def _grass(c: Canvas) -> None:
    rows = c.rng.random((420, 4)).tolist()
    for low, high, tone in ((0, 210, (96, 120, 56)), (210, 420, (70, 92, 42))):

        def stroke(pen: Pen, low: int = low, high: int = high) -> None:
            for a, b, lean, tall in rows[low:high]:
                x, y = a * WIDTH, HEIGHT + 6 - b * 46
                h = 26 + 58 * tall
                pen.polygon([(x - 3, y), (x + 3, y), (x + (lean - 0.4) * h, y - h)])

        c.shape((0, 900, WIDTH, HEIGHT), tone, stroke)
    for a, b, k, _ in rows[:46]:
        x, y = a * WIDTH, 985 + b * 66
        tone = ((240, 226, 120), (232, 120, 96), (214, 160, 224))[int(k * 3)]
        c.ellipse(x, y, 6, 6, tone)
        c.ellipse(x, y, 2.4, 2.4, (120, 76, 30))


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
    _grass_gold(c)


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


def _grass_gold(c: Canvas) -> None:
    rows = c.rng.random((260, 3)).tolist()

    def stroke(pen: Pen) -> None:
        for a, lean, tall in rows:
            x, h = a * WIDTH, 24 + 74 * tall
            pen.polygon(
                [(x - 3, HEIGHT + 4), (x + 4, HEIGHT + 4), (x + (lean - 0.3) * h, HEIGHT - h)]
            )

    c.shape((0, 960, WIDTH, HEIGHT), (110, 84, 34), stroke)


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
    for k, car in enumerate(CARS):
        x = 210 + 236 * k
        vehicles.side(
            c, car, x, under(bank, x + 90) + 26, 206, dim=0.3, gloom=(26, 20, 48), lamps=True
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
