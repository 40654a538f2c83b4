"""Names beside the points of a cloud: placed so that none lies over another, over a point or over an interval bar."""

from __future__ import annotations

from collections.abc import Sequence

from qualipolis.faces.desk.charts.svg import text_width

Box = tuple[float, float, float, float]
PLACES = (
    (8, 4, "start"),
    (-8, 4, "end"),
    (0, -9, "middle"),
    (0, 17, "middle"),
    (7, -6, "start"),
    (-7, -6, "end"),
    (7, 14, "start"),
    (-7, 14, "end"),
)


def taken(spot: Box, used: Sequence[Box]) -> bool:
    return any(spot[0] < u[2] and u[0] < spot[2] and spot[1] < u[3] and u[1] < spot[3] for u in used)


def place(
    points: Sequence[tuple[float, float]],
    names: Sequence[str],
    first: Sequence[int],
    width: float,
    height: float,
    *,
    obstacles: Sequence[Box] = (),
) -> dict[int, tuple[float, float, str]]:
    """Greedy placement: right, left, above, below; a name without room is left to its hint and the table.

    ``points`` are (per cent of ``width``, pixels); ``obstacles`` are boxes in pixels that no name may cover.
    """
    used: list[Box] = [(x * width / 100 - 5, y - 5, x * width / 100 + 5, y + 5) for x, y in points]
    used += obstacles
    placed: dict[int, tuple[float, float, str]] = {}
    for i in first:
        x, y = points[i][0] * width / 100, points[i][1]
        size = text_width(names[i])
        others = used[:i] + used[i + 1 :]
        for dx, dy, anchor in PLACES:
            left = x + dx - (size if anchor == "end" else size / 2 if anchor == "middle" else 0)
            spot = (left - 3, y + dy - 10, left + size + 3, y + dy + 3)
            inside = left >= -4 and left + size <= width + 4 and spot[1] >= 0 and spot[3] <= height
            if inside and not taken(spot, others):
                used.append(spot)
                placed[i] = (dx, dy, anchor)
                break
    return placed
