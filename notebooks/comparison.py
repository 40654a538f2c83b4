"""Comparing and explaining results: what differs, exact parts, what would move a rank, who can be compared."""

import marimo

app = marimo.App(width="medium")


@app.cell
def _():
    import marimo as mo
    import numpy as np

    from qualipolis.methods.composite import (
        CITY_PIPELINE,
        Framework,
        IndicatorData,
        Node,
        change,
        compare,
        difference,
        drop_indicators,
        link_to_external,
        marginal_gains,
        peers,
        remove_elements,
        what_if,
    )

    return (
        CITY_PIPELINE,
        Framework,
        IndicatorData,
        Node,
        change,
        compare,
        difference,
        drop_indicators,
        link_to_external,
        marginal_gains,
        mo,
        np,
        peers,
        remove_elements,
        what_if,
    )


@app.cell
def _(mo):
    mo.md("""
    # 比较与分解 · Comparison and decomposition

    四个镇、四项指标，数据是编的。先算一次，再问：换一种做法名次变多少，差距从哪里来，做什么最见效，谁和谁真正可比。

    Four towns, four indicators, made-up data. One run, then: what would another method change, where does a gap come from,
    what would move a rank most, and who can really be compared.
    """)


@app.cell
def _(CITY_PIPELINE, Framework, IndicatorData, Node, mo):
    tree = Framework(
        (
            Node("pass", parent="result", weight=2, floor=80, target=100, unit="%"),
            Node("complaints", parent="result", direction=-1, floor=10, target=0),
            Node("training", parent="input", floor=0, target=50),
            Node("labs", parent="input", floor=0, target=5),
            Node("result", parent="index", weight=6, level=2, kind="aggregate"),
            Node("input", parent="index", weight=4, level=2, kind="aggregate"),
            Node("index", level=3, kind="aggregate"),
        )
    )
    rows = [[96, 4, 30, 2], [92, 2, 40, 4], [98, 6, 10, 1], [90, 7, 25, 3]]
    data = IndicatorData(("A", "B", "C", "D"), ("pass", "complaints", "training", "labs"), rows)
    result = CITY_PIPELINE.run(tree, data)
    mo.plain_text(repr(result))
    return data, result, tree


@app.cell
def _(compare, drop_indicators, mo, remove_elements, result):
    geometric = result.replay({"normalise.low": 1.0, "aggregate.method": "geometric"})
    fewer = drop_indicators(result, ("labs",))
    mo.vstack(
        [
            mo.md("## 换一种做法 · Another way"),
            compare(result, geometric),
            compare(result, fewer),
            remove_elements(result).summary(),
        ]
    )
    return fewer, geometric


@app.cell
def _(difference, geometric, mo, result):
    gap = difference(result, "A", "B")
    other = difference(geometric, "A", "B")
    assert abs(gap.residual) < 1e-12
    assert abs(other.residual) < 1e-12
    mo.vstack(
        [
            mo.md(
                "## 差距从哪里来 · Where a gap comes from\n\n算术平均与几何平均，各部分之和都正好等于差距。 "
                "Arithmetic and geometric: the parts sum to the gap exactly."
            ),
            gap.to_frame(),
            other.to_frame(),
            gap.to_frame("branch"),
        ]
    )
    return (gap,)


@app.cell
def _(CITY_PIPELINE, Framework, IndicatorData, change, data, mo, np, result, tree):
    from dataclasses import replace

    harder = Framework(tuple(replace(n, target=60.0) if n.code == "training" else n for n in tree.nodes))
    moved = IndicatorData(data.units, data.codes, data.values + np.array([1, -1, 5, 0]))
    later = CITY_PIPELINE.run(harder, moved)
    step = change(result, later, "A")
    mo.vstack(
        [
            mo.md("## 从去年到今年 · From last year to this\n\n数值变动与目标变动分开算。 Values and goalposts apart."),
            step.to_frame(),
            step.to_frame("kind"),
        ]
    )
    return


@app.cell
def _(marginal_gains, mo, result, what_if):
    gains = marginal_gains(result, "D", effort={"pass": 5.0, "complaints": 2.0, "training": 0.5, "labs": 8.0})
    after = what_if(result, "D", {"training": 45.0})
    mo.vstack(
        [
            mo.md("## 做什么最见效 · What would move it most"),
            gains.to_frame(),
            mo.md(
                f"培训提高到 45：名次 {result.ranks('index')[3]:.0f} → {after.ranks('index')[3]:.0f}。 "
                "Training up to 45: the rank then."
            ),
        ]
    )
    return


@app.cell
def _(link_to_external, mo, np, peers, result):
    intervals = result.uncertainty(300, seed=1)
    exports = dict(zip("ABCD", np.array([3.1, 3.6, 2.2, 1.9]).tolist(), strict=True))
    mo.vstack(
        [
            mo.md("## 可比的单元与外部联系 · Peers and outside links"),
            peers(result, intervals, "A"),
            mo.plain_text(repr(link_to_external(result, exports, name="exports"))),
        ]
    )
    return


if __name__ == "__main__":
    app.run()
