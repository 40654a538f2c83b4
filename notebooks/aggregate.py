"""Aggregating: may a strength make up for a weakness?"""

import marimo

app = marimo.App(width="medium")


@app.cell
def _():
    import marimo as mo
    import numpy as np
    import polars as pl

    from qualipolis.methods.composite import (
        Aggregate,
        Framework,
        IndicatorData,
        Node,
        Pipeline,
        Weigh,
        copeland,
        outranking_matrix,
        register_mean,
    )

    return (
        Aggregate,
        Framework,
        IndicatorData,
        Node,
        Pipeline,
        Weigh,
        copeland,
        mo,
        np,
        outranking_matrix,
        pl,
        register_mean,
    )


@app.cell
def _(mo):
    mo.md("""
    # 汇总 · Aggregate

    “均衡”三项都是 60；“偏科”是 100、70、20；“缺项”有一项没有数据。谁在前，取决于长处能不能补短处。

    *even* has 60 three times; *strong* has 100, 70, 20; *gap* lacks one value. Who leads depends on whether a strength may
    make up for a weakness.
    """)


@app.cell
def _(Framework, IndicatorData, Node, np):
    tree = Framework((*[Node(c, parent="Q") for c in "abc"], Node("Q", level=2, kind="aggregate")))
    data = IndicatorData(("even", "strong", "gap"), tuple("abc"), [[60, 60, 60], [100, 70, 20], [90, 90, np.nan]])
    return data, tree


@app.cell
def _(Aggregate, Pipeline, data, mo, pl, tree):
    names = ("arithmetic", "geometric", "harmonic", "generalised", "median", "minimum", "mazziotta_pareto", "copeland")
    runs = {name: Pipeline((Aggregate(name),)).run(tree, data).score("Q") for name in names}
    assert runs["arithmetic"][1] > runs["arithmetic"][0]
    assert runs["geometric"][1] < runs["geometric"][0]
    mo.ui.table(pl.DataFrame({"unit": data.units} | {name: score.round(2) for name, score in runs.items()}))
    return (runs,)


@app.cell
def _(mo):
    mo.md("""
    ## 同一级里用不同的方法，要求一定比例有数据 · Two methods in one level, and a share of data that must be there
    """)


@app.cell
def _(Aggregate, Pipeline, data, np, tree):
    strict = Pipeline((Aggregate(nodes={"Q": "geometric"}, min_share={"Q": 0.9}),)).run(tree, data)
    assert np.isnan(strict.score("Q")[2])
    return (strict,)


@app.cell
def _(mo):
    mo.md("""
    ## 两两比较 · By pairs

    矩阵第 i 行第 j 列：i 优于 j 的权重份额。缺失的指标不参加这一对的比较。

    Row i, column j: the share of weight on which i is better than j. What either lacks is left out of the pair.
    """)


@app.cell
def _(copeland, data, np, outranking_matrix):
    matrix = outranking_matrix(data.values, [2, 1, 1])
    assert np.allclose((matrix + matrix.T)[~np.eye(3, dtype=bool)], 1.0)
    assert copeland(data.values, [2, 1, 1]).tolist() == [-2.0, 2.0, 0.0]
    matrix.round(3)
    return (matrix,)


@app.cell
def _(mo):
    mo.md("""
    ## 自己的方法、成组的权重 · A mean of your own, and sets of weights
    """)


@app.cell
def _(Aggregate, Pipeline, Weigh, data, np, register_mean, tree):
    def midrange(values, weights):
        return (np.nanmin(values, axis=1) + np.nanmax(values, axis=1)) / 2

    register_mean("midrange", midrange)
    sets = {"experts": {"a": 0.6, "b": 0.2, "c": 0.2}, "public": {"a": 0.2, "b": 0.2, "c": 0.6}}
    own = Pipeline((Aggregate("midrange"),)).run(tree, data).score("Q")
    by_set = {use: Pipeline((Weigh(sets=sets, use=use), Aggregate())).run(tree, data).score("Q") for use in sets}
    assert own.tolist() == [60.0, 60.0, 90.0]
    assert by_set["experts"][1] > by_set["public"][1]
    return by_set, own


if __name__ == "__main__":
    app.run()
