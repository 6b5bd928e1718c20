"""A laptop of its own, and what is typed at it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from convoylog.cli import app


def use_laptop(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(folder / name / "state"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / name / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(folder / name / "data"))


class Typed:
    """Runs command lines and keeps what they told."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys
        self.out = ""
        self.err = ""

    def __call__(self, *words: str | Path, code: int = 0) -> str:
        self.capsys.readouterr()
        found = app.run([str(word) for word in words])
        self.out, self.err = self.capsys.readouterr()
        assert code == found, (words, self.out, self.err)
        return self.out

    def refuses(self, *words: str | Path, code: int) -> str:
        """One line of error and one of hint, nothing else; the error."""
        self(*words, code=code)
        lines = self.err.splitlines()
        assert "" == self.out
        assert ["error: ", "hint: "] == [line[: line.index(" ") + 1] for line in lines], self.err
        assert "Traceback" not in self.err
        return lines[0].removeprefix("error: ")

    def json(self, *words: str | Path, code: int = 0) -> dict[str, list[dict[str, object]]]:
        found = json.loads(self(*words, "--json", code=code))
        assert isinstance(found, dict)
        return found


def results(told: str) -> list[str]:
    """The first word of each line about a file; what follows about it is indented."""
    return [line.split()[0] for line in told.splitlines() if not line.startswith(" ")]
