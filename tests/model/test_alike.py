from __future__ import annotations

import itertools

from convoylog.model.alike import Clash, find_clashes, join_cars, one_car, told_under
from convoylog.model.logbook import Camera, Car, Entry


def test_a_car_that_nobody_claims_is_itself() -> None:
    assert {"a": "a", "b": "b"} == one_car({"a": None, "b": ""})


def test_claims_join_under_the_id_begun_first_whichever_way_they_point() -> None:
    for claims in ({"a": "b", "b": None}, {"a": None, "b": "a"}, {"a": "b", "b": "a"}):
        assert {"a": "a", "b": "a"} == one_car(claims)


def test_chains_rings_and_claims_to_itself_end() -> None:
    expected = dict.fromkeys("abcd", "a")
    assert expected == one_car({"a": "a", "b": "c", "c": "d", "d": "a"})
    assert expected == one_car({"d": "c", "c": "b", "b": "a", "a": "d"})


def test_a_claim_to_a_car_that_is_not_here_joins_nobody() -> None:
    assert {"a": "a", "b": "b"} == one_car({"a": "z", "b": "z"})
    assert {"a": "a"} == one_car({"a": 7})


def test_the_order_of_cars_changes_nothing() -> None:
    claims = {"a": None, "b": "d", "c": "a", "d": None, "e": "d"}
    for order in itertools.permutations(claims):
        assert {"a": "a", "b": "b", "c": "a", "d": "b", "e": "b"} == one_car(
            {car: claims[car] for car in order}
        )


def test_what_cars_share_is_told_with_what_is_free() -> None:
    cars = {
        "a": {"name": "Ben", "number": "44", "colour": "blue"},
        "b": {"name": "ben ", "number": 44, "colour": "orange"},
        "c": {"name": "Cleo", "number": "45", "colour": "blue"},
    }
    assert [
        Clash("name", "Ben", ("a", "b")),
        Clash("number", "44", ("a", "b"), "46"),
        Clash("colour", "blue", ("a", "c"), "magenta"),
    ] == find_clashes(cars)


def test_a_car_under_two_names_does_not_clash_with_itself() -> None:
    assert [] == find_clashes(
        {"a": {"name": "Ben", "number": "4"}, "b": {"name": "Ben", "number": "4", "same_as": "a"}}
    )


def test_cars_of_one_name_are_told_apart_by_number_driver_or_id() -> None:
    def names(*cars: Car) -> list[str]:
        return [car.name for car in join_cars(cars, {})]

    assert ["Ben (4)", "Ben (5)"] == names(
        Car("a" * 26, "Ben", "ben-a", number="4"), Car("b" * 26, "Ben", "ben-b", number="5")
    )
    assert ["Ben (Ada)", "BEN (Bo)"] == names(
        Car("a" * 26, "Ben", "ben-a", number="4", driver="Ada"),
        Car("b" * 26, "BEN", "ben-b", number="4", driver="Bo"),
    )
    assert ["Ben (aaaa)", "Ben (bbbb)", "Cleo"] == names(
        Car("a" * 26, "Ben", "ben-a"), Car("b" * 26, "Ben", "ben-b"), Car("c", "Cleo", "cleo")
    )


def test_what_the_first_does_not_say_the_others_say_and_the_least_share_counts() -> None:
    first = Car("a", "Pepper", "pepper", number="44", cameras=(Camera("k", zone="UTC"),))
    second = Car(
        "b", "Pepper van", "van", number="7", driver="Tom", share="private",
        cameras=(Camera("k", zone="Asia/Tokyo"), Camera("j")),
    )  # fmt: skip
    (joined,) = join_cars([second, first], {"a": "a", "b": "a"})
    assert ("a", "Pepper", "44", "Tom", "private") == (
        joined.id, joined.name, joined.number, joined.driver, joined.share,
    )  # fmt: skip
    assert (("b",), ("Pepper van",)) == (joined.also, joined.called)
    assert ["j", "k"] == [camera.key for camera in joined.cameras]
    assert "UTC" == joined.cameras[1].zone


def test_an_entry_keeps_who_may_see_it() -> None:
    cars = {"b": Car("b", "Van", "van", share="public")}
    entry = Entry("e", "note", "b", None)
    assert ("a", "public") == (
        told_under(entry, {"b": "a"}, cars).car, told_under(entry, {"b": "a"}, cars).share
    )  # fmt: skip
    own = Entry("e", "note", "a", None)
    assert own is told_under(own, {"b": "a"}, cars)
