"""WordPress' own code takes nothing away from a post, and knows its every block.

It needs PHP and WordPress' files (a folder in $WORDPRESS, or Debian's), no database; without them it is
skipped, saying so.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from convoylog.reports.edition import Edition
from convoylog.reports.formats import FORMATS
from tests.reports.test_engines import REPORT
from tests.reports.test_reports import Tags

FILES = Path(os.environ.get("WORDPRESS", "/usr/share/wordpress"))
BLOCKS = {"core/image", "core/paragraph", "core/table", "core/heading", "core/list", "core/quote"}


@pytest.fixture(scope="module")
def seen() -> tuple[str, dict[str, object]]:
    """The post as given, and what WordPress says of it."""
    if shutil.which("php") is None:
        pytest.skip("no php here")
    if not (FILES / "wp-includes/blocks.php").is_file():
        pytest.skip(f"no WordPress in {FILES}")
    pages = FORMATS["wordpress"](REPORT, Edition(base_url="https://example.org/pictures"))
    given = pages.files[pages.first].decode()
    script = Path(__file__).with_name("wordpress.php")
    done = subprocess.run(
        ["php", str(script), str(FILES)], input=given, capture_output=True, text=True, check=True
    )
    return given, json.loads(done.stdout)


def test_every_block_is_one_it_knows(seen: tuple[str, dict[str, object]]) -> None:
    _, told = seen
    assert set(told["names"]) <= BLOCKS  # type: ignore[call-overload]
    assert ("", True) == (told["loose"], told["whole"])


def test_an_author_loses_nothing_when_saving(seen: tuple[str, dict[str, object]]) -> None:
    given, told = seen
    before, after = Tags(given), Tags(str(told["kept"]))
    assert before.text == after.text
    assert Counter(map(str, before.seen)) == Counter(map(str, after.seen))
