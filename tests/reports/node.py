"""Programs and libraries of npm that judge the pages; tests that need one skip where it is missing.

They are looked for below $CONVOYLOG_NODE, or `.ci/node`, where `.ci/run` puts them.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

NODE = Path(os.environ.get("CONVOYLOG_NODE", Path(__file__).parents[2] / ".ci" / "node"))


def program(name: str) -> str:
    """The path of a program; skips the calling test without it."""
    return str(installed(f".bin/{name}"))


def installed(path: str) -> Path:
    """A file below `node_modules`; skips the calling test without it."""
    found = NODE / "node_modules" / path
    if not found.exists():
        pytest.skip(f"no {path} in {NODE / 'node_modules'}; set CONVOYLOG_NODE")
    return found
