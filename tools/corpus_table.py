"""What we read in every file of a corpus, beside the facts its manifests give.

    python tools/corpus_table.py [FOLDER] [--only PART] [--differences]

FOLDER holds folders with a MANIFEST.tsv each (default: $CONVOYLOG_CORPUS, else ../shared/corpus).
A fact that differs is marked, with the reason from tests/files/readers/explained.toml below it.
Of photos the facts are size, wall time, offset and position; of `dirty`, what the manifest expects.
Ends with 1 if a difference has no reason there, and for each reason that nothing needs any more.
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import sys
import time
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import numpy as np

from convoylog.errors import BadInput
from convoylog.files.candidates import gather
from convoylog.files.examining import examine
from convoylog.files.readers import reader_for
from convoylog.model.photos import Photograph
from convoylog.model.tracks import Recording

ROOT = Path(__file__).parents[1]
REASONS = ROOT / "tests/files/readers/explained.toml"
#: the last two have manifests of another kind
PARTS = ("gpx", "gpx_multi", "gpx_trips", "convoy", "fit", "tcx", "kml", "nmea", "takeout", "photos",
         "dirty")  # fmt: skip
#: seconds that a broken file may take
_SECONDS = 1.0
_EARTH_KM = 6371.0088

Row = Mapping[str, str]


def rows(folder: Path) -> Iterator[tuple[Row, Path]]:
    """Each line of a manifest, with its file."""
    with (folder / "MANIFEST.tsv").open(encoding="utf-8", newline="") as manifest:
        for row in csv.DictReader(manifest, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield row, folder / row["file"]


def read(path: Path) -> Recording | Photograph:
    content = path.read_bytes()
    return reader_for(content, path.name).read(content)


def kilometres(recording: Recording) -> float:
    """As the manifests measure: on a sphere, inside segments, nothing cleaned."""
    total = 0.0
    for track in recording.tracks:
        lat, lon = np.radians(track.lat), np.radians(track.lon)
        a = np.sin(np.diff(lat) / 2) ** 2
        a += np.cos(lat[1:]) * np.cos(lat[:-1]) * np.sin(np.diff(lon) / 2) ** 2
        hops = 2 * _EARTH_KM * np.arcsin(np.sqrt(np.minimum(a, 1)))
        total += float(hops[np.diff(track.segment) == 0].sum())
    return total


def _instant(text: str) -> float | None:
    """An instant of a manifest; None for what is none ("no date 220000")."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()


def theirs(row: Row) -> dict[str, float]:
    """The facts a manifest gives that we can be held to."""
    facts: dict[str, float] = {}
    for name in ("tracks", "segments", "waypoints", "routes"):
        if row.get(name):
            facts[name] = int(row[name])
    if "segments" in facts:
        facts["segments"] -= int(row.get("empty_segments") or 0)
    points = row.get("positions") or row.get("points")
    if points:
        facts["points"] = int(points)
    for name, keys in (("from", ("min_time", "first_time")), ("to", ("max_time", "last_time"))):
        text = next((row[key] for key in keys if row.get(key)), "")
        if (at := _instant(text)) is not None:
            facts[name] = at
    if row.get("km"):
        facts["km"] = float(row["km"])
    return facts


def ours(recording: Recording) -> dict[str, float]:
    bounds = recording.bounds()
    found: dict[str, float] = {
        "tracks": len(recording.tracks),
        "segments": recording.segments,
        "points": recording.points,
        "waypoints": len(recording.waypoints),
        "routes": len(recording.routes),
        "km": kilometres(recording),
    }
    return found | ({"from": bounds[0], "to": bounds[1]} if bounds else {})


def equal(name: str, mine: float | None, other: float) -> bool:
    if mine is None:
        return False
    if name == "km":  # three decimals, and another radius of the Earth perhaps
        return abs(mine - other) <= max(0.002, other * 0.002)
    # the manifests have milliseconds
    return abs(mine - other) <= 0.001 if name in ("from", "to") else mine == other


def shown(name: str, value: float | None) -> str:
    if value is None:
        return "–"
    if name in ("from", "to"):
        return f"{datetime.fromtimestamp(value, UTC):%Y-%m-%dT%H:%M:%S}Z"
    return f"{value:.3f}" if name == "km" else f"{value:g}"


def compare(part: str, row: Row, path: Path, reason: str) -> tuple[list[str], bool]:
    """(lines about one file, whether a difference was found). reason: why there may be one."""
    facts = theirs(row)
    name = f"{part}/{row['file']}"
    try:
        found = read(path)
    except BadInput as error:
        differs = facts.get("points", 0) > 0 or facts.get("waypoints", 0) > 0
        lines = [f"{name}", f"    refused: {error}"]
        return [*lines, *([f"    because {reason}"] if reason else [])], differs
    if isinstance(found, Photograph):
        return [f"{name}: a picture"], True
    measured = ours(found)
    parts, wrong = [], []
    for key in ("tracks", "segments", "points", "waypoints", "routes", "from", "to", "km"):
        mine, other = measured.get(key), facts.get(key)
        text = f"{key} {shown(key, mine)}"
        if other is not None and not equal(key, mine, other):
            text += f" ≠ {shown(key, other)}"
            wrong.append(key)
        parts.append(text)
    lines = [f"{name}: {found.format}" + (f" by {found.creator[:60]}" if found.creator else "")]
    lines.append("    " + ", ".join(parts))
    lines += [f"    odd: {warning}" for warning in found.warnings]
    if wrong:
        lines.append(
            f"    because {reason}" if reason else f"    NOT EXPLAINED: {', '.join(wrong)}"
        )
    return lines, bool(wrong)


def degrees(text: str) -> tuple[float, float] | None:
    """Of "[43, 28, 1407/500]N [11, 53, 3]E", as exifread prints it, or "+49.1989+016.6071+222/"."""
    if iso := re.match(r"([+-][\d.]+)([+-][\d.]+)", text):
        return float(iso[1]), float(iso[2])
    found = []
    for numbers, ref in re.findall(r"\[([^\]]*)\]([NSEW])", text):
        parts = enumerate(numbers.split(","))
        value = sum(float(Fraction(part.strip())) / 60**i for i, part in parts)
        found.append(-value if ref in "SW" else value)
    return (found[0], found[1]) if found else None


def offset_s(text: str) -> int | None:
    match = re.fullmatch(r"([+-])(\d\d):?(\d\d) *", text)
    value = int(match[2]) * 3600 + int(match[3]) * 60 if match else None
    return -value if match and value and match[1] == "-" else value


def compare_photo(part: str, row: Row, path: Path, reason: str) -> tuple[list[str], bool]:
    """As `compare`, of a photo or clip."""
    name = f"{part}/{row['file']}"
    told = f"    because {reason}" if reason else "    NOT EXPLAINED"
    sized = re.fullmatch(r"(\d+)x(\d+)", row["size"])
    try:
        found = read(path)
    except BadInput as error:
        return [name, f"    refused: {error}", *([told] if sized else [])], bool(sized)
    if not isinstance(found, Photograph):
        return [f"{name}: no picture", told], True
    where = degrees(row["gps"])
    known = [
        # the manifest has the size before turning, or after it
        ("size", sorted((found.width, found.height)), sized and sorted(map(int, sized.groups()))),
        ("taken", found.taken[:19].replace("-", ":").replace("T", " "), row["datetime_original"]),
        ("offset", found.offset_s, offset_s(row["offset"])),
        ("lat", None if found.lat is None else round(found.lat, 6), where and round(where[0], 6)),
        ("lon", None if found.lon is None else round(found.lon, 6), where and round(where[1], 6)),
    ]
    wrong = [key for key, mine, other in known if other not in (None, "") and mine != other]
    texts = [
        f"{key} {mine}" + (f" ≠ {other}" if key in wrong else "")
        for key, mine, other in known
        if mine not in (None, "") or key in wrong
    ]
    camera = " ".join(filter(None, (found.make, found.model)))
    lines = [f"{name}: {found.format}" + (f" by {camera}" if camera else "")]
    lines += [f"    {', '.join(texts)}", *(f"    odd: {warning}" for warning in found.warnings)]
    return [*lines, *([told] if wrong else [])], bool(wrong)


def compare_dirty(part: str, row: Row, path: Path, reason: str) -> tuple[list[str], bool]:
    """As `compare`, of a broken file: was it refused or survived as expected, and quickly?"""
    name, expect = f"{part}/{row['file']}", row["expect"]
    begin = time.process_time()
    seen = [examine(candidate)[0] for candidate in gather([path])]
    took = time.process_time() - begin
    refused = not any(one.result == "added" for one in seen)
    fitting = "error|refuse|by content" if refused else "survive|salvage|warn|by content|bounded"
    wrong = took > _SECONDS or not re.search(fitting, expect)
    count = re.search(r"\((\d+)(?: points?)?[,)]", expect)
    results = []
    for one in seen:
        if one.result != "added":
            results.append(f"refused: {one.reason}")
            continue
        words = [f"read as {one.format}", *one.warnings]
        if one.recording is not None:
            words.insert(0, f"{one.recording.points} points")
            wrong = wrong or bool(count and one.recording.points != int(count[1]))
        results.append("; ".join(words))
    lines = [f"{name}: expected: {expect}", *(f"    {result}" for result in results[:3])]
    lines += [f"    and {len(results) - 3} like it"] if len(results) > 3 else []
    lines.append(f"    in {took * 1000:.0f} ms")
    if wrong:
        lines.append(f"    because {reason}" if reason else "    NOT EXPLAINED")
    return lines, wrong


COMPARE = {"photos": compare_photo, "dirty": compare_dirty}


def main() -> int:
    default = os.environ.get("CONVOYLOG_CORPUS", str(ROOT.parent / "shared" / "corpus"))
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("folder", nargs="?", type=Path, default=Path(default))
    arguments.add_argument("--only", metavar="PART", help=f"one of {', '.join(PARTS)}")
    arguments.add_argument("--differences", action="store_true", help="only files that differ")
    given = arguments.parse_args()
    reasons = tomllib.loads(REASONS.read_text("utf-8")) if REASONS.exists() else {}
    files = differing = unexplained = 0
    needless = []
    for part in [given.only] if given.only else PARTS:
        if not (given.folder / part / "MANIFEST.tsv").exists():
            print(f"{part}: no manifest in {given.folder}", file=sys.stderr)
            continue
        told = reasons.get(part, {})
        for row, path in rows(given.folder / part):
            files += 1
            reason = str(told.get(row["file"], ""))
            lines, differs = COMPARE.get(part, compare)(part, row, path, reason)
            differing += differs
            unexplained += differs and not reason
            if reason and not differs:
                needless.append(f"{part}/{row['file']}")
            if differs or not given.differences:
                print("\n".join(lines))
    print(f"\n{files} files, {differing} differ, {unexplained} of these not explained")
    for name in needless:
        print(f"explained, but equal: {name}")
    return 1 if unexplained or needless else 0


if __name__ == "__main__":
    raise SystemExit(main())
