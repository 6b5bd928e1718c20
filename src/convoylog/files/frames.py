"""The first frame of a clip, through ffmpeg where it is installed.

ffmpeg gets the clip through a file that has no name, may open nothing else, and has limits on time
and memory; what comes out is a JPEG like any other and is decoded with the same care.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from convoylog.errors import BadInput

#: one frame of 8K took 2 s on a slow machine
_SECONDS = 30
#: bytes of memory; 8K frames in flight took 900 MB
_MEMORY = 2 * 2**30
_CANNOT = "the first frame of this clip cannot be decoded"


def first_frame(content: bytes) -> bytes:
    """A JPEG, upright. Raises BadInput."""
    program = shutil.which("ffmpeg")
    if program is None:
        raise BadInput("a clip: to show its first frame, install ffmpeg")
    if not hasattr(os, "memfd_create"):
        raise BadInput("a clip: its first frame is shown on Linux only")
    place = os.memfd_create("clip")
    try:
        _fill(place, content)
        done = subprocess.run(  # noqa: S603 - a fixed program and fixed words
            _command(program, place),
            env={},
            cwd=Path(program).parent,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            pass_fds=(place,),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BadInput(_CANNOT) from error
    finally:
        os.close(place)
    if done.returncode != 0 or not done.stdout.startswith(b"\xff\xd8"):
        raise BadInput(_CANNOT)
    return done.stdout


def _fill(place: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(place, view) :]


def _command(program: str, place: int) -> list[str]:
    limited = (
        "import os, resource, sys; "
        f"resource.setrlimit(resource.RLIMIT_AS, ({_MEMORY}, {_MEMORY})); "
        f"resource.setrlimit(resource.RLIMIT_CPU, ({_SECONDS}, {_SECONDS})); "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)); "
        "os.execv(sys.argv[1], sys.argv[1:])"
    )
    return [
        *(sys.executable, "-I", "-c", limited, program, "-nostdin", "-v", "error"),
        # nothing that a playlist inside names is opened
        *("-protocol_whitelist", "file", "-f", "mov", "-threads", "2", "-i", f"/dev/fd/{place}"),
        *("-frames:v", "1", "-an", "-sn", "-dn", "-c:v", "mjpeg", "-q:v", "3"),
        *("-f", "image2pipe", "-protocol_whitelist", "pipe", "pipe:1"),
    ]
