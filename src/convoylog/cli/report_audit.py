"""The last look at finished pages: what no level tells, and what this one hides."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from convoylog.cli import here
from convoylog.errors import ConvoylogError

if TYPE_CHECKING:
    from convoylog.model.logbook import Logbook
    from convoylog.model.pages import Pages
    from convoylog.model.trip import Trip


def audited(pages: Pages, secret: Collection[str]) -> Pages:
    """The pages, read again. Raises ConvoylogError if they hold what must not go out."""
    from convoylog.privacy import audit

    wrong = audit.audit(pages.contents(), secret)
    if wrong:
        raise ConvoylogError(
            f"the finished report would tell what it must not: {wrong[0]}",
            hint="this is a fault of convoylog; nothing was written",
        )
    return pages


def forbidden(whole: Logbook, seen: Logbook, trip: Trip, root: Path) -> list[str]:
    """Texts that must not be in a finished report: what no level tells, and what this one hides."""
    kept = {entry.id for entry in seen.entries}
    told = "\n".join(f"{row.title}\n{row.text}" for row in trip.story)
    secret = [e.text for e in whole.entries if e.id not in kept and len(e.text) >= _A_SENTENCE]
    serials = [p.photograph.serial for p in whole.photos if len(p.photograph.serial) >= _A_SERIAL]
    places = [str(root.resolve()), str(Path.home()), here.device()]
    # what somebody wrote into a note on purpose is theirs to tell
    return [text for text in (*secret, *serials, *places) if text not in told and text != "/"]


#: letters from which on a hidden text is looked for: "Rain." may well stand somewhere else
_A_SENTENCE = 20
#: a serial number shorter than this is found by chance
_A_SERIAL = 6
