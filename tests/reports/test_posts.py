"""Posts for blogs with importers of their own, templates, and names that stay."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import gpxpy
import pytest

from convoylog.errors import BadInput
from convoylog.reports.edition import Edition
from convoylog.reports.formats import FORMATS
from convoylog.reports.outline import make_report
from convoylog.reports.posts.front import front_matter, quote
from convoylog.trips.convoy import find_convoy
from tests.reports.test_engines import REPORT
from tests.reports.trips import converging

CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
WP = "{http://wordpress.org/export/1.2/}"


def blocks_of(text: str) -> list[tuple[str, str]]:
    """(open or close, kind) of every block mark."""
    return re.findall(r"<!-- (/?)wp:([a-z-]+)[^>]*-->", text)


def test_wordpress_blocks_are_nested_and_whole() -> None:
    pages = FORMATS["wordpress"](REPORT)
    text = pages.files[pages.first].decode()
    open_blocks: list[str] = []
    for closing, kind in blocks_of(text):
        if closing:
            assert open_blocks.pop() == kind
        else:
            open_blocks.append(kind)
    assert [] == open_blocks
    kinds = {kind for _, kind in blocks_of(text)}
    assert {"image", "paragraph", "heading", "table", "list"} <= kinds
    assert "html" not in kinds
    # what a shortcode would be made of
    assert "[" not in text
    assert "&#91;gallery]" in text
    names = re.findall(r'src="([^"]+)"', text)
    assert names == sorted(names)
    assert {f"{REPORT.slug}/{name}" for name in names} <= set(pages.files)


def test_wordpress_import_file_is_what_wordpress_exports() -> None:
    edition = Edition(base_url="https://example.org/a", draft=True)
    pages = FORMATS["wordpress"](REPORT, edition)
    rss = ElementTree.fromstring(pages.files[f"{REPORT.slug}/wordpress.xml"])  # noqa: S314 - our own
    items = rss.findall("channel/item")
    kinds = [item.findtext(f"{WP}post_type") for item in items]
    assert kinds == ["post", *["attachment"] * 4]
    assert items[0].findtext("title") == REPORT.title
    assert items[0].findtext(f"{WP}status") == "draft"
    assert items[0].findtext(f"{WP}post_date") == "2026-06-11 10:30:00"
    assert items[0].findtext(f"{WP}post_date_gmt") == "2026-06-11 15:30:00"
    body = items[0].findtext(CONTENT) or ""
    for item in items[1:]:
        address = item.findtext(f"{WP}attachment_url") or ""
        assert f'src="{address}"' in body
        name = address.removeprefix(f"https://example.org/a/{REPORT.slug}/")
        assert f"{REPORT.slug}/{name}" in pages.files
    assert rss.findtext(f"channel/{WP}wxr_version") == "1.2"


def test_ghosts_archive_is_what_its_importer_takes() -> None:
    pages = FORMATS["ghost"](REPORT)
    (members,) = pages.archives.values()
    whole = json.loads(members[f"{REPORT.slug}.json"])
    (row,) = whole["data"]["posts"]
    assert (row["status"], row["published_at"]) == ("draft", 1781191800000)
    ((kind, card),) = json.loads(row["mobiledoc"])["cards"]
    assert kind == "markdown"
    addresses = re.findall(r"__GHOST_URL__/(content/images/[^ )\"]+)", card["markdown"])
    assert len(addresses) == 4
    assert set(addresses) <= set(members)
    tags = {tag["id"] for tag in whole["data"]["tags"]}
    assert tags == {link["tag_id"] for link in whole["data"]["posts_tags"]}


def test_the_ways_can_be_taken_away_where_the_engine_has_room_for_them() -> None:
    for name, folder in (("markdown", "{}"), ("jekyll", "assets/posts/{}"), ("astro", "public/{}")):
        pages = FORMATS[name](REPORT)
        gpx = pages.files[f"{folder.format(REPORT.slug)}/trip.gpx"]
        assert len(gpxpy.parse(gpx.decode()).tracks[0].segments[0].points) == 1080
    for name in ("wordpress", "ghost"):
        assert not [path for path in FORMATS[name](REPORT).contents() if path.endswith(".gpx")]


def test_who_drove_with_whom_is_a_picture_a_list_and_a_table() -> None:
    trip = converging()
    report = make_report(trip, pictures={}, convoy=find_convoy(trip.cars, routes=False))
    pages = FORMATS["markdown"](report)
    text = pages.files[pages.first].decode()
    assert "## Who drove with whom" in text
    assert f"{report.slug}/convoy.png" in pages.files
    assert "| Cars | Driven together |" in text
    # of one car alone nothing is told of company
    assert (
        "Who drove with whom"
        not in FORMATS["markdown"](REPORT).files[f"{REPORT.slug}/README.md"].decode()
    )


def test_a_drivers_template_shapes_the_body() -> None:
    template = "{{ lede }}\n\n{% for c in report.cast %}{{ c.name | text }} was there.\n{% endfor %}\n{{ credit }}"
    text = FORMATS["hugo"](REPORT, Edition(template=template)).files
    body = text[f"content/posts/{REPORT.slug}/index.md"].decode()
    assert "&#123;&#123; car &#125;&#125; was there." in body
    assert "| Day |" not in body


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("{{ lede", "line 1: "),
        ("a\n{% for %}", "line 2: "),
        ("{{ nothing }}", "'nothing' is undefined"),
        ("{{ report.__class__.__mro__ }}", "unsafe"),
        ("{{ lede.upper().nope() }}", "nope"),
        ("{{ 1 / 0 }}", "division"),
    ],
)
def test_a_template_that_does_not_work_is_told(template: str, says: str) -> None:
    with pytest.raises(BadInput, match=re.escape(says)):
        FORMATS["markdown"](REPORT, Edition(template=template))


def test_pictures_keep_their_names_when_others_come_before_them() -> None:
    names = {path for path in FORMATS["markdown"](REPORT).files if "photo-" in path}
    assert all(re.fullmatch(rf"{REPORT.slug}/photo-[0-9a-f]{{10}}\.jpg", name) for name in names)
    assert names == {path for path in FORMATS["markdown"](REPORT).files if "photo-" in path}


@pytest.mark.parametrize(
    "text",
    [
        'a "b" \\ c',
        "x: y # z",
        "--- ...",
        "{{ x }}",
        "\u202eabc\u202c",
        "a\nb\x07",
        "\ud800",
        "null",
    ],
)
def test_front_matter_reads_back_as_the_text(text: str) -> None:
    rows = front_matter({"title": text}).splitlines()
    assert rows[0] == rows[2] == "---"
    kept = json.loads(rows[1].removeprefix("title: "))
    assert kept == json.loads(quote(text))
    assert not set(kept) & set("\u202e\u202c\n\x07\ud800")
