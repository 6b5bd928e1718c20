"""Photos of a report as typed: how large, how many, where."""

from __future__ import annotations

import io
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from convoylog.files.pictures import PictureMaker
from convoylog.privacy.audit import audit
from tests.files.readers.test_gpx_scan import document, point
from tests.journeys.typed import Typed

CANARY = "canary-5c1e"
COUNT = 6
EVERYTHING = ("report", "--privacy", "full")


def camera_photo(n: int) -> bytes:
    """Coarse noise, which neither vanishes in a JPEG nor fills it."""
    rough = np.random.default_rng(n).integers(0, 255, (120, 160, 3), dtype=np.uint8)
    tags = Image.Exif()
    tags[0x0110] = CANARY
    tags.get_ifd(0x8769).update({0x9003: f"2024:06:01 00:00:{n * 8:02d}", 0x9011: "+00:00"})
    out = io.BytesIO()
    image = Image.fromarray(rough).resize((1800, 1350), Image.Resampling.BICUBIC)
    image.save(out, "JPEG", quality=92, exif=tags, comment=CANARY)
    return out.getvalue()


PHOTOS = [camera_photo(n) for n in range(COUNT)]


@pytest.fixture
def told(home: Path, rally: Path, typed: Typed) -> Path:
    """A logbook with a track and photos on it."""
    (home / "a.gpx").write_bytes(document("".join(map(point, range(200)))))
    (home / "dcim").mkdir()
    for n, content in enumerate(PHOTOS):
        (home / "dcim" / f"{n}.jpg").write_bytes(content)
    typed("add", home / "a.gpx", home / "dcim")
    return rally


def clean(folder: Path) -> bool:
    """No file below has anything but pixels in its pictures."""
    files = {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return () == audit(files, [CANARY])


def test_a_limit_holds_to_the_byte_and_the_page_says_what_it_cost(
    home: Path, told: Path, typed: Typed
) -> None:
    page = home / "out" / "report.html"
    typed(*EVERYTHING, "-o", home / "out")
    whole = page.stat().st_size
    typed(*EVERYTHING, "-o", home / "out", "--photos", "none")
    bare = page.stat().st_size
    assert whole - bare > 6 * 100_000
    typed(*EVERYTHING, "-o", home / "out", "--max-size", f"{whole} B")
    assert whole == page.stat().st_size
    assert "To stay within" not in typed.err
    for share in (0.6, 0.2, 0.03):
        most = int(bare + (whole - bare) * share)
        typed(*EVERYTHING, "-o", home / "out", "--max-size", f"{most}B")
        told_here = re.search(f"To stay within {most}B: [^<\n]*", typed.err)
        assert told_here
        text = page.read_text()
        assert page.stat().st_size <= most
        assert told_here[0].strip() in text
        shown = text.count('<a class="photo ')
        if shown < COUNT:
            assert re.search(f"{COUNT - shown} of {COUNT} photos (is|are) left out", text)
            assert COUNT - shown == text.count("Photo left out: ")
        assert clean(home / "out")
    # one photo fits no more
    assert shown < COUNT


def test_what_cannot_fit_is_refused_and_nothing_is_written(
    home: Path, told: Path, typed: Typed
) -> None:
    for way in ("embed", "folder", "none"):
        said = typed.refuses(
            *EVERYTHING, "-o", home / "out", "--max-size", "1kB", "--photos", way, code=3
        )
        assert "bytes without any photo, more than 1kB" in said
    assert not (home / "out").exists()


@pytest.mark.parametrize(
    "words",
    [("--max-size", "20"), ("--max-size", "many"), ("--max-size", "0 MB"), ("--photos", "all"),
     ("--for", "fax"), ("--for", "email", "--max-size", "1MB"),
     ("--to", "hugo", "--max-size", "1MB"), ("--to", "jekyll", "--photos", "folder")],
    ids=" ".join,
)  # fmt: skip
def test_a_choice_that_makes_no_sense_is_told(
    told: Path, typed: Typed, words: tuple[str, ...]
) -> None:
    typed.refuses("report", *words, code=2)


def test_without_photos_their_captions_stay(home: Path, told: Path, typed: Typed) -> None:
    typed(*EVERYTHING, "-o", home / "out", "--photos", "none")
    text = (home / "out" / "report.html").read_text()
    assert "<img" not in text
    assert '<a class="photo ' not in text
    assert "data:image/jpeg" not in text
    assert "UklGR" not in text  # how WebP begins in base64: a pin
    assert COUNT == text.count("Photo left out: ")
    assert f"{COUNT} photos are not in this report." in text


def test_sizes_differ_and_reach_posts_too(home: Path, told: Path, typed: Typed) -> None:
    found = []
    for way in ("small", "medium", "large"):
        folder = home / way
        typed(*EVERYTHING, "-o", folder, "--photos", way, "--to", "markdown")
        with Image.open(next(folder.rglob("photo-*.jpg"))) as image:
            found.append(max(image.size))
    assert [800, 1600, 1800] == found


def test_photos_beside_the_page_are_files_that_stay(home: Path, told: Path, typed: Typed) -> None:
    words = (*EVERYTHING, "-o", home / "out", "--photos", "folder")
    typed(*words)
    text = (home / "out" / "report.html").read_text()
    names = re.findall(r'<img src="(photos/photo-[0-9a-f]{10}\.jpg)"', text)
    assert COUNT == len(names)
    assert "img-src data: 'self';" in text
    assert "default-src 'none'" in text
    before = {path: path.read_bytes() for path in (home / "out").rglob("*") if path.is_file()}
    assert {home / "out" / name for name in names} < set(before)
    assert clean(home / "out")
    # somebody made a number plate unreadable, and keeps something of their own here
    (home / "out" / names[0]).write_bytes(PHOTOS[3])
    (home / "out" / "photos" / "mine.txt").write_text("mine")
    (home / "out" / "photos" / "photo-0123456789.jpg").write_bytes(PHOTOS[4])
    typed(*words)
    assert f"{names[0]} was changed by hand and stays as it is" in typed.err
    assert "photos/ still holds photo-0123456789.jpg that this page does not show" in typed.err
    (home / "out" / "photos" / "mine.txt").unlink()
    assert PHOTOS[3] == (home / "out" / names[0]).read_bytes()
    assert set(before) < {path for path in (home / "out").rglob("*") if path.is_file()}


def test_a_limit_counts_the_files_beside_the_page(home: Path, told: Path, typed: Typed) -> None:
    typed(*EVERYTHING, "-o", home / "out", "--photos", "folder", "--max-size", "900kB")
    found = sum(path.stat().st_size for path in (home / "out").rglob("*") if path.is_file())
    assert 850_000 < found <= 900_000


def test_no_photo_is_decoded_and_no_company_worked_out_twice(
    home: Path, told: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(*EVERYTHING, "-o", home / "out", "--max-size", "800kB")
    first = (home / "out" / "report.html").read_bytes()

    def never(*_: object, **__: object) -> None:
        raise AssertionError("a picture was made again")

    monkeypatch.setattr(PictureMaker, "make", never)
    monkeypatch.setattr("convoylog.files.memory.Memory.read", never)
    monkeypatch.setattr("convoylog.trips.convoy.convoy_of", never)
    typed(*EVERYTHING, "-o", home / "out", "--max-size", "800kB")
    assert first == (home / "out" / "report.html").read_bytes()


def test_what_is_remembered_changes_no_page(home: Path, told: Path, typed: Typed) -> None:
    cache, page = home / "annas" / "cache", home / "out" / "report.html"

    def written(*options: str) -> bytes:
        typed(*EVERYTHING, *options, "-o", home / "out")
        return page.read_bytes()

    def without_memory(*options: str) -> bytes:
        shutil.rmtree(cache)
        return written(*options)

    seen = [written()]
    (home / "b.gpx").write_bytes(document("".join(map(point, range(200, 300)))))
    for words in (
        ("note", "Rain, and more of it", "--share", "private", "--at", "2024-06-01 00:01:00Z"),
        ("car", "set", "Anna", "colour=violet", "hole_s=30"),
        ("add", "--car", "Anna", str(home / "b.gpx")),
    ):
        typed(*words)
        seen.append(written())
        assert seen[-1] == without_memory(), words
    for option in (
        ("--locale", "de"),
        ("--hide-times",),
        ("--units", "mi"),
        ("--privacy", "public"),
    ):
        seen.append(written(*option))
        assert seen[-1] == without_memory(*option), option
    assert list(range(len(seen))) == [seen.index(one) for one in seen]
    # torn, or somebody else's: passed over
    for path in sorted(cache.rglob("*")):
        if path.is_file():
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert seen[-1] == written("--privacy", "public")


@pytest.mark.parametrize("harm", ["cut", "gone", "bomb"])
def test_a_photo_that_cannot_be_shown_keeps_place_and_caption(
    home: Path, told: Path, typed: Typed, harm: str
) -> None:
    path = next(path for path in told.glob("cars/*/photos/*.jpg"))
    if harm == "cut":
        path.write_bytes(path.read_bytes()[:-20_000])
    elif harm == "bomb":
        # a head that promises 65,000 × 65,000 pixels
        content = path.read_bytes()
        at = content.index(b"\xff\xc0") + 5
        path.write_bytes(content[:at] + b"\xfd\xe8\xfd\xe8" + content[at + 4 :])
    else:
        path.unlink()
    typed(*EVERYTHING, "-o", home / "out", code=1 if harm == "cut" else 0)
    text = (home / "out" / "report.html").read_text()
    assert COUNT - 1 == text.count('<a class="photo ')
    if harm != "gone":
        assert path.name in typed.err
    # what cannot even be read is no photo of the story
    if harm == "cut":
        assert re.search(r"Photo could not be shown: [^<]+", text)
        assert "1 photo could not be shown." in text
