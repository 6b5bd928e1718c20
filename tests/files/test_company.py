"""Who drove with whom comes back from its text as it was, to the last digit."""

from __future__ import annotations

import pytest

from convoylog.files.company import read_text, text_of
from convoylog.model.convoy import Convoy
from convoylog.trips.convoy import find_convoy
from tests.trips.convoy.test_fleet import town


@pytest.mark.parametrize("seed", range(6))
def test_company_comes_back_from_its_text(seed: int) -> None:
    found = find_convoy(town(seed, 6))
    assert any(pair.episodes for pair in found.pairs)
    assert found == read_text(text_of(found))
    assert Convoy() == read_text(text_of(Convoy()))
