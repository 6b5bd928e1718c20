"""Formats that only GPSBabel reads, made into GPX by it where it is installed.

It gets the file's bytes through a pipe, no shell, no options of the file's making, and limits on
time, memory and output.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from convoylog.errors import BadInput, ConvoylogError

#: 200,000 points of any format it knows took 3 s
_SECONDS = 60
#: bytes of memory; the same points took 150 MB
_MEMORY = 2 * 2**30
#: formats by name only: options could name other files
_FORMAT = re.compile(r"[a-z0-9_-]{1,40}", re.ASCII)


def convert(content: bytes, form: str, most: int) -> bytes:
    """The GPX that GPSBabel makes of a file of the format it calls `form`.

    most: bytes of GPX. Raises ConvoylogError where it cannot be asked, BadInput where it refuses.
    """
    if not _FORMAT.fullmatch(form):
        raise ConvoylogError(
            f"no format of GPSBabel: {form[:40]!r}", hint="`gpsbabel -?` lists their names"
        )
    program = shutil.which("gpsbabel")
    if program is None:
        raise ConvoylogError(
            "GPSBabel is not installed",
            hint="install it from your system's packages, or from gpsbabel.org",
        )
    command = [*_limited(), program, "-i", form, "-f", "-", "-o", "gpx", "-F", "-"]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program and a checked name
            command,
            cwd=Path(program).parent,  # not where a file of the person's could be taken for its own
            env={"LC_ALL": "C.UTF-8"},
            input=content,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise BadInput(f"GPSBabel took longer than {_SECONDS} s") from None
    if done.returncode != 0 or not done.stdout:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        told = said[-1][:200] if said else f"exit {done.returncode}"
        raise BadInput(f"GPSBabel cannot read it as {form}: {told}")
    if len(done.stdout) > most:
        raise BadInput(f"larger than {most >> 20} MiB as GPX")
    return done.stdout


def _limited() -> list[str]:
    """Words before a command that give it limits of its own, where the system has such."""
    if sys.platform == "win32":
        return []
    code = (
        "import os, resource, sys; "
        f"resource.setrlimit(resource.RLIMIT_AS, ({_MEMORY}, {_MEMORY})); "
        f"resource.setrlimit(resource.RLIMIT_CPU, ({_SECONDS}, {_SECONDS})); "
        "os.execv(sys.argv[1], sys.argv[1:])"
    )
    return [sys.executable, "-I", "-c", code]
