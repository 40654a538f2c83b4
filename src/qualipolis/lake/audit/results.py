"""The results as a person reads them: ranks with intervals, best first, and the tree of indicators."""

from __future__ import annotations

from collections.abc import Iterator

from qualipolis.lake.audit.figures import whisker
from qualipolis.lake.audit.markup import cell, pair, paragraph, plain, row, say, table
from qualipolis.lake.release.compute import Assessment
from qualipolis.lake.release.tiers import tiers_on
from qualipolis.methods.composite import Node
from qualipolis.methods.problems import msg

DEEPEST = 5
TIER_RULE = msg(
    "A unit opens a new tier when it ranks below the first unit of the tier before in more than 95%% of the replicates; "
    "within a tier the order is not sure."
)


def name_of(node: Node) -> str:
    """Return the name of a node in both languages; its code where it has none."""
    return pair(node.name_zh or node.name_en or node.code, node.name_en or node.name_zh or node.code)


def ranking(assessment: Assessment, node: str) -> str:
    """Return the units in the order of their rank on ``node``, those without a score last."""
    drawn = assessment.intervals is not None
    heads = [(say(msg("Rank")), "num"), (say(msg("Unit")), ""), (say(msg("Score")), "num")]
    if drawn:
        heads += [(say(msg("90%% interval")), "num"), (say(msg("Rank and interval, first on the left")), "plot")]
    title = say(msg("Ranks on %(node)s"), node=node)
    named = name_of(assessment.result.framework.node(node))
    return table(heads, ranked_rows(assessment, node, drawn), f"{title} · {named}", "stack")


def ranked_rows(assessment: Assessment, node: str, drawn: bool) -> Iterator[str]:
    """Yield one row for each unit."""
    result = assessment.result
    units, scores, ranks = result.units, result.score(node), result.ranks(node)
    bounds = bounds_of(assessment, node)
    names, size = assessment.tables.data.names, int((ranks == ranks).sum())
    tied = {rank for rank in ranks.tolist() if (ranks == rank).sum() > 1}
    order = sorted(range(len(ranks)), key=lambda at: (ranks[at] != ranks[at], ranks[at]))
    tiers, open_tier = tiers_on(result, assessment.intervals, node), 0
    for at in order:
        unit, rank = units[at], ranks[at]
        if unit in tiers and tiers[unit][0] != open_tier:
            open_tier = tiers[unit][0]
            yield tier_row(open_tier, sum(tier == open_tier for tier, _ in tiers.values()))
        known = rank == rank
        cells = [
            cell((f"{rank:.0f}" + ("=" if rank in tied else "")) if known else "—", "num", head=msg("Rank")),
            cell(unit_name(names.get(unit, ""), unit), "name"),
            cell(f"{scores[at]:.2f}" if known else "—", "num", head=msg("Score")),
        ]
        if drawn:
            low, high = bounds.get(unit, (None, None))
            shown = "—" if low is None or high is None else f"{whole(low)}–{whole(high)}"
            cells.append(cell(shown, "num", head=msg("90%% interval")))
            cells.append(cell(whisker(low, high, float(rank) if known else None, size), "plot"))
        yield row(cells)
    scored = frozenset(units)
    left_out = [unit for unit in assessment.tables.data.units if unit not in scored]
    for unit in left_out:
        empty = [cell("—", "num", head=head) for head in (msg("Score"), msg("90%% interval"))[: 2 if drawn else 1]]
        last = [cell("", "plot")] if drawn else []
        yield row(
            [cell("—", "num", head=msg("Rank")), cell(unit_name(names.get(unit, ""), unit), "name"), *empty, *last]
        )


def tier_row(tier: int, count: int) -> str:
    """Return the row above the units of a tier."""
    text = msg("Tier %(tier)s, %(count)s units") if count > 1 else msg("Tier %(tier)s, one unit")
    return row([cell(say(text, tier=tier, count=count), tag="th", scope="colgroup", colspan=5)], "tier")


def unit_name(name: str, unit: str) -> str:
    """Return name and code of a unit."""
    return f'{plain(name)} <span class="code">{plain(unit)}</span>' if name and name != unit else plain(unit)


def whole(value: float) -> str:
    """Return a rank, whole when it is whole.

    >>> whole(17.0), whole(16.99), whole(3.5)
    ('17', '17', '3.5')
    """
    return f"{value:.1f}".removesuffix(".0")


def bounds_of(assessment: Assessment, node: str) -> dict[str, tuple[float | None, float | None]]:
    """Return unit -> ends of the interval of its rank on ``node``."""
    if assessment.intervals is None:
        return {}
    frame = assessment.intervals.to_frame()
    chosen = frame.filter(frame["node"] == node)
    columns = [chosen[name].to_list() for name in ("unit", "rank_p05", "rank_p95")]
    return {unit: (low, high) for unit, low, high in zip(*columns, strict=True)}


def framework_table(assessment: Assessment) -> str:
    """Return the tree with weights, directions and goalposts, the top first."""
    framework = assessment.result.framework
    posts = any(node.floor is not None or node.target is not None for node in framework.nodes)
    heads = [(say(msg("Indicator")), ""), (say(msg("Weight")), "num"), (say(msg("Share of the total")), "num")]
    heads += [(say(msg("Direction")), ""), (say(msg("Unit of measurement")), ""), (say(msg("Divided by")), "")]
    heads += [(say(msg("Floor, target")), "num")] if posts else []
    rows = []
    for root in framework.roots:
        rows += branch(assessment, root, 0, 1.0, posts)
    return table(heads, rows, name="stack")


def branch(assessment: Assessment, code: str, depth: int, share: float, posts: bool) -> list[str]:
    """Return the rows of a node and of all below it; ``share`` is its part of the top by nominal weights."""
    framework = assessment.result.framework
    node, children = framework.node(code), framework.children(code)
    ways = {1: say(msg("more is better")), -1: say(msg("less is better")), 0: say(msg("best in a range"))}
    leaf = node.kind == "indicator"
    cells = [
        cell(
            f'{name_of(node)} <span class="code">{plain(code)}</span>',
            "name",
            f"d{min(depth, DEEPEST)}" if depth else "",
        ),
        cell(f"{node.weight:.4g}" if node.parent else "", "num", head=msg("Weight") if node.parent else ""),
        cell(f"{100 * share:.2f}%", "num", head=msg("Share of the total")),
        cell(ways[node.direction] if leaf else ""),
        cell(unit_of(node) if leaf else ""),
        cell(f'<span class="code">{plain(node.denominator)}</span>' if node.denominator else ""),
    ]
    if posts:
        cells.append(cell(goalposts(node), "num"))
    rows = [row(cells, "" if leaf else "node")]
    total = sum(framework.node(child).weight for child in children) or 1.0
    for child in children:
        part = share * framework.node(child).weight / total
        rows += branch(assessment, child, depth + 1, part, posts)
    return rows


UNITS = {
    "count": "个",
    "days": "天",
    "points": "分",
    "pp": "个百分点",
    "per 10k people": "件/万人",
    "per 10k units": "起/万台",
    "per 100 firms": "每百家企业",
    "per 1,000 firms": "家/千家",
    "per 10k employees": "人/万名从业人员",
    "CNY per person": "元/人",
    "CNY 10k per 100 firms": "万元/百家",
}
"""Common units of measurement, as the city's catalogue writes them, in English and Chinese."""


def unit_of(node: Node) -> str:
    """Return the unit of measurement, in both languages where it is a common one."""
    return pair(UNITS.get(node.unit, node.unit), node.unit)


def goalposts(node: Node) -> str:
    """Return floor and target, or the best range between them."""
    ends = [node.floor, node.target]
    if node.direction == 0:
        ends = [node.target_low, node.target_high]
    return " – ".join("…" if end is None else f"{end:.6g}" for end in ends) if any(e is not None for e in ends) else ""


def all_rankings(assessment: Assessment) -> str:
    """Return a ranking for the top of each tree."""
    notes = [
        say(msg("Equal scores share the better rank (7= means a tie at 7). A dash is a missing value, not a zero."))
    ]
    if assessment.intervals is not None:
        notes.append(say(msg("Where two intervals overlap, do not read an order into the two ranks.")))
        notes.append(say(TIER_RULE))
    shown = [ranking(assessment, root) for root in assessment.result.framework.roots]
    return "\n".join([*shown, *(paragraph(note, "source") for note in notes)])
