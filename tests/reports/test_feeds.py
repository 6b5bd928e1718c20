"""Feeds: valid, stable, with photos, and with nothing that breaks out of them."""

from __future__ import annotations

import json
from datetime import datetime
from xml.etree import ElementTree

import pytest

from convoylog.errors import ConvoylogError
from convoylog.reports.edition import Edition
from convoylog.reports.feeds import feeds
from convoylog.reports.outline import make_report
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
