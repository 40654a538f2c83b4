"""Weighting: six ways to weights, side by side."""

import marimo

app = marimo.App(width="medium")


@app.cell
def _():
    import marimo as mo
    import numpy as np
    import polars as pl

    from qualipolis.methods.composite import (
        DEFAULT_PIPELINE,
        Framework,
        IndicatorData,
        Node,
        ahp_weights,
        benefit_of_the_doubt,
        budget_allocation,
        optimised_weights,
        pca_weights,
    )

    return (
        DEFAULT_PIPELINE,
        Framework,
        IndicatorData,
        Node,
        ahp_weights,
        benefit_of_the_doubt,
        budget_allocation,
        mo,
        np,
        optimised_weights,
        pca_weights,
        pl,
    )


@app.cell
def _(mo):
    mo.md("""
    # 赋权 · Weighting

    二十个虚构的镇，三项指标（种子 5）。权重是价值判断；下面的方法帮助讨论，不能代替决定。

    Twenty invented towns, three indicators (seed 5). Weights are value judgements; these methods inform the discussion
    and do not replace the decision.
    """)


@app.cell
def _(DEFAULT_PIPELINE, Framework, IndicatorData, Node, np):
    tree = Framework(
        (
            Node("pass", parent="Q"),
            Node("service", parent="Q"),
            Node("brands", parent="Q"),
            Node("Q", level=2, kind="aggregate"),
        )
    )
    rng = np.random.default_rng(5)
    common, noise = rng.standard_normal(20), rng.standard_normal((3, 20))
    columns = [95 + 2 * common + noise[0], 80 + 5 * common + 4 * noise[1], np.exp(1 + noise[2])]
    data = IndicatorData([f"T{k + 1:02d}" for k in range(20)], tree.indicators, np.array(columns).T)
    result = DEFAULT_PIPELINE.run(tree, data)
    return data, result, tree


@app.cell
def _(mo):
    mo.md("""
    ## 人的判断 · Judgement

    五位专家各分 100 分；另用两两比较。

    Five experts share out 100 points each; and pairwise comparisons.
    """)


@app.cell
def _(budget_allocation):
    points = [[50, 30, 20], [40, 40, 20], [60, 30, 10], [50, 25, 25], [45, 35, 20]]
    budget = budget_allocation(points, codes=("pass", "service", "brands"), seed=1)
    budget.to_frame()
    return (budget,)


@app.cell
def _(ahp_weights):
    ahp = ahp_weights([[1, 2, 5], [1 / 2, 1, 2], [1 / 5, 1 / 2, 1]], codes=("pass", "service", "brands"))
    {"weights": {k: round(v, 3) for k, v in ahp.weights.items()}, "CR": round(ahp.ratio, 3)}
    return (ahp,)


@app.cell
def _(mo):
    mo.md("""
    ## 数据 · Data

    主成分、等影响的优化权重、最有利权重（量程从 10 开始，各项份额不低于 20%）。

    Components, weights of equal influence, and benefit of the doubt on a scale from 10, with
    shares of at least 20 %.
    """)


@app.cell
def _(benefit_of_the_doubt, optimised_weights, pca_weights, result):
    squared = pca_weights(result, method="squared")
    balanced = optimised_weights(result)
    doubt = benefit_of_the_doubt(result.replay({"normalise.low": 10.0}), 0.2, under="Q")
    return balanced, doubt, squared


@app.cell
def _(ahp, balanced, budget, doubt, mo, pl, squared, tree):
    ways = {"budget": budget, "ahp": ahp, "pca": squared, "balance": balanced, "doubt": doubt}
    weights = pl.DataFrame(
        {"code": tree.indicators} | {way: [round(f.weights[c], 3) for c in tree.indicators] for way, f in ways.items()}
    )
    mo.vstack([weights])
    return ways, weights


@app.cell
def _(mo, pl, result, ways):
    runs = {way: result.replay({"weigh.weights": dict(found.weights)}) for way, found in ways.items()}
    ranks = pl.DataFrame(
        {"unit": result.units, "equal": result.ranks("Q")} | {way: run.ranks("Q") for way, run in runs.items()}
    ).sort("equal")
    mo.vstack([ranks])
    return ranks, runs


@app.cell
def _(balanced, doubt):
    {
        "obtained": dict(zip(balanced.codes, balanced.obtained.round(3).tolist(), strict=True)),
        "best": doubt.efficient,
        "scores": doubt.scores.round(3).tolist(),
    }


if __name__ == "__main__":
    app.run()
