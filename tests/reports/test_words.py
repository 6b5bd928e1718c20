"""The catalogues, and how numbers, days and measures are written."""

from __future__ import annotations

import ast
import copy
import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from string import Formatter

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

import convoylog
import convoylog.reports
from convoylog.errors import UsageError
from convoylog.model.amounts import Amount
from convoylog.model.carlog import CarLog, Fill, Stretch
from convoylog.model.phrase import Phrase
from convoylog.reports.carlog import log_lines
from convoylog.reports.words import LANGUAGES, UNITS, Text, words_for

#: forms of CLDR that no text needs: a million of anything
_NEVER = {"many"}


def catalogue(language: str) -> dict[str, Text]:
    source = files(convoylog.reports).joinpath("catalogue", f"{language}.toml")
    found = tomllib.loads(source.read_text("utf-8"))
    script = found.pop("script")
    found.pop("phrases", None)
    return {**found, **{f"script.{key}": text for key, text in script.items()}}


def phrases(language: str) -> dict[str, str]:
    source = files(convoylog.reports).joinpath("catalogue", f"{language}.toml")
    return dict(tomllib.loads(source.read_text("utf-8")).get("phrases", {}))


def patterns() -> set[str]:
    """Every sentence made outside of the reports, as the sources have it."""
    found = set()
    for file in Path(convoylog.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Phrase":
                assert isinstance(node.args[0], ast.Constant), (file, node.lineno)
                found.add(str(node.args[0].value))
    # nothing to say in "{a} – {b}"
    return {text for text in found if re.search(r"[A-Za-z]", re.sub(r"\{[^}]*\}", "", text))}


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
    made = ("how_", "fact_", "kind_", "figure_", "amount_", "mpg_", "km_per_day", "mi_per_day")
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


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_sentence_made_elsewhere_can_be_said(language: str) -> None:
    known, made = phrases(language), patterns()
    missing = made - set(known)
    # what the compass and a bare position are made of
    assert {"{lat:.2f}° {north}, {lon:.2f}° {east}"} >= missing
    assert set(known) <= made
    for pattern, text in known.items():
        fields = [
            # French joins its "de" to a name
            {
                (name, spec if spec != "de" else "")
                for _, name, spec, _ in Formatter().parse(said)
                if name
            }
            for said in (pattern, text)
        ]
        assert fields[0] == fields[1], pattern


def test_a_phrase_is_english_text_and_can_be_said_otherwise() -> None:
    inner = Phrase(
        "{away:whole_km} {wind} of {town}", away=12_400.0, wind=Phrase("SW"), town="Ödön"
    )
    outer = Phrase("{a} – {b}", a=inner, b="Ames {x}")
    assert "12 km SW of Ödön – Ames {x}" == outer
    assert "12\u00a0km SW von Ödön – Ames {x}" == words_for("de").of(outer)
    assert "8\u202fmi SO d’Ödön – Ames {x}" == words_for("fr", "mi").of(outer)
    assert "8\u00a0mi SW of Ödön – Ames {x}" == words_for("en-US").of(outer)
    again = copy.deepcopy(outer)
    assert (outer, outer.pattern) == (again, again.pattern)
    assert "somebody's {own} words" == words_for("de").of("somebody's {own} words")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Moab", "Autour de Moab"),
        ("Ames", "Autour d’Ames"),
        ("Évian", "Autour d’Évian"),
        ("Yvetot", "Autour d’Yvetot"),
        ("Yakima", "Autour de Yakima"),
        ("Houston", "Autour de Houston"),
        ("Le Mans", "Autour du Mans"),
        ("Les Diablerets", "Autour des Diablerets"),
        ("Lens", "Autour de Lens"),
        ("Łódź", "Autour de Łódź"),
    ],
)
def test_french_joins_its_preposition_to_a_name(name: str, told: str) -> None:
    assert told == words_for("fr").of(Phrase("Around {a}", a=name))


def test_spanish_has_another_and_before_its_own_sound() -> None:
    words = words_for("es-MX")
    assert "Utah e Idaho" == words.joined(["Utah", "Idaho"])
    assert "Utah, Jalisco e Hidalgo" == words.joined(["Utah", "Jalisco", "Hidalgo"])
    assert "Utah y Hierro" == words.joined(["Utah", "Hierro"])
    assert "Idaho y Utah" == words.joined(["Idaho", "Utah"])
    assert "Idaho" == words.joined(["Idaho"])
    assert "Utah und Idaho" == words_for("de").joined(["Utah", "Idaho"])


def test_the_first_of_a_month_is_the_first_in_french() -> None:
    words = words_for("fr")
    blank = re.compile(r"\s")
    told = (
        words.long_day("2026-05-01"),
        words.short_day("2026-05-01"),
        words.span_of_days(["2026-05-01"]),
        words.span_of_days(["2026-05-01", "2026-05-11"]),
        words.span_of_days(["2026-05-31", "2026-06-01"]),
        words.long_day("2026-05-11"),
    )
    assert (
        "vendredi 1er mai 2026",
        "ven. 1er mai",
        "1er mai 2026",
        "1er–11 mai 2026",
        "31 mai – 1er juin 2026",
        "lundi 11 mai 2026",
    ) == tuple(blank.sub(" ", text) for text in told)


def test_clauses_are_parted_as_the_language_does() -> None:
    assert "a; b" == words_for("de").clauses(["a", "b"])
    assert "a\u202f; b" == words_for("fr-CA").clauses(["a", "b"])


def test_a_litre_has_one_sign() -> None:
    assert "10,5 l/100 km" == re.sub(r"\s", " ", words_for("de").consumption(10.5, "l", "gal"))


def test_no_line_of_french_begins_with_a_colon() -> None:
    # a blank before it that a line may break at
    said = "\n".join(
        form
        for texts in (catalogue("fr"), phrases("fr"))
        for text in texts.values()
        for form in forms(text).values()
    )
    assert [] == re.findall(r".* [:;!?»].*|.*« .*", said)
    assert "\u00a0:" in said
    # thin before a semicolon
    assert [] == re.findall(r".*\u00a0;.*", said)


@pytest.mark.parametrize(
    ("locale", "told"),
    [
        ("en", ("Thu 11 Jun", "12.3 km", "1,235 km", "2,140 m", "87 km/h", "A, B and C", "42%")),
        ("en-US", ("Thu, Jun 11", "7.7 mi", "767 mi", "7,021 ft", "54 mph", "A, B, and C", "42%")),
        (
            "de",
            ("Do., 11. Juni", "12,3 km", "1.235 km", "2.140 m", "87 km/h", "A, B und C", "42 %"),
        ),
        ("fr", ("jeu. 11 juin", "12,3 km", "1 235 km", "2 140 m", "87 km/h", "A, B et C", "42 %")),
        ("es", ("jue, 11 jun", "12,3 km", "1235 km", "2140 m", "87 km/h", "A, B y C", "42 %")),
        (
            "es-MX",
            ("jue 11 de jun", "12.3 km", "1,235 km", "2,140 m", "87 km/h", "A, B y C", "42%"),
        ),
    ],
)
def test_days_numbers_and_measures_are_written_as_the_locale_does(
    locale: str, told: tuple[str, ...]
) -> None:
    words = words_for(locale)
    said = (
        words.short_day("2026-06-11"), words.distance(12_345), words.distance(1_234_567),
        words.height(2140.0), words.speed(24.2), words.joined(["A", "B", "C"]), words.percent(0.42),
    )  # fmt: skip
    # which kind of blank stands before a unit is CLDR's business
    assert told == tuple(re.sub(r"\s", " ", text) for text in said)


def test_a_number_and_its_unit_stay_on_one_line() -> None:
    for language in LANGUAGES:
        for units in UNITS:
            words = words_for(language, units)
            told = (
                words.distance(12_345),
                words.height(2140.0),
                words.speed(24.2),
                words.amount(Decimal(9), "impgal"),
            )
            assert not [text for text in told if " " in text]


@given(st.floats(0, 5e7))
def test_miles_are_the_same_way_as_kilometres(metres: float) -> None:
    in_metres = {"km": 1000.0, "m": 1.0, "mi": 1609.344, "ft": 0.3048}
    for units in UNITS:
        number, unit = words_for("en", units).distance(metres).split("\u00a0")
        value = float(number.replace(",", ""))
        # a whole unit from a hundred on, else a tenth; short ways to ten metres or feet
        coarse = 10.0 if unit in ("m", "ft") else 1.0 if value >= 99.9 else 0.1
        assert abs(value * in_metres[unit] - metres) <= 0.51 * coarse * in_metres[unit]
        # a short way is no naught
        assert value or metres < 5.1


def test_a_gallon_goes_as_far_as_the_litres_in_it() -> None:
    # 7.5 l/100 km are 31.4 mpg of the United States, and 37.7 imperial ones
    assert "7.5\u00a0l/100\u00a0km" == words_for("en").consumption(7.5, "l", "gal")
    assert "31.4\u00a0mpg\u00a0(US)" == words_for("en-US").consumption(7.5, "l", "gal")
    assert "37.7\u00a0mpg\u00a0(imperial)" == words_for("en", "mi").consumption(7.5, "l", "impgal")
    assert "18,0\u00a0kWh/100\u00a0km" == words_for("de").consumption(18.0, "kWh", "gal").replace(
        " ", "\u00a0"
    )


@pytest.mark.parametrize(
    ("locale", "units", "typed", "told"),
    [
        ("en", "km", {"l": "32.1"}, "32.1 l"),
        ("en", "km", {"gal": "8.5"}, "8.5 US gal (32.2 l)"),
        ("en", "km", {"impgal": "8.5", "l": "10"}, "8.5 imp. gal and 10.0 l (48.6 l)"),
        ("en", "mi", {"gal": "8.5"}, "8.5 US gal"),
        ("en", "mi", {"impgal": "8.5"}, "8.5 imp. gal"),
        ("en", "mi", {"l": "37.85"}, "37.8 l (10.0 US gal)"),
        ("en-GB", "mi", {"l": "45.4609"}, "45.5 l (10.0 imp. gal)"),
        ("en-US", "", {"gal": "8", "impgal": "10"}, "8.0 US gal and 10.0 imp. gal (20.0 US gal)"),
        ("en-US", "", {"kWh": "30"}, "30.0 kWh"),
        ("de", "", {"gal": "8.5"}, "8,5 US-Gal. (32,2 l)"),
        ("fr", "", {"gal": "8.5"}, "8,5 gal US (32,2 l)"),
        ("es", "mi", {"gal": "8.5"}, "8,5 gal EE. UU."),
    ],
)
def test_fuel_is_told_as_it_was_typed_and_in_the_readers_unit(
    locale: str, units: str, typed: dict[str, str], told: str
) -> None:
    log = CarLog(
        tuple(
            Fill(unit, 0.0, Amount("fuel", Decimal(number), unit)) for unit, number in typed.items()
        )
    )
    (line,) = log_lines([("Heron", log)], words_for(locale, units))
    assert told == re.sub("[\u00a0\u202f]", " ", line.fuel)


def test_one_table_has_one_kind_of_gallon() -> None:
    def log(unit: str) -> CarLog:
        fills = (Fill("a", 0.0, Amount("fuel", Decimal(10), unit)),)
        stretch = Stretch("a", "b", 0.0, 1.0, Decimal(30), "l", 1, 400_000.0, "odometer")
        return CarLog(fills, (stretch,))

    lines = log_lines([("Heron", log("l")), ("Otto", log("impgal"))], words_for("en-US"))
    assert ["37.7 mpg (imperial)"] * 2 == [line.used.replace("\u00a0", " ") for line in lines]
    # of both kinds the reader's own, and its name
    lines = log_lines([("Heron", log("gal")), ("Otto", log("impgal"))], words_for("en-US"))
    assert ["31.4 mpg (US)"] * 2 == [line.used.replace("\u00a0", " ") for line in lines]


def test_what_is_counted_has_its_form() -> None:
    for locale, one, many in (("en", "1 car", "2 cars"), ("de", "1 Auto", "2 Autos"),
                              ("fr", "1 voiture", "2 voitures"), ("es", "1 coche", "2 coches")):  # fmt: skip
        words = words_for(locale)
        assert (one, many) == tuple(words.say("cars_driving", count=n) for n in (1, 2))
    assert "0 voiture" == words_for("fr").say("cars_driving", count=0)
