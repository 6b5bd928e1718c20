"""What every journey begins with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.typed import Typed, use_laptop


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A laptop of its own: nothing of the real one is read or written."""
    use_laptop(tmp_path, monkeypatch, "annas")
    for name in ("CONVOYLOG", "CONVOYLOG_DEBUG", "VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def typed(capsys: pytest.CaptureFixture[str], home: Path) -> Typed:
    return Typed(capsys)


@pytest.fixture
def rally(home: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch) -> Path:
    typed("init", "rally", "--title", "Rally", "--car", "Anna")
    monkeypatch.setenv("CONVOYLOG", str(home / "rally"))
    return home / "rally"
