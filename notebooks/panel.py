"""Panels: several years on one scale, changes with their error, trends, level and improvement."""

import marimo

app = marimo.App(width="medium")


@app.cell
def _():
    import marimo as mo
    import numpy as np

    from qualipolis.methods.composite import (
        DEFAULT_PIPELINE,
        Framework,
        Node,
        PanelData,
        impute_panel,
        level_and_improvement,
        run_panel,
        trends,
    )

    return (
        DEFAULT_PIPELINE,
        Framework,
        Node,
        PanelData,
        impute_panel,
        level_and_improvement,
        mo,
        np,
        run_panel,
        trends,
    )


@app.cell
def _(mo):
    mo.md("""
    # 面板数据 · Panels

    三个年份、五个镇、三项指标，数据是编的；丁镇第二年缺一格，戊镇第三年才纳入。

    Three years, five towns, three indicators, made-up data; one cell is missing, and one town enters late.
    """)


@app.cell
def _(Framework, Node, PanelData, np):
    tree = Framework(
        (
            *[Node(c, parent="Q", weight=w) for c, w in zip("abc", (2, 1, 1), strict=True)],
            Node("Q", level=2, kind="aggregate"),
        )
    )
    base = np.array([[60, 20, 5], [70, 35, 4], [55, 30, 8], [80, 25, 6], [65, 40, 7]], dtype=float)
    values = np.stack([base, base + np.array([3, 1, 0]), base + np.array([5, 4, 1])])
    values[1, 3, 1] = np.nan
    values[:2, 4] = np.nan
    panel = PanelData((2022, 2023, 2024), ("甲", "乙", "丙", "丁", "戊"), tuple("abc"), values)
    [str(problem) for problem in panel.movements()]
    return panel, tree


@app.cell
def _(impute_panel, mo, panel):
    filled = impute_panel(panel, "linear")
    mo.vstack([mo.md("## 补缺 · Filling gaps"), filled.filled])
    return (filled,)


@app.cell
def _(DEFAULT_PIPELINE, filled, mo, run_panel, tree):
    pooled = run_panel(DEFAULT_PIPELINE, tree, filled.panel)
    yearly = run_panel(DEFAULT_PIPELINE, tree, filled.panel, scale="yearly")
    mo.vstack(
        [
            mo.md(
                "## 一把尺子还是每年一把 · One scale or one a year\n\n统一尺度才看得出进步。 "
                "Only a shared scale shows progress."
            ),
            pooled.score("Q").round(1).tolist(),
            yearly.score("Q").round(1).tolist(),
        ]
    )
    return (pooled,)


@app.cell
def _(mo, pooled):
    intervals = pooled.uncertainty(500, seed=1)
    way = pooled.change("甲", 2022, 2024)
    assert abs(way.residual) < 1e-12
    mo.vstack(
        [
            mo.md("## 变化有多大把握 · How sure a change is"),
            intervals.between(2022, 2024),
            mo.md("## 从哪里来 · Where it comes from"),
            way.to_frame(),
        ]
    )
    return


@app.cell
def _(level_and_improvement, mo, panel, pooled, trends):
    both = level_and_improvement(pooled, a=0.7, target=10.0)
    mo.vstack(
        [
            mo.md("## 水平与进步 · Level and improvement"),
            both.to_frame(),
            mo.md("## 趋势 · Trends"),
            trends(panel, codes=("a",)),
        ]
    )
    return


if __name__ == "__main__":
    app.run()
