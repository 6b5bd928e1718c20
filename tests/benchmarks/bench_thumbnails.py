"""What a photo costs in both sizes a report shows, beside plain Pillow and libvips.

    python -m tests.benchmarks.bench_thumbnails [--photos N]

Photos of 12 megapixels, some lying on their side, are made into the page's picture and the pin's
thumbnail: by us (the child process's own function, and the whole way through child processes on
all cores), by Pillow as anybody would write it (open, turn upright, resize with LANCZOS for each
size, save), and by libvips where `pip install pyvips pyvips-binary` has put it. Prints medians of
CPU, photo by photo in turn. Goals: 1.9 times as quick as Pillow on a core, and on all cores.
"""

from __future__ import annotations

import argparse
import io
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial

import numpy as np
from PIL import Image, ImageOps

from convoylog.files import pictures_child
from convoylog.files.pictures import PictureMaker, most_makers
from convoylog.files.remade import PIN
from convoylog.model.photos import MEDIUM

SIZE = (4000, 3000)
#: as many different ones are painted; the others are these, moved and lit otherwise
PAINTED = 6


def camera_photos(count: int, taken: Sequence[datetime] = (), seed: int = 0) -> Iterator[bytes]:
    """JPEGs of 2 to 5 MB with light, noise and fine detail, as a camera's have.

    taken: when each was, in UTC, as it says itself.
    """
    size = SIZE
    painted = [_painted(np.random.default_rng([seed, n]), size) for n in range(min(count, PAINTED))]
    rng = np.random.default_rng([seed, 99])
    for n in range(count):
        image = painted[n % len(painted)]
        if n >= len(painted):
            shift = (int(rng.integers(size[0])), int(rng.integers(size[1])))
            light = float(rng.uniform(0.7, 1.1))
            image = Image.fromarray(np.roll(np.asarray(image), shift, axis=(1, 0)))
            image = image.point(lambda value, light=light: value * light)
        tags = Image.Exif()
        tags[0x0110], tags[0x0112] = "Box", 6 if n % 4 == 3 else 1
        if n < len(taken):
            tags.get_ifd(0x8769).update({0x9003: f"{taken[n]:%Y:%m:%d %H:%M:%S}", 0x9011: "+00:00"})
        out = io.BytesIO()
        image.save(out, "JPEG", quality=92, exif=tags)
        yield out.getvalue()


def _painted(rng: np.random.Generator, size: tuple[int, int]) -> Image.Image:
    width, height = size
    pixels = np.zeros((height, width, 3), np.float32)

    def stretched(rough: np.ndarray) -> np.ndarray:
        return np.asarray(Image.fromarray(rough).resize(size, Image.Resampling.BICUBIC))

    for octave in range(1, 9):
        rough = rng.normal(size=(max(2, 2**octave * 3 // 4), 2**octave, 3)).astype(np.float32)
        rough = 0.35 * rough + rough.mean(axis=2, keepdims=True)
        for channel in range(3):
            pixels[..., channel] += 0.6**octave * stretched(rough[..., channel])
    # gravel and leaves below, a smooth sky above, and the sensor's noise
    detail = stretched(rng.normal(size=(height // 2, width // 2)).astype(np.float32))
    below = np.clip((np.arange(height) / height - 0.4) * 3, 0, 1)[:, None]
    pixels += (0.12 * detail * below)[..., None]
    pixels = pixels / pixels.std() * 48 + 118
    pixels += rng.normal(size=(height, width, 1)).astype(np.float32) * 2
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def by_pillow(content: bytes, edges: tuple[int, ...], **how: object) -> list[bytes]:
    """As anybody would write it."""
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(content)))
    made = []
    for edge in edges:
        share = edge / max(image.size)
        size = (round(image.width * share), round(image.height * share))
        out = io.BytesIO()
        image.resize(size, Image.Resampling.LANCZOS).save(
            out, "JPEG", quality=MEDIUM.quality, **how
        )
        made.append(out.getvalue())
    return made


def by_vips() -> Callable[[bytes, tuple[int, ...]], list[bytes]] | None:
    try:
        import pyvips
    except ImportError:
        return None
    pyvips.cache_set_max(0)

    def make(content: bytes, edges: tuple[int, ...]) -> list[bytes]:
        return [
            pyvips.Image.thumbnail_buffer(content, edge, height=edge, size="down").jpegsave_buffer(
                Q=MEDIUM.quality, strip=True, interlace=True, optimize_coding=True
            )
            for edge in edges
        ]

    return make


def _cpu_s(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


def _on_all_cores(photos: list[bytes]) -> float:
    """Seconds until every photo has gone through a child process."""
    workers = most_makers()
    makers = [PictureMaker() for _ in range(workers)]
    begin = time.perf_counter()
    with ThreadPoolExecutor(workers) as pool:

        def work(n: int) -> None:
            for content in photos[n::workers]:
                makers[n].make(content, "0" * 64, (MEDIUM.edge,), MEDIUM.quality, PIN)

        list(pool.map(work, range(workers)))
    took = time.perf_counter() - begin
    for maker in makers:
        maker.close()
    return took


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--photos", type=int, default=12)
    count = asked.parse_args().photos
    photos = list(camera_photos(count))
    edges = (MEDIUM.edge, PIN)
    vips = by_vips()
    ours, plain, same, theirs = [], [], [], []
    for content in photos:
        ours.append(
            _cpu_s(partial(pictures_child.make, content, edges[:1], MEDIUM.quality, edges[1]))
        )
        plain.append(_cpu_s(partial(by_pillow, content, edges)))
        same.append(_cpu_s(partial(by_pillow, content, edges, progressive=True, optimize=True)))
        if vips:
            theirs.append(_cpu_s(partial(vips, content, edges)))

    def ratio(others: list[float]) -> float:
        return statistics.median(a / b for a, b in zip(others, ours, strict=True))

    size = statistics.mean(map(len, photos)) / 1e6
    print(f"{time.strftime('%Y-%m-%d')}  {count} photos of 12 megapixels, {size:.1f} MB each, CPU")
    print(f"both sizes          {statistics.median(ours) * 1000:6.0f} ms a photo")
    print(f"plain Pillow        {ratio(plain):6.2f} times ours (goal: at least 1.9)")
    print(f"  progressive too   {ratio(same):6.2f} times ours")
    if vips:
        print(f"libvips             {ratio(theirs):6.2f} times ours")
    many = sum(plain) / _on_all_cores(photos)
    print(
        f"on {most_makers()} cores          {many:6.2f} photos while Pillow makes one on one core"
    )


if __name__ == "__main__":
    main()
