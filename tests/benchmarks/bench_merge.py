"""Merging 50 bundles of 200 entries, beside copying the same files with fsync.

    python -m tests.benchmarks.bench_merge [FOLDER]

FOLDER: where the files are written; choose a real disk. At most 3.0 is wanted.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import statistics
import tempfile
import time
from contextlib import redirect_stdout
from datetime import UTC, datetime, timedelta
from pathlib import Path

from convoylog.cli import app
from convoylog.files import bundle, layout, store, toml

BUNDLES, ENTRIES = 50, 200
_BEGIN = datetime(2027, 5, 3, 8, 0, tzinfo=UTC)


def _bundle(n: int, book: bytes) -> dict[str, bytes]:
    """One driver's bundle: a car and 200 notes, each with its kept version."""
    car_id = layout.id_from(f"car {n}".encode(), _BEGIN)
    folder = f"car-{n}"
    rows = [
        toml.write_version({"kind": "car", "name": f"Car {n}", "folder": folder}, entry_id=car_id)
    ]
    for k in range(ENTRIES):
        at = _BEGIN + timedelta(minutes=7 * k, seconds=n)
        fields = {
            "kind": "note", "car": car_id, "at": at, "tags": ["rain", "pass"],
            "text": f"Note {k} of car {n}: " + "over the pass in the rain, two stops for coffee. " * 4,
        }  # fmt: skip
        rows.append(toml.write_version(fields, entry_id=layout.id_from(f"{n} {k}".encode(), at)))
    members = {layout.LOGBOOK: book}
    for version in rows:
        text = version.text.encode()
        members[layout.version_path(version.id, version.hash)] = text
        members[layout.entry_path(folder, version.kind, version.id)] = text
    return members


def _copy(members: list[dict[str, bytes]], target: Path) -> None:
    """The peer: every file once, on the drive before the next."""
    for n, files in enumerate(members):
        for path, content in files.items():
            to = target / str(n) / path
            to.parent.mkdir(parents=True, exist_ok=True)
            with to.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())


def _merge(root: Path, bundles: list[Path]) -> None:
    """As a driver does it, plan and all."""
    with redirect_stdout(io.StringIO()):
        code = app.run(["--logbook", str(root), "merge", *map(str, bundles)])
    assert code == 0, code


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("folder", nargs="?", default=None)
    words.add_argument("--rounds", type=int, default=3)
    given = words.parse_args()
    ratios = []
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        base = Path(name)
        store.init(base / "first", "Rally", now=_BEGIN, device="a" * 16)
        book = (base / "first" / layout.LOGBOOK).read_bytes()
        members = [_bundle(n, book) for n in range(BUNDLES)]
        bundles = []
        for n, files in enumerate(members):
            path = base / f"{n}.zip"
            path.write_bytes(bundle.build(files))
            bundles.append(path)
        for _ in range(given.rounds):
            begin, cpu = time.perf_counter(), time.process_time()
            _copy(members, base / "copy")
            middle, cpu_middle = time.perf_counter(), time.process_time()
            shutil.copytree(base / "first", base / "book")
            _merge(base / "book", bundles)
            end, cpu_end = time.perf_counter(), time.process_time()
            shutil.rmtree(base / "copy")
            shutil.rmtree(base / "book")
            ratios.append((end - middle) / (middle - begin))
            print(
                f"copy {middle - begin:.1f} s (cpu {cpu_middle - cpu:.1f}), merge "
                f"{end - middle:.1f} s (cpu {cpu_end - cpu_middle:.1f}), ratio {ratios[-1]:.2f}"
            )
    print(f"merge / copy with fsync: {statistics.median(ratios):.2f} (at most 3.0)")


if __name__ == "__main__":
    main()
