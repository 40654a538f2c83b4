"""Where the units lie: centroids read from a GeoJSON file, and a place for each on the cartogram.

The boundaries themselves are not kept: a map that is published needs an approved map number, a cartogram of equal
squares does not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import cos, hypot, isfinite, radians, sqrt
from typing import Any

from qualipolis.methods.problems import InputError, Problem, msg

LARGEST = 50 * 1024 * 1024
CODES = ("code", "adcode", "代码")
Point = tuple[float, float]


@dataclass(frozen=True)
class Placed:
    """A unit on the map: its centroid, and its row and column on the cartogram."""

    code: str
    longitude: float
    latitude: float
    row: int = 0
    column: int = 0


def read_geojson(data: bytes, name: str, known: Mapping[str, int]) -> list[Placed]:
    """Return the units of a FeatureCollection of polygons whose property ``code`` is a unit's code.

    Raises :class:`InputError` with every feature that cannot be placed.
    """
    if len(data) > LARGEST:
        raise _refused(name, "too_large", msg("The file is over 50 MB."), msg("Simplify the boundaries."))
    try:
        document = json.loads(data.decode("utf-8-sig"))
        features = document["features"]
        assert isinstance(features, list)
    except (ValueError, KeyError, TypeError, AssertionError, RecursionError) as error:
        what = msg("This is not a GeoJSON FeatureCollection.")
        raise _refused(name, "not_geojson", what, msg("Export the map again as GeoJSON in UTF-8.")) from error
    found: dict[str, Placed] = {}
    problems: list[Problem] = []
    for number, feature in enumerate(features, start=1):
        place = f"{name}, feature {number}"
        try:
            one = _placed(feature, place, known, found)
        except InputError as error:
            problems += error.problems
        else:
            found[one.code] = one
    if not found and not problems:
        problems = list(_refused(name, "empty", msg("The file has no feature."), msg("Choose another file.")).problems)
    if problems:
        raise InputError(problems)
    return grid(list(found.values()))


def _placed(feature: Any, place: str, known: Mapping[str, int], found: Mapping[str, Placed]) -> Placed:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    code = (
        next((str(properties[key]) for key in CODES if properties.get(key)), "") if isinstance(properties, dict) else ""
    )
    if code not in known:
        what = msg("The feature has no code of a unit here (found: %(unit)s).")
        raise _refused(place, "unknown_unit", what, msg("Give each feature the property code."), unit=code or "—")
    if code in found:
        raise _refused(place, "duplicate", msg("The unit %(unit)s is there twice."), msg("Keep one."), unit=code)
    try:
        longitude, latitude = centroid(list(_rings(feature["geometry"])))
    except (KeyError, TypeError, ValueError, IndexError, ZeroDivisionError) as error:
        what = msg("The shape of %(unit)s is no polygon in degrees.")
        raise _refused(place, "bad_shape", what, msg("Export it in WGS 84 or CGCS2000."), unit=code) from error
    return Placed(code, longitude, latitude)


def _rings(geometry: Any) -> Iterator[list[Point]]:
    """Yield the outer ring of each polygon."""
    kind, coordinates = geometry["type"], geometry["coordinates"]
    if kind not in ("Polygon", "MultiPolygon"):
        raise ValueError(kind)
    for polygon in [coordinates] if kind == "Polygon" else coordinates:
        ring = [(float(point[0]), float(point[1])) for point in polygon[0]]
        if not all(isfinite(x) and isfinite(y) and abs(x) <= 180 and abs(y) <= 90 for x, y in ring):
            raise ValueError("outside the degrees")
        yield ring


def centroid(rings: list[list[Point]]) -> Point:
    """Return the centre of area of polygons given by their outer rings (shoelace formula).

    >>> centroid([[(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0), (0.0, 0.0)]])
    (1.0, 1.0)
    """
    area = east = north = 0.0
    for ring in rings:
        parts = [
            (x0 * y1 - x1 * y0, x0 + x1, y0 + y1) for (x0, y0), (x1, y1) in zip(ring, [*ring[1:], ring[0]], strict=True)
        ]
        turn = 1.0 if sum(part[0] for part in parts) >= 0 else -1.0
        area += turn * sum(part[0] for part in parts) / 2
        east += turn * sum(cross * x for cross, x, _y in parts) / 6
        north += turn * sum(cross * y for cross, _x, y in parts) / 6
    return east / area, north / area


def grid(units: list[Placed]) -> list[Placed]:
    """Give each unit the free square nearest to where it lies, from the middle outwards.

    >>> [(u.row, u.column) for u in grid([Placed("a", 0.0, 1.0), Placed("b", 0.0, 0.0), Placed("c", 1.0, 0.0)])]
    [(0, 0), (2, 0), (2, 2)]
    """
    if not units:
        return []
    shrink = cos(radians(sum(unit.latitude for unit in units) / len(units)))
    at = {unit.code: (unit.longitude * shrink, -unit.latitude) for unit in units}
    left, top = min(x for x, _y in at.values()), min(y for _x, y in at.values())
    width = max(x for x, _y in at.values()) - left
    height = max(y for _x, y in at.values()) - top
    side = sqrt(max(width * height, 1e-12) / len(units)) if width and height else max(width, height, 1e-6) / len(units)
    wanted = {code: ((x - left) / side, (y - top) / side) for code, (x, y) in at.items()}
    middle = width / side / 2, height / side / 2
    taken: dict[tuple[int, int], str] = {}
    for code in sorted(wanted, key=lambda one: (hypot(wanted[one][0] - middle[0], wanted[one][1] - middle[1]), one)):
        taken[_nearest(wanted[code], taken)] = code
    first = min(row for row, _column in taken), min(column for _row, column in taken)
    cell = {code: (row - first[0], column - first[1]) for (row, column), code in taken.items()}
    return [Placed(u.code, u.longitude, u.latitude, *cell[u.code]) for u in units]


def _nearest(wanted: Point, taken: Mapping[tuple[int, int], str]) -> tuple[int, int]:
    x, y = wanted
    reach = 1
    while True:
        near = [
            (hypot(column - x, row - y), row, column)
            for row in range(round(y) - reach, round(y) + reach + 1)
            for column in range(round(x) - reach, round(x) + reach + 1)
            if (row, column) not in taken
        ]
        if near:
            return min(near)[1:]
        reach += 1


def _refused(place: str, code: str, what: str, remedy: str, **params: object) -> InputError:
    return InputError([Problem(code, what, remedy, params, place=place)])
