"""The audit finds what the cut must not have left."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import Image, PngImagePlugin

from convoylog.privacy.audit import audit


def jpeg(**options: object) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(buffer, "JPEG", **options)
    return buffer.getvalue()


def page(picture: bytes) -> dict[str, bytes]:
    inside = base64.b64encode(picture)
    return {"report.html": b'<img src="data:image/jpeg;base64,' + inside + b'">'}


def test_a_clean_picture_passes() -> None:
    assert audit(page(jpeg()), []) == ()


def test_exif_in_an_embedded_picture_is_found() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Canary"
    assert audit(page(jpeg(exif=exif)), []) == (
        "report.html: picture 1 carries EXIF or other metadata",
    )


def test_a_comment_is_found() -> None:
    assert "a comment" in audit(page(jpeg(comment=b"hello")), [])[0]


def test_bytes_behind_the_picture_are_found() -> None:
    assert "behind" in audit({"a.jpg": jpeg() + b"motion video"}, [])[0]


def test_a_second_picture_behind_the_first_is_found() -> None:
    assert "behind" in audit({"a.jpg": jpeg() + jpeg()}, [])[0]


def test_words_between_the_scans_of_a_picture_are_found() -> None:
    picture = jpeg(progressive=True)
    second = picture.rindex(b"\xff\xda")
    comment = b"\xff\xfe\x00\x07hello"
    assert "a comment" in audit(page(picture[:second] + comment + picture[second:]), [])[0]


def test_a_cut_picture_is_found() -> None:
    assert audit({"a.jpg": jpeg()[:-2]}, [])
    assert audit({"a.jpg": b"\xff\xd8\xff\xe0"}, [])


@pytest.mark.parametrize("serial", ["456789", "000000"])
def test_a_serial_number_that_a_sky_looks_like_is_no_word(serial: str) -> None:
    # one stands in the usual table of Huffman codes; the other in the pixels of a flat picture
    sky = jpeg(quality=90)
    end = sky.rindex(b"\xff\xd9")
    picture = sky[:end] + b"000000" + sky[end:]
    assert serial.encode() in picture
    assert audit({"a.jpg": picture}, [serial]) == ()
    assert audit(page(picture), [serial]) == ()


def test_a_serial_number_in_a_colour_profile_is_found() -> None:
    picture = jpeg(icc_profile=b"made by 000000")
    assert audit({"a.jpg": picture}, ["000000"]) == ("a.jpg: picture 1 holds 000000…",)
    assert audit(page(picture), ["000000"]) == ("report.html: picture 1 holds 000000…",)


def test_text_in_a_png_is_found() -> None:
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", "Canary")
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, "PNG", pnginfo=words)
    assert "tEXt" in audit({"map.png": buffer.getvalue()}, [])[0]


@pytest.mark.parametrize("text", ["SN-12345", "L'été & <nous>"])
def test_a_forbidden_text_is_found_also_escaped(text: str) -> None:
    import html

    assert audit({"post.md": text.encode()}, [text])
    assert audit({"report.html": html.escape(text).encode()}, [text])
    assert audit({"report.html": b"nothing"}, [text]) == ()


def test_what_stands_between_pictures_is_read_and_each_picture_is_looked_into() -> None:
    name = b"SN-12345"
    pictures = page(jpeg())["report.html"], page(jpeg(comment=name))["report.html"]
    found = audit({"report.html": pictures[0] + name + pictures[1]}, [name.decode()])
    assert found == (
        "report.html holds SN-12345…, which must not go out",
        "report.html: picture 2 carries a comment",
        "report.html: picture 2 holds SN-12345…",
    )


def test_what_is_no_base64_is_no_hiding_place() -> None:
    hidden = {"report.html": b'<img src="data:image/jpeg;base64,=SN+12345=">'}
    assert "report.html: picture 1 holds SN+12345…" in audit(hidden, ["SN+12345"])
