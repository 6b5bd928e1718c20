"""The photos of a report: how they were asked for, and made so on every core."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING

from convoylog.cli import here, screen, units
from convoylog.errors import BadInput, ConvoylogError, Problem, UsageError
from convoylog.model.photos import MEDIUM, SIZES, Picture, PictureSize

if TYPE_CHECKING:
    from convoylog.files.remade import Remade
    from convoylog.model.logbook import Logbook
    from convoylog.model.pages import Pages
    from convoylog.model.trip import Trip
    from convoylog.reports.fitting import Limit, Reduced, Tell

#: makes one picture, or raises what reading and decoding raise
Job = Callable[["Remade"], Picture]
#: what a report may be for → the largest it may be. Mail servers stop at 20 to 25 MB, after base64
#: has made a third more of it
PURPOSES = {"email": "15 MB"}


@dataclass(frozen=True, slots=True)
class Choice:
    """size: of every photo; None: no photos. beside: as files beside the page. limit: of all files."""

    size: PictureSize | None = MEDIUM
    beside: bool = False
    limit: Limit | None = None


EMBEDDED = Choice()


def chosen(photos: str, max_size: str, purpose: str, to: str) -> Choice:
    """What was typed for --photos, --max-size and --for. Raises UsageError."""
    from convoylog.reports.fitting import Limit

    ways = {"embed": MEDIUM, **SIZES, "folder": MEDIUM, "none": None}
    if photos not in ways:
        raise UsageError(f"no way to show photos: {photos!r}", hint=f"one of {', '.join(ways)}")
    if purpose and purpose not in PURPOSES:
        raise UsageError(f"no --for {purpose!r}", hint=f"--for {', '.join(PURPOSES)}")
    if purpose and max_size:
        raise UsageError("--for and --max-size both say how large", hint="leave out one of them")
    if to != "html" and (purpose or max_size or photos == "folder"):
        raise UsageError(
            f"--max-size, --for and --photos folder are for pages, not for {to}",
            hint="a post has its photos beside it: --photos small makes them light",
        )
    said = max_size.strip() or PURPOSES.get(purpose, "")
    limit = Limit(units.bytes_of(said), said) if said else None
    return Choice(ways[photos], photos == "folder", limit)


def with_photos(tell: Tell, photos: Photos, trip: Trip, choice: Choice) -> Pages:
    """The report with its photos as they were chosen. Raises ConvoylogError where it cannot fit."""
    from collections import Counter

    from convoylog.reports.fitting import fit, in_turn

    times = Counter(sha256 for told in trip.story for sha256 in told.photos)
    size = choice.size
    if size is None:
        pictures, hidden = {}, frozenset(times)
    else:
        pictures, hidden = photos.made(size), frozenset[str]()

    def render(shown: Mapping[str, Picture], left: Collection[str], done: Reduced | None) -> Pages:
        return tell(shown, hidden.union(left), done)

    if choice.limit is None:
        return render(pictures, (), None)

    def cost(picture: Picture) -> int:
        n = times[picture.sha256]
        if choice.beside:
            return len(picture.jpeg) + n * _in_base64(picture.pin)
        return n * (_in_base64(picture.jpeg) + _in_base64(picture.pin))

    return fit(
        pictures,
        size or MEDIUM,
        choice.limit,
        in_turn(trip.story, {key: day.number for day in trip.days for key in day.told}),
        tell=render,
        smaller=lambda some, less: smaller(some, size or MEDIUM, less),
        cost=cost,
    )


def _in_base64(content: bytes) -> int:
    return -(-len(content) // 3) * 4


class Photos:
    """Photos of a logbook, made again from their pixels in any size.

    shown: SHA-256 of those that are wanted. problems: those that could not be made, so far.
    """

    def __init__(self, root: Path, book: Logbook, shown: set[str]) -> None:
        self._root = root
        self._photos = {photo.sha256: photo for photo in book.photos if photo.sha256 in shown}
        self.problems: list[Problem] = []

    def made(self, size: PictureSize = MEDIUM) -> dict[str, Picture]:
        """SHA-256 → picture, of all that can be shown."""
        photos = list(self._photos.values())
        jobs: list[Job] = [
            lambda remade, photo=photo: remade.picture(  # type: ignore[misc]
                self._root / photo.path, photo.sha256, size
            )
            for photo in photos
        ]
        pictures = {}
        for photo, made in zip(photos, _on_all_cores(jobs), strict=True):
            if isinstance(made, Picture):
                pictures[photo.sha256] = made
            else:
                told = f"no picture in the report: {made}"
                self.problems.append(Problem(photo.path, "broken-picture", told))
        return pictures


def smaller(
    pictures: Mapping[str, Picture], was: PictureSize, size: PictureSize
) -> dict[str, Picture]:
    """Pictures made in one size, in a smaller or coarser one."""
    jobs: list[Job] = [
        lambda remade, picture=picture: remade.smaller(picture, was, size)  # type: ignore[misc]
        for picture in pictures.values()
    ]
    # a picture of ours that cannot be read again stays as it is
    return {
        sha256: made if isinstance(made, Picture) else pictures[sha256]
        for sha256, made in zip(pictures, _on_all_cores(jobs), strict=True)
    }


def _on_all_cores(jobs: Sequence[Job]) -> list[Picture | str]:
    """Each job's picture, or why there is none; every worker has a child process of its own."""
    from convoylog.files.pictures import PictureMaker, most_makers
    from convoylog.files.remade import Remade

    makers = [PictureMaker() for _ in range(max(1, min(most_makers(), len(jobs))))]
    free: SimpleQueue[Remade] = SimpleQueue()
    for maker in makers:
        free.put(Remade(here.cache_folder(), maker))

    def work(job: Job) -> Picture | str:
        remade = free.get()
        try:
            return job(remade)
        except (BadInput, ConvoylogError, OSError) as error:
            return str(error)
        finally:
            free.put(remade)

    pool = ThreadPoolExecutor(len(makers))
    try:
        results = pool.map(work, jobs)
        return [next(results) for _ in screen.progress(jobs, "making pictures")]
    finally:
        # interrupted: what has not begun never does
        pool.shutdown(cancel_futures=True)
        for maker in makers:
            maker.close()
