"""Commands that are imported only when somebody runs them, so that `--help` stays quick.

A `Line` says where a command is. A `LazyGroup` lists lines, and builds the Typer command of one
line when it is asked for. A command is a plain function with `typing.Annotated` parameters; its
docstring is its help, where indented lines (examples) are shown as they are written.
"""

from __future__ import annotations

import difflib
import importlib
import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command
from typer.models import TyperPath

from convoylog.cli.context import given_logbook
from convoylog.cli.options import LogbookOption
from convoylog.errors import UsageError


@dataclass(frozen=True, slots=True)
class Line:
    """words: as typed, "car add". where: "module:function" below the commands' package.

    help: one line for the list of commands. panel: the heading it stands under.
    """

    words: str
    where: str
    help: str
    panel: str


class Command(TyperCommand):
    """A command whose help keeps its examples as they are written."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        left = super().parse_args(ctx, args)
        _refuse_nameless(self.params, ctx)
        return left

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        program = ctx.find_root().info_name
        for paragraph in inspect.cleandoc(self.help or "").split("\n\n"):
            lines = paragraph.splitlines()
            formatter.write_paragraph()
            with formatter.indentation():
                # a docstring whose first line is all its text loses the indent of its example
                flush = paragraph.startswith(f"{program} ")
                if flush or any(line.startswith(" ") for line in lines):
                    pad = " " * (formatter.current_indent + (4 if flush else 0))
                    for line in lines:
                        formatter.write(continued(f"{pad}{line}".rstrip(), 80) + "\n")
                else:
                    formatter.write_text(" ".join(lines))


def _refuse_nameless(params: Sequence[Any], ctx: Any) -> None:
    """Raises UsageError for a path of no letters. Somebody meant a variable that is not set; pathlib
    takes it for the folder one stands in."""
    for param in params:
        given = ctx.params.get(param.name)
        paths = given if isinstance(given, tuple | list) else (given,)
        if isinstance(param.type, TyperPath) and "" in paths:
            option = param.param_type_name == "option"
            named = param.opts[-1] if option else param.metavar.strip("[]")
            raise UsageError(
                f"no path given for `{named}`: it is empty",
                hint="`.` is the folder you are in; a variable in the command may not be set",
            )


def continued(line: str, most: int) -> str:
    """A command longer than `most` letters over several lines, broken before its options."""
    first, *options = line.split(" --")
    rows = [first]
    for option in options:
        joined = f"{rows[-1]} --{option}"
        if len(joined) > most - 2:
            rows[-1] += " \\"
            rows.append(" " * (len(line) - len(line.lstrip()) + 4) + f"--{option}")
        else:
            rows[-1] = joined
    return "\n".join(rows) if len(line) > most else line


class LazyGroup(TyperGroup):
    """A group of commands known by their lines alone."""

    lines: tuple[Line, ...] = ()
    package: str = ""
    #: the words before its commands: "" for the program, "car" for `car add`
    words: str = ""

    def _below(self) -> dict[str, list[Line]]:
        """Next word → the lines that begin with it."""
        start = f"{self.words} " if self.words else ""
        found: dict[str, list[Line]] = {}
        for line in self.lines:
            if line.words.startswith(start):
                found.setdefault(line.words.removeprefix(start).split()[0], []).append(line)
        return found

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  Typer's name
        return list(self._below())

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        below = self._below().get(cmd_name, [])
        words = f"{self.words} {cmd_name}".strip()
        for line in below:
            if line.words == words:
                return self._built(ctx, line)
        return make_group(below, self.package, words=words) if below else None

    def _built(self, ctx: Any, line: Line) -> Any:
        module, _, function = line.where.partition(":")
        work = getattr(importlib.import_module(f"{self.package}.{module}"), function)
        single = typer.Typer(add_completion=False, rich_markup_mode=None)
        single.command(line.words.split()[-1], cls=Command, short_help=line.help)(work)
        command = get_command(single)
        given = given_logbook(ctx)
        if given is not None:
            if not any(option.name == "logbook" for option in command.params):
                raise UsageError(
                    f"`{line.words}` takes no `--logbook`", hint=f"convoylog {line.words} --help"
                )
            command.context_settings["default_map"] = {"logbook": str(given)}
        return command

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        left = super().parse_args(ctx, args)
        _refuse_nameless(self.params, ctx)
        return left

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name = args[0]
        if name not in self._below() and not ctx.resilient_parsing and name[:1] != "-":
            near = difflib.get_close_matches(name, self._below(), 1)
            meant = f"{ctx.command_path} {near[0] if near else '--help'}"
            raise UsageError(
                f"no command `{f'{self.words} {name}'.strip()}`",
                hint=f"did you mean `{meant}`?" if near else f"`{meant}` lists the commands",
            )
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        if self.words and not ctx._protected_args:
            choice = ", ".join(self._below())
            raise UsageError(
                f"`{ctx.command_path}` needs one of: {choice}", hint=f"{ctx.command_path} --help"
            )
        return super().invoke(ctx)

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        # the base class would import every command to ask for its help
        from typer._click.shell_completion import CompletionItem

        names = [
            CompletionItem(
                name,
                help=lines[0].help if len(lines) == 1 else ", ".join(r.words for r in lines),
            )
            for name, lines in self._below().items()
            if name.startswith(incomplete)
        ]
        return names + super(TyperGroup, self).shell_complete(ctx, incomplete)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002  Typer's name
        panels: dict[str, list[tuple[str, str]]] = {}
        for lines in self._below().values():
            for line in lines:
                panels.setdefault(line.panel, []).append((line.words, line.help))
        widest = max((len(line.words) for line in self.lines), default=0)
        for panel, rows in panels.items():
            with formatter.section(panel):
                # one width for all panels, so that the eye runs down one edge
                formatter.write_dl([(words.ljust(widest), text) for words, text in rows])


def _group_options(logbook: LogbookOption = None) -> None:
    pass


def make_group(
    lines: Sequence[Line], package: str, *, words: str = "", app: typer.Typer | None = None
) -> LazyGroup:
    """The group of `lines`, whose modules are below `package`. app: the Typer app it stands for."""
    if app is None:
        app = typer.Typer(
            cls=LazyGroup,
            add_completion=False,
            rich_markup_mode=None,
            help=f"`{words}` commands.",
        )
        app.callback()(_group_options)
    group = get_command(app)
    if not isinstance(group, LazyGroup):
        raise TypeError("the app was made without cls=LazyGroup")
    group.lines, group.package, group.words = tuple(lines), package, words
    return group
