"""Scores and ranks of the units twice, beside each other: how a row is written, sorted, counted and taken along."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from qualipolis.city.assess.queries import Beside
from qualipolis.city.core import listings
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.cycle.town import score

SMALLEST = 0.005  # below this a difference is written 0.00


def signed(value: float | None, digits: int = 2) -> str:
    """Return a difference with its sign; nothing is —."""
    if value is None:
        return "—"
    if abs(value) < SMALLEST:
        return f"{0:.{digits}f}"
    return f"{value:+.{digits}f}".replace("-", "−")


def places(value: int | None) -> str:
    """Return places won or lost in words; none is 0."""
    if value is None:
        return "—"
    if value == 0:
        return "0"
    n = abs(value)
    up, down = ngettext("up %(n)s place", "up %(n)s places", n), ngettext("down %(n)s place", "down %(n)s places", n)
    return (up if value > 0 else down) % {"n": n}


def changed(row: Beside) -> bool:
    """Whether score, rank or grade of a row differ so that one can see it."""
    moved = row.difference is None or abs(row.difference) >= SMALLEST
    return moved or row.places != 0 or row.grade_before != row.grade_after


def summary(rows: Sequence[Beside]) -> dict[str, Any]:
    """Return how many scores, ranks and grades differ, and the largest differences."""
    differences = [abs(row.difference) for row in rows if row.difference is not None]
    moves = [abs(row.places) for row in rows if row.places is not None]
    return {
        "units": len(rows),
        "scores": sum(value >= SMALLEST for value in differences),
        "ranks": sum(value > 0 for value in moves),
        "grades": sum(row.grade_before != row.grade_after for row in rows),
        "most": signed(max(differences, default=None)).lstrip("+"),
        "most_places": max(moves, default=0),
    }


def table(rows: Sequence[Beside], before: str, after: str, caption: str) -> parts.Table:
    """Return the rows as a table: before, after and the difference of score, rank and grade."""
    columns = [
        parts.Column("unit", pgettext("place", "Unit"), title=True),
        parts.Column("was", _("Score, %(which)s") % {"which": before}, numeric=True),
        parts.Column("now", _("Score, %(which)s") % {"which": after}, numeric=True),
        parts.Column("difference", _("Difference"), numeric=True),
        parts.Column("rank_was", _("Rank, %(which)s") % {"which": before}, numeric=True),
        parts.Column("rank_now", _("Rank, %(which)s") % {"which": after}, numeric=True),
        parts.Column("places", _("Places"), numeric=True),
        parts.Column("grade", _("Grade")),
    ]
    lines = [
        {
            "unit": row.unit.name,
            "was": score(row.score_before, 2),
            "now": score(row.score_after, 2),
            "difference": signed(row.difference),
            "rank_was": row.rank_before,
            "rank_now": row.rank_after,
            "places": places(row.places),
            "grade": _grades(row),
        }
        for row in rows
    ]
    return parts.Table(caption, columns, lines)


def _grades(row: Beside) -> str:
    was, now = row.grade_before or "—", row.grade_after or "—"
    return was if was == now else f"{was} → {now}"


def frame(rows: Sequence[Beside]) -> pl.DataFrame:
    """Return the rows as a list that can be taken along; numbers stay numbers."""
    kinds = {
        _("Unit code"): (pl.String, [row.unit.code for row in rows]),
        _("Unit"): (pl.String, [row.unit.name for row in rows]),
        _("Score before"): (pl.Float64, [row.score_before for row in rows]),
        _("Score after"): (pl.Float64, [row.score_after for row in rows]),
        _("Difference"): (pl.Float64, [row.difference for row in rows]),
        _("Rank before"): (pl.Int64, [row.rank_before for row in rows]),
        _("Rank after"): (pl.Int64, [row.rank_after for row in rows]),
        _("Places won"): (pl.Int64, [row.places for row in rows]),
        _("Grade before"): (pl.String, [row.grade_before or None for row in rows]),
        _("Grade after"): (pl.String, [row.grade_after or None for row in rows]),
    }
    return listings.table(kinds)
