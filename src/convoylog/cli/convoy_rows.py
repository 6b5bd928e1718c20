"""What `convoy --json` tells programs, as `docs/cli.md` promises it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from convoylog.cli.rows import instant

if TYPE_CHECKING:
    from convoylog.model.convoy import Convoy, Pair


def document(found: Convoy, names: dict[str, str]) -> dict[str, object]:
    """The account as `docs/cli.md` promises it. names: car id → what it is called there."""

    def named(cars: Sequence[str]) -> list[str]:
        return [names[car] for car in cars]

    return {
        "pairs": [_pair_row(pair, names) for pair in found.pairs],
        "groups": [
            {
                "from": instant(g.from_at), "to": instant(g.to_at), "cars": named(g.cars),
                "order": named(g.order), "length_s": g.length_s,
                "orders": [{"at": instant(o.at), "order": named(o.cars)} for o in g.orders],
                "lead_s": {names[car]: s for car, s in g.lead_s.items()},
            }
            for g in found.groups
        ],
        "events": [
            {
                "at": instant(e.at), "kind": e.kind, "cars": named(e.cars), "others": named(e.others),
                "lat": e.lat, "lon": e.lon, "place": e.place or None, "zone": e.zone or None,
            }
            for e in found.events
        ],
        "rendezvous": [
            {
                "from": instant(r.from_at), "to": instant(r.to_at), "cars": named(r.cars),
                "lat": r.lat, "lon": r.lon, "place": r.place or None, "zone": r.zone or None,
                "waited_s": {names[car]: s for car, s in r.waited_s.items()},
            }
            for r in found.rendezvous
        ],
        "convergence": [
            {
                "car": names[c.car], "alone_m": c.alone_m, "alone_s": c.alone_s,
                "joined_at": instant(c.joined_at), "joined": named(c.joined),
                "lat": c.lat, "lon": c.lon, "place": c.place or None, "zone": c.zone or None,
            }
            for c in found.convergence
        ],
        "warnings": list(found.warnings),
        "rules": asdict(found.rules),
    }  # fmt: skip


def _pair_row(pair: Pair, names: dict[str, str]) -> dict[str, object]:
    closest, route = pair.closest, pair.same_route
    return {
        "a": names[pair.a], "b": names[pair.b], "a_id": pair.a, "b_id": pair.b,
        "both_known_s": pair.both_known_s, "together_s": pair.together_s, "share": pair.share,
        "episodes": [{"from": instant(e.from_at), "to": instant(e.to_at)} for e in pair.episodes],
        "gap_s": asdict(pair.gap_s) if pair.gap_s else None,
        "lead_s": {names[car]: s for car, s in pair.lead_s.items()},
        "overtakes": [{"at": instant(o.at), "leader": names[o.leader]} for o in pair.overtakes],
        "closest": {
            "distance_m": closest.distance_m, "at": instant(closest.at),
            "a": list(closest.a), "b": list(closest.b),
        } if closest else None,
        "same_route": {
            "shared_m": route.shared_m, "of_a": route.of_a, "of_b": route.of_b,
            "reversed_m": route.reversed_m, "likeness": route.likeness or None,
        } if route else None,
    }  # fmt: skip
