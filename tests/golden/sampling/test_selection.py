"""Every case of the reference on selection and allocation is computed again; a case without a check fails."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from qualipolis.methods.sampling.design import allocation, sizes
from qualipolis.methods.sampling.design.bethel import bethel
from qualipolis.methods.sampling.draws.cube import cube
from qualipolis.methods.sampling.draws.expansion import expand
from qualipolis.methods.sampling.draws.joint import joint_probabilities
from qualipolis.methods.sampling.draws.probabilities import inclusion_probabilities
from qualipolis.methods.sampling.draws.tickets import stream
from qualipolis.methods.sampling.draws.unequal import sampler

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "golden" / "sampling"
Case = dict[str, Any]


def cases() -> list[Case]:
    file = FOLDER / "selection.json"
    return json.loads(file.read_text(encoding="utf-8"))["cases"] if file.is_file() else []


IDS = [case["id"] for case in cases()] or ["absent"]


@pytest.mark.parametrize("identifier", IDS)
def test_it_agrees_with_the_reference(shared: Path, identifier: str) -> None:
    case = next(case for case in cases() if case["id"] == identifier)
    check = CHECKS.get(case["fn"])
    assert check is not None, f"nothing checks {case['fn']}"
    check(case["args"], case["expected"])


def column(args: Case, name: str) -> np.ndarray:
    return pl.read_csv(FOLDER / "data" / Path(args["csv"]).name)[name].to_numpy()


def inclusion(args: Case, expected: Case) -> None:
    x = column(args, args["size"]) if "csv" in args else args["x"]
    found = inclusion_probabilities(x, args["n"])
    np.testing.assert_allclose(found.pi, expected["pik"], rtol=1e-8, atol=1e-11)
    assert found.n_certainty == expected.get("n_certainty", found.n_certainty)


def strata_srs(args: Case, expected: Case) -> None:
    strata = np.array(args["strata"])
    pi = np.empty(len(strata))
    for label, n in zip(np.unique(strata), args["nh"], strict=True):
        inside = strata == label
        pi[inside] = inclusion_probabilities(np.ones(inside.sum()), n).pi
    np.testing.assert_allclose(pi, expected["pik"], rtol=1e-8)


def joint(method: str) -> Callable[[Case, Case], None]:
    def check(args: Case, expected: Case) -> None:
        # The reference stops the iteration of maxentropy at 1e-6; asked to do so too, we agree to 1e-8.
        found = joint_probabilities(method, args["pik"], 1e-6)
        np.testing.assert_allclose(found, expected["pi2"], rtol=1e-8, atol=1e-10)

    return check


NAMES = {
    "UPbrewer": "brewer",
    "UPpivotal": "pivotal",
    "UPrandompivotal": "random_pivotal",
    "UPsystematic": "systematic",
    "UPmaxentropy": "maxentropy",
    "UPtille": "tille",
    "UPsampford": "sampford",
    "UPminimalsupport": "minimal_support",
    "UPrandomsystematic": "random_systematic",
}


def pair_frequencies(method: str, pi: np.ndarray, repetitions: int) -> tuple[np.ndarray, set[int]]:
    draw, numbers, found, taken = sampler(method, pi), stream("reference"), np.zeros((len(pi), len(pi))), set()
    for _ in range(repetitions):
        places = draw(numbers)
        found[np.ix_(places, places)] += 1
        taken.add(len(places))
    return found / repetitions, taken


def monte_carlo(args: Case, expected: Case) -> None:
    pi, repetitions = np.array(args["pik"]), 4000
    found, taken = pair_frequencies(NAMES[args["method"]], pi, repetitions)
    reference = np.array(expected["pi2_mc"])
    error = 4.5 * np.sqrt(reference * (1 - reference) * (1 / repetitions + 1 / expected["R"]))
    assert (np.abs(found - reference) <= error + 1e-12).all()
    own = 4.5 * np.sqrt(pi * (1 - pi) / repetitions)
    assert (np.abs(np.diag(found) - pi) <= own).all()
    assert taken == {expected["size_min"]} == {expected["size_max"]}


def cube_balance(args: Case, expected: Case) -> None:
    pi = inclusion_probabilities(column(args, args["size"]), args["n"]).pi
    x = np.column_stack([pi if name == "pik" else column(args, name) for name in args["balance"]])
    draw, numbers, deviations = cube(pi, x), stream("reference"), []
    for _ in range(60):
        places = draw(numbers)
        assert len(places) == expected["size_unique"]
        deviations.append((x[places] / pi[places][:, None]).sum(axis=0) / x[pi > 0].sum(axis=0) - 1)
    spread = np.std(deviations, axis=0)
    # A standard deviation of 60 draws has a relative error of 9 %, the reference's own of 3.5 %.
    assert (spread[1:] < np.array(expected["rel_dev_sd"])[1:] * 1.45).all()
    assert (spread[1:] < 0.5 * np.array(expected["maxentropy_rel_dev_sd"])[1:]).all()
    assert abs(deviations[0][0]) < 1e-9


def horvitz(args: Case, expected: Case) -> None:
    found = expand(args["y"], args["pik"], args["N"])
    assert found.total == pytest.approx(expected["ht"], rel=1e-8)
    assert found.hajek_total == pytest.approx(expected["hajek_total"], rel=1e-8)
    assert found.hajek_mean == pytest.approx(expected["hajek_mean"], rel=1e-8)
    assert found.variance == pytest.approx(expected["var_deville1"], rel=1e-8)


def allocated(args: Case, expected: Case) -> None:
    size, spread, n = args["N"], args["S"], args["n"]
    exact = allocation.optimal(size, spread, n, args["min"], args["max"])
    assert exact.total == n and (exact.n >= args["min"]).all() and (exact.n <= args["max"]).all()
    assert exact.variance == pytest.approx(expected["var_total_integer"], rel=1e-8)
    boxed = allocation.neyman(size, spread, n, args["min"], args["max"])
    np.testing.assert_allclose(boxed.n, expected["neyman_boxed_real"], rtol=1e-8)
    assert boxed.variance == pytest.approx(expected["var_total_boxed"], rel=1e-8)
    free = allocation.neyman(size, spread, n, most=np.full(len(size), np.inf))
    np.testing.assert_allclose(free.n, expected["neyman_unbounded"], rtol=1e-8)
    np.testing.assert_allclose(allocation.proportional(size, n).n, expected["proportional"], rtol=1e-8)


def costed(args: Case, expected: Case) -> None:
    found = allocation.for_budget(args["N"], args["S"], args["ch"], args["cost"])
    np.testing.assert_allclose(found.n, expected["nh"], rtol=1e-8)


def many_variables(args: Case, expected: Case) -> None:
    strata, targets = args["strata"], [args["errors"][0][f"CV{j}"] for j in (1, 2)]
    means = [[s["M1"], s["M2"]] for s in strata]
    spreads = [[s["S1"], s["S2"]] for s in strata]
    found = bethel([s["N"] for s in strata], means, spreads, targets, [s["cost"] for s in strata], args["min"])
    np.testing.assert_allclose(found.n, expected["real"], rtol=1e-6)
    assert found.total == pytest.approx(expected["total_real"], rel=1e-6)
    assert np.ceil(found.n).tolist() == expected["integer"] and np.ceil(found.n).sum() == expected["total_integer"]


def by_cv(args: Case, expected: Case) -> None:
    assert sizes.n_for_cv(args["CV0"], args["CVpop"], args.get("N")) == pytest.approx(expected["n"], rel=1e-8)


def by_margin(args: Case, expected: Case) -> None:
    found = sizes.n_for_margin(args["p"], args["moe"], 1 - args["alpha"], args["N"])
    assert found == pytest.approx(expected["n"], rel=1e-8)


def by_wilson(args: Case, expected: Case) -> None:
    n = sizes.n_for_wilson(args["p"], args["moe"], 1 - args["alpha"])
    assert n == pytest.approx(expected["n"], rel=1e-8)
    low, high = expected["ci"]
    assert high - low == pytest.approx(2 * args["moe"], rel=1e-8)


CHECKS: dict[str, Callable[[Case, Case], None]] = {
    "inclusion_probabilities": inclusion,
    "inclusion_prob_strata_srs": strata_srs,
    **{f"joint_{m}": joint(m) for m in ("maxentropy", "tille", "systematic", "midzuno", "sampford")},
    "mc_joint": monte_carlo,
    "cube_balance": cube_balance,
    "ht_hajek": horvitz,
    "allocation": allocated,
    "allocation_cost": costed,
    "bethel": many_variables,
    "n_mean_cv": by_cv,
    "n_prop_moe": by_margin,
    "n_wilson": by_wilson,
}
