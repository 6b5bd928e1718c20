"""One browser for all the tests of this room."""

from tests.reports.browser import browser

__all__ = ["browser"]
