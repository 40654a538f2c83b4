"""Preparation: dividing by size, filling gaps, leaving units out, taming outliers."""

import marimo

app = marimo.App(width="medium")


@app.cell
def _():
    import marimo as mo
    import numpy as np
    import polars as pl

    from qualipolis.methods.composite import (
        Aggregate,
        Denominate,
        Framework,
        Impute,
        IndicatorData,
        Node,
        Normalise,
        Pipeline,
        Treat,
        Weigh,
        data_availability,
        denominator_correlations,
        predictive,
    )

    return (
        Aggregate,
        Denominate,
        Framework,
        Impute,
        IndicatorData,
        Node,
        Normalise,
        Pipeline,
        Treat,
        Weigh,
        data_availability,
        denominator_correlations,
        mo,
        np,
        pl,
        predictive,
    )


@app.cell
def _(mo):
    mo.md("""
    # 数据准备 · Preparation

    八个镇：合格率（%）、投诉（件）、召回（次）、检验室（家）和人口（万人）。缺两格，T7 的召回次数很突出。

    Eight towns: pass rate (%), complaints, recalls, laboratories, people (10,000). Two cells are missing; the recalls of
    T7 stand out.
    """)


@app.cell
def _(Framework, IndicatorData, Node):
    gap = float("nan")
    tree = Framework(
        (
            Node("pass", parent="A"),
            Node("complaints", parent="A", direction=-1, denominator="people"),
            Node("recalls", parent="B", direction=-1),
            Node("labs", parent="B", denominator="people"),
            Node("A", parent="Q", level=2, kind="aggregate"),
            Node("B", parent="Q", level=2, kind="aggregate"),
            Node("Q", level=3, kind="aggregate"),
        )
    )
    rows = {
        "T1": [96, 120, 3, 12],
        "T2": [92, 45, 2, 4],
        "T3": [95, gap, 1, 30],
        "T4": [88, 210, 4, 15],
        "T5": [97, 20, gap, 3],
        "T6": [90, 66, 5, 7],
        "T7": [94, 35, 40, 5],
        "T8": [93, 90, 2, 11],
    }
    kinds = {"kind": ["big", "small", "big", "big", "small", "small", "small", "big"]}
    people = {"people": [60, 15, 140, 80, 10, 22, 18, 50]}
    data = IndicatorData(tuple(rows), tree.indicators[:4], list(rows.values()), groups=kinds, denominators=people)
    return data, tree


@app.cell
def _(data, data_availability, denominator_correlations, mo, tree):
    # 投诉和检验室跟着人口走，要先除以人口。 Complaints and laboratories follow the number of people: divide first.
    size = denominator_correlations(data, tree, threshold=0.6)
    assert size["indicator"].to_list() == ["complaints", "labs"]
    mo.vstack([mo.ui.table(size), mo.ui.table(data_availability(tree, data).units)])
    return (size,)


@app.cell
def _(Aggregate, Denominate, Impute, Normalise, Pipeline, Weigh, data, mo, pl, tree):
    methods = {
        "mean": Impute("mean"),
        "group_mean": Impute("group_mean", group="kind"),
        "row_mean": Impute("row_mean", level=2),
    }
    divide = Denominate(scale={"complaints": 100, "labs": 100})
    lines = []
    for name, step in methods.items():
        run = Pipeline((divide, step, Normalise(), Weigh(), Aggregate())).run(tree, data)
        filled, sd = step.predictive(run.stages["denominate"].state)
        lines.append((name, filled[2, 1], sd[2, 1], int(run.ranks("Q")[2])))
    imputed = pl.DataFrame(lines, schema=["method", "T3 complaints", "sd", "rank of T3"], orient="row")
    assert imputed["T3 complaints"].round(1).to_list() == [233.8, 214.2, 206.7]
    mo.vstack([mo.md("T3 的投诉填多少？ · What stands for the complaints of T3?"), mo.ui.table(imputed)])
    return divide, imputed


@app.cell
def _(Aggregate, Impute, Normalise, Pipeline, Treat, Weigh, data, divide, mo, tree):
    chain = (divide, Impute("group_mean", group="kind"), Treat(), Normalise(), Weigh(), Aggregate())
    result = Pipeline(chain).run(tree, data)
    points = result.details["treat.points"]
    assert points.select("unit", "node", "before", "after").rows() == [("T7", "recalls", 40.0, 47 / 3)]
    mo.vstack([mo.ui.table(result.details["treat"]), mo.ui.table(points)])
    return (result,)


@app.cell
def _(mo, np, predictive):
    # 样本够多时，回归比列均值准，而且知道自己有多准。
    # With enough units a regression is nearer than the column mean, and knows how near.
    rng = np.random.default_rng(1)
    whole = 0.8 * rng.normal(size=(200, 1)) + 0.6 * rng.normal(size=(200, 5))
    lost = rng.random(whole.shape) < 0.1
    errors = {}
    for how in ("mean", "regression"):
        value, spread = predictive(np.where(lost, np.nan, whole), how)
        missed = (value - whole)[lost]
        inside = float((np.abs(missed) < 1.645 * spread[lost]).mean())
        errors[how] = (float(np.sqrt(np.mean(missed**2))), inside)
    assert errors["regression"][0] < errors["mean"][0]
    mo.md(
        "\n".join(f"- {how}: {miss:.2f}, {inside:.0%} in the 90 % interval" for how, (miss, inside) in errors.items())
    )
    return (errors,)


if __name__ == "__main__":
    app.run()
