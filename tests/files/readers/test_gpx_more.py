"""What devices write with their trackpoints becomes columns, by both roads alike."""

from __future__ import annotations

import numpy as np
import pytest

from convoylog.files.readers import gpx
from convoylog.model.tracks import Recording
from tests.files.readers.test_gpx_scan import MANY, document, point, told


def recorded(inside: str) -> Recording:
    """A recording whose points all have this inside, long enough for the fast road."""
    content = document("".join(point(n, inside) for n in range(MANY)))
    found = gpx.read(content)
    assert told(found) == told(gpx.read_carefully(content))
    return found


def extensions(inside: str) -> str:
    return f"<extensions>{inside}</extensions>"


def garmin(inside: str) -> str:
    return extensions(f"<x:TrackPointExtension>{inside}</x:TrackPointExtension>")


@pytest.mark.parametrize(
    ("inside", "columns"),
    [
        ("<speed>13.5</speed><course>270</course>", {"speed": 13.5, "course": 270}),
        ("<sat>9</sat><hdop>0.9</hdop><vdop>1.5</vdop><pdop>2</pdop>",
         {"satellites": 9, "hdop": 0.9, "vdop": 1.5, "pdop": 2}),
        (garmin("<x:atemp>-4.5</x:atemp><x:hr>121</x:hr><x:cad>83</x:cad>"),
         {"temperature": -4.5, "heart_rate": 121, "cadence": 83}),
        (garmin("<x:speed>13.5</x:speed><x:course>270.5</x:course>"),
         {"speed": 13.5, "course": 270.5}),
        (extensions("<gpxdata:hr>121</gpxdata:hr><gpxdata:cadence>83</gpxdata:cadence>"
                    "<gpxdata:temp>21</gpxdata:temp>"),
         {"heart_rate": 121, "cadence": 83, "temperature": 21}),
        (extensions("<power>240</power>"), {"power": 240}),
        (extensions("<x:PowerInWatts>240</x:PowerInWatts>"), {"power": 240}),
        (extensions("<hAcc>4.5</hAcc>"), {"accuracy": 4.5}),
        (extensions("<speed>-1</speed><course>-1</course><hr>0</hr>"), {}),
        (extensions("<mood>9</mood>"), {}),
        # the first of several counts
        ("<speed>13.5</speed>" + extensions("<speed>99</speed>"), {"speed": 13.5}),
    ],
)  # fmt: skip
def test_the_columns_of_devices(inside: str, columns: dict[str, float]) -> None:
    found = recorded(inside)
    (track,) = found.tracks
    known = {n: c for n, c in track.more.items() if np.isfinite(c).any()}
    assert columns == {name: column[0] for name, column in known.items()}
    assert all((column == column[0]).all() for column in known.values())


@pytest.mark.parametrize("value", ["fast", "1e999", "NaN", "1_0", "٥", "13,5"])
def test_a_value_that_is_no_number_is_unknown_and_told(value: str) -> None:
    found = recorded(f"<speed>{value}</speed>")
    assert not np.isfinite(found.tracks[0].more.get("speed", np.array([np.nan]))).any()
    assert f"{MANY} readings of sensors that are no numbers" in found.warnings[0]


def test_an_empty_value_is_unknown_without_a_word() -> None:
    assert () == recorded("<speed></speed>").warnings
