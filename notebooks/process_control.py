"""A sick process from the first question to the proof: instrument, gauge, chart, suspects, capability, before and after."""

import marimo

app = marimo.App(width="medium")


@app.cell
def _():
    import marimo as mo
    import numpy as np
    import polars as pl

    from qualipolis.methods.spc.capability import capability
    from qualipolis.methods.spc.charts import individuals_chart
    from qualipolis.methods.spc.comparison import before_after
    from qualipolis.methods.spc.instrument import recommend
    from qualipolis.methods.spc.msa import gauge_rr
    from qualipolis.methods.spc.patterns import from_chart

    return before_after, capability, from_chart, gauge_rr, individuals_chart, mo, np, pl, recommend


@app.cell
def _(mo):
    mo.md("""
    # 过程诊断 · A sick process

    真空杯 6 小时水温（模拟数据），标准下限 58 ℃。先问用什么工具，再看量具，再看过程，最后证明治疗是否有效。

    Water temperature after six hours in a vacuum cup (simulated), lower limit 58 °C. Which instrument? Is the gauge good
    enough? What does the process do? Did the treatment work?
    """)


@app.cell
def _(recommend):
    advised = recommend(
        {"goal": "capability", "measurement": "grr", "grr": 38, "gauge_setup": "parts", "destructive": "no"}
    )
    [step.text() for step in advised.steps]
    return (advised,)


@app.cell
def _(gauge_rr, np):
    rng = np.random.default_rng(20)
    parts = np.repeat(np.arange(10), 6)
    operators = np.tile(np.repeat(["A", "B", "C"], 2), 10)
    readings = rng.normal(60, 2, 10)[parts] + rng.normal(0, 0.15, 60)
    gauge = gauge_rr(readings, parts.tolist(), operators.tolist(), tolerance=8)
    {"%GRR": round(gauge.percent_study["grr"], 1), "ndc": gauge.ndc}
    return gauge, rng


@app.cell
def _(from_chart, individuals_chart, rng):
    before = rng.normal(59.0, 1.3, 60)
    before[40:] -= 2.0
    chart = individuals_chart(before)
    [
        (sighting.pattern.label, [suspect.words for suspect in sighting.pattern.suspects][:2])
        for sighting in from_chart(chart)
    ]
    return before, chart


@app.cell
def _(before, capability):
    study = capability(before, lower=58)
    {name: str(index) for name, index in study.indices.items()}
    return (study,)


@app.cell
def _(before, before_after, rng):
    after = rng.normal(62.8, 0.9, 40)
    proof = before_after(before, after, "higher", lower=58)
    {"verdict": proof.verdict, "why": proof.reason, "smallest detectable effect": round(proof.detectable, 2)}
    return after, proof


if __name__ == "__main__":
    app.run()
