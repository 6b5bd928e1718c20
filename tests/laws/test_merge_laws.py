"""Merging is a union: no order, repeat, clock or stop changes what comes of it, nothing is lost.

Over real folders, since what must be equal is what lies on disk.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from convoylog.errors import ConvoylogError
from convoylog.files import layout, safely
from convoylog.files.scan import scan
from tests.laws.logbooks import Book, Quick, check_sum, fresh, orders, picture, union


@pytest.fixture
def base(tmp_path: Path) -> Book:
    """What everybody had on the first evening: a car, two notes, a photo."""
    book = Book(tmp_path / "base", "0000000000000000").init()
    car = book.add_car("Anna")
    book.note(car, "breakfast")
    book.note(car, "dinner")
    book.photo(car, 1)
    return book


def _car(book: Book) -> str:
    return min(scan(book.source()).folders.values())


def _notes(book: Book) -> list[str]:
    return sorted(e.version.id for e in scan(book.source()).entries if e.version.kind == "note")


@pytest.fixture
def four(base: Book, tmp_path: Path) -> list[Book]:
    """Four laptops that went apart: edits of one note in three ways, a delete, cars of one name,
    photos added and one removed, a hand edit, a hand-written file, a clock a year off."""
    breakfast, dinner = _notes(base)
    car = _car(base)
    a, b, c, d = (base.copy_to(tmp_path / name, f"{name * 16}") for name in "abcd")
    a.edit(breakfast, text="breakfast at six")
    a.photo(car, 2)
    a.note(car, "only a knows", tags=["food"])
    b.clock += timedelta(days=366)
    b.edit(breakfast, text="breakfast at seven", title="Sunday")
    b.delete(dinner)
    b.note(b.add_car("Ben"), "Ben is here")
    c.edit_by_hand(breakfast, "breakfast", "BREAKFAST by hand")
    c.edit(dinner, text="dinner was late")
    c.note(c.add_car("Ben"), "another Ben is here")
    c.write_by_hand(car, "by-hand.toml", 'text = "written by hand"\n')
    d.photo(car, 3)
    d.remove_photo(car, 1)
    d.edit(dinner, tags=["late"])
    return [a, b, c, d]


def test_merging_with_itself_changes_nothing(base: Book, four: list[Book], tmp_path: Path) -> None:
    assert base.tree() == union(tmp_path, base, base)
    once = union(tmp_path, four[0], four[1])
    assert once == union(tmp_path, four[0], four[1], four[1], four[0])


def test_merging_with_nothing_changes_nothing(base: Book, tmp_path: Path) -> None:
    empty = Book(tmp_path / "empty", "e" * 16)
    empty.root.mkdir()
    assert base.tree() == union(tmp_path, base, empty)


def test_a_logbook_begun_later_becomes_the_one_it_joins(base: Book, tmp_path: Path) -> None:
    later = Book(tmp_path / "later", "e" * 16, base.clock + timedelta(hours=1)).init("Mine")
    both = union(tmp_path, later, base)
    assert both == union(tmp_path, base, later)
    assert b"Rally" in both["logbook.toml"]
    assert later.versions() <= {Path(p).stem for p in both if p.startswith(layout.VERSIONS)}


def test_it_does_not_matter_who_merges_whom(four: list[Book], tmp_path: Path) -> None:
    for n, a in enumerate(four):
        for b in four[n + 1 :]:
            assert union(tmp_path, a, b) == union(tmp_path, b, a), (a.root, b.root)


def test_it_does_not_matter_who_merged_before(four: list[Book], tmp_path: Path) -> None:
    a, b, c, _ = four
    ab, bc = a.copy_to(tmp_path / "ab"), b.copy_to(tmp_path / "bc")
    ab.merge(b)
    bc.merge(c)
    assert union(tmp_path, ab, c) == union(tmp_path, a, bc)


def test_all_orders_of_four_give_one_tree(four: list[Book], tmp_path: Path) -> None:
    first = union(tmp_path, *four)
    for order in orders(four)[1:]:
        assert first == union(tmp_path, *order), [book.root.name for book in order]


def test_all_at_once_is_as_one_after_another(four: list[Book], tmp_path: Path) -> None:
    at_once = four[0].copy_to(tmp_path / "at-once")
    assert [] == at_once.merge(*four[1:])
    assert union(tmp_path, *four) == at_once.tree()


def test_every_version_and_original_of_either_side_is_there(
    four: list[Book], tmp_path: Path
) -> None:
    everything = four[0].copy_to(tmp_path / "all")
    everything.merge(*four[1:])
    for book in four:
        # text by hand is kept as the sealed version made of it, so it is looked for by its words
        sealed = {h for h in book.versions() if _kept(book, h)}
        assert sealed <= everything.versions()
    shown = "".join(
        content.decode()
        for path, content in everything.tree().items()
        if path.startswith(layout.CARS) and path.endswith(".toml")
    )
    for words in ("at six", "at seven", "BREAKFAST by hand", "dinner was late", "only a knows",
                  "Ben is here", "another Ben is here", "written by hand"):  # fmt: skip
        assert words in shown
    car = _car(four[0])
    photos = {(car, check_sum(picture(shade))) for shade in (2, 3)}
    # the first was removed by somebody who had seen it
    assert photos == everything.originals()
    assert [] == everything.problems()


def _kept(book: Book, version_hash: str) -> bool:
    return any((book.root / layout.VERSIONS).glob(f"*/{version_hash}.toml"))


def test_two_edits_apart_are_both_shown(base: Book, tmp_path: Path) -> None:
    note = _notes(base)[0]
    a, b = base.copy_to(tmp_path / "a", "a" * 16), base.copy_to(tmp_path / "b", "b" * 16)
    a.edit(note, text="six")
    b.edit(note, text="seven")
    a.merge(b)
    assert ["seven", "six"] == a.text_of(note)


def test_an_edit_of_an_edit_hides_what_it_was_made_from(base: Book, tmp_path: Path) -> None:
    note = _notes(base)[0]
    a, b = base.copy_to(tmp_path / "a", "a" * 16), base.copy_to(tmp_path / "b", "b" * 16)
    a.edit(note, text="six")
    a.edit(note, text="six sharp")
    b.merge(a)
    assert ["six sharp"] == b.text_of(note)
    # the older side brings nothing new
    a.merge(base)
    assert ["six sharp"] == a.text_of(note)


@pytest.mark.parametrize("skew", [timedelta(days=-366), timedelta(0), timedelta(days=366)])
def test_an_edit_wins_over_a_delete_apart_whatever_the_clocks_say(
    base: Book, tmp_path: Path, skew: timedelta
) -> None:
    note = _notes(base)[0]
    a, b = base.copy_to(tmp_path / "a", "a" * 16), base.copy_to(tmp_path / "b", "b" * 16)
    b.clock += skew
    a.delete(note)
    b.edit(note, text="still here")
    both = union(tmp_path, a, b)
    assert both == union(tmp_path, b, a)
    a.merge(b)
    assert ["still here"] == a.text_of(note)


def test_a_delete_that_was_told_stays_deleted(base: Book, tmp_path: Path) -> None:
    note = _notes(base)[0]
    a, b = base.copy_to(tmp_path / "a", "a" * 16), base.copy_to(tmp_path / "b", "b" * 16)
    a.edit(note, text="soon gone")
    a.delete(note)
    for here, there in ((a, b), (b, a)):
        here.merge(there)
        assert [] == here.text_of(note)


def test_cars_of_one_name_stay_two(base: Book, tmp_path: Path) -> None:
    a, b = base.copy_to(tmp_path / "a", "a" * 16), base.copy_to(tmp_path / "b", "b" * 16)
    first, second = a.add_car("Ben"), b.add_car("Ben")
    a.note(first, "from the one")
    b.note(second, "from the other")
    a.photo(first, 5)
    a.merge(b)
    b.merge(a)
    assert a.tree() == b.tree()
    assert {"anna", f"ben-{first[-10:]}", f"ben-{second[-10:]}"} == {
        path.name for path in (a.root / layout.CARS).iterdir() if any(path.rglob("*.*"))
    }
    assert [] == a.problems() == b.problems()


def test_a_file_by_hand_is_the_same_version_on_every_laptop(base: Book, tmp_path: Path) -> None:
    a, b = base.copy_to(tmp_path / "a", "a" * 16), base.copy_to(tmp_path / "b", "b" * 16)
    for book in (a, b):
        book.write_by_hand(_car(base), "mine.toml", '# kept\ntext = "the same words"\nmood = 3\n')
    both = union(tmp_path, a, b)
    assert both == union(tmp_path, b, a)
    found = [c for p, c in both.items() if b"the same words" in c and p.startswith(layout.CARS)]
    assert 1 == len(found)
    assert b"# kept" in found[0]
    assert b"mood = 3" in found[0]


def test_a_clock_a_year_off_changes_nothing(base: Book, tmp_path: Path) -> None:
    a, b = base.copy_to(tmp_path / "a", "a" * 16), base.copy_to(tmp_path / "b", "b" * 16)
    b.clock -= timedelta(days=366)
    note = _notes(base)[0]
    a.edit(note, text="first")
    b.merge(a)
    # made with the first at hand, though the clock says it was a year before it
    b.edit(note, text="second")
    a.merge(b)
    assert ["second"] == a.text_of(note)
    assert a.tree() == b.tree()


class _StoppedError(Exception):
    pass


def _stop_after(patch: pytest.MonkeyPatch, writes: int) -> None:
    """Let the disk be written so often, and stop at the next time."""
    left = writes

    def stopping(act: Callable[..., object]) -> Callable[..., object]:
        def step(*args: object, **more: object) -> object:
            nonlocal left
            left -= 1
            if left < 0:
                raise _StoppedError
            return act(*args, **more)

        return step

    for name in ("create", "replace", "move"):
        patch.setattr(safely, name, stopping(getattr(safely, name)))


def test_a_merge_stopped_anywhere_is_finished_by_the_same_merge(
    four: list[Book], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = union(tmp_path, *four[:3])
    kept = {h for h in four[0].versions() if _kept(four[0], h)}
    for writes in range(100):
        stopped = four[0].copy_to(tmp_path / f"stopped-{writes}")
        with monkeypatch.context() as patch:
            _stop_after(patch, writes)
            try:
                stopped.merge(*four[1:3])
                break
            except _StoppedError:
                pass
        assert kept <= stopped.versions()
        stopped.merge(*four[1:3])
        assert whole == stopped.tree(), writes
    # a merge of this many files was stopped at each of them
    assert 15 < writes < 100


def test_undoing_a_merge_gives_the_earlier_tree(four: list[Book]) -> None:
    for book, other in ((four[0], four[1]), (four[1], four[3]), (four[3], four[0])):
        before = book.tree()
        book.merge(other)
        assert before != book.tree()
        book.undo()
        assert before == book.tree()
        assert [] == book.problems()


def test_a_merge_that_was_undone_can_be_done_again(four: list[Book], tmp_path: Path) -> None:
    a, b = four[0], four[1]
    whole = union(tmp_path, a, b)
    a.merge(b)
    a.undo()
    a.merge(b)
    assert whole == a.tree()


def test_undo_without_a_command_of_this_laptop_says_so(base: Book, tmp_path: Path) -> None:
    other = base.copy_to(tmp_path / "other", "b" * 16)
    with pytest.raises(ConvoylogError, match="nothing to take back"):
        other.undo()


@pytest.fixture
def five(tmp_path: Path) -> list[Book]:
    """Five cars that begin a logbook each, meet in twos, and speak of and change each other's."""
    books = []
    for name in ("anna", "ben", "cleo", "dora", "ben2"):
        book = Book(tmp_path / name, name.ljust(16, "0"), disk=Quick())
        book.clock += timedelta(days=366 * (len(books) - 2))
        book.init(f"Rally of {name}")
        car = book.add_car(name[:3])  # two want one folder
        book.note(car, f"{name} begins", tags=["start"])
        book.photo(car, len(books))
        books.append(book)
    anna, ben, cleo, dora, other = books
    first = _notes(anna)[0]
    for book in (ben, cleo, dora):
        book.merge(anna)
    anna.edit(first, text="Anna, at six")
    ben.edit(first, text="Anna, at seven", title="Sunday")
    cleo.delete(first)
    dora.edit_by_hand(first, "anna begins", "ANNA")
    dora.note(_car(dora), "an answer", reply_to=_notes(other)[0])
    other.edit(_car(other), same_as=_car(ben), colour="red")
    ben.photo(_car(ben), 7)
    cleo.photo(_car(cleo), 7)
    return books


def test_five_logbooks_give_one_tree_in_all_120_orders(five: list[Book], tmp_path: Path) -> None:
    trees = {}

    def go_on(merged: Book, order: tuple[int, ...]) -> None:
        """Every order that begins so; what they share is merged once."""
        if len(order) == 5:
            trees[order] = merged.tree()
            return
        for n in set(range(5)) - set(order):
            more = merged.linked_to(tmp_path / fresh(), "f" * 16)
            assert [] == more.merge(five[n])
            go_on(more, (*order, n))
            shutil.rmtree(more.root)

    for n, book in enumerate(five):
        go_on(book, (n,))
    assert 120 == len(trees)
    first, *others = trees.values()
    assert all(first == tree for tree in others)
    shown = b"".join(content for path, content in first.items() if path.startswith(layout.CARS))
    for words in (b"at six", b"at seven", b"ANNA", b"an answer", b"cleo begins", b"dora begins"):
        assert words in shown
