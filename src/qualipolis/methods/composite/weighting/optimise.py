"""Weights that make influence what it should be: correlations with the aggregate as targets.

The reference stops at a relative tolerance of 0.1, gives negative weights when that is tightened, and reports the last
point it tried (D8). Here several starts (the weights in force, equal, and seeded random ones) are followed to tight
tolerances, weights are not negative unless ``nonnegative=False`` asks for it, the correlations reported are those at the
optimum, and a target that cannot be met is said to be missed. Targets go by code, never by order.

Sources: Becker, Saisana, Paruolo and Vandecasteele (2017), Ecological Indicators 80; Becker et al. (2022) COINr.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from qualipolis.methods.composite.analysis.selection import family
from qualipolis.methods.composite.data import Floats
from qualipolis.methods.composite.framework import unknown_code
from qualipolis.methods.composite.result import CompositeResult
from qualipolis.methods.composite.steps import choice_problem
from qualipolis.methods.composite.weighting.influence import Influence
from qualipolis.methods.problems import InputError, Problem, msg

if TYPE_CHECKING:
    import polars as pl

KINDS = ("balance", "infomax")
MET = 1e-6
"""A target is met when every share of correlation is this near to it."""


@dataclass(frozen=True, eq=False, repr=False)
class OptimisedWeights:
    """What :func:`optimised_weights` returns.

    ``weights`` sum to 1 in each family and are ready for ``Weigh(weights=...)`` when none is negative; ``desired`` and
    ``obtained`` are shares of the correlations (``desired`` NaN for ``infomax``), ``correlation`` those with the node at
    the optimum; ``objective`` is the log of the mean squared difference of the shares (-inf when they are equal but for
    rounding), or minus the sum of the correlations; ``met`` whether the target is reached.
    """

    node: str
    kind: str
    codes: tuple[str, ...]
    weights: Mapping[str, float]
    desired: Floats
    obtained: Floats
    correlation: Floats
    objective: float
    converged: bool
    met: bool
    evaluations: int
    problems: tuple[Problem, ...]

    def to_frame(self) -> pl.DataFrame:
        """Return one line for each node: node, weight, desired, obtained, correlation."""
        import polars as pl

        table = {"node": self.codes, "weight": list(self.weights.values())}
        frame = pl.DataFrame(
            table | {"desired": self.desired, "obtained": self.obtained, "correlation": self.correlation}
        )
        return frame.with_columns(pl.selectors.float().fill_nan(None))

    def __repr__(self) -> str:
        state = "target met" if self.met else "target missed"
        return f"OptimisedWeights({self.kind}, {len(self.codes)} nodes for {self.node}, {state})"


def optimised_weights(
    result: CompositeResult,
    node: str | None = None,
    level: int | None = None,
    target: str | Mapping[str, float] = "equal",
    kind: str = "balance",
    nonnegative: bool = True,
    starts: int = 8,
    seed: int = 0,
) -> OptimisedWeights:
    r"""Return the weights of some nodes that give them the wanted influence on an aggregate.

    .. math:: balance: \min_w \sum_i \left(\frac{r_i(w)}{\sum_j r_j(w)} - t_i\right)^2 \qquad
              infomax: \max_w \sum_i r_i(w)

    with :math:`r_i` the correlation of node i with the aggregate under weights w; all other weights stay as they are.

    ``node`` is by default the only root, ``level`` that of its children; ``target`` is ``"equal"`` or code -> wanted share
    (above 0, for every node); ``infomax`` has none. InputError for an unknown node or code, no node with several roots,
    fewer than 2 nodes to weigh, a target missing or not above 0, and a node without variation.

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, Framework, IndicatorData, Node
    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> rows = [[1, 5], [2, 5.1], [3, 9], [4, 5.2], [5, 5.3]]
    >>> result = DEFAULT_PIPELINE.run(fw, IndicatorData(("t", "u", "v", "w", "x"), ("a", "b"), rows))
    >>> found = optimised_weights(result)
    >>> found.obtained.round(6).tolist(), found.met
    ([0.5, 0.5], True)
    """
    if kind not in KINDS:
        raise InputError([choice_problem("optimised_weights", "kind", kind, KINDS)])
    top = _top(result, node)
    codes = family(result.framework, level, top)
    if len(codes) < 2:
        raise InputError([_too_few(top)])
    wanted = _target(codes, target) if kind == "balance" else np.full(len(codes), np.nan)
    influence = Influence(result, top, codes)
    if influence.constant:
        raise InputError([_constant(code) for code in influence.constant])
    return _reported(influence, _best(influence, wanted, kind, nonnegative, starts, seed), wanted, kind)


def _reported(influence: Influence, best: _Point, wanted: Floats, kind: str) -> OptimisedWeights:
    codes, top = influence.codes, influence.node
    correlation = influence(best.weights)
    obtained = correlation / correlation.sum()
    met = kind == "infomax" or bool(np.abs(obtained - wanted).max() <= MET)
    weights = dict(zip(codes, best.weights.tolist(), strict=True))
    objective = _objective(correlation, wanted, kind)
    problems = tuple(_problems(weights, wanted, obtained, best.converged, met))
    numbers = (wanted, obtained, correlation, objective)
    return OptimisedWeights(top, kind, codes, weights, *numbers, best.converged, met, best.evaluations, problems)


@dataclass(frozen=True, eq=False)
class _Point:
    weights: Floats
    value: float
    converged: bool
    evaluations: int


def _best(influence: Influence, wanted: Floats, kind: str, nonnegative: bool, starts: int, seed: int) -> _Point:
    rng = np.random.default_rng(seed)
    begin = [influence.current, influence.shared(np.ones(len(influence.codes)))]
    begin += [influence.shared(rng.exponential(size=len(influence.codes))) for _ in range(max(starts - 2, 0))]
    found: _Point | None = None
    evaluations = 0
    for weights in begin:
        point = _follow(influence, wanted, kind, nonnegative, weights)
        evaluations += point.evaluations
        if found is None or point.value < found.value - 1e-15:
            found = point
        if kind == "balance" and found.value < 1e-28:
            break
    assert found is not None
    return _Point(found.weights, found.value, found.converged, evaluations)


def _follow(influence: Influence, wanted: Floats, kind: str, nonnegative: bool, weights: Floats) -> _Point:
    """Follow one start down, then set weights that are as good as 0 to 0 and follow again."""
    point = _descend(influence, wanted, kind, nonnegative, weights)
    small = point.weights < 1e-5
    if nonnegative and small.any():
        trial = influence.shared(np.where(small, 0.0, point.weights))
        again = _descend(influence, wanted, kind, nonnegative, trial, ~small)
        if again.value <= point.value + 1e-12:
            return _Point(again.weights, again.value, again.converged, point.evaluations + again.evaluations)
    return point


def _descend(
    influence: Influence,
    wanted: Floats,
    kind: str,
    nonnegative: bool,
    weights: Floats,
    free: np.ndarray[tuple[int, ...], np.dtype[np.bool_]] | None = None,
) -> _Point:
    from scipy.optimize import least_squares

    moves = np.flatnonzero(np.ones(len(weights), dtype=bool) if free is None else free)
    spread: Callable[[Floats], Floats] = influence.spread(weights, moves, nonnegative)
    start = influence.gather(weights, moves, nonnegative)
    if not len(start):
        return _Point(weights, _value(influence(weights), wanted, kind), True, 1)
    low = 0.0 if nonnegative else -np.inf
    if kind == "balance":
        answer = least_squares(
            lambda x: _residual(influence(spread(x)), wanted),
            np.maximum(start, 1e-9) if nonnegative else start,
            jac=lambda x: _slopes(lambda rows: _residual(influence(rows), wanted), spread, x),
            bounds=(low, np.inf),
            xtol=1e-15,
            ftol=1e-15,
            gtol=1e-15,
            max_nfev=400,
        )
        found = spread(np.asarray(answer.x))
        return _Point(found, _value(influence(found), wanted, kind), bool(answer.status > 0), int(answer.nfev))
    return _ascend(influence, spread, start, low)


def _ascend(influence: Influence, spread: Callable[[Floats], Floats], start: Floats, low: float) -> _Point:
    from scipy.optimize import minimize

    def loss(x: Floats) -> float:
        return -float(np.nan_to_num(influence(spread(x)), nan=-1.0).sum())

    def slope(x: Floats) -> Floats:
        gain: Floats = _slopes(lambda rows: np.nan_to_num(influence(rows), nan=-1.0).sum(axis=-1)[:, None], spread, x)[
            0
        ]
        return -gain

    options: Any = {"ftol": 1e-15, "gtol": 1e-9, "maxiter": 500, "maxfun": 20000}
    answer: Any = minimize(
        loss, start, jac=slope, method="L-BFGS-B", bounds=[(low, np.inf)] * len(start), options=options
    )
    found = spread(np.asarray(answer.x))
    # at this tolerance a line search that can go no lower is an end, not a failure
    ended = bool(answer.success) or "ABNORMAL" in str(answer.message)
    return _Point(found, -float(influence(found).sum()), ended, int(answer.nfev))


def _residual(correlation: Floats, wanted: Floats) -> Floats:
    """Return how far the shares of (..., nodes) correlations are from those wanted; far off where they mean nothing."""
    total = correlation.sum(axis=-1, keepdims=True)
    known = np.abs(total) > 1e-12
    with np.errstate(invalid="ignore"):
        share = correlation / np.where(known, total, 1.0) - wanted
    return np.where(known & np.isfinite(share), share, 1e3)


def _slopes(function: Callable[[Floats], Floats], spread: Callable[[Floats], Floats], x: Floats) -> Floats:
    """Return the derivatives (results, x) by forward differences, all in one call."""
    step = 1.5e-8 * np.maximum(np.abs(x), 1.0)
    rows = np.array([spread(x)] + [spread(x + step[i] * (np.arange(len(x)) == i)) for i in range(len(x))])
    values = function(rows)
    slopes: Floats = ((values[1:] - values[0]) / step[:, None]).T
    return slopes


def _value(correlation: Floats, wanted: Floats, kind: str) -> float:
    if kind == "infomax":
        return -float(correlation.sum())
    return float((_residual(correlation, wanted) ** 2).mean())


def _objective(correlation: Floats, wanted: Floats, kind: str) -> float:
    value = _value(correlation, wanted, kind)
    if kind == "infomax":
        return value
    exact = np.abs(_residual(correlation, wanted)).max() <= 1e-14
    return float("-inf") if exact else float(np.log(value))


def _top(result: CompositeResult, node: str | None) -> str:
    if node is not None:
        result.framework.index(node)
        return node
    if len(result.framework.roots) == 1:
        return result.framework.roots[0]
    raise InputError(
        [
            Problem(
                "several_roots",
                msg("The framework has several roots: %(roots)s."),
                msg("Say which node the weights are for."),
                {"roots": ", ".join(result.framework.roots)},
            )
        ]
    )


def _target(codes: tuple[str, ...], target: str | Mapping[str, float]) -> Floats:
    if isinstance(target, str):
        if target != "equal":
            raise InputError([choice_problem("optimised_weights", "target", target, ("equal",))])
        return np.full(len(codes), 1 / len(codes))
    errors = [unknown_code(code) for code in target if code not in codes]
    errors += [_bad_target(code) for code in codes if not target.get(code, 0.0) > 0]
    if errors:
        raise InputError(errors)
    values = np.array([target[code] for code in codes], dtype=np.float64)
    return values / values.sum()


def _bad_target(code: str) -> Problem:
    return Problem(
        "bad_target",
        msg("%(node)s has no wanted share above 0."),
        msg("Give every node a share above 0, by its code."),
        {"node": code},
    )


def _too_few(node: str) -> Problem:
    return Problem(
        "nothing_to_weigh",
        msg("There are fewer than two nodes to weigh for %(node)s."),
        msg("Choose a level that has more."),
        {"node": node},
    )


def _constant(code: str) -> Problem:
    return Problem(
        "no_variation",
        msg("%(node)s has the same score for every unit, or none: it has no correlation to aim at."),
        msg("Leave it out, or check its data."),
        {"node": code},
    )


def _problems(
    weights: Mapping[str, float], wanted: Floats, obtained: Floats, converged: bool, met: bool
) -> Iterator[Problem]:
    codes = tuple(weights)
    if not converged:
        yield _warning("not_converged", msg("The search for weights stopped early."), msg("Use more starts."), {})
    if not met:
        worst = int(np.argmax(np.abs(obtained - wanted)))
        who = {"node": codes[worst], "wanted": 100 * float(wanted[worst]), "got": 100 * float(obtained[worst])}
        what = msg("The wanted influence cannot be reached: %(node)s gets %(got).1f %% instead of %(wanted).1f %%.")
        yield _warning("target_missed", what, msg("The data do not allow it: change the set or the target."), who)
    for code, weight in weights.items():
        if weight < 0:
            what = msg("%(node)s would need a negative weight (%(weight).2f).")
            yield _warning(
                "negative_weight",
                what,
                msg("Check its direction; such a weight cannot be published."),
                {"node": code, "weight": weight},
            )
        elif weight == 0:
            what = msg("%(node)s gets weight 0: it would no longer count.")
            yield _warning("weight_of_zero", what, msg("Decide whether it is needed."), {"node": code})


def _warning(code: str, what: str, remedy: str, who: Mapping[str, object]) -> Problem:
    return Problem(code, what, remedy, who, severity="warning")
