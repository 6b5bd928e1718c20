"""The page's style and script: our own files, put together in a fixed order."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files

from convoylog.model.alike import COLOURS
from convoylog.model.photos import Picture
from convoylog.reports.outline import Report
from convoylog.reports.web.matrix import MANY
from convoylog.reports.web.timeline import Timeline

_HERE = "convoylog.reports.web"
_STYLES = ("base.css", "stage.css", "print.css")
_HUB_STYLES = ("base.css", "stage.css", "print.css", "hub.css")
#: what runs before the first picture, and what after it; each builds on those before
_FIRST = ("begin.js", "view.js", "first.js")
_THEN = (
    "data.js", "moves.js", "paint.js", "labels.js", "pins.js", "clock.js", "gestures.js",
    "story.js", "lightbox.js", "start.js",
)  # fmt: skip
#: dashes of the colours when they come again, as the script has them
_DASHES = ("", "16 4", "4 4")
#: how long the axis is at least, in pixels: on A4 within its margins; on phones of 320; on desks of 901
_PAPER_PX = 634
_AXES = (
    ("print", _PAPER_PX),
    ("screen and (max-width:900px)", 296),
    ("screen and (min-width:901px)", 419),
)
#: names of cars that only a screen reader tells
_UNNAMED = (
    ".cars.chips b{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}"
)
#: faces by name and file: Latin letters only; others are the system's
_FACES = (("Overpass", "overpass.woff2"), ("Source Serif 4", "source-serif-4.woff2"))


def script_source() -> str:
    """The script of a trip's page: little of it before the first picture, unpacking and painting after."""
    then = f"showFirst();setTimeout(()=>{{{_scripts(_THEN)}}})"
    return f"(()=>{{{_scripts(_FIRST)}whenStaged(()=>{{{then}}})}})();"


def soon_script() -> str:
    """What holds the stage back until the title has been painted; it stands in the stage, before all else."""
    return f"(()=>{{{_scripts(('soon.js',))}}})();"


def hub_script() -> str:
    """The script of the page of several trips: it only changes the colours."""
    return f"(()=>{{{_scripts(('hub.js',))}}})();"


@cache
def _scripts(names: tuple[str, ...]) -> str:
    """Some of our scripts, without comments and indentation."""
    parts = [_read(f"script/{name}") for name in names]
    # our files keep comments to lines of their own, so that this is enough
    text = re.sub(r"^\s*/\*\*.*?\*/$", "", "\n".join(parts), flags=re.DOTALL | re.MULTILINE)
    lines = (re.sub(r"^\s*//.*", "", line).rstrip() for line in text.split("\n"))
    text = "\n".join(line for line in lines if line)
    # one word for what is declared line by line, and the shorter one: nothing assigns to a constant
    text = re.sub(r"\bconst ", "let ", text)
    text = re.sub(
        r"^( *)let ([^;\n]*(?:\n\1[ \])}].*)*);(?=\n\1let )",
        r"\1let \2,#",
        text,
        flags=re.MULTILINE,
    )
    text = re.sub(r",#\n *let ", ",", text)
    tight = _TOKENS.sub(_tight, "\n".join(line.lstrip() for line in text.split("\n")))
    return _last_signs(_LONGER.sub(_shorter, tight))


#: text in quotes, to be left alone, or an operator with the blanks around it
_TOKENS = re.compile(
    r"""(?P<text>"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`)"""
    r"""|\s*(?P<sign>=>|[=!]==|[<>]=|&&|\|\||\?\?|[-+*/]=|[,;=?:{}()<>*/%&|\[\]]|(?<![-+])[-+](?![-+]))\s*"""
)


#: what says the same with fewer signs: `(x)=>`, `0.5`, `Infinity`, `true`; text is left alone here too
_LONGER = re.compile(
    r"""(?P<text>"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`)"""
    r"""|(?<![\w$])\((?P<name>\w+)\)(?==>)|(?<![\w.])(?P<zero>0)(?=\.\d)|\b(?P<word>Infinity|true|false)\b"""
)
_WORDS = {"Infinity": "1/0", "true": "!0", "false": "!1"}


def _shorter(found: re.Match[str]) -> str:
    if found["zero"]:
        return ""
    return _WORDS[found["word"]] if found["word"] else str(found["name"] or found["text"])


def _tight(found: re.Match[str]) -> str:
    # what is worked out within a text is written tightly too
    text = re.sub(
        r"\$\{[^{}\"`]*\}", lambda sum_: re.sub(r" ([-+*/]) ", r"\1", sum_[0]), found["text"] or ""
    )
    return text or str(found["sign"])


@cache
def _common_style(names: tuple[str, ...] = _STYLES) -> str:
    night = _read("night.css")
    css = "\n".join(
        [
            _read("tokens.css"),
            # by the system's setting unless the reader chose day, and by the button
            f"@media screen and (prefers-color-scheme:dark){{:root:not([data-theme=day]){{{night}}}}}",
            f"@media screen{{:root[data-theme=night]{{{night}}}}}",
            *(_read(name) for name in names),
        ]
    )
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s*\n\s*", "", css)
    return _faces() + css


@cache
def _faces() -> str:
    rows = []
    for name, file in _FACES:
        content = files(_HERE).joinpath("fonts", file).read_bytes()
        rows.append(
            f'@font-face{{font-family:"{name}";font-weight:200 900;font-display:block;'
            f"src:url(data:font/woff2;base64,{base64.b64encode(content).decode()})format('woff2')}}"
        )
    return "".join(rows)


def _last_signs(text: str) -> str:
    """Without the semicolons and commas that a closing bracket makes needless."""
    return re.sub(
        r'("(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`)|[;,](?=[}\])])', lambda m: m[1] or "", text
    )


#: cars of which the first printed page has room for a name alone
_THRONG = 24
#: of a printed matrix' names, with their roundels
_NAME_PX = 106
#: and of its rows, where its columns are narrower still
_ROW_PX = 16
#: numbers that stand beside the ribbon one below the other; more alternate
_IN_A_COLUMN = 6
#: share of the ribbon's height that a party's name needs
_NARROW = 0.07


def shape_of(picture: Picture) -> str:
    """The class of a picture's shape, in tenths of its height; a panorama's ends are cut in a row of photos."""
    return f"w{min(max(round(10 * picture.width / picture.height), 4), 30)}"


def named_parties(report: Report) -> bool:
    """Whether parties stand beside the ribbon, and not cars: of one party nobody needs the name."""
    return len(report.parties) > 1 or len(report.cast) > MANY


def style_source(
    report: Report, timeline: Timeline | None, pictures: Iterable[Picture] = ()
) -> str:
    """The style sheet, with places for the lanes, days and ticks of this report, and its pictures' shapes."""
    count = max(len(report.cast), 1)
    # of a crowd every party has a lane, since twenty lanes are a bar code
    party_of = {car: n for n, party in enumerate(report.parties) for car in party.cars}
    lane = [party_of.get(member.id, n) for n, member in enumerate(report.cast)]
    ways = max(lane, default=0) + 1
    # lanes take at most a fifth of a phone
    # whole pixels, as long as there are any, are crisp
    step = min(8, 56 // ways) or 56 / ways
    # an entry's dots are layers of one picture, a layer a lane, and each of its cars fills one
    rows = [
        f".x{n}{{--d{k}:radial-gradient(circle at {6.5 + k * step:.1f}px var(--y),"
        f"var(--c{member.colour % len(COLOURS)}) var(--dot))}}"
        for n, (k, member) in enumerate(zip(lane, report.cast, strict=True))
    ]
    layers = "".join(f"var(--d{k},none)," for k in reversed(range(ways)))
    rows.append(f".entry::before{{background:{layers}var(--ruled)}}")
    if named_parties(report):
        above = 0
        for n, party in enumerate(report.parties):
            rows.append(f".p{n}{{top:{above / count:.2%};height:{len(party.cars) / count:.2%}}}")
            if len(party.cars) / count < _NARROW:
                rows.append(f".p{n} b{{display:none}}")
            above += len(party.cars)
    else:
        rows += [f".h{n}{{top:{(n + 0.5) / count:.2%}}}" for n in range(count)]
        if count > _IN_A_COLUMN:
            rows.append(".heads .disc:nth-child(2n){left:23px}")
    for n in range(len(COLOURS), max((member.colour for member in report.cast), default=0) + 1):
        again = n % len(COLOURS)
        dash = _DASHES[n // len(COLOURS)]
        rows.append(
            f".c{n}{{--car:var(--c{again})}}.way.c{n},.lane.c{n}{{stroke-dasharray:{dash}}}"
        )
    # on a phone, and where the row of cars, about 8 pixels a letter, would be wider than what the
    # story's 400 pixels or 30 % of the window leave to the map, numbers stand for names
    room = 84 + sum(52 + 8 * len(member.name) for member in report.cast)
    rows.append(
        f"@media screen and (max-width:{max(900, room + 400, room / 0.7):.0f}px){{{_UNNAMED}}}"
    )
    # below each page but the first its number and whose book it is; any text is text there, too
    title = re.sub(r"[^A-Za-z0-9]", lambda sign: f"\\{ord(sign[0]):x} ", report.title)
    rows.append(f'@page{{@bottom-left{{content:"{title}"}}}}')
    # side by side, lines of a crowd must not cover each other
    line = max(1.4, min(3.4, 34.0 / count))
    rows.append(
        f":root{{--lanes:{6 + ways * step + 14:.0f}px;--ways:{ways};--cars:{count};--step:{step:.2f}px;"
        f"--line:{line:.1f}px;--hollow:{line * 0.45:.1f}px}}"
    )
    rows += [
        f".{shape}{{--w:{int(shape[1:]) / 10:g}}}"
        for shape in sorted({shape_of(p) for p in pictures})
    ]
    if count > MANY:
        # the first page has room for all of them and the map: what is hidden stands in "Car by car"
        hidden = ".crew small" if count > _THRONG else ".crew small span"
        rows.append(
            f"@media print{{{hidden}{{display:none}}"
            f".title>.crew{{grid-template-columns:repeat(5,1fr)}}"
            # twenty cars have two hundred legs
            f".tall td,.tall tbody th{{padding-top:.7mm;padding-bottom:.6mm}}}}"
        )
    if count > _THRONG:
        # a matrix wider than its paper would make all pages smaller
        cell = (_PAPER_PX - _NAME_PX) / count
        rows.append(
            f"@media print{{.matrix{{table-layout:fixed;width:100%;font-size:{cell / 2:.1f}px}}"
            f".matrix thead th:first-child{{width:{_NAME_PX}px}}"
            f".matrix thead th+th,.matrix td{{min-width:0;padding:.5px}}"
            f".matrix :is(thead,tbody) [data-disc]::before{{min-width:0;padding:0;width:{cell - 1:.1f}px;"
            f"height:{cell - 1:.1f}px;line-height:{cell - 3.6:.1f}px;font-size:{cell * 0.45:.1f}px;"
            f"border-width:1.3px}}"
            f".matrix tbody [data-disc]{{height:auto;font-size:9px;padding-left:{cell + 3:.1f}px}}"
            f".matrix tbody :is(th,td){{line-height:{max(cell, _ROW_PX):.1f}px}}}}"
        )
    if timeline:
        rows += [
            f".{name}{{left:{left:.3%};width:{wide:.3%}}}" for name, _, left, wide in timeline.days
        ]
        rows += [
            f".{name}{{top:{share:.1%}}}"
            for ticks in timeline.ticks.values()
            for name, share, _ in ticks
        ]
        rows += _axis_style(timeline.days)
    return _common_style() + "".join(rows)


def _axis_style(days: Sequence[tuple[str, int, float, float]]) -> Iterator[str]:
    """Names of days that fit below their part of the axis. days: name, number, left and width, 0 … 1."""
    least = min(wide for *_, wide in days)
    # beside story and margins, "Day 12" needs 50 pixels; without the word, a number 18
    yield f"@media screen and (max-width:{482 + 50 / least:.0f}px){{.axis .wide{{display:none}}}}"
    if 50 / least > _PAPER_PX:
        yield "@media print{.axis .wide{display:none}}"
    for media, pixels in _AXES:
        room = 18 / pixels
        if least < room and len(days) > 2:
            hidden = ",".join(f".axis .{name} b" for name in _crowded(days, room))
            thin = f"{hidden}{{display:none}}" if hidden else ""
            bare = ".axis small,.axis .wide{display:none}.axis>span{overflow:visible}"
            yield f"@media {media}{{{bare}{thin}}}"


def _crowded(days: Sequence[tuple[str, int, float, float]], room: float) -> Iterator[str]:
    """The days whose number has no room; the first, then tens and fives, come before others, as on a ruler."""
    shown: list[float] = []
    for name, _, left, _ in sorted(
        days, key=lambda day: (day[1] != 1, day[1] % 10 != 0, day[1] % 5 != 0, day[1])
    ):
        if any(abs(left - other) < room for other in shown) or left + room > 1 + room / 3:
            yield name
        else:
            shown.append(left)


def hub_style(trips: int, widths: Sequence[float]) -> str:
    """The style sheet of several trips. widths: of the bars, 0 … 1.

    Whoever looks at a trip's card sees its way alone on the map, where the browser knows `:has`.
    """
    rows = [f".w{n}{{width:{share:.1%}}}" for n, share in enumerate(widths)]
    for n in range(1, trips + 1):
        chosen = f"body:has(#trip-{n}:is(:hover,:focus-within,:target))"
        rows.append(f"{chosen} .atlas :is(.way,.halo):not(.t{n}){{opacity:.13}}")
    return _common_style(_HUB_STYLES) + "".join(rows)


def _read(name: str) -> str:
    return files(_HERE).joinpath(*name.split("/")).read_text("utf-8")
