"""The preview as started: it shows the report, notices a note, and ends with Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from tests.journeys.typed import Typed

#: seconds a machine may take that does other things too
_PATIENCE = 60.0


def got(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - loopback
        return bytes(answer.read())


def test_a_preview_follows_the_logbook(home: Path, rally: Path, typed: Typed) -> None:
    typed("note", "first words")
    started = subprocess.Popen(
        [sys.executable, "-m", "convoylog", "preview", "--no-browser"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ.copy(),
    )  # fmt: skip
    try:
        assert started.stdout is not None
        address = started.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:")
        assert b"first words" in got(f"{address}report.html")
        before = json.loads(got(f"{address}stamp"))
        typed("note", "second words")
        end = time.monotonic() + _PATIENCE
        while json.loads(got(f"{address}stamp")) == before and time.monotonic() < end:
            time.sleep(0.2)
        assert b"second words" in got(f"{address}report.html")
    finally:
        started.send_signal(signal.SIGINT)
        out, err = started.communicate(timeout=_PATIENCE)
    assert started.returncode == 0
    assert "the preview has ended" in err
    assert "Traceback" not in err + out
    assert not (rally / "reports").exists()


def test_a_port_in_use_is_told(home: Path, rally: Path, typed: Typed) -> None:
    from convoylog.cli.serving import Server

    taken = Server()
    try:
        said = typed.refuses("preview", "--no-browser", "--port", str(taken.port), code=3)
    finally:
        taken.close()
    assert f"port {taken.port}: " in said
