"""What can go wrong, and how it is told.

Three words, used in every room:

- `ConvoylogError`: cannot go on. One sentence and a hint, shown to the person.
- `BadInput`: the one exception a reader of foreign bytes may raise.
- `Problem`: something is wrong, but the rest is kept; told and gone on from.
"""

from __future__ import annotations

from dataclasses import dataclass


class ConvoylogError(Exception):
    """Tell and stop. `message` says what and where, `hint` names a command that helps."""

    #: exit code of the program, see docs/cli.md
    code = 3

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(ConvoylogError):
    """The words typed are off: exit code 2."""

    code = 2


class BadInput(Exception):  # noqa: N818 - it reads as what it says
    """Bytes from someone else that a reader cannot use. The message says why, in a few words.

    line: 1-based, 0 if it has none; as text it stands before the message.
    """

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(f"line {line}: {message}" if line else message)
        self.message = message
        self.line = line


@dataclass(frozen=True, slots=True)
class Problem:
    """Tell and go on.

    file: path as the person knows it. line: 1-based, 0 if it has none.
    kind: one stable word for programs. message: small letters, no full stop.
    hint: a command that helps, or "".
    """

    file: str
    kind: str
    message: str
    hint: str = ""
    line: int = 0
