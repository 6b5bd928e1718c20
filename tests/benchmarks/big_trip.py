"""A logbook of twenty cars, seven days, five hundred photos and two hundred notes, as families come home with.

    python -m tests.benchmarks.big_trip FOLDER [PHOTOS [CARS [DAYS]]]

The photos are painted, 3000×2000, each another; many come in bursts, an eighth of them from one barbecue. Takes some
minutes and a gigabyte for the whole of it. What it is for: looking at its report, and measuring it.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

from convoylog.cli.demo import join, one_logbook
from convoylog.demo import exif
from convoylog.demo.pictures import SCENES, draw
from convoylog.demo.story import Demo, DemoCar, DemoNote, DemoPhoto
from convoylog.places import zones
from tests.crowd import Day, drives

TITLE = "Twenty Cars to Moab"
NAMES = (
    "Kestrel/Ana & Tom Whitlock/Subaru Outback", "Marmalade/Jo Castellano/VW Westfalia",
    "Cactus Wren/Ray Begay/Ford F-150",
    "Tumbleweed/Ines Ortega/Jeep Wrangler", "Old Faithful/Gus Lindqvist/Volvo 240", "Fogbank/Mei Tanaka/Toyota Prius",
    "Fourteener/Dale Hutchins/Chevrolet Tahoe", "Saguaro/Luz Romero/Nissan Frontier",
    "Space Needle/Priya Nair/Kia Niro",
    "Sourdough/Ben Abbott/Honda Element", "Columbine/Ruth Meyer/Subaru Forester", "Roadrunner/Hank Tso/Toyota Tacoma",
    "Chinook/The Olsens/Dodge Caravan", "Cable Car/Nia Brooks/Mini Cooper", "Pika/Sam Fischer/Mazda CX-5",
    "Javelina/Paco Ruiz/GMC Sierra", "Puget/Lena Sørensen/Tesla Model Y", "Redwood/Owen Clarke/Ford Transit",
    "Bighorn/Kate Dunn/Ram 1500", "Gila/Rosa Flores/Honda CR-V",
)  # fmt: skip
SIZE = (3000, 2000)
#: paintings of each scene, from which photos are cut
_MOODS = 5
#: the evening all are together: day, place, minutes after the last of them came, how long it lasts
_BARBECUE = (3, "Moab", 95.0, 150.0)
_SAID = (
    "Wind from the left all morning. The roof box hums in B flat.",
    "Stopped for pie. The pie was worth the stop, the coffee was not.",
    "{other}, you have our cooler! We can see it on your roof from here.",
    "The light on the cliffs went from pink to orange to a colour nobody in this car has a word for.",
    "Forty minutes behind a harvester. Grandpa told the one about the goat again.",
    "Flat tyre, changed in eleven minutes, of which nine were spent looking for the jack.",
    "We counted 212 freight cars. {other} says 214. There will be a hearing.",
    "A man at the pump asked whether we were a club. We said we did not know yet.",
    "Everybody asleep but the driver, and the driver sang.",
    "Antelope! Then, a mile on, more antelope. The children have a list: *eagle*, *antelope* and now **a llama**.",
    "Turned the wrong way at the only junction in eighty miles.",
    "Rain for exactly as long as the windows were open.",
    "Lunch at the river with cold chicken and {other}'s famous potato salad. There are no leftovers to report.",
    "Road works. The lady with the sign has three grandchildren and a boat.",
    "This valley has one tree, and somebody has hung about two hundred shoes in it.",
    "The engine light came on, went off, came on, and was declared to be decoration.",
    "Saw {other} across the canyon, two bends ahead and a thousand feet below.",
    "First swim of the trip. It lasted four seconds.",
    "The motel has a dinosaur. We did not ask.",
    "Dust everywhere, including places that were shut.",
)  # fmt: skip
_ANSWERED = (
    "Was that you? We waved!", "Liar. It was 213.", "You will get it back when it is empty.", "Save us a slice!",
    "We had sun the whole way, just saying.", "Grandma says hello and wants the recipe.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shot:
    """A photo to be taken. at: UTC seconds. file_name: unique in the trip."""

    file_name: str
    at: float
    lat: float
    lon: float
    ele: float
    scene: str
    seed: int


def where(days: Sequence[Day], at: float) -> tuple[float, float, float]:
    track = min(
        (day.track for day in days), key=lambda t: max(t.time[0] - at, at - t.time[-1], 0.0)
    )
    lat, lon, ele = (np.interp(at, track.time, c) for c in (track.lat, track.lon, track.ele))
    return float(lat), float(lon), float(ele)


def local(at: float, lat: float, lon: float) -> datetime:
    offset = zones.offset_at(zones.zone_at(lat, lon), at)
    return datetime.fromtimestamp(round(at), timezone(timedelta(seconds=offset)))


@cache
def painting(scene: str, mood: int) -> Image.Image:
    return Image.open(io.BytesIO(draw(scene, mood, quality=92))).convert("RGB")


def taken(shot: Shot, member: int) -> DemoPhoto:
    """The file as a camera writes it: another cut, light and grain for every photo."""
    rng = np.random.default_rng(shot.seed)
    whole = painting(shot.scene, shot.seed % _MOODS)
    upright = rng.random() < 0.16
    size = SIZE[::-1] if upright else SIZE
    height = whole.height * rng.uniform(0.72, 1.0)
    width = min(height * size[0] / size[1], whole.width)
    left, top = rng.uniform(0, whole.width - width), rng.uniform(0, whole.height - height)
    cut = whole.resize(size, Image.Resampling.BICUBIC, (left, top, left + width, top + height))
    light = (rng.uniform(0.86, 1.12) * rng.uniform(0.94, 1.06, 3)).astype(np.float32)
    grain = rng.integers(-5, 6, (size[1], size[0], 1), dtype=np.int16)
    pixels = np.clip(np.asarray(cut) * light + grain, 0, 255).astype(np.uint8)
    # every third driver has a camera that knows no place
    knows = member % 3 != 2
    shown = local(shot.at, shot.lat, shot.lon)
    block = exif.write(
        make="Maker", model=f"Model {member}", serial=f"{member:06d}", taken=shown.replace(tzinfo=None),
        offset_s=round(shown.utcoffset().total_seconds()),  # type: ignore[union-attr]
        place=(shot.lat, shot.lon, shot.ele) if knows else None,
        at=datetime.fromtimestamp(shot.at, UTC) if knows else None,
    )  # fmt: skip
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=87, exif=block)
    return DemoPhoto(shot.file_name, out.getvalue())


def shots_of(member: int, days: Sequence[Day], count: int, cars: int) -> Iterator[list[Shot]]:
    """Bursts and single photos of one car, and its part of the barbecue."""
    rng = np.random.default_rng([member, 11])
    scenes = list(SCENES)
    left, number = count, 0

    def shot(at: float, scene: str, place: tuple[float, float, float] | None = None) -> Shot:
        nonlocal number
        number += 1
        seed = int(rng.integers(1 << 30))
        return Shot(f"{member:02d}-{number:04d}.jpg", at, *(place or where(days, at)), scene, seed)

    evening = next((d for d in days if d.number == _BARBECUE[0]), None)
    if evening:
        came = evening.visits[_BARBECUE[1]][0]
        for k in range(min(left, round(count * 60 / 500) + (member < 60 % cars and count > 9))):
            at = came + 60 * (_BARBECUE[2] + rng.uniform(0, _BARBECUE[3]))
            lat, lon, ele = where(days, at)
            scene = "barbecue" if k % 2 == 0 else "city_at_dusk"
            yield [shot(at, scene, (lat + rng.normal(0, 2e-4), lon + rng.normal(0, 2e-4), ele))]
            left -= 1
    outdoors = [scene for scene in scenes if scene != "barbecue"]
    while left > 0:
        day = days[int(rng.choice(len(days), p=_weights(days)))]
        # a tenth at the stops, where people get out
        stop = list(day.visits.values())[int(rng.integers(len(day.visits)))]
        begin, end = (
            (stop[0] + 60, max(stop[0] + 240, stop[1] - 60))
            if rng.random() < 0.45
            else (float(day.track.time[0]), float(day.track.time[-1]))
        )
        at, scene = rng.uniform(begin, end), str(rng.choice(outdoors))
        many = min(left, int(rng.choice([1, 1, 1, 2, 3, 4, 5, 7])))
        burst = []
        for _ in range(many):
            burst.append(shot(at, scene))
            at += rng.uniform(2, 45)
        left -= many
        yield burst


def _weights(days: Sequence[Day]) -> list[float]:
    """Most photos are taken on the day nobody has to get anywhere."""
    weights = [2.4 if day.number == 4 else 1.0 for day in days]
    return [weight / sum(weights) for weight in weights]


def notes_of(
    member: int,
    days: Sequence[Day],
    bursts: Sequence[Sequence[Shot]],
    count: int,
    names: Sequence[str],
) -> Iterator[DemoNote]:
    """What one car told: of some of its bursts, of fuel, and of nothing much."""
    rng = np.random.default_rng([member, 13])
    others = [name for name in names if name != names[member]]
    shown = iter([burst for burst in bursts if len(burst) > 1][: count // 3])
    metres, reading = 0.0, 20_000 + 3_517 * member
    for day in days:
        t = day.track
        metres += 26.0 * 0.75 * float(t.time[-1] - t.time[0])
        pump = list(day.visits.values())[len(day.visits) // 2][0] + 240
        yield DemoNote(
            f"{member}-fuel-{day.number}", local(pump, *where(days, pump)[:2]), "", kind="fuel",
            amount=f"{rng.uniform(6, 15):.2f} gal", cost=f"{rng.uniform(22, 58):.2f} USD",
            odometer=f"{reading + metres / 1609.344:.0f} mi",
        )  # fmt: skip
    for k in range(count - len(days)):
        burst = next(shown, [])
        day = days[k % len(days)]
        at = burst[0].at if burst else float(rng.uniform(day.track.time[0], day.track.time[-1]))
        text = _SAID[int(rng.integers(len(_SAID)))]
        other = f"@{others[int(rng.integers(len(others)))]}"
        yield DemoNote(
            f"{member}-{k}", local(at, *where(days, at)[:2]), text.format(other=other),
            photos=tuple(shot.file_name for shot in burst), tags=("star",) if k == 3 else (),
        )  # fmt: skip


def answers(cars: Sequence[DemoCar], every: int) -> list[DemoCar]:
    """Every so many notes somebody of another car has a word to say."""
    rng = np.random.default_rng(17)
    told = sorted(
        (note for car in cars for note in car.notes if note.kind == "note"), key=lambda n: n.at
    )
    extra: dict[int, list[DemoNote]] = {}
    for k, note in enumerate(told[::every]):
        whose = (int(note.key.split("-")[0]) + 1 + int(rng.integers(len(cars) - 1))) % len(cars)
        at = note.at + timedelta(minutes=float(rng.uniform(3, 50)))
        text = _ANSWERED[k % len(_ANSWERED)]
        extra.setdefault(whose, []).append(
            DemoNote(f"{whose}-answer-{k}", at.replace(microsecond=0), text, reply_to=note.key)
        )
    return [
        DemoCar(**{
            **{name: getattr(car, name) for name in DemoCar.__slots__},
            "notes": tuple(sorted((*car.notes, *extra.get(n, [])), key=lambda r: (r.at, r.key))),
        })
        for n, car in enumerate(cars)
    ]  # fmt: skip


def car_of(member: int, photos: int, cars: int, days: int) -> DemoCar:
    name, driver, vehicle = NAMES[member].split("/")
    driven = list(drives(member, days, 5.0 + member % 6))
    bursts = list(shots_of(member, driven, photos, cars))
    names = [row.split("/")[0] for row in NAMES[:cars]]
    lat, lon, _ = where(driven, 0.0)
    return DemoCar(
        name, driver, vehicle, str(member + 1), "", zones.zone_at(lat, lon), "convoy",
        f"{20_000 + 3_517 * member} mi", (), tuple(day.track for day in driven),
        tuple(taken(shot, member) for burst in bursts for shot in burst),
        tuple(notes_of(member, driven, bursts, 10, names)),
    )  # fmt: skip


def main() -> None:
    folder = Path(sys.argv[1])
    given = [int(word) for word in sys.argv[2:]]
    photos, cars, days = [*given, *(500, 20, 7)[len(given) :]]
    with ThreadPoolExecutor(4) as pool:
        made = list(
            pool.map(car_of, range(cars), [photos // cars] * cars, [cars] * cars, [days] * cars)
        )
    told = Demo(TITLE, tuple(answers(made, 5)))
    now = min(note.at for car in told.cars for note in car.notes)
    for number, car in enumerate(told.cars):
        one_logbook(folder / f"car-{number}", told, car, now, f"big{number:013d}")
    join(folder / "logbook", told, [folder / f"car-{number}" for number in range(cars)], now)


if __name__ == "__main__":
    main()
