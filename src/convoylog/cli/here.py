"""This laptop and its habits: its name, the car it writes for, what it read before."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from convoylog.errors import ConvoylogError, UsageError

if TYPE_CHECKING:
    from convoylog.cli.when import WholeDay
    from convoylog.files.load import Book
    from convoylog.files.memory import Memory
    from convoylog.files.readers.limits import Limits
    from convoylog.model.logbook import Car, Entry
    from convoylog.model.trip import Day, Trip


def state_folder() -> Path:
    import platformdirs

    return Path(platformdirs.user_state_dir("convoylog", appauthor=False))


def device() -> str:
    """This laptop's random name; never made from the host's. One for this run if none can be kept."""
    path = state_folder() / "device"
    try:
        known = path.read_text().strip()
        if len(known) == 16 and known.isalnum():
            return known
    except (OSError, UnicodeDecodeError):
        pass
    fresh = secrets.token_hex(8)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # whoever comes first gives the name; the other reads it
        with path.open("x") as file:
            file.write(fresh)
    except FileExistsError:
        return path.read_text().strip() or fresh
    except OSError:
        return fresh
    return fresh


def _last_cars() -> dict[str, str]:
    try:
        found = json.loads((state_folder() / "cars.json").read_bytes())
    except (OSError, ValueError):
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def remember_car(logbook_id: str, car: str) -> None:
    """The car this laptop writes for, from now on. Forgetting it costs a word of typing."""
    known = _last_cars()
    if known.get(logbook_id) == car:
        return
    known[logbook_id] = car
    try:
        state_folder().mkdir(parents=True, exist_ok=True)
        temporary = state_folder() / f"cars.{os.getpid()}.part"
        temporary.write_text(json.dumps(known))
        temporary.replace(state_folder() / "cars.json")
    except OSError:
        return


def write_on(logbook_id: str, joined_id: str) -> None:
    """Keep writing for the same car where a logbook gets the id of an older one it joins."""
    known = _last_cars()
    if logbook_id in known and joined_id not in known:
        remember_car(joined_id, known[logbook_id])


def own_cars(book_id: str) -> tuple[str, ...]:
    """Ids of the cars this laptop writes for in a logbook."""
    car = _last_cars().get(book_id)
    return (car,) if car else ()


def own_of(book_id: str, cars: Iterable[Car]) -> tuple[str, ...]:
    """Ids of the cars this laptop writes for, those said to be one with them too."""
    own = own_cars(book_id)
    joined = [(car.id, *car.also) for car in cars]
    return (*own, *(i for ids in joined if set(ids) & set(own) for i in ids if i not in own))


def keep_state(name: str, value: dict[str, str]) -> None:
    """Remember something small of this laptop. Forgetting it costs a question."""
    try:
        state_folder().mkdir(parents=True, exist_ok=True)
        temporary = state_folder() / f"{name}.{os.getpid()}.part"
        temporary.write_text(json.dumps(value))
        temporary.replace(state_folder() / name)
    except OSError:
        return


def cache_folder() -> Path:
    """Where what can be made again is remembered."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("convoylog", appauthor=False))


def basemap_folder() -> Path:
    """Where layers for the maps are kept that somebody added."""
    import platformdirs

    return Path(platformdirs.user_data_dir("convoylog", appauthor=False)) / "basemap"


def memory() -> Memory:
    """What was read before, in the user's cache folder."""
    from convoylog.files.memory import Memory

    return Memory(cache_folder(), limits())


def limits() -> Limits:
    """How much of one file is read: the usual, or more where this laptop's person said so."""
    from dataclasses import fields

    from convoylog.files.readers.limits import LIMITS, Limits

    try:
        found = json.loads((state_folder() / "limits.json").read_bytes())
        raised = {f.name: max(int(found.get(f.name, 0)), getattr(LIMITS, f.name))
                  for f in fields(LIMITS)}  # fmt: skip
    except (OSError, ValueError, TypeError, AttributeError):
        return LIMITS
    return Limits(**raised)


def raise_limits(**most: int) -> None:
    """Read more of a file from now on; what was added so must be read by later commands too."""
    from dataclasses import asdict, replace

    raised = replace(limits(), **most)
    try:
        state_folder().mkdir(parents=True, exist_ok=True)
        (state_folder() / "limits.json").write_text(json.dumps(asdict(raised)))
    except OSError as error:
        raise ConvoylogError(f"the raised limit cannot be kept: {error.strerror}") from None


#: days or legs that a hint names one by one
_FEW = 7


def pick_day(trip: Trip, named: str) -> Day:
    """The local day a person means, by date or number. Raises UsageError naming those there are."""
    for day in trip.days:
        if named in (day.day, str(day.number)):
            return day
    # of a long trip the ends: the days between are counted
    shown = trip.days if len(trip.days) <= _FEW else (trip.days[0], trip.days[-1])
    told = [f"{day.number} = {day.day}" for day in shown]
    known = (", " if len(shown) == len(trip.days) else " to ").join(told) or "none yet"
    raise UsageError(f"no day {named!r}", hint=f"days are {known}")


def pick_legs(trip: Trip, named: str) -> frozenset[str]:
    """The titles of legs a person means: that title, in any case; else all it is a part of.

    Raises UsageError where there is none.
    """
    wanted = named.casefold()
    titles = {leg.title for car in trip.cars for leg in car.legs}
    meant = {title for title in titles if title.casefold() == wanted}
    meant = meant or {title for title in titles if wanted in title.casefold()}
    if not meant:
        listed = ", ".join(sorted(titles)[:_FEW])
        more = len(titles) - _FEW
        told = f"{listed} and {more} more: `convoylog leg list`" if more > 0 else listed
        raise UsageError(f"no leg {named!r}", hint=f"legs are {told or 'none yet'}")
    return frozenset(meant)


def pick_car(book: Book, named: str | None) -> Car:
    """The car a person means: by name, number, folder or id; else the one last written for.

    Raises UsageError naming the cars there are.
    """
    cars = list(book.cars)
    if named:
        wanted = named.casefold().lstrip("@#")
        for rule in (
            lambda car: wanted in (car.name.casefold(), car.folder, car.id, *car.also),
            lambda car: wanted in [name.casefold() for name in car.called],
            lambda car: wanted == car.number.casefold() != "",
            lambda car: car.name.casefold().startswith(wanted) or car.folder.startswith(wanted),
        ):
            found = [car for car in cars if rule(car)]
            if len(found) == 1:
                return found[0]
            if found:
                break
        names = ", ".join(f"{car.name} ({car.folder})" for car in (found or cars))
        raise UsageError(
            f"{'more than one' if found else 'no'} car {named!r} here; there is {names or 'none'}",
            hint="convoylog car list" if cars else 'convoylog car add "Pepper"',
        )
    last = _last_cars().get(book.id)
    for car in cars:
        if last in (car.id, *car.also):
            return car
    if len(cars) == 1:
        return cars[0]
    if not cars:
        raise UsageError("this logbook has no car yet", hint='convoylog car add "Pepper"')
    raise UsageError(
        f"which car? There is {', '.join(car.name for car in cars)}", hint="say it with --car NAME"
    )


def pick_entry(entries: Sequence[Entry], wanted: str) -> Entry:
    """The entry whose id begins (or whose random part ends) so. Raises UsageError."""
    text = wanted.lower()
    found = [e for e in entries if e.id.startswith(text)] or [
        e for e in entries if e.id[17:].startswith(text)
    ]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"{len(found)} entries begin with {wanted!r}", hint="give more of the id")
    raise UsageError(f"no entry {wanted!r} here", hint="`convoylog log` shows the ids")


def editor() -> list[str]:
    """The person's editor as words of a command. Raises ConvoylogError."""
    import shlex
    import shutil

    for name in ("VISUAL", "EDITOR"):
        given = os.environ.get(name, "").strip()
        if given:
            return shlex.split(given)
    for name in ("sensible-editor", "nano", "vi", "notepad"):
        if shutil.which(name):
            return [name]
    raise ConvoylogError("no editor is known", hint="set EDITOR, for example `export EDITOR=nano`")


def instant(
    root: Path, book: Book, car: Car, text: str, *, whole_day: WholeDay = "refuse"
) -> tuple[datetime, str, str]:
    """What a person means by WHEN: (instant with offset, zone, the sentence that says it back).

    Without an offset it is read, and told, in the zone of the car's position then. whole_day: as `understand`
    takes it. Raises UsageError.
    """
    from convoylog.cli import context
    from convoylog.cli.when import understand

    now = context.now().replace(microsecond=0)
    understood = understand(
        text or "now", now=now, zone_of=ZoneOf(root, book, car), whole_day=whole_day
    )
    if understood.ahead.total_seconds() > 86400:
        from convoylog.cli import screen

        screen.talk("this time is more than a day ahead")
    return understood.instant, understood.zone, understood.sentence


class ZoneOf:
    """UTC seconds → IANA zone of a car's position then; the tracks are read when it is asked."""

    def __init__(self, root: Path, book: Book, car: Car) -> None:
        self.root, self.book, self.car = root, book, car
        self._along: Callable[[float], str] | None = None

    def __call__(self, at: float) -> str:
        if self._along is None:
            from convoylog.files import load
            from convoylog.trips import account

            self._along = account.zone_of(load.load(self.root, memory=memory()), self.car)
        return self._along(at) or self.car.zone or self.book.zone or laptop_zone()


def laptop_zone() -> str:
    """This laptop's zone by name, "UTC" where the system does not tell one."""
    given = os.environ.get("TZ", "").lstrip(":")
    if "/" in given and not given.startswith("/"):
        return given
    try:
        parts = Path("/etc/localtime").resolve().parts
        return "/".join(parts[parts.index("zoneinfo") + 1 :]) or "UTC"
    except (OSError, ValueError):
        return "UTC"
