"""What was heard as tables: one row for each key, pair and cluster."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from qualipolis.lake.catalogues import translator
from qualipolis.lake.signals.clusters import tail
from qualipolis.lake.signals.listening import Heard
from qualipolis.lake.signals.notes import NAMES
from qualipolis.methods.signal.combined import SURE

MEASURES = ("n", "E", "PRR", "PRR_low", "PRR_high", "chi2_yates", "IC", "IC025", "IC975", "EBGM", "EB05", "EB95")


def signals_frame(heard: Heard, lang: str = "en") -> pl.DataFrame:
    """Return one row for each product, hazard and place, the strongest first; ``rank`` is shared by ties."""
    latest = heard.latest
    order = latest.order
    p = latest.p[order]
    known = np.isfinite(p)
    rank = np.searchsorted(p[known], p, side="left") + 1
    recent = heard.recent()[order]
    level = latest.level[order]
    rows = order.tolist()
    told = [latest.verdict(row, int(place)) if spoken else None for row, place, spoken in
            zip(rows, rank.tolist(), np.isin(level, ("signal", "watch")).tolist(), strict=True)]  # fmt: skip
    translate = translator(lang)
    quiet = {"quiet": translate(SURE["none"]), "unknown": translate(SURE["unknown"])}
    columns: dict[str, Any] = {
        "rank": np.where(known, rank, 0),
        **{name: [heard.keys[row][i] for row in rows] for i, name in enumerate(("product", "hazard", "place"))},
        "level": level.tolist(),
        "sure": [
            one.sure if one else {"quiet": "none"}.get(str(lv), str(lv)) for one, lv in zip(told, level, strict=True)
        ],
        "p": p,
        "q": latest.q[order],
        **{f"p_{name}": latest.voices[order, j] for j, name in enumerate(latest.methods)},
        "this_week": heard.counts[order, -1],
        "expected": heard.expected[order],
        "bound": heard.bound[order],
        "recent": recent,
        "since": [str(heard.since(row)) if lv == "signal" else "" for row, lv in zip(rows, level, strict=True)],
        "why": [one.why(translate, NAMES) if one else quiet[str(lv)] for one, lv in zip(told, level, strict=True)],
    }
    frame = pl.DataFrame(columns).fill_nan(None)
    return frame.with_columns(pl.when(pl.col("rank") > 0).then("rank").alias("rank"))


def pairs_frame(heard: Heard) -> pl.DataFrame:
    """Return the measures of disproportionality of every pair over all reports, EBGM from the strongest down."""
    tables = heard.scores.tables
    names = {"product": list(tables.left), "hazard": list(tables.right)}
    columns = {name: getattr(heard.scores, name) for name in MEASURES}
    flags = {name: getattr(heard.scores, name) for name in ("prr_flag", "ic_flag", "eb05_flag")}
    frame = pl.DataFrame(names | columns | flags, strict=False).fill_nan(None)
    return frame.sort("IC025", descending=True, nulls_last=True, maintain_order=True)


def clusters_frame(heard: Heard) -> pl.DataFrame:
    """Return the clusters of places, the least likely by chance first."""
    rows = []
    for product, hazard, one in heard.clusters.found:
        first, last = one.periods or ("", "")
        rows.append({
            "product": product, "hazard": hazard, "places": "|".join(one.ids), "first_week": first, "last_week": last,
            "observed": one.observed, "expected": one.expected, "ratio": one.ratio, "ratio_low": one.ratio_low,
            "ratio_high": one.ratio_high, "llr": one.llr, "p": one.p, "p_error": one.p_error,
            "p_tail": tail(one, heard.config),
        })  # fmt: skip
    return pl.DataFrame(rows).sort("p_tail", maintain_order=True) if rows else pl.DataFrame({"product": []})
