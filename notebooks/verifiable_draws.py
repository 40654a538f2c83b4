"""A draw anyone can replay: allocation, tickets, what stays when the frame changes, who inspects."""

import marimo

app = marimo.App(width="medium")


@app.cell
def _():
    import marimo as mo
    import numpy as np
    import polars as pl

    from qualipolis.methods.sampling.design.allocation import neyman, optimal
    from qualipolis.methods.sampling.draws.draw import Rule, draw, strata_of, worked
    from qualipolis.methods.sampling.draws.frame import frame_of
    from qualipolis.methods.sampling.draws.inspectors import Inspector, Task, assign

    return Inspector, Rule, Task, assign, draw, frame_of, mo, neyman, np, optimal, pl, strata_of, worked


@app.cell
def _(mo):
    mo.md("""
    # 可重现的抽样 · A draw anyone can replay

    三百家企业（合成数据），三个层。抽多少、抽中谁、少了一家怎么办、谁去检查。

    Three hundred enterprises (synthetic), three strata. How many, who, what if one is gone, who inspects.
    """)


@app.cell
def _(frame_of, np):
    rng = np.random.default_rng(11)
    keys = [f"E{k:03d}" for k in range(300)]
    strata = [("大 large", "中 medium", "小 small")[min(k // 40, 2)] for k in range(300)]
    sizes = rng.lognormal(2, 0.8, 300).round(1)
    frame = frame_of(keys, strata, sizes)
    return frame, keys, sizes, strata


@app.cell
def _(frame, mo, neyman, np, optimal, pl):
    units = np.array([len(places) for places in frame.places()])
    spread = np.array([frame.sizes[places].std(ddof=1) for places in frame.places()])
    best = optimal(units, spread, 40, [2, 2, 2])
    table = pl.DataFrame(
        {
            "stratum": frame.labels,
            "N": units,
            "S": spread.round(2),
            "Neyman": neyman(units, spread, 40).n.round(2),
            "optimal": best.n.astype(int),
        }
    )
    mo.ui.table(table, selection=None)
    return (best,)


@app.cell
def _(Rule, best, draw, frame, mo, strata_of, worked):
    n = strata_of(frame, best.n.astype(int).tolist())
    rule = worked(frame, Rule("pps_pareto", n, dict.fromkeys(n, 3)))
    drawn = draw(frame, rule, "骰子 dice 4 1 6 2")
    mo.ui.table(drawn.to_frame(), selection=None)
    return drawn, n, rule


@app.cell
def _(Rule, draw, drawn, frame_of, keys, mo, n, np, sizes, strata, worked):
    gone = drawn.ids()[-1]
    kept = np.array([key != gone for key in keys])
    smaller = frame_of(
        [k for k in keys if k != gone], [s for s, k in zip(strata, keys, strict=True) if k != gone], sizes[kept]
    )
    again = draw(smaller, worked(smaller, Rule("pps_pareto", n)), "骰子 dice 4 1 6 2")
    new = sorted(set(again.ids()) - set(drawn.ids()))
    mo.md(f"""
    ## 少了一家 · One is gone

    {gone} 注销后重抽：换上 {", ".join(new)}，其余 {len(set(again.ids()) & set(drawn.ids()))} 家不变。

    {gone} is gone and the draw is made again: {", ".join(new)} comes in, the others stay.
    """)
    return again, gone


@app.cell
def _(Inspector, Task, assign, drawn, mo):
    roster = [Inspector(f"P{k}", frozenset({"城区"}), frozenset({"玩具"})) for k in range(1, 8)]
    tasks = [
        Task(key, "城区", "玩具", recused=frozenset({"P1"}) if k % 5 == 0 else frozenset())
        for k, key in enumerate(drawn.ids())
    ]
    teams = assign(tasks, roster, "骰子 dice 4 1 6 2")
    mo.ui.table(teams.to_frame(), selection=None)
    return roster, tasks, teams


if __name__ == "__main__":
    app.run()
