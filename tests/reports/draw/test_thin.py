"""Drawn lines with fewer points: many in one pass, each as if it were alone."""

from __future__ import annotations

import numpy as np

from convoylog.reports.draw.thin import kept, thinned


def test_many_lines_in_one_pass_are_thinned_as_each_alone() -> None:
    chance = np.random.default_rng(7)
    lines = [np.cumsum(chance.normal(size=(n, 2)), axis=0) for n in (0, 1, 2, 3, 50, 400, 1, 0)]
    lines.append(np.concatenate([lines[4], lines[4][:1]]))  # closed
    alone = [line[kept(line[:, 0], line[:, 1], 1.5)] for line in lines]
    together = thinned(lines, 1.5)
    assert len(lines) == len(together)
    for expected, found in zip(alone, together, strict=True):
        np.testing.assert_array_equal(expected, found)
    assert len(together[5]) < 300


def test_nothing_thins_to_nothing() -> None:
    assert [] == thinned([], 1.0)
    (empty,) = thinned([np.zeros((0, 2))], 1.0)
    assert 0 == len(empty)
