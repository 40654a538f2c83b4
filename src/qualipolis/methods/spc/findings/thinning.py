"""Fewer points to draw, none that matters lost."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.spc.findings.result import Chart

DRAWN = 5000  # points that are all drawn


def thin(chart: Chart, pixels: int = 1000) -> NDArray[np.intp]:
    """Return which points to draw on ``pixels`` columns: least and greatest of each column, and every signalled point.

    All of them up to 5,000; first and last point and the first of each phase are always kept.

    >>> from qualipolis.methods.spc.findings.study import study
    >>> found = study(np.random.default_rng(1).normal(0, 1, 20_000), rules="limits")
    >>> kept = thin(found.charts[0], 500)
    >>> len(kept) < 1200, set(np.flatnonzero(found.charts[0].flagged)) <= set(kept)
    (True, True)
    """
    m = len(chart)
    if m <= DRAWN:
        return np.arange(m)
    columns = max(2, int(pixels))
    width = -(-m // columns)
    ends = []
    for extreme, absent in ((np.argmin, np.inf), (np.argmax, -np.inf)):
        padded = np.full(columns * width, absent)
        padded[:m] = np.where(np.isnan(chart.values), absent, chart.values)
        found = np.arange(columns) * width + extreme(padded.reshape(columns, width), axis=1)
        ends.append(found[found < m])
    always = np.array([0, m - 1, *(phase.start for phase in chart.phases)], dtype=np.intp)
    return np.unique(np.concatenate([*ends, always, np.flatnonzero(chart.flagged)])).astype(np.intp)
