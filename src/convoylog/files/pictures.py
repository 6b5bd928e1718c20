"""Making pictures to show from photos that came from anywhere.

Pixels are decoded in a child process with limits on memory and time: decoders of pictures are
where hostile files do harm. One child makes many pictures, since its start costs more than most.
Source: Pillow handbook, "Security".
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import replace
from types import TracebackType
from typing import IO

from convoylog.errors import BadInput
from convoylog.files import child
from convoylog.files.frames import first_frame
from convoylog.files.readers import HEAD, READERS, recognise
from convoylog.model.photos import MEDIUM, Picture

#: 80 megapixels of progressive JPEG took 4 s on a slow machine; the rest is for a busy one
SECONDS = 30.0
#: an answer's head is one short line
_LONGEST_LINE = 4096
#: 80 megapixels at the best quality
_LONGEST_PICTURE = 64 * 2**20
#: bytes of memory that must be there for each maker: what the largest photos take
_FOR_EACH = 2**30

CANNOT = "this picture cannot be decoded"


class PictureMaker:
    """Makes pictures, one after another, in one child process. Use it as a context manager.

    Not for several threads at once; a maker for each is fine.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> PictureMaker:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child. Making another picture starts a new one."""
        if self._child is not None:
            self._child.kill()
            for pipe in (self._child.stdin, self._child.stdout):
                # what was not yet written to a dead child is lost, and nobody's
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()
            self._child.wait()
            self._child = None

    def make(
        self,
        content: bytes,
        sha256: str,
        edges: Sequence[int] = (MEDIUM.edge,),
        quality: int = MEDIUM.quality,
        pin: int = 0,
    ) -> tuple[Picture, ...]:
        """One picture per edge, upright, sRGB, made from pixels, without any metadata.

        content: of a photo or clip. sha256: of the original, noted in each picture.
        edges: the longer side in pixels at most; smaller photos keep their size.
        quality: of the JPEG, 1 to 95. pin: side in pixels of the square that each picture gets for
        the map, 0 for none. Raises BadInput.
        """
        if not edges or min(edges) < 1 or not 1 <= quality <= 95 or pin < 0:
            raise ValueError(f"edges {edges}, quality {quality}, pin {pin}")
        if recognise(content[:HEAD]) is READERS["video"]:
            content = first_frame(content)
        try:
            return self._ask(content, sha256, edges, quality, pin)
        except BadInput:
            raise
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            # the child died, was too slow, or says what it never would
            self.close()
            raise BadInput(CANNOT) from error
        except BaseException:
            # interrupted between question and answer: the next must not get this one's
            self.close()
            raise

    def _ask(
        self, content: bytes, sha256: str, edges: Sequence[int], quality: int, pin: int
    ) -> tuple[Picture, ...]:
        running = self._running()
        to, out = running.stdin, running.stdout
        if to is None or out is None:
            raise ValueError("a child without pipes")
        watch = threading.Timer(self._seconds, running.kill)
        watch.daemon = True
        watch.start()
        try:
            order = {"length": len(content), "edges": list(edges), "quality": quality, "pin": pin}
            to.write(json.dumps(order).encode() + b"\n")
            to.write(content)
            to.flush()
            line = out.readline(_LONGEST_LINE)
            answer = json.loads(line)
            if "refused" in answer:
                raise BadInput(str(answer["refused"]))
            pictures = []
            for width, height, length in answer["sizes"]:
                jpeg = _whole(out, length, b"\xff\xd8")
                pictures.append(Picture(sha256, int(width), int(height), jpeg))
            if pin:
                square = _whole(out, answer["pin"], b"RIFF")
                pictures = [replace(picture, pin=square) for picture in pictures]
        finally:
            watch.cancel()
        if len(pictures) != len(edges):
            raise ValueError(len(pictures))
        return tuple(pictures)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is not None and self._child.poll() is not None:
            self.close()
        if self._child is None:
            self._child = child.start("convoylog.files.pictures_child")
        return self._child


def _whole(out: IO[bytes], length: int, begin: bytes) -> bytes:
    """The next so many bytes of an answer. Raises ValueError where they are none or others."""
    if not 0 < length <= _LONGEST_PICTURE:
        raise ValueError(length)
    content = out.read(length)
    if len(content) != length or not content.startswith(begin):
        raise ValueError(len(content))
    return content


def most_makers() -> int:
    """How many makers can work at once: one a core, as far as the memory goes."""
    cores = os.cpu_count() or 1
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):  # Windows does not say
        return min(cores, 4)
    return max(1, min(cores, memory // _FOR_EACH))
