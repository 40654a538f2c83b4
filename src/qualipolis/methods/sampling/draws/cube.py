"""The cube method: a draw of unequal probabilities that also balances totals of known variables."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations_with_replacement, product

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.draws.probabilities import check_pi
from qualipolis.methods.sampling.draws.unequal import CLOSE, Sampler, pick, shuffled

Numbers = NDArray[np.float64]
Places = NDArray[np.intp]
FEW = 8


def cube(pi: ArrayLike, balance: ArrayLike) -> Sampler:
    """Return a sampler whose draws nearly reproduce the totals of balancing variables.

    Flight: in random order, with one unit more than variables at a time, a step along a direction that keeps every
    ``sum x_k / pi_k`` until a unit is decided. Landing: the few units left are decided by the linear programme that costs
    least in balance. Put ``pi`` itself among the variables to keep the number of units fixed. Inclusion probabilities
    are exact. The stream of uniforms gives the order first, then one number for each step.

    Parameters
    ----------
    pi : (N,) inclusion probabilities
    balance : (N, q) balancing variables, without missing values

    Raises
    ------
    InputError
        probabilities outside [0, 1]; variables of another length or with gaps

    References
    ----------
    J.-C. Deville and Y. Tillé (2004), Biometrika 91, 893-912; G. Chauvet and Y. Tillé (2006), Computational Statistics 21,
    53-61 (fast flight).

    >>> from qualipolis.methods.sampling.draws.tickets import stream
    >>> pi = np.full(8, 0.5)
    >>> x = np.column_stack([pi, [1.0, 1, 2, 2, 3, 3, 4, 4]])
    >>> drawn = cube(pi, x)(stream("2026-11-22"))
    >>> len(drawn), float(x[drawn, 1].sum() / 0.5)
    (4, 20.0)
    """
    p, x = check_pi(pi, whole=False), np.asarray(balance, dtype=np.float64)
    if x.ndim != 2 or len(x) != len(p) or not bool(np.isfinite(x).all()):
        what, remedy = (
            msg("The balancing variables have gaps or another number of rows."),
            msg("Give one row without gaps for each unit."),
        )
        raise InputError([Problem("bad_balance", what, remedy, place="balance")])
    scaled = np.divide(x, p[:, None], out=np.zeros_like(x), where=p[:, None] > 0)
    spread = np.abs(scaled).max(axis=0)
    scaled = scaled / np.where(spread > 0, spread, 1.0)

    def draw(numbers: Iterator[float]) -> Places:
        now = p.copy()
        order = shuffled(len(p), numbers)
        order = order[(now[order] > CLOSE) & (now[order] < 1.0 - CLOSE)]
        left = _flight(now, scaled, order, numbers)
        _landing(now, scaled, left, numbers)
        return np.flatnonzero(now > 0.5)

    return draw


def _flight(now: Numbers, x: Numbers, order: Places, numbers: Iterator[float]) -> Places:
    """Decide units until no direction keeps the balance; return those left."""
    width = x.shape[1] + 1
    active, coming = list(order[:width]), iter(order[width:])
    while active:
        direction = _direction(x[active])
        if direction is None:
            break
        _step(now, active, direction, next(numbers))
        kept = [k for k in active if CLOSE < now[k] < 1.0 - CLOSE]
        active = kept + [k for _, k in zip(range(width - len(kept)), coming, strict=False)]
    for k in range(len(now)):
        if now[k] <= CLOSE or now[k] >= 1.0 - CLOSE:
            now[k] = round(float(now[k]))
    return np.array(active, dtype=np.intp)


def _direction(x: Numbers) -> Numbers | None:
    """Return a direction v with ``v'x = 0``, or None."""
    _, sizes, rows = np.linalg.svd(x.T, full_matrices=True)
    rank = int((sizes > 1e-9 * max(float(sizes[0]), 1e-300)).sum())
    direction: Numbers = rows[-1]
    return None if rank >= len(x) else direction


def _step(now: Numbers, active: list[int], v: Numbers, u: float) -> None:
    """Go along a direction, forwards or backwards, until a unit is decided; the mean of both is where we are."""
    p = now[active]
    moving = np.abs(v) > 1e-12
    up = np.where(v > 0, 1.0 - p, p)[moving] / np.abs(v[moving])
    down = np.where(v > 0, p, 1.0 - p)[moving] / np.abs(v[moving])
    forward, backward = float(up.min()), float(down.min())
    step = forward if u * (forward + backward) < backward else -backward
    now[active] = np.clip(p + step * v, 0.0, 1.0)


def _landing(now: Numbers, x: Numbers, left: Places, numbers: Iterator[float]) -> None:
    """Decide the last units by the design on their samples with these probabilities that costs least."""
    if not len(left):
        return
    while len(left) > FEW:
        direction = _direction(x[left][:, : len(left) - 1])
        if direction is None:
            break
        _step(now, left.tolist(), direction, next(numbers))
        left = left[(now[left] > CLOSE) & (now[left] < 1.0 - CLOSE)]
    p = now[left]
    samples = np.array(list(product((0.0, 1.0), repeat=len(left))))
    total = float(p.sum())
    samples = samples[np.abs(samples.sum(axis=1) - total) < 1.0 - 1e-9] if len(left) else samples
    design = _cheapest(samples, p, _costs(samples, p, x, left))
    now[left] = samples[pick(design, next(numbers))]


def _costs(samples: Numbers, p: Numbers, x: Numbers, left: Places) -> Numbers:
    """Return the squared loss of balance of each sample, in units of the variables' own products."""
    loss = (samples - p) @ x[left]
    gram = np.linalg.pinv(x.T @ x)
    costs: Numbers = np.einsum("ij,jk,ik->i", loss, gram, loss)
    return costs


def _cheapest(samples: Numbers, p: Numbers, costs: Numbers) -> Numbers:
    """Return probabilities of samples with inclusion probabilities p and the smallest expected cost."""
    from scipy.optimize import linprog

    equal = np.vstack([samples.T, np.ones(len(samples))])
    found = linprog(costs, A_eq=equal, b_eq=np.append(p, 1.0), bounds=(0, None), method="highs")
    design: Numbers = np.maximum(np.asarray(found.x), 0.0)
    return design


def squares(x: ArrayLike) -> Numbers:
    """Return variables with their squares and products, to balance second moments as well.

    >>> squares([[2.0, 3.0]]).tolist()
    [[2.0, 3.0, 4.0, 6.0, 9.0]]
    """
    columns = np.asarray(x, dtype=np.float64)
    pairs = combinations_with_replacement(range(columns.shape[1]), 2)
    return np.column_stack([columns, *(columns[:, i] * columns[:, j] for i, j in pairs)])
