"""Who drove with whom, as text: to be remembered like a drawing, by what it was worked out from."""

from __future__ import annotations

from pydantic import TypeAdapter

from convoylog.model.convoy import Convoy

_CONVOY = TypeAdapter(Convoy)


def text_of(convoy: Convoy) -> str:
    """JSON, with every digit."""
    return _CONVOY.dump_json(convoy).decode()


def read_text(text: str) -> Convoy:
    """What `text_of` wrote."""
    return _CONVOY.validate_json(text)
