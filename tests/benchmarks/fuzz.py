"""Broken files by the thousand for every reader: nothing but BadInput, quickly, in little memory.

    python -m tests.benchmarks.fuzz [--reader NAME] [--inputs N] [--seed N]

Seeds are the tests' samples of each kind, and the corpus where it is at hand. Mutations
flip, cut, repeat, splice and swap in numbers and words that readers trip over. Where atheris is
installed (`pip install atheris`), `--guided` lets coverage choose instead.
Prints one line a reader; an input that raised something else, took over a second or over 512 MiB is
kept in the folder `fuzz-findings`.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import resource
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from convoylog.errors import BadInput
from convoylog.files.readers import HEAD, READERS, recognise
from tests.files.readers.samples import SAMPLES

SECONDS = 1.0
#: larger seeds only make each input slower
LARGEST_SEED = 64 * 1024
LARGEST_MIB = 512

WORDS = [
    b"", b"0", b"-0", b"-1", b"1e999", b"NaN", b"nan", b"Infinity", b"181", b"91", b"1_0", b"0x10",
    b"9" * 40, b"2024-02-30T25:61:61Z", b"0000-00-00T00:00:00Z", b"<", b">", b"]]>", b"<![CDATA[",
    b"&#0;", b"&lt;", b"<!DOCTYPE a [", b"<!--", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\r",
    b'"', b"'", b"{", b"}", b"[" * 500, b",", b";", b"\t", b"\\u0000", b"$GPRMC,", b"*00", b"$",
    b"\x7f\xff\xff\xff", b"\xff\xff\xff\xff", b"\x00\x00\x00\x01", b"\x80\x00\x00\x00", b".FIT",
    b"moov", b"mdat", b"Exif\x00\x00", b"\xff\xd8\xff\xe1",
]  # fmt: skip


def mutated(seed: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """One broken relative of a seed."""
    content = bytearray(seed)
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        size = len(content)
        at = chance.randrange(size + 1)
        kind = chance.randrange(9)
        if kind == 0 and size:
            content[at % size] ^= 1 << chance.randrange(8)
        elif kind == 1 and size:
            content[at % size] = chance.randrange(256)
        elif kind == 2:
            del content[at : at + chance.choice((1, 2, 7, 40, 400))]
        elif kind == 3:
            del content[at:]
        elif kind == 4:
            content[at:at] = chance.choice(WORDS)
        elif kind == 5:
            word = chance.choice(WORDS)
            content[at : at + len(word)] = word
        elif kind == 6:
            piece = content[at : at + chance.choice((4, 30, 300))]
            content[at:at] = piece * chance.choice((1, 2, 50))
        elif kind == 7:
            other = chance.choice(others)
            begin = chance.randrange(len(other) + 1)
            content[at:at] = other[begin : begin + chance.choice((8, 100, 1000))]
        else:
            content[at : at + 4] = chance.getrandbits(32).to_bytes(
                4, chance.choice(("big", "little"))
            )
    return bytes(content[: 4 * LARGEST_SEED])


def seeds(corpus: Path | None) -> dict[str, list[bytes]]:
    """Reader's key → files it reads."""
    found: dict[str, list[bytes]] = {key: [] for key in READERS}
    known = {id(reader): key for key, reader in READERS.items()}
    paths = sorted(p for p in corpus.rglob("*") if p.is_file()) if corpus else []
    for path in paths:
        content = path.read_bytes()[:LARGEST_SEED]
        reader = recognise(content[:HEAD], path.name)
        if reader is not None:
            found[known[id(reader)]].append(content)
    for key, some in SAMPLES.items():
        found[key] += some
    return found


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run(key: str, content: bytes, folder: Path) -> str:
    """What one input did: read, refused, or the name of the finding that was kept."""
    begin = time.perf_counter()
    verdict = "read"
    try:
        READERS[key].read(content)
    except BadInput:
        verdict = "refused"
    except Exception:
        verdict = "raised"
        traceback.print_exc()
    if time.perf_counter() - begin > SECONDS and verdict != "raised":
        verdict = "slow"
    if verdict in ("raised", "slow"):
        folder.mkdir(exist_ok=True)
        (folder / f"{key}-{verdict}-{hashlib.sha256(content).hexdigest()[:12]}").write_bytes(
            content
        )
    return verdict


def guided(key: str, some: list[bytes]) -> None:
    """Let coverage choose the inputs, for as long as it is let."""
    import atheris

    def one(content: bytes) -> None:
        with suppress(BadInput):
            READERS[key].read(content)

    folder = Path(f"fuzz-seeds-{key}")
    folder.mkdir(exist_ok=True)
    for content in some:
        (folder / hashlib.sha256(content).hexdigest()[:16]).write_bytes(content)
    wrapped: Callable[[bytes], None] = one
    atheris.instrument_all()
    atheris.Setup([sys.argv[0], str(folder)], wrapped)
    atheris.Fuzz()


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--reader", choices=sorted(READERS))
    arguments.add_argument("--inputs", type=int, default=2000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--guided", action="store_true")
    given = arguments.parse_args()
    beside = Path(
        os.environ.get("CONVOYLOG_CORPUS", Path(__file__).parents[3] / "shared" / "corpus")
    )
    found = seeds(beside if beside.exists() else None)
    everything = [content for group in found.values() for content in group]
    wrong = 0
    for key in [given.reader] if given.reader else sorted(READERS):
        if READERS[key].kind not in ("track", "photo"):
            continue
        if given.guided:
            guided(key, found[key] or everything)
        chance = random.Random(f"{key} {given.seed}")
        counts: dict[str, int] = {}
        begin = time.process_time()
        for _ in range(given.inputs):
            seed = chance.choice(found[key] or everything)
            verdict = run(key, mutated(seed, everything, chance), Path("fuzz-findings"))
            counts[verdict] = counts.get(verdict, 0) + 1
        wrong += counts.get("raised", 0) + counts.get("slow", 0)
        told = ", ".join(f"{n:,} {what}" for what, n in sorted(counts.items()))
        took = time.process_time() - begin
        print(f"{key:8} {len(found[key]):3} seeds: {told}; {took:.0f} s CPU, {peak_mib():.0f} MiB")
    if peak_mib() > LARGEST_MIB:
        print(f"more than {LARGEST_MIB} MiB were needed")
        wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
