"""Normalising: the same towns on every scale."""

import marimo

app = marimo.App(width="medium")


@app.cell
def _():
    import marimo as mo
    import numpy as np
    import polars as pl

    from qualipolis.methods.composite import Aggregate, Framework, IndicatorData, Node, Normalise, Pipeline

    return Aggregate, Framework, IndicatorData, Node, Normalise, Pipeline, mo, np, pl


@app.cell
def _(mo):
    mo.md("""
    # 标准化 · Normalise

    四个镇，合格率越高越好，投诉越少越好。换一把尺子，次序会不会变？

    Four towns; a higher pass rate is better, fewer complaints are better. Does the order change with the scale?
    """)


@app.cell
def _(Framework, IndicatorData, Node):
    tree = Framework(
        (
            Node("pass", parent="Q", target=98.0),
            Node("complaints", parent="Q", direction=-1, target=3.0),
            Node("Q", level=2, kind="aggregate"),
        )
    )
    data = IndicatorData(("A", "B", "C", "D"), ("pass", "complaints"), [[96, 7], [94, 5], [91, 9], [97, 4]])
    return data, tree


@app.cell
def _(Aggregate, Normalise, Pipeline, data, pl, tree):
    own_posts = {"complaints": {"posts": (4, 10)}}
    scales = {
        "minmax": Normalise(),
        "zscore": Normalise("zscore", mean=100, sd=10),
        "percentile": Normalise("percentile"),
        "dist2ref": Normalise("dist2ref", reference="B"),
        "dist2targ": Normalise("dist2targ"),
        "fracmax": Normalise("fracmax"),
        "goalposts": Normalise("goalposts", posts=(90, 96), indicators=own_posts),
    }
    runs = {name: Pipeline((step, Aggregate())).run(tree, data) for name, step in scales.items()}
    scores = pl.DataFrame({"unit": data.units} | {name: run.score("Q").round(2) for name, run in runs.items()})
    ranks = pl.DataFrame({"unit": data.units} | {name: run.ranks("Q") for name, run in runs.items()})
    return ranks, runs, scores


@app.cell
def _(mo, ranks, scores):
    mo.vstack([mo.md("得分 · Scores"), mo.ui.table(scores), mo.md("名次 · Ranks"), mo.ui.table(ranks)])


@app.cell
def _(np, runs):
    # C 和 D 在任何尺子上都是最后和最前；A、B 的先后由尺子决定。
    # C and D are last and first on every scale; which of A and B leads is decided by the scale.
    assert all(run.ranks("Q")[2] == 4 and run.ranks("Q")[3] == 1 for run in runs.values())
    leads = {name: float(np.sign(run.score("Q")[0] - run.score("Q")[1]).round()) for name, run in runs.items()}
    assert set(leads.values()) == {-1.0, 0.0, 1.0}
    return (leads,)


@app.cell
def _(mo):
    mo.md("""
    ## 负向指标与“最优之比” · Less is better, and shares of the best

    参考软件在负向指标上把次序弄反；`compat` 可重现它的数值，只供对照。

    The reference turns the order round where less is better; `compat` repeats its values, for comparison only.
    """)


@app.cell
def _(Node, Normalise, np):
    from qualipolis.methods.composite.normalise import normalise_columns

    worse = np.array([[10.0], [20.0], [40.0]])
    ours = normalise_columns(worse, [Node("a", direction=-1)], Normalise("fracmax", high=1)).ravel()
    theirs = normalise_columns(
        worse, [Node("a", direction=-1)], Normalise("fracmax", high=1, compat="coinr-1.1.14")
    ).ravel()
    assert ours.tolist() == [1.0, 0.75, 0.25]
    assert theirs.tolist() == [1.0, 2.0, 4.0]
    return ours, theirs


if __name__ == "__main__":
    app.run()
