"""What to call a place, after the towns around it.

Data: see `towns`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from convoylog import geo
from convoylog.model.phrase import Phrase
from convoylog.model.tracks import Floats
from convoylog.places.towns import FAR_M, Numbers, Town, all_towns

Bools = NDArray[np.bool_]

#: people that a town needs, so that a place beside it is called after it
_FEWEST = 500
#: countries whose people call their states by the letters ISO does: CO, NSW, BC
_LETTERED = ("US", "CA", "AU")
#: below this latitude flat courses over 40 km err by less than this
_POLAR_DEG, _DOUBT_DEG = 80.0, 2.0
_WINDS = (
    Phrase("N"), Phrase("NE"), Phrase("E"), Phrase("SE"),
    Phrase("S"), Phrase("SW"), Phrase("W"), Phrase("NW"),
)  # fmt: skip


def name_of(lat: float, lon: float) -> str:
    """What to call the end of a leg: see `names_of`."""
    return names_of(np.array([lat]), np.array([lon]))[0]


def names_of(lat: Floats, lon: Floats) -> list[str]:
    """What to call the ends of legs, "" for what is no position.

    The town of most people in whose reach it lies; else "12 km NW of X" after the nearest within
    40 km; else coordinates. lat, lon: n places, degrees; longitudes may run on past ±180.
    """
    # by people, then nearest, then name: the same on every laptop
    return _names(lat, lon, lambda people, metres, name: (-people, metres, name))


def stop_name(lat: float, lon: float) -> str:
    """What to call a stop: see `stop_names`."""
    return stop_names(np.array([lat]), np.array([lon]))[0]


def stop_names(lat: Floats, lon: Floats) -> list[str]:
    """What to call stops: the nearest town in whose reach each lies, else as `names_of`."""
    return _names(lat, lon, lambda _, metres, name: (metres, name))


def coordinates(lat: float, lon: float) -> str:
    """A place without a name, to a hundredth of a degree: `39.74° N, 104.99° W`."""
    y, x = round(lat, 2), round(lon, 2)
    return Phrase(
        "{lat:.2f}° {north}, {lon:.2f}° {east}",
        lat=abs(y),
        north=_WINDS[0 if y >= 0 else 4],
        lon=abs(x),
        east=_WINDS[2 if x >= 0 else 6],
    )


def from_afar(text: str) -> str:
    """A text with its bare coordinates told after the nearest town, however far that is: as a heading,
    "743 km N of Longyearbyen" says more than numbers do."""
    if not isinstance(text, Phrase):
        return text
    if "lat" in text.values:
        return _far_name(text)
    values = {key: from_afar(v) if isinstance(v, str) else v for key, v in text.values.items()}
    a: str = values.get("a", "")
    return a if a and a == values.get("b") else text.made_of(**values)


def _far_name(place: Phrase) -> Phrase:
    """place: as `coordinates` makes it."""
    lat = np.array([place.values["lat"] * (1 if place.values["north"] == "N" else -1)])
    lon = np.array([place.values["lon"] * (1 if place.values["east"] == "E" else -1)])
    towns = all_towns()
    large = np.flatnonzero(towns.people >= _FEWEST)
    y, x = np.radians(towns.lat[large]), np.radians(towns.lon[large])
    here_y, here_x = np.radians(lat), np.radians(lon)
    # the larger the cosine of the angle at the middle of the earth, the nearer
    near = np.sin(y) * np.sin(here_y) + np.cos(y) * np.cos(here_y) * np.cos(x - here_x)
    n = large[[int(np.argmax(near))]]
    return Phrase(
        "{away:whole_km} {wind} of {town}",
        away=float(geo.apart_m(float(lat[0]), float(lon[0]), towns.lat[n], towns.lon[n])[0]),
        wind=_winds(towns.lat[n], towns.lon[n], lat, lon)[0],
        town=towns.names[int(n[0])],
    )


def told_apart(towns: Sequence[Town]) -> tuple[str, ...]:
    """The towns' names; those of equal names with their state: "Aurora, IL", "Aurora, CO".

    Elsewhere than in _LETTERED with the state's name and the country's code: "Neustadt, Hesse, DE".
    """
    places = {(town.name, town.lat, town.lon) for town in towns}
    counts = Counter(name for name, _, _ in places)
    return tuple(town.name if counts[town.name] < 2 else _with_state(town) for town in towns)


def _with_state(town: Town) -> str:
    region = town.region
    if region is None:
        return f"{town.name}, {town.country_code}"
    if town.country_code in _LETTERED and region.code:
        return f"{town.name}, {region.code.partition('-')[2]}"
    return f"{town.name}, {region.name}, {town.country_code}"


def _names(
    lat: Floats, lon: Floats, rank: Callable[[int, float, str], tuple[float | str, ...]]
) -> list[str]:
    """rank: people, metres away and name of a town that reaches a place → the least gives its name."""
    names = [""] * len(lat)
    with np.errstate(invalid="ignore"):
        usable = np.flatnonzero((np.abs(lat) <= 90.0) & (np.abs(lon) <= 540.0))
    if not len(usable):
        return names
    lat, lon, towns = lat[usable], lon[usable], all_towns()
    town, place = towns.around(lat, lon, max(FAR_M, towns.farthest))
    rough = geo.near_m(lat[place], lon[place], towns.lat[town], towns.lon[town])
    # over tens of kilometres, and near a pole, the flat formula is only good enough to leave out most
    large = towns.people[town] >= _FEWEST
    nearest = np.full(len(lat), FAR_M)
    np.minimum.at(nearest, place[large], rough[large])
    maybe = (rough <= 2.0 * towns.reach[town]) | (large & (rough <= 1.01 * nearest[place]))
    town, place, large = town[maybe], place[maybe], large[maybe]
    away = geo.apart_m(lat[place], lon[place], towns.lat[town], towns.lon[town])
    reached = away <= towns.reach[town]
    best: dict[int, tuple[tuple[float | str, ...], str]] = {}
    for k, n, metres in _rows(place, town, away, reached):
        ranked = rank(int(towns.people[n]), metres, towns.names[n]), towns.names[n]
        best[k] = min(best.get(k, ranked), ranked)
    beside: dict[int, tuple[float, str, int]] = {}
    for k, n, metres in _rows(place, town, away, large & (away <= FAR_M)):
        if k not in best:
            row = metres, towns.names[n], n
            beside[k] = min(beside.get(k, row), row)
    after = np.array([n for _, _, n in beside.values()], dtype=np.intp)
    here = np.array(list(beside), dtype=np.intp)
    winds = dict(
        zip(beside, _winds(towns.lat[after], towns.lon[after], lat[here], lon[here]), strict=True)
    )
    for k, at in enumerate(usable.tolist()):
        if k in best:
            names[at] = best[k][1]
        elif k in beside:
            metres, name, _ = beside[k]
            names[at] = Phrase(
                "{away:whole_km} {wind} of {town}",
                away=max(metres, 1000.0),
                wind=winds[k],
                town=name,
            )
        else:
            names[at] = coordinates(float(lat[k]), geo.within_180(float(lon[k])))
    return names


def _rows(
    place: Numbers, town: Numbers, away: Floats, chosen: Bools
) -> Iterator[tuple[int, int, float]]:
    """The chosen ones of pairs, as numbers of Python."""
    columns = place[chosen].tolist(), town[chosen].tolist(), away[chosen].tolist()
    return zip(*columns, strict=True)


def _winds(lat1: Floats, lon1: Floats, lat2: Floats, lon2: Floats) -> list[str]:
    """The winds that blow from places to others; the geodesic is asked only in doubt."""
    bearings = geo.course_deg(lat1, lon1, lat2, lon2)
    doubt = (np.abs(bearings % 45.0 - 22.5) < _DOUBT_DEG) | (np.abs(lat1) > _POLAR_DEG)
    for k in np.flatnonzero(doubt).tolist():
        ends = (float(side[k]) for side in (lat1, lon1, lat2, lon2))
        bearings[k] = geo.bearing_deg(*ends)
    return [_WINDS[round(bearing / 45) % 8] for bearing in bearings.tolist()]
