"""Rank intervals: how sure a rank is, who is surely above whom, and what missing cells cost."""

import marimo

app = marimo.App(width="medium")


@app.cell
def _():
    import marimo as mo
    import numpy as np
    import polars as pl

    from qualipolis.methods.composite import (
        Aggregate,
        Alternatives,
        DataNoise,
        Denominate,
        Framework,
        Imputation,
        Impute,
        IndicatorData,
        Node,
        Normalise,
        Pipeline,
        Weigh,
        WeightNoise,
        imputation_variance,
    )

    return (
        Aggregate,
        Alternatives,
        DataNoise,
        Denominate,
        Framework,
        Imputation,
        Impute,
        IndicatorData,
        Node,
        Normalise,
        Pipeline,
        Weigh,
        WeightNoise,
        imputation_variance,
        mo,
        np,
        pl,
    )


@app.cell
def _(mo):
    mo.md("""
    # 名次区间 · Rank intervals

    十二个镇，六项指标，两个方面。权重上下浮动四分之一，汇总用算术或几何平均：谁的名次站得住？

    Twelve towns, six indicators, two pillars. Weights vary by a quarter, the mean is arithmetic or geometric: whose rank
    holds?
    """)


@app.cell
def _(Aggregate, Denominate, Framework, Impute, IndicatorData, Node, Normalise, Pipeline, Weigh, np):
    leaves = [Node(f"i{k}", parent=f"p{k % 2}") for k in range(6)]
    pillars = [Node(f"p{k}", parent="index", level=2, kind="aggregate") for k in range(2)]
    tree = Framework((*leaves, *pillars, Node("index", level=3, kind="aggregate")))
    rng = np.random.default_rng(7)
    values = rng.normal(60, 6, (12, 1)) + rng.normal(0, 8, (12, 6))
    values[rng.random(values.shape) < 0.1] = np.nan
    towns = IndicatorData([f"T{k:02d}" for k in range(1, 13)], [f"i{k}" for k in range(6)], values.round(1))
    pipeline = Pipeline((Denominate(), Impute("mean"), Normalise("minmax", 1, 100), Weigh(), Aggregate()))
    result = pipeline.run(tree, towns)
    return result, towns


@app.cell
def _(Alternatives, WeightNoise, result):
    means = Alternatives("aggregate.method", ("arithmetic", "geometric"))
    intervals = result.uncertainty(1000, seed=1, factors=(WeightNoise(0.25), means), nodes=("index",))
    return intervals, means


@app.cell
def _(intervals, mo, np, pl):
    order = np.argsort(intervals.nominal[0])
    ranking = pl.DataFrame(
        {
            "unit": [intervals.units[i] for i in order],
            "rank": intervals.nominal[0][order],
            "low": intervals.rank_quantiles[0, 0][order],
            "median": intervals.median_rank("index")[order],
            "high": intervals.rank_quantiles[2, 0][order],
            "tier": intervals.tiers("index")[order],
            "class": intervals.classes("index")[order],
            "error of the ends": intervals.end_errors("index")[[0, 2]].max(axis=0)[order].round(2),
        }
    )
    mo.ui.table(ranking, selection=None)
    return order, ranking


@app.cell
def _(intervals, mo, order):
    first, second, third = (intervals.units[i] for i in order[:3])
    above = intervals.probability_above(first, second, "index")
    mo.md(f"""
    {first} 排在 {second} 之前的概率是 {above:.0%}，排在 {third} 之前的概率是
    {intervals.probability_above(first, third, "index"):.0%}。

    {first} ranks above {second} with probability {above:.0%}.
    """)
    return above, first, second


@app.cell
def _(Imputation, WeightNoise, imputation_variance, means, mo, result):
    gaps = imputation_variance(result, (WeightNoise(0.25), means, Imputation("regression")), seed=1)
    mo.md(f"""
    ## 缺失数据 · Missing cells

    名次方差的 {gaps.overall:.0%} 来自缺失数据。 {gaps.overall:.0%} of the variance of the ranks comes from the gaps.
    """)
    return (gaps,)


@app.cell
def _(DataNoise, mo, pl, result):
    naive = result.uncertainty(1000, seed=1, factors=(DataNoise(6.0),), nodes=("index",))
    fair = result.uncertainty(1000, seed=1, factors=(DataNoise(6.0, observed=True),), nodes=("index",))
    widths = pl.DataFrame(
        {
            "unit": result.units,
            "noise added": (naive.rank_quantiles[2] - naive.rank_quantiles[0])[0],
            "noise already in the data": (fair.rank_quantiles[2] - fair.rank_quantiles[0])[0],
        }
    )
    mo.ui.table(widths, selection=None)
    return fair, naive, widths


if __name__ == "__main__":
    app.run()
