"""A barbecue of all cars: people, a dog, a grill and its smoke against the evening."""

from __future__ import annotations

import numpy as np

from convoylog.demo import vehicles
from convoylog.demo.brushes import HEIGHT, WIDTH, Canvas, Pen, mix
from convoylog.demo.plants import grove


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
    grove(c, horizon + 20, (30, 32, 50))
    for k, car in enumerate(vehicles.PAINT):
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
