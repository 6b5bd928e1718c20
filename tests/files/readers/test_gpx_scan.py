"""The fast road gives what the careful one gives, to the last bit, and takes nothing on trust."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from convoylog.errors import BadInput
from convoylog.files.readers import gpx, gpx_scan
from convoylog.model.tracks import Recording
from tests.corpus import corpus

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="test">\n<trk><trkseg>'
TAIL = "\n</trkseg></trk></gpx>\n"
#: more than the shortest stretch that is taken at once
MANY = 400


def told(recording: Recording) -> tuple[object, ...]:
    """Everything in a recording, comparable to the bit."""
    return (
        recording.format,
        recording.creator,
        recording.title,
        recording.time_from,
        recording.warnings,
        recording.waypoints,
        [(r.name, r.lat.tobytes(), r.lon.tobytes()) for r in recording.routes],
        [
            (
                t.name,
                [c.tobytes() for c in (t.time, t.lat, t.lon, t.ele, t.segment)],
                [(name, column.tobytes()) for name, column in t.more.items()],
            )
            for t in recording.tracks
        ],
    )


def both(content: bytes) -> tuple[object, object]:
    """What each road says of a file: its values, or why it is refused."""
    answers = []
    for road in (gpx.read, gpx.read_carefully):
        try:
            answers.append(told(road(content)))
        except BadInput as error:
            answers.append(str(error))
    return answers[0], answers[1]


def point(n: int, inside: str = "") -> str:
    return (
        f'\n<trkpt lat="{51 + n / 1e5:.6f}" lon="{-1 - n / 3e5:.7f}"><ele>{n % 90}.5</ele>'
        f"<time>2024-06-01T{n // 3600:02d}:{n // 60 % 60:02d}:{n % 60:02d}Z</time>{inside}</trkpt>"
    )


def document(points: str) -> bytes:
    return f"{HEAD}{points}{TAIL}".encode()


def plain(count: int = MANY) -> str:
    return "".join(map(point, range(count)))


def proved(content: bytes) -> float:
    """The share of the bytes that the fast road takes."""
    proof = gpx_scan.prove(content)
    return 0.0 if proof is None else 1 - len(proof.rest) / len(content)


def test_a_plain_recording_is_read_at_once() -> None:
    content = document(plain())
    assert proved(content) > 0.99
    fast, careful = both(content)
    assert fast == careful
    assert gpx.read(content).points == MANY


SHAPES: dict[str, Callable[[int], str]] = {
    "other order, single quotes": lambda n: f"<trkpt lon='{n / 999:.3f}' lat='-{n % 90}.25'/>",
    "sensors": lambda n: point(
        n,
        "<speed>3.25</speed><extensions><a:TrackPointExtension><a:hr>88</a:hr><a:cad>0</a:cad>"
        "<a:atemp>-3.5</a:atemp></a:TrackPointExtension></extensions>",
    ),
    "unknown speed": lambda n: point(n, "<speed>-1</speed><course>-1.0</course><hdop>0</hdop>"),
    "now and then a sensor": lambda n: point(n, "<hr>71</hr>" if n % 7 < 3 else ""),
    "offset": lambda n: point(n).replace("Z<", "+02:00<"),
    "two offsets": lambda n: point(n).replace("Z<", "+0100<" if n < 200 else "+02:00<"),
    "no zone": lambda n: point(n).replace("Z<", "<"),
    "fraction": lambda n: point(n).replace("Z<", ".125Z<" if n % 2 else "Z<"),
    "no height, no time": lambda n: f'<trkpt lat="{n % 90}" lon="{n % 180}"></trkpt>\t\n',
    "empty height": lambda n: point(n).replace(f"{n % 90}.5", ""),
    "attributes of extensions": lambda n: point(n, f'<x:gps speed="{n}.5" azimuth="1"/>'),
    "texts": lambda n: point(n, f"<name>Point {n}</name><sym>Dot, red; [x]</sym>"),
    "digits without end": lambda n: point(n, f"<hdop>1.{'3' * (n % 40 + 1)}</hdop>"),
    "two heights": lambda n: point(n, "<ele>7</ele>"),
    "two speeds": lambda n: point(n, "<speed>3</speed><b:speed>4</b:speed>"),
    "speed of nothing, then one": lambda n: point(n, "<speed/><b:speed>4</b:speed>"),
    "height inside a name": lambda n: point(n, "<extensions><ele>7</ele></extensions>"),
    "markup in a height": lambda n: point(n).replace(".5", ".5<i/>"),
    "line ends of another system": lambda n: point(n).replace("\n", "\r\n"),
    "words of other scripts": lambda n: point(n, "<name>Straße</name>"),
    "CDATA": lambda n: point(n, "<cmt><![CDATA[a <trkpt> b]]></cmt>"),
    "references": lambda n: point(n, "<name>a &amp; b</name>"),
    "exponents": lambda n: point(n).replace(".5", ".5e1"),
    "a trackpoint in a trackpoint": lambda n: point(n, '<extensions><trkpt lat="1" lon="2"/></extensions>'),
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
def test_every_shape_is_read_as_the_careful_road_reads_it(name: str) -> None:
    fast, careful = both(document("".join(map(SHAPES[name], range(MANY)))))
    assert fast == careful


ODD = {
    "an impossible position": '<trkpt lat="95.5" lon="1"></trkpt>',
    "half a position": '<trkpt lat="5.5"></trkpt>',
    "no position": "<trkpt/>",
    "no position, open": "<trkpt></trkpt>",
    "a bad time": '<trkpt lat="5.5" lon="1"><time>2024-02-31T00:00:00Z</time></trkpt>',
    "an extension of the segment": "<extensions><color>red</color></extensions>",
    "a comment": "<!-- a pause -->",
    "a comment with trackpoints": "<!-- {many} -->",
    "trackpoints in an extension": "<extensions>{many}</extensions>",
    "trackpoints in CDATA": "<extensions><![CDATA[{many}]]></extensions>",
    "a segment in a segment": "<trkseg>{many}</trkseg>",
    "two segments": "</trkseg><trkseg>",
    "points outside": "</trkseg>{many}<trkseg>",
    "broken XML": "<trkpt lat='1' lon='2'><ele></trkpt>",
    "an end of everything": "</trkseg></trk></gpx>",
    "a doctype": "<!DOCTYPE a>",
    "an entity": "&nbsp;",
    "text": "hello",
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_odd_between_is_read_as_the_careful_road_reads_it(name: str) -> None:
    odd = ODD[name].replace("{many}", plain())
    later = "".join(point(n) for n in range(MANY, 2 * MANY))
    fast, careful = both(document(plain() + odd + later))
    assert fast == careful


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252", "us-ascii", "utf-16", "cp037"])
def test_other_encodings_give_the_same(encoding: str) -> None:
    text = document(plain()).decode().replace("UTF-8", encoding)
    fast, careful = both(text.encode(encoding))
    assert fast == careful


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b"\n\n  ", b"<!-- \xc3\xa9 -->"])
def test_what_stands_before_the_document_moves_nothing(before: bytes) -> None:
    content = before + document(plain())[38:]
    fast, careful = both(content)
    assert fast == careful
    assert proved(content) > 0.99


def test_lines_are_counted_through_what_was_taken_out() -> None:
    content = document(plain() + '\n<trkpt lat="99" lon="1"/>' + plain())
    fast, careful = both(content)
    assert fast == careful
    # the head has three lines, and each point before begins with one
    (warning,) = [w for w in gpx.read(content).warnings if "impossible" in w]
    assert warning.endswith(f"(first in line {3 + MANY + 1})")


def test_a_cut_recording_keeps_what_came_whole() -> None:
    content = document(plain())
    for cut in (len(content) - 40, len(content) // 2, len(content) // 2 + 31):
        fast, careful = both(content[:cut])
        assert fast == careful


@settings(max_examples=150, deadline=None)
@example(2469583)  # a head that is broken, and a letter of another encoding behind a stretch
@given(st.integers(0, 2**32))
def test_damaged_anywhere_both_roads_agree(seed: int) -> None:
    chance = random.Random(seed)
    content = bytearray(document(plain(250) + SHAPES["sensors"](251) * 2 + plain(250)))
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(content))
        kind = chance.randrange(3)
        if kind == 0:
            content[at] = chance.choice(b"<>\"'&/ 0Z.-\x00\xff")
        elif kind == 1:
            del content[at : at + chance.randint(1, 60)]
        else:
            content[at:at] = content[chance.randrange(len(content)) :][: chance.randint(1, 60)]
    fast, careful = both(bytes(content))
    assert fast == careful


@pytest.mark.parametrize("opens", [b"<trkseg>", b"<trkseg><trkpt ", b"<trkpt lat='1' lon='1'>"])
def test_openings_without_end_cost_little(opens: bytes) -> None:
    # looking for the end behind each of them anew would take minutes
    assert gpx_scan.prove(b"<gpx><trk><trkseg>" + opens * 200_000) is None


def test_the_whole_corpus_gives_the_same_on_both_roads() -> None:
    files = sorted(corpus().rglob("*.gpx"))
    assert files
    fast_share = []
    for path in files:
        content = path.read_bytes()
        fast, careful = both(content)
        assert fast == careful, path
        if len(content) > 100_000 and isinstance(fast, tuple):
            fast_share.append(proved(content))
    # nearly all that devices write takes the fast road
    assert np.median(fast_share) > 0.98
