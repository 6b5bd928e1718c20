"""Close-ups of the demo: a wet windscreen, a slice of pie."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from convoylog.demo import vehicles
from convoylog.demo.brushes import HEIGHT, WIDTH, Canvas, Pen, mix


def rain_on_windscreen(c: Canvas) -> None:
    c.sky([(0, (70, 80, 94)), (0.5, (120, 130, 140)), (0.62, (146, 152, 156)), (1, (96, 104, 108))])
    c.clouds((150, 158, 166), (66, 76, 90), top=-40, low=480, cover=0.64, across=3, down=6)
    c.ridge(c.profile(520, 280, 4), (84, 98, 112), (110, 122, 130), bottom=700)
    c.ridge(c.profile(600, 130, 6), (62, 82, 78), (88, 102, 100), bottom=760)
    c.polygon([(700, 660), (860, 660), (1650, 1067), (-90, 1067)], (74, 80, 88))
    c.polygon([(772, 670), (784, 670), (700, 1067), (560, 1067)], (214, 196, 120), strength=0.7)
    # a van, but whose?
    c.box(634, 512, 302, 230, (168, 44, 112), 50)
    c.polygon([(676, 616), (698, 540), (872, 540), (894, 616)], (56, 62, 76))
    for x in (672, 898):
        c.ellipse(x, 660, 24, 34, (255, 60, 40))
        c.glow(x, 660, 96, (255, 40, 24), 0.9)
        c.polygon(
            [(x - 24, 740), (x + 24, 740), (x + 60, 1000), (x - 60, 1000)],
            (255, 60, 44),
            blur=26,
            strength=0.55,
        )
    for x in (250, 1330):
        c.glow(x, 640, 90, (255, 226, 170), 0.7)
    c.blurred(16)
    _drops(c)
    # one stroke of the wiper
    a = np.linspace(np.pi * 1.04, np.pi * 1.62, 40)
    c.line(
        [(1010 + 980 * np.cos(t), 1180 + 900 * np.sin(t)) for t in a],
        (220, 228, 234),
        9,
        blur=5,
        strength=0.3,
    )
    c.line(
        [(1010, 1180), (1010 + 1000 * np.cos(a[24]), 1180 + 920 * np.sin(a[24]))], (18, 20, 24), 15
    )
    c.ridge(
        (985 + 46 * ((np.arange(WIDTH) - 760) / 800.0) ** 2).astype(np.float32),
        (30, 26, 26),
        (12, 11, 13),
    )


def _drops(c: Canvas) -> None:
    """Each drop shows the world upside down: the sky below, the road above, a spark of light."""
    picture = c.image.reduce(2).filter(ImageFilter.GaussianBlur(2))
    rows = c.rng.random((620, 4))
    drops = []
    for a, b, size, lean in rows.tolist():
        r = 3 + 20 * size**5
        x, y = a * WIDTH, b * 1000
        # where the wiper has just been there are few
        if (
            300 < np.hypot(x - 1010, (y - 1180) * 1.09) < 930
            and x < 1240
            and size < 0.93
            and lean < 0.8
        ):
            r *= 0.35
        drops.append((x, y, r, lean))

    def every(up: float, scale: float, least: float = 0.0) -> Callable[[Pen], None]:
        def draw(pen: Pen) -> None:
            for x, y, r, lean in drops:
                if r > least:
                    pen.ellipse(x, y + up * r, r * scale, r * scale * (1.05 + 0.25 * lean))

        return draw

    box = (0, 0, WIDTH, HEIGHT)
    c.shape(box, (26, 32, 40), every(0.08, 1.08), blur=1.2, strength=0.55)
    turned = picture.transpose(Image.Transpose.FLIP_TOP_BOTTOM).resize((WIDTH, HEIGHT))
    mask = Image.new("L", (WIDTH * 2, HEIGHT * 2))
    every(0, 1.0)(Pen(ImageDraw.Draw(mask), 0, 0, 2))
    c.image.paste(turned, (0, 0), mask.reduce(2))
    c.shape(box, (36, 42, 50), every(-0.38, 0.62, 5), blur=2, strength=0.34)
    c.shape(box, (236, 242, 246), every(0.42, 0.5, 4), blur=2, strength=0.6)
    sparks = [
        (x - r * 0.3, y - r * 0.42, max(0.8, r * 0.14), max(0.8, r * 0.12)) for x, y, r, _ in drops
    ]
    c.ellipses(sparks, (255, 255, 255))
    for x, y, r, _ in drops:
        if r > 15:
            trail = [(x + 5 * np.sin(k / 2.0 + x), y - r - k * 16) for k in range(9)]
            c.line(trail, (214, 222, 228), r * 0.5, blur=3, strength=0.22)


def pie(c: Canvas) -> None:
    # the window, and the weather behind it
    c.sky([(0, (108, 124, 138)), (0.7, (158, 170, 174)), (1, (134, 148, 140))], low=470)
    c.ridge(c.profile(300, 210, 3), (96, 112, 124), (112, 128, 126), bottom=470)
    c.ridge(c.profile(400, 60, 6), (84, 106, 90), (92, 112, 92), bottom=470)
    for k, car in enumerate(("The Sofa", "Big Dolores", "Gecko", "Plan B")):
        vehicles.side(c, car, 250 + 300 * k, 452, 190)
    c.blurred(9)
    for x in (-10, 500, 1080, 1590):
        c.polygon([(x, 0), (x + 24, 0), (x + 24, 470), (x, 470)], (226, 220, 204))
    c.polygon([(0, 462), (WIDTH, 462), (WIDTH, 500), (0, 500)], (236, 230, 214))
    c.polygon(
        [(0, 500), (WIDTH, 500), (WIDTH, 516), (0, 516)], (120, 112, 104), blur=4, strength=0.6
    )
    _cloth(c, 512)
    c.ellipse(800, 866, 480, 152, (30, 20, 26), blur=22, strength=0.5)
    c.ellipse(800, 842, 470, 150, (222, 226, 230))
    c.ellipse(800, 836, 464, 144, (250, 250, 246))
    c.ellipse(800, 838, 342, 100, (226, 230, 232))
    c.ellipse(800, 842, 336, 96, (246, 246, 242))
    _slice(c)
    # a fork, a mug, its steam
    c.line([(1310, 1010), (1400, 760)], (70, 60, 66), 15, blur=8, strength=0.5)
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

    stripes = [
        [
            (column(k, top), top),
            (column(k + 1, top), top),
            (column(k + 1, HEIGHT), HEIGHT),
            (column(k, HEIGHT), HEIGHT),
        ]
        for k in range(-16, 16, 2)
    ]
    rows = [
        (top + (HEIGHT - top) * (k / 9) ** 1.25, top + (HEIGHT - top) * ((k + 0.5) / 9) ** 1.25)
        for k in range(9)
    ]
    c.polygons(stripes, (204, 52, 48), strength=0.52)
    across = [[(0, a), (WIDTH, a), (WIDTH, b), (0, b)] for a, b in rows]
    c.polygons(across, (204, 52, 48), strength=0.52)
    c.polygon([(0, top), (WIDTH, top), (WIDTH, far), (0, far)], (60, 30, 40), blur=18, strength=0.3)


def _slice(c: Canvas) -> None:
    tip, left, right = (560, 872), (900, 742), (1090, 858)
    high = 92

    def up(p: tuple[float, float], h: float = high) -> tuple[float, float]:
        return (p[0], p[1] - h)

    c.polygon([tip, right, (1130, 880), (600, 900)], (60, 30, 40), blur=14, strength=0.5)
    c.polygon([tip, right, up(right), up(tip)], (140, 16, 34))
    for a, b in c.rng.random((26, 2)).tolist():
        x = tip[0] + (right[0] - tip[0]) * (0.06 + 0.88 * a)
        y = tip[1] + (right[1] - tip[1]) * (0.06 + 0.88 * a) - 20 - (high - 36) * b
        c.ellipse(x, y, 17, 15, mix((166, 14, 36), (96, 6, 24), b))
        c.ellipse(x - 5, y - 5, 4, 3, (250, 170, 170), strength=0.8)
    c.polygon([tip, right, up(right, 15), up(tip, 15)], (206, 150, 82))
    c.polygon([up(tip), up(right), up(right, high - 16), up(tip, high - 16)], (224, 168, 92))
    c.polygon(
        [up(tip), up(left), (1010, left[1] - high + 10), (1075, 790 - high + 16), up(right)],
        (190, 34, 46),
    )
    for k in range(1, 7):
        a = k / 7
        p = (tip[0] + (left[0] - tip[0]) * a, tip[1] + (left[1] - tip[1]) * a - high)
        q = (tip[0] + (right[0] - tip[0]) * a, tip[1] + (right[1] - tip[1]) * a - high)
        c.line([p, q], (168, 108, 48), 24)
        c.line([(p[0], p[1] - 4), (q[0], q[1] - 4)], (240, 192, 112), 19)
    for a in (0.2, 0.5, 0.8):
        q = (left[0] + (right[0] - left[0]) * a, left[1] + (right[1] - left[1]) * a - high)
        near = (tip[0] + (q[0] - tip[0]) * 0.2, tip[1] - high + (q[1] - tip[1] + high) * 0.2)
        c.line([near, q], (168, 108, 48), 24)
        c.line([(near[0], near[1] - 4), (q[0], q[1] - 4)], (246, 202, 122), 19)
    rim = [
        (
            left[0] + (right[0] - left[0]) * t + 52 * np.sin(np.pi * t),
            left[1] + (right[1] - left[1]) * t - high - 8 * np.sin(np.pi * t),
        )
        for t in np.linspace(0, 1, 12)
    ]
    c.line(rim, (170, 108, 46), 50)
    c.line([(x, y - 6) for x, y in rim], (234, 182, 100), 42)
    for x, y in rim[::2]:
        c.ellipse(x, y - 10, 16, 12, (250, 214, 142), strength=0.8)
    c.polygon(
        [right, (right[0] + 26, right[1] - 20), (right[0] + 26, right[1] - high), up(right)],
        (206, 148, 76),
    )


def _mug(c: Canvas, x: float, y: float) -> None:
    c.ellipse(x, y + 110, 130, 30, (40, 24, 30), blur=14, strength=0.5)

    def handle(pen: Pen) -> None:
        pen.ellipse(x - 108, y + 20, 62, 58)
        pen.ellipse(x - 108, y + 20, 38, 36, 0)

    c.shape((x - 190, y - 60, x, y + 90), (58, 104, 150), handle)
    c.ellipse(x, y + 104, 92, 22, (66, 116, 164))
    c.polygon(
        [(x - 108, y - 60), (x + 108, y - 60), (x + 92, y + 104), (x - 92, y + 104)], (66, 116, 164)
    )
    c.polygon(
        [(x + 40, y - 50), (x + 104, y - 56), (x + 88, y + 104), (x + 40, y + 116)],
        (34, 68, 108),
        blur=14,
        strength=0.6,
    )
    c.ellipse(x, y - 60, 108, 28, (120, 164, 204))
    c.ellipse(x, y - 58, 96, 22, (54, 30, 20))
    for k in (-30, 10, 44):
        steam = [(x + k + 16 * np.sin(t * 2.2 + k), y - 70 - 52 * t) for t in np.linspace(0, 4, 24)]
        c.line(steam, (255, 255, 255), 22, blur=13, strength=0.42)
