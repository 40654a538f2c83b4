"""An early warning from counts to a decision: series, pairs, towns, joined with false discoveries bounded, then the risk."""

import marimo

app = marimo.App(width="medium")


@app.cell
def _():
    import marimo as mo
    import numpy as np
    import polars as pl

    from qualipolis.methods.signal.back_testing import power
    from qualipolis.methods.signal.combined import combine
    from qualipolis.methods.signal.disproportionality import count_pairs, disproportionality
    from qualipolis.methods.signal.risk import Factor, Scenario, assess_risk
    from qualipolis.methods.signal.series import detect
    from qualipolis.methods.signal.space import scan

    return Factor, Scenario, assess_risk, combine, count_pairs, detect, disproportionality, mo, np, pl, power, scan


@app.cell
def _(mo):
    mo.md("""
    # 提前听见 · Hearing early

    模拟的投诉：四类产品、一年半、九个镇。最后四周，电暖器的烫伤投诉在三个相邻的镇上升。

    Simulated complaints: four products, a year and a half, nine towns. In the last four weeks burns from heaters rise in
    three neighbouring towns.
    """)


@app.cell
def _(np):
    rng = np.random.default_rng(26)
    products = ["heater / burn", "toy / small parts", "lamp / shock", "cup / leak"]
    counts = rng.poisson(np.array([[1.5], [2.0], [1.0], [3.0]]), (4, 78)).astype(float)
    counts[0, -4:] += [3, 5, 7, 8]
    return counts, products, rng


@app.cell
def _(counts, detect, pl, products):
    alarms = detect(counts, "bayes", half_width=26)
    pl.DataFrame(
        {
            "series": products,
            "last week": counts[:, -1],
            "expected": alarms.expected[:, -1].round(2),
            "bound": alarms.upperbound[:, -1],
            "p": alarms.p_value[:, -1].round(5),
        }
    )
    return (alarms,)


@app.cell
def _(count_pairs, disproportionality, rng):
    words = [("heater", "burn")] * 22 + [("heater", "noise")] * 6 + [("lamp", "burn")] * 3 + [("lamp", "shock")] * 20
    words += [("toy", "small parts")] * 30 + [("toy", "burn")] * 1 + [("cup", "leak")] * 40
    order = rng.permutation(len(words))
    pairs = count_pairs(range(len(words)), [words[i][0] for i in order], [words[i][1] for i in order])
    scores = disproportionality(pairs)
    scores.to_frame().select("left", "right", "n", "E", "PRR", "IC025").sort("IC025", descending=True).head(4)
    return (scores,)


@app.cell
def _(np, scan):
    grid = [(x, y) for x in range(3) for y in range(3)]
    cases = np.array([2, 1, 3, 2, 2, 1, 9, 8, 1])
    found = scan(cases, np.full(9, 1000.0), np.array(grid, dtype=float), seed=4, simulations=999)
    best = found.most_likely
    {"towns": best.ids, "observed": best.observed, "expected": round(best.expected, 2), "p": round(best.p, 3)}
    return (found,)


@app.cell
def _(alarms, combine, np, products):
    space = np.array([0.004, np.nan, np.nan, np.nan])
    verdicts = combine(products, {"series": alarms.p_value[:, -1], "space": space})
    [(one.key, one.level, one.why()) for one in verdicts.verdicts(("signal", "watch", "quiet"))]
    return (verdicts,)


@app.cell
def _(counts, detect, power):
    def chance(history):
        return detect(history, "bayes", half_width=26)

    tried = power(counts[1:2, :70], chance, [5, 15], first=40, length=4, within=4, n=60, level=0.95, seed=3)
    [str(point) for point in tried]
    return (tried,)


@app.cell
def _(Factor, Scenario, assess_risk):
    burn = Scenario(
        "烫伤 burn", 3, (Factor("外壳过热 the case overheats", "1/20"), Factor("有人触碰 somebody touches it", "1/5"))
    )
    risk = assess_risk([burn])
    {"risk": str(risk), "uncertain": risk.uncertain}
    return (risk,)


if __name__ == "__main__":
    app.run()
