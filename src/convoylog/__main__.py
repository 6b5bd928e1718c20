"""Where the program starts. `--version` is answered before anything else is imported."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the program on `sys.argv`. Returns the exit code."""
    if sys.argv[1:2] == ["--version"]:
        from convoylog import __version__

        sys.stdout.write(f"convoylog {__version__}\n")
        return 0
    try:
        from convoylog.cli.app import run

        return run()
    except KeyboardInterrupt:  # while still starting, or while telling of another one
        return 130


if __name__ == "__main__":
    sys.exit(main())
