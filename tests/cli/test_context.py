from __future__ import annotations

from pathlib import Path

import pytest

from convoylog.cli.context import find_logbook, now
from convoylog.errors import ConvoylogError


@pytest.fixture(autouse=True)
def _no_logbook_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CONVOYLOG", raising=False)


def begin(folder: Path, name: str = "logbook.toml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("")
    return folder


def test_the_nearest_logbook_above_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(tmp_path)
    trip = begin(tmp_path / "trip")
    below = trip / "cars" / "anna"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert trip == find_logbook()


def test_the_option_comes_before_the_environment_and_that_before_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, named, given = (begin(tmp_path / name) for name in ("here", "named", "given"))
    monkeypatch.chdir(here)
    monkeypatch.setenv("CONVOYLOG", str(named))
    assert given == find_logbook(given)
    assert named == find_logbook()


def test_two_versions_of_the_logbooks_own_entry_are_a_logbook(tmp_path: Path) -> None:
    assert tmp_path == find_logbook(begin(tmp_path, "logbook-0123abcd.toml"))


def test_a_named_folder_is_not_searched_upward(tmp_path: Path) -> None:
    begin(tmp_path)
    (tmp_path / "photos").mkdir()
    with pytest.raises(ConvoylogError, match=r"no `logbook.toml` in .*photos"):
        find_logbook(tmp_path / "photos")


@pytest.mark.parametrize(("why", "name"), [("does not exist", "gone"), ("is not a folder", "file")])
def test_what_was_named_must_be_a_folder(why: str, name: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConvoylogError, match=why) as caught:
        find_logbook(tmp_path / name)
    assert "convoylog init" in caught.value.hint


def test_no_logbook_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConvoylogError, match=r"no `logbook.toml` in .* or above") as caught:
        find_logbook()
    assert 3 == caught.value.code


def test_now_knows_its_offset() -> None:
    assert now().tzinfo is not None
