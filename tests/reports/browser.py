"""A headless Chromium for the report's pages; tests that need it skip where it is missing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESK, PHONE, SMALL = (1440, 900), (390, 844), (320, 640)


@dataclass
class Seen:
    """A page with all it asked for and complained of."""

    page: Any
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def text(self, selector: str) -> str:
        return str(self.page.inner_text(selector))

    def ask(self, script: str, *values: Any) -> Any:
        return self.page.evaluate(script, *values)

    def rest(self, milliseconds: int = 120) -> None:
        """Let frames pass."""
        self.page.wait_for_timeout(milliseconds)


class Browser:
    """Opens files in one browser, each in a profile of its own."""

    def __init__(self, browser: Any, folder: Path) -> None:
        self._browser, self._folder, self._count = browser, folder, 0

    @contextmanager
    def open(
        self, content: bytes, size: tuple[int, int] = DESK, *, header: bool = True, **options: Any
    ) -> Iterator[Seen]:
        """A page as a reader opens it. header: with its policy; without, as a careless copy."""
        self._count += 1
        path = self._folder / f"page-{self._count}.html"
        if not header:
            start = content.index(b'<meta http-equiv="Content-Security-Policy"')
            content = content[:start] + content[content.index(b">", start) + 1 :]
        path.write_bytes(content)
        with self.visit(path.as_uri(), size, **options) as seen:
            yield seen

    @contextmanager
    def visit(
        self, address: str, size: tuple[int, int] = DESK, watch: str = "", **options: Any
    ) -> Iterator[Seen]:
        """A page that lies somewhere already. watch: a script that runs before anything of the page."""
        context = self._browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            reduced_motion=options.pop("reduced_motion", "reduce"),
            **options,
        )
        page = context.new_page()
        if watch:
            page.add_init_script(watch)
        seen = Seen(page)
        page.on("request", lambda request: seen.requests.append(request.url))
        page.on("console", lambda message: seen.complaints.append(message.text))
        page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        page.on("dialog", lambda dialog: (seen.complaints.append("a dialog"), dialog.dismiss()))
        page.goto(address)
        if options.get("java_script_enabled", True):
            # the script begins after the first picture
            page.wait_for_selector("html.drawn,html:not(:has(#told))")
        seen.rest(150)
        try:
            yield seen
        finally:
            context.close()


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Skips the test where there is no Chromium or no Playwright to drive it."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="no playwright to drive a browser")
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("no chromium to look at the pages with")
    with sync_api.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=found, args=list(_FLAGS))
        yield Browser(chromium, tmp_path_factory.mktemp("pages"))
        chromium.close()
