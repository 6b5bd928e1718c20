"""Numbers, dates and lists as people read them. One language for now; every word is here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

UNKNOWN = "–"

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def distance_km(metres: float | None) -> str:
    """ "12.3 km"; from 100 km on without decimals."""
    if metres is None:
        return UNKNOWN
    km = metres / 1000
    return f"{km:,.0f} km" if km >= 99.95 else f"{km:.1f} km"


def duration(seconds: float | None) -> str:
    """ "3 h 05" or "12 min"; from a week on, days."""
    if seconds is None:
        return UNKNOWN
    if seconds >= 7 * 86_400:
        return f"{seconds / 86_400:,.0f} days"
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60:02d}" if minutes >= 60 else f"{minutes} min"


def speed_kmh(metres_per_second: float | None) -> str:
    return UNKNOWN if metres_per_second is None else f"{metres_per_second * 3.6:.0f}"


def metres(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:,.0f}"


def join_words(words: Sequence[str]) -> str:
    """ "A, B and C"; more than six are counted."""
    if len(words) > 6:
        return f"{', '.join(words[:5])} and {len(words) - 5} others"
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def _parsed(day: str) -> date | None:
    try:
        return date.fromisoformat(day)
    except ValueError:
        return None


def long_day(day: str) -> str:
    """ "Thursday 11 June 2026"."""
    found = _parsed(day)
    if found is None:
        return day
    return f"{_DAYS[found.weekday()]} {found.day} {_MONTHS[found.month - 1]} {found.year}"


def short_day(day: str) -> str:
    """ "Thu 11 Jun"."""
    found = _parsed(day)
    if found is None:
        return day
    return f"{_DAYS[found.weekday()][:3]} {found.day} {_MONTHS[found.month - 1][:3]}"


def weekday(day: str) -> str:
    """ "Thu"."""
    found = _parsed(day)
    return "" if found is None else _DAYS[found.weekday()][:3]


def list_days(days: Sequence[str]) -> str:
    """From the first to the last: "11–14 June 2026"."""
    found = [day for day in map(_parsed, days) if day is not None]
    if not found:
        return ""
    a, b = min(found), max(found)
    end = f"{b.day} {_MONTHS[b.month - 1]} {b.year}"
    if a == b:
        return end
    if (a.year, a.month) == (b.year, b.month):
        return f"{a.day}–{end}"
    start = f"{a.day} {_MONTHS[a.month - 1]}"
    return f"{start} – {end}" if a.year == b.year else f"{start} {a.year} – {end}"


# --- company on the road; `{}` is filled in

JOINS = "{} joins {}"
MEET = "{} drive together from here"
LEAVES = "{} leaves {}"
PART = "{} part"
STOOD = "{} stand together for {}"
WAITED = "{} waited {}"

# --- titles and units of drawings

METRES = "m"
KMH = "km/h"
ELEVATION_TITLE = "Elevation of each car over the days"
SPEED_TITLE = "Speed of each car over the days"
RIBBON_TITLE = "Who drove with whom: a line for each car over time, side by side while together"
RIBBON_ALONE_TITLE = (
    "When each car was on the road: a line for each car over time, hollow while parked"
)

#: what the page's script says; `{}` is filled in
SCRIPT = {
    "play": "Play",
    "pause": "Pause",
    "hint": "Press play, or slide over the ribbon",
    "together": "Together, {} nose to tail",
    "apart": "Farthest apart: {}",
    "pair": "{} – {}",
    "driving": "{} km/h",
    "parked": "parked",
    "height": "{} m",
    "driven": "{} km so far",
    "kilometres": "{} km",
    "metres": "{} m",
    "photos": "{} entries here",
    "of": "{} of {}",
    "when": "{}, {}",
    "day": "Day {}",
    "map": "Map. Arrow keys move it, plus and minus zoom, 0 shows all of it",
}
