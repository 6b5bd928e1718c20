from __future__ import annotations

import io
import json
import math
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from convoylog.cli import screen
from convoylog.errors import ConvoylogError, Problem


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Both streams are one terminal that can show colours."""
    shown = Terminal()
    # pytest puts its own streams back before a test begins, so the module gets others
    streams = SimpleNamespace(stdout=shown, stderr=shown, stdin=shown)
    monkeypatch.setattr(screen, "sys", streams)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    return shown


def test_results_and_talk_go_to_different_streams(capsys: pytest.CaptureFixture[str]) -> None:
    screen.tell("result")
    screen.talk("talk")
    assert ("result\n", "talk\n") == tuple(capsys.readouterr())


def test_a_pipe_gets_no_colour(capsys: pytest.CaptureFixture[str]) -> None:
    screen.tell(("18:30", "dim"), " Anna")
    assert "18:30 Anna\n" == capsys.readouterr().out


def test_a_terminal_gets_colour(terminal: Terminal) -> None:
    screen.tell(("18:30", "dim"), " Anna")
    assert "\x1b[2m18:30\x1b[0m Anna\n" == terminal.getvalue()


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_who_wants_no_colour_gets_none(
    name: str, value: str, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    screen.tell(("18:30", "dim"))
    screen.show_error(ConvoylogError("no", hint="yes"))
    screen.table(["a"], [["b"]])
    assert "\x1b" not in terminal.getvalue()


def test_an_empty_no_color_means_nothing(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "")
    assert screen.coloured()


@pytest.mark.parametrize("colour", [True, False])
def test_foreign_text_cannot_act_wherever_it_is_shown(
    colour: bool, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not colour:
        monkeypatch.setenv("NO_COLOR", "1")
    evil = "\x1b]0;x\x07\u202e[red]"
    screen.tell(evil, (evil, "bold"))
    screen.talk(evil)
    screen.show_error(ConvoylogError(evil, hint=evil))
    screen.warn_problem(Problem(evil, "x", evil, hint=evil, line=3))
    screen.table([evil], [[evil]])
    shown = terminal.getvalue()
    assert "\x1b]" not in shown
    assert "\x07" not in shown
    assert "\u202e" not in shown
    assert 8 <= shown.count("[red]")


def test_an_error_is_one_line_and_a_hint(capsys: pytest.CaptureFixture[str]) -> None:
    screen.show_error(ConvoylogError("no `a\nb`", hint="`convoylog init`"))
    assert "error: no `a␊b`\nhint: `convoylog init`\n" == capsys.readouterr().err


def test_a_problem_says_file_line_and_what(capsys: pytest.CaptureFixture[str]) -> None:
    screen.warn_problem(Problem("cars/a.toml", "key", 'unknown key "litre"', line=7))
    assert 'cars/a.toml:7: unknown key "litre"\n' == capsys.readouterr().err


def test_json_is_one_ascii_document_in_the_order_given(capsys: pytest.CaptureFixture[str]) -> None:
    screen.json_out({"b": "Zoë", "a": [1, 2.5, True, None], "path": Path("x/y")})
    told = capsys.readouterr().out
    assert told.isascii()
    assert ["b", "a", "path"] == list(json.loads(told))
    assert {"b": "Zoë", "a": [1, 2.5, True, None], "path": "x/y"} == json.loads(told)


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (None, math.nan),
        (None, -math.inf),
        (None, np.float64("nan")),
        (1.5, np.float32(1.5)),
        (7, np.int64(7)),
        ([1.0, None], np.array([1.0, math.nan])),
        (
            "2010-08-05T18:30:00-06:00",
            datetime(2010, 8, 5, 18, 30, tzinfo=timezone(timedelta(hours=-6))),
        ),
        ("2010-08-05T18:30:00Z", datetime(2010, 8, 5, 18, 30, tzinfo=UTC)),
        ("bad\\udcff", "bad\udcff"),
        ("\x1b", "\x1b"),  # escaped by JSON itself
    ],
)
def test_json_holds_what_json_can_hold(
    read: object, value: object, capsys: pytest.CaptureFixture[str]
) -> None:
    screen.json_out({"value": value})
    told = capsys.readouterr().out
    assert {"value": read} == json.loads(told, parse_constant=pytest.fail)
    assert "\x1b" not in told


def test_a_time_without_offset_never_leaves_in_json() -> None:
    with pytest.raises(ValueError, match="without offset"):
        screen.json_out({"at": datetime(2010, 8, 5)})  # noqa: DTZ001  that is the fault


def test_a_plain_table_is_aligned(capsys: pytest.CaptureFixture[str]) -> None:
    screen.table(["car", "km"], [["Anna", "7.0"], ["東京", "1234.0"]], right=[1])
    assert (
        "car       km\n"
        "Anna     7.0\n"
        "東京  1234.0\n"
    ) == capsys.readouterr().out  # fmt: skip


def test_a_table_is_never_wider_than_eighty_and_loses_nothing() -> None:
    words = " ".join(f"word{n}" for n in range(60))
    lines = list(screen.aligned(["car", "text", "km"], [["Anna", words, "7"]], right=[2]))
    assert max(map(len, lines)) <= 80
    told = " ".join(lines).split()
    assert all(f"word{n}" in told for n in range(60))


def test_two_broad_columns_are_both_broken() -> None:
    place, cars = "Steamboat Springs Ranch Road", "The Sofa, Big Dolores and Plan B"
    row = ["Thu 18 Jun 18:05 CDT", place, cars, "14 h 24", "Big Dolores 3 h 10"]
    lines = list(screen.aligned(["stood together", "place", "cars", "for", "who waited"], [row]))
    assert max(map(len, lines)) <= 80
    assert set(" ".join(row).split()) <= set(" ".join(lines).split())


def test_a_word_longer_than_the_table_is_broken() -> None:
    lines = list(screen.aligned(["text"], [["x" * 200]]))
    assert 200 == "".join(lines[1:]).count("x")
    assert max(map(len, lines)) <= 80


def test_a_table_without_rows_has_its_heads() -> None:
    assert ["car  km"] == list(screen.aligned(["car", "km"], []))


def test_progress_in_a_pipe_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert [1, 2, 3] == list(screen.progress([1, 2, 3], "reading"))
    assert ("", "") == tuple(capsys.readouterr())


def test_quick_work_shows_no_progress(terminal: Terminal) -> None:
    assert [1, 2] == list(screen.progress([1, 2], "reading"))
    assert "" == terminal.getvalue()


def test_long_work_shows_progress(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "PATIENCE", -1.0)
    assert [1, 2] == list(screen.progress([1, 2], "reading"))
    assert "reading" in terminal.getvalue()


def test_without_a_terminal_the_answer_is_no(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    assert not screen.ask_yes("empty the trash?")


@pytest.mark.parametrize(
    ("answer", "typed"), [(True, "y\n"), (True, "YES\n"), (False, "\n"), (False, "")]
)
def test_only_a_yes_is_a_yes(
    answer: bool, typed: str, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("convoylog.cli.screen.sys.stdin", Terminal(typed))
    assert answer is screen.ask_yes("empty the trash?")
    assert "empty the trash? [y/N] " == terminal.getvalue()
