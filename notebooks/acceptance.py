"""Acceptance sampling: curves, smallest plans, the tables of GB/T 2828.1, switching."""

import marimo

app = marimo.App(width="medium")


@app.cell
def _():
    import marimo as mo
    import numpy as np
    import polars as pl

    from qualipolis.methods.sampling.acceptance import (
        AttributePlan,
        LotResult,
        declared_plan,
        find_plan,
        find_variables_plan,
        oc_curve,
        rectification,
        sequential_oc,
        sequential_plan,
        standard_plan,
        supervision_verdict,
        trace,
    )

    return (
        AttributePlan,
        LotResult,
        declared_plan,
        find_plan,
        find_variables_plan,
        mo,
        np,
        oc_curve,
        pl,
        rectification,
        sequential_oc,
        sequential_plan,
        standard_plan,
        supervision_verdict,
        trace,
    )


@app.cell
def _(mo):
    mo.md("""
    # 验收抽样 · Acceptance sampling

    好的质量 1%，风险 5%；差的质量 10%，风险 10%。四种方案各要检验多少？

    Good quality 1 % with a risk of 5 %, bad quality 10 % with a risk of 10 %. How many units does each kind of plan take?
    """)


@app.cell
def _(find_plan, find_variables_plan, pl, sequential_oc, sequential_plan):
    points = (0.01, 0.05, 0.10, 0.10)
    single = find_plan(*points)
    lot = find_plan(*points, "hypergeometric", 500)
    measured = find_variables_plan(*points)
    steps = sequential_oc(sequential_plan(*points), [0.01, 0.10])
    pl.DataFrame(
        {
            "plan": ["single", "single, lot of 500", "variables, sigma unknown", "sequential (mean at 1 %)"],
            "units": [single.n, lot.n, measured.n, round(float(steps.asn[0]))],
        }
    )
    return lot, measured, points, single, steps


@app.cell
def _(AttributePlan, np, oc_curve, pl, single):
    grid = np.linspace(0, 0.15, 16)
    double = AttributePlan((50, 50), (0, 3), (3, 4))
    pl.DataFrame(
        {
            "p": grid.round(2),
            "single": oc_curve(single.plan, grid).pa.round(3),
            "double": oc_curve(double, grid).pa.round(3),
            "units, double": oc_curve(double, grid).asn.round(1),
        }
    )
    return double, grid


@app.cell
def _(rectification, single):
    sorted_out = rectification(single.plan, 1000, [0.01, 0.03, 0.10])
    {"AOQL": round(sorted_out.aoql, 5), "at": round(sorted_out.aoql_at, 4), "ATI": sorted_out.ati.round(0).tolist()}
    return (sorted_out,)


@app.cell
def _(mo):
    mo.md("""
    ## 查表 · The standard's tables

    每个方案带版次；箭头已解析；有争议的一格标出两种读法。

    Every plan carries its edition; arrows are followed; the disputed cell shows both readings.
    """)


@app.cell
def _(standard_plan):
    plans = [
        standard_plan(1000, "II", 1.0),
        standard_plan(500, "II", 0.65),
        standard_plan(1000, "II", 1.0, "tightened"),
        standard_plan(1000, "II", 1.0, "reduced"),
        standard_plan(1000, "II", 1.0, sampling="double"),
        standard_plan(8, "II", 10, "tightened"),
    ]
    [str(plan) + (" (disputed)" if plan.disputed else "") for plan in plans]
    return (plans,)


@app.cell
def _(LotResult, mo, pl, trace):
    lots = [LotResult(accepted, 3 if accepted else 0) for accepted in [True, False, True, False] + [True] * 6]
    walked = pl.DataFrame([vars(step) for step in trace(lots)])
    mo.vstack([walked])
    return lots, walked


@app.cell
def _(declared_plan, supervision_verdict):
    declared = declared_plan(0.0065, 2)
    {
        "declared level": str(declared),
        "status": declared.status,
        "none found": str(supervision_verdict(0)),
        "three found": declared.judge(3).code,
    }
    return (declared,)


if __name__ == "__main__":
    app.run()
