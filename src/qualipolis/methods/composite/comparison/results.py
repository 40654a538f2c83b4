"""Tables of results as people publish them (COINr ``get_results``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qualipolis.methods.composite.comparison.parts import unknown_choice
from qualipolis.methods.composite.result import CompositeResult
from qualipolis.methods.composite.tables import group_ranks
from qualipolis.methods.problems import InputError, Problem, msg

if TYPE_CHECKING:
    import polars as pl

TABLES = ("summary", "aggregates", "full")
USES = ("scores", "ranks", "group_ranks")


def results_table(
    result: CompositeResult,
    kind: str = "summary",
    use: str = "scores",
    group: str | None = None,
    node: str | None = None,
    names: bool = False,
) -> pl.DataFrame:
    """Return one line for each unit, best first by a node.

    Parameters
    ----------
    kind : ``summary`` the node and its rank; ``aggregates`` all aggregates from the root down; ``full`` the indicators too
    use : ``scores``, ``ranks`` or ``group_ranks`` (ranks inside each group)
    group : the grouping, for ``group_ranks``; else its column is added when given
    node : the node that orders the table, the first root by default
    names : whether to add the units' names

    Columns: unit, name, group, rank (with scores), nodes; null where missing. Raises InputError for an unknown choice.

    >>> from qualipolis.methods.composite import DEFAULT_PIPELINE, Framework, IndicatorData, Node
    >>> fw = Framework((Node("a", parent="X"), Node("b", parent="X"), Node("X", level=2, kind="aggregate")))
    >>> data = IndicatorData(("u", "v", "w"), ("a", "b"), [[1, 5], [2, 3], [3, 4]], groups={"g": ("p", "p", "q")})
    >>> result = DEFAULT_PIPELINE.run(fw, data)
    >>> results_table(result).rows(), results_table(result, "aggregates", "group_ranks", "g").rows()
    ([('w', 1, 75.0), ('u', 2, 50.0), ('v', 3, 25.0)], [('w', 'q', 1), ('u', 'p', 1), ('v', 'p', 2)])
    """
    _check(result, kind, use, group)
    top = result.framework.roots[0] if node is None else node
    columns: dict[str, object] = {"unit": result.units}
    if names:
        columns["name"] = [result.data.names.get(unit, "") for unit in result.units]
    if group is not None:
        labels = result.data.groups[group]
        columns[group] = [labels[row] for row in result.runs[-1].state.rows]
    if use == "scores":
        columns["rank"] = result.ranks(top)
    for code in _nodes(result, kind, top):
        columns[code] = result.score(code) if use == "scores" else _ranks(result, code, use, group)
    return _ordered(result, columns, use, top)


def _ordered(result: CompositeResult, columns: dict[str, object], use: str, top: str) -> pl.DataFrame:
    import polars as pl

    frame = pl.DataFrame({**columns, "·order": result.ranks(top)}).with_columns(pl.selectors.float().fill_nan(None))
    whole = [name for name in frame.columns if name == "rank" or (use != "scores" and name in result.framework.codes)]
    frame = frame.with_columns(pl.col(whole).cast(pl.Int64))
    return frame.sort("·order", nulls_last=True, maintain_order=True).drop("·order")


def _nodes(result: CompositeResult, kind: str, top: str) -> list[str]:
    tree = result.framework
    aggregates = [code for code in sorted(tree.aggregates, key=lambda code: -tree.node(code).level) if code != top]
    if kind == "summary":
        return [top]
    leaves = list(tree.indicators) if kind == "full" else []
    return [top, *aggregates, *(code for code in leaves if code != top)]


def _ranks(result: CompositeResult, code: str, use: str, group: str | None) -> object:
    if use == "ranks":
        return result.ranks(code)
    assert group is not None
    return group_ranks(result, group, (code,))["rank"].cast(float)


def _check(result: CompositeResult, kind: str, use: str, group: str | None) -> None:
    errors = []
    if kind not in TABLES:
        errors.append(unknown_choice("kind", kind, TABLES))
    if use not in USES:
        errors.append(unknown_choice("use", use, USES))
    if (group is not None or use == "group_ranks") and group not in result.data.groups:
        text = msg("The data have no grouping %(name)s.")
        errors.append(Problem("unknown_group", text, msg("Use one that is there."), {"name": group}))
    if errors:
        raise InputError(errors)
