"""Posts and feeds as typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.files.readers.test_gpx_scan import document, point
from tests.journeys.typed import Typed


@pytest.fixture
def told(home: Path, rally: Path, typed: Typed) -> Path:
    """A logbook with a track, a note for everybody, one for the convoy and one for nobody."""
    (home / "a.gpx").write_bytes(document("".join(map(point, range(200)))))
    typed("add", home / "a.gpx")
    for share in ("public", "convoy", "private"):
        typed("note", f"Words for {share} ears", "--at", "2024-06-01T00:01:00Z", "--share", share)
    return rally


def test_a_post_into_a_site_is_renewed(home: Path, told: Path, typed: Typed) -> None:
    site = home / "site"
    site.mkdir()
    (site / "hugo.toml").write_text("")
    typed("report", "--to", "hugo", "-o", site)
    path = site / "content/posts/rally/index.md"
    assert str(path) == typed.out.strip()
    path.write_text("---\ntitle: Mine\n---\n" + path.read_text().split("---\n", 2)[2])
    typed("note", "One more", "--at", "2024-06-01T00:02:00Z", "--share", "public")
    typed("report", "--to", "hugo", "-o", site)
    text = path.read_text()
    assert text.startswith("---\ntitle: Mine\n")
    assert "One more" in text
    assert "private ears" not in text
    path.write_text(text.replace("One more", "One less"))
    assert "changed by hand" in typed.refuses("report", "--to", "hugo", "-o", site, code=3)
    assert "One less" in path.read_text()


def test_a_folder_that_is_no_site_is_told(home: Path, told: Path, typed: Typed) -> None:
    (home / "letters").mkdir()
    (home / "letters/a.txt").write_text("x")
    for engine in ("hugo", "jekyll", "eleventy", "astro"):
        said = typed.refuses("report", "--to", engine, "-o", home / "letters", code=3)
        assert engine.capitalize() in said
    assert ["a.txt"] == [path.name for path in (home / "letters").iterdir()]


@pytest.mark.parametrize(
    "url", ["example.org", "ftp://x.org", "https://", "https://x.org/<b>", "https://x .org"]
)
def test_an_address_that_is_none_is_refused(told: Path, typed: Typed, url: str) -> None:
    assert "no address" in typed.refuses("report", "--to", "jekyll", "--base-url", url, code=2)


def test_a_report_speaks_the_locale_that_is_asked_for_and_no_other(
    told: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    page = Path(typed("report").strip())
    assert '<html lang="en">' in page.read_text("utf-8")
    monkeypatch.setenv("CONVOYLOG_LOCALE", "de_AT")
    typed("report", "--units", "mi")
    assert '<html lang="de-AT">' in page.read_text("utf-8")
    assert "no locale" in typed.refuses("report", "--locale", "nl", code=2)
    assert "no units" in typed.refuses("report", "--units", "furlongs", code=2)


def test_a_template_with_a_fault_is_told_with_its_line(
    home: Path, told: Path, typed: Typed
) -> None:
    (home / "t.md").write_text("fine\n{{ nothing }}\n")
    said = typed.refuses("report", "--to", "markdown", "--template", home / "t.md", code=3)
    assert "'nothing' is undefined" in said
    assert not (told / "reports").exists()
    (home / "t.md").write_text("Only this: {{ lede }}\n")
    typed("report", "--to", "markdown", "--template", home / "t.md")
    assert "Only this: Anna" in Path(typed.out.strip()).read_text()
    nowhere = ("report", "--to", "markdown", "--template", home / "no.md")
    assert "no such file" in typed.refuses(*nowhere, code=3).lower()


@pytest.mark.parametrize(
    ("option", "to"),
    [
        (("--draft",), "html"),
        (("--draft",), "markdown"),
        (("--draft",), "thread"),
        (("--layout", "wide"), "hugo"),
        (("--html-figures",), "html"),
        (("--template", "t.md"), "thread"),
        (("--length", "500"), "html"),
        (("--length", "300"), "jekyll"),
    ],
)
def test_an_option_that_would_change_nothing_is_refused(
    told: Path, typed: Typed, option: tuple[str, ...], to: str
) -> None:
    assert f"{option[0]} does nothing with --to {to}" == typed.refuses(
        "report", "--to", to, *option, code=2
    )
    assert not (told / "reports").exists()


def test_feeds_hold_what_a_public_report_does(home: Path, told: Path, typed: Typed) -> None:
    typed("feed", "--base-url", "https://example.org/r/", "-o", home / "out")
    whole = (home / "out/atom.xml").read_text() + (home / "out/feed.json").read_text()
    assert "public ears" in whole
    assert "private ears" not in whole
    assert "https://example.org/r/feed.json" in whole
    first = (home / "out/atom.xml").read_bytes()
    typed("feed", "--base-url", "https://example.org/r", "-o", home / "out")
    assert first == (home / "out/atom.xml").read_bytes()
    assert "must know where" in typed.refuses("feed", code=2)


def test_a_thread_is_written_and_nothing_sent(home: Path, told: Path, typed: Typed) -> None:
    typed("report", "--to", "thread", "--length", "300", "-o", home / "out")
    assert "nothing was sent" in typed.err
    posts = json.loads((home / "out/rally-thread/thread.json").read_text())["posts"]
    assert all(len(post["text"]) <= 300 for post in posts)


def test_a_day_and_a_leg_are_told_beside_the_whole(home: Path, told: Path, typed: Typed) -> None:
    (leg, *_) = typed.json("stats")["cars"][0]["legs"]  # type: ignore[misc]
    for words in ((), ("--day", "1"), ("--car", "Anna"), ("--leg", leg["title"])):
        typed("report", "--to", "markdown", "-o", home / "out", *words)
    slugs = {path.name for path in (home / "out").iterdir()}
    assert "rally" in slugs
    assert "rally-day-1" in slugs
    assert "rally-anna" in slugs
    assert 4 == len(slugs)
    typed("report", "-o", home / "page")
    whole = (home / "page/report.html").read_bytes()
    typed("report", "--day", "1", "-o", home / "page")
    assert "Day 1" in (home / "page/report-day-1.html").read_text()
    # a part never takes the place of the whole
    assert whole == (home / "page/report.html").read_bytes()
    typed("car", "add", "Bea")
    asked = ("--car", "Bea", "--leg", leg["title"], "--privacy", "full")
    said = typed.refuses("report", *asked, code=2)
    assert "Bea did not drive the leg" in said
    assert "no day '7'" in typed.refuses("report", "--day", "7", code=2)
    assert "no leg 'Paris'" in typed.refuses("report", "--leg", "Paris", code=2)
