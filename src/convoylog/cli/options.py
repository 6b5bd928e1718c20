"""Options that mean the same thing in every command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from convoylog.cli import completing

LogbookOption = Annotated[
    Path | None,
    typer.Option(
        "--logbook",
        metavar="DIR",
        help="The logbook's folder. [default: $CONVOYLOG, then upward from here]",
        show_default=False,
    ),
]
CarOption = Annotated[
    str | None,
    typer.Option(
        "--car",
        metavar="NAME",
        help="A car, by name or folder. [default: the car this laptop last wrote for]",
        show_default=False,
        autocompletion=completing.cars,
    ),
]
OnlyCarOption = Annotated[
    str | None,
    typer.Option(
        "--car",
        metavar="NAME",
        help="Only this car, by name or folder. [default: all cars]",
        show_default=False,
        autocompletion=completing.cars,
    ),
]
LegOption = Annotated[
    str,
    typer.Option(
        "--leg",
        metavar="TITLE",
        help="Only this leg, by its title or a part of it.",
        show_default=False,
        autocompletion=completing.legs,
    ),
]
DayOption = Annotated[
    str,
    typer.Option(
        "--day",
        metavar="DAY",
        help="Only this local day: 2027-05-03, or its number.",
        show_default=False,
    ),
]
PrivacyOption = Annotated[
    str,
    typer.Option("--privacy", metavar="LEVEL", help="public, convoy, or full (for yourself)."),
]
HideTimesOption = Annotated[
    bool, typer.Option("--hide-times", help="Leave dates and order, no clock times.")
]
LocaleOption = Annotated[
    str,
    typer.Option(
        "--locale",
        metavar="LOCALE",
        envvar="CONVOYLOG_LOCALE",
        help="Language, and a region if you like: en, de, fr, es, de-AT, en-US.",
    ),
]
UnitsOption = Annotated[
    str,
    typer.Option(
        "--units",
        metavar="UNITS",
        envvar="CONVOYLOG_UNITS",
        help="km, or mi for miles, feet and gallons. [default: mi for en-US, else km]",
        show_default=False,
    ),
]
IdArgument = Annotated[
    str,
    typer.Argument(
        metavar="ID",
        help="An entry's id, or any unique beginning of it.",
        autocompletion=completing.entries,
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="One JSON document and nothing else, for programs.")
]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Say what would be done, and write nothing.")
]
