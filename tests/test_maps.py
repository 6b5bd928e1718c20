"""What the maps say is there: arrows, commands, ARCHITECTURE.md, README and docs agree."""

from __future__ import annotations

import ast
import importlib
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from convoylog.cli import app
from convoylog.cli.lazy import Line

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "convoylog"
COMMANDS = SOURCE / "cli"
WEB = SOURCE / "reports" / "web"
#: modules of `cli` that know Typer and are no command
SHELL = {"app", "completing", "lazy", "options"}
#: commands that take no logbook: they make one, or are about this laptop
BEGINNERS = {"init", "demo", "basemap list", "basemap add"}

PURE = ("errors.py", "model", "geo.py", "simplify.py", "exports", "trips", "privacy", "merge.py")


def modules(*rooms: str) -> Iterator[tuple[Path, ast.Module]]:
    for room in rooms:
        path = SOURCE / room
        for file in [path] if path.suffix else sorted(path.rglob("*.py")):
            yield file, ast.parse(file.read_text())


def help_of(words: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert 0 == app.run([*words.split(), "--help"])
    return capsys.readouterr().out


# --- arrows


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder / "src")},
        capture_output=True,
        text=True,
    )


def test_the_arrows_between_rooms_are_kept() -> None:
    seen = lint_imports(ROOT)
    assert 0 == seen.returncode, seen.stdout


def test_an_arrow_that_points_up_is_seen(tmp_path: Path) -> None:
    shutil.copy(ROOT / ".importlinter", tmp_path)
    package = tmp_path / "src" / "convoylog"
    shutil.copytree(SOURCE, package, ignore=shutil.ignore_patterns("__pycache__", "*.bin"))
    with (package / "geo.py").open("a") as file:
        file.write("\nimport os\nimport gpxpy\nimport socket\nfrom convoylog.files import layout\n")
    told = lint_imports(tmp_path).stdout
    # files know exports, and those geo, so a circle closes too
    assert 5 == told.count("BROKEN"), told


def test_only_the_command_line_asks_for_the_time_the_environment_and_prints() -> None:
    asked = []
    rooms = [path.name for path in SOURCE.iterdir() if path.suffix in ("", ".py")]
    for file, tree in modules(*sorted(set(rooms) - {"cli", "__pycache__"})):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = ast.unparse(node.func)
                if re.search(r"(^|\.)(print|getenv|utcnow|today|now|localtime)$", name):
                    asked.append(f"{file.name}:{node.lineno} {name}")
            elif isinstance(node, ast.Attribute) and node.attr == "environ":
                asked.append(f"{file.name}:{node.lineno} environ")
    assert [] == asked


def test_rooms_that_think_take_only_pure_paths() -> None:
    for file, tree in modules(*PURE):
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module == "pathlib":
                assert {alias.name for alias in node.names} <= {"PurePosixPath", "PurePath"}, file
            if isinstance(node, ast.Import):
                assert "pathlib" not in {alias.name for alias in node.names}, file


# --- commands


def test_every_command_file_has_a_line_and_every_line_a_file() -> None:
    files = {
        path.stem
        for path in COMMANDS.glob("*.py")
        if path.stem not in SHELL
        and re.search(r"^import typer|LogbookOption", path.read_text(), re.MULTILINE)
    }
    assert files == {line.where.partition(":")[0] for line in app.LINES}


def test_no_two_lines_have_the_same_words() -> None:
    words = [line.words for line in app.LINES]
    assert len(set(words)) == len(words)


@pytest.mark.parametrize("line", app.LINES, ids=lambda line: line.words)
def test_a_line_tells_what_a_command_gives(line: Line) -> None:
    module, _, function = line.where.partition(":")
    assert callable(getattr(importlib.import_module(f"convoylog.cli.{module}"), function))
    # the list of commands indents by two, and the words need ten
    assert len(line.help) <= 60
    assert re.fullmatch(r"[A-Z][^.?]+[.?]", line.help)


@pytest.mark.parametrize("line", app.LINES, ids=lambda line: line.words)
def test_every_commands_help_has_an_example_that_can_be_typed(
    line: Line, capsys: pytest.CaptureFixture[str]
) -> None:
    told = help_of(line.words, capsys)
    examples = [row.strip() for row in told.splitlines() if row.startswith("      convoylog ")]
    known = {row.words for row in app.LINES}
    assert any(example.startswith(f"convoylog {line.words}") for example in examples), told
    for example in examples:
        words = [
            word for word in shlex.split(example.removesuffix("\\"))[1:] if not word.startswith("-")
        ]
        assert " ".join(words[:2]) in known or words[0] in known, example
    assert all(len(row) <= 80 for row in told.splitlines()), told


@pytest.mark.parametrize("line", app.LINES, ids=lambda line: line.words)
def test_every_command_takes_the_logbook_and_explains_its_options(
    line: Line, capsys: pytest.CaptureFixture[str]
) -> None:
    told = help_of(line.words, capsys)
    if line.words not in BEGINNERS:
        assert "--logbook DIR" in told
    bare = re.findall(r"^  (--[\w-]+(?: [A-Z]+)?)\s*$(?!\n {8})", told, re.MULTILINE)
    assert [] == bare


# --- documents


def document(name: str) -> str:
    path = ROOT / name
    if not path.exists():
        pytest.skip(f"{name} is not written yet")
    return path.read_text()


def commands_in(text: str) -> list[str]:
    """Every `convoylog …` in code, as the words behind it."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    rows = [row.strip().removeprefix("$ ") for block in blocks for row in block.splitlines()]
    rows += re.findall(r"`(convoylog [^`]*)`", text)
    return [row.removeprefix("convoylog ") for row in rows if row.startswith("convoylog ")]


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "docs/cli.md", "docs/format.md"])
def test_every_command_a_document_names_is_there(name: str) -> None:
    known = {line.words for line in app.LINES} | {line.words.split()[0] for line in app.LINES}
    for row in commands_in(document(name)):
        words = row.replace("|", " ").split()
        if words[0].startswith("-") or words[0].isupper():
            continue
        assert " ".join(words[:2]) in known or words[0] in known, row


@pytest.mark.parametrize("name", ["docs/cli.md"])
def test_every_command_is_in_the_documents(name: str) -> None:
    text = document(name)
    missing = [line.words for line in app.LINES if line.words not in text]
    assert [] == missing


@pytest.mark.parametrize("name", ["ARCHITECTURE.md", "README.md", "CONTRIBUTING.md"])
def test_every_file_a_map_names_exists(name: str) -> None:
    named = re.findall(r"`([\w./-]+(?:/|\.(?:py|md|toml|txt|css|jinja|sql)))`", document(name))
    named += re.findall(r"\]\(([\w./-]+)\)", document(name))
    missing = [
        path
        for path in named
        if not any((base / path).exists() for base in (ROOT, SOURCE, SOURCE / "files", WEB))
        # files of a logbook, not of the project
        and path not in ("logbook.toml", "car.toml", "cars/", "reports/", "notes/", "tracks/")
    ]
    assert [] == missing


def rows_of_the_map() -> list[str]:
    return [line for line in document("ARCHITECTURE.md").splitlines() if line.startswith("| ")]


def test_the_map_of_the_house_names_everything_once() -> None:
    rows = [row.split("|")[1] for row in rows_of_the_map()]
    assert len(set(rows)) == len(rows)


def test_the_map_of_the_house_names_every_module() -> None:
    named = set(re.findall(r"`([\w./-]+\.py)`", document("ARCHITECTURE.md")))
    # a row that names a folder means all in it; the prose passes through
    alike = tuple(re.findall(r"`([\w./-]+/)`", "\n".join(rows_of_the_map())))
    modules = {path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py")}
    missing = [path for path in sorted(modules - named) if not path.startswith(alike)]
    assert [] == [path for path in missing if not path.endswith(("__init__.py", "__main__.py"))]


def test_the_two_commands_of_the_readme_are_those_of_run_py() -> None:
    readme = document("README.md")
    assert "python3 run.py demo" in readme
    assert "python3 run.py tests" in readme
    assert "python3 run.py tests" in document(".ci/run")
