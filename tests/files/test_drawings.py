"""Drawings are remembered, and never trusted to be whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from convoylog.files import drawings
from convoylog.files.drawings import Drawings


class Pencil:
    def __init__(self) -> None:
        self.used = 0

    def __call__(self) -> str:
        self.used += 1
        return f"<svg>é {self.used}</svg>"


def test_what_was_drawn_is_found_again(tmp_path: Path) -> None:
    pencil = Pencil()
    assert "<svg>é 1</svg>" == Drawings(tmp_path)("a", pencil)
    assert "<svg>é 1</svg>" == Drawings(tmp_path)("a", pencil)
    assert "<svg>é 2</svg>" == Drawings(tmp_path)("b", pencil)


@pytest.mark.parametrize("damage", [b"", b"<svg>", b"0" * 64 + b"<svg>other</svg>", b"\xff" * 99])
def test_what_is_not_whole_is_drawn_anew(tmp_path: Path, damage: bytes) -> None:
    pencil = Pencil()
    Drawings(tmp_path)("a", pencil)
    (kept,) = tmp_path.rglob("*.txt")
    kept.write_bytes(damage)
    assert "<svg>é 2</svg>" == Drawings(tmp_path)("a", pencil)
    assert "<svg>é 2</svg>" == Drawings(tmp_path)("a", pencil)


def test_another_program_draws_for_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pencil = Pencil()
    Drawings(tmp_path)("a", pencil)
    monkeypatch.setattr(drawings, "_program", lambda: "newer")
    assert "<svg>é 2</svg>" == Drawings(tmp_path)("a", pencil)


def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    for n in range(60):
        Drawings(tmp_path)(str(n), Pencil())
    assert 48 == len(list(tmp_path.rglob("*.txt")))


def test_without_a_folder_each_run_draws_once(tmp_path: Path) -> None:
    pencil, nowhere = Pencil(), Drawings(None)
    assert nowhere("a", pencil) == nowhere("a", pencil)
    (tmp_path / "file").write_text("in the way")
    assert "<svg>é 2</svg>" == Drawings(tmp_path / "file")("a", pencil)
