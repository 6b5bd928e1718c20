"""What a picture file tells about itself."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Photograph:
    """The facts in a picture file; nothing is worked out here.

    format: "JPEG" or "PNG". width, height: pixels as shown, after turning upright.
    taken: local wall time of the camera in ISO 8601 without offset ("2010-08-05T18:30:00.25"),
    from DateTimeOriginal and its subseconds; "" if unknown.
    offset_s: seconds east of UTC that the wall time is said to be ahead, or None. offset_from: the
    tag that says so.
    gps_at: GPS date and time stamps as UTC seconds, or None.
    lat, lon, ele: the picture's own position, degrees and metres, or None.
    accuracy_m: metres the position may be wrong, as the device says. direction: degrees from true
    north the camera looked, or None.
    kind: "photo", or "video" for a clip; duration_s: how long that lasts. raw: sensor values, whose
    picture is a preview. content_id: what a photo and the clip taken with it have in common.
    ending: of a stored copy, without dot, where it tells more than the kind of reader. caption: what
    somebody wrote under it, text of unknown origin.
    make, model, serial: the camera, as text of unknown origin. camera: its key, where a record
    that came with a copied photo gives it; else "" and the key is made from the three.
    """

    format: str
    width: int
    height: int
    taken: str = ""
    offset_s: int | None = None
    gps_at: float | None = None
    lat: float | None = None
    lon: float | None = None
    ele: float | None = None
    make: str = ""
    model: str = ""
    serial: str = ""
    orientation: int = 1
    warnings: tuple[str, ...] = ()
    camera: str = ""
    offset_from: str = ""
    accuracy_m: float | None = None
    direction: float | None = None
    kind: str = "photo"
    duration_s: float | None = None
    raw: bool = False
    content_id: str = ""
    ending: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What a file beside a photo tells about it; text and numbers of unknown origin.

    source: the kind of file. title: the photo's file name, where it says that, else "".
    taken, offset_s, lat, lon, ele, caption: as in Photograph. guessed: the position may be another
    program's guess.
    """

    source: str
    title: str = ""
    taken: str = ""
    offset_s: int | None = None
    lat: float | None = None
    lon: float | None = None
    ele: float | None = None
    caption: str = ""
    guessed: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo made again from its pixels, upright, without any metadata.

    sha256: of the original. width, height: pixels of `jpeg`. jpeg: the bytes of a JPEG file.
    pin: its middle square, tiny, as WebP; empty where nobody asked for one.
    """

    sha256: str
    width: int
    height: int
    jpeg: bytes
    pin: bytes = b""

    @property
    def name(self) -> str:
        """Of its file: by what is shown, so that a link stays right when photos come before this one."""
        return f"photo-{hashlib.sha256(self.jpeg).hexdigest()[:10]}.jpg"


@dataclass(frozen=True, slots=True)
class PictureSize:
    """edge: pixels of the longer side at most. quality: of the JPEG, 1 to 95."""

    edge: int
    quality: int


#: how large the photos of a report are: sharp in a phone's column; on a large screen, 200 to 400 kB;
#: on one with fine pixels. Below quality 75 skies show bands, above 85 only the file grows
SIZES = {
    "small": PictureSize(800, 75),
    "medium": PictureSize(1600, 78),
    "large": PictureSize(2560, 82),
}
MEDIUM = SIZES["medium"]
