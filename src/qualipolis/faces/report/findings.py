"""What the numbers of an assessment allow one to say, and no more."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import TYPE_CHECKING

from .words import number, word

if TYPE_CHECKING:
    from .assessment import AssessmentReport, ReportUnit

NAMED_AT_MOST = 5
ENOUGH = 12  # below this many units, a "top few" says nothing


def ranked(report: AssessmentReport) -> list[ReportUnit]:
    """Return the units that have a rank, best first; equal ranks keep the order they came in."""
    return sorted((u for u in report.unit_rows if u.rank is not None), key=lambda u: u.rank or 0)


def has_interval(unit: ReportUnit) -> bool:
    """Tell whether the simulation gave this unit an interval."""
    ends = (unit.rank_lo, unit.rank_hi)
    return all(end is not None and end == end for end in ends)


def move(unit: ReportUnit) -> int:
    """Return 1 for a rise, -1 for a fall beyond the error, 0 when the change is within it or unknown."""
    if unit.prev_rank is None or not has_interval(unit):
        return 0
    return int(unit.prev_rank > (unit.rank_hi or 0)) - int(unit.prev_rank < (unit.rank_lo or 0))


def whole(value: float | None) -> str:
    """Write an end of an interval of ranks as a rank: no unit has rank 9.9, and no rank inside is left out.

    >>> whole(17), whole(16.99), whole(37.95), whole(9.9), whole(None)
    ('17', '17', '38', '10', '—')
    """
    if value is None or value != value:
        return "—"
    return f"{value:.0f}"


def _names(report: AssessmentReport, units: Sequence[ReportUnit]) -> str:
    comma = word(report.lang, "list_comma")
    named = comma.join(u.name for u in units[:NAMED_AT_MOST])
    rest = len(units) - NAMED_AT_MOST
    if rest <= 0:
        return named
    return f"{named}等" if report.lang == "zh" else f"{named} and {rest} more"


def headline(report: AssessmentReport) -> str:
    """Return the first finding: who leads, and whether that lead is more than error."""
    units, zh, label = ranked(report), report.lang == "zh", report.units_label
    if not units:
        return f"没有{label}得到综合得分" if zh else f"None of the {label} received a composite score"
    leaders = [u for u in units if u.rank == units[0].rank]
    if len(leaders) > NAMED_AT_MOST:
        return f"{len(leaders)}个{label}并列第1" if zh else f"{len(leaders)} {label} share the first rank"
    names = _names(report, leaders)
    many = len(leaders) > 1
    if not all(has_interval(u) for u in units):
        if zh:
            return f"{names}得分最高，名次的不确定性没有评估"
        return f"{names} {'score' if many else 'scores'} highest; rank uncertainty was not assessed"
    worst = max(u.rank_hi or 0 for u in leaders)
    rivals = sum(1 for u in units if u not in leaders and (u.rank_lo or 0) <= worst)
    if rivals == 0:
        if zh:
            return f"{names}居首，名次区间与其他{label}不重叠"
        return f"{names} {'lead' if many else 'leads'}, with a rank interval apart from all other {label}"
    if zh:
        return f"{names}得分最高，与另外{rivals:,}个{label}分不出先后"
    return f"{names} {'score' if many else 'scores'} highest, but cannot be told apart from {rivals:,} other {label}"


def coverage(report: AssessmentReport) -> str:
    """Return how many units are ranked, between which scores, and how many are not."""
    scores = [u.score for u in ranked(report) if u.score is not None and u.score == u.score]
    left_out = len(report.unit_rows) - len(ranked(report))
    label, zh = report.units_label, report.lang == "zh"
    when = f" for {report.period}" if report.period else ""
    parts = []
    if scores:
        low, mid, high = number(min(scores)), number(median(scores)), number(max(scores))
        parts.append(
            f"{report.period}参加排名的有{len(ranked(report)):,}个{label}，{report.node_name}得分在{low}到{high}之间，中位数{mid}。"
            if zh
            else f"{len(ranked(report)):,} {label} are ranked{when}; {report.node_name} scores run from {low} "
            f"to {high}, median {mid}."
        )
    if left_out:
        parts.append(
            f"{left_out:,}个没有得分，不参加排名，也不按零分计。"
            if zh
            else f"{left_out:,} of the {label} {'has' if left_out == 1 else 'have'} no score: not ranked, and not counted as zero."
        )
    return ("" if zh else " ").join(parts)


def uncertainty(report: AssessmentReport) -> str:
    """Return how wide the rank intervals are, and who is surely near the top."""
    units = [u for u in ranked(report) if has_interval(u)]
    zh, level = report.lang == "zh", round(report.interval_level * 100)
    if not units:
        return word(report.lang, "note_none")
    top = max(1, min(10, len(units) // 3))
    sure = [u for u in units if (u.rank_hi or 0) <= top]
    width = whole(median((u.rank_hi or 0) - (u.rank_lo or 0) for u in units))
    if zh:
        text = f"{report.replicates:,}次模拟给出每个名次的{level}%区间，区间上下限相差的中位数是{width}名；区间重叠的，不宜据此论先后。"
        near = f"整个区间都在前{top}名之内的有{len(sure)}个" + (f"：{_names(report, sure)}。" if sure else "。")
        return text + near if len(units) >= ENOUGH else text
    text = (
        f"{report.replicates:,} simulated replicates give a {level}% interval for each rank; its ends lie {width} ranks "
        "apart at the median. Do not read an order into overlapping intervals. "
    )
    near = f"{len(sure)} {'has its' if len(sure) == 1 else 'have their'} whole interval within the top {top}"
    near += f": {_names(report, sure)}." if sure else "."
    return text + near if len(units) >= ENOUGH else text.rstrip()


def change(report: AssessmentReport) -> str:
    """Return who moved beyond the error since the last period; empty when there was none."""
    known = [u for u in ranked(report) if u.prev_rank is not None and has_interval(u)]
    if not known:
        return ""
    up, down = [u for u in known if move(u) > 0], [u for u in known if move(u) < 0]
    still = len(known) - len(up) - len(down)
    if report.lang == "zh":
        parts = [
            f"{n}{len(us)}个（{_names(report, us)}）" if us else f"{n}0个" for n, us in (("前进", up), ("后退", down))
        ]
        return f"与上期相比，超出误差的变化：{'，'.join(parts)}；其余{still:,}个的变化在误差之内。"
    parts = [
        f"{len(us)} {'moved' if i == 0 else ''} {n}".replace("  ", " ") + (f" ({_names(report, us)})" if us else "")
        for i, (n, us) in enumerate((("up", up), ("down", down)))
    ]
    return f"Since the last period, beyond the error, {' and '.join(parts)}; for the other {still:,} the change is within error."


def told(report: AssessmentReport) -> tuple[str, ...]:
    """Return the title of the first page and its paragraphs."""
    derived = [text for text in (coverage(report), uncertainty(report), change(report)) if text]
    if report.findings:
        return (report.findings[0], *report.findings[1:], derived[0] if derived else "")
    return (headline(report), *derived)
