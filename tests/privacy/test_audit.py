"""The audit finds what the cut must not have left."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import Image, PngImagePlugin

from convoylog.privacy.audit import audit, emails


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


def test_addresses_are_told() -> None:
    assert emails({"a.md": b"write to anna@example.org now"}) == ("anna@example.org",)
