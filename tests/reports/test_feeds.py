"""Feeds: valid, stable, with photos, and with nothing that breaks out of them."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from convoylog.errors import ConvoylogError
from convoylog.reports.edition import Edition
from convoylog.reports.feeds import feeds
from convoylog.reports.outline import make_report
from convoylog.trips.part import part_of
from tests.reports.test_engines import BRACES, REPORT
from tests.reports.trips import BEGIN, car, converging, note, trip

A = "{http://www.w3.org/2005/Atom}"
HERE = Edition(base_url="https://example.org/rally")
PAGES = feeds(REPORT, HERE)
ATOM = ElementTree.fromstring(PAGES.files["atom.xml"])  # noqa: S314 - our own
JSON = json.loads(PAGES.files["feed.json"])


def test_atom_has_what_rfc_4287_asks_for() -> None:
    for name in ("id", "title", "updated"):
        assert len(ATOM.findall(f"{A}{name}")) == 1
    entries = ATOM.findall(f"{A}entry")
    assert entries
    for entry in entries:
        for name in ("id", "title", "updated", "content", "author"):
            assert len(entry.findall(f"{A}{name}")) == 1
        assert datetime.fromisoformat(entry.findtext(f"{A}updated") or "").tzinfo
    ids = [entry.findtext(f"{A}id") for entry in entries]
    assert len(ids) == len(set(ids))
    times = [datetime.fromisoformat(entry.findtext(f"{A}updated") or "") for entry in entries]
    assert times == sorted(times, reverse=True)
    assert ATOM.findtext(f"{A}updated") == entries[0].findtext(f"{A}updated")


def test_the_json_feed_says_the_same() -> None:
    assert JSON["version"] == "https://jsonfeed.org/version/1.1"
    rows = [(e.findtext(f"{A}id"), e.findtext(f"{A}title"), e.findtext(f"{A}content"))
            for e in ATOM.findall(f"{A}entry")]  # fmt: skip
    assert rows == [(i["id"], i["title"], i["content_html"]) for i in JSON["items"]]


def test_photos_are_beside_the_feed_under_the_addresses_it_tells() -> None:
    addresses = [a["url"] for item in JSON["items"] for a in item.get("attachments", [])]
    assert len(addresses) == 2
    for address in addresses:
        path = address.removeprefix("https://example.org/rally/")
        size = next(a["size_in_bytes"] for i in JSON["items"] for a in i.get("attachments", [])
                    if a["url"] == address)  # fmt: skip
        assert len(PAGES.files[path]) == size


def test_text_stays_text() -> None:
    whole = " ".join(item["content_html"] for item in JSON["items"])
    assert "<script" not in whole
    assert "<b>bold" not in whole
    assert BRACES.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in whole


def test_an_entrys_id_stays_when_others_come_and_the_feed_moves() -> None:
    some = feeds(make_report(converging(3), pictures={}), HERE)
    more = feeds(make_report(converging(5), pictures={}), Edition(base_url="https://b.example"))
    ids = [{item["id"] for item in json.loads(p.files["feed.json"])["items"]} for p in (some, more)]
    # the answer is of the last car, so it is another entry's
    assert len(ids[0] & ids[1]) == 4


def test_entries_without_a_time_are_counted_and_none_at_all_is_told() -> None:
    whose = car(0, "Heron")
    notes = [note(1, whose, None, "x"), note(2, whose, BEGIN, "y")]
    report = make_report(trip([whose], {}, notes), pictures={})
    assert feeds(report, HERE).told == ("1 entry is not in the feed: when is not known.",)
    with pytest.raises(ConvoylogError, match="nothing with a known time"):
        feeds(make_report(trip([whose]), pictures={}), HERE)


SCHEMA = Path(__file__).with_name("atom.rng")


def test_xmllint_finds_atom_as_rfc_4287_has_it(tmp_path: Path) -> None:
    program = shutil.which("xmllint")
    if program is None:
        pytest.skip("no xmllint here")
    path = tmp_path / "atom.xml"
    path.write_bytes(PAGES.files["atom.xml"])
    checking = [program, "--noout", "--nonet", "--relaxng", str(SCHEMA), str(path)]
    seen = subprocess.run(checking, capture_output=True, text=True)
    assert 0 == seen.returncode, seen.stderr
    for good, bad in (
        (b"<updated>2", b"<updated>in 2"),
        (b'rel="self"', b'rel=""'),
        (b"<author>", b"<autor>"),
    ):
        path.write_bytes(PAGES.files["atom.xml"].replace(good, bad))
        assert 0 != subprocess.run(checking, capture_output=True).returncode, bad


def test_feedparser_reads_what_was_written() -> None:
    feedparser = pytest.importorskip("feedparser", reason="no feedparser here")
    seen = feedparser.parse(PAGES.files["atom.xml"])
    assert (False, "atom10") == (bool(seen.bozo), seen.version)
    assert JSON["title"] == seen.feed.title
    assert len(JSON["items"]) == len(seen.entries)
    for item, entry in zip(JSON["items"], seen.entries, strict=True):
        assert (item["id"], item["authors"][0]["name"]) == (entry.id, entry.author)
        at = datetime.fromisoformat(item["date_published"]).astimezone(UTC)
        assert at.timetuple()[:6] == entry.published_parsed[:6]
        assert [a["url"] for a in item.get("attachments", [])] == [
            e.href for e in entry.get("enclosures", [])
        ]
        # its sanitizer takes nothing of ours away
        assert entry.content[0].value.count("<img") == item["content_html"].count("<img")
        assert ["text/html"] == [part.type for part in entry.content]
        assert item["tags"] == [tag.term for tag in entry.get("tags", [])]


#: JSON Feed 1.1: key → type, and whether it must be there
FEED = {"version": (str, True), "title": (str, True), "items": (list, True), "description": (str, False),
        "home_page_url": (str, False), "feed_url": (str, False), "language": (str, False)}  # fmt: skip
ITEM = {"id": (str, True), "content_html": (str, True), "title": (str, False), "image": (str, False),
        "date_published": (str, False), "authors": (list, False), "tags": (list, False),
        "attachments": (list, False)}  # fmt: skip
ATTACHMENT = {"url": (str, True), "mime_type": (str, True), "size_in_bytes": (int, False)}


def fits(value: dict[str, object], form: dict[str, tuple[type, bool]]) -> None:
    assert set(value) <= set(form)
    assert {key for key, (_, must) in form.items() if must} <= set(value)
    assert all(isinstance(each, form[key][0]) for key, each in value.items())


def test_the_json_feed_keeps_to_version_1_1() -> None:
    fits(JSON, FEED)
    for item in JSON["items"]:
        fits(item, ITEM)
        assert datetime.fromisoformat(item["date_published"]).tzinfo
        assert all(set(author) <= {"name", "url", "avatar"} for author in item["authors"])
        assert all(isinstance(tag, str) for tag in item["tags"])
        for attachment in item.get("attachments", []):
            fits(attachment, ATTACHMENT)
    assert len({item["id"] for item in JSON["items"]}) == len(JSON["items"])


def test_an_answer_quotes_what_it_answers_and_names_it() -> None:
    pages = feeds(make_report(converging(5), pictures={}), HERE)
    atom = ElementTree.fromstring(pages.files["atom.xml"])  # noqa: S314 - our own
    entries = {e.findtext(f"{A}id"): e for e in atom.findall(f"{A}entry")}
    ((answer, ref),) = [
        (entry, found.get("ref"))
        for entry in entries.values()
        if (found := entry.find("{http://purl.org/syndication/thread/1.0}in-reply-to")) is not None
    ]
    html = answer.findtext(f"{A}content") or ""
    assert "We saw you!" in html
    assert "<blockquote><p>Heron: Heron is on the road.</p></blockquote>" in html
    assert "Heron is on the road." in (entries[ref].findtext(f"{A}content") or "")


def test_a_part_is_published_beside_the_whole() -> None:
    whole = converging(5)
    part = part_of(whole, cars={whole.cars[0].car.id})
    report = make_report(part, pictures={})
    pages = feeds(report, HERE)
    assert f"{report.part}/atom.xml" == pages.first
    assert all(path.startswith(f"{report.part}/") for path in pages.files)
    told = json.loads(pages.files[f"{report.part}/feed.json"])
    assert f"https://example.org/rally/{report.part}/feed.json" == told["feed_url"]
    atom = ElementTree.fromstring(pages.files[pages.first])  # noqa: S314 - our own
    assert ATOM.findtext(f"{A}id") != atom.findtext(f"{A}id")


def test_who_is_spoken_to_leads_to_the_page_where_one_lies_beside() -> None:
    a, b = car(0, "Heron"), car(1, "Big <Dolores>")
    said = note(1, a, BEGIN, "Hi @Big <Dolores>,\n\n<b>and @heron & @nobody")
    whole = trip([a, b], {}, [said])
    for part in (whole, part_of(whole, cars={a.id})):
        report = make_report(part, pictures={})
        folder = f"{report.part}/" if report.part else ""
        for page, heron in (
            (True, '<a href="https://example.org/rally/report.html#car-1">@heron</a>'),
            (False, "<b>@heron</b>"),
        ):
            pages = feeds(report, replace(HERE, page=page))
            (item,) = json.loads(pages.files[f"{folder}feed.json"])["items"]
            assert f"<p>&lt;b&gt;and {heron} &amp; @nobody</p>" in item["content_html"]
            dolores = "@Big &lt;Dolores&gt;"
            if not report.part:
                link = f'<a href="https://example.org/rally/report.html#car-2">{dolores}</a>'
                dolores = link if page else f"<b>{dolores}</b>"
            assert f"<p>Hi {dolores},</p>" in item["content_html"]
