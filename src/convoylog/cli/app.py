"""The program: its commands, and the one door errors leave by."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from typer.exceptions import TyperException

from convoylog.cli import screen
from convoylog.cli.lazy import LazyGroup, Line, make_group
from convoylog.cli.options import LogbookOption
from convoylog.errors import ConvoylogError

BEGIN = "Begin"
WRITE = "Write"
READ = "Read"
TOGETHER = "Together"
TELL = "Tell"
KEEP = "Keep"

#: every command: what is typed, where it is, what it gives. In the order a trip needs them.
LINES: tuple[Line, ...] = (
    Line("demo", "demo:demo", "A whole five-car trip, made on the spot.", BEGIN),
    Line("init", "init:init", "Begin a logbook: a folder with one car in it.", BEGIN),
    Line("car add", "car:add", "Add a car to this logbook.", BEGIN),
    Line("car list", "car:list_cars", "The cars of this logbook.", BEGIN),
    Line("car set", "car:set_car", "Change what is said about a car.", BEGIN),
    Line("car same", "car:same", "Say that two cars are one.", BEGIN),
    Line("car apart", "car:apart", "Say that they are not.", BEGIN),
    Line("add", "add:add", "Bring tracks and photos into your car's log.", WRITE),
    Line("note", "note:note", "Write one note.", WRITE),
    Line("fuel", "carlog:fuel", "Write down a fuel stop.", WRITE),
    Line("expense", "carlog:expense", "Write down what something cost.", WRITE),
    Line("odometer", "carlog:odometer", "Write down what the odometer shows.", WRITE),
    Line("leg start", "leg:start", "Begin a leg.", WRITE),
    Line("leg stop", "leg:stop", "End the leg that is running.", WRITE),
    Line("leg add", "leg:add", "Declare a leg of the past.", WRITE),
    Line("leg list", "leg:list_legs", "The legs, declared and found.", WRITE),
    Line("camera list", "camera:list_cameras", "The cameras and their clocks.", WRITE),
    Line("camera set", "camera:set_camera", "Say what a camera's clock shows.", WRITE),
    Line("camera sync", "camera_sync:sync", "Put a clock right by a photo of a clock.", WRITE),
    Line("camera check", "camera:check", "Do clocks, photos and tracks agree?", WRITE),
    Line("edit", "edit:edit", "Change an entry in your editor.", WRITE),
    Line("remove", "remove:remove", "Remove an entry, photo or track.", WRITE),
    Line("undo", "remove:undo", "Take the last command back.", WRITE),
    Line("log", "log:log", "The story so far, all cars interleaved.", READ),
    Line("show", "log:show", "One entry whole.", READ),
    Line("explain", "explain:explain", "Why an entry stands where it stands.", READ),
    Line("convoy", "convoy:convoy", "Who drove with whom, who led, where they met.", READ),
    Line("stats", "stats:stats", "Distances and times of every car.", READ),
    Line("places", "places:places", "Regions, borders, zones and towns on the way.", READ),
    Line("report", "report:report", "Tell the trip: an HTML page or a post for a blog.", TELL),
    Line("preview", "preview:preview", "The report in a browser, renewed on change.", TELL),
    Line("feed", "feed:feed", "Atom and JSON feeds of public entries.", TELL),
    Line("export", "export:export", "The tracks and notes for other programs.", TELL),
    Line("pack", "pack:pack", "Make one file to hand to the others.", TOGETHER),
    Line("merge", "merge:merge", "Join other logs into this logbook.", TOGETHER),
    Line("resolve", "resolve:resolve", "Choose between values written apart.", TOGETHER),
    Line("check", "check:check", "Is everything there and whole?", KEEP),
    Line("doctor", "check:doctor", "Mend what can be mended.", KEEP),
    Line("trash list", "trash:list_trash", "What was taken out.", KEEP),
    Line("trash empty", "trash:empty", "Delete what was taken out.", KEEP),
    Line("migrate", "migrate:migrate", "From an older format to the newest.", KEEP),
    Line("basemap list", "basemap:list_layers", "What maps are drawn from.", KEEP),
    Line("basemap add", "basemap:add_layer", "Roads for the maps, from a free file.", KEEP),
)

INTERRUPTED = 130


def _version(wanted: bool) -> None:
    if wanted:
        from convoylog import __version__

        screen.tell(f"convoylog {__version__}")
        raise typer.Exit


def _program(
    ctx: typer.Context,
    logbook: LogbookOption = None,  # noqa: ARG001  read by the group, for every command
    version: Annotated[  # noqa: ARG001  answered by its callback
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    """A convoy logbook: every car's tracks, notes and photos in plain files, told as one story."""
    if ctx.invoked_subcommand is None and not ctx.resilient_parsing:
        screen.tell(ctx.get_help())


def build(lines: Sequence[Line] = LINES, package: str = "convoylog.cli") -> LazyGroup:
    """The program's group of commands."""
    app = typer.Typer(
        cls=LazyGroup,
        rich_markup_mode=None,  # plain help needs half the time, and no colour to be read
        invoke_without_command=True,
        context_settings={"help_option_names": ["-h", "--help"]},
        epilog="`convoylog COMMAND --help` shows an example. Nothing is fetched, nothing is sent.",
    )
    app.callback()(_program)
    return make_group(lines, package, app=app)


def run(
    argv: Sequence[str] | None = None,
    *,
    lines: Sequence[Line] = LINES,
    package: str = "convoylog.cli",
) -> int:
    """Run one command line and return its exit code. Whatever goes wrong is told here.

    A command returns its exit code, or None for 0.
    """
    # numpy starts a thread per core at import otherwise, which costs more than we compute
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    screen.begin()
    said = False
    try:
        code = build(lines, package).main(argv, prog_name="convoylog", standalone_mode=False)
    except Exception as error:
        if os.environ.get("CONVOYLOG_DEBUG", "") not in ("", "0"):
            raise
        told = _told(error)
        screen.show_error(told)
        code, said = told.code, True
    except SystemExit as stop:  # Typer leaves so after installing completion
        code = stop.code
    except KeyboardInterrupt:
        code = INTERRUPTED
    if code == INTERRUPTED and not said:
        screen.show_error(
            ConvoylogError(
                "interrupted", hint="nothing is half-written; the same command again goes on"
            )
        )
    if not screen.end() and code != ConvoylogError.code:  # else it was told already
        screen.show_error(ConvoylogError("the results could not be written", hint=_FULL))
        return 3
    return code if isinstance(code, int) else 0


def _told(error: Exception) -> ConvoylogError:
    """Any exception as one sentence and a hint."""
    told: ConvoylogError
    if isinstance(error, ConvoylogError):
        return error
    if isinstance(error, TyperException):
        told = ConvoylogError(_small(error.format_message()), hint=_usage_hint(error))
        told.code = 2
    elif isinstance(error, typer.Abort):
        told = ConvoylogError("no answer came", hint="nothing was written")
    elif isinstance(error, OSError) and error.errno is not None:
        told = _system(error)
    elif isinstance(error, MemoryError):
        told = ConvoylogError("not enough memory", hint="try fewer files at once")
    else:
        told = ConvoylogError(
            f"this is a fault of convoylog: {type(error).__name__}: {error}",
            hint="run it again with CONVOYLOG_DEBUG=1 set, and report what it prints",
        )
    return told


def _small(message: str) -> str:
    """Typer's sentence in our style: small first letter, no full stop, backticks."""
    text = " ".join(message.split()).rstrip(".").replace("'", "`")
    if text.startswith("No such option: "):
        option = text.removeprefix("No such option: ").partition(" (Possible options")[0]
        return f"no option `{option}`"
    return text[:1].lower() + text[1:]


def _usage_hint(error: TyperException) -> str:
    near = getattr(error, "possibilities", None)
    if near:
        return f"did you mean `{min(near)}`?"
    ctx = getattr(error, "ctx", None)
    return f"{ctx.command_path} --help" if ctx is not None else "convoylog --help"


_FULL = "make room on the disk, then run the same command again"
_HINTS = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EACCES: "look at who may read and write there",
    errno.EPERM: "look at who may read and write there",
    errno.EROFS: "the disk is mounted read-only; copy the logbook to one that is not",
    errno.EMFILE: "too many files are open; close other programs",
}


def _system(error: OSError) -> ConvoylogError:
    what = (error.strerror or str(error)).lower()
    where = error.filename if isinstance(error.filename, str | os.PathLike) else ""
    return ConvoylogError(
        f"{os.fspath(where)}: {what}" if where else what,
        hint=_HINTS.get(error.errno or 0, "see that the path is right, and try again"),
    )


if __name__ == "__main__":
    sys.exit(run())
