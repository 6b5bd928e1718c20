"""What a set of versions says together."""

from __future__ import annotations

import itertools
import random

import pytest

from convoylog.files.toml import write_version
from convoylog.model.versions import AFTER_DELETION, MAY_BE_CUT, Version, heads, view

ID = "20270503t101500z-k7m2q4x9ab"


def version(
    *made_from: Version,
    deleted: bool = False,
    undecided: tuple[tuple[str, object], ...] = (),
    **fields: object,
) -> Version:
    return write_version(
        {"kind": "note", **fields},
        entry_id=ID,
        made_from=tuple(v.hash for v in made_from),
        deleted=deleted,
        undecided=undecided,
    )


def test_an_edit_supersedes_what_it_was_made_from() -> None:
    first = version(text="one")
    second = version(first, text="two")
    assert heads([first, second]) == (second,)
    assert view([first, second]).fields["text"] == "two"


def test_an_old_copy_that_returns_changes_nothing() -> None:
    first = version(text="one")
    second = version(first, text="two")
    third = version(second, text="three")
    # the middle one is not at hand: the oldest is shown beside, since nobody can know
    assert view([first, second, third]).live == (third,)
    assert set(view([first, third]).live) == {first, third}
    assert view([first, second, third, first]).live == (third,)


def test_edits_made_apart_are_both_kept_and_shown() -> None:
    base = version(text="base")
    a, b = version(base, text="a"), version(base, text="b")
    seen = view([base, a, b])
    assert set(seen.live) == {a, b}
    assert [d.field for d in seen.disputed] == ["text"]
    assert {value for _, value in seen.disputed[0].values} == {"a", "b"}


def test_different_fields_edited_apart_merge_clean() -> None:
    base = version(text="base", title="old")
    a, b = version(base, text="new", title="old"), version(base, text="base", title="new")
    seen = view([base, a, b])
    assert seen.fields["text"] == "new"
    assert seen.fields["title"] == "new"
    assert seen.disputed == ()


def test_a_field_taken_out_on_one_side_is_gone() -> None:
    base = version(text="base", title="old")
    a, b = version(base, text="base"), version(base, text="other", title="old")
    assert "title" not in view([base, a, b]).fields


def test_without_the_common_ancestor_both_values_are_shown() -> None:
    base = version(text="base", title="old")
    a, b = version(base, text="new", title="old"), version(base, text="base", title="old")
    assert view([base, a]).disputed == ()
    apart = view([a, version(base, text="base", title="x")])
    assert sorted(d.field for d in apart.disputed) == ["text", "title"]
    assert b.hash != a.hash


def test_the_same_edit_made_twice_is_one() -> None:
    base = version(text="base")
    a = version(base, text="same", tags=["x"])
    b = version(base, text="same", tags=["y"])
    seen = view([base, a, b])
    assert seen.disputed == ()
    assert sorted(seen.fields["tags"]) == ["x", "y"]  # type: ignore[call-overload]


def test_words_merge_one_by_one_and_a_removal_counts() -> None:
    base = version(tags=["rain", "food"])
    a, b = version(base, tags=["rain", "food", "night"]), version(base, tags=["food"])
    assert view([base, a, b]).fields["tags"] == ["food", "night"]


def test_a_settling_edit_leaves_one_value_also_after_old_copies_return() -> None:
    base = version(text="base")
    a, b = version(base, text="a"), version(base, text="b")
    settled = version(a, b, text="a and b")
    for order in itertools.permutations([base, a, b, settled]):
        assert view(order).fields["text"] == "a and b"
        assert view(order).disputed == ()


def test_an_edit_on_top_of_several_settles_only_what_it_touched() -> None:
    base = version(text="base", title="old")
    a, b = version(base, text="a", title="ta"), version(base, text="b", title="tb")
    touched = version(a, b, text="a", title="both", undecided=(("text", "a"), ("text", "b")))
    seen = view([base, a, b, touched])
    assert seen.fields["title"] == "both"
    assert [d.field for d in seen.disputed] == ["text"]
    # also where the versions it left undecided never arrived
    alone = view([touched])
    assert {value for _, value in alone.disputed[0].values} == {"a", "b"}


def test_a_deletion_never_beats_an_edit_made_apart() -> None:
    base = version(text="base")
    gone = version(base, deleted=True)
    edit = version(base, text="edited")
    assert view([base, gone]).deleted
    seen = view([base, gone, edit])
    assert not seen.deleted
    assert seen.live == (edit,)
    assert seen.unsure == (AFTER_DELETION,)


def test_text_without_a_seal_supersedes_nothing() -> None:
    from dataclasses import replace

    base = version(text="base")
    cut = replace(version(base, text="ba"), seal="unsealed", made_from=(base.hash,))
    seen = view([base, cut])
    assert set(seen.live) == {base, cut}
    assert MAY_BE_CUT in seen.unsure


def test_a_hostile_ring_is_shown_whole() -> None:
    from dataclasses import replace

    a, b = version(text="a"), version(text="b")
    a, b = replace(a, made_from=(b.hash,)), replace(b, made_from=(a.hash,))
    assert set(heads([a, b])) == {a, b}
    outside = version(a, text="c")
    assert heads([a, b, outside]) == (outside,)


def test_true_is_not_one() -> None:
    base = version(partial=True)
    assert view([base, version(base, partial=1)]).fields["partial"] == 1
    assert view([base, version(partial=1)]).disputed[0].field == "partial"


def test_no_versions_are_no_entry() -> None:
    with pytest.raises(ValueError, match="without versions"):
        view([])


def test_what_is_said_depends_on_the_set_alone() -> None:
    chance = random.Random(7)
    for _ in range(60):
        versions = [version(text="0", title="0", tags=["0"])]
        for n in range(chance.randint(1, 7)):
            parents = chance.sample(versions, k=min(len(versions), chance.choice([1, 1, 1, 2])))
            fields = dict(parents[0].fields)
            fields.pop("kind")
            fields[chance.choice(["text", "title"])] = str(n)
            fields["tags"] = chance.sample(["a", "b", "c", "0"], k=2)
            versions.append(version(*parents, deleted=chance.random() < 0.1, **fields))
        first = view(versions)
        for _ in range(4):
            chance.shuffle(versions)
            again = view([*versions, *versions[:2]])
            assert (again.live, again.fields, again.disputed) == (
                first.live,
                first.fields,
                first.disputed,
            )
