from __future__ import annotations

import contextlib
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convoylog.errors import BadInput
from convoylog.files import toml

_ID = "20270503t101500z-0123456789"
_AT = datetime(2027, 5, 3, 10, 15, tzinfo=UTC)
_HAND = """# my own words above
format = 1
id = "20270503t101500z-0123456789"
kind = "note"
text = "Rain"   # it did rain
mood = { sky = "grey", of = 10 }

[weather]
# a comment inside
wind = 'NW'
"""


def _sealed(text: str = _HAND) -> bytes:
    return toml.sealed(text).encode()


def test_what_is_written_reads_back_sealed_and_equal() -> None:
    fields = {"kind": "note", "at": _AT, "text": "Rain", "tags": ["a", "b"], "lat": 39.5}
    version = toml.write_version(fields, entry_id=_ID, made_from=("0" * 64,))
    found = toml.read_version(version.text.encode())
    assert version == found
    assert "sealed" == found.seal
    assert fields == dict(found.fields)
    assert (_ID, ("0" * 64,)) == (found.id, found.made_from)


def test_the_same_values_are_the_same_version() -> None:
    fields = {"kind": "note", "text": "Rain"}
    assert toml.write_version(fields, entry_id=_ID) == toml.write_version(fields, entry_id=_ID)


def test_line_ends_and_a_byte_order_mark_make_no_other_version() -> None:
    plain = _sealed()
    for content in (
        plain.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + plain,
        b"\xef\xbb\xbf" + plain.replace(b"\n", b"\r\n"), plain.removesuffix(b"\n"),
    ):  # fmt: skip
        found = toml.read_version(content)
        assert ("sealed", toml.read_version(plain).hash) == (found.seal, found.hash)


def test_any_other_byte_breaks_the_seal() -> None:
    found = toml.read_version(_sealed().replace(b"Rain", b"Hail"))
    assert "edited" == found.seal
    # it follows the version whose seal it still carries
    assert (toml.read_version(_sealed()).hash,) == found.made_from


def test_without_a_seal_it_is_by_hand_and_follows_nothing() -> None:
    found = toml.read_version(_HAND.encode())
    assert ("unsealed", ()) == (found.seal, found.made_from)


def test_a_seal_that_is_not_last_is_none() -> None:
    assert "unsealed" == toml.read_version(_sealed() + b"more = 1\n").seal


def test_a_file_by_hand_without_an_id_gets_the_same_everywhere() -> None:
    one = toml.read_version(b'text = "Rain"\n')
    assert one.id == toml.read_version(b'\xef\xbb\xbftext = "Rain"\r\n').id
    assert one.id != toml.read_version(b'text = "Hail"\n').id


def test_a_rewrite_changes_its_keys_and_no_other_byte() -> None:
    version = toml.rewrite(toml.sealed(_HAND), {"text": "Hail"}, made_from=("1" * 64,))
    expected = _HAND.replace('"Rain"', '"Hail"').replace(
        "\n\n[weather]", f'\nmade_from = ["{"1" * 64}"]\n\n[weather]'
    )
    body, _ = toml.split_seal(version.text)
    assert sorted(expected.split("\n")) == sorted(body.split("\n"))
    assert "sealed" == version.seal
    for kept in ("# my own words above\n", "# it did rain\n", "# a comment inside\nwind = 'NW'\n",
                 'mood = { sky = "grey", of = 10 }\n'):  # fmt: skip
        assert kept in body


def test_an_empty_value_takes_its_key_out() -> None:
    version = toml.rewrite(_HAND, {"text": ""}, made_from=())
    assert "text" not in version.fields
    assert {"sky": "grey", "of": 10} == version.fields["mood"]


def test_resealing_adds_only_what_is_missing() -> None:
    version = toml.reseal(_HAND, made_from=(), add={"kind": "leg", "car": "20270503"})
    assert ("sealed", "note", "20270503") == (version.seal, version.kind, version.car)
    for line in _HAND.splitlines():
        assert line in version.text.splitlines()


def test_resealing_what_needs_nothing_keeps_every_byte() -> None:
    assert toml.sealed(_HAND) == toml.reseal(_HAND, made_from=()).text


@pytest.mark.parametrize(
    ("reason", "content"),
    [
        ("empty", b""),
        ("empty", b" \n\n"),
        ("empty", b"\0" * 4096),
        ("not UTF-8 text at byte 8", b'text = "\xff"'),
        ("larger than 64 KiB", b"#" * (64 * 1024 + 1)),
        ("conflict markers", b'a = 1\n<<<<<<< HEAD\nb = 2\n=======\nb = 3\n>>>>>>> theirs\n'),
        ("line 2: ", b"a = 1\nb = \n"),
        ("line 2: ", b"a = 1\na = 2\n"),
        ("`id`", b'id = "../../etc/passwd"\n'),
        ("`id`", b"id = 7\n"),
        ("`made_from`", b'made_from = "all"\n'),
        ("`made_from`", b'made_from = ["../x"]\n'),
        ("`format`", b'format = "new"\n'),
        ("`format`", b"format = true\n"),
        ("`format`", b"format = 0\n"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why(reason: str, content: bytes) -> None:
    with pytest.raises(BadInput) as told:
        toml.read_version(content)
    assert reason in str(told.value)
    assert "\n" not in str(told.value)


def test_exactly_the_largest_is_read() -> None:
    content = b'text = "Rain"\n'
    content += b"#" * (toml.LARGEST - len(content) - 1) + b"\n"
    assert toml.LARGEST == len(content)
    assert "Rain" == toml.read_version(content).fields["text"]


def test_a_key_of_as_many_parts_as_may_be_is_read() -> None:
    key = ".".join(["a"] * toml.MOST_DOTS)
    assert "a" in toml.read_version(f"{key} = 1\n".encode()).fields
    with pytest.raises(BadInput, match="more than 128 parts"):
        toml.read_version(f"a.{key} = 1\n".encode())


@pytest.mark.parametrize(
    "content",
    [
        ".".join(["a"] * 16_000) + " = 1",
        " . ".join(["a"] * 8_000) + " = 1",
        "[" + ".".join(["a"] * 16_000) + "]",
        "x = {" + ".".join(["a"] * 16_000) + " = 1}",
        ".".join(['"a"'] * 8_000) + " = 1",
        "x = " + "[" * 30_000,
        "x = " + "{a=" * 15_000,
        "x = " + "[" * 15_000 + "]" * 15_000,
        "x = " + "9" * 60_000,
    ],
    ids=["dots", "spaced", "table", "inline", "quoted", "lists", "tables", "closed", "digits"],
)
def test_a_bomb_is_refused_at_once(content: str) -> None:
    began = time.perf_counter()
    with pytest.raises(BadInput):
        toml.read_version(content.encode())
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize("part", ["a", "'a'", "a ", "é"])
def test_long_words_are_read_at_once(part: str) -> None:
    # a pattern that begins at each letter anew needs half a minute for these
    for words in ("QUJD" * 15_000, ".".join([part * 2_000] * 7), ". ".join([part] * 15)):
        began = time.perf_counter()
        found = toml.read_version(f'text = """\n{words}"""\n'.encode())
        assert words == found.fields["text"]
        assert time.perf_counter() - began < 1


def test_dots_in_words_are_no_keys() -> None:
    # the known-wrong variant takes sixteen sentences of one word for a key
    text = "well" + "." * 300 + " it rained. " * 300 + "Rain. " * 100
    version = toml.write_version({"kind": "note", "text": text}, entry_id=_ID)
    assert text == toml.read_version(version.text.encode()).fields["text"]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_words_come_back_as_they_were_said(text: str) -> None:
    try:
        version = toml.write_version({"kind": "note", "text": text}, entry_id=_ID)
    except BadInput:
        # only what looks like a key of many parts, or a conflict of git's, may be refused
        assert text.count(".") >= toml.MOST_DOTS or "<<<<<<< " in text or "=======" in text
        return
    assert text.replace("\r\n", "\n") == version.fields["text"]
    assert version == toml.read_version(version.text.encode())


@settings(max_examples=100, deadline=None)
@given(st.text(min_size=1, max_size=100), st.text(min_size=1, max_size=100))
def test_any_words_can_be_edited_into_any_others(before: str, after: str) -> None:
    first = toml.write_version({"kind": "note", "text": before}, entry_id=_ID)
    second = toml.rewrite(first.text, {"text": after}, made_from=(first.hash,))
    assert after.replace("\r\n", "\n") == second.fields["text"]
    assert (first.hash,) == second.made_from


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_raise_anything_but_bad_input(content: bytes) -> None:
    with contextlib.suppress(BadInput):
        toml.read_version(content)
