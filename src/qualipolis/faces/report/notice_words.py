"""The fixed words of a notice of results on paper, as pairs (Chinese, English)."""

from __future__ import annotations

from types import MappingProxyType

from qualipolis.faces.report.words import told

from .words import Lang

_PAIRS: dict[str, tuple[str, str]] = {
    "kicker": ("质量发展评价结果通报", "Notice of assessment results"),
    "draft": ("草稿，尚未发文", "Draft, not issued"),
    "withdrawn": ("已撤回", "Withdrawn"),
    "issued": ("%s，%s", "%s, %s"),
    "all_parts": ("全文", "Full text"),
    "public_part": ("公开部分", "Public part"),
    "own_part": ("本镇街所见部分", "As far as it concerns the reader"),
    "text": ("通报全文", "Text of the notice"),
    "grades_title": ("表1　各等级的个数", "Table 1  Units by grade"),
    "grade": ("等级", "Grade"),
    "span": ("得分", "Score"),
    "count": ("个数", "Units"),
    "share": ("占比", "Share"),
    "ungraded": ("未定级", "No grade"),
    "grades_note": (
        "等级按未取整的得分划分，“以上”含本数；一票否决的一律为D级。",
        "Grades go by the unrounded score, each band holding its lower end; a veto makes D whatever the score.",
    ),
    "tiers_heading": ("梯队", "Tiers"),
    "tiers_title": ("表%d　各梯队的单位", "Table %d  Units by tier"),
    "tier": ("梯队", "Tier"),
    "units": ("单位（按代码排列，不分先后）", "Units (by code, in no order of merit)"),
    "units_plain": ("单位", "Units"),
    "no_tiers": ("这次评价没有划分梯队。", "This assessment has no tiers."),
    "interval": (
        "名次带有%d%%区间，由%s次模拟得出。同一梯队里，不宜据此论先后。",
        "Ranks carry a %d%% interval from %s simulated replicates. Within a tier, do not read an order into these.",
    ),
    "interval_none": (
        "这次评价没有做模拟，名次不带区间，相邻名次的先后不宜当作结论。",
        "No simulation was run: ranks carry no interval, and neighbouring ranks should not be read as an order.",
    ),
    "vetoes_heading": ("一票否决和弄虚作假", "Vetoes and falsified data"),
    "vetoes_title": ("表%d　否决和计零分的事项", "Table %d  Vetoes and indicators scored 0"),
    "vetoes_none": (
        "本年度没有一票否决，也没有因弄虚作假计零分的指标。",
        "There was no veto this year, and no indicator scored 0 for falsified data.",
    ),
    "unit": ("单位", "Unit"),
    "what": ("处理", "What follows"),
    "veto": ("定为D级", "Grade D"),
    "falsified": ("指标%s计零分", "Indicator %s scores 0"),
    "reason": ("理由", "Reason"),
    "document": ("文号", "Document"),
    "rectify_heading": ("整改", "Rectification"),
    "rectify_title": ("表%d　须整改的单位", "Table %d  Units that have to rectify"),
    "rectify_none": ("没有单位须整改。", "No unit has to rectify anything."),
    "rectify_count": ("须整改的单位共%d个。", "%d units have to rectify."),
    "rectify_one": ("须整改的单位共1个。", "1 unit has to rectify."),
    "cause": ("原因", "Cause"),
    "due": ("完成期限", "Due"),
    "cause_grade": ("等级为C级或D级", "grade C or D"),
    "cause_veto": ("一票否决", "veto"),
    "cause_falsified": ("数据弄虚作假", "falsified data"),
    "cause_chosen": ("领导小组办公室指定", "chosen by the office"),
    "act": ("要办的事", "What has to be done"),
    "act_words": (
        "列入整改的%d个单位，最迟%s前完成整改并报告；每项整改都有要求达到的数值和时期，由主管部门逐项核验。",
        "The %d units listed have to rectify and report by %s at the latest; each item names the figure to reach and its "
        "period, and the department concerned checks it.",
    ),
    "act_words_one": (
        "列入整改的%d个单位，须在%s前完成整改并报告；每项整改都有要求达到的数值和时期，由主管部门逐项核验。",
        "The %d unit listed has to rectify and report by %s; each item names the figure to reach and its period, and the "
        "department concerned checks it.",
    ),
    "act_none": ("本次通报没有整改事项。", "Nothing has to be rectified after this notice."),
    "decided": (
        "依据：领导小组%s会议审定（%s）。",
        "Basis: decided by the leading group in its meeting of %s (%s).",
    ),
    "public_note": (
        "公开部分不含对单个镇街的意见和整改名单。",
        "The public part leaves out remarks on single units and the list of those that rectify.",
    ),
    "own_note": (
        "对其他镇街的意见和其他镇街的整改事项不在其中。",
        "Remarks on other units and the rectifications of others are left out.",
    ),
    "verify_heading": ("怎样核验", "How to verify"),
    "verify_lead": (
        "这份通报里的数都来自发布版%s，任何人都能从保存的输入重新算出来。",
        "The figures of this notice come from release %s; anyone can compute them again from its stored inputs.",
    ),
    "verify_run": (
        "取得发布版的整个文件夹（下面写作DIR），运行：",
        "Obtain the whole folder of the release (DIR below) and run:",
    ),
    "verify_hash": ("核对发布版的指纹（八位一组）：", "Compare the hash of the release (groups of eight):"),
    "footer": ("发布版%s，指纹%s，核验方法见末页", "Release %s, hash %s, how to verify: last page"),
    "span_A": ("90分以上", "90 and above"),
    "span_B": ("80分以上，不到90分", "from 80, below 90"),
    "span_C": ("60分以上，不到80分", "from 60, below 80"),
    "span_D": ("不到60分，或一票否决", "below 60, or a veto"),
}

WORDS = MappingProxyType(_PAIRS)


def said(lang: Lang, key: str, *values: object) -> str:
    """Return the words ``key`` in ``lang`` with ``values`` put into their places.

    >>> said("en", "falsified", "PQ01")
    'Indicator PQ01 scores 0'
    """
    return told(_PAIRS, lang, key, *values)
