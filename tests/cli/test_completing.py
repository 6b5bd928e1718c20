"""What Tab offers, asked as bash asks it."""

from __future__ import annotations

from pathlib import Path

import pytest

from convoylog.cli import app


@pytest.fixture
def trip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A logbook with the cars Pepper and Marigold, and no other traces on this laptop."""
    for name in ("XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.delenv("CONVOYLOG", raising=False)
    folder = tmp_path / "trip"
    assert 0 == app.run(["init", str(folder), "--title", "Trip", "--car", "Pepper"])
    assert 0 == app.run(["--logbook", str(folder), "car", "add", "Marigold"])
    monkeypatch.chdir(folder)
    return folder


def offered(
    words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> list[str]:
    capsys.readouterr()
    monkeypatch.setenv("_CONVOYLOG_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(len(words.split(" ")) - 1))
    app.run([])
    monkeypatch.delenv("_CONVOYLOG_COMPLETE")
    out, err = capsys.readouterr()
    assert "" == err
    return out.split()


def test_cars_are_offered(
    trip: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert {"marigold", "pepper"} == set(offered("convoylog note --car ", monkeypatch, capsys))
    assert ["marigold"] == offered("convoylog note --car ma", monkeypatch, capsys)


def test_the_logbook_named_before_is_asked(
    trip: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    words = f"convoylog --logbook {trip} note --car p"
    assert ["pepper"] == offered(words, monkeypatch, capsys)


def test_without_a_logbook_nothing_is_offered_and_nothing_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert [] == offered("convoylog note --car ", monkeypatch, capsys)


def test_a_broken_logbook_offers_nothing_and_says_nothing(
    trip: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in trip.rglob("*.toml"):
        path.write_bytes(b"\xff\x00 = [")
    assert [] == offered("convoylog note --car ", monkeypatch, capsys)


def test_options_and_commands_are_offered(
    trip: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "--logbook" in offered("convoylog note --", monkeypatch, capsys)
    assert ["add", "apart", "list", "same", "set"] == sorted(
        offered("convoylog car ", monkeypatch, capsys)
    )


def test_ids_tags_and_words_of_legs_are_offered(
    trip: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ["--at", "2026-05-02T12:00Z"]
    assert 0 == app.run(["note", "rain", "--tag", "weather", "--car", "Pepper", *at])
    for title in ("Over the plains", "Over $(touch pwned) passes"):
        span = ["--from", "2026-05-02T12:00Z", "--to", "2026-05-02T12:30Z"]
        assert 0 == app.run(["leg", "add", title, *span, "--car", "Pepper"])
    for command in ("show", "edit", "remove", "resolve", "explain", "note --reply-to"):
        ids = offered(f"convoylog {command} 20260502t", monkeypatch, capsys)
        assert 3 == len(ids), command
    for command in ("log", "note"):
        assert ["weather"] == offered(f"convoylog {command} --tag ", monkeypatch, capsys)
    for command in ("log", "stats", "convoy", "export"):
        # what two titles have in common tells neither, and nothing a shell would run is offered
        words = offered(f"convoylog {command} --leg ", monkeypatch, capsys)
        assert ["passes", "plains", "the"] == sorted(words), command
