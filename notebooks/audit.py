"""The audit document: written, run again, tampered with."""

import marimo

app = marimo.App(width="medium")


@app.cell
def _():
    import json
    from datetime import UTC, datetime

    import marimo as mo
    import numpy as np
    import polars as pl

    from qualipolis.lake.audit import audit_document, rerun
    from qualipolis.lake.catalogues import translator
    from qualipolis.lake.release import About, compute, inputs_of
    from qualipolis.lake.release.wording import describe_pipeline
    from qualipolis.methods.composite import DEFAULT_PIPELINE, Framework, IndicatorData, Node

    return (
        About,
        DEFAULT_PIPELINE,
        Framework,
        IndicatorData,
        Node,
        UTC,
        audit_document,
        compute,
        datetime,
        describe_pipeline,
        inputs_of,
        json,
        mo,
        np,
        pl,
        rerun,
        translator,
    )


@app.cell
def _(mo):
    mo.md("""
    # 审计文档 · The audit document

    先造一份小数据，算一遍，写成审计文档；再重算它；最后改掉一个数，看能不能发现。

    Make a small table, compute it, write the audit document; run it again; then change one number and see whether it is found.
    """)


@app.cell
def _(About, DEFAULT_PIPELINE, Framework, IndicatorData, Node, UTC, audit_document, compute, datetime, inputs_of, np):
    tree = Framework((*[Node(c, f"Rate {c}", f"指标{c}", "Q") for c in "abc"], Node("Q", level=2, kind="aggregate")))
    units = tuple(f"T{i:02d}" for i in range(20))
    data = IndicatorData(units, tuple("abc"), np.random.default_rng(1).normal(60, 10, (20, 3)))
    made = compute(inputs_of(tree, data, DEFAULT_PIPELINE), replicates=200, seed=1, sensitivity=128)
    name, page = audit_document(About("Demo", datetime(2026, 3, 1, tzinfo=UTC), "2026-1", synthetic=True), made)
    return made, name, page, tree


@app.cell
def _(made, mo, name, page, pl):
    mo.vstack(
        [
            mo.md(f"`{name}`：{len(page) / 1024:.0f} KiB"),
            mo.md("哪项假设影响大 · Which assumption matters"),
            made.robustness.tables["sensitivity.csv"].select("factor", pl.col("first", "total").round(3)),
        ]
    )


@app.cell
def _(DEFAULT_PIPELINE, describe_pipeline, mo, translator, tree):
    said = [
        f"**{translator('zh')(part.heading)}** {part.paragraph(translator('zh'))}"
        for part in describe_pipeline(DEFAULT_PIPELINE, tree)
    ]
    mo.md("\n\n".join(said))


@app.cell
def _(mo, page, rerun):
    again = rerun(page)
    assert again.found.ok
    mo.md(f"重算一致，共核对 {len(again.found.steps)} 项 · All {len(again.found.steps)} checks hold.")


@app.cell
def _(json, mo, page, rerun):
    start, end = page.index(b'{"code_version"'), page.rindex(b"</script>")
    facts = json.loads(page[start:end])
    table = facts["files"]["scores.csv"]["text"]
    row = next(line for line in table.splitlines() if line.startswith("T03,Q,"))
    facts["files"]["scores.csv"]["text"] = table.replace(row, "T03,Q,2,99.5,1")
    forged = rerun(page[:start] + json.dumps(facts).encode() + page[end:])
    assert not forged.found.ok
    mo.md("\n".join(f"- {step.detail}" for step in forged.found.steps if not step.ok))


if __name__ == "__main__":
    app.run()
