"""A battery that dies while logs are merged, at moments nobody chose."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

from convoylog.files.check import check
from convoylog.files.source import Folder
from tests.laws.logbooks import Book

#: deaths; each starts the program anew, so that a few must do
_KILLS = 6


def _merge(root: Path, other: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "convoylog", "--logbook", root, "merge", other],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "XDG_STATE_HOME": str(root.parent / "state")},
    )


def test_a_merge_killed_again_and_again_loses_nothing_and_is_finished_by_the_last(
    tmp_path: Path,
) -> None:
    ours = Book(tmp_path / "ours", "a" * 16).init()
    anna = ours.add_car("Anna")
    mine = [ours.note(anna, f"mine {n}") for n in range(3)]
    theirs = ours.copy_to(tmp_path / "theirs", "b" * 16)
    ben = theirs.add_car("Ben")
    for n in range(60):
        theirs.note(ben, f"theirs {n}")
    theirs.photo(ben, 3)
    whole = ours.copy_to(tmp_path / "whole")
    assert 0 == _merge(whole.root, theirs.root).wait()

    before = ours.tree()
    chance = random.Random(5)
    killed = 0
    for _ in range(_KILLS):
        process = _merge(ours.root, theirs.root)
        versions = ours.root / ".convoylog" / "versions"
        have = len(list(versions.iterdir()))
        # into the midst of writing: once the first file of this run is there, or soon after
        while process.poll() is None and len(list(versions.iterdir())) == have:
            time.sleep(0.002)
        time.sleep(chance.random() * 0.05)
        process.kill()
        killed += process.wait() != 0
        tree = ours.tree()
        # what was here is here, byte for byte, and nothing is half written
        assert before == {path: tree[path] for path in before}
        found = check(Folder(ours.root))
        assert {"unlisted", "leftover", "missing-entry"} >= {p.kind for p in found.problems}
        assert set(mine) <= {entry.version.id for entry in found.found.entries}
    assert killed
    assert 0 == _merge(ours.root, theirs.root).wait()
    left = {path: content for path, content in ours.tree().items() if not path.endswith(".part")}
    assert whole.tree() == left
    shutil.rmtree(theirs.root)
    assert [] == [p for p in ours.problems() if p.kind != "leftover"]
