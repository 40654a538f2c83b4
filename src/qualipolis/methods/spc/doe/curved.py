"""Designs for response surfaces: central composite and Box-Behnken.

Central composite: a two-level design of resolution V (or full), 2k points on the axes at ±α, and centre points. With F
factorial runs

    rotatable    α = F^{1/4}: the variance of a prediction depends on the distance from the centre only;
    face         α = 1: three levels, inside the cube;
    inscribed    rotatable, shrunk so that the axis points lie at ±1 and the cube inside;
    blocks       α² = k (1 + c_a/2k)/(1 + c_f/F): the cube and the star are two blocks that do not disturb the effects.

Box-Behnken: ±1 in pairs (or triples) of factors, the others at 0: three levels, never all at their extremes.

Source: G. E. P. Box and K. B. Wilson (1951), J. Royal Statistical Society B 13, 1-45; G. E. P. Box and J. S. Hunter (1957),
Annals of Mathematical Statistics 28, 195-241; G. E. P. Box and D. W. Behnken (1960), Technometrics 2, 455-475.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, product
from typing import Literal, get_args

import numpy as np

from qualipolis.methods.problems import Problem, msg, refuse
from qualipolis.methods.spc.charts.result import Floats
from qualipolis.methods.spc.doe.design import Design, counted, made, names_of, stacked
from qualipolis.methods.spc.doe.screening import fractional_factorial, full_factorial

Star = Literal["rotatable", "face", "inscribed", "blocks"]
# runs of the cube of a composite design that keep two-factor interactions clear, by number of factors
HALVED = {5: 16, 6: 32, 7: 64, 8: 64, 9: 128, 10: 128}
PAIRS_4 = (((0, 1), (2, 3)), ((0, 3), (1, 2)), ((0, 2), (1, 3)))
TRIPLES = {
    6: ((0, 1, 3), (1, 2, 4), (2, 3, 5), (0, 3, 4), (1, 4, 5), (0, 2, 5)),
    7: ((3, 4, 5), (0, 5, 6), (1, 4, 6), (0, 1, 3), (2, 3, 6), (0, 2, 4), (1, 2, 5)),
}


def central_composite(
    factors: Sequence[str],
    star: Star = "rotatable",
    *,
    alpha: float | None = None,
    center: int | None = None,
    star_center: int = 0,
    fraction: bool = False,
) -> Design:
    """Return a central composite design.

    Parameters
    ----------
    factors : names, 2 to 10
    star : where the points on the axes lie
    alpha : another distance of these points from the centre; replaces that of ``star``
    center : centre points with the cube; 5 for two or three factors, 6 or 7 above, unless given
    star_center : centre points with the star, which is then a block of its own
    fraction : the smallest cube of resolution V instead of all combinations (5 factors or more)

    >>> design = central_composite("AB")
    >>> design.runs, round(float(design.conventions["alpha"]), 4)
    (13, 1.4142)
    """
    names = names_of(factors, 2, 10)
    k = len(names)
    middle = (5 if k < 4 else 7 if k == 4 else 6) if center is None else center
    for name, number in (("center", middle), ("star_center", star_center)):
        counted(name, number)
    _refuse(star, alpha, fraction, k)
    source = fractional_factorial(names, HALVED[k]) if fraction else full_factorial(dict.fromkeys(names, 2))
    cube = np.column_stack(list(source.factors.values()))
    far = _alpha(star, len(cube), k, middle, star_center) if alpha is None else float(alpha)
    inside = star == "inscribed" and alpha is None
    end = 1.0 if inside else far
    axes = np.kron(np.eye(k), np.array([[-1.0], [1.0]])) * end + 0.0
    parts = stacked([cube / far if inside else cube], middle), stacked([axes], star_center)
    apart = star == "blocks" or star_center > 0
    blocks = np.repeat([1, 2 if apart else 1], [len(part) for part in parts])
    words: dict[str, object] = {"star": "given" if alpha is not None else star, "alpha": end}
    words |= {"center": middle, "star_center": star_center, "cube": len(cube)}
    return made("central composite", names, np.concatenate(parts), words, blocks)


def _refuse(star: str, alpha: float | None, fraction: bool, k: int) -> None:
    wrong = []
    if star not in get_args(Star):
        what, remedy = msg("%(name)s is not known here."), msg("Choose one of: %(known)s.")
        params = {"name": star, "known": ", ".join(get_args(Star))}
        wrong.append(Problem("unknown_choice", what, remedy, params, "star"))
    if alpha is not None and not 0 < alpha < 100:
        wrong.append(Problem("bad_alpha", msg("The points on the axes lie away from the centre."), place="alpha"))
    if fraction and k not in HALVED:
        what = msg("A fraction that keeps interactions clear needs five factors or more.")
        wrong.append(Problem("no_fraction", what, place="fraction"))
    if not fraction and k > 8:
        what = msg("All combinations of so many factors are too many runs.")
        wrong.append(Problem("many_runs", what, msg("Use the fraction."), place="factors"))
    refuse(wrong)


def _alpha(star: str, cube: int, k: int, center: int, star_center: int) -> float:
    if star == "face":
        return 1.0
    if star == "blocks":
        return float(np.sqrt(k * (1 + star_center / (2 * k)) / (1 + center / cube)))
    return float(cube**0.25)


def box_behnken(factors: Sequence[str], *, center: int | None = None, blocks: bool = False) -> Design:
    """Return a Box-Behnken design: three levels, no run with all factors at their extremes.

    Parameters
    ----------
    factors : names, 3 to 7
    center : centre points, in each block where there are blocks; 3 for three or four factors, 6 above, unless given
    blocks : three blocks for four factors, two for five, that do not disturb the effects

    >>> box_behnken("ABC").runs, box_behnken("ABCD").runs, box_behnken("ABCDEF").runs
    (15, 27, 54)
    """
    names = names_of(factors, 3, 7)
    k = len(names)
    middle = (3 if k < 5 else 6) if center is None else center
    counted("center", middle)
    if blocks and k not in (4, 5):
        what = msg("Blocks that do not disturb the effects exist for four and for five factors.")
        refuse([Problem("bad_blocks", what, place="blocks")])
    sets = _sets(k)
    if not blocks:
        sets = (tuple(group for part in sets for group in part),)
    parts = [stacked([_corners(k, part)], middle) for part in sets]
    where = np.repeat(np.arange(1, len(parts) + 1), [len(part) for part in parts])
    return made("Box-Behnken", names, np.concatenate(parts), {"center": middle}, where)


def _sets(k: int) -> tuple[tuple[tuple[int, ...], ...], ...]:
    """Return the groups of factors that move together, by block."""
    if k == 4:
        return PAIRS_4
    if k == 5:
        ring = tuple((i, (i + 1) % 5) for i in range(5))
        return ring, tuple((i, (i + 2) % 5) for i in range(5))
    return (TRIPLES[k] if k > 5 else tuple(combinations(range(k), 2)),)


def _corners(k: int, groups: Sequence[tuple[int, ...]]) -> Floats:
    """Return all combinations of −1 and 1 within each group, the others at 0."""
    runs = []
    for group in groups:
        for signs in product((-1.0, 1.0), repeat=len(group)):
            run = np.zeros(k)
            run[list(group)] = signs[::-1]
            runs.append(run)
    return np.array(runs)
