"""Sensitivity: which choice moves the ranks, exactly and by sampling; weight and importance."""

import marimo

app = marimo.App(width="medium")


@app.cell
def _():
    import marimo as mo
    import numpy as np

    from qualipolis.methods.composite import (
        Aggregate,
        Alternatives,
        Framework,
        IndicatorData,
        Node,
        Normalise,
        Pipeline,
        Weigh,
        WeightNoise,
        WeightSets,
        exact_indices,
        main_effects,
        shapley_importance,
        sobol_indices,
    )

    return (
        Aggregate,
        Alternatives,
        Framework,
        IndicatorData,
        Node,
        Normalise,
        Pipeline,
        Weigh,
        WeightNoise,
        WeightSets,
        exact_indices,
        main_effects,
        mo,
        np,
        shapley_importance,
        sobol_indices,
    )


@app.cell
def _(mo):
    mo.md("""
    # 敏感性 · Sensitivity

    名次会变，是因为哪一个选择？全部组合都算一遍，就有精确答案；组合太多，就抽样，并给出误差。

    Ranks move: which choice is to blame? Run every combination for the exact answer; where there are too many, sample
    and state the error.
    """)


@app.cell
def _(Aggregate, Framework, IndicatorData, Node, Normalise, Pipeline, Weigh, np):
    leaves = [Node(f"i{k}", parent=f"p{k % 3}") for k in range(9)]
    pillars = [Node(f"p{k}", parent="index", level=2, kind="aggregate") for k in range(3)]
    tree = Framework((*leaves, *pillars, Node("index", level=3, kind="aggregate")))
    rng = np.random.default_rng(3)
    common = rng.normal(size=(40, 1))
    together = np.tile([0.8, 0.8, 0.0], 3)  # two pillars go together, the third goes its own way
    values = np.exp(0.5 * common * together + 0.5 * rng.normal(size=(40, 9)))
    towns = IndicatorData([f"T{k:02d}" for k in range(40)], [f"i{k}" for k in range(9)], values.round(3))
    result = Pipeline((Normalise("minmax", 1, 100), Weigh(), Aggregate())).run(tree, towns)
    return result, rng


@app.cell
def _(Alternatives, Normalise, WeightSets, exact_indices, result, rng):
    scales = Alternatives("normalise", (Normalise("minmax", 1, 100), Normalise("zscore", mean=10, sd=2)))
    experts = WeightSets(tuple({f"p{k}": float(w) for k, w in enumerate(rng.uniform(0.5, 1.5, 3))} for _ in range(10)))
    means = Alternatives("aggregate.method", ("arithmetic", "geometric"))
    factors = (scales, experts, means)
    exact = exact_indices(result, factors)
    exact.to_frame()
    return exact, factors, means, scales


@app.cell
def _(exact):
    {" x ".join(names): round(share, 4) for names, share in exact.interactions.items()}
    return


@app.cell
def _(factors, result, sobol_indices):
    sampled = sobol_indices(result, factors, n=4096, seed=1)
    sampled.to_frame()
    return (sampled,)


@app.cell
def _(sampled):
    sampled.convergence()
    return


@app.cell
def _(WeightNoise, means, mo, result, scales, sobol_indices):
    continuous = sobol_indices(result, (scales, WeightNoise(0.5), means), n=512, seed=1)
    mo.md(f"{continuous.statement()}")
    return (continuous,)


@app.cell
def _(mo):
    mo.md("""
    ## 权重与重要性 · Weight and importance

    三个方面权重相等。前两个同涨同落，第三个自成一路：它的作用比权重小。

    The pillars have equal weights. Two go together, the third goes its own way: it counts for less than its weight.
    """)


@app.cell
def _(main_effects, result):
    effects = main_effects(result, seed=1)
    effects.to_frame()
    return (effects,)


@app.cell
def _(result, shapley_importance):
    shares = shapley_importance(result)
    shares.to_frame()
    return (shares,)


if __name__ == "__main__":
    app.run()
