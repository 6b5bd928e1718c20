"""`convoylog check` and `convoylog doctor`: is everything there and whole?"""

from __future__ import annotations

from typing import Annotated

import typer

from convoylog.cli import context, here, screen, units
from convoylog.cli.options import JsonOption, LogbookOption

#: what is counted, where there is one of it
ONE = {
    "cars": "car",
    "entries": "entry",
    "versions": "version",
    "originals": "original",
    "receipts": "receipt",
}


def check(json: JsonOption = False, logbook: LogbookOption = None) -> int:
    """Look at every file: is it there, and is it what was written? Only reads.

    Neither this nor `doctor` is a backup: copy the folder to another disk for that.

        convoylog check
    """
    from convoylog.files.check import check as look
    from convoylog.files.source import Folder

    done = look(Folder(context.find_logbook(logbook)))
    if json:
        rows = [[_row(p) for p in group] for group in (done.problems, done.notices)]
        screen.json_out(
            {
                "ok": not done.problems,
                "problems": rows[0],
                "notices": rows[1],
                "counts": done.counts,
            }
        )
        return 1 if done.problems else 0
    for problem in (*done.problems, *done.notices):
        screen.warn_problem(problem)
    counts = ", ".join(
        f"{count:,} {ONE.get(what, what) if count == 1 else what}"
        for what, count in done.counts.items()
    )
    screen.tell(
        f"{units.counted(len(done.problems), 'problem')}: {counts}"
        if done.problems
        else f"all is well: {counts}"
    )
    return 1 if done.problems else 0


def _row(problem: object) -> dict[str, object]:
    from dataclasses import asdict

    row = asdict(problem)  # type: ignore[call-overload]
    return {
        "file": row["file"],
        "line": row["line"] or None,
        "kind": row["kind"],
        "message": row["message"],
        "hint": row["hint"] or None,
    }


def doctor(
    yes: Annotated[bool, typer.Option("--yes", help="Mend without asking.")] = False,
    logbook: LogbookOption = None,
) -> int:
    """Mend what can be mended, after showing the plan. Only adds and moves.

    Example:

        convoylog doctor --yes
    """
    from convoylog.files import doctor as mending
    from convoylog.files import store
    from convoylog.files.check import check as look
    from convoylog.files.source import Folder

    root = context.find_logbook(logbook)
    done = look(Folder(root))
    remedies = mending.plan(done)
    if not remedies:
        left = f"; {units.counted(len(done.problems), 'problem')} left that only you can mend, see `convoylog check`"
        screen.tell("nothing to mend" + (left if done.problems else ""))
        return 1 if done.problems else 0
    for remedy in remedies:
        screen.tell(f"would {screen.visible(remedy.told)}")
    if not yes and not screen.ask_yes("do it?"):
        screen.talk("nothing was changed; `--yes` does it without asking")
        return 1
    with store.writing(root, "doctor", now=context.now(), device=here.device()) as writer:
        mending.mend(writer, look(Folder(root)), here.memory())
    again = look(Folder(root))
    screen.tell(f"mended; {units.counted(len(again.problems), 'problem')} left")
    return 1 if again.problems else 0
