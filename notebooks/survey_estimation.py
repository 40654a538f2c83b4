"""Estimates from a sample: failure rates by town, with an interval where no batch failed."""

import marimo

app = marimo.App(width="medium")


@app.cell
def _():
    import marimo as mo
    import numpy as np
    import polars as pl

    from qualipolis.methods.sampling.estimation import proportion, survey_design
    from qualipolis.methods.sampling.small_areas import hierarchy

    return hierarchy, mo, np, pl, proportion, survey_design


@app.cell
def _(mo):
    mo.md("""
    # 由样本作估计 · Estimates from a sample

    一座合成的城市：8 层 480 家企业，每家 10 批，12 个镇。抽 72 家、每家 5 批，各镇不合格率是多少？

    A made-up city: 480 enterprises in 8 strata, 10 batches each, 12 towns. 72 enterprises are drawn and 5 batches of each: what
    is the failure rate of every town?
    """)


@app.cell
def _(np):
    rng = np.random.default_rng(12)
    enterprise = np.repeat(np.arange(480), 10)
    stratum, town = enterprise // 60, rng.integers(0, 12, 4800)
    rates = np.linspace(0.002, 0.08, 12)
    firm = rng.beta(0.4, 9.6, 480) / 0.04
    fails = (rng.random(4800) < np.clip(rates[town] * firm[enterprise], 0, 1)).astype(float)
    chosen = []
    for h in range(8):
        for unit in rng.permutation(60)[: (6, 12)[h % 2]] + 60 * h:
            chosen += (unit * 10 + rng.permutation(10)[:5]).tolist()
    rows = np.array(chosen)
    truth = np.array([fails[town == t].mean() for t in range(12)])
    return enterprise, fails, rows, stratum, town, truth


@app.cell
def _(enterprise, fails, mo, np, pl, proportion, rows, stratum, survey_design, town, truth):
    sizes = [np.full(rows.size, 60), np.full(rows.size, 10)]
    design = survey_design(strata=stratum[rows], clusters=[enterprise[rows], rows], fpc=sizes)
    found = proportion(design, fails[rows], by=town[rows])
    table = found.to_frame().with_columns(pl.Series("truth", truth))
    mo.ui.table(table, selection=None)
    return design, found


@app.cell
def _(design, fails, found, mo, np, proportion, rows, town, truth):
    usual = proportion(design, fails[rows], by=town[rows], method="logit")
    ours = int(((found.low <= truth) & (truth <= found.high)).sum())
    theirs = int(np.nansum((usual.low <= truth) & (truth <= usual.high)))
    mo.md(f"""
    {int((found.estimate == 0).sum())} 个镇没有一批不合格。我们的区间包含真值：{ours}/12；常用的 logit：{theirs}/12。

    In {int((found.estimate == 0).sum())} towns no batch failed. Ours holds the truth in {ours} of 12, the usual logit interval in {theirs}.
    """)


@app.cell
def _(fails, hierarchy, mo, np, pl, rows, town, truth):
    hits = np.bincount(town[rows], fails[rows], 12)
    cases = np.bincount(town[rows], minlength=12)
    shared = hierarchy(hits, cases)
    pooled = pl.DataFrame(
        {"town": range(12), "raw": hits / cases, "estimate": shared.estimate, "sd": shared.sd, "truth": truth}
    )
    mo.vstack([mo.md("## 借用其他镇的信息 · Borrowing from the other towns"), mo.ui.table(pooled, selection=None)])
    return (shared,)


if __name__ == "__main__":
    app.run()
