from __future__ import annotations

import pytest

from convoylog.cli.visible import visible, width

HOSTILE = [
    ("␛[31mred␛[0m", "\x1b[31mred\x1b[0m"),  # colours
    ("␛]0;title␇", "\x1b]0;title\x07"),  # sets the window's title
    ("␛]8;;http://evil␛\\here", "\x1b]8;;http://evil\x1b\\here"),  # a link
    ("␛[2J␛[H", "\x1b[2J\x1b[H"),  # wipes the screen
    ("\\x9b31m", "\x9b31m"),  # the same in one byte
    ("note␍error: gone", "note\rerror: gone"),  # writes over the line
    ("note␊error: gone", "note\nerror: gone"),  # a forged line
    ("abc␈␈␈xyz", "abc\b\b\bxyz"),  # takes back letters
    ("a b", "a\tb"),
    ("␀", "\x00"),
    ("␡", "\x7f"),
    ("photo\\u202egpj.exe", "photo\u202egpj.exe"),  # reads backwards
    ("\\u2067rtl\\u2069", "\u2067rtl\u2069"),  # isolates
    ("a\\u200bb", "a\u200bb"),  # looks like "ab"
    ("\\ufeffname", "\ufeffname"),  # byte order mark
    ("bad\\udcffname", "bad\udcffname"),  # a file name that is no UTF-8
    ("\\ue000", "\ue000"),  # private use
    ("\\U000f0000", "\U000f0000"),
    ("line\\u2028break\\u2029", "line\u2028break\u2029"),  # line ends of other worlds
    ("\\x85", "\x85"),
    ("\\ufffe", "\ufffe"),  # never a character
    ("\\U000e0041", "\U000e0041"),  # tag letters, which nobody sees
    ("soft\\xadhyphen", "soft\u00adhyphen"),
]


@pytest.mark.parametrize(("shown", "text"), HOSTILE)
def test_what_acts_or_hides_is_shown(shown: str, text: str) -> None:
    assert shown == visible(text)


@pytest.mark.parametrize(("shown", "text"), HOSTILE)
def test_showing_twice_changes_nothing(shown: str, text: str) -> None:
    assert shown == visible(visible(text))


def test_nothing_that_acts_is_left_of_any_character() -> None:
    everything = "".join(map(chr, range(0x3000)))
    shown = visible(everything, lines=True).replace("\n", "")
    left = {c for c in shown if not c.isprintable()}
    # spaces of other widths, letters newer than this Python, and the joiners of emoji
    assert not {c for c in left if c < "\xa0" or "\u202a" <= c <= "\u202e"}


@pytest.mark.parametrize(
    "text",
    [
        "Zoë – 3 h 05",
        "Łódź",
        "東京",
        "👩\u200d👩\u200d👧",
        "می\u200cخواهم",
        "[bold]no markup[/]",
        "a\xa0b",
    ],
)
def test_what_people_write_is_left_alone(text: str) -> None:
    assert text == visible(text)


def test_a_text_of_several_lines_may_keep_them() -> None:
    assert "one\ntwo␛" == visible("one\ntwo\x1b", lines=True)


def test_wide_letters_need_two_columns_and_accents_none() -> None:
    assert 4 == width("東京")
    assert 4 == width("cafe\u0301")
