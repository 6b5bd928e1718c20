"""A small whole file of every kind that is read, made here: for contracts over all readers, and fuzzing."""

from __future__ import annotations

import bz2
import gzip
import json

from tests.files.readers import (
    test_fit,
    test_geojson,
    test_google_timeline,
    test_gpx_scan,
    test_heif,
    test_kml,
    test_kmz,
    test_nmea,
    test_parquet,
    test_phone_lists,
    test_photo,
    test_raw,
    test_tables,
    test_tcx,
    test_video,
)

_TIMELINES = (
    test_google_timeline.RECORDS,
    test_google_timeline.MONTHS,
    test_google_timeline.PHONE | test_google_timeline.SIGNALS,
    test_google_timeline.IOS,
    test_phone_lists.OWNTRACKS,
    test_phone_lists.DAWARICH,
)
_GPX = test_gpx_scan.document(test_gpx_scan.plain(30))
_TAGS = (
    (test_photo.MAIN, test_photo.MAKE, "Acme"),
    (test_photo.CAMERA, test_photo.TAKEN, "2024:06:01 12:00:00"),
    (test_photo.CAMERA, test_photo.OFFSET, "+02:00"),
    *test_photo.gps(),
)

#: a key of READERS → files of that kind
SAMPLES: dict[str, list[bytes]] = {
    # the second is long enough for the fast road
    "gpx": [_GPX, test_gpx_scan.document(test_gpx_scan.plain())],
    "fit": [test_fit.DAY],
    "tcx": [test_tcx.DAY],
    "kml": [test_kml.DAY],
    "kmz": [test_kmz.KMZ],
    "nmea": [test_nmea.LOG],
    "json": [test_geojson.DAY, *(json.dumps(document).encode() for document in _TIMELINES)],
    "csv": [test_tables.TABLE.encode()],
    "parquet": [test_parquet.DAY],
    "gzip": [gzip.compress(_GPX), gzip.compress(test_nmea.LOG)],
    "bzip2": [bz2.compress(_GPX)],
    "jpeg": [test_photo.picture(*_TAGS)],
    "png": [test_photo.picture(*_TAGS, form="PNG")],
    "webp": [test_photo.picture(*_TAGS, form="WEBP")],
    "heif": [test_heif.picture(), test_heif.picture(inside=True, turns=1)],
    "avif": [test_heif.picture(b"avif")],
    "raw": [test_raw.tiff("SONY", previews=(test_raw.jpeg(),))],
    "video": [
        test_video.clip(
            test_video.header(),
            test_video.track(),
            test_video.keyed(
                creationdate="2027-05-03T09:05:30-0600",
                location_ISO6709="+39.7392-104.9903+1609.344/",
            ),
        )
    ],
}
