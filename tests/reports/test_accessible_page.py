"""The page for those who do not see it, see it large, or in colours of their own."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.reports.browser import DESK, PHONE, Browser, Seen
from tests.reports.editions import LANGUAGES, editions
from tests.reports.node import installed
from tests.reports.test_live_page import page

#: mode → how the page is opened, how many cars drive
MODES: dict[str, tuple[dict[str, Any], int]] = {
    "by day": ({}, 5),
    "by night": ({"color_scheme": "dark"}, 5),
    "on a phone": ({"size": PHONE, "has_touch": True}, 5),
    "on a phone at night": ({"size": PHONE, "color_scheme": "dark"}, 5),
    "with twelve cars": ({}, 12),
    "in forced colours": ({"forced_colors": "active"}, 5),
}


def faults(seen: Seen) -> list[str]:
    """What axe finds: rule and elements. Every rule counts, also targets of 24 px (WCAG 2.2)."""
    seen.ask(installed("axe-core/axe.min.js").read_text("utf-8") + ";0")
    return seen.ask(  # type: ignore[no-any-return]
        "axe.run(document, {rules: {'target-size': {enabled: true}}}).then((told) => "
        "told.violations.flatMap((fault) => fault.nodes.map((node) => `${fault.id}: ${node.html}`"
        ".slice(0, 300))))"
    )


@pytest.mark.parametrize("mode", list(MODES))
def test_axe_finds_no_fault(browser: Browser, mode: str) -> None:
    options, count = MODES[mode]
    with browser.open(page(count), **options) as seen:
        assert [] == faults(seen)


def test_axe_finds_no_fault_while_reading_a_day_and_a_photo(browser: Browser) -> None:
    with browser.open(page()) as seen:
        seen.page.click("button[data-day='2']")
        seen.page.click("button[data-car='1']")
        seen.page.click("button[data-chart='speed']")
        seen.rest(300)
        assert [] == faults(seen)
        seen.page.click(".photo")
        assert seen.page.locator("dialog[open] img").is_visible()
        assert [] == faults(seen)


def test_axe_finds_no_fault_where_no_script_runs(browser: Browser) -> None:
    # axe is a script itself: ours is taken out instead
    still = re.sub(rb"<script\b.*?</script>", b"", page(), flags=re.DOTALL)
    for size in (DESK, PHONE):
        with browser.open(still, size) as seen:
            assert [] == faults(seen)


def test_axe_finds_no_fault_in_other_languages_parts_and_odd_trips(browser: Browser) -> None:
    found = {}
    for name, content in editions().items():
        # a phone shows less, and other words
        with browser.open(content, PHONE if name in LANGUAGES else DESK) as seen:
            found[name] = faults(seen)
    assert {} == {name: told for name, told in found.items() if told}
