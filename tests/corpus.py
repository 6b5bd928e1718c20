"""Where the real recordings are. They are not part of the project: tests that need them skip."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_BESIDE = Path(__file__).parents[2] / "shared" / "corpus"


def corpus(part: str = "") -> Path:
    """The corpus folder, or a part of it; skips the calling test where it is absent."""
    root = Path(os.environ.get("CONVOYLOG_CORPUS", _BESIDE))
    if not (root / part).exists():
        pytest.skip(f"no corpus of real recordings at {root / part}; set CONVOYLOG_CORPUS")
    return root / part
