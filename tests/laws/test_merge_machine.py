"""Three laptops that write, edit, delete and merge as they please, and always end up agreeing."""

from __future__ import annotations

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from convoylog.files.scan import scan
from tests.laws.logbooks import Book, check_sum, picture

#: a hand edit is told until it is sealed; a conflict copy makes the file beside it an older state
_EXPECTED = frozenset({"edited", "old"})

_BOOK = st.integers(0, 2)
_WORDS = st.sampled_from(["rain", "sun", "a flat tyre", "lunch\nin the shade", "zażółć 🚗"])


class Convoy(RuleBasedStateMachine):
    @initialize(skew=st.sampled_from([-366, 0, 366]))
    def begin(self, skew: int) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="convoylog-laws-"))
        first = Book(self.folder / "0", "0" * 16).init()
        self.car = first.add_car("Anna")
        self.second = first.add_car("Ben")
        first.note(self.car, "the first")
        others = [first.copy_to(self.folder / str(n), str(n) * 16) for n in (1, 2)]
        others[0].clock += timedelta(days=skew)
        others[1].clock -= timedelta(days=skew)
        self.books = [first, *others]
        self.removed: set[str] = set()

    def teardown(self) -> None:
        if hasattr(self, "books"):
            try:
                self.everybody_agrees_in_the_end()
            finally:
                shutil.rmtree(self.folder)

    def _entries(self, book: Book) -> list[str]:
        return sorted(
            {e.version.id for e in scan(book.source()).entries if e.version.kind == "note"}
        )

    @rule(n=_BOOK, words=_WORDS)
    def note(self, n: int, words: str) -> None:
        self.books[n].note(self.car, words)

    @rule(n=_BOOK, which=st.integers(0, 9), words=_WORDS, key=st.sampled_from(["text", "title"]))
    def edit(self, n: int, which: int, words: str, key: str) -> None:
        entries = self._entries(self.books[n])
        if entries:
            words = words.replace("\n", " ") if key == "title" else words
            self.books[n].edit(entries[which % len(entries)], **{key: words})

    @rule(n=_BOOK, which=st.integers(0, 9), tags=st.sets(st.sampled_from("abc")))
    def tag(self, n: int, which: int, tags: set[str]) -> None:
        entries = self._entries(self.books[n])
        if entries:
            self.books[n].edit(entries[which % len(entries)], tags=sorted(tags))

    @rule(n=_BOOK, which=st.integers(0, 9))
    def delete(self, n: int, which: int) -> None:
        entries = self._entries(self.books[n])
        if entries:
            self.books[n].delete(entries[which % len(entries)])

    @rule(n=_BOOK, which=st.integers(0, 9), words=st.sampled_from(["one", "two"]))
    def edit_by_hand(self, n: int, which: int, words: str) -> None:
        book = self.books[n]
        entries = self._entries(book)
        if entries:
            path = book.root / book.path_of(entries[which % len(entries)])
            path.write_bytes(f"# by hand: {words}\n".encode() + path.read_bytes())

    @rule(n=_BOOK, which=st.integers(0, 9), words=_WORDS)
    def answer(self, n: int, which: int, words: str) -> None:
        entries = self._entries(self.books[n])
        if entries:
            self.books[n].note(self.second, words, reply_to=entries[which % len(entries)])

    @rule(
        n=_BOOK, key=st.sampled_from(["colour", "number", "driver"]),
        value=st.sampled_from(["blue", "44", ""]),
    )  # fmt: skip
    def say_of_the_car(self, n: int, key: str, value: str) -> None:
        self.books[n].edit(self.car, **{key: value})

    @rule(n=_BOOK, same=st.booleans())
    def say_that_two_cars_are_one(self, n: int, same: bool) -> None:
        self.books[n].edit(self.second, same_as=self.car if same else "")

    @rule(n=_BOOK, which=st.integers(0, 9), value=st.integers(0, 3))
    def resolve(self, n: int, which: int, value: int) -> None:
        book = self.books[n]
        disputed = sorted(key for key, v in book.views().items() if v.disputed)
        if disputed:
            book.resolve(disputed[which % len(disputed)], value)

    @rule(
        n=_BOOK, which=st.integers(0, 9), words=st.sampled_from(["one", "two"]),
        name=st.sampled_from(
            ["{} (Anna's conflicted copy 2027-05-03).toml", "{}.sync-conflict-20270503-101500-ABC.toml"]
        ),
    )  # fmt: skip
    def conflict_copy(self, n: int, which: int, words: str, name: str) -> None:
        """A file-sharing program lays another laptop's version beside ours."""
        book = self.books[n]
        entries = self._entries(book)
        if entries:
            path = book.root / book.path_of(entries[which % len(entries)])
            content = f"# elsewhere: {words}\n".encode() + path.read_bytes()
            path.with_name(name.format(path.stem)).write_bytes(content)

    @rule(n=_BOOK, shade=st.integers(1, 4))
    def photo(self, n: int, shade: int) -> None:
        if check_sum(picture(shade)) not in self.removed:
            self.books[n].photo(self.car, shade)

    @rule(n=_BOOK, shade=st.integers(1, 4))
    def remove_photo(self, n: int, shade: int) -> None:
        sha256 = check_sum(picture(shade))
        if (self.car, sha256) in self.books[n].originals():
            self.books[n].remove_photo(self.car, shade)
            self.removed.add(sha256)

    @rule(into=_BOOK, other=_BOOK)
    def merge(self, into: int, other: int) -> None:
        before = _sealed(self.books[into]) | _sealed(self.books[other])
        originals = self.books[into].originals() | self.books[other].originals()
        assert [] == self.books[into].merge(self.books[other])
        assert before <= _sealed(self.books[into])
        lost = originals - self.books[into].originals()
        assert {sha256 for _, sha256 in lost} <= self.removed

    @rule(into=_BOOK, other=_BOOK)
    def merge_and_undo(self, into: int, other: int) -> None:
        book = self.books[into]
        book.merge(self.books[into])  # seals what hands edited, which an undo leaves sealed
        before = book.tree()
        book.merge(self.books[other])
        if before != book.tree():  # a merge that brings nothing is no command to take back
            book.undo()
        assert before == book.tree()

    @invariant()
    def check_finds_nothing(self) -> None:
        for book in getattr(self, "books", ()):
            assert [] == [p for p in book.problems() if p.kind not in _EXPECTED]

    def everybody_agrees_in_the_end(self) -> None:
        sealed = set().union(*(_sealed(book) for book in self.books))
        for n, book in enumerate(self.books):
            book.merge(*(other for m, other in enumerate(self.books) if m != n))
        # the first merged before the others' hand edits were sealed, so once more
        trees = [book.tree() for book in self.books]
        assert trees[0] == trees[1] == trees[2]
        assert sealed <= _sealed(self.books[0])
        for book in self.books:
            assert [] == book.problems()


def _sealed(book: Book) -> set[str]:
    """Hashes of the versions kept; text by hand is kept as the version that is made of it."""
    return {path.stem for path in (book.root / ".convoylog" / "versions").glob("*/*.toml")}


TestConvoy = Convoy.TestCase
TestConvoy.settings = settings(
    max_examples=20,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
