"""The next version of an entry: as edited, settled or removed, or as a hand left it. Nothing is written here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from convoylog.errors import BadInput, ConvoylogError
from convoylog.files import door, toml
from convoylog.model.holding import kind_of
from convoylog.model.versions import Version, View


def adopt(version: Version) -> Version:
    """The sealed version of a file a hand wrote or edited; a sealed one is itself.

    The same text becomes the same version on every laptop. Raises BadInput.
    """
    if version.seal == "sealed":
        return version
    add = {"id": version.id, "kind": version.kind or "note"}
    if version.car:
        add["car"] = version.car
    return toml.reseal(version.text, made_from=version.made_from, add=add)


def adopted(versions: Iterable[Version]) -> list[Version]:
    """Versions as `adopt` seals them. Raises ConvoylogError for one that cannot be sealed."""
    result = []
    for version in versions:
        try:
            result.append(adopt(version))
        except BadInput as error:
            raise ConvoylogError(
                f"{version.id}: {error}", hint="mend its file in an editor"
            ) from None
    return result


def new_version(entry: View, fields: Mapping[str, object], *, deleted: bool = False) -> Version:
    """The version that follows all live ones of an entry.

    A disputed field whose value is as the view showed it stays undecided. Raises BadInput.
    """
    touched = [d.field for d in entry.disputed if fields.get(d.field) != entry.fields.get(d.field)]
    return settle(entry, fields, touched, deleted=deleted)


def settle(
    entry: View, fields: Mapping[str, object], touched: Iterable[str], *, deleted: bool = False
) -> Version:
    """The version that follows all live ones and settles the disputed fields in `touched`.

    fields: the whole new content; a value of None takes its key out. Raises BadInput.
    """
    settled = set(touched)
    undecided = [
        (dispute.field, value)
        for dispute in entry.disputed
        if not deleted and dispute.field not in settled
        for _, value in dispute.values
    ]
    kept = {key: value for key, value in fields.items() if value is not None}
    door.check({**kept, "kind": "removal"} if deleted else kept)
    made_from = tuple(version.hash for version in entry.live)
    return toml.write_version(
        kept, entry_id=entry.id, made_from=made_from, deleted=deleted, undecided=tuple(undecided)
    )


def tombstone(entry: View) -> Version:
    """The version that deletes an entry. It keeps its kind and car, nothing else."""
    fields = {"kind": kind_of(entry), "car": str(entry.fields.get("car", ""))}
    return new_version(entry, {key: value for key, value in fields.items() if value}, deleted=True)
