"""Every point of the page's checklist names tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent


def test_every_point_names_tests_that_are_there() -> None:
    points = re.findall(
        r"^\| (\d+) \| [^|]+ \| (.+) \|$", (HERE / "README.md").read_text("utf-8"), re.MULTILINE
    )
    assert list(range(1, 36)) == [int(number) for number, _ in points]
    for number, proofs in points:
        named = re.findall(r"`([^`]+)`(?: (test_\w+))?", proofs)
        assert named, number
        for file, test in named:
            assert not test or f"def {test}(" in (HERE / file).read_text("utf-8"), (file, test)
            assert (HERE / file).is_file(), file
