"""The catalogues, and how numbers, days and measures are written."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from string import Formatter

import pytest
from babel import Locale

import convoylog.reports
from convoylog.errors import UsageError
from convoylog.reports.words import LANGUAGES, Text, words_for

#: forms of CLDR that no text needs: a million of anything
_NEVER = {"many"}


def catalogue(language: str) -> dict[str, Text]:
    source = files(convoylog.reports).joinpath("catalogue", f"{language}.toml")
    found = tomllib.loads(source.read_text("utf-8"))
    script = found.pop("script")
    return {**found, **{f"script.{key}": text for key, text in script.items()}}


def forms(text: Text) -> dict[str, str]:
    return {"": text} if isinstance(text, str) else dict(text)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_catalogue_has_the_same_texts_and_placeholders(language: str) -> None:
    english, other = catalogue("en"), catalogue(language)
    assert set(english) == set(other)
    for key, text in english.items():
        wanted = set().union(*map(placeholders, forms(text).values()))
        for form in forms(other[key]).values():
            assert placeholders(form) - {"count"} == wanted - {"count"}, key
            assert form.strip() == form != "", key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_counted_text_has_the_plural_forms_of_its_language(language: str) -> None:
    wanted = set(Locale.parse(language).plural_form.tags | {"other"}) - _NEVER
    for key, text in catalogue(language).items():
        if not isinstance(text, str):
            assert wanted == set(text), key


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_other_languages_are_no_copies_of_english(language: str) -> None:
    english, other = catalogue("en"), catalogue(language)
    same = {key for key, text in english.items() if text == other[key]}
    # words that are the same in both, and texts of nothing but what is filled in
    letters = {
        key for key in same if re.search(r"[a-z]{3}", re.sub(r"\{\w+\}", "", str(other[key])))
    }
    assert len(letters) <= 12, letters


def sources() -> Iterator[str]:
    for folder in ("", "web", "posts", "draw", "web/script"):
        for file in files(convoylog.reports).joinpath(*folder.split("/")).iterdir():
            if file.name.endswith((".py", ".jinja", ".js")):
                yield file.read_text("utf-8")


def test_every_text_is_said_somewhere_and_every_said_text_is_there() -> None:
    whole = "\n".join(sources())
    said = set(re.findall(r"""\bsay\(\s*["'](\w+)["']""", whole))
    keys = set(catalogue("en"))
    # the script's measures are CLDR's
    assert said <= {key.removeprefix("script.") for key in keys} | {"far", "near", "speed"}
    made = ("how_", "fact_", "kind_", "figure_", "km_per_day", "mi_per_day")
    for key in keys:
        plain = key.removeprefix("script.")
        assert plain.startswith(made) or re.search(rf"""["'.]{plain}\b""", whole), key


def test_a_locale_is_taken_as_people_write_it() -> None:
    assert ["de", "de-AT", "fr-CA", "de", "es-MX", "en-GB"] == [
        words_for(text).locale for text in ("de", "de_AT", "fr_CA", "de-XX", "ES-mx.UTF-8", "en_gb")
    ]


def test_an_unknown_locale_names_those_there_are() -> None:
    for text in ("nl", "", "C", "../en", "english"):
        with pytest.raises(UsageError) as caught:
            words_for(text)
        assert "en, de, fr, es" in str(caught.value.hint)
    with pytest.raises(UsageError):
        words_for("de", "furlongs")
