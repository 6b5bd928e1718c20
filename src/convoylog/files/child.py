"""Child processes of ours that take apart what others made, and the limits they give themselves.

Decoders in C are where hostile files do harm. A child reads bytes from stdin and answers on stdout;
whatever becomes of it, its parent lives.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import convoylog

# -P: a folder we were started in, perhaps someone else's, must not give us its modules
_START = (
    "import sys; sys.path.append(sys.argv[1]); "
    "from importlib import import_module; import_module(sys.argv[2]).serve()"
)


def start(module: str) -> subprocess.Popen[bytes]:
    """A child that runs `serve()` of a module of ours, by its full name."""
    package = str(Path(convoylog.__file__).parents[1])
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-P", "-c", _START, package, module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # Ctrl-C is for us; we end the child ourselves
        start_new_session=os.name == "posix",
    )


def limit(memory: int) -> None:
    """In the child: bytes of memory at most, no file written, no core dumped."""
    try:
        import resource
    except ImportError:  # Windows has none; the parent's clock still holds
        return
    for which, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            hard = resource.getrlimit(which)[1]
            lower = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(which, (lower, lower))
        except (OSError, ValueError):  # macOS refuses some; the others still hold
            continue


def limit_processor(seconds: int) -> None:
    """In the child: seconds of processor from now on, should the parent be gone and its clock with it."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    soon = int(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(
        resource.RLIMIT_CPU, (soon if hard == resource.RLIM_INFINITY else min(soon, hard), hard)
    )
