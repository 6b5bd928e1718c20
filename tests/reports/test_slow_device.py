"""What holds on a device that is busy: nothing hangs on how soon the next frame comes."""

from __future__ import annotations

import pytest

from tests.reports.browser import PHONE, Browser, Seen
from tests.reports.test_layout import northern

#: a click, and then no time for anything else: longer than any page glides or waits
_CLICK = """(day) => { document.querySelector(`button[data-day='${day}']`).click();
  const begun = performance.now(); while (performance.now() - begun < 1000); }"""


def chosen(seen: Seen) -> list[str | None]:
    seen.rest(1200)
    pressed = seen.page.locator("button[data-day][aria-pressed=true]").all()
    return [button.get_attribute("data-day") for button in pressed]


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_the_day_a_button_led_to_stays_chosen(browser: Browser, motion: str) -> None:
    # nothing is told from the second day on: what stands above it is told of the first
    with browser.open(northern(5), PHONE, reduced_motion=motion) as seen:
        for day in (4, 2, 5, 1, 3):
            seen.ask(_CLICK, day)
            assert [str(day)] == chosen(seen)
        # and who reads on is followed again
        seen.ask("scrollTo(0, 0)")
        assert ["0"] == chosen(seen)
        seen.ask("document.querySelector('#e2').scrollIntoView({block: 'center'})")
        assert ["1"] == chosen(seen)
