"""What a person sees. The only module that prints.

Results go to standard output (`tell`, `table`, `json_out`), all other talk to standard error.
Everything that came from someone else is made harmless on its way out: see `visible`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

from convoylog.cli.visible import visible, width

if TYPE_CHECKING:
    from convoylog.errors import ConvoylogError, Problem

__all__ = ["ask_yes", "begin", "bytes_out", "coloured", "columns", "end", "in_pieces", "json_out", "progress",
           "show_error", "table", "talk", "tell", "visible", "warn_problem"]  # fmt: skip

#: words of colour a piece may have, as ANSI codes
STYLES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}

#: nothing we print needs more; a wider terminal is used only where the text asks for it
READABLE = 80

#: seconds after which work shows that it goes on
PATIENCE = 1.0

#: a piece of a line: text, or text with a word of STYLES
Piece = str | tuple[str, str]
T = TypeVar("T")


def begin() -> None:
    """Make both streams accept any text: a letter the terminal lacks is shown by its number."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started us
            nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  for good
            setattr(sys, name, nowhere)
        reconfigure = getattr(getattr(sys, name), "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def end() -> bool:
    """Write out what waits. False if results are lost, as on a full disk.

    A reader that left (`| head`) has seen what it wanted, and is no error.
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            _forget(stream)
        except OSError:
            _forget(stream)
            return False
    return True


def _forget(stream: TextIO) -> None:
    """Nobody listens to this stream any more: let the rest of the work go on in silence."""
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, stream.fileno())
    os.close(sink)


def _write(stream: TextIO, text: str) -> None:
    try:
        stream.write(text)
        if stream is sys.stderr:
            stream.flush()
    except BrokenPipeError:
        _forget(stream)


def coloured(stream: TextIO | None = None) -> bool:
    """Whether a stream (standard output if None) is a terminal that wants colour."""
    stream = sys.stdout if stream is None else stream
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()


def columns() -> int:
    """Letters in a line: the terminal's, 80 in a pipe."""
    if not sys.stdout.isatty():
        return READABLE
    try:
        return max(40, os.get_terminal_size(sys.stdout.fileno()).columns)
    except OSError:
        return READABLE


def _line(pieces: Sequence[Piece], stream: TextIO) -> str:
    paint = coloured(stream)
    parts = []
    for piece in pieces:
        text, style = (piece, "") if isinstance(piece, str) else piece
        text = visible(text, lines=True)
        code = STYLES.get(style, "")
        parts.append(f"\x1b[{code}m{text}\x1b[0m" if paint and code and text else text)
    return "".join(parts) + "\n"


def tell(*pieces: Piece) -> None:
    """One line (or several) of result to standard output.

    Line ends within a piece are kept; pass a name or a text that came from someone else through
    `visible` first, which shows those too.
    """
    _write(sys.stdout, _line(pieces, sys.stdout))


def tell_beside(head: str, who: str, said: str) -> None:
    """A sentence beside its head, `who` of it bold: what a line has no room for stands below, beside it."""
    left = len(who)
    for line in in_pieces(f"{who} {said}", max(20, columns() - width(head))):
        bold, left = line[:left], max(0, left - len(line) - 1)
        tell(head, (bold, "bold"), line[len(bold) :])
        head = " " * width(head)


def talk(*pieces: Piece) -> None:
    """One line of talk to standard error."""
    _write(sys.stderr, _line(pieces, sys.stderr))


def show_error(error: ConvoylogError) -> None:
    """`error:` what and where, `hint:` what helps."""
    talk(("error:", "red"), f" {visible(error.message)}")
    if error.hint:
        talk(("hint:", "cyan"), f" {visible(error.hint)}")


def warn_problem(problem: Problem) -> None:
    """`file:line: message`, and the hint below."""
    where = visible(problem.file) + (f":{problem.line}" if problem.line else "")
    talk((f"{where}: " if where else "", "yellow"), visible(problem.message))
    if problem.hint:
        talk(("hint:", "cyan"), f" {visible(problem.hint)}")


def ask_yes(question: str) -> bool:
    """Ask on standard error. Without a terminal nobody can answer, and the answer is no."""
    if not sys.stdin.isatty():
        return False
    _write(sys.stderr, f"{visible(question)} [y/N] ")
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def json_out(document: object) -> None:
    """One JSON document in ASCII. What is not a number (NaN, infinite) is null; order as given."""
    import json

    _write(sys.stdout, json.dumps(_plain(document), ensure_ascii=True, indent=1) + "\n")


def _plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    from collections.abc import Mapping
    from datetime import date, datetime
    from pathlib import PurePath

    if value is None or isinstance(value, bool | int):
        plain: Any = value
    elif isinstance(value, float):
        plain = float(value) if value - value == 0 else None  # NaN and infinite differ from 0
    elif isinstance(value, str | PurePath):
        # half a surrogate pair is no Unicode text, and many JSON readers stop at it
        plain = "".join(visible(c) if "\ud800" <= c <= "\udfff" else c for c in str(value))
    elif isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a time without offset must not leave the program")
        plain = value.isoformat().replace("+00:00", "Z")
    elif isinstance(value, date):
        plain = value.isoformat()
    elif isinstance(value, Mapping):
        plain = {str(_plain(key)): _plain(part) for key, part in value.items()}
    elif isinstance(value, list | tuple):
        plain = [_plain(part) for part in value]
    elif hasattr(value, "tolist"):  # numpy's numbers and columns
        plain = _plain(value.tolist())
    else:
        raise TypeError(f"{type(value).__name__} has no form in JSON")
    return plain


def bytes_out(content: bytes) -> None:
    """A whole file to standard output."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
    except BrokenPipeError:
        _forget(sys.stdout)


def table(
    heads: Sequence[str], rows: Iterable[Sequence[str]], *, right: Collection[int] = ()
) -> None:
    """A table to standard output.

    heads: n words. rows: n texts each. right: numbers of the columns that are set flush right.
    On a coloured terminal Rich draws it; else aligned text, at most 80 letters wide: the widest
    column is broken over lines, and the next where that is not enough. Nothing is cut off.
    """
    heads = [visible(head) for head in heads]
    cells = [[visible(cell) for cell in row] for row in rows]
    if coloured():
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        drawn = Table(box=None, pad_edge=False, header_style="dim")
        for number, head in enumerate(heads):
            drawn.add_column(Text(head), justify="right" if number in right else "left")
        for row in cells:
            drawn.add_row(*(Text(cell) for cell in row))
        Console(file=sys.stdout, highlight=False, markup=False, emoji=False).print(drawn)
        return
    for line in aligned(heads, cells, right=right, most=columns()):
        _write(sys.stdout, line + "\n")


def aligned(
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    right: Collection[int] = (),
    most: int = READABLE,
) -> Iterator[str]:
    """The lines of a plain table, two spaces between columns, at most `most` letters wide."""
    grid = [list(heads), *(list(row) for row in rows)]
    wide = [max(width(row[n]) for row in grid) for n in range(len(heads))]
    # the widest first, the next only where that is not enough: few cells are broken
    for broad in sorted(range(len(wide)), key=lambda n: -wide[n]):
        spare = most - (sum(wide) + 2 * (len(wide) - 1))
        if spare < 0:
            wide[broad] = min(wide[broad], max(wide[broad] + spare, 10))  # narrower, no word fits
    for row in grid:
        broken = [in_pieces(cell, wide[n]) for n, cell in enumerate(row)]
        for depth in range(max(map(len, broken), default=0)):
            parts = []
            for n, pieces in enumerate(broken):
                text = pieces[depth] if depth < len(pieces) else ""
                pad = " " * (wide[n] - width(text))
                parts.append(pad + text if n in right else text + pad)
            yield "  ".join(parts).rstrip()


def in_pieces(text: str, most: int) -> list[str]:
    """A text in pieces of at most `most` letters, between words where it can be."""
    pieces, current = [], ""
    for word in text.split(" "):
        rest = word
        if width(f"{current} {rest}".strip()) <= most:
            current = f"{current} {rest}" if current else rest
            continue
        if current:
            pieces.append(current)
        while width(rest) > most:
            cut = next(n for n in range(len(rest), 0, -1) if width(rest[:n]) <= most or n == 1)
            pieces.append(rest[:cut])
            rest = rest[cut:]
        current = rest
    return [*pieces, current]


def progress(things: Sequence[T], doing: str) -> Iterator[T]:
    """The things one by one; work over a second shows how far it is, on a terminal only."""
    if not sys.stderr.isatty():
        yield from things
        return
    from time import monotonic

    started = monotonic()
    bar: Any = None
    try:
        for number, thing in enumerate(things):
            if bar is None and monotonic() - started > PATIENCE:
                from rich.console import Console
                from rich.progress import Progress

                console = Console(file=sys.stderr, no_color=not coloured(sys.stderr))
                bar = Progress(console=console, transient=True)
                bar.start()
                task = bar.add_task(visible(doing), total=len(things))
            if bar is not None:
                bar.update(task, completed=number)
            yield thing
    finally:
        if bar is not None:
            bar.stop()
