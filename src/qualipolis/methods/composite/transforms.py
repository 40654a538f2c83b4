"""Transforms that pull in a long tail: the coin tool's logarithms, the GII's, the natural one and Box-Cox.

Each works on rows over the last axis and skips missing values; where there is no logarithm, the row becomes missing,
never infinite. Sources: JRC COIN Tool user guide (2019); Global Innovation Index 2020, appendix
IV; Box and Cox (1964), "An analysis of transformations", JRSS B 26(2).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.moments import skew_kurtosis

Bools = NDArray[np.bool_]

REFERENCE = "coinr-1.1.14"
TRANSFORMS = ("log", "log_ct", "log_ct_plus", "log_ct_orig", "log_gii", "ln", "boxcox")
POWERS = (-5.0, 5.0)
STEPS = 60


def log_ct(rows: Floats) -> Floats:
    """Return log(x - min + 0.01 (max - min)), the coin tool's log, over the last axis.

    >>> log_ct(np.array([0.0, 100.0])).round(6).tolist()
    [0.0, 4.615121]
    """
    low, high = _ends(rows)
    out: Floats = np.log(np.where(high > low, rows - low + 0.01 * (high - low), np.nan))
    return out


def log_towards(rows: Floats) -> Floats:
    """Return :func:`log_ct` for rows skewed to the right, and its mirror -log_ct(-x) for rows skewed to the left.

    A plain log makes a left-skewed column worse; the mirror pulls in the long left tail and keeps the order. The
    reference calls it ``log_CT_plus``.

    >>> log_towards(np.array([0.0, 97.0, 98.0, 99.0, 100.0])).round(3).tolist()
    [-4.615, -1.386, -1.099, -0.693, -0.0]
    """
    sign = np.where(skew_kurtosis(rows)[0] < 0, -1.0, 1.0)[..., None]
    return sign * log_ct(sign * rows)


def log_ct_orig(rows: Floats) -> Floats:
    """Return log(x - min + 1), the coin tool's first log; it depends on the unit of measurement.

    >>> log_ct_orig(np.array([3.0, 4.0, 3.0 + np.e])).round(6).tolist()
    [0.0, 0.693147, 1.313262]
    """
    out: Floats = np.log(rows - _ends(rows)[0] + 1)
    return out


def log_gii(rows: Floats, compat: str = "") -> Floats:
    """Return log((max - 1)(x - min)/(max - min) + 1), the log of the Global Innovation Index.

    It stretches the row to 1 .. max first, so it needs max > 1: at 1 it is flat, below it turns the order round. Such a
    row becomes missing. ``compat="coinr-1.1.14"`` returns x unchanged, as the reference does (its defect D1: the
    transform is computed and then not returned).

    >>> log_gii(np.array([0.0, 5.0, 10.0])).round(6).tolist()
    [0.0, 1.704748, 2.302585]
    >>> log_gii(np.array([0.0, 5.0, 10.0]), compat="coinr-1.1.14").tolist()
    [0.0, 5.0, 10.0]
    """
    if compat == REFERENCE:
        return rows.copy()
    low, high = _ends(rows)
    fit = (high > low) & (high > 1)
    out: Floats = np.log((high - 1) * (rows - low) / np.where(fit, high - low, np.nan) + 1)
    return out


def ln(rows: Floats) -> Floats:
    """Return the natural logarithm; a row with a value of zero or below becomes missing.

    >>> ln(np.array([[1.0, np.e], [0.0, 1.0]])).tolist()
    [[0.0, 1.0], [nan, nan]]
    """
    low, _ = _ends(rows)
    out: Floats = np.log(np.where(low > 0, rows, np.nan))
    return out


def boxcox(rows: Floats, power: float | str = "auto") -> Floats:
    r"""Return :math:`(x^\lambda - 1)/\lambda` of x shifted to a minimum of 1; :math:`\ln x` for :math:`\lambda = 0`.

    ``power="auto"`` takes the :math:`\lambda` in -5 .. 5 of the largest likelihood for each row, see :func:`likeliest`.

    >>> boxcox(np.array([1.0, 2.0, 5.0]), 0.5).round(6).tolist()
    [0.0, 0.828427, 2.472136]
    """
    logs = np.log(rows - _ends(rows)[0] + 1)
    exponent = np.nan_to_num(likeliest(rows), nan=1.0) if isinstance(power, str) else np.full(rows.shape[:-1], power)
    return _power(logs, exponent[..., None])


def likeliest(rows: Floats) -> Floats:
    r"""Return the :math:`\lambda` in -5 .. 5 that makes each row, shifted to a minimum of 1, most likely normal.

    The largest :math:`-\frac n2 \ln \hat\sigma^2(\lambda) + (\lambda - 1)\sum \ln x`, by golden section; NaN for a row
    of one value.

    >>> float(likeliest(np.linspace(1, 10, 200) ** 2).round(2))
    0.37
    """
    low, high = _ends(rows)
    logs = np.log(np.where(high > low, rows - low + 1, np.nan))
    present = ~np.isnan(logs)
    ratio = (5**0.5 - 1) / 2
    left, right = (np.full(rows.shape[:-1], end) for end in POWERS)
    for _ in range(STEPS):
        inner = right - ratio * (right - left), left + ratio * (right - left)
        rises = _likelihood(logs, present, inner[0]) < _likelihood(logs, present, inner[1])
        left, right = np.where(rises, inner[0], left), np.where(rises, right, inner[1])
    return np.where(present.any(axis=-1), (left + right) / 2, np.nan)


def transformed(rows: Floats, name: str, power: float | str = "auto", compat: str = "") -> Floats:
    """Return rows after the transform of this name.

    >>> transformed(np.array([[1.0, 2.0]]), "log_ct_orig").round(6).tolist()
    [[0.0, 0.693147]]
    """
    if name == "boxcox":
        return boxcox(rows, power)
    if name == "log_gii":
        return log_gii(rows, compat)
    plain = {"log_ct": log_ct, "log_ct_orig": log_ct_orig, "ln": ln}
    return plain.get(name, log_towards)(rows)


def unfit(rows: Floats, name: str, compat: str = "") -> Bools:
    """Return which rows the transform of this name cannot take: ``ln`` of zero or below, ``log_gii`` with max <= 1.

    >>> unfit(np.array([[0.0, 2.0], [1.0, 3.0]]), "ln").tolist()
    [True, False]
    """
    low, high = _ends(rows)
    if name == "ln":
        return np.asarray(low[..., 0] <= 0)
    if name == "log_gii" and compat != REFERENCE:
        return np.asarray(high[..., 0] <= 1)
    return np.zeros(rows.shape[:-1], dtype=bool)


def _ends(rows: Floats) -> tuple[Floats, Floats]:
    """Return the smallest and the largest of each row, kept as a column of its own; NaN for an empty row."""
    return np.fmin.reduce(rows, axis=-1, keepdims=True), np.fmax.reduce(rows, axis=-1, keepdims=True)


def _power(logs: Floats, exponent: Floats) -> Floats:
    flat = np.abs(exponent) < 1e-12
    out: Floats = np.where(flat, logs, np.expm1(exponent * logs) / np.where(flat, 1.0, exponent))
    return out


def _likelihood(logs: Floats, present: Bools, exponent: Floats) -> Floats:
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        n = present.sum(axis=-1)
        y = np.where(present, _power(logs, exponent[..., None]), 0.0)
        mean = y.sum(axis=-1) / n
        variance = (np.where(present, y - mean[..., None], 0.0) ** 2).sum(axis=-1) / n
        total = np.where(present, logs, 0.0).sum(axis=-1)
        out: Floats = -n / 2 * np.log(variance) + (exponent - 1) * total
    return out
