"""The fixed words of the documents, as pairs (Chinese, English): this face works without Django, from the command line."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

Lang = Literal["zh", "en"]
NARROW = frozenset(" ijlftrI.,;:'|!()[]-/")
BREAK = "\u200b"  # an invisible place to break a line

_PAIRS: dict[str, tuple[str, str]] = {
    "demo": ("演示数据（合成）", "Synthetic demo data"),
    "page": ("第%d页，共%d页", "Page %d of %d"),
    "release": ("发布版%s", "Release %s"),
    "unreleased": ("未发布的计算结果", "Unreleased result"),
    "as_of": ("生成于%s", "created %s"),
    "hash_short": ("指纹%s", "hash %s"),
    "comma": ("，", ", "),
    "colon": ("：", ": "),
    "list_comma": ("、", ", "),
    "stop": ("。", "."),
    "missing": ("—", "—"),
    "range": ("%s—%s", "%s–%s"),
    # ranking
    "rank": ("名次", "Rank"),
    "unit": ("单位", "Unit"),
    "group": ("同类组", "Peer group"),
    "score": ("得分", "Score"),
    "grade": ("等级", "Grade"),
    "plot": ("名次", "Rank"),
    "interval": ("%d%%区间", "%d%% interval"),
    "median": ("中位", "Median"),
    "prev": ("上期", "Last"),
    "move": ("变化", "Change"),
    "up": ("前进", "up"),
    "down": ("后退", "down"),
    "no_score": ("无得分", "no score"),
    "plot_title": ("图1　%s的名次和%d%%区间", "Figure 1  Rank of each of the %s with its %d%% interval"),
    "plot_title_bare": ("图1　%s的名次", "Figure 1  Rank of each of the %s"),
    "key_now": ("本期名次", "rank now"),
    "key_interval": ("本期名次与%d%%区间", "rank now with %d%% interval"),
    "key_prev": ("上期名次", "last period"),
    "key_ties": ("7=表示并列第7，下一名次空缺", "7= means a tie at 7; the next rank is skipped"),
    "notes": ("注", "Notes"),
    "note_move": (
        "只有上期名次落在本期区间之外，才标前进或后退。",
        "Up or down is marked only where last period's rank lies outside this period's interval.",
    ),
    "note_none": (
        "没有做模拟，所以没有区间；相邻名次的先后不宜当作结论。",
        "No simulation was run, so there are no intervals; do not read an order into neighbouring ranks.",
    ),
    "note_missing": (
        "“—”表示没有数值：不按零计，没有得分的不参加排名。",
        "A dash means no value: it is not counted as zero, and a unit without a score is not ranked.",
    ),
    # dimensions
    "dims_heading": ("各维度得分", "Scores by dimension"),
    "dims_lead": (
        "方块分五档：在该维度的名次越靠前，方块越大越深，每档约占五分之一。同一行里方块大小不一，就是长短板所在。",
        "Squares come in five steps: the higher the rank within the dimension, the larger and darker the square; each "
        "step holds about a fifth of the units. Uneven squares along a row show where a unit is strong or weak.",
    ),
    "dims_title": ("表%d　%s的维度得分", "Table %d  Dimension scores of the %s"),
    "dims_part": ("（%d/%d）", " (part %d of %d)"),
    "step_low": ("后五分之一", "lowest fifth"),
    "step_high": ("前五分之一", "top fifth"),
    # method
    "method_heading": ("附录A　方法", "Appendix A  Method"),
    "method_lead": (
        "得分按下面的步骤算出，参数随发布版一起保存。",
        "Scores come from these steps; their parameters are stored with the release.",
    ),
    "method_none": ("这次结果没有附上步骤说明。", "No description of the steps came with this result."),
    "method_step": ("步骤", "Step"),
    "method_what": ("做法", "What was done"),
    "uncertainty": ("不确定性", "Uncertainty"),
    "uncertainty_run": (
        "模拟%s次，随机种子%s，给出每个单位名次的%d%%区间。",
        "%s simulated replicates, seed %s, give each unit's %d%% rank interval.",
    ),
    "uncertainty_none": ("没有做模拟，名次不带区间。", "No simulation was run; ranks carry no interval."),
    "source": ("出处：", "Source: "),
    # robustness
    "robust_heading": ("名次稳不稳", "How robust the ranks are"),
    "robust_lead": (
        "名次的变动有多少来自每一项假设：单独的影响，以及与其他假设共同的影响。",
        "How much of the movement of the ranks each assumption explains: alone, and together with the others.",
    ),
    "robust_what": ("假设", "Assumption"),
    "robust_alone": ("单独影响", "Alone"),
    "robust_both": ("共同影响", "With others"),
    "robust_interval": ("90%%区间", "90%% interval"),
    "robust_share": ("共同影响，0至100%%", "With others, 0 to 100%%"),
    "robust_runs": (
        "名次平均变动%s位。共计算%s次，失败%s次；失败的连同所在行一起剔除。",
        "Ranks moved %s places on average. %s runs, %s failed; those are left out with their whole row.",
    ),
    "robust_exact": (
        "全部%s种组合都算过，精确值见附表。",
        "All %s combinations of the choices were run; the exact values are in the tables.",
    ),
    "tiers_heading": ("梯队", "Tiers"),
    "tiers_lead": (
        "自上而下，若某单位在超过95%%的模拟中排在本梯队首个单位之后，则由它开启下一梯队。同一梯队内不宜论先后。",
        "Walking down the ranking, a unit opens a new tier when it ranks below the first unit of the current tier in more "
        "than 95%% of the replicates. Within a tier the order is not sure.",
    ),
    "tier": ("梯队", "Tier"),
    "tier_units": ("单位（按名次）", "Units, by rank"),
    # framework
    "framework_heading": ("附录D　指标框架", "Appendix D  Indicator framework"),
    "framework_lead": (
        "共%d项，其中基础指标%d项。权重是同一上级之下的相对权重。",
        "%d nodes, %d of them basic indicators. A weight is relative to its siblings under the same parent.",
    ),
    "framework_none": ("这次结果没有附上指标框架。", "No framework came with this result."),
    "level": ("层级", "Level"),
    "code": ("代码", "Code"),
    "name": ("名称", "Name"),
    "weight": ("权重", "Weight"),
    "direction": ("方向", "Direction"),
    "measure_unit": ("单位", "Unit"),
    "higher": ("越大越好", "higher is better"),
    "lower": ("越小越好", "lower is better"),
    "within": ("适度为好", "best within a range"),
    # warnings and verification
    "warnings_heading": ("附录B　提醒", "Appendix B  Warnings"),
    "warnings_lead": (
        "计算时发现下面这些情况，读数时请留意。",
        "The calculation found the following; keep it in mind when reading the numbers.",
    ),
    "warnings_none": ("计算时没有发现需要提醒的情况。", "The calculation raised no warnings."),
    "data_heading": ("数据说明", "About the data"),
    "verify_heading": ("附录C　怎样核验", "Appendix C  How to verify"),
    "verify_lead": (
        "每个数都能从保存的输入重新算出来，不必相信本报告。",
        "Every number here can be recomputed from the stored inputs; there is no need to trust this report.",
    ),
    "verify_none": (
        "这次结果没有做成发布版，没有指纹可以核对。",
        "This result was not made into a release, so there is no hash to check.",
    ),
    "verify_1": (
        "取得发布版%s的整个文件夹（下面写作DIR）。",
        "Obtain the whole folder of release %s (called DIR below).",
    ),
    "verify_2": (
        "运行这条命令，它用保存的输入重算一遍：",
        "Run this command; it recomputes everything from the stored inputs:",
    ),
    "verify_3": (
        "命令以0结束，就是全部一致；以1结束，会说出第一处不一致。",
        "Exit code 0 means that all holds; exit code 1 comes with the first thing that does not.",
    ),
    "verify_4": ("核对发布版的指纹（八位一组）：", "Compare the hash of the release (groups of eight):"),
    # list export
    "list_rows": ("共%s行", "%s rows"),
    "list_row": ("共%s行", "%s row"),
    "list_filters": ("筛选条件", "Filters"),
    "list_no_filters": ("没有筛选", "no filters"),
    "list_empty": ("没有符合条件的记录", "No record matches"),
    "list_made": ("导出于%s", "exported %s"),
}

WORDS = MappingProxyType(_PAIRS)


def told(pairs: Mapping[str, tuple[str, str]], lang: Lang, key: str, *values: object) -> str:
    """Return the words ``key`` of ``pairs`` in ``lang`` with ``values`` put into their places."""
    text = pairs[key][0 if lang == "zh" else 1]
    return text % values if values else text.replace("%%", "%")


def lang_of(text: str) -> Lang:
    """Return the language of a document that ``text`` asks for: Chinese when it says so, else English."""
    return "zh" if text == "zh" else "en"


def word(lang: Lang, key: str, *values: object) -> str:
    """Return the word ``key`` in ``lang`` with ``values`` put into its places."""
    return told(_PAIRS, lang, key, *values)


def number(value: float | None, digits: int = 2) -> str:
    """Write a score; a missing one is a dash, never a zero.

    >>> number(1234.5), number(None), number(float("nan")), number(-0.001)
    ('1,234.50', '—', '—', '0.00')
    """
    if value is None or value != value:
        return "—"
    text = f"{value:,.{digits}f}"
    return text.removeprefix("-") if not text.strip("-0.,") else text


def _ems(char: str) -> float:
    if ord(char) >= 0x2E80:
        return 1.0
    if char in NARROW:
        return 0.32
    if char.isdigit():
        return 0.555
    return 0.8 if char in "%@mwMW" else 0.62 if char.isupper() else 0.54


def display_width(text: str) -> float:
    """Estimate the width of ``text`` in ems: a Chinese character is 1, a Latin one about a half."""
    return sum(map(_ems, text))


def shorten(text: str, ems: float) -> str:
    """Cut ``text`` to about ``ems`` ems and mark the cut."""
    if display_width(text) <= ems:
        return text
    kept, width = [], 1.0
    for char in text:
        width += display_width(char)
        if width > ems:
            break
        kept.append(char)
    return "".join(kept).rstrip() + "…"


def breakable(text: str, ems: float) -> str:
    """Let a word that is wider than ``ems`` break anywhere, so that a long code stays in its column.

    >>> breakable("short ones", 20.0)
    'short ones'
    >>> len(breakable("A" * 40, 10.0))
    79
    """
    if display_width(text) <= ems:
        return text
    return " ".join(
        BREAK.join(part) if part.isascii() and display_width(part) > ems else part for part in text.split(" ")
    )
