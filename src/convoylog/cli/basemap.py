"""`convoylog basemap list|add`: what maps are drawn from, and roads for those who want them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from convoylog.cli import here, screen, units
from convoylog.cli.options import JsonOption
from convoylog.errors import BadInput, ConvoylogError

_WHAT = "lines in degrees, as ne_10m_roads.zip of naturalearthdata.com"


def list_layers(json: JsonOption = False) -> None:
    """What maps are drawn from, and which layers were added.

    Example:

        convoylog basemap list
    """
    from convoylog.files import basemap
    from convoylog.places import towns, world

    folder = here.basemap_folder()
    rows: list[dict[str, object]] = [
        {"layer": "ground", "source": world.CREDIT, "added": False},
        {"layer": "towns", "source": towns.CREDIT, "added": False},
    ]
    try:
        roads = basemap.find_roads(folder)
    except BadInput as error:
        raise _damaged(folder, error) from None
    if roads:
        path = basemap.road_file(folder)
        rows.append(
            {
                "layer": "roads",
                "source": roads.source,
                "added": True,
                "lines": roads.count,
                "file": str(path),
                "bytes": path.stat().st_size,
            }
        )
    if json:
        screen.json_out({"layers": rows})
        return
    screen.table(
        ["layer", "from"], [[str(row["layer"]), screen.visible(str(row["source"]))] for row in rows]
    )
    if roads:
        screen.talk(f"roads: {roads.count:,} lines in {path}; delete that file to be without")
    else:
        screen.talk(
            "no roads: `convoylog basemap add ne_10m_roads.zip`, a free file of "
            "naturalearthdata.com, adds them"
        )


def add_layer(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Roads: a zip or GeoJSON.")],
) -> None:
    """Add roads to every map from now on.

    FILE: a zip with a shapefile, as Natural Earth's roads, or lines as GeoJSON.
    Only this laptop has them; logbooks stay as they are.

    Example:

        convoylog basemap add ne_10m_roads.zip
    """
    from convoylog.files import basemap

    try:
        roads = basemap.add_roads(file, here.basemap_folder())
    except FileNotFoundError:
        raise ConvoylogError(f"no such file: {file}", hint=_WHAT) from None
    except BadInput as error:
        raise ConvoylogError(f"{file}: {error}", hint=_WHAT) from None
    screen.tell(f"roads: {units.counted(roads.count, 'line')} from {screen.visible(roads.source)}")
    screen.talk("every map has them from now on")


def _damaged(folder: Path, error: BadInput) -> ConvoylogError:
    from convoylog.files import basemap

    return ConvoylogError(
        f"{basemap.road_file(folder)}: {error}", hint="`convoylog basemap add FILE` makes it anew"
    )
