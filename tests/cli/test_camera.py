"""`convoylog camera` and `explain`, as they are typed."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from tests.journeys.typed import Typed, use_laptop

BEGAN = datetime(2026, 5, 3, 15, 0, tzinfo=UTC)
#: 20 m/s northwards through Denver, a point every 10 s for an hour
STEP, POINTS = 10, 361
DENVER = timedelta(hours=-6)


@pytest.fixture
def typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Typed:
    """A laptop of its own, in a logbook with one car and an hour of track."""
    for name in ("CONVOYLOG", "CONVOYLOG_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TZ", "UTC")
    use_laptop(tmp_path, monkeypatch, "laptop")
    monkeypatch.chdir(tmp_path)
    run = Typed(capsys)
    run("init", "rally", "--title", "Rally", "--car", "Pepper", "--zone", "America/Denver")
    monkeypatch.chdir(tmp_path / "rally")
    run("add", _gpx(tmp_path / "one.gpx"))
    return run


def _gpx(path: Path) -> Path:
    points = "".join(
        f'<trkpt lat="{_lat(n * STEP):.7f}" lon="-104.9">'
        f"<time>{BEGAN + timedelta(seconds=STEP * n):%Y-%m-%dT%H:%M:%SZ}</time></trkpt>"
        for n in range(POINTS)
    )
    path.write_text(
        '<?xml version="1.0"?><gpx version="1.1" creator="test" '
        'xmlns="http://www.topografix.com/GPX/1/1">'
        f"<trk><trkseg>{points}</trkseg></trk></gpx>",
        encoding="utf-8",
    )
    return path


def _lat(seconds: float) -> float:
    """200 m in 10 s, in degrees of the meridian there."""
    return 39.5 + seconds * 20.0 / 111_037.0


def _jpeg(
    path: Path,
    shown: datetime,
    *,
    make: str = "Canon",
    model: str = "IXUS 40",
    serial: str = "77",
    offset: str = "",
    at: float | None = None,
) -> Path:
    """A photo. at: seconds after the start whose place on the track it carries."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = make, model
    taken = exif.get_ifd(0x8769)
    taken[0x9003] = f"{shown:%Y:%m:%d %H:%M:%S}"
    taken[0xA431] = serial
    if offset:
        taken[0x9011] = offset
    if at is not None:
        gps = exif.get_ifd(0x8825)
        gps[1], gps[2] = "N", (_lat(at), 0.0, 0.0)
        gps[3], gps[4] = "W", (104.9, 0.0, 0.0)
    number = abs(hash((path.name, shown))) % 200
    Image.new("RGB", (40, 30), (number, 99, 9)).save(path, exif=exif)
    return path


def _camera(typed: Typed, number: int = 0) -> dict[str, object]:
    return typed.json("camera", "list")["cameras"][number]


def _instants(typed: Typed) -> list[object]:
    return [row["at"] for row in typed.json("log")["entries"]]


def _told(seconds: float) -> str:
    return (BEGAN + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


@pytest.fixture
def ixus(typed: Typed, tmp_path: Path) -> Typed:
    """Ten photos of a camera on Denver time that is 3 min 20 s behind."""
    for n in range(10):
        shown = BEGAN + DENVER + timedelta(seconds=300 * n + 60 - 200)
        typed("add", _jpeg(tmp_path / f"IMG_{n}.JPG", shown))
    return typed


def test_a_clock_is_put_right_and_back_again(ixus: Typed) -> None:
    before = _instants(ixus)
    told = ixus("camera", "set", "ixus", "--offset", "-06:03:20", "--name", "Canon of Tom")
    assert "Canon of Tom" in told
    assert "-06:03:20 from UTC, as set; 10 of 10 photos placed" in told
    assert _instants(ixus) == [_told(300 * n + 60) for n in range(10)]
    row = _camera(ixus)
    assert row["name"] == "Canon of Tom"
    assert row["clock"]["offset_s"] == -21_800.0  # type: ignore[index]
    assert (row["photos"], row["placed"], row["unplaced"]) == (10, 10, 0)
    ixus("undo")
    assert _instants(ixus) == before
    assert _camera(ixus)["name"] is None
    assert "all is well" in ixus("check")


def test_the_key_is_enough_and_so_is_any_part_of_it(ixus: Typed) -> None:
    key = str(_camera(ixus)["key"])
    for name in (key, "IXUS", key[-4:], "canon ixus"):
        ixus("camera", "set", name, "--zone", "follow")
        assert _camera(ixus)["clock"]["zone"] == "follow"  # type: ignore[index]
    ixus("camera", "set", "ixus", "--clear")
    assert _camera(ixus)["clock"]["zone"] is None  # type: ignore[index]
    assert "cameras" not in Path("cars/pepper/car.toml").read_text()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nikon", "--zone", "follow"), "no camera 'nikon' here"),
        (("", "--zone", "follow"), "no camera '' here"),
        (("ixus",), "nothing to set"),
        (("ixus", "--offset", "6"), "is no offset"),
        (("ixus", "--offset", "-06:00", "--zone", "UTC"), "one of --offset"),
        (("ixus", "--zone", "America/Denvr"), "no time zone"),
    ],
)
def test_what_cannot_be_set_is_refused_and_nothing_written(
    ixus: Typed, words: tuple[str, ...], said: str
) -> None:
    before = Path("cars/pepper/car.toml").read_bytes()
    ixus("camera", "set", *words, code=2)
    assert said in ixus.err
    assert "hint: " in ixus.err
    assert Path("cars/pepper/car.toml").read_bytes() == before


def test_photos_of_a_gps_clock_make_sync_points_and_tell_the_drift(
    typed: Typed, tmp_path: Path
) -> None:
    # 10 s behind at the start, 4 s more an hour later: a clock that loses 96 s a day
    times = (0, 1800, 3600)
    for n, seconds in enumerate(times):
        late = timedelta(seconds=-10 - 4 * seconds / 3600)
        typed(
            "add", _jpeg(tmp_path / f"a{n}.jpg", BEGAN + DENVER + timedelta(seconds=seconds) + late)
        )
    ids = [str(row["id"]) for row in typed.json("log")["entries"]]
    # as a GPS shows it, in local time and without a day
    told = typed("camera", "sync", ids[0], "--shows", "09:00:00")
    assert "-06:00:10 from UTC by a sync point" in told
    typed("camera", "sync", tmp_path / "a2.jpg", "--shows", "2026-05-03T16:00:00Z")
    assert "loses 96.0 s a day" in typed.out
    assert "drifts more than 10 s a day" in typed.err
    assert _instants(typed) == [_told(seconds) for seconds in times]
    clock = _camera(typed)["clock"]
    assert [p["offset_s"] for p in clock["sync"]] == [-21_610.0, -21_614.0]  # type: ignore[index]
    # the same photo read again replaces its point
    typed("camera", "sync", ids[0], "--shows", "09:00:01")
    assert len(_camera(typed)["clock"]["sync"]) == 2  # type: ignore[index]
    typed("undo")
    typed("undo")
    assert "by a sync point" in str(_camera(typed)["believed"])


def test_a_clock_read_around_midnight_is_of_the_nearest_day(typed: Typed, tmp_path: Path) -> None:
    # the camera, two minutes behind, still has the day before
    typed("add", _jpeg(tmp_path / "n.jpg", datetime(2026, 5, 3, 23, 58, 30, tzinfo=UTC)))
    (row,) = typed.json("log")["entries"]
    typed("camera", "sync", str(row["id"]), "--shows", "00:00:30")
    assert _camera(typed)["clock"]["sync"][0]["offset_s"] == -21_720.0  # type: ignore[index]


def test_a_photo_of_the_odometer_makes_a_sync_point_with_its_error(
    typed: Typed, tmp_path: Path
) -> None:
    # 72 km in the hour; the odometer shows 1 % more
    for seconds, km in ((0, "50000.00"), (3600, "50072.72")):
        at = (BEGAN + timedelta(seconds=seconds)).isoformat()
        path = Path("cars/pepper/notes") / f"odo{seconds}.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f'kind = "odometer"\nat = {at}\nodometer = "{km} km"\n')
    shown = BEGAN + DENVER + timedelta(seconds=1800) - timedelta(hours=2)
    typed("add", _jpeg(tmp_path / "odo.jpg", shown))
    photo = next(r for r in typed.json("log")["entries"] if r["kind"] == "photo")
    told = typed("camera", "sync", str(photo["id"]), "--odometer", "50036.36 km")
    assert "sync point" in told
    (point,) = _camera(typed)["clock"]["sync"]  # type: ignore[index]
    assert point["offset_s"] == pytest.approx(-8 * 3600, abs=1.0)
    assert 0.0 < point["error_s"] < 2.0
    placed = next(r for r in typed.json("log")["entries"] if r["kind"] == "photo")
    assert placed["how"] == "between"
    assert placed["lat"] == pytest.approx(_lat(1800), abs=0.0003)
    assert "of the clock are" in typed("explain", str(photo["id"]))
    typed("camera", "sync", str(photo["id"]), "--odometer", "90000 km", code=3)
    assert "after the end" in typed.err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("nothing", "--shows", "18:30"), 2),
        (("IXUS",), 2),
        (("{id}", "--shows", "half past never"), 2),
        (("{id}", "--odometer", "far"), 2),
        (("{id}", "--odometer", "100 km"), 3),
        (("{id}", "--shows", "18:30", "--odometer", "100 km"), 2),
    ],
)
def test_what_makes_no_sync_point_is_refused(
    ixus: Typed, words: tuple[str, ...], code: int
) -> None:
    key = str(ixus.json("log")["entries"][0]["id"])
    ixus("camera", "sync", *(word.format(id=key) for word in words), code=code)
    assert ixus.err.count("error: ") == 1
    assert _camera(ixus)["clock"]["sync"] == []  # type: ignore[index]


def test_check_proposes_what_can_be_typed_and_applies_nothing(typed: Typed, tmp_path: Path) -> None:
    # the clock is one hour ahead, its photos know where they were
    for n in range(6):
        at = 400 * n + 200
        shown = BEGAN + DENVER + timedelta(seconds=at, hours=1)
        typed("add", _jpeg(tmp_path / f"p{n}.jpg", shown, at=at))
    before = Path("cars/pepper/car.toml").read_bytes()
    (found,) = typed.json("camera", "check")["cameras"]
    (hint,) = found["suggestions"]  # type: ignore[misc]
    assert (found["verdict"], hint["offset_s"]) == ("suggested", -5 * 3600)
    assert (hint["behind_s"], hint["fits"], hint["of"]) == (-3600.0, 6, 6)
    told = typed("camera", "check")
    assert "the clock may be 1 h 00 ahead: -05:00 from UTC" in told
    assert typed("camera", "check") == told
    assert Path("cars/pepper/car.toml").read_bytes() == before
    (command,) = hint["commands"]
    assert command in told
    typed(*shlex.split(command)[1:])
    assert _instants(typed) == [_told(400 * n + 200) for n in range(6)]
    (found,) = typed.json("camera", "check")["cameras"]
    assert (found["verdict"], found["suggestions"]) == ("fits", [])


def test_check_puts_a_wrong_zone_in_the_photos_themselves_right(
    typed: Typed, tmp_path: Path
) -> None:
    for n in range(4):
        shown = BEGAN + DENVER + timedelta(seconds=600 * n)
        typed("add", _jpeg(tmp_path / f"p{n}.jpg", shown, offset="-07:00", at=600 * n))
    (found,) = typed.json("camera", "check")["cameras"]
    (hint,) = found["suggestions"]  # type: ignore[misc]
    (command,) = hint["commands"]
    assert "--overrule" in command
    typed(*shlex.split(command)[1:])
    assert _instants(typed) == [_told(600 * n) for n in range(4)]


def test_too_little_to_tell_is_said_with_what_would_help(ixus: Typed) -> None:
    told = ixus("camera", "check")
    assert "not enough evidence" in told
    assert "convoylog camera sync PHOTO --shows WHEN" in told


def test_names_of_strangers_do_nothing_on_the_screen_or_in_a_shell(
    typed: Typed, tmp_path: Path
) -> None:
    hostile = "$(rm -rf ~)`id`\x1b[31m\u202e; x"
    typed("add", _jpeg(tmp_path / "x.jpg", BEGAN, make=hostile, model=hostile, serial=hostile))
    key = str(_camera(typed)["key"])
    assert set(key) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    typed("camera", "set", key, "--zone", "follow", "--name", "\x1b[2J\u202eevil; rm -rf ~")
    for words in (("camera", "list"), ("camera", "check"), ("explain", _photo_id(typed))):
        out = typed(*words) + typed.err
        assert "\x1b" not in out
        assert "\u202e" not in out
    # a key in a file that came by merging may be anything
    car = Path("cars/pepper/car.toml")
    car.write_text(car.read_text() + '\n[cameras."$(id) \\u001b[31m"]\nzone = "follow"\n')
    assert "\x1b" not in typed("camera", "list")


def _photo_id(typed: Typed) -> str:
    return str(next(r for r in typed.json("log")["entries"] if r["kind"] == "photo")["id"])


def test_hand_written_clocks_are_read_and_odd_ones_told(ixus: Typed) -> None:
    key = _camera(ixus)["key"]
    car = Path("cars/pepper/car.toml")
    written = car.read_text()
    for text, offset in (('"-06:03:20"', -21_800.0), ("-21800", -21_800.0), ('"six"', None)):
        car.write_text(f"{written}\n[cameras.{key}]\noffset = {text}\n")
        row = _camera(ixus)
        assert row["clock"]["offset_s"] == offset  # type: ignore[index]
        assert bool(row["unsure"]) == (offset is None)
    car.write_text(
        f"{written}\n[cameras.{key}]\nsync = [[2026-05-03T15:01:00Z, '-06:03:20'], "
        "[2026-05-03T15:01:00, 5], [2026-05-04T15:01:00Z, 'x']]\n"
    )
    row = _camera(ixus)
    assert [p["offset_s"] for p in row["clock"]["sync"]] == [-21_800.0]  # type: ignore[index]
    assert len(row["unsure"]) == 2  # type: ignore[arg-type]


def test_setting_one_camera_leaves_every_other_byte_of_the_file(ixus: Typed) -> None:
    key = _camera(ixus)["key"]
    car = Path("cars/pepper/car.toml")
    note = "# bought in Omaha, never trusted\n"
    other = f'{note}[cameras.other]   # lent\nzone = "follow" # as phones do\nowner = "Tom"\n'
    text, seal = car.read_text().rsplit("# seal", 1)
    car.write_text(f'{text}\n[cameras.{key}]\nlens = "35 mm" # kept\n\n{other}# seal{seal}')
    ixus("camera", "set", str(key), "--offset", "-06:03:20")
    text = car.read_text()
    assert 'lens = "35 mm" # kept\n' in text
    assert '[cameras.other]   # lent\nzone = "follow" # as phones do\nowner = "Tom"\n' in text
    assert note in text
    assert 'offset = "-06:03:20"' in text
    ixus("camera", "set", str(key), "--clear")
    assert 'lens = "35 mm" # kept\n' in car.read_text()
    assert 'offset = "-06:03:20"' not in car.read_text()


def test_one_camera_in_two_cars_asks_which(ixus: Typed, tmp_path: Path) -> None:
    ixus("car", "add", "Mustard")
    ixus("add", _jpeg(tmp_path / "m.jpg", BEGAN), "--car", "Mustard")
    ixus("camera", "set", "ixus", "--zone", "follow", code=2)
    assert "2 cars have a camera" in ixus.err
    ixus("camera", "set", "ixus", "--zone", "follow", "--car", "Mustard")
    zones = {r["car"]: r["clock"]["zone"] for r in ixus.json("camera", "list")["cameras"]}  # type: ignore[index]
    assert zones == {"Pepper": None, "Mustard": "follow"}


def test_explain_tells_a_photo_step_by_step(ixus: Typed, tmp_path: Path) -> None:
    key = str(ixus.json("log")["entries"][0]["id"])
    told = ixus("explain", key)
    for words in (
        "camera ixus-40-",
        "the camera's clock read 2026-05-03 08:57:40",
        "camera zone not set",
        "surer with",
        "convoylog camera set ixus-40-",
    ):
        assert words in told
    ixus("camera", "sync", key, "--shows", "2026-05-03 09:01:00")
    told = ixus("explain", key)
    assert "and was -06:03:20 from UTC, by the only sync point, of 2026-05-03 15:01:00 UTC" in told
    assert "±15 m: 15 m of the receiver, 0 m of road unseen" in told
    assert "a second sync point, days apart" in told
    found = ixus.json("explain", key)
    assert (found["how"], found["clock_by"]) == ("between", "sync")
    assert found["evidence"]


def test_explain_knows_photos_that_a_note_shows(typed: Typed, tmp_path: Path) -> None:
    picture = _jpeg(tmp_path / "x.jpg", BEGAN + DENVER + timedelta(seconds=600))
    typed("note", "here", "--at", "2026-05-03 09:40", "--photo", picture)
    (note,) = typed.json("log")["entries"]
    stem = Path(str(note["photo"])).stem
    found = typed.json("explain", stem)
    assert (found["kind"], found["at"]) == ("photo", _told(600))
    assert str(note["id"]) in str(found["evidence"])
    assert typed.json("explain", str(note["id"]))["kind"] == "note"
    typed("explain", "20010101t000000z", code=2)


def test_a_photo_answers_to_the_name_it_had(ixus: Typed, tmp_path: Path) -> None:
    (tmp_path / "IMG_3.JPG").unlink()
    key = ixus.json("explain", "IMG_3.JPG")["id"]
    assert key == ixus.json("explain", "img_3")["id"]
    assert "sync point" in ixus("camera", "sync", "IMG_3.jpg", "--shows", "2026-05-03 15:16:00Z")
    # not the one whose name only begins so
    ixus("explain", "IMG_", code=2)
    assert str(key) in ixus("remove", "IMG_3.JPG")
    ixus("remove", "IMG_3.JPG", code=2)
    ixus("undo")
    assert key == ixus.json("explain", "IMG_3.JPG")["id"]
