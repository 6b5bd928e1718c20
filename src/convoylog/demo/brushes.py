"""A canvas and what one can do to it: washes, glows, clouds, ridges, shapes with soft edges."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1600, 1067
#: soft things are computed on a canvas so much smaller and enlarged
_SOFT = 4
#: shapes are drawn so much larger and reduced, for smooth edges
_FINE = 3

Colour = tuple[int, int, int]
Floats32 = NDArray[np.float32]
Points = Sequence[tuple[float, float]]


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """share 0: a; share 1: b."""
    return (
        round(a[0] + (b[0] - a[0]) * share),
        round(a[1] + (b[1] - a[1]) * share),
        round(a[2] + (b[2] - a[2]) * share),
    )


def grey(values: NDArray[np.floating]) -> Image.Image:
    """A mask from an array of 0 … 1."""
    return Image.fromarray((np.clip(values, 0.0, 1.0) * 255.0 + 0.5).astype(np.uint8))


class Canvas:
    """A picture under work. Coordinates: pixels from the top left of WIDTH × HEIGHT."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.image = Image.new("RGB", (WIDTH, HEIGHT))

    # ---- washes

    def sky(
        self, stops: Sequence[tuple[float, Colour]], top: float = 0, low: float = HEIGHT
    ) -> None:
        """A wash from top to low. stops: (share of the way down, colour), rising."""
        rows = round(low) - round(top)
        share = np.linspace(0.0, 1.0, rows)
        at = [s for s, _ in stops]
        column = np.stack(
            [np.interp(share, at, [float(c[k]) for _, c in stops]) for k in range(3)], axis=1
        )
        strip = Image.fromarray((column + 0.5).astype(np.uint8)[:, None, :])
        self.image.paste(strip.resize((WIDTH, rows)), (0, round(top)))

    def paint(self, mask: Image.Image, colour: Colour, corner: tuple[int, int] = (0, 0)) -> None:
        self.image.paste(colour, (*corner, corner[0] + mask.width, corner[1] + mask.height), mask)

    def light(self, mask: Image.Image, colour: Colour, corner: tuple[int, int] = (0, 0)) -> None:
        """Adds light, as neon and lamps do."""
        box = (*corner, corner[0] + mask.width, corner[1] + mask.height)
        lamp = Image.merge("RGB", [mask.point([v * c // 255 for v in range(256)]) for c in colour])
        self.image.paste(ImageChops.screen(self.image.crop(box), lamp), box)

    def glow(
        self,
        x: float,
        y: float,
        radius: float,
        colour: Colour,
        strength: float = 1.0,
        squash: float = 1.0,
    ) -> None:
        """A round light around a point. squash below 1: flatter."""
        left, top = max(0, int(x - 2 * radius)), max(0, int(y - 2 * radius * squash))
        right = min(WIDTH, int(x + 2 * radius) + 1)
        low = min(HEIGHT, int(y + 2 * radius * squash) + 1)
        if right <= left or low <= top:
            return
        size = (right - left, low - top)
        w, h = (max(2, n // _SOFT) for n in size)
        across = (np.linspace(left, right, w, dtype=np.float32) - x) / radius
        down = (np.linspace(top, low, h, dtype=np.float32) - y) / (radius * squash)
        far = across[None, :] ** 2 + down[:, None] ** 2
        # falls to nothing at two radii, without an edge
        shine = strength * np.exp(-far * 1.6) * np.clip(1.0 - far / 4.0, 0.0, 1.0)
        self.light(grey(shine).resize(size, Image.Resampling.BICUBIC), colour, (left, top))

    def noise(self, across: float, down: float, octaves: int = 4) -> Floats32:
        """Cloudy numbers 0 … 1 on the small canvas. across, down: blobs a picture at first."""
        size = (WIDTH // _SOFT, HEIGHT // _SOFT)
        total = np.zeros((size[1], size[0]), dtype=np.float32)
        height, most = 1.0, 0.0
        for _ in range(octaves):
            grid = self.rng.random((max(2, round(down) + 2), max(2, round(across) + 2)))
            layer = Image.fromarray(grid.astype(np.float32)).resize(size, Image.Resampling.BICUBIC)
            total += height * np.asarray(layer)
            most += height
            height, across, down = height * 0.52, across * 2.1, down * 2.1
        return total / np.float32(most)

    def soft(self, values: NDArray[np.floating]) -> Image.Image:
        """A full mask from numbers of the small canvas."""
        return grey(values).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)

    def clouds(
        self,
        colour: Colour,
        shade: Colour,
        *,
        top: float,
        low: float,
        cover: float,
        across: float = 4.0,
        down: float = 6.0,
        soft: float = 0.16,
    ) -> None:
        """Clouds between two heights. cover: share of the sky, about."""
        field = self.noise(across, down, 5)
        rows = np.linspace(0, HEIGHT, field.shape[0], dtype=np.float32)[:, None]
        middle, half = (top + low) / 2, (low - top) / 2
        reach = np.clip(1.25 - ((rows - middle) / half) ** 2, 0.0, 1.0)
        edge = 1.0 - cover
        amount = np.clip((field - 0.5 + (0.5 - edge) * 0.6) / soft, 0.0, 1.0) * reach
        amount = amount * amount * (3 - 2 * amount)
        # lit from above: thick where there is still cloud over it
        above = np.roll(amount, 7, axis=0)
        above[:7] = 0.0
        self.paint(self.soft(amount), colour)
        self.paint(self.soft(amount * np.clip(above * 1.1 - 0.15, 0.0, 1.0) * 0.75), shade)

    # ---- land

    def profile(
        self, base: float, height: float, peaks: float, rough: float = 0.5, octaves: int = 6
    ) -> Floats32:
        """A skyline: y for each column. peaks: about how many in the picture."""
        total = np.zeros(WIDTH, dtype=np.float64)
        size, x, most = 1.0, np.linspace(0.0, 1.0, WIDTH), 0.0
        for _ in range(octaves):
            n = max(2, round(peaks) + 1)
            knots = np.linspace(-0.2, 1.2, n + 2)
            total += size * np.interp(x, knots, self.rng.random(n + 2))
            most += size
            size, peaks = size * rough, peaks * 2.05
        return (base - height * (total / most - 0.25) / 0.6).astype(np.float32)

    def ridge(
        self,
        skyline: Floats32,
        top: Colour,
        low: Colour,
        *,
        bottom: float = HEIGHT,
        facets: float = 0.0,
        lit: Colour = (255, 255, 255),
    ) -> None:
        """Land below a skyline, a wash from top to low. facets: light on its sides."""
        first = max(0, int(skyline.min()) - 1)
        rows = np.arange(first, round(bottom), dtype=np.float32)[:, None]
        mask = grey(np.clip(rows - skyline[None, :] + 0.5, 0.0, 1.0))
        share = np.linspace(0.0, 1.0, len(rows))
        column = np.array(top)[None] * (1 - share[:, None]) + np.array(low)[None] * share[:, None]
        wash = Image.fromarray(column.astype(np.uint8)[:, None, :]).resize((WIDTH, len(rows)))
        self.image.paste(wash, (0, first), mask)
        if facets:
            self._facets(skyline, first, len(rows), mask, facets, lit)

    def _facets(
        self,
        skyline: Floats32,
        first: int,
        rows: int,
        mask: Image.Image,
        strength: float,
        lit: Colour,
    ) -> None:
        """Sunlit and shaded sides: slanted streaks that begin at the crest."""
        field = self.noise(16.0, 5.0, 4)
        h, w = field.shape
        y, x = np.mgrid[0:h, 0:w]
        below = np.clip((y * _SOFT - skyline[np.minimum(x * _SOFT, WIDTH - 1)]) / 330.0, 0.0, 1.0)
        slant = (x + (y * 0.75).astype(np.int64)) % w
        slope = np.gradient(skyline)[np.minimum(slant * _SOFT, WIDTH - 1)]
        shine = np.clip(field[y, slant] * 1.8 - 0.75 - np.clip(slope, -1, 1) * 0.5, 0.0, 1.0)
        band = self.soft(shine * strength * (1.0 - below) ** 1.5)
        band = band.crop((0, first, WIDTH, first + rows))
        self.paint(ImageChops.multiply(band, mask), lit, (0, first))

    def ground(
        self,
        top: float,
        near: Colour,
        far: Colour,
        texture: float = 0.25,
        tint: Colour = (40, 34, 20),
    ) -> None:
        """A plain from the horizon to the lower edge, its tufts growing towards us."""
        self.sky([(0.0, far), (1.0, near)], top=top)
        field = self.noise(26.0, 30.0, 3)
        h = field.shape[0]
        depth = np.clip((np.arange(h) * _SOFT - top) / (HEIGHT - top), 0.0, 1.0)[:, None]
        rows = (np.clip(depth, 0, 1) ** 0.55 * (h - 1)).astype(np.int64)[:, 0]
        tufts = np.clip((field[rows] - 0.5) * 4.0, 0.0, 1.0) * texture * (depth > 0)
        self.paint(self.soft(tufts * (0.4 + 0.6 * depth)), tint)

    # ---- shapes

    def shape(
        self,
        box: tuple[float, float, float, float],
        colour: Colour,
        stroke: Callable[[Pen], None],
        *,
        blur: float = 0.0,
        light: bool = False,
        strength: float = 1.0,
    ) -> None:
        """What stroke draws within a box (left, top, right, low), smooth, blurred or as light."""
        left, top = max(0, int(box[0] - 3 * blur)), max(0, int(box[1] - 3 * blur))
        right, low = min(WIDTH, int(box[2] + 3 * blur) + 1), min(HEIGHT, int(box[3] + 3 * blur) + 1)
        if right <= left or low <= top:
            return
        # what is blurred needs no fine edge
        fine = _FINE if blur < 3 else 1
        mask = Image.new("L", ((right - left) * fine, (low - top) * fine))
        stroke(Pen(ImageDraw.Draw(mask), left, top, fine))
        if fine > 1:
            mask = mask.reduce(fine)
        if blur:
            mask = mask.filter(ImageFilter.GaussianBlur(blur))
        if strength < 1.0:
            mask = mask.point([int(v * strength) for v in range(256)])
        (self.light if light else self.paint)(mask, colour, (left, top))

    def polygon(
        self, points: Points, colour: Colour, *, blur: float = 0.0, strength: float = 1.0
    ) -> None:
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        box = (min(xs), min(ys), max(xs), max(ys))
        self.shape(box, colour, lambda pen: pen.polygon(points), blur=blur, strength=strength)

    def line(
        self,
        points: Points,
        colour: Colour,
        width: float,
        *,
        blur: float = 0.0,
        light: bool = False,
        strength: float = 1.0,
    ) -> None:
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        box = (min(xs) - width, min(ys) - width, max(xs) + width, max(ys) + width)
        self.shape(
            box,
            colour,
            lambda pen: pen.line(points, width),
            blur=blur,
            light=light,
            strength=strength,
        )

    def ellipse(
        self,
        x: float,
        y: float,
        rx: float,
        ry: float,
        colour: Colour,
        *,
        blur: float = 0.0,
        light: bool = False,
        strength: float = 1.0,
    ) -> None:
        box = (x - rx, y - ry, x + rx, y + ry)
        self.shape(
            box,
            colour,
            lambda pen: pen.ellipse(x, y, rx, ry),
            blur=blur,
            light=light,
            strength=strength,
        )

    def box(
        self,
        x: float,
        y: float,
        w: float,
        h: float,
        colour: Colour,
        radius: float = 0.0,
        *,
        blur: float = 0.0,
        strength: float = 1.0,
    ) -> None:
        """x, y: top left. radius: of its corners."""
        around = (x - 1, y - 1, x + w + 1, y + h + 1)
        self.shape(
            around, colour, lambda pen: pen.box(x, y, w, h, radius), blur=blur, strength=strength
        )

    def polygons(self, many: Sequence[Points], colour: Colour, *, strength: float = 1.0) -> None:
        """Many in one go, as one shape."""
        points = np.concatenate([np.asarray(one, dtype=np.float64) for one in many])
        around = (*points.min(axis=0).tolist(), *points.max(axis=0).tolist())

        def stroke(pen: Pen) -> None:
            for one in many:
                pen.polygon(one)

        self.shape((around[0], around[1], around[2], around[3]), colour, stroke, strength=strength)

    def ellipses(
        self,
        many: Sequence[tuple[float, float, float, float]],
        colour: Colour,
        *,
        strength: float = 1.0,
    ) -> None:
        """Many (x, y, rx, ry) in one go, as one shape."""
        rows = np.asarray(many, dtype=np.float64)
        low, high = (rows[:, :2] - rows[:, 2:]).min(axis=0), (rows[:, :2] + rows[:, 2:]).max(axis=0)

        def stroke(pen: Pen) -> None:
            for x, y, rx, ry in many:
                pen.ellipse(x, y, rx, ry)

        self.shape((*low.tolist(), *high.tolist()), colour, stroke, strength=strength)

    # ---- the end

    def blurred(self, radius: float) -> None:
        small = self.image.reduce(2).filter(ImageFilter.GaussianBlur(radius / 2))
        self.image = small.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)

    def finished(self, *, exif: bytes, quality: int, grain: float = 3.6) -> bytes:
        """Darker corners, film grain, and a JPEG file."""
        y = np.linspace(-1, 1, HEIGHT // 8, dtype=np.float32)[:, None]
        x = np.linspace(-1, 1, WIDTH // 8, dtype=np.float32)[None, :]
        corner = np.clip((x * x + y * y - 0.75) * 0.24, 0.0, 1.0)
        self.paint(grey(corner).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC), (14, 12, 26))
        if grain:
            # the same speckle is never laid twice the same way
            bits = self.rng.integers(0, 256, (HEIGHT, WIDTH), dtype=np.uint8)
            speckle = (128.0 + (bits.astype(np.float32) - 127.5) * (grain / 74.0)).astype(np.uint8)
            film = Image.fromarray(speckle)
            rgb = Image.merge("RGB", (film, film, film))
            self.image = ImageChops.add(self.image, rgb, 1.0, -128)
        out = io.BytesIO()
        self.image.save(out, "JPEG", quality=quality, exif=exif)
        return out.getvalue()


class Pen:
    """Draws on one shape's enlarged mask with the canvas's coordinates."""

    def __init__(self, draw: ImageDraw.ImageDraw, left: float, top: float, fine: int) -> None:
        self._draw, self._left, self._top, self._fine = draw, left, top, fine

    def _at(self, points: Points) -> list[tuple[float, float]]:
        return [((x - self._left) * self._fine, (y - self._top) * self._fine) for x, y in points]

    def polygon(self, points: Points, fill: int = 255) -> None:
        self._draw.polygon(self._at(points), fill=fill)

    def line(self, points: Points, width: float, fill: int = 255) -> None:
        wide = max(1, round(width * self._fine))
        self._draw.line(self._at(points), fill=fill, width=wide, joint="curve")
        half = width / 2
        if wide > 3:
            for x, y in (points[0], points[-1]):
                self.ellipse(x, y, half, half, fill)

    def ellipse(self, x: float, y: float, rx: float, ry: float, fill: int = 255) -> None:
        (left, top), (right, low) = self._at([(x - rx, y - ry), (x + rx, y + ry)])
        self._draw.ellipse((left, top, right, low), fill=fill)

    def box(
        self, x: float, y: float, w: float, h: float, radius: float = 0.0, fill: int = 255
    ) -> None:
        (left, top), (right, low) = self._at([(x, y), (x + w, y + h)])
        self._draw.rounded_rectangle((left, top, right, low), radius * self._fine, fill=fill)
