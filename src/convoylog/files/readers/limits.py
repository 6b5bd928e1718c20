"""How much of one file is read before it is taken for an attack or a mistake."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Each can be raised by the person who knows the file.

    points: 23 days at one a second. track_bytes: the largest real recording we met has 11 MB;
    64 MiB is four weeks at one point a second. unpacked: bytes that an archive of one recording
    may become. photo_bytes: the largest camera JPEGs have 60 MB, a minute of video 200.
    pixels: a raw panorama of a phone has 60 megapixels; decoded, 80 take 240 MB.
    """

    points: int = 2_000_000
    track_bytes: int = 64 * 2**20
    photo_bytes: int = 256 * 2**20
    pixels: int = 80_000_000


LIMITS = Limits()
