"""Handing logs around as it happens: sticks, clouds, git, halves, zips in zips, later programs."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from convoylog.files import toml
from tests.corpus import corpus
from tests.journeys.test_journeys import _editor, _gpx, _id, _jpeg, _shared, _shown
from tests.journeys.typed import Typed, use_laptop


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def _at_terminal(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr("sys.stdin", _Terminal("".join(f"{line}\n" for line in lines)))


@pytest.fixture
def bens(home: Path, rally: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Ben's laptop: it joined Anna's log, and has a note, a photo and a track of its own."""
    typed("note", "Anna begins", "--at", "2026-05-03 09:00")
    use_laptop(home, monkeypatch, "bens")
    folder = home / "ben" / "rally"
    shutil.copytree(rally, folder)
    typed("--logbook", folder, "car", "add", "Ben")
    typed("--logbook", folder, "note", "Ben was here", "--at", "2026-05-03 09:06", "--car", "Ben")
    typed("--logbook", folder, "add", _jpeg(home / "p.jpg"), _gpx(home / "day.gpx"))
    use_laptop(home, monkeypatch, "annas")
    return folder


def _words(typed: Typed, *logbook: str | Path) -> set[str]:
    return {str(row["text"]) for row in typed.json(*logbook, "log")["entries"] if row["text"]}


BOTH = {"Anna begins", "Ben was here"}


def test_the_plan_says_whose_and_how_much(rally: Path, bens: Path, typed: Typed) -> None:
    before = _shared(rally)
    told = typed("merge", "--dry-run", bens)
    assert "Ben: a new car, 1 new note, 1 track, 1 photo\n" == told
    plan = typed.json("merge", "--dry-run", bens)
    (car,) = plan["cars"]
    assert ("Ben", True, {"note": 1}, 1, 1) == tuple(
        car[key] for key in ("car", "new", "added", "tracks", "photos")
    )
    assert [] == plan["rejected"] == plan["held"]
    assert before == _shared(rally)
    assert "nothing new" not in typed("merge", bens)
    assert "nothing new: all of it is here already\n" == typed("merge", bens)


def test_a_note_edited_by_both_is_told_as_such(
    home: Path, rally: Path, bens: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = _id(typed, "note")
    monkeypatch.setenv("EDITOR", _editor(home / "one.sh", "Anna begins", "Anna at six"))
    typed("edit", note)
    monkeypatch.setenv("EDITOR", _editor(home / "two.sh", "Anna begins", "Anna at seven"))
    typed("--logbook", bens, "edit", note)
    told = typed("merge", bens)
    assert (
        "Ben: a new car, 1 new note, 1 track, 1 photo; one of your notes was edited by both of you"
        == told.splitlines()[0]
    )
    assert f"both kept, `convoylog resolve {note}`" in told
    assert all(len(line) <= 80 for line in told.splitlines()[1:])


def test_what_would_hide_our_own_words_waits_for_a_yes(
    home: Path, rally: Path, bens: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = _id(typed, "note")
    monkeypatch.setenv("EDITOR", _editor(home / "two.sh", "Anna begins", "Anna is a fool"))
    typed("--logbook", bens, "edit", note)
    told = typed("merge", bens, code=1)
    assert f'not taken: would change your note "Anna begins" {note}' in told
    assert {"Anna begins", "Ben was here"} == _words(typed)
    # it is laid aside, once
    (kept,) = (rally / ".convoylog" / "trash").rglob("*/aside/*")
    assert "Anna is a fool" in kept.read_text()
    typed("merge", bens, code=1)
    assert [kept] == list((rally / ".convoylog" / "trash").rglob("*/aside/*"))
    # the rest of the convoy has no such doubts, and a yes takes it
    typed("merge", "--own", bens)
    assert {"Anna is a fool", "Ben was here"} == _words(typed)
    assert _shown(rally) == _shown(bens)
    assert typed("check").startswith("all is well")


@pytest.mark.parametrize(("answer", "words"), [("y", "Anna is a fool"), ("n", "Anna begins")])
def test_on_a_terminal_the_yes_is_asked_for(
    answer: str, words: str, home: Path, rally: Path, bens: Path, typed: Typed,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    note = _id(typed, "note")
    monkeypatch.setenv("EDITOR", _editor(home / "two.sh", "Anna begins", "Anna is a fool"))
    typed("--logbook", bens, "edit", note)
    _at_terminal(monkeypatch, answer)
    typed("merge", bens, code=0 if answer == "y" else 1)
    assert words in _words(typed)


def test_removing_our_photo_and_our_note_waits_for_a_yes(
    home: Path, rally: Path, bens: Path, typed: Typed
) -> None:
    Image.new("RGB", (9, 9), (1, 2, 3)).save(home / "q.jpg")
    typed("add", home / "q.jpg", "--car", "Anna")
    typed("--logbook", bens, "merge", rally)
    rows = typed.json("--logbook", bens, "log")["entries"]
    for row in rows:
        if row["car"] == "Anna":
            typed("--logbook", bens, "remove", str(row["id"]))
    before = {path for path in _shown(rally) if "/anna/" in path}
    typed("merge", bens, code=1)
    assert before == {path for path in _shown(rally) if "/anna/" in path}
    typed("merge", "--own", "--force", bens)
    assert "Anna begins" not in _words(typed)


def test_a_stick_with_several_logs_and_other_things_is_one_source(
    home: Path, rally: Path, bens: Path, typed: Typed
) -> None:
    stick = home / "stick"
    (stick / "music").mkdir(parents=True)
    shutil.copytree(bens, stick / "backup" / "rally (1)")
    shutil.copytree(bens, stick / "backup" / "rally (1)" / "rally")  # a copy in a copy
    typed("--logbook", bens, "pack", "-o", stick / "ben.convoylog.zip")
    with zipfile.ZipFile(stick / "photos.zip", "w") as other:
        other.writestr("holiday.jpg", b"x")
    (stick / "anna.convoylog.zip.part").write_bytes(b"PK\x03\x04")
    told = typed("merge", stick, code=1)
    assert "Ben: a new car, 1 new note" in told
    assert "half copied" in typed.err
    assert "photos.zip" not in typed.err
    assert BOTH == _words(typed)
    assert typed("check").startswith("all is well")


def test_the_same_log_twice_and_by_two_ways_is_one(
    home: Path, rally: Path, bens: Path, typed: Typed
) -> None:
    typed("--logbook", bens, "pack", "--originals", "-o", home / "b.zip")
    assert 1 == typed.json("merge", "--dry-run", bens, bens, bens.parent)["sources"]
    typed("merge", bens, home / "b.zip", bens, home / "b.zip")
    assert _shown(bens) == _shown(rally)


def test_our_own_log_among_the_others_is_passed_over(
    home: Path, rally: Path, bens: Path, typed: Typed
) -> None:
    told = typed("merge", home)
    assert "Ben: a new car" in told
    assert BOTH == _words(typed)


@pytest.mark.parametrize(
    "copied",
    [
        "{stem} (Anna's conflicted copy 2027-05-03){ending}",
        "{stem} (In Konflikt stehende Kopie von Ben 2027-05-03){ending}",
        "{stem}.sync-conflict-20270503-101500-ABCDEFG{ending}",
        "{stem} (1){ending}",
        "{stem} - Copy{ending}",
    ],
)
def test_conflict_copies_of_file_sharing_programs_are_versions_and_equal_originals(
    copied: str, home: Path, rally: Path, bens: Path, typed: Typed,
) -> None:  # fmt: skip
    typed("merge", bens)
    whole = _shown(rally)
    note = _id(typed, "note", "Ben was here")
    for path in [p for p in bens.rglob("*") if p.is_file() and ".convoylog" not in p.parts]:
        name = copied.format(stem=path.stem, ending=path.suffix)
        shutil.copy(path, path.with_name(name))
    # the cloud kept what was changed on another laptop under the copy's name
    (entry,) = bens.rglob(copied.format(stem=note, ending=".toml"))
    entry.write_text(entry.read_text().replace("Ben was here", "Ben is here"))
    assert "1 edit" in typed("merge", bens)
    assert "Ben is here" in _words(typed)
    after = _shown(rally)
    assert set(whole) == set(after)
    assert typed("check").startswith("all is well")


def test_a_git_checkout_with_other_line_ends_and_conflict_markers(
    home: Path, rally: Path, bens: Path, typed: Typed
) -> None:
    typed("merge", bens)
    expected = _shown(rally)
    typed("undo")
    for command in (["init", "-q"], ["add", "-A"],
                    ["-c", "user.name=b", "-c", "user.email=b@x", "commit", "-qm", "x"]):  # fmt: skip
        subprocess.run(["git", "-C", bens, *command], check=True)
    for path in bens.rglob("*.toml"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    note = next(p for p in bens.rglob("notes/*.toml") if b"Ben was here" in p.read_bytes())
    theirs = note.read_bytes()
    note.write_bytes(b"<<<<<<< HEAD\n" + theirs + b"=======\n" + theirs + b">>>>>>> other\n")
    typed("merge", bens, code=1)
    assert "two versions joined by git (conflict markers)" in typed.err
    # the version git did not touch is kept in it, so no word is missing
    assert expected == _shown(rally)
    assert typed("check").startswith("all is well")


def test_conflict_markers_in_our_own_tree_are_mended_by_merging(
    rally: Path, bens: Path, typed: Typed
) -> None:
    (note,) = rally.rglob("cars/*/notes/*.toml")
    before = note.read_bytes()
    note.write_bytes(b"<<<<<<< HEAD\n" + before + b"=======\n" + before + b">>>>>>> other\n")
    typed("merge", bens)
    assert before == note.read_bytes()
    assert typed("check").startswith("all is well")


def test_a_stick_pulled_out_too_early_gives_what_is_whole(
    home: Path, rally: Path, bens: Path, typed: Typed
) -> None:
    typed("--logbook", bens, "note", "Ben again", "--at", "2026-05-03 09:07", "--car", "Ben")
    whole = home / "whole"
    shutil.copytree(bens, whole)
    shutil.rmtree(bens / ".convoylog")
    (bens / "logbook.toml").unlink()
    for path in bens.rglob("cars/*/*/*"):
        content = path.read_bytes()
        if path.suffix == ".jpg":
            path.write_bytes(content[: len(content) // 2])
        elif path.suffix == ".gpx":
            path.write_bytes(b"")
        elif b"Ben was here" in content:
            path.write_bytes(content[:-30])  # the seal is cut, the TOML still parses
        elif b"Ben again" in content:
            path.write_bytes(content[: content.index(b"Ben again") + 3])
    typed("merge", bens, code=1)
    assert "half copied? What is here is taken" in typed.err
    assert "the file is empty: half copied?" in typed.err
    assert "not the content its name says: half copied, or changed" in typed.err
    assert "ends within a line" in typed.err
    aside = list((rally / ".convoylog" / "trash").rglob("*/aside/*"))
    assert 2 == len(aside)
    assert all(b"Ben" in path.read_bytes() for path in aside)
    assert [] == list(rally.rglob("*.jpg"))
    assert typed("check").startswith("all is well")
    # the whole stick afterwards leaves no trace of the half one
    typed("merge", whole)
    assert {"Anna begins", "Ben was here", "Ben again"} == _words(typed)
    assert _shown(whole) == _shown(rally)
    # and the half one brings nothing back
    typed("merge", bens, code=1)
    assert "is cut; the whole of it is known" in typed.err
    assert _shown(whole) == _shown(rally)


def _of_format_2(path: Path) -> None:
    text = toml.split_seal(path.read_text())[0].replace("format = 1", "format = 2")
    path.write_text(toml.sealed(text))


def test_a_log_of_a_later_format_is_told_and_the_others_are_taken(
    home: Path, rally: Path, bens: Path, typed: Typed
) -> None:
    later = home / "later"
    shutil.copytree(bens, later)
    _of_format_2(later / "logbook.toml")
    before = _shared(rally)
    told = typed.refuses("merge", later, code=3)
    assert "of format 2, newer than this program's 1" in told
    assert before == _shared(rally)
    typed("merge", later, bens, code=1)
    assert "update convoylog" in typed.err
    assert BOTH == _words(typed)


def test_an_entry_of_a_later_format_is_laid_aside_and_its_neighbours_are_taken(
    rally: Path, bens: Path, typed: Typed
) -> None:
    typed("--logbook", bens, "note", "from the future", "--at", "2026-05-03 09:07", "--car", "Ben")
    for path in bens.rglob("*.toml"):
        if "from the future" in path.read_text():
            _of_format_2(path)
    typed("merge", bens, code=1)
    assert "of format 2, newer than this program's 1: not taken yet" in typed.err
    assert BOTH == _words(typed)
    (kept,) = (rally / ".convoylog" / "trash").rglob("*/aside/*")
    assert "from the future" in kept.read_text()
    assert typed("check").startswith("all is well")


def test_a_bundle_in_a_zip_and_a_zip_of_folders(
    home: Path, rally: Path, bens: Path, typed: Typed
) -> None:
    typed("--logbook", bens, "pack", "-o", home / "b.convoylog.zip")
    with zipfile.ZipFile(home / "mail.zip", "w") as archive:
        archive.write(home / "b.convoylog.zip", "attachments/b.convoylog.zip")
    assert "unpack it once" in typed.refuses("merge", home / "mail.zip", code=3)
    with zipfile.ZipFile(home / "folders.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in bens.rglob("*"):
            archive.write(path, f"stick/backup/{path.relative_to(bens.parent)}")
    typed("merge", home / "folders.zip")
    assert BOTH == _words(typed)
    assert _shown(bens) == _shown(rally)


@pytest.mark.parametrize(
    "name",
    ["bomb_nested.zip", "case_clash.zip", "good.zip", "hardlink_device.tar.gz", "slip.tar.gz",
     "slip_absolute.zip", "slip_symlink.zip"],
)  # fmt: skip
def test_hostile_archives_leave_every_byte_as_it_was(
    name: str, rally: Path, bens: Path, typed: Typed
) -> None:
    before = _shared(rally)
    typed.refuses("merge", corpus("dirty/archive") / name, code=3)
    assert before == _shared(rally)
    # beside a good one it is told, and the good one is taken
    typed("merge", corpus("dirty/archive") / name, bens, code=1)
    assert BOTH == _words(typed)


def test_a_cut_bundle_changes_nothing_wherever_it_is_cut(
    home: Path, rally: Path, bens: Path, typed: Typed
) -> None:
    typed("--logbook", bens, "pack", "-o", home / "b.zip")
    content = (home / "b.zip").read_bytes()
    before = _shared(rally)
    for size in range(0, len(content), len(content) // 12):
        (home / "cut.zip").write_bytes(content[:size])
        assert "no zip" in typed.refuses("merge", home / "cut.zip", code=3)
    assert before == _shared(rally)


def _two_disputes(
    home: Path, rally: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> list[str]:
    notes = []
    for words in ("Rain", "Fog"):
        typed("note", words, "--at", "2026-05-03 09:05")
        notes.append(_id(typed, "note", words))
    shutil.copytree(rally, home / "other")
    for folder, number in ((rally, "one"), (home / "other", "two")):
        for note, words in zip(notes, ("Rain", "Fog"), strict=True):
            editor = _editor(home / f"{number}.sh", words, f"{words} {number}")
            monkeypatch.setenv("EDITOR", editor)
            typed("--logbook", folder, "edit", note)
    assert "2 of your notes were edited by both of you" in typed("merge", home / "other")
    return sorted(notes)


def _disputed(typed: Typed, note: str) -> bool:
    return bool(typed.json("show", note)["disputed"])


def test_resolve_walks_through_all_that_is_in_dispute(
    home: Path, rally: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = _two_disputes(home, rally, typed, monkeypatch)
    told = typed("resolve", code=1)  # nobody can answer in a pipe: it lists
    for note in notes:
        assert note in told
    assert "Rain one" in told
    assert "Rain two" in told
    typed("resolve", notes[0], code=1)
    assert "--take FIELD=N" in typed.err
    _at_terminal(monkeypatch, "nonsense", "9", "2", "")
    assert "settled 1 field in 1 entry" in typed("resolve")
    assert [False, True] == [_disputed(typed, note) for note in notes]
    _at_terminal(monkeypatch, "1")
    typed("resolve")
    assert [False, False] == [_disputed(typed, note) for note in notes]
    assert "nothing to choose" in typed("resolve")
    assert typed("check").startswith("all is well")


def test_leaving_resolve_keeps_what_was_settled(
    home: Path, rally: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = _two_disputes(home, rally, typed, monkeypatch)

    class Leaving(_Terminal):
        def readline(self, *_: object) -> str:  # type: ignore[override]
            line = super().readline()
            if not line:
                raise KeyboardInterrupt
            return line

    monkeypatch.setattr("sys.stdin", Leaving("1\n"))
    assert "settled 1 field in 1 entry" in typed("resolve", code=130)
    assert [False, True] == [_disputed(typed, note) for note in notes]


def test_what_is_said_about_a_car_is_resolved_by_its_name(
    home: Path, rally: Path, typed: Typed
) -> None:
    shutil.copytree(rally, home / "other")
    typed("car", "set", "Anna", "colour=red", "driver=Anna")
    typed("--logbook", home / "other", "car", "set", "Anna", "colour=blue", "number=44")
    told = typed("merge", home / "other")
    assert "what is said about your car was edited by both of you" in told
    (car,) = typed.json("car", "list")["cars"]
    assert ("Anna", "44") == (car["driver"], car["number"])
    typed("resolve", "Anna", "--take", "colour=1")
    assert "nothing to choose" in typed("resolve")


def _twice(home: Path, rally: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same car begun on two laptops, each with a part of the drive."""
    typed("add", _gpx(home / "day.gpx"))
    typed("note", "from the phone", "--at", "2026-05-03 09:05")
    use_laptop(home, monkeypatch, "toms")
    other = home / "toms-rally"
    typed("init", other, "--title", "Rally", "--car", "Annas bus")
    typed("--logbook", other, "add", _gpx(home / "day.gpx"))
    typed("--logbook", other, "note", "from the laptop", "--at", "2026-05-03 09:06")
    use_laptop(home, monkeypatch, "annas")
    return other


def test_one_car_under_two_names_counts_once_and_can_be_parted_again(
    home: Path, rally: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = _twice(home, rally, typed, monkeypatch)
    (alone,) = typed.json("stats")["cars"]
    typed("merge", other)
    assert 2 == len(typed.json("stats")["cars"])
    assert "Anna" in typed("car", "same", "Anna", "Annas bus")
    assert "are one car now" in typed.out
    (joined,) = typed.json("stats")["cars"]
    # two folders hold the same recording: it counts once, as of two recorders of one car
    for key in ("distance_m", "moving_s", "points"):
        assert alone[key] == joined[key]
    assert {"from the phone", "from the laptop"} == {
        row["text"] for row in typed.json("log", "--car", "Annas bus")["entries"]
    }
    (row,) = typed.json("car", "list")["cars"]
    assert {"Anna", "Annas bus"} == {row["name"], *row["called"]}
    typed("note", "one more", "--at", "2026-05-03 09:07")
    assert typed("check").startswith("all is well")
    assert "2 cars again" in typed("car", "apart", "Annas bus")
    assert 2 == len(typed.json("stats")["cars"])
    typed("undo")
    assert 1 == len(typed.json("stats")["cars"])
    assert typed("check").startswith("all is well")


def test_that_two_cars_are_one_travels_and_no_order_changes_the_tree(
    home: Path, rally: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = _twice(home, rally, typed, monkeypatch)
    third = home / "third"
    shutil.copytree(other, third)
    typed("--logbook", other, "merge", rally)
    typed("--logbook", other, "car", "same", "Anna", "Annas bus")
    trees = []
    for order in ((rally, other, third), (third, rally, other), (other, third, rally)):
        folder = home / f"order-{len(trees)}"
        shutil.copytree(order[0], folder)
        use_laptop(home, monkeypatch, f"laptop-{len(trees)}")
        for name in order[1:]:
            typed("--logbook", folder, "merge", name)
        trees.append(_shown(folder))
        assert 1 == len(typed.json("--logbook", folder, "stats")["cars"])
    assert trees[0] == trees[1] == trees[2]


def test_nobody_makes_his_car_one_with_ours_behind_our_back(
    home: Path, rally: Path, bens: Path, typed: Typed
) -> None:
    anna = next(str(car["id"]) for car in typed.json("car", "list")["cars"])
    told = bens / "cars" / "ben" / "car.toml"
    told.write_text(told.read_text().replace("name =", f'same_as = "{anna}"\nname ='))
    before = _shared(rally)
    assert "it says that Ben and your Anna are one car" in typed("merge", bens, code=3) + typed.err
    assert before == _shared(rally)
    typed("merge", "--force", bens)
    typed("car", "apart", "Anna")
    assert {"Anna", "Ben"} == {str(car["name"]) for car in typed.json("car", "list")["cars"]}


def test_names_numbers_and_colours_that_clash_are_told_with_a_way_out(
    home: Path, rally: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed("car", "set", "Anna", "number=44", "colour=blue")
    typed("note", "Anna of 44", "--at", "2026-05-03 09:05")
    use_laptop(home, monkeypatch, "others")
    typed("init", home / "other", "--title", "Rally", "--car", "Anna")
    typed(
        "--logbook", home / "other", "car", "set", "Anna", "number=44", "colour=blue", "driver=Ann"
    )
    typed("--logbook", home / "other", "note", "another Anna", "--at", "2026-05-03 09:05")
    use_laptop(home, monkeypatch, "annas")
    told = typed("merge", home / "other")
    assert "2 cars are called Anna" in told
    assert "2 cars have the number 44: `convoylog car set NAME number=45`" in told
    assert "2 cars have the colour blue: `convoylog car set NAME colour=orange`" in told
    assert all(len(line) <= 100 for line in told.splitlines())
    # both are told apart everywhere, and neither is taken for the other
    names = {str(row["car"]) for row in typed.json("log")["entries"]}
    assert 2 == len(names)
    assert all(name.startswith("Anna (") for name in names)
    assert "more than one car" in typed.refuses("note", "x", "--car", "Anna", code=2)
    typed("note", "x", "--car", "Anna (Ann)", "--at", "2026-05-03 09:06")
    typed("car", "list")
    folders = [str(car["folder"]) for car in typed.json("car", "list")["cars"]]
    typed("car", "set", folders[0], "number=45", "colour=orange", "name=Annika")
    typed("car", "list")
    assert "cars" not in typed.err


def test_two_logbooks_become_one_and_every_laptop_still_knows_its_own_car(
    home: Path, rally: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    clara = home / "clara" / "rally"
    sides = {"Anna": ("annas", rally), "Clara": ("claras", clara)}
    use_laptop(home, monkeypatch, "claras")
    typed("init", clara, "--title", "Rally", "--car", "Clara")
    theirs = {name: home / f"{name}-before" for name in sides}
    for name, (_, folder) in sides.items():
        shutil.copytree(folder, theirs[name])
    # one of the two gets the other's id: whichever was begun first lends it
    for name, other in (("Anna", "Clara"), ("Clara", "Anna")):
        laptop, folder = sides[name]
        use_laptop(home, monkeypatch, laptop)
        typed("--logbook", folder, "merge", theirs[other])
        mine = {row["name"]: row["mine"] for row in typed.json("--logbook", folder, "car", "list")["cars"]}  # fmt: skip
        assert {name: True, other: False} == mine
        assert f"of {name}" in typed("--logbook", folder, "note", "still mine")


def test_a_bundle_that_is_there_already_stays(rally: Path, typed: Typed) -> None:
    typed("note", "hello")
    typed("pack", "-o", rally.parent / "a.zip")
    before = (rally.parent / "a.zip").read_bytes()
    # the words are right, but nothing can be written: 3, not 2
    told = typed.refuses("pack", "-o", rally.parent / "a.zip", code=3)
    assert "is there already" in told
    assert before == (rally.parent / "a.zip").read_bytes()


def test_pack_says_what_a_fill_kept_back_does_to_the_others(rally: Path, typed: Typed) -> None:
    typed("fuel", "30 l", "--at", "2026-05-02T08:00:00Z")
    typed("pack", "-o", rally.parent / "a.zip")
    assert "too little fuel" not in typed.err
    typed("fuel", "20 l", "--at", "2026-05-02T12:00:00Z", "--share", "private")
    typed("pack", "-o", rally.parent / "b.zip")
    assert "too little fuel" in typed.err
