"""Names on a map: the trip's ends always have one."""

from __future__ import annotations

import itertools

from convoylog.reports.draw.labels import Labels


def test_an_end_is_named_wherever_in_its_cell_its_roundel_stands() -> None:
    for dx, dy in itertools.product((-2.0, -1.1, 0.0, 0.6, 1.1), repeat=2):
        labels = Labels(1000, 562)
        labels.avoid_circle(712.8 + dx, 67.3 + dy, 13)
        labels.place_town("Minneapolis", 712.8, 67.3, "end")
        (name,) = labels.placed
        assert ("start", "Minneapolis") == (name.anchor, name.text)  # beside it, to the right


def test_an_end_among_pins_is_named_farther_off_and_a_town_is_not() -> None:
    for kind, names in (("end", 1), ("town", 0)):
        labels = Labels(1000, 562)
        labels.avoid_box(470, 270, 529, 310)
        labels.place_town("Denver", 500, 290, kind)
        assert names == len(labels.placed)


def test_the_name_of_an_end_is_nearer_to_no_other_end() -> None:
    # below Minneapolis there is room only beside Milwaukee
    own, other = (300.0, 200.0), (370.0, 212.0)
    for ends, names in (((own,), 1), ((own, other), 0)):
        labels = Labels(600, 400)
        labels.avoid_box(0, 0, 600, 205)
        labels.avoid_box(0, 205, 300, 400)
        labels.place_town("Minneapolis", *own, "end", ends)
        assert names == len(labels.placed)
