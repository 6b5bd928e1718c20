"""Files of one moment: a photo and its raw file, a photo and the clip taken with it."""

from __future__ import annotations

from collections.abc import Mapping

from convoylog.model.photos import Photograph


def pairs(photos: Mapping[str, Photograph]) -> dict[str, str]:
    """Companion → the photo it counts with. photos: SHA-256 → facts, of one car.

    A clip belongs to the photo with the same content id. A raw file belongs to the picture that the
    same camera took at the same time; where one second holds more raw files than pictures, nobody
    knows which is whose, and each stays by itself. Nothing here depends on the order of `photos`.
    """
    found: dict[str, str] = {}
    stills = sorted(sha for sha, photo in photos.items() if photo.kind == "photo")
    by_content = {photos[sha].content_id: sha for sha in reversed(stills)}
    for sha, photo in photos.items():
        if photo.kind == "video" and photo.content_id and photo.content_id in by_content:
            found[sha] = by_content[photo.content_id]
    moments: dict[tuple[str, ...], tuple[list[str], list[str]]] = {}
    for sha in stills:
        photo = photos[sha]
        if photo.taken and (photo.make or photo.model):
            moment = (photo.make, photo.model, photo.serial, photo.taken)
            moments.setdefault(moment, ([], []))[not photo.raw].append(sha)
    for raws, pictures in moments.values():
        if len(raws) <= len(pictures):
            found.update(zip(raws, pictures, strict=False))
    # the clip of a photo that is itself a companion goes with that photo's photo
    return {sha: found.get(photo, photo) for sha, photo in found.items()}
