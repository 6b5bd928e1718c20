"""What a camera writes beside the pixels. Source: CIPA DC-008 (Exif 3.0)."""

from __future__ import annotations

from datetime import datetime

from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

_Base, _Gps = ExifTags.Base, ExifTags.GPS


def write(
    *,
    make: str,
    model: str,
    serial: str,
    taken: datetime,
    offset_s: int | None = None,
    place: tuple[float, float, float] | None = None,
    at: datetime | None = None,
) -> bytes:
    """An EXIF block. taken: the camera's clock. offset_s: seconds east of UTC it says, or nothing.

    place: degrees and metres; at: UTC, the GPS stamp. Both or none.
    """
    block = Image.Exif()
    block[_Base.Make], block[_Base.Model] = make, model
    block[_Base.DateTime] = f"{taken:%Y:%m:%d %H:%M:%S}"
    own: dict[int, object] = {_Base.DateTimeOriginal: f"{taken:%Y:%m:%d %H:%M:%S}"}
    if serial:
        own[_Base.BodySerialNumber] = serial
    if offset_s is not None:
        minutes = abs(offset_s) // 60
        sign = "-" if offset_s < 0 else "+"
        own[_Base.OffsetTimeOriginal] = f"{sign}{minutes // 60:02d}:{minutes % 60:02d}"
    block.get_ifd(ExifTags.IFD.Exif).update(own)
    if place is not None and at is not None:
        block.get_ifd(ExifTags.IFD.GPSInfo).update(_gps(place, at))
    return block.tobytes()


def _gps(place: tuple[float, float, float], at: datetime) -> dict[int, object]:
    lat, lon, ele = place
    return {
        _Gps.GPSLatitudeRef: "N" if lat >= 0 else "S",
        _Gps.GPSLatitude: _sexagesimal(lat),
        _Gps.GPSLongitudeRef: "E" if lon >= 0 else "W",
        _Gps.GPSLongitude: _sexagesimal(lon),
        _Gps.GPSAltitudeRef: b"\x00" if ele >= 0 else b"\x01",
        _Gps.GPSAltitude: IFDRational(round(abs(ele) * 10), 10),
        _Gps.GPSTimeStamp: (float(at.hour), float(at.minute), float(at.second)),
        _Gps.GPSDateStamp: f"{at:%Y:%m:%d}",
    }


def _sexagesimal(degrees: float) -> tuple[IFDRational, IFDRational, IFDRational]:
    hundredths = round(abs(degrees) * 360_000)
    return (
        IFDRational(hundredths // 360_000, 1),
        IFDRational(hundredths // 6000 % 60, 1),
        IFDRational(hundredths % 6000, 100),
    )
