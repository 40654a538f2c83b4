"""The preview of an AQDEF file: what was read and what was left."""

from __future__ import annotations

from collections.abc import Sequence

from qualipolis.lake.cells import Place
from qualipolis.lake.factory import aqdef_keys as keys
from qualipolis.lake.factory.aqdef_lines import Lines
from qualipolis.lake.factory.measurements import Characteristic, Note, Origin, Part, ignored, listed, read_note
from qualipolis.methods.problems import msg


def notes(
    lines: Lines, characteristics: Sequence[Characteristic], parts: Sequence[Part], origin: Origin
) -> tuple[Note, ...]:
    """Return the sentences of the preview."""
    what = msg("A Q-DAS file (AQDEF): %(parts)s part(s), %(characteristics)s characteristic(s), %(values)s value(s).")
    counts = {"parts": len(parts), "characteristics": len(characteristics), "values": lines.count}
    found = [read_note(what, Place(origin.name), **counts)]
    found += _values(characteristics)
    found += _left(lines)
    return tuple(found)


def _values(characteristics: Sequence[Characteristic]) -> list[Note]:
    found = []
    invalid = sum(int((~c.readings.valid).sum()) for c in characteristics)
    if invalid:
        what = msg("%(count)s value(s) are empty or marked as invalid; they keep their places and are not counted.")
        found.append(read_note(what, count=invalid))
    natural = [c.name for c in characteristics if c.lower_natural or c.upper_natural]
    if natural:
        what = msg("A limit is a natural boundary, not a tolerance, for: %(names)s.")
        found.append(read_note(what, names=listed(natural)))
    attributes = [c.name for c in characteristics if c.kind != "variable"]
    if attributes:
        what = msg("Counted, not measured (units inspected and defective): %(names)s.")
        found.append(read_note(what, names=listed(attributes)))
    return found


def _left(lines: Lines) -> list[Note]:
    found = []
    for counter, what in (
        (lines.unused, msg("%(count)s line(s) under keys that are not needed here were left out: %(keys)s.")),
        (lines.unknown, msg("%(count)s line(s) under unknown keys were kept as text or left out: %(keys)s.")),
    ):
        if counter:
            names = [f"{key} ({lines.first_seen[key]})" for key in sorted(counter)]
            found.append(ignored(what, Place(lines.name), count=sum(counter.values()), keys=listed(names)))
    secret = sorted(keys.PROPRIETARY & lines.unused.keys())
    if secret:
        what = msg("The keys %(keys)s belong to one maker and have no public meaning.")
        found.append(ignored(what, keys=", ".join(secret)))
    return found
