"""`convoylog places`: the regions a car came through, borders, time zones, towns on the way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convoylog.cli import context, here, screen, units
from convoylog.cli.options import JsonOption, LogbookOption, OnlyCarOption
from convoylog.cli.rows import instant
from convoylog.errors import BadInput, ConvoylogError

if TYPE_CHECKING:
    from convoylog.model.borders import Crossing, Region, ZoneStay
    from convoylog.model.trip import CarTrip, Trip
    from convoylog.places.regions import Regions

#: a country's municipalities at a scale of 10 m come in some 100 MB
_MOST_BYTES = 200 * 2**20
NOWHERE = "at sea, or in no region"
UNSEEN = "not recorded, at a border"


def places(
    car: OnlyCarOption = None,
    regions: Annotated[
        Path | None,
        typer.Option(
            "--regions",
            metavar="FILE",
            help="A GeoJSON file of named polygons, such as counties, instead of states.",
            show_default=False,
        ),
    ] = None,
    json: JsonOption = False,
    logbook: LogbookOption = None,
) -> int:
    """Countries and states crossed, with distance and time; borders, zones, towns.

    Times are local at each place. The sea is no region.

    Example:

        convoylog places --car Pepper
    """
    trip, chosen, used = _worked_out(logbook, car, regions)
    if json:
        screen.json_out({
            "cars": [car_row(c, used.scale_m) for c in chosen],
            "borders": {"scale_m": used.scale_m, "source": used.source},
        })  # fmt: skip
        return 0
    for n, c in enumerate(chosen):
        if n:
            screen.tell("")
        _tell(c)
    if not chosen:
        screen.talk("no car here yet")
    if any(c.crossings for c in chosen):
        screen.talk(_scale(used))
    if any(crossing.unsure for c in chosen for crossing in c.crossings):
        screen.talk("? never deeper beyond that border than borders are right to")
    for problem in trip.problems:
        screen.warn_problem(problem)
    return 0


def _worked_out(
    logbook: Path | None, car: str | None, file: Path | None
) -> tuple[Trip, tuple[CarTrip, ...], Regions]:
    from convoylog.files import load
    from convoylog.places.regions import packed
    from convoylog.trips.account import work_out
    from convoylog.trips.packed import PackedGround

    used = packed() if file is None else _read_regions(file)
    root = context.find_logbook(logbook)
    trip = work_out(load.load(root, memory=here.memory()), ground=PackedGround(used))
    if car is None:
        return trip, trip.cars, used
    wanted = here.pick_car(load.read_cars(root), car)
    return trip, tuple(c for c in trip.cars if c.car.id == wanted.id), used


def _read_regions(file: Path) -> Regions:
    """The regions a person brings along."""
    from convoylog.files import carefully
    from convoylog.files.readers.jsons import parse
    from convoylog.places.regions import from_geojson

    try:
        return from_geojson(parse(carefully.read_file(file, cap=_MOST_BYTES)), file.name)
    except BadInput as error:
        hint = "GeoJSON needs features with a Polygon or MultiPolygon and a property `name`"
        raise ConvoylogError(f"{file}: {error}", hint=hint) from error
    except FileNotFoundError as error:
        raise ConvoylogError(f"no file {file}", hint="look at the name") from error


def _scale(used: Regions) -> str:
    """How far the borders can be trusted."""
    if used.scale_m is None:
        return f"borders: {screen.visible(used.source)}; how exact they are, it does not say"
    return (
        f"borders: {used.source}, right to about {used.scale_m / 1000:g} km, "
        "so times at them are right to a minute or so"
    )


def _tell(c: CarTrip) -> None:
    from convoylog.model.borders import shares

    name = screen.visible(c.car.name)
    if c.from_at is None:
        screen.tell((name, "bold"), ": no recording with times")
        return
    screen.tell(
        (name, "bold"), f"  {screen.visible(c.start_place)} – {screen.visible(c.end_place)}"
    )
    rows = [
        [*_titles(row.region, row.known), units.km(row.distance_m), units.duration(row.time_s)]
        for row in shares(c.stays)
    ]
    screen.table(["region", "country", "distance", "time"], rows, right={2, 3})
    way = _way(c)
    if way:
        screen.tell("")
        screen.table(["day", "local time", "on the way"], way)


def _titles(region: Region | None, known: bool) -> list[str]:
    if region is None:
        return [NOWHERE if known else UNSEEN, ""]
    return [region.name, region.country]


def _way(c: CarTrip) -> list[list[str]]:
    """Borders, zones and towns in one order of time; the day stands where it begins."""
    rows: list[tuple[float, int, str, str, str]] = []
    for town in c.towns:
        local = local_time(c, town.at)
        rows.append((town.at, 0, f"{local:%Y-%m-%d}", f"{local:%H:%M}", town.name))
    for before, after in zip(c.zones, c.zones[1:], strict=False):
        rows.append((after.from_at, 1, *_zone_words(c, before, after)))
    for crossing in c.crossings:
        at, _ = bounds(crossing)
        rows.append((at, 2, *_crossing_words(c, crossing)))
    told: list[list[str]] = []
    last = ""
    for _, _, day, clock, words in sorted(rows):
        told.append([day if day != last else "", clock, words])
        last = day
    return told


def _zone_words(c: CarTrip, before: ZoneStay, after: ZoneStay) -> tuple[str, str, str]:
    from convoylog.places.zones import offset_at

    local = local_time(c, after.from_at)
    turned = offset_at(after.zone, after.from_at) - offset_at(before.zone, after.from_at)
    much = units.duration(abs(turned)).removesuffix(" 00")
    clocks = f"clocks {'forward' if turned > 0 else 'back'} {much}" if turned else "clocks stay"
    late = "" if before.to_at == after.from_at else ", at the latest"
    return f"{local:%Y-%m-%d}", f"{local:%H:%M}", f"{after.zone} time: {clocks}{late}"


def _crossing_words(c: CarTrip, crossing: Crossing) -> tuple[str, str, str]:
    begin, end = (local_time(c, at) for at in bounds(crossing))
    clock = f"{begin:%H:%M}"
    if crossing.at is None:
        later = f"{end:%H:%M}" if begin.date() == end.date() else f"{end:%H:%M on %Y-%m-%d}"
        clock = f"{begin:%H:%M}–{later}"
    both = crossing.from_region, crossing.to_region
    abroad = len({region.country for region in both if region is not None}) > 1
    names = [
        "no region" if r is None else f"{r.name}, {r.country}" if abroad and r.country else r.name
        for r in both
    ]
    doubt = " (not recorded)" if crossing.at is None else ""
    if crossing.unsure:
        doubt += " ?"
    return f"{begin:%Y-%m-%d}", clock, f"{names[0]} → {names[1]}{doubt}"


def bounds(crossing: Crossing) -> tuple[float, float]:
    """Earliest and latest instant of a crossing, UTC seconds."""
    if crossing.at is not None:
        return crossing.at, crossing.at
    return crossing.between or (0.0, 0.0)  # one of the two is always known


def local_time(c: CarTrip, at: float) -> datetime:
    """An instant as clocks show it where the car is then."""
    from convoylog.places.zones import offset_at

    zone = zone_then(c, at)
    shown = timezone(timedelta(seconds=offset_at(zone, at))) if zone else UTC
    return datetime.fromtimestamp(at, UTC).astimezone(shown)


def zone_then(c: CarTrip, at: float) -> str:
    """The zone a car was in at an instant, "" if unknown; at a change, the new one."""
    return next((stay.zone for stay in reversed(c.zones) if stay.from_at <= at), "")


def car_row(c: CarTrip, scale_m: float | None) -> dict[str, object]:
    """What a car came through, as `cli.md` promises it."""
    from convoylog.model.borders import shares

    return {
        "car": c.car.name, "id": c.car.id,
        "regions": [
            {**_region(row.region), "distance_m": row.distance_m, "time_s": row.time_s, "known": row.known}
            for row in shares(c.stays)
        ],
        "crossings": [_crossing(c, crossing, scale_m) for crossing in c.crossings],
        "zones": [
            {"zone": stay.zone, "from": instant(stay.from_at), "to": instant(stay.to_at)}
            for stay in c.zones
        ],
        "towns": [
            {
                "name": town.name, "at": instant(town.at),
                "local": local_time(c, town.at).isoformat(timespec="seconds"),
                "lat": town.lat, "lon": town.lon, "away_m": town.away_m, "people": town.people,
            }
            for town in c.towns
        ],
    }  # fmt: skip


def _region(region: Region | None) -> dict[str, str | None]:
    if region is None:
        return dict.fromkeys(("country", "country_code", "region", "region_code"))
    return {
        "country": region.country or None, "country_code": region.country_code or None,
        "region": region.name, "region_code": region.code or None,
    }  # fmt: skip


def _crossing(c: CarTrip, crossing: Crossing, scale_m: float | None) -> dict[str, object]:
    begin, end = bounds(crossing)
    when: dict[str, object] = (
        {"at": instant(begin)}
        if crossing.at is not None
        else {"between": [instant(begin), instant(end)]}
    )
    error_s = None
    if crossing.at is not None and scale_m is not None and crossing.speed_mps > 0:
        error_s = scale_m / crossing.speed_mps
    before, after = _region(crossing.from_region), _region(crossing.to_region)
    return {
        **when, "local": local_time(c, begin).isoformat(timespec="seconds"), "zone": zone_then(c, begin) or None,
        "lat": crossing.lat, "lon": crossing.lon, "error_m": crossing.error_m, "error_s": error_s,
        "unsure": crossing.unsure,
        "from": before["region"], "to": after["region"],
        "from_code": before["region_code"], "to_code": after["region_code"],
        "from_country": before["country"], "to_country": after["country"],
    }  # fmt: skip
