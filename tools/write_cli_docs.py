"""Write the commands' part of `docs/cli.md` anew from the program's own help.

python tools/write_cli_docs.py
"""

from __future__ import annotations

import contextlib
import io
import os
from pathlib import Path

DOCUMENT = Path(__file__).parents[1] / "docs" / "cli.md"
MARK = "<!-- below: written by tools/write_cli_docs.py -->"


def commands() -> str:
    """Every command's help, in the order of the program's list."""
    os.environ["COLUMNS"] = "80"
    from convoylog.cli import app

    parts = []
    for line in app.LINES:
        told = io.StringIO()
        with contextlib.redirect_stdout(told):
            app.run([*line.words.split(), "--help"])
        parts.append(f"### `convoylog {line.words}`\n\n```text\n{told.getvalue().strip()}\n```\n")
    return "\n".join(parts)


def main() -> None:
    head = DOCUMENT.read_text(encoding="utf-8").partition(MARK)[0]
    DOCUMENT.write_text(f"{head}{MARK}\n\n{commands()}", encoding="utf-8")


if __name__ == "__main__":
    main()
