"""Laws of what commands print begin as journeys do."""

from tests.journeys.conftest import home, rally, typed

__all__ = ["home", "rally", "typed"]
