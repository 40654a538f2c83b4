"""Uncertainty and sensitivity of the reference: every run of its designs replayed, its indices computed again."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
from tests.golden.composite import cast
from tests.golden.composite.manifest import Entry, golden

from qualipolis.methods.composite import Alternatives, Normalise
from qualipolis.methods.composite.sensitivity.exact import exact_indices
from qualipolis.methods.composite.sensitivity.levels import levels_by_sample_range
from qualipolis.methods.composite.sensitivity.replay import Replay, replay_design
from qualipolis.methods.composite.sensitivity.sobol import COMPAT, indices_of_runs, sobol_of
from qualipolis.methods.composite.sensitivity.weight_sets import WeightSets

NAMES = ("Winmax", "Normalisation", "Weights", "Aggregation")
SIZES = (5, 2, 100, 2)
RUNS = ("UA_N200", "SA_N100")


def factors(folder: Path) -> tuple[Alternatives | WeightSets, ...]:
    rows = cast.read(folder / "14_sensitivity" / "noisy_weights.csv")
    sets = tuple({code: float(weight) for code, weight in row.items() if code != "set"} for row in rows)
    scales = (Normalise("minmax", 1.0, 100.0), Normalise("zscore", mean=10.0, sd=2.0))
    return (
        Alternatives("treat.winmax", (1, 2, 3, 4, 5)),
        Alternatives("normalise", scales),
        WeightSets(sets),
        Alternatives("aggregate.method", ("arithmetic", "geometric")),
    )


def numbers(path: Path, columns: tuple[str, ...]) -> np.ndarray:
    return np.array([[float(row[column]) for column in columns] for row in cast.read(path)])


@cache
def replayed(folder: Path, run: str) -> Replay:
    rows = numbers(folder / "14_sensitivity" / run / "parameters.csv", NAMES).astype(int) - 1
    return replay_design(cast.asem(folder), factors(folder), rows)


def of(folder: Path, entry: Entry) -> Replay:
    return replayed(folder, Path(entry["file"]).parent.name)


@golden("14_sensitivity/*/scores")
def scores(folder: Path, entry: Entry) -> None:
    run = of(folder, entry)
    rows = cast.read(folder / entry["file"])
    assert rows[0]["rep"] == "Nominal"
    units = [column for column in rows[0] if column != "rep"]
    assert set(units) == set(run.result.units)
    order = [run.result.units.index(unit) for unit in units]
    mine = np.vstack([run.result.score(run.node), run.scores])[:, order]
    theirs = np.array([[cast.number(row[unit]) for unit in units] for row in rows])
    np.testing.assert_allclose(mine, theirs, rtol=1e-9)
    assert run.failed == 0


@golden("14_sensitivity/*/y")
def output(folder: Path, entry: Entry) -> None:
    np.testing.assert_allclose(of(folder, entry).output(), numbers(folder / entry["file"], ("y",))[:, 0], rtol=1e-9)


@golden("14_sensitivity/*/nominal")
def nominal(folder: Path, entry: Entry) -> None:
    result = of(folder, entry).result
    rows = {row["uCode"]: row for row in cast.read(folder / entry["file"])}
    assert set(rows) == set(result.units)
    for unit, score, rank in zip(result.units, result.score("Index"), result.ranks("Index"), strict=True):
        np.testing.assert_allclose([score, rank], [float(rows[unit]["Score"]), float(rows[unit]["Rank"])], rtol=1e-9)


@golden("14_sensitivity/*/rankstats")
def rank_statistics(folder: Path, entry: Entry) -> None:
    """The reference takes the runs of A and B only."""
    run = of(folder, entry)
    both = 200
    design = numbers(folder / Path(entry["file"]).parent / "parameters.csv", NAMES).astype(int)[:both] - 1
    table = {row["unit"]: row for row in replay_design(run.result, factors(folder), design).rank_table().to_dicts()}
    rows = cast.read(folder / entry["file"])
    assert {row["uCode"] for row in rows} == set(table)
    for row in rows:
        mine = [table[row["uCode"]][name] for name in ("nominal", "mean", "median", "low", "high")]
        theirs = [float(row[name]) for name in ("Nominal", "Mean", "Median", "Q5", "Q95")]
        np.testing.assert_allclose(mine, theirs, rtol=1e-9)


@golden("14_sensitivity/*/design", "14_sensitivity/*/parameters")
def levels(folder: Path, entry: Entry) -> None:
    """The levels are those of the reference's ``cut`` over the sample's range, and the blocks those of Saltelli."""
    place = folder / Path(entry["file"]).parent
    design, theirs = numbers(place / "design.csv", NAMES), numbers(place / "parameters.csv", NAMES)
    mine = np.stack([levels_by_sample_range(u, size) for u, size in zip(design.T, SIZES, strict=True)], axis=1)
    np.testing.assert_array_equal(mine + 1, theirs)
    if len(design) == 600:
        a, b, *mixed = design.reshape(6, 100, 4)
        for column, block in enumerate(mixed):
            expected = a.copy()
            expected[:, column] = b[:, column]
            np.testing.assert_array_equal(block, expected)


@golden("14_sensitivity/*/meta")
def settings(folder: Path, entry: Entry) -> None:
    meta = json.loads((folder / entry["file"]).read_text(encoding="utf-8"))
    run = of(folder, entry)
    assert meta["n_runs"] == len(run.scores)
    assert meta["iCode"] == run.node
    assert tuple(meta["factors"]) == NAMES
    assert tuple(factor["n_alt"] for factor in meta["factors"].values()) == SIZES
    assert tuple(factor.count for factor in factors(folder)) == SIZES


@golden("14_sensitivity/SA_N100/indices")
def indices(folder: Path, entry: Entry) -> None:
    """Estimates to the digit; the ends are those of a bootstrap with another generator."""
    found = indices_of_runs(of(folder, entry).output(), NAMES, bootstrap=4000, compat=COMPAT)
    rows = {row["Variable"]: row for row in cast.read(folder / entry["file"])}
    theirs = {
        name: np.array([float(rows[code][name]) for code in NAMES]) for name in rows["Winmax"] if name != "Variable"
    }
    np.testing.assert_allclose(found.first[0], theirs["Si"], rtol=1e-9)
    np.testing.assert_allclose(found.total[0], theirs["STi"], rtol=1e-9)
    width = {"S": theirs["Si_q95"] - theirs["Si_q5"], "ST": theirs["STi_q95"] - theirs["STi_q5"]}
    for mine, kind in ((found.first[1:], "S"), (found.total[1:], "ST")):
        for end, name in zip(mine, (f"{kind}i_q5", f"{kind}i_q95"), strict=True):
            assert (np.abs(end - theirs[name]) < 0.2 * width[kind]).all()


@golden("14_sensitivity/noisy_weights")
def weight_sets(folder: Path, entry: Entry) -> None:
    tree = cast.framework(folder)
    rows = cast.read(folder / entry["file"])
    sets = factors(folder)[2]
    assert isinstance(sets, WeightSets)
    matrix = sets.matrix(tree)
    named = [code for code in rows[0] if code != "set"]
    found = matrix[:, [tree.index(code) for code in named]]
    np.testing.assert_allclose(found, numbers(folder / entry["file"], tuple(named)), rtol=1e-9)
    plain = np.array([tree.node(code).weight for code in named])
    assert (np.abs(found / plain - 1) <= 0.25).all()
    assert {tree.node(code).level for code in named} == {2, 3}


@golden("14_sensitivity/estimator_check", "14_sensitivity/estimator_check_out")
def estimator(folder: Path, entry: Entry) -> None:
    y = numbers(folder / "14_sensitivity" / "estimator_check.csv", ("y",))[:, 0]
    theirs = json.loads((folder / "14_sensitivity" / "estimator_check_out.json").read_text(encoding="utf-8"))
    found = indices_of_runs(y, ("a", "b", "c", "d"), compat=COMPAT)
    assert (found.n, len(found.factors)) == (theirs["N"], theirs["d"])
    np.testing.assert_allclose(found.variance, theirs["Variance"], rtol=1e-12)
    np.testing.assert_allclose(found.first[0], theirs["Si"], rtol=1e-12)
    np.testing.assert_allclose(found.total[0], theirs["STi"], rtol=1e-12)


@golden("14_sensitivity/ishigami_estimator")
def ishigami(folder: Path, entry: Entry) -> None:
    """With the reference's number of rows the exact values lie in the intervals; with eight times as many we are there."""
    theirs = json.loads((folder / entry["file"]).read_text(encoding="utf-8"))
    exact = np.array([theirs["exact"]["S1"], theirs["exact"]["ST"]])

    def function(u: np.ndarray) -> np.ndarray:
        x = np.pi * (2 * u - 1)
        return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])

    names = ("V1", "V2", "V3")
    few = sobol_of(function, names, n=theirs["N"], seed=theirs["seed"], level=0.999)
    np.testing.assert_allclose(few.variance, theirs["Variance"], rtol=0.05)
    for mine, value in zip((few.first, few.total), exact, strict=True):
        assert ((mine[1] <= value) & (value <= mine[2])).all()
    many = sobol_of(function, names, n=8 * 2048, seed=theirs["seed"])
    np.testing.assert_allclose([many.first[0], many.total[0]], exact, atol=0.01)


@golden("14_sensitivity/exact_indices")
def exact(folder: Path, entry: Entry) -> None:
    theirs = json.loads((folder / entry["file"]).read_text(encoding="utf-8"))
    found = exact_indices(cast.asem(folder), factors(folder))
    assert found.runs == theirs["runs"]
    np.testing.assert_allclose([found.mean, found.variance], [theirs["mean"], theirs["variance_population"]], rtol=1e-6)
    np.testing.assert_allclose(found.first, [theirs["Si"][name] for name in NAMES], rtol=1e-6)
    np.testing.assert_allclose(found.total, [theirs["STi"][name] for name in NAMES], rtol=1e-6)
