"""How the framework of a run holds together: correlations, one dimension or many, size, weight against influence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from qualipolis.city.assess.analysis_basis import Basis
from qualipolis.city.assess.analysis_robustness import plain
from qualipolis.lake.release.format import problem_to_dict
from qualipolis.lake.release.robustness import curved
from qualipolis.methods.composite import (
    CompositeResult,
    IndicatorData,
    denominator_correlations,
    main_effects,
    shapley_importance,
)
from qualipolis.methods.composite.analysis import (
    bartlett_sphericity,
    correlation_advice,
    correlation_matrix,
    cronbach_alpha,
    implicit_weights,
    principal_components,
    sampling_adequacy,
)
from qualipolis.methods.problems import InputError

Step = Callable[[int], None]
STEPS = 3
BOOTSTRAP, FEWER = 100, 60
MANY_CELLS = 20_000


def structure(found: Basis, sizes: IndicatorData | None, step: Step = lambda done: None) -> dict[str, Any]:
    """Return everything the page of the framework says, as plain values.

    Parameters
    ----------
    found : the run
    sizes : its raw values with the sizes of the units as denominators, where they are known
    step : told how many of ``STEPS`` parts are done
    """
    result = found.result
    step(0)
    said: dict[str, Any] = {"units": len(result.units), "indicators": len(result.framework.indicators)}
    said |= {"correlations": _correlations(result), "families": list(_families(result))}
    step(1)
    said |= {"importance": list(_importance(result)), "sizes": _sizes(sizes)}
    step(2)
    told = [*correlation_advice(result), *implicit_weights(result, factor=3.0).problems]
    said["problems"] = [problem_to_dict(problem) for problem in told]
    step(STEPS)
    return said


def _correlations(result: CompositeResult) -> dict[str, Any]:
    """The matrix over the indicators after normalising: lower half, row by row."""
    tree = result.framework
    found = correlation_matrix(result, codes=list(tree.indicators))
    rows = [[plain(found.r[i, k]) for k in range(i)] for i in range(len(found.codes))]
    lower = found.r[np.tril_indices(len(found.codes), -1)]
    return {
        "codes": list(found.codes), "r": rows, "pairs": len(lower),
        "strong": int((np.abs(np.nan_to_num(lower)) >= 0.9).sum()), "negative": int((np.nan_to_num(lower) <= -0.4).sum()),
    }  # fmt: skip


def _families(result: CompositeResult) -> Iterator[dict[str, Any]]:
    """Yield alpha, KMO, Bartlett's p and the share of the first component for the children of every aggregate."""
    tree = result.framework
    for parent in reversed(tree.upward):
        children = list(tree.children(parent))
        line: dict[str, Any] = {"node": parent, "level": tree.node(parent).level, "children": len(children)}
        line |= dict.fromkeys(("n", "alpha", "kmo", "bartlett", "first"))
        if len(children) > 1:
            values = np.stack([result.score(child) for child in children], axis=1)
            line |= _family(values)
        yield line


def _family(values: np.ndarray) -> dict[str, Any]:
    """What can be said of one family; None where it cannot be computed."""
    said: dict[str, Any] = {"alpha": plain(cronbach_alpha(values).alpha)}
    try:
        adequacy = sampling_adequacy(values)
        said |= {"kmo": plain(adequacy.overall), "bartlett": plain(bartlett_sphericity(values).p), "n": adequacy.n}
        components = principal_components(values)
        said |= {"first": plain(components.explained[0]), "n": components.n}
    except InputError:
        pass  # too few columns that vary: the page says so
    return said


def _importance(result: CompositeResult) -> Iterator[dict[str, Any]]:
    """Yield main effect with its interval and Shapley share beside the weight, for each child of each aggregate."""
    times = FEWER if result.scores.shape[0] * len(result.framework.indicators) > MANY_CELLS else BOOTSTRAP
    for node in reversed(result.framework.upward):
        if len(result.framework.children(node)) < 2:
            continue
        try:
            effects = main_effects(result, node, bootstrap=times)
            shapley = shapley_importance(result, node).shares
        except InputError:
            continue
        bent = curved(result, node)
        for k, child in enumerate(effects.children):
            ends = [plain(v) for v in effects.effects[:, k]] if bent else [None, None, None]
            yield {
                "node": node, "child": child, "weight": plain(effects.weights[k]), "effect": ends[0], "low": ends[1],
                "high": ends[2], "linear": plain(effects.linear[k]), "shapley": plain(shapley[k]), "n": effects.used[k],
            }  # fmt: skip


def _sizes(sizes: IndicatorData | None) -> list[dict[str, Any]]:
    """How each indicator goes with the size of the unit, the strongest first."""
    if sizes is None:
        return []
    frame = denominator_correlations(sizes, threshold=0.0)
    rows = [
        {"code": code, "size": size, "r": plain(r), "n": int(n)}
        for code, size, r, n in frame.select("indicator", "denominator", "correlation", "n").iter_rows()
    ]
    return sorted(rows, key=lambda row: -abs(row["r"] or 0.0))
