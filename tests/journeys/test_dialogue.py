"""Cars that answer each other, whatever arrives first."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.journeys.test_journeys import _id
from tests.journeys.typed import Typed, use_laptop


@pytest.fixture
def both(
    home: Path, rally: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> tuple[Path, Path]:
    """Anna's and Ben's logbooks; Ben has all of Anna's, and has answered."""
    typed("note", "Who has the map?", "--at", "2026-05-03 09:00")
    question = _id(typed, "note")
    use_laptop(home, monkeypatch, "bens")
    bens = home / "bens"
    shutil.copytree(rally, bens)
    typed("--logbook", bens, "car", "add", "Big Ben", "--number", "7")
    typed("--logbook", bens, "note", "I do, @anna!", "--at", "2026-05-03 10:30",
          "--reply-to", question[:20], "--car", "Big Ben")  # fmt: skip
    typed("--logbook", bens, "note", "Lunch", "--at", "2026-05-03 09:30", "--car", "Big Ben")
    use_laptop(home, monkeypatch, "annas")
    return rally, bens


def _row(typed: Typed, words: str, *logbook: str | Path) -> dict[str, object]:
    rows = typed.json(*logbook, "log")["entries"]
    return next(row for row in rows if words in str(row["text"]))


def test_an_answer_stands_at_its_note_and_the_rest_in_time(
    both: tuple[Path, Path], typed: Typed
) -> None:
    typed("merge", both[1])
    lines = [line for line in typed("log").splitlines() if not line.startswith("      ")]
    assert ["Anna", "↳", "Big"] == [
        line.split()[n] for line, n in zip(lines[1:], (1, 0, 1), strict=True)
    ]
    row = _row(typed, "I do")
    assert (_row(typed, "map")["id"], ["Anna"]) == (row["reply_to"], row["mentions"])
    assert "answered by Big Ben: I do, @anna!" in typed("show", str(row["reply_to"]))


def test_cars_are_spoken_to_by_name_number_and_folder(
    both: tuple[Path, Path], typed: Typed
) -> None:
    typed("merge", both[1])
    typed(
        "note", "@big ben, @7 or @7-big-ben: thanks. anna@example.org", "--at", "2026-05-03 11:00"
    )
    assert ["Big Ben"] == _row(typed, "thanks")["mentions"]


def test_an_answer_whose_note_never_came_is_told_so_and_finds_it_later(
    home: Path, both: tuple[Path, Path], typed: Typed
) -> None:
    rally, bens = both
    answer = _row(typed, "I do", "--logbook", bens)
    # only Ben's folder came along, on a stick
    part = home / "part"
    shutil.copytree(bens, part)
    shutil.rmtree(part / ".convoylog" / "versions" / str(answer["reply_to"]))
    for path in part.rglob(f"{answer['reply_to']}.toml"):
        path.unlink()
    third = home / "third"
    typed("init", third, "--title", "Rally", "--car", "Cleo")
    typed("--logbook", third, "merge", part)
    assert "answers a note that has not arrived" in typed("--logbook", third, "log")
    assert "which has not arrived yet" in typed("--logbook", third, "check") + typed.err
    typed("--logbook", third, "merge", rally)
    told = typed("--logbook", third, "log")
    assert "not arrived" not in told
    assert "↳" in told


def test_threads_are_the_same_in_any_order_of_merging(
    home: Path, both: tuple[Path, Path], typed: Typed
) -> None:
    rally, bens = both
    told = set()
    for n, order in enumerate(((rally, bens), (bens, rally))):
        third = home / f"third-{n}"
        typed("init", third, "--title", "Rally", "--car", "Cleo")
        for name in order:
            typed("--logbook", third, "merge", name)
        told.add(typed("--logbook", third, "log"))
    assert 1 == len(told)


def test_an_answer_of_another_day_is_named_at_both_ends(
    both: tuple[Path, Path], typed: Typed
) -> None:
    typed("merge", both[1])
    typed(
        "note",
        "Found it.",
        "--at",
        "2026-05-04 08:00",
        "--reply-to",
        str(_row(typed, "I do")["id"]),
    )
    told = typed("log")
    assert "< Anna, Mon 4 May, 08:00: Found it." in told
    assert "> Big Ben, Sun 3 May, 10:30: I do, @anna!" in told


def test_a_whole_id_may_be_answered_before_it_comes(rally: Path, typed: Typed) -> None:
    typed("note", "yes", "--at", "2026-05-03 09:00", "--reply-to", "20260503t080000z-0123456789")
    assert "a note that has not arrived" in typed.err
    assert "answers a note that has not arrived" in typed("log")
    typed.refuses("note", "yes", "--reply-to", "20260503t0800", code=2)


def test_a_day_bounds_the_log_and_belongs_to_it_whole(rally: Path, typed: Typed) -> None:
    for at in ("2026-05-02 23:59", "2026-05-03 00:00", "2026-05-03 23:59", "2026-05-04 00:00"):
        typed("note", at, "--at", at)
    shown = typed.json("log", "--from", "2026-05-03", "--to", "2026-05-03")["entries"]
    assert ["2026-05-03 00:00", "2026-05-03 23:59"] == [row["text"] for row in shown]
    assert "no time of day" in typed.refuses("note", "when", "--at", "2026-05-03", code=2)
