"""The lists of this room that can be taken along: the ranking under the filters of its page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.assess.models import Release
from qualipolis.city.assess.page_queries import units_below, year_of
from qualipolis.city.assess.queries import Ranking, RankRow, latest_release, ranking, releases_by_year
from qualipolis.city.core.listings import listing, table
from qualipolis.city.core.parameters import whole
from qualipolis.city.core.roles import STAFF

Params = Mapping[str, str]


def of_year(params: Params) -> Release | None:
    """Return the release of ``year``, or the latest without one."""
    found = releases_by_year().get(whole(params.get("year")) or 0)
    return found or latest_release()


def everyone(release: Release, node: str = "") -> Ranking:
    """Return the ranking of all units."""
    return ranking(release, node)


def filtered(release: Release, params: Params) -> Ranking:
    """Return the ranking under the filters of a page: ``node``, ``peer``, ``city``."""
    found = ranking(release, params.get("node", ""))
    peer = params.get("peer", "")
    if peer in found.peer_groups:
        found = ranking(release, found.node.code, peer)
    if city := params.get("city", ""):
        inside = units_below(city)
        found = replace(found, rows=tuple(row for row in found.rows if row.unit in inside))
    return found


def peer_word(name: str) -> str:
    """Return the name of a peer group in the language of the page; a city's own names stay as they are."""
    known = {
        "制造业大镇": _("manufacturing town"),
        "中等镇": _("medium town"),
        "小镇": _("small town"),
        "街道": _("subdistrict"),
        "园区": _("park"),
    }
    return known.get(name, name)


def rank_word(rank: int | None, tied: bool) -> str | None:
    """Return a rank as a table writes it, a tie as ``7=``.

    >>> rank_word(7, True), rank_word(9, False), rank_word(None, False)
    ('7=', '9', None)
    """
    return None if rank is None else f"{rank}=" if tied else str(rank)


def describe(params: Params) -> list[str]:
    """Return the filters in words, with the release that the numbers come from."""
    release = of_year(params)
    if release is None:
        return []
    found = filtered(release, params)
    words = [
        _("release %(number)s (%(hash)s)") % {"number": release.number, "hash": release.release_hash},
        _("year %(year)s") % {"year": year_of(release)},
        str(found.node.name),
    ]
    return [
        *words,
        *([peer_word(found.peer_group)] if found.peer_group else []),
        *([params["city"]] if params.get("city") else []),
    ]


@listing("ranking", gettext_lazy("Ranking of the units"), roles=STAFF, describe=describe)
def ranking_frame(actor: Any, params: Params) -> pl.DataFrame:
    """Return the ranking as a frame: numbers stay numbers, ties are marked."""
    release = of_year(params)
    rows = filtered(release, params).rows if release else ()
    return frame_of(_columns(rows))


def frame_of(columns: Iterable[tuple[str, Any, list[Any]]]) -> pl.DataFrame:
    """Return columns, each with head, type and cells, as a frame."""
    return table({head: (kind, cells) for head, kind, cells in columns}, strict=False)


def _columns(rows: tuple[RankRow, ...]) -> list[tuple[str, Any, list[Any]]]:
    number, whole, text = pl.Float64, pl.Int64, pl.String
    return [
        (_("Rank"), text, [rank_word(row.rank, row.tied) for row in rows]),
        (_("Code"), text, [row.unit for row in rows]),
        (_("Unit"), text, [str(row.name) for row in rows]),
        (_("Peer group"), text, [peer_word(row.peer_group) or None for row in rows]),
        (_("Tier"), whole, [row.tier for row in rows]),
        (_("Score"), number, [row.score for row in rows]),
        (_("Score, 90 % low"), number, [row.low for row in rows]),
        (_("Score, 90 % high"), number, [row.high for row in rows]),
        (_("Rank, 90 % best"), number, [row.p05 for row in rows]),
        (_("Rank, 90 % worst"), number, [row.p95 for row in rows]),
        (_("Probability of the first ten"), number, [row.top_ten for row in rows]),
        (_("Rank the year before"), whole, [row.previous_rank for row in rows]),
        (_("Grade"), text, [row.grade or None for row in rows]),
        (_("Reason of the veto"), text, [row.veto or None for row in rows]),
        (_("Indicators with a value"), whole, [row.present for row in rows]),
    ]
