"""Pictures made to be shown: from pixels alone, in a child that may die."""

from __future__ import annotations

import io
import json
import sys

import pytest
from PIL import Image, ImageCms, ImageDraw

from convoylog.errors import BadInput
from convoylog.files import child, pictures_child
from convoylog.files.pictures import PictureMaker

SHA = "ab" * 32
SECRET = b"canary-7f3a"


def drawn(size: tuple[int, int] = (400, 200), mode: str = "RGB") -> Image.Image:
    """Red in the upper left quarter, blue elsewhere."""
    image = Image.new("RGB", size, "blue")
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2, size[1] // 2), fill="red")
    return image.convert(mode)


def saved(image: Image.Image, form: str = "JPEG", **how: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **how)
    return out.getvalue()


def opened(jpeg: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(jpeg))
    image.load()
    return image


def made(content: bytes, edge: int = 200) -> Image.Image:
    ((_, _, jpeg),), _ = pictures_child.make(content, (edge,), 80)
    return opened(jpeg)


def is_red(image: Image.Image, x: float, y: float) -> bool:
    pixel = image.getpixel((int(image.width * x), int(image.height * y)))
    assert isinstance(pixel, tuple)
    return bool(pixel[0] > 180 and pixel[2] < 90)


@pytest.fixture(scope="module")
def maker() -> PictureMaker:  # type: ignore[misc]
    with PictureMaker() as maker:
        yield maker  # type: ignore[misc]


def test_every_size_asked_for_comes_from_one_call_in_that_order(maker: PictureMaker) -> None:
    small, large = maker.make(saved(drawn((4000, 2000))), SHA, (100, 1600))
    assert [(small.width, small.height), (large.width, large.height)] == [(100, 50), (1600, 800)]
    for picture in (small, large):
        assert picture.sha256 == SHA
        image = opened(picture.jpeg)
        assert (image.format, image.size) == ("JPEG", (picture.width, picture.height))
        assert image.info.get("progressive")


def test_a_pin_is_the_upright_middle_without_metadata(maker: PictureMaker) -> None:
    exif = Image.Exif()
    exif[0x112], exif[0x110] = 6, SECRET.decode()
    wide = Image.new("RGB", (400, 100), "blue")
    ImageDraw.Draw(wide).rectangle((150, 0, 249, 49), fill="red")
    (picture,) = maker.make(saved(wide, exif=exif), SHA, (200,), pin=72)
    pin = opened(picture.pin)
    assert ("WEBP", (72, 72)) == (pin.format, pin.size)
    # turned right, what was above is at the right
    assert is_red(pin, 0.8, 0.5)
    assert not is_red(pin, 0.2, 0.5)
    assert SECRET not in picture.pin
    assert b"EXIF" not in picture.pin


def test_small_photos_keep_their_size(maker: PictureMaker) -> None:
    (only,) = maker.make(saved(drawn((30, 20))), SHA)
    assert (only.width, only.height) == (30, 20)


def test_a_very_long_photo_keeps_one_pixel_of_height() -> None:
    assert made(saved(drawn((5000, 2), "RGB"), "PNG")).size == (200, 1)


# the corner where the red quarter is, if the picture is turned as the number says
_RED = {1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1), 5: (0, 0), 6: (1, 0), 7: (1, 1), 8: (0, 1)}


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_turned_upright(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x112] = orientation
    image = made(saved(drawn(), exif=exif))
    assert image.size == ((200, 100) if orientation < 5 else (100, 200))
    right, low = _RED[orientation]
    for x in (0, 1):
        for y in (0, 1):
            assert is_red(image, 0.2 + 0.6 * x, 0.2 + 0.6 * y) == ((x, y) == (right, low))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_nothing_but_pixels_comes_through(form: str) -> None:
    exif = Image.Exif()
    exif[0x110] = SECRET.decode()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    how: dict[str, object] = {"exif": exif, "icc_profile": profile, "xmp": SECRET}
    if form == "JPEG":
        how["comment"] = SECRET
        how["dpi"] = (123, 123)
    content = saved(drawn(), form, **how)
    assert SECRET in content
    ((_, _, jpeg),), _ = pictures_child.make(content + SECRET, (200,), 80)
    assert SECRET not in jpeg
    image = opened(jpeg)
    assert set(image.info) <= {
        "jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"
    }  # fmt: skip
    assert image.info["jfif_density"] != (123, 123)


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "1", "I;16"])
def test_every_kind_of_png_keeps_its_light_and_dark(mode: str) -> None:
    grey = Image.new("L", (40, 20), 0)
    ImageDraw.Draw(grey).rectangle((0, 0, 19, 19), fill=255)
    if mode == "I;16":
        grey = grey.convert("I").point(lambda value: value * 257).convert("I;16")
    else:
        grey = grey.convert("RGBA" if mode == "RGBA" else mode)
    image = made(saved(grey, "PNG")).convert("L")
    assert image.getpixel((5, 10)) > 230  # type: ignore[operator]
    assert image.getpixel((35, 10)) < 25  # type: ignore[operator]


def test_sixteen_bit_grey_is_not_cut_off_at_white() -> None:
    grey = Image.new("I", (20, 20), 128 * 257).convert("I;16")
    assert made(saved(grey, "PNG")).convert("L").getpixel((9, 9)) == pytest.approx(128, abs=3)


def test_what_shines_through_is_white() -> None:
    clear = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    assert made(saved(clear, "PNG")).getpixel((9, 9)) == (255, 255, 255)


def test_cmyk_becomes_rgb() -> None:
    assert is_red(made(saved(drawn(mode="CMYK"))), 0.2, 0.2)


def test_colours_are_as_the_profile_means_them() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # red and green change places in the table of tags
    swapped = profile.replace(b"rXYZ", b"?XYZ").replace(b"gXYZ", b"rXYZ").replace(b"?XYZ", b"gXYZ")
    red, green, _ = made(saved(drawn(), icc_profile=swapped)).getpixel((40, 20))  # type: ignore[misc]
    assert green > 180
    assert red < 90


def test_a_profile_that_is_damaged_or_not_for_these_pixels_is_left_out() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for profile in (b"no profile", lab):
        assert is_red(made(saved(drawn(), icc_profile=profile)), 0.2, 0.2)


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>", saved(drawn())[:-2000], saved(drawn(), "PNG")[:-60], saved(drawn(), "GIF")],
    ids=["empty", "html", "cut jpeg", "cut png", "gif"],
)
def test_what_cannot_be_decoded_is_refused_and_the_next_is_made(
    maker: PictureMaker, content: bytes
) -> None:
    with pytest.raises(BadInput, match=r"^(this picture cannot|no picture)"):
        maker.make(content, SHA)
    assert maker.make(saved(drawn()), SHA, (50,))[0].width == 50


def test_a_child_that_dies_is_replaced() -> None:
    with PictureMaker() as maker:
        maker.make(saved(drawn()), SHA, (50,))
        assert maker._child is not None
        first = maker._child
        first.kill()
        first.wait()
        assert maker.make(saved(drawn()), SHA, (50,))[0].width == 50
        assert maker._child is not first


def test_a_child_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "_START", "import time; time.sleep(60)")
    with PictureMaker(seconds=0.2) as maker:
        with pytest.raises(BadInput, match="this picture cannot be decoded"):
            maker.make(saved(drawn()), SHA)
        assert maker._child is None


@pytest.mark.parametrize(
    "answer",
    ["", "nonsense", "[]", '{"sizes": [[1, 1, 99999999999]]}', '{"sizes": [[1, 1, 4]]}\\nGIF8',
     '{"sizes": []}', '{"sizes": 7}', '{"sizes": [[1, 1, 2]]}\\nGI'],
)  # fmt: skip
def test_a_child_that_lies_is_not_believed(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    lie = f"import sys; sys.stdin.buffer.readline(); print('{answer}', flush=True)"
    monkeypatch.setattr(child, "_START", lie)
    with PictureMaker() as maker, pytest.raises(BadInput, match="this picture cannot be decoded"):
        maker.make(saved(drawn()), SHA)


@pytest.mark.parametrize("pin", [0, 4, 10**12, "x"])
def test_a_child_that_lies_about_the_pin_is_not_believed(
    monkeypatch: pytest.MonkeyPatch, pin: object
) -> None:
    answer = json.dumps({"sizes": [[1, 1, 2]], "pin": pin}).encode() + b"\n\xff\xd8GIF8"
    lie = f"import sys; sys.stdin.buffer.readline(); sys.stdout.buffer.write({answer!r})"
    monkeypatch.setattr(child, "_START", lie)
    with PictureMaker() as maker, pytest.raises(BadInput, match="this picture cannot be decoded"):
        maker.make(saved(drawn()), SHA, pin=72)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds the limit on memory for sure")
def test_the_child_cannot_take_more_memory_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    greedy = (
        "import sys; sys.path.append(sys.argv[1]); from convoylog.files import pictures_child as c;"
        "c.make = lambda *a: bytearray(8 * 2**30); c.serve()"
    )
    monkeypatch.setattr(child, "_START", greedy)
    with PictureMaker() as maker, pytest.raises(BadInput, match="too much memory"):
        maker.make(saved(drawn()), SHA)


def test_modules_of_the_folder_we_are_in_are_not_run(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path))
    (folder / "PIL.py").write_text("open('pwned', 'w')", "utf-8")
    monkeypatch.chdir(folder)
    with PictureMaker() as maker:
        assert maker.make(saved(drawn()), SHA, (50,))[0].width == 50
    assert not (folder / "pwned").exists()


def test_senseless_orders_are_the_callers_fault(maker: PictureMaker) -> None:
    for edges, quality in (((), 80), ((0,), 80), ((10,), 0), ((10,), 100)):
        with pytest.raises(ValueError, match="edges"):
            maker.make(saved(drawn()), SHA, edges, quality)
