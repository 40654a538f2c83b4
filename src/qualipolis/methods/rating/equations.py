"""The equations of a mixed model with crossed factors, with the largest factor eliminated level by level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True)
class Design:
    """Which score belongs to which level, and the sums that every solution needs. The first factor is eliminated."""

    y: Floats
    names: tuple[str, ...]
    levels: Mapping[str, tuple[str, ...]]
    codes: tuple[Ints, ...]
    first: Floats
    cross: Floats
    rest: Floats
    sums: tuple[Floats, Floats]
    starts: tuple[int, ...]
    keep: int


@dataclass(frozen=True)
class Solution:
    """Everything at one ``θ``. ``spread`` and ``joint`` are in units of the residual variance."""

    theta: Floats
    deviance: float
    gradient: Floats
    mean: float
    sigma2: float
    information: float
    effects: Mapping[str, Floats]
    spread: Mapping[str, Floats] = field(default_factory=dict)
    joint: Floats = field(default_factory=lambda: np.empty((0, 0)))
    fitted: Floats = field(default_factory=lambda: np.empty(0))
    leverage: Floats = field(default_factory=lambda: np.empty(0))


def design_of(y: Floats, factors: Mapping[str, Sequence[str]], keep: str) -> Design:
    """Return the design; the factor with the most levels comes first, but never ``keep`` when there is another."""
    sizes = {name: len(set(levels)) for name, levels in factors.items()}
    names = sorted(factors, key=lambda name: (name == keep and len(factors) > 1, -sizes[name], name))
    levels, codes = {}, []
    for name in names:
        known, code = np.unique(np.asarray(list(factors[name]), dtype=object).astype(str), return_inverse=True)
        levels[name] = tuple(str(one) for one in known)
        codes.append(np.asarray(code, dtype=np.intp).ravel())
    counts = [len(levels[name]) for name in names]
    starts = tuple(int(s) for s in np.concatenate([[0], np.cumsum(counts[1:])]))
    first = np.bincount(codes[0], minlength=counts[0]).astype(np.float64)
    cross, rest = np.zeros((counts[0], starts[-1])), np.zeros((starts[-1], starts[-1]))
    for a, start in enumerate(starts[:-1]):
        np.add.at(cross, (codes[0], start + codes[a + 1]), 1.0)
        for b, other in enumerate(starts[:-1]):
            np.add.at(rest, (start + codes[a + 1], other + codes[b + 1]), 1.0)
    ones = np.ones_like(y)
    right = np.column_stack([ones, y])
    others = [_sums(right, codes[k + 1], counts[k + 1]) for k in range(len(names) - 1)]
    sums = (_sums(right, codes[0], counts[0]), np.vstack(others) if others else np.zeros((0, 2)))
    kept = names.index(keep) if keep else -1
    return Design(y, tuple(names), levels, tuple(codes), first, cross, rest, sums, starts, kept)


def _sums(right: Floats, code: Ints, count: int) -> Floats:
    out = np.zeros((count, right.shape[1]))
    np.add.at(out, code, right)
    return out


def solve(design: Design, theta: Floats, *, full: bool = False) -> Solution:
    """Return the profiled deviance, its derivative and the effects at ``theta``; with ``full`` also what is reported."""
    n, names = len(design.y), design.names
    sizes = np.array([len(design.levels[name]) for name in names[1:]], dtype=np.intp)
    scale = np.repeat(theta[1:], sizes)
    diagonal = theta[0] ** 2 * design.first + 1.0
    c = theta[0] * design.cross * scale
    schur = scale[:, None] * design.rest * scale + np.eye(len(scale)) - c.T @ (c / diagonal[:, None])
    inverse, log_schur = _inverse(schur)
    right_first, right_rest = theta[0] * design.sums[0], scale[:, None] * design.sums[1]
    b_rest = inverse @ (right_rest - c.T @ (right_first / diagonal[:, None]))
    b_first = (right_first - c @ b_rest) / diagonal[:, None]
    apart = _unexplained(design, theta, scale, b_first[:, 0], b_rest[:, 0])
    information = float(apart @ apart + b_first[:, 0] @ b_first[:, 0] + b_rest[:, 0] @ b_rest[:, 0])
    mean = float(apart @ design.y / information)
    r2 = float(_squares(design, theta, scale, b_first, b_rest, mean))
    sigma2 = r2 / (n - 1)
    deviance = float(
        np.log(diagonal).sum() + log_schur + np.log(information) + (n - 1) * (1 + np.log(2 * np.pi * sigma2))
    )
    blocks = _blocks(design, theta, diagonal, c, inverse, b_first, b_rest, information)
    effects = _effects(design, theta, scale, b_first, b_rest, mean)
    gradient = _gradient(theta, blocks, effects, names, r2, n)
    found = Solution(theta, deviance, gradient, mean, sigma2, information, effects)
    return _full(design, found, scale, diagonal, c, inverse, b_first, b_rest, blocks) if full else found


def _inverse(matrix: Floats) -> tuple[Floats, float]:
    if not len(matrix):
        return matrix, 0.0
    from scipy.linalg import cho_factor, cho_solve

    factor = cho_factor(matrix, lower=True)
    return np.asarray(cho_solve(factor, np.eye(len(matrix)))), 2.0 * float(np.log(np.diag(factor[0])).sum())


def _unexplained(design: Design, theta: Floats, scale: Floats, b_first: Floats, b_rest: Floats) -> Floats:
    """Return ``1 - ZΛb``: what the factors leave of the constant."""
    out = 1.0 - (theta[0] * b_first)[design.codes[0]]
    for k, start in enumerate(design.starts[:-1]):
        out = out - (scale * b_rest)[start + design.codes[k + 1]]
    return np.asarray(out)


def _squares(design: Design, theta: Floats, scale: Floats, b_first: Floats, b_rest: Floats, mean: float) -> float:
    """Return the penalised residual sum of squares; it is summed from residuals, which loses no digits."""
    u_first, u_rest = b_first @ [-mean, 1.0], b_rest @ [-mean, 1.0]
    residual = design.y - mean - 1.0 + _unexplained(design, theta, scale, u_first, u_rest)
    return float(residual @ residual + u_first @ u_first + u_rest @ u_rest)


def _effects(
    design: Design, theta: Floats, scale: Floats, b_first: Floats, b_rest: Floats, mean: float
) -> dict[str, Floats]:
    rest = scale * (b_rest @ [-mean, 1.0])
    parts = [theta[0] * (b_first @ [-mean, 1.0])]
    parts += [rest[a:b] for a, b in zip(design.starts, design.starts[1:], strict=False)]
    return dict(zip(design.names, parts, strict=True))


def _blocks(
    design: Design,
    theta: Floats,
    diagonal: Floats,
    c: Floats,
    inverse: Floats,
    b_first: Floats,
    b_rest: Floats,
    information: float,
) -> list[tuple[Floats, Floats]]:
    """Return for each factor the diagonals of ``A⁻¹``, without and with the uncertainty of the mean."""
    scaled = c / diagonal[:, None]
    first = 1.0 / diagonal + np.einsum("ij,jk,ik->i", scaled, inverse, scaled, optimize=True)
    rest = np.diag(inverse)
    plain = [first, *(rest[a:b] for a, b in zip(design.starts, design.starts[1:], strict=False))]
    moved = [b_first[:, 0], *(b_rest[a:b, 0] for a, b in zip(design.starts, design.starts[1:], strict=False))]
    return [(p, p + m**2 / information) for p, m in zip(plain, moved, strict=True)]


def _gradient(
    theta: Floats,
    blocks: list[tuple[Floats, Floats]],
    effects: Mapping[str, Floats],
    names: Sequence[str],
    r2: float,
    n: int,
) -> Floats:
    """Return the derivative in ``θ``: ``(2/θ)(q - tr - (n - 1)|u|²/(θ² r²))``, and 0 where ``θ`` is 0 (it is even in it)."""
    out = np.zeros(len(theta))
    for k, name in enumerate(names):
        if theta[k] > 0:
            trace, u = float(np.sum(1.0 - blocks[k][1])), effects[name]
            out[k] = 2.0 / theta[k] * (trace - (n - 1) * float(u @ u) / (theta[k] ** 2 * r2))
    return out


def _full(
    design: Design,
    found: Solution,
    scale: Floats,
    diagonal: Floats,
    c: Floats,
    inverse: Floats,
    b_first: Floats,
    b_rest: Floats,
    blocks: list[tuple[Floats, Floats]],
) -> Solution:
    theta, n = found.theta, len(design.y)
    first, reach = design.codes[0], np.zeros((n, len(scale)))
    fitted = np.full(n, found.mean) + found.effects[design.names[0]][first]
    moved = np.ones(n) - theta[0] * b_first[first, 0]
    for k, start in enumerate(design.starts[:-1]):
        code = start + design.codes[k + 1]
        reach[np.arange(n), code] = scale[code]
        fitted += found.effects[design.names[k + 1]][design.codes[k + 1]]
        moved -= scale[code] * b_rest[code, 0]
    reach -= theta[0] * (c / diagonal[:, None])[first]
    leverage = (
        theta[0] ** 2 / diagonal[first] + np.sum((reach @ inverse) * reach, axis=1) + moved**2 / found.information
    )
    spread = {m: theta[k] ** 2 * blocks[k][0] for k, m in enumerate(design.names)}
    joint = _joint(design, theta, inverse, b_first, b_rest, blocks, found.information)
    return Solution(
        theta, found.deviance, found.gradient, found.mean, found.sigma2, found.information, found.effects, spread, joint,
        fitted, leverage,
    )  # fmt: skip


def _joint(
    design: Design,
    theta: Floats,
    inverse: Floats,
    b_first: Floats,
    b_rest: Floats,
    blocks: list[tuple[Floats, Floats]],
    information: float,
) -> Floats:
    """Return the covariance of the prediction errors of the kept factor, the mean estimated too."""
    if design.keep < 0:
        return np.empty((0, 0))
    if design.keep == 0:  # the only factor: its levels share nothing but the mean
        moved = b_first[:, 0]
        return np.asarray(theta[0] ** 2 * (np.diag(blocks[0][0]) + np.outer(moved, moved) / information))
    a, b = design.starts[design.keep - 1], design.starts[design.keep]
    block = inverse[a:b, a:b] + np.outer(b_rest[a:b, 0], b_rest[a:b, 0]) / information
    return np.asarray(theta[design.keep] ** 2 * block)
