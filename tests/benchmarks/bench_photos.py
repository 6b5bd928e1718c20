"""How quickly the facts of 1,000 photos are read, beside one call of ExifTool over the same files.

    python -m tests.benchmarks.bench_photos [PHOTOS]

Prints CPU (user and system) of whole processes, medians of some rounds in turn, and the ratio.
Goal: a tenth of ExifTool.
"""

from __future__ import annotations

import io
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image

ROUNDS = 3

_OURS = """
import sys
from pathlib import Path
from convoylog.files.readers import reader_for
for path in sorted(Path(sys.argv[1]).iterdir()):
    content = path.read_bytes()
    reader_for(content, path.name).read(content)
"""
#: the tags that we read
_TAGS = ["-DateTimeOriginal", "-SubSecTimeOriginal", "-OffsetTime*", "-GPS*", "-Make", "-Model",
         "-SerialNumber", "-ImageWidth", "-ImageHeight", "-Orientation"]  # fmt: skip


def photos(folder: Path, count: int) -> None:
    """Phone photos: 300 kB, with camera, times and position."""
    pixels = os.urandom(300)
    base = Image.frombytes("RGB", (10, 10), pixels).resize((1600, 1200), Image.Resampling.BICUBIC)
    for n in range(count):
        tags = Image.Exif()
        tags[0x010F], tags[0x0110], tags[0x0112] = "Acme", f"One {n % 4}", 1
        inner = tags.get_ifd(0x8769)
        inner[0x9003] = f"2026:06:{n % 28 + 1:02d} {n % 24:02d}:{n % 60:02d}:00"
        inner[0x9011], inner[0x9291], inner[0xA431] = "-06:00", "25", "12345"
        gps = tags.get_ifd(0x8825)
        gps[1], gps[2], gps[3], gps[4] = "N", (39.0, 44.0, n % 60 + 0.5), "W", (104.0, 59.0, 12.25)
        gps[29], gps[7] = "2026:06:01", (15.0, 30.0, n % 60 + 0.0)
        out = io.BytesIO()
        if not n:
            base.save(out, "JPEG", quality=85, exif=tags)
            first = out.getvalue()
            body = (
                first[4 + int.from_bytes(first[4:6]) :] if first[2:4] == b"\xff\xe1" else first[2:]
            )
        segment = tags.tobytes()
        head = b"\xff\xd8\xff\xe1" + (len(segment) + 2).to_bytes(2) + segment
        (folder / f"{n:05d}.jpg").write_bytes(head + body)


def cpu(command: list[str]) -> float:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0, command
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    if not shutil.which("exiftool"):
        print("ExifTool is not installed: nothing to compare with")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        photos(folder, count)
        ours, theirs = [], []
        for _ in range(ROUNDS):
            ours.append(cpu([sys.executable, "-c", _OURS, name]))
            theirs.append(cpu(["exiftool", "-json", "-n", *_TAGS, name]))
    print(f"{time.strftime('%Y-%m-%d')}  {count:,} photos, CPU, medians of {ROUNDS} rounds in turn")
    mine, peer = statistics.median(ours), statistics.median(theirs)
    print(f"ours      {mine:6.2f} s  {mine / count * 1000:.2f} ms a photo, start included")
    print(f"ExifTool  {peer:6.2f} s  ExifTool / ours {peer / mine:.1f}")


if __name__ == "__main__":
    main()
