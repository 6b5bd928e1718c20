#!/usr/bin/env python3
"""Set convoylog up in `.venv` beside this file, then run it.

    python3 run.py demo [DIR]       a complete example logbook and its report
    python3 run.py tests [PATH...]  everything that must hold before a change is kept

Needs Python 3.11 or newer and pip, and nothing installed: also where the system's Python refuses
installations, and where Debian left `ensurepip` out. Nothing outside `.venv` is changed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
OLDEST = (3, 11)


class SetUpError(Exception):
    """One sentence, and a hint on the next line."""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def run(*command: str | Path, quiet: bool = False) -> int:
    """Run a command. A user's own pip settings must not send packages elsewhere."""
    settings = {
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INPUT": "1",
        "PIP_USER": "0",
        "PIP_REQUIRE_VIRTUALENV": "0",
    }
    environment = {k: v for k, v in os.environ.items() if k not in ("PIP_TARGET", "PIP_PREFIX")}
    output = subprocess.DEVNULL if quiet else None
    words = [str(word) for word in command]
    return subprocess.call(
        words, cwd=HERE, env=environment | settings, stdout=output, stderr=output
    )


def make_environment() -> None:
    """A fresh virtual environment, with or without its own pip."""
    if VENV.exists():
        shutil.rmtree(VENV)
    say(f"making {VENV}")
    if importlib.util.find_spec("ensurepip") is not None:
        if run(sys.executable, "-m", "venv", VENV, quiet=True) == 0:
            return
        shutil.rmtree(VENV, ignore_errors=True)
    # Debian packs ensurepip apart; the system's pip can install into any environment
    if run(sys.executable, "-m", "venv", "--without-pip", VENV) != 0:
        raise SetUpError(
            f"cannot make a virtual environment in {VENV}\n"
            "hint: on Debian, `sudo apt install python3-venv python3-pip`"
        )


def pip_command() -> list[str]:
    """The pip to install with: the environment's own, else the system's pointed at it."""
    if run(PYTHON, "-m", "pip", "--version", quiet=True) == 0:
        return [str(PYTHON), "-m", "pip"]
    candidates = [[sys.executable, "-m", "pip"]]
    candidates += [[found] for found in map(shutil.which, ("pip3", "pip")) if found]
    for pip in candidates:
        # --python came with pip 22.3, which is older than Python 3.11
        command = [*pip, "--python", str(PYTHON)]
        if run(*command, "--version", quiet=True) == 0:
            return command
    raise SetUpError(
        "no pip that can install into a virtual environment\n"
        "hint: on Debian, `sudo apt install python3-pip`, version 22.3 or newer"
    )


def set_up(extras: str = "") -> None:
    """`.venv` with the project in it, made anew only when what it needs has changed."""
    wanted = hashlib.sha256((HERE / "pyproject.toml").read_bytes())
    mark = VENV / f"set-up{extras or '-plain'}"
    done = [VENV / name for name in (mark.name, "set-up[dev]")]  # with more in it will do too
    if any(path.is_file() and path.read_text() == wanted.hexdigest() for path in done):
        return
    if not PYTHON.exists() or run(PYTHON, "-c", "") != 0:
        make_environment()
    say(f"installing convoylog{extras} (a minute the first time)")
    install = ("install", "--quiet", "--editable", f"{HERE}{extras}")
    if run(*pip_command(), *install) != 0:
        raise SetUpError(
            "the installation failed, see above\nhint: is there a network? then run it again"
        )
    mark.write_text(wanted.hexdigest())


def demo(words: list[str]) -> int:
    set_up()
    # not from HERE: the example logbook is made where the person is
    return subprocess.call([str(PYTHON), "-m", "convoylog", "demo", *words])


def tests(words: list[str]) -> int:
    set_up("[dev]")
    tool = [str(PYTHON), "-m"]
    steps = [
        ("ruff check", [*tool, "ruff", "check", "."]),
        ("ruff format", [*tool, "ruff", "format", "--check", "--quiet", "."]),
        ("mypy", [*tool, "mypy"]),
        ("import contracts", [str(BIN / "lint-imports"), "--no-cache"]),
        # two processes: more do not fit a small machine's memory
        ("pytest", [*tool, "pytest", "-n", "2", *words]),
    ]
    results = []
    for name, command in steps:
        say(f"\n--- {name}")
        started = time.monotonic()
        passed = run(*command) == 0
        results.append(passed)
        told = "ok" if passed else "FAILED"
        say(f"--- {name}: {told} ({time.monotonic() - started:.0f} s)")
    failed = [name for (name, _), passed in zip(steps, results, strict=True) if not passed]
    say(f"\n{'failed: ' + ', '.join(failed) if failed else 'all steps passed'}")
    return 1 if failed else 0


def main(words: list[str]) -> int:
    if sys.version_info < OLDEST:
        say(
            "error: convoylog needs Python {}.{} or newer; this is {}".format(
                *OLDEST, sys.version.split()[0]
            )
        )
        say("hint: run it with a newer one, as in `python3.11 run.py demo`")
        return 2
    works = {"demo": demo, "tests": tests}
    if not words or words[0] not in works:
        say(__doc__ or "")
        return 0 if words in (["-h"], ["--help"]) else 2
    try:
        return works[words[0]](words[1:])
    except SetUpError as error:
        say(f"error: {error}")
        return 3
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
