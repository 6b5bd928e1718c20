"""The page is HTML as the standard has it: two judges that know it better than we do."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from convoylog.reports.formats import FORMATS
from convoylog.reports.outline import make_report
from tests.reports.editions import editions
from tests.reports.node import installed, program
from tests.reports.test_hostile_page import page as hostile
from tests.reports.test_hub import hostile as hostile_hub
from tests.reports.test_hub import page as hub
from tests.reports.test_live_page import page
from tests.reports.trips import car, converging, trip

#: the Nu checker takes `data:` and a hash in our policy for a fault; a browser, asked in `test_live_page.py`, does not
POLICY = "violates Content Security Policy"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """With photos; of twelve cars; of a car that neither drove nor wrote; of hostile words; without times;
    and the same in other languages, in parts, odd ones."""
    folder = tmp_path_factory.mktemp("pages")
    idle = make_report(trip([car(0, "Solo")]), pictures={})
    quiet = make_report(converging(2), pictures={}, hide_times=True)
    contents = {
        "photos": page(), "twelve": page(12), "hostile": hostile(True),
        "idle": FORMATS["html"](idle).files["report.html"],
        "hub": hub()["index.html"], "hostile-hub": hostile_hub(),
        "quiet": FORMATS["html"](quiet).files["report.html"],
    }  # fmt: skip
    for name, content in (contents | editions()).items():
        (folder / f"{name.replace(' ', '-')}.html").write_bytes(content)
    return sorted(folder.glob("*.html"))


def test_html_validate_finds_no_fault(pages: list[Path]) -> None:
    (pages[0].parent / ".htmlvalidate.json").write_text(
        '{"root": true, "extends": ["html-validate:recommended"]}'
    )
    done = subprocess.run(
        [program("html-validate"), "-f", "text", *(path.name for path in pages)],
        capture_output=True, text=True, timeout=300, cwd=pages[0].parent,
    )  # fmt: skip
    assert [] == [line[-300:] for line in done.stdout.splitlines()]
    assert 0 == done.returncode, done.stderr


def test_the_nu_checker_finds_no_fault(pages: list[Path]) -> None:
    if not shutil.which("java"):
        pytest.skip("no java to run the Nu checker with")
    checker = installed("vnu-jar/build/dist/vnu.jar")
    done = subprocess.run(
        ["java", "-jar", str(checker), "--format", "json", *map(str, pages)],
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    told = [
        f"{Path(one['url']).name}:{one['lastLine']}: {one['message']}"
        for one in json.loads(done.stderr)["messages"]
        if POLICY not in one["message"]
    ]
    assert [] == told
