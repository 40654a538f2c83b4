"""Multivariate analysis: what an indicator set says before any weight is chosen."""

import marimo

app = marimo.App(width="medium")


@app.cell
def _():
    import marimo as mo
    import numpy as np
    import polars as pl

    from qualipolis.methods.composite import (
        DEFAULT_PIPELINE,
        Framework,
        IndicatorData,
        Node,
        cluster_indicators,
        correlation_advice,
        correlation_matrix,
        cronbach_alpha,
        factor_structure,
        implicit_weights,
        sampling_adequacy,
        structure_test,
    )
    from qualipolis.methods.composite.analysis import bartlett_sphericity

    return (
        DEFAULT_PIPELINE,
        Framework,
        IndicatorData,
        Node,
        bartlett_sphericity,
        cluster_indicators,
        correlation_advice,
        correlation_matrix,
        cronbach_alpha,
        factor_structure,
        implicit_weights,
        mo,
        np,
        pl,
        sampling_adequacy,
        structure_test,
    )


@app.cell
def _(mo):
    mo.md("""
    # 多元分析 · Multivariate analysis

    三十个虚构的镇，两个一级指标，六项指标。数据由种子 7 生成。其中 `recheck` 几乎是 `pass` 的复写，`cost` 与同组指标此长彼消。

    Thirty invented towns, two pillars, six indicators, made from seed 7. `recheck` all but repeats `pass`; `cost` pulls
    against its own group.
    """)


@app.cell
def _(DEFAULT_PIPELINE, Framework, IndicatorData, Node, np):
    tree = Framework(
        (
            Node("pass", parent="result"),
            Node("recheck", parent="result"),
            Node("complaints", parent="result", direction=-1),
            Node("staff", parent="input"),
            Node("training", parent="input"),
            Node("cost", parent="input", direction=-1),
            Node("result", parent="index", level=2, kind="aggregate"),
            Node("input", parent="index", level=2, kind="aggregate"),
            Node("index", level=3, kind="aggregate"),
        )
    )
    rng = np.random.default_rng(7)
    quality, effort, noise = *rng.standard_normal((2, 30)), rng.standard_normal((6, 30))
    columns = [
        95 + 2 * quality,
        94 + 2 * quality + 0.3 * noise[1],
        8 - 2 * quality + 1.5 * noise[2],
        20 + 5 * effort + 2 * noise[3],
        40 + 9 * effort + 6 * noise[4],
        50 + 10 * effort + 4 * noise[5],
    ]
    data = IndicatorData([f"T{k + 1:02d}" for k in range(30)], tree.indicators, np.array(columns).T)
    result = DEFAULT_PIPELINE.run(tree, data)
    return data, result, tree


@app.cell
def _(mo):
    mo.md("""
    ## 相关 · Correlations
    """)


@app.cell
def _(correlation_matrix, mo, pl, result):
    matrix = correlation_matrix(result, level=1)
    heat = pl.DataFrame({"code": matrix.codes} | dict(zip(matrix.codes, matrix.r.round(2), strict=True)))
    mo.vstack([heat])
    return heat, matrix


@app.cell
def _(correlation_advice, mo, result):
    advice = correlation_advice(result)
    mo.md("\n".join(f"- {problem}" for problem in advice))
    return (advice,)


@app.cell
def _(mo):
    mo.md("""
    ## 结构 · Structure

    KMO、巴特利特检验、平行分析、方差最大旋转；每个汇总项是不是只有一个维度。

    KMO, Bartlett, parallel analysis, varimax; and whether each aggregate has one dimension.
    """)


@app.cell
def _(bartlett_sphericity, factor_structure, result, sampling_adequacy):
    adequacy = sampling_adequacy(result, level=1)
    sphericity = bartlett_sphericity(result, level=1)
    factors = factor_structure(result, level=1, seed=1)
    {
        "KMO": round(adequacy.overall, 3),
        "Bartlett": (round(sphericity.chi2, 1), sphericity.df, float(f"{sphericity.p:.2g}")),
        "eigenvalues": factors.eigenvalues.round(2).tolist(),
        "chance": factors.random.round(2).tolist(),
        "factors": (factors.by_kaiser, factors.by_parallel),
    }
    return adequacy, factors, sphericity


@app.cell
def _(factors):
    factors.to_frame()


@app.cell
def _(cronbach_alpha, pl, result, structure_test):
    test = structure_test(result)
    alphas = {node: round(cronbach_alpha(result, under=node).alpha, 3) for node in ("result", "input")}
    test.to_frame().with_columns(pl.selectors.float().round(3))
    return alphas, test


@app.cell
def _(cluster_indicators, result):
    clusters = cluster_indicators(result, level=1, groups=3)
    clusters.to_frame()
    return (clusters,)


@app.cell
def _(mo):
    mo.md("""
    ## 隐含权重 · Implicit weights

    名义权重相同，影响并不相同。

    Equal weights, unequal influence.
    """)


@app.cell
def _(implicit_weights, pl, result):
    implicit = implicit_weights(result)
    implicit.to_frame().with_columns(pl.selectors.float().round(3))
    return (implicit,)


if __name__ == "__main__":
    app.run()
