"""Cameras of a logbook for the commands: found by what people type, changed, and told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from convoylog.cli import context, here, screen, units
from convoylog.errors import UsageError

if TYPE_CHECKING:
    from convoylog.model.logbook import Logbook, RecordedPhoto
    from convoylog.trips.cameras import Seen, Shot


def cameras(logbook: Path | None, car: str | None) -> tuple[Path, tuple[Seen, ...]]:
    from convoylog.files import load
    from convoylog.trips.cameras import cameras_of

    root = context.find_logbook(logbook)
    wanted = None if car is None else {here.pick_car(load.read_cars(root), car).id}
    return root, cameras_of(load.load(root, memory=here.memory()), cars=wanted)


def pick(found: tuple[Seen, ...], name: str) -> Seen:
    """The camera a person means: by key, name, or any part of them. Raises UsageError."""
    wanted = name.casefold().strip()
    exact = [seen for seen in found if wanted in (seen.key.casefold(), seen.name.casefold())]
    chosen = (exact or [seen for seen in found if wanted in _words(seen)]) if wanted else []
    if len(chosen) == 1:
        return chosen[0]
    among = ", ".join(f"{told_name(s)} of {s.car.name}" for s in (chosen or found)) or "none"
    if len({seen.key for seen in chosen}) == 1:
        raise UsageError(
            f"{len(chosen)} cars have a camera {name!r}", hint="say it with --car NAME"
        )
    raise UsageError(
        f"{'more than one' if chosen else 'no'} camera {name!r} here; there is {among}",
        hint="convoylog camera list",
    )


def _words(seen: Seen) -> str:
    return f"{seen.key}\n{seen.name}\n{seen.make} {seen.model}".casefold()


def told_name(seen: Seen) -> str:
    return f"{seen.name} ({seen.key})" if seen.name else seen.key


def picked_photo(logbook: Path | None, wanted: str) -> tuple[Path, Logbook, Seen, Shot]:
    from convoylog.files import load
    from convoylog.trips.cameras import cameras_of

    root = context.find_logbook(logbook)
    whole = load.load(root, memory=here.memory())
    photo = find_photo(root, whole, wanted)
    for seen in cameras_of(whole, cars={photo.car}):
        for shot in seen.shots:
            if shot.photo == photo:
                return root, whole, seen, shot
    raise UsageError(f"{photo.path} belongs to no car here", hint="convoylog car list")


def find_photo(root: Path, whole: Logbook, wanted: str) -> RecordedPhoto:
    """A photo by its id, the beginning of it, its file name, the name it had, or the file it came from.

    Raises UsageError.
    """
    import hashlib
    from pathlib import PurePosixPath

    text = wanted.strip().lower()
    stems = [(PurePosixPath(photo.path).stem, photo) for photo in whole.photos]
    found = [photo for photo in whole.photos if photo.path == wanted.strip()]
    if not found and "/" not in text:
        bare = text.rpartition(".")[0] or text
        found = [photo for stem, photo in stems if text and stem.startswith(bare)]
        found = found or [photo for stem, photo in stems if text and stem[17:].startswith(bare)]
    if not found and "/" not in text:
        from convoylog.files.receipts import added_as

        paths = added_as(root, text)
        found = [photo for photo in whole.photos if photo.path in paths]
    if not found and Path(wanted).is_file():
        with Path(wanted).open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        found = [photo for photo in whole.photos if photo.sha256 == sha256]
    if len(found) != 1:
        several = f"{len(found)} photos are called {wanted!r}"
        raise UsageError(
            several if found else f"no photo {wanted!r} here",
            hint="`convoylog log` shows the ids; or give the file it came from, with its folder",
        )
    return found[0]


def change_camera(
    root: Path,
    seen: Seen,
    command: str,
    change: Callable[[Mapping[str, object]], dict[str, object]],
) -> None:
    """Write a camera's table anew, as a new version of its car. Raises UsageError."""
    from convoylog.files import store
    from convoylog.model.versions import view

    with store.writing(root, command, now=context.now(), device=here.device()) as writer:
        _, versions = store.current(writer, seen.car.id)
        cameras = view(versions).fields.get("cameras", {})
        tables = dict(cameras) if isinstance(cameras, Mapping) else {}
        before = tables.get(seen.key, {})
        after = change(before if isinstance(before, Mapping) else {})
        if after:
            tables[seen.key] = after
        else:
            tables.pop(seen.key, None)
        with context.as_typed():
            store.edit(writer, seen.car.id, {"cameras": tables or ""})


def told_after(root: Path, seen: Seen) -> int:
    """Say what is believed of a camera now."""
    from convoylog.files import load
    from convoylog.trips.cameras import belief, cameras_of

    whole = load.load(root, memory=here.memory())
    now = next((s for s in cameras_of(whole, cars={seen.car.id}) if s.key == seen.key), None)
    if now is None:
        screen.tell(f"{screen.visible(seen.key)}: nothing is said of it any more")
        return 0
    screen.tell(
        f"{screen.visible(told_name(now))} of {screen.visible(now.car.name)}: {belief(now)}; "
        f"{now.placed} of {units.counted(len(now.shots), 'photo')} placed"
    )
    for doubt in doubts_of(now):
        screen.talk((f"{screen.visible(now.key)}: ", "yellow"), screen.visible(doubt))
    return 0


def doubts_of(seen: Seen) -> list[str]:
    """What a person should know about a camera."""
    from convoylog.trips.cameras import drift_s_per_day, set_back
    from convoylog.trips.instants import DRIFT_S

    found = list(seen.camera.unsure) if seen.camera else []
    own = sum(shot.instant.by in ("photo", "gps") for shot in seen.shots)
    said = seen.camera is not None and (seen.camera.sync or seen.camera.offset_s is not None)
    if said and own:
        found.append(
            f"{units.counted(own, 'photo')} tell their own offset, which counts first; "
            "`--overrule` changes that"
        )
    if seen.camera is not None and set_back(seen.camera):
        found.append("between two sync points its clock was set back; each counts until the next")
    elif seen.camera is not None and abs(drift_s_per_day(seen.camera)) > DRIFT_S:
        found.append("its clock drifts more than 10 s a day: is a sync point wrong?")
    if seen.shots and not (seen.make or seen.model or seen.camera):
        found.append("its photos name no camera: they may come from several")
    return found
