"""Reports are written again and again; what is not ours is never touched."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from convoylog.errors import ConvoylogError
from convoylog.files.output import write_pages
from convoylog.model.marked import mark
from convoylog.model.pages import GENERATOR, Pages


def post(words: str, picture: bytes = b"1") -> Pages:
    files = {
        "posts/t/index.md": f"---\ntitle: T\n---\n{mark(words)}".encode(),
        "posts/t/map.png": picture,
    }
    return Pages(files, "posts/t/index.md", shared=frozenset({"posts/t/index.md"}))


def test_a_post_is_renewed_and_the_authors_words_stay(tmp_path: Path) -> None:
    write_pages(post("first"), tmp_path)
    path = tmp_path / "posts/t/index.md"
    path.write_text(path.read_text().replace("title: T", "title: Mine") + "\nSee you!\n")
    write_pages(post("second", b"2"), tmp_path)
    text = path.read_text()
    assert "second" in text
    assert "first" not in text
    assert "title: Mine" in text
    assert text.endswith("\nSee you!\n")
    assert (tmp_path / "posts/t/map.png").read_bytes() == b"2"


def test_a_post_edited_within_the_marks_is_left_and_nothing_else_written(tmp_path: Path) -> None:
    write_pages(post("first"), tmp_path)
    path = tmp_path / "posts/t/index.md"
    path.write_text(edited := path.read_text().replace("first", "my own"))
    with pytest.raises(ConvoylogError, match="changed by hand; nothing was written"):
        write_pages(post("second", b"2"), tmp_path)
    assert path.read_text() == edited
    assert (tmp_path / "posts/t/map.png").read_bytes() == b"1"


def test_a_strangers_file_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "posts/t").mkdir(parents=True)
    (tmp_path / "posts/t/map.png").write_bytes(b"theirs")
    with pytest.raises(ConvoylogError, match=r"map\.png is there already"):
        write_pages(post("first"), tmp_path)
    assert [p.name for p in (tmp_path / "posts/t").iterdir()] == ["map.png"]
    (tmp_path / "posts/t/map.png").unlink()
    (tmp_path / "posts/t/index.md").write_text("my own post")
    with pytest.raises(ConvoylogError, match="no part marked"):
        write_pages(post("first"), tmp_path)
    assert (tmp_path / "posts/t/index.md").read_text() == "my own post"


def test_a_page_of_the_sites_owner_is_not_written_over_and_one_of_ours_is(tmp_path: Path) -> None:
    pages = Pages({"about.png": b"1", "index.html": GENERATOR + b"new"}, "index.html")
    (tmp_path / "index.html").write_text("my own site")
    with pytest.raises(
        ConvoylogError, match=r"index\.html is there already, and no page of ours"
    ) as refused:
        write_pages(pages, tmp_path)
    assert "a report by an older convoylog may be deleted" in refused.value.hint
    assert [p.name for p in tmp_path.iterdir()] == ["index.html"]
    assert (tmp_path / "index.html").read_text() == "my own site"
    (tmp_path / "index.html").write_bytes(GENERATOR + b"old")
    write_pages(pages, tmp_path)
    assert (tmp_path / "index.html").read_bytes() == GENERATOR + b"new"


def test_a_folder_that_is_no_site_is_told(tmp_path: Path) -> None:
    pages = Pages(
        {"content/a.md": b"x"}, "content/a.md", site=("Hugo", ("hugo.toml", "config.toml"))
    )
    write_pages(pages, tmp_path / "new")
    write_pages(pages, tmp_path / "new")
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters/dear.txt").write_text("x")
    with pytest.raises(ConvoylogError, match="no Hugo site in"):
        write_pages(pages, tmp_path / "letters")
    assert [p.name for p in (tmp_path / "letters").iterdir()] == ["dear.txt"]
    (tmp_path / "letters/hugo.toml").write_text("")
    write_pages(pages, tmp_path / "letters")
    assert (tmp_path / "letters/content/a.md").read_bytes() == b"x"


def test_archives_are_packed_the_same_every_time(tmp_path: Path) -> None:
    pages = Pages({}, "a.zip", archives={"a.zip": {"b/two.txt": b"2", "one.jpg": b"1"}})
    write_pages(pages, tmp_path)
    first = (tmp_path / "a.zip").read_bytes()
    write_pages(pages, tmp_path)
    assert first == (tmp_path / "a.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "b/two.txt": b"2", "one.jpg": b"1",
        }  # fmt: skip


@pytest.mark.parametrize("path", ["../a", "/a", "a/../../b"])
def test_no_page_leads_out_of_its_folder(tmp_path: Path, path: str) -> None:
    with pytest.raises(ConvoylogError, match="lead out"):
        write_pages(Pages({path: b"x"}, path), tmp_path / "in")
