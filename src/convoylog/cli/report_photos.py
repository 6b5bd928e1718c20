"""The photos of a report: which size was asked for, and made so on every core."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING

from convoylog.cli import here, screen
from convoylog.errors import BadInput, ConvoylogError, Problem
from convoylog.model.photos import MEDIUM, Picture, PictureSize

if TYPE_CHECKING:
    from convoylog.files.remade import Remade
    from convoylog.model.logbook import Logbook

#: makes one picture, or raises what reading and decoding raise
Job = Callable[["Remade"], Picture]


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
