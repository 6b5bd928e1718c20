"""Files of one moment count once."""

from __future__ import annotations

from dataclasses import replace

from convoylog.model.pairs import pairs
from convoylog.model.photos import Photograph

TAKEN = "2027-05-03T09:05:32.25"
STILL = Photograph("JPEG", 4000, 3000, TAKEN, make="Acme", model="One", serial="7")
RAW = replace(STILL, format="CR2", raw=True)
CLIP = Photograph("MOV", 1920, 1080, kind="video", content_id="id-1")


def test_a_raw_file_counts_with_the_picture_its_camera_took_with_it() -> None:
    assert {"r": "j"} == pairs({"r": RAW, "j": STILL})


def test_a_raw_file_alone_or_of_another_moment_or_camera_stays() -> None:
    assert {} == pairs({"r": RAW})
    assert {} == pairs({"r": RAW, "j": replace(STILL, taken=TAKEN[:-1] + "6")})
    assert {} == pairs({"r": RAW, "j": replace(STILL, serial="8")})
    assert {} == pairs({"r": replace(RAW, taken=""), "j": replace(STILL, taken="")})


def test_files_without_a_camera_are_not_taken_for_one_camera() -> None:
    nobody = replace(STILL, make="", model="", serial="")
    assert {} == pairs({"r": replace(nobody, raw=True), "j": nobody})


def test_a_burst_in_one_second_loses_no_raw_file_without_a_picture() -> None:
    burst = {"j1": STILL, "r1": RAW, "r2": RAW}
    assert {} == pairs(burst)
    assert {"r1": "j1", "r2": "j2"} == pairs({**burst, "j2": STILL})


def test_a_live_photos_clip_counts_with_the_photo() -> None:
    live = replace(STILL, content_id="id-1")
    assert {"m": "h"} == pairs({"m": CLIP, "h": live})
    assert {} == pairs({"m": CLIP, "h": STILL})
    assert {} == pairs({"m": replace(CLIP, content_id=""), "h": STILL})


def test_a_live_photo_with_its_raw_file_is_one_photo() -> None:
    live = replace(STILL, content_id="id-1")
    raw = replace(RAW, content_id="id-1")
    for names in ("abc", "bca", "cab"):
        still, raw_name, clip = names
        found = pairs({still: live, raw_name: raw, clip: CLIP})
        assert {raw_name: still, clip: still} == found


def test_order_does_not_matter() -> None:
    files = {"j1": STILL, "r1": RAW, "r2": RAW, "j2": STILL, "m": CLIP}
    assert pairs(files) == pairs(dict(reversed(files.items())))
