from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.models import TyperPath

from convoylog.cli import app
from convoylog.cli.lazy import Line

PACKAGE = "tests.cli.shelf"
LINES = (
    Line("hello", "plain:hello", "greet somebody", "Begin"),
    Line("box list", "plain:list_boxes", "the boxes", "Begin"),
    Line("box open", "broken:open_box", "open one", "Begin"),
    Line("problem", "plain:problem", "end with 1", "Keep"),
    Line("fail", "plain:fail", "fail somehow", "Keep"),
    Line("broken", "broken:run", "never imported", "Keep"),
)


def shelf(*words: str) -> int:
    return app.run(words, lines=LINES, package=PACKAGE)


def test_help_lists_every_line_without_importing_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == shelf("--help")
    told = capsys.readouterr().out
    for line in LINES:
        assert f"{line.words} " in told
        assert line.help in told
    assert all(len(row) <= 80 for row in told.splitlines())


def test_no_words_at_all_show_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == shelf()
    assert "box list" in capsys.readouterr().out


def test_a_groups_help_lists_its_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == shelf("box", "--help")
    told = capsys.readouterr().out
    assert "box open" in told
    assert "hello" not in told


def test_a_commands_help_keeps_its_example_as_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == shelf("hello", "--help")
    told = capsys.readouterr().out
    assert "  Greet somebody, and say which logbook was meant.\n" in told
    assert "      shelf hello Anna --times 2\n      shelf hello Berta\n" in told


def test_a_command_runs(capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == shelf("hello", "Anna")
    assert "hello Anna, None\n" == capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        ("--logbook", "trip", "hello", "Anna"),
        ("hello", "--logbook", "trip", "Anna"),
        ("--logbook", "other", "hello", "Anna", "--logbook", "trip"),
    ],
)
def test_the_logbook_may_be_named_before_or_behind_the_command(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert 0 == shelf(*words)
    assert "hello Anna, trip\n" == capsys.readouterr().out


@pytest.mark.parametrize(
    "words", [("--logbook", "trip", "box", "list"), ("box", "--logbook", "trip", "list")]
)
def test_the_logbook_may_be_named_before_a_group(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert 0 == shelf(*words)
    assert "boxes in trip\n" == capsys.readouterr().out


def test_a_logbook_named_for_a_command_that_has_none_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert 2 == shelf("--logbook", "trip", "problem")
    assert "error: `problem` takes no `--logbook`\n" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "hint", "words"),
    [
        ("no command `helo`", "did you mean `convoylog hello`?", ("helo",)),
        ("no command `qqq`", "`convoylog --help` lists the commands", ("qqq",)),
        ("no command `box lits`", "did you mean `convoylog box list`?", ("box", "lits")),
        ("`convoylog box` needs one of: list, open", "convoylog box --help", ("box",)),
        ("no option `--time`", "did you mean `--times`?", ("hello", "A", "--time", "2")),
        ("no option `--zzz`", "convoylog hello --help", ("hello", "A", "--zzz")),
        ("missing argument `NAME`", "convoylog hello --help", ("hello",)),
        (
            "invalid value for `--times`: `x` is not a valid int",
            "convoylog hello --help",
            ("hello", "A", "--times", "x"),
        ),
        ("option `--times` requires an argument", "", ("hello", "A", "--times")),
        ("got unexpected extra argument(s) (B)", "convoylog hello --help", ("hello", "A", "B")),
    ],
)
def test_wrong_words_are_told_in_one_line_with_a_hint(
    error: str, hint: str, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert 2 == shelf(*words)
    out, err = capsys.readouterr()
    assert "" == out
    assert err.startswith(f"error: {error}")
    assert f"\nhint: {hint}" in err
    assert 2 == len(err.splitlines())


def test_an_exit_code_is_what_the_command_returns() -> None:
    assert 1 == shelf("problem")


@pytest.mark.parametrize(
    ("code", "told", "how"),
    [
        (3, "error: no `x` in ␛[31mred␊\nhint: try `y`\n", "error"),
        (3, "error: cars/a.gpx: no space left on device\nhint: make room", "disk"),
        (3, "error: this is a fault of convoylog: KeyError: 'nothing'\nhint: run it", "fault"),
        (3, "error: not enough memory\n", "memory"),
        (3, "error: no answer came\n", "abort"),
        (130, "error: interrupted\nhint: nothing is half-written", "interrupt"),
    ],
)
def test_every_failure_has_its_words_and_its_code(
    code: int, told: str, how: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert code == shelf("fail", how)
    out, err = capsys.readouterr()
    assert "" == out
    assert err.startswith(told)
    assert "Traceback" not in err


def test_the_traceback_of_a_fault_is_there_for_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONVOYLOG_DEBUG", "1")
    with pytest.raises(KeyError):
        shelf("fail", "fault")


def test_completion_names_commands_without_importing_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("_CONVOYLOG_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "convoylog br")
    monkeypatch.setenv("COMP_CWORD", "1")
    shelf()
    assert ["broken"] == capsys.readouterr().out.split()


def test_completion_goes_below_groups(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("_CONVOYLOG_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "convoylog box ")
    monkeypatch.setenv("COMP_CWORD", "2")
    shelf()
    assert ["list", "open"] == capsys.readouterr().out.split()


def test_a_reader_that_leaves_is_no_error(tmp_path: Path) -> None:
    script = (
        "import sys; from tests.cli.test_app import shelf;"
        "sys.exit(shelf('hello', 'Anna', '--times', '100000'))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    with process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert b"hello Anna, None\n" == process.stdout.readline()
        process.stdout.close()
        assert b"" == process.stderr.read()
    assert 0 == process.returncode


def start(*words: str, stdout: int | None = None) -> subprocess.Popen[bytes]:
    script = "import sys; from tests.cli.test_app import shelf; sys.exit(shelf(*sys.argv[1:]))"
    return subprocess.Popen(
        [sys.executable, "-c", script, *words],
        cwd=Path(__file__).parents[2],
        stdout=stdout,
        stderr=subprocess.PIPE,
    )


@pytest.mark.skipif(os.name == "nt", reason="Windows has another Ctrl-C")
def test_ctrl_c_ends_with_130_and_says_how_to_go_on() -> None:
    with start("fail", "wait") as process:
        assert process.stderr is not None
        assert b"waiting\n" == process.stderr.readline()
        process.send_signal(signal.SIGINT)
        told = process.stderr.read()
    assert 130 == process.returncode
    assert told.startswith(b"error: interrupted\nhint: ")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize(
    "words", [("hello", "Anna"), ("--help",), ("hello", "A", "--times", "9999")]
)
def test_results_that_could_not_be_written_are_an_error(words: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full, start(*words, stdout=full.fileno()) as process:
        assert process.stderr is not None
        told = process.stderr.read()
    assert 3 == process.returncode
    assert told.startswith(b"error: ")
    assert 2 == told.count(b"\n")


@pytest.mark.skipif(os.name == "nt", reason="a shell is needed")
def test_closed_streams_are_no_fault() -> None:
    script = "import sys; from tests.cli.test_app import shelf; sys.exit(shelf('hello', 'A'))"
    seen = subprocess.run(
        ["sh", "-c", f'"{sys.executable}" -c "{script}" >&- 2>&-'], cwd=Path(__file__).parents[2]
    )
    assert 0 == seen.returncode


HEAVY = ("numpy", "PIL", "gpxpy", "jinja2", "pydantic", "dateparser", "rich", "tomlkit")


@pytest.mark.parametrize("words", ["--help", "--version", "nonsense"])
def test_the_shell_of_the_program_loads_nothing_heavy(words: str) -> None:
    script = (
        "import sys; from convoylog.__main__ import main; sys.argv[1:] = sys.argv[1:]; main();"
        "print(*sorted(sys.modules), file=sys.stderr)"
    )
    seen = subprocess.run(
        [sys.executable, "-c", script, words], capture_output=True, text=True, check=True
    )
    loaded = {name.partition(".")[0] for name in seen.stderr.split()}
    assert "convoylog" in loaded
    assert set() == loaded & set(HEAVY)
    if words == "--version":
        assert "typer" not in loaded


def test_the_program_is_started_by_its_name_and_as_a_module() -> None:
    for command in (["-m", "convoylog"], ["-c", "from convoylog.__main__ import main; main()"]):
        seen = subprocess.run(
            [sys.executable, *command, "--version"], capture_output=True, text=True, check=True
        )
        assert seen.stdout.startswith("convoylog ")


def test_letters_a_terminal_lacks_are_shown_by_number() -> None:
    script = "from convoylog.cli import screen; screen.begin(); screen.tell('3 h 05 – ✓')"
    seen = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONIOENCODING": "ascii"},
    )
    assert "3 h 05 \\u2013 \\u2713\n" == seen.stdout


def empty_paths() -> Iterator[tuple[str, ...]]:
    """A command line for every path that a command takes, that path left empty."""
    for line in app.LINES:
        command: Any = app.build()
        for word in line.words.split():
            command = command.get_command(None, word)
        needed = []
        for param in command.params:
            option = param.param_type_name == "option"
            needed += [*param.opts[: int(option)], "1"] if param.required else []
        for param in command.params:
            if isinstance(param.type, TyperPath):
                option = param.param_type_name == "option"
                yield (*line.words.split(), *((param.opts[0], "", *needed) if option else ("",)))


@pytest.mark.parametrize("words", [*empty_paths(), ("--logbook", "", "log")], ids=" ".join)
def test_a_path_of_no_letters_is_not_the_folder_one_stands_in(
    words: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert 2 == app.run(words)
    error, hint = capsys.readouterr().err.splitlines()
    assert error.startswith("error: no path given for `")
    assert hint.startswith("hint: `.` is the folder you are in")
    assert [] == list(tmp_path.iterdir())
