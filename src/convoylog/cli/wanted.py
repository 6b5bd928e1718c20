"""What `export` was asked for: the trip as its level shows it, all cars at once or one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from convoylog.cli import here, screen, units
from convoylog.cli.report_audit import forbidden
from convoylog.cli.report_photos import Photos
from convoylog.errors import ConvoylogError

if TYPE_CHECKING:
    from convoylog.exports.exported import Exported
    from convoylog.model.logbook import Logbook
    from convoylog.model.pages import Pages
    from convoylog.model.trip import Trip


class Wanted:
    """The trip as the level shows it, and what of it was asked for.

    by_car: no track is worked out before its car's turn comes.
    """

    def __init__(
        self,
        root: Path,
        to: str,
        cars: list[str],
        leg: str,
        day: str,
        privacy: str,
        hide_times: bool,
        photos: bool,
        by_car: bool,
    ) -> None:
        from convoylog.exports.exported import Choice
        from convoylog.exports.formats import FORMS
        from convoylog.files import load
        from convoylog.privacy import cut
        from convoylog.trips.account import work_out

        self.root, self.to, self.by_car = root, to, by_car
        self.whole = load.load(root, memory=here.memory())
        mine = here.own_of(self.whole.id, self.whole.cars)
        book = load.read_cars(root)
        chosen = {here.pick_car(book, name).id for name in cars}
        seen = cut.cut(self.whole, privacy, mine=mine)  # type: ignore[arg-type]
        self.seen = seen.logbook
        self.trip: Trip = work_out(seen.logbook, drawn=not by_car)
        known = {i: c.car.id for c in self.trip.cars for i in (c.car.id, *c.car.also)}
        ids = frozenset(known.get(i, i) for i in chosen) or frozenset(
            c.car.id for c in self.trip.cars
        )
        self.said = (*seen.left_out, *_kept_back(self.whole, seen.logbook, ids))
        self.problems = [*self.trip.problems]
        if day:
            day = here.pick_day(self.trip, day).day
        legs = here.pick_legs(self.trip, leg) if leg else frozenset()
        shown = {sha for t in self.trip.story if t.car in ids for sha in t.photos}
        pictures = Photos(root, seen.logbook, shown if photos and FORMS[to].photos else set())
        self._pictures = pictures.made()
        self.problems += pictures.problems
        self.choice = Choice(ids, legs, day, hide_times)
        self.privacy = privacy

    @property
    def slug(self) -> str:
        from convoylog.reports.outline import slug_of

        return slug_of(self.trip.title) or "trip"

    def exported(self, metres: float, most: int | None) -> Exported:
        """As asked for, with fewer points if wanted."""
        found = self._chosen(self.trip, self.seen, metres, most)
        if not found.points and not found.marks:
            raise self.nothing()
        return found

    def cars(self, metres: float) -> Iterator[Exported]:
        """As `exported`, a car at a time, whose columns are let go when the next one's turn comes."""
        from convoylog.model.tracks import let_go
        from convoylog.trips.account import work_out

        for car in screen.progress(
            [car.car for car in self.trip.cars if car.car.id in self.choice.cars], "writing"
        ):
            alone = replace(
                self.seen,
                cars=(car,),
                tracks=tuple(t for t in self.seen.tracks if t.car == car.id),
                photos=tuple(p for p in self.seen.photos if p.car == car.id),
                entries=tuple(e for e in self.seen.entries if e.car == car.id),
            )
            yield self._chosen(work_out(alone), alone, metres, None)
            for recorded in alone.tracks:
                for columns in recorded.recording.tracks:
                    let_go(columns)

    def _chosen(self, trip: Trip, seen: Logbook, metres: float, most: int | None) -> Exported:
        from convoylog.exports.exported import choose
        from convoylog.exports.simplified import pins_of, simplified
        from convoylog.places import regions

        found = choose(
            trip, self.choice, slug=self.slug, pictures=self._pictures, recordings=seen.tracks
        )
        if not metres and most is None:
            return found
        return simplified(found, pins_of(trip), metres, most, regions.packed().cuts)

    @property
    def names(self) -> list[str]:
        """Of the cars asked for."""
        return [car.car.name for car in self.trip.cars if car.car.id in self.choice.cars]

    def readings(self) -> list[str]:
        """What sensors of these cars read, as far as the level shows it, in the order of MORE."""
        from convoylog.model.tracks import MORE

        found = {
            name
            for recorded in self.seen.tracks
            if recorded.car in self.choice.cars
            for track in recorded.recording.tracks
            for name in track.more
        }
        return [name for name in MORE if name in found]

    def nothing(self) -> ConvoylogError:
        return ConvoylogError(
            "nothing of that is there to export"
            + (" at this level" if self.privacy != "full" else ""),
            hint="`convoylog stats --by leg` shows legs and days; --privacy full shows all",
        )

    def pages(self, told: Exported, name: str) -> Pages:
        from convoylog.exports.formats import render

        return render(told, self.to, name)

    def tell(self) -> None:
        """What was left out, and what is wrong."""
        for line in self.said:
            screen.talk(screen.visible(line))
        for problem in self.problems:
            screen.warn_problem(problem)

    def audit(self, files: Mapping[str, bytes]) -> None:
        """Raises ConvoylogError where the finished files tell what they must not."""
        from convoylog.privacy import audit

        wrong = audit.audit(files, forbidden(self.whole, self.seen, self.trip, self.root))
        if wrong:
            raise ConvoylogError(
                f"the finished export would tell what it must not: {wrong[0]}",
                hint="this is a fault of convoylog; nothing was written",
            )


def _kept_back(whole: Logbook, seen: Logbook, cars: frozenset[str]) -> list[str]:
    """What stays of the cars' waypoints and readings of sensors, in a sentence."""
    points, readings = 0, set()
    for before, after in zip(whole.tracks, seen.tracks, strict=True):
        if before.car in cars:
            points += len(before.recording.waypoints) - len(after.recording.waypoints)
            for one, other in zip(before.recording.tracks, after.recording.tracks, strict=True):
                readings |= one.more.keys() - other.more.keys()
    parts = [units.counted(points, "waypoint")] if points else []
    parts += [name.replace("_", " ") for name in sorted(readings)]
    if not parts:
        return []
    return [f"Kept back: {', '.join(parts)}. --privacy full takes them along, for yourself."]
