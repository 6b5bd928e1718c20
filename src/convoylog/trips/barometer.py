"""Recorders that tell height by air pressure: smaller rises of it are no noise."""

from __future__ import annotations

import re

#: what programs write behind their name where a barometer told the heights; so Strava asks them to
_SAID = re.compile(r"\bwith barometer\b", re.IGNORECASE)
#: devices known to have one, all of a series: a few that cars carry, no complete list. One that is missing
#: is told with the rougher climb of a receiver, which is why doubtful ones are not here
_DEVICES = re.compile(
    r"\b(?:"
    r"edge ?(?:130|305|5[0-4]0|705|8[0-5]0|10[0-5]0)"
    r"|etrex (?:30x?|32x|vista|summit)|dakota 20|oregon (?:300|4[05]0|550|6[05]0|7[05]0)t?"
    r"|gpsmap (?:6[0-9]|7[68])(?:cs|s|i)\w*|montana [67]\d0|f[eē]nix|epix|instinct|tactix"
    r"|forerunner (?:9[12]0xt|9[3-6]5)"
    r"|elemnt|karoo|rox 1[12]|coros|ambit3 peak|skydrop"
    r")\b",
    re.IGNORECASE,
)


def has_barometer(creator: str) -> bool:
    """Whether a recording's device or program says that its heights come from air pressure.

    Where nothing says so they count as a receiver's, which are taken for what they are: rougher.
    """
    return bool(_SAID.search(creator) or _DEVICES.search(creator))
