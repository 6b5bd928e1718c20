"""What a child of six drew of the convoy, so that the others know what to look for."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

from convoylog.demo import vehicles
from convoylog.demo.brushes import HEIGHT, WIDTH, Canvas, Colour, Points, grey


def crayon_convoy(c: Canvas) -> None:
    c.sky([(0, (248, 244, 232)), (1, (240, 233, 216))])
    wax = _Crayon(c)
    wax.zigzag((30, 560), 1540, 250, 9, (104, 108, 120), 13)
    wax.zigzag((30, 562), 1540, 250, 9, (150, 152, 170), 6)
    for k in range(7):
        wax.line(
            [(150 + 205 * k, 356), (178 + 205 * k, 392), (200 + 205 * k, 374)], (170, 200, 232), 12
        )
    for k in range(9):
        wax.line([(20, 40 + 24 * k), (430 + 130 * (k % 3), 36 + 25 * k)], (110, 178, 236), 17)
    _smiling_sun(wax, 1330, 190)
    for k in range(10):
        wax.line(
            [(16, 830 + 24 * k), (1584, 824 + 25 * k)], (92, 90, 94) if k < 4 else (84, 172, 78), 21
        )
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
    for x, y, tone in (
        (90, 1000, (226, 60, 110)),
        (520, 1030, (250, 150, 40)),
        (1120, 1010, (160, 80, 200)),
    ):
        wax.line([(x, y + 40), (x + 3, y)], (46, 130, 60), 9)
        for a in range(5):
            wax.ring(x + 20 * np.cos(a * 1.257), y - 6 + 20 * np.sin(a * 1.257), 10, 10, tone, 8)
    wax.done()


def _smiling_sun(wax: _Crayon, x: float, y: float) -> None:
    yellow = (252, 204, 50)
    for k in range(14):
        a = k * 0.449
        wax.line(
            [
                (x + 122 * np.cos(a), y + 122 * np.sin(a)),
                (x + 176 * np.cos(a), y + 172 * np.sin(a)),
            ],
            yellow,
            13,
        )
    for r in (16, 36, 56, 76, 96):
        wax.ring(x, y, r, r, yellow, 19)
    for s in (-1, 1):
        wax.ring(x + 34 * s, y - 22, 7, 10, (60, 50, 40), 8)
    mouth = [
        (x + 52 * np.cos(t), y + 12 + 42 * np.sin(t)) for t in np.linspace(0.25, np.pi - 0.25, 12)
    ]
    wax.line(mouth, (222, 70, 50), 10)


def _crayon_car(wax: _Crayon, car: str, x: float, y: float) -> None:
    paint = vehicles.PAINT[car]
    roof = 0 if car == "Gecko" else 104
    bed = car == "Plan B"
    left = 120 if bed else 50
    if roof:
        wax.line(
            [
                (x + left, y - 80),
                (x + left + 14, y - 80 - roof * 0.72),
                (x + 190, y - 80 - roof * 0.72),
                (x + 226, y - 80),
            ],
            paint,
            13,
        )
        wax.line(
            [(x + left + 30, y - 96), (x + left + 32, y - 136), (x + 178, y - 136)],
            (150, 204, 236),
            15,
        )
    else:
        wax.line(
            [(x + 90, y - 90), (x + 96, y - 160), (x + 190, y - 158), (x + 204, y - 90)],
            (60, 60, 66),
            10,
        )
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
        shake = (self._canvas.rng.random((n, 2)) - 0.5) * 7
        xs, ys = (np.interp(at, far, path[:, k]) + shake[:, k] for k in (0, 1))
        self._canvas.line(list(zip(xs.tolist(), ys.tolist(), strict=True)), colour, width)

    def ring(self, x: float, y: float, rx: float, ry: float, colour: Colour, width: float) -> None:
        turns = np.linspace(0.2, 2 * np.pi + 0.45, max(7, int(rx / 4) + 6))
        self.line([(x + rx * np.cos(t), y + ry * np.sin(t)) for t in turns], colour, width)

    def zigzag(
        self,
        start: tuple[float, float],
        wide: float,
        tall: float,
        n: int,
        colour: Colour,
        width: float,
    ) -> None:
        x, y = start
        ups = self._canvas.rng.random(2 * n + 1)
        points = [
            (x + wide * k / (2 * n), y - (tall * (0.7 + 0.45 * ups[k]) if k % 2 else 40 * ups[k]))
            for k in range(2 * n + 1)
        ]
        self.line(points, colour, width)

    def done(self) -> None:
        """The paper shows through."""
        tooth = self._canvas.rng.random((HEIGHT // 3, WIDTH // 3)).astype(np.float32)
        streaks = np.asarray(self._canvas.noise(60, 200, 2))
        high, wide = tooth.shape
        rows = streaks[np.arange(high) * len(streaks) // high][
            :, np.arange(wide) * streaks.shape[1] // wide
        ]
        hollow = grey(np.clip((tooth * 0.55 + rows - 0.68) * 4.0, 0.0, 0.9))
        mask = hollow.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
        image = self._canvas.image
        image.paste(self._paper, (0, 0), mask)
        # held a little too near the lens, as children do
        self._canvas.image = image.filter(ImageFilter.GaussianBlur(1.2))
