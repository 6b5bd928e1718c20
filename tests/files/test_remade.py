"""Pictures are made once; what the cache holds is believed only where it is as we make it."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image

from convoylog.errors import BadInput
from convoylog.files import pictures_child
from convoylog.files.pictures import PictureMaker
from convoylog.files.remade import PIN, Remade
from convoylog.model.photos import MEDIUM, SIZES, Picture, PictureSize

SMALL = PictureSize(100, 70)


class Counting(PictureMaker):
    """Makes pictures here, so that it can be seen how often."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[Sequence[int], int, int]] = []

    def make(
        self,
        content: bytes,
        sha256: str,
        edges: Sequence[int] = (MEDIUM.edge,),
        quality: int = MEDIUM.quality,
        pin: int = 0,
    ) -> tuple[Picture, ...]:
        self.asked.append((edges, quality, pin))
        rows, square = pictures_child.make(content, edges, quality, pin)
        return tuple(Picture(sha256, *row, square) for row in rows)


@pytest.fixture
def original(tmp_path: Path) -> tuple[Path, str]:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((300, 200)).convert("RGB").save(out, "JPEG")
    path = tmp_path / "one.jpg"
    path.write_bytes(out.getvalue())
    return path, hashlib.sha256(out.getvalue()).hexdigest()


def test_a_picture_and_its_pin_are_made_once(tmp_path: Path, original: tuple[Path, str]) -> None:
    maker = Counting()
    first = Remade(tmp_path / "c", maker).picture(*original, SMALL)
    original[0].write_bytes(b"not even looked at")
    again = Remade(tmp_path / "c", maker).picture(*original, SMALL)
    assert first == again
    assert [((100,), 70, PIN)] == maker.asked
    assert (100, 67) == (again.width, again.height)
    with Image.open(io.BytesIO(again.pin)) as pin:
        assert ("WEBP", (PIN, PIN)) == (pin.format, pin.size)


def test_every_size_is_remembered_apart(tmp_path: Path, original: tuple[Path, str]) -> None:
    maker = Counting()
    remade = Remade(tmp_path / "c", maker)
    for size in (SMALL, PictureSize(100, 60), SIZES["large"], SMALL):
        remade.picture(*original, size)
    assert 3 == len(maker.asked)


def test_a_smaller_one_comes_from_the_larger_and_keeps_its_pin(
    tmp_path: Path, original: tuple[Path, str]
) -> None:
    maker = Counting()
    remade = Remade(tmp_path / "c", maker)
    large = remade.picture(*original, MEDIUM)
    original[0].unlink()
    small = remade.smaller(large, MEDIUM, SMALL)
    assert (100, large.pin) == (small.width, small.pin)
    assert small == remade.smaller(large, MEDIUM, SMALL)
    assert large is remade.smaller(large, MEDIUM, MEDIUM)
    assert 2 == len(maker.asked)


@pytest.mark.parametrize("damage", ["cut", "gone", "exif", "comment", "pin"])
def test_what_the_cache_holds_otherwise_than_we_made_it_is_made_again(
    tmp_path: Path, original: tuple[Path, str], damage: str
) -> None:
    maker = Counting()
    first = Remade(tmp_path / "c", maker).picture(*original, SMALL)
    kept = next((tmp_path / "c").rglob("*.webp" if damage == "pin" else "*.jpg"))
    content = kept.read_bytes()
    if damage == "gone":
        kept.unlink()
    elif damage in ("exif", "comment"):
        marker = b"\xff\xe1" if damage == "exif" else b"\xff\xfe"
        kept.write_bytes(content[:2] + marker + b"\0\x08canary" + content[2:])
    else:
        kept.write_bytes(content[:-9])
    assert first == Remade(tmp_path / "c", maker).picture(*original, SMALL)
    assert 2 == len(maker.asked)
    assert content == kept.read_bytes()


def test_without_a_cache_it_still_works(original: tuple[Path, str]) -> None:
    assert 100 == Remade(None, Counting()).picture(*original, SMALL).width


def test_an_original_that_is_another_by_now_is_not_shown(
    tmp_path: Path, original: tuple[Path, str]
) -> None:
    with pytest.raises(BadInput, match="changed"):
        Remade(tmp_path / "c", Counting()).picture(original[0], "0" * 64, SMALL)
