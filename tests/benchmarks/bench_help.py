"""What `--help` and `--version` cost, beside a minimal Typer program and a bare Python.

    python -m tests.benchmarks.bench_help [ROUNDS]

CPU time of the child processes, interleaved so that a busy machine slows all alike, byte code
compiled before. Prints the ratio of the medians and of the fastest runs. Limits: `--help` at most
1.3 of the Typer program, `--version` at most 1.3 of bare Python.
"""

from __future__ import annotations

import compileall
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import convoylog

MINIMAL = '''
import typer

app = typer.Typer()


@app.command()
def hello(name: str, loud: bool = False) -> None:
    """Greet somebody."""
    print(name)


@app.command()
def bye(name: str) -> None:
    """Take leave of somebody."""
    print(name)


def main() -> None:
    app()
'''


def cpu(code: str, *words: str, path: str = "") -> float:
    """Seconds of CPU a Python program takes, its children's children included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-c", code, *words],
        check=True,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(rounds: int) -> None:
    compileall.compile_dir(Path(convoylog.__file__).parent, quiet=2)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "minimal.py").write_text(MINIMAL)
        compileall.compile_dir(folder, quiet=2)
        ours = "import sys; from convoylog.__main__ import main; sys.exit(main())"
        typer_help = "import sys; from minimal import main; main()"
        runs: dict[str, Callable[[], float]] = {
            "bare python": lambda: cpu("pass"),
            "convoylog --version": lambda: cpu(ours, "--version"),
            "minimal Typer --help": lambda: cpu(typer_help, "--help", path=folder),
            "minimal Typer --help, without Rich": lambda: cpu(
                "import os; os.environ['TYPER_USE_RICH'] = '0';" + typer_help,
                "--help",
                path=folder,
            ),
            "convoylog --help": lambda: cpu(ours, "--help"),
        }
        taken: dict[str, list[float]] = {name: [] for name in runs}
        for run in runs.values():
            run()  # once uncounted, for the disk
        for _ in range(rounds):
            for name, run in runs.items():
                taken[name].append(run())
    for name, times in taken.items():
        middle, fastest = 1000 * statistics.median(times), 1000 * min(times)
        print(f"{name:36} {middle:6.1f} ms  (fastest {fastest:.1f})")
    for name, other in (
        ("convoylog --help", "minimal Typer --help"),
        ("convoylog --help", "minimal Typer --help, without Rich"),
        ("convoylog --version", "bare python"),
    ):
        ratio = statistics.median(taken[name]) / statistics.median(taken[other])
        print(f"{name} / {other}: {ratio:.2f} (fastest {min(taken[name]) / min(taken[other]):.2f})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
