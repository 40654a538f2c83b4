"""Response surfaces: y = b₀ + xᵀb + xᵀBx, its stationary point and its shape.

The stationary point is x_s = −B⁻¹b/2, with value b₀ + x_sᵀb/2. Eigenvalues of B: all below 0, a maximum; all above, a
minimum; mixed, a saddle; one near 0, a ridge.

Source: R. H. Myers, D. C. Montgomery and C. M. Anderson-Cook (2016), *Response Surface Methodology*, 4th ed., chapter 6.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import ArrayLike

from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.spc.charts.result import Floats
from qualipolis.methods.spc.doe.fit import INTERCEPT, Fit, fit


@dataclass(frozen=True, eq=False)
class Surface:
    """A quadratic surface: the fit, stationary point and value, eigenvalues with axes, shape, and whether it is inside.

    ``shape`` is ``"maximum"``, ``"minimum"``, ``"saddle"`` or ``"ridge"``; ``inside`` says that the point lies within the
    range of every factor that was tried: beyond it the surface is not known.
    """

    fit: Fit
    point: Mapping[str, float]
    value: float
    eigenvalues: Floats
    axes: Floats
    shape: str
    inside: bool


def response_surface(factors: Mapping[str, ArrayLike], y: ArrayLike) -> Surface:
    """Return the full quadratic surface of coded factors.

    >>> x, z = (v.ravel() for v in np.meshgrid([-1, 0, 1], [-1, 0, 1]))
    >>> found = response_surface({"x": x, "z": z}, 5 - (x - 0.5) ** 2 - 2 * z**2)
    >>> found.shape, round(found.point["x"], 6), round(found.value, 6)
    ('maximum', 0.5, 5.0)
    """
    given = {name: np.asarray(v, dtype=np.float64).ravel() for name, v in factors.items()}
    if len({len(v) for v in given.values()}) != 1:
        what = msg("Every run has a number in every column, and all columns have the same length.")
        refuse([Problem("columns", what, place="factors")])
    pairs = list(combinations_with_replacement(given, 2))
    found = fit(given | {f"{a}:{b}": given[a] * given[b] for a, b in pairs}, y)
    names = list(given)
    slope = np.array([found.terms[name].value for name in names])
    matrix = np.zeros((len(names), len(names)))
    for a, b in pairs:
        i, j = names.index(a), names.index(b)
        half = found.terms[f"{a}:{b}"].value / 2
        matrix[i, j] += half
        matrix[j, i] += half
    values, axes = np.linalg.eigh(matrix)
    point = -np.linalg.pinv(matrix) @ slope / 2
    inside = all(given[n].min() <= x <= given[n].max() for n, x in zip(names, point, strict=True))
    where = dict(zip(names, point.tolist(), strict=True))
    return Surface(
        found, where, found.terms[INTERCEPT].value + float(slope @ point) / 2, values, axes, _shape(values), inside
    )


def _shape(values: Floats) -> str:
    if np.abs(values).min() < 1e-3 * np.abs(values).max():
        return "ridge"
    if (values < 0).all():
        return "maximum"
    return "minimum" if (values > 0).all() else "saddle"
