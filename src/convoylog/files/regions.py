"""Regions a person brings along: a GeoJSON file of named polygons."""

from __future__ import annotations

from pathlib import Path

from convoylog.errors import BadInput, ConvoylogError
from convoylog.files import safely
from convoylog.files.readers.jsons import parse
from convoylog.places.regions import Regions, from_geojson

#: a country's municipalities at a scale of 10 m come in some 100 MB
_MOST_BYTES = 200 * 2**20
HINT = "GeoJSON needs features with a Polygon or MultiPolygon and a property `name`"


def read_regions(path: Path) -> Regions:
    """The regions of a GeoJSON file. Raises ConvoylogError."""
    try:
        return from_geojson(parse(safely.read_file(path, cap=_MOST_BYTES)), path.name)
    except BadInput as error:
        raise ConvoylogError(f"{path}: {error}", hint=HINT) from error
