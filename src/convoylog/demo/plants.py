"""What grows along the road: grass, meadows, spruces, groves."""

from __future__ import annotations

from convoylog.demo.brushes import HEIGHT, WIDTH, Canvas, Colour, Pen


def grass(c: Canvas, top: float, colour: Colour, n: int, tall: float = 70) -> None:
    """Blades along the lower edge, in one stroke."""
    rows = c.rng.random((n * 4, 4)).tolist()

    def stroke(pen: Pen) -> None:
        for a, b, lean, high in rows:
            x, y = a * WIDTH, HEIGHT + 4 - b * (HEIGHT - top) * 0.5
            h = tall * (0.4 + high * 0.8)
            pen.polygon([(x - 3, y), (x + 3, y), (x + (lean - 0.35) * h * 0.8, y - h)])

    c.shape((0, top - tall * 1.3, WIDTH, HEIGHT), colour, stroke)


def spruces(c: Canvas, base: float, n: int, colour: Colour, least: float, most: float) -> None:
    """n spruces in a row. least, most: how tall."""
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


def meadow(c: Canvas) -> None:
    """Grass and flowers along the lower edge."""
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


def gold_grass(c: Canvas) -> None:
    """Dry grass along the lower edge."""
    rows = c.rng.random((260, 3)).tolist()

    def stroke(pen: Pen) -> None:
        for a, lean, tall in rows:
            x, h = a * WIDTH, 24 + 74 * tall
            pen.polygon(
                [(x - 3, HEIGHT + 4), (x + 4, HEIGHT + 4), (x + (lean - 0.3) * h, HEIGHT - h)]
            )

    c.shape((0, 960, WIDTH, HEIGHT), (110, 84, 34), stroke)


def grove(c: Canvas, y: float, colour: Colour) -> None:
    """Cottonwoods at both sides, their feet at y."""
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
