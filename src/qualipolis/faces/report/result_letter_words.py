"""The fixed words of notices of results and rechecks on paper, as pairs (Chinese, English)."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType

from .words import Lang

_PAIRS: dict[str, tuple[str, str]] = {
    "notice": ("产品质量监督抽查检验结果通知书", "Notice of the result of supervision sampling"),
    "recheck_notice": ("产品质量监督抽查复检通知书", "Notice of a recheck"),
    "number": ("编号：%s", "No. %s"),
    "to": ("%s：", "To: %s"),
    "pass": ("未发现不合格", "no nonconformity found"),
    "fail": ("不合格", "nonconforming"),
    "notice_head": ("%s：%s", "%s: %s"),
    "notice_lead": (
        "在“%s”中抽取的样品已经检验，结果为%s。现将检验结果和您的权利告知如下。",
        "The sample taken in the campaign “%s” was tested: %s. The result and your rights are told below.",
    ),
    "fail_means": (
        "本结果在各方异议期全部届满并办结异议后生效。结果生效前不予公布。",
        "The result becomes final when the windows of all parties are over and every objection is answered. Nothing is "
        "published before.",
    ),
    "pass_means": (
        "“未发现不合格”只针对所检样品和项目，不是对产品的合格证明，不得用于宣传。",
        "“No nonconformity found” speaks of the inspected sample and items only. It certifies no product and may not be "
        "used in advertising.",
    ),
    "product": ("产品", "Product"),
    "model": ("商标、规格型号", "Brand and model"),
    "batch": ("批号", "Batch"),
    "standard": ("执行标准", "Standard declared"),
    "sampled_firm": ("被抽查企业", "Sampled firm"),
    "producer": ("标称生产者", "Labelled producer"),
    "sampled_on": ("抽样日期", "Sampled on"),
    "laboratory": ("检验机构", "Laboratory"),
    "laboratory_second": ("复检机构", "Laboratory of the recheck"),
    "report": ("检验报告", "Report"),
    "objection": ("异议编号", "Objection"),
    "items": ("检验项目（报告%s）", "Items (report %s)"),
    "item": ("项目", "Item"),
    "measured": ("检验结果", "Measured"),
    "required": ("标准要求", "Required"),
    "outcome": ("单项判定", "Outcome"),
    "item_pass": ("符合", "conforming"),
    "item_fail": ("不符合", "nonconforming"),
    "item_not_tested": ("未检", "not tested"),
    "rights": ("您的权利", "Your rights"),
    "right_1": (
        "一、对结果有异议的，可以自收到本通知书之日起15日内，向组织抽查的部门或者其上级部门书面提出。最后一日为节假日的，顺延至节后第一个工作日。",
        "1. You may object in writing within 15 days of receiving this notice, to the authority that organised the check "
        "or its superior. A last day on a holiday moves to the next working day.",
    ),
    "right_1_food": (
        "一、对结果有异议的，可以自收到本通知书之日起7个工作日内，向实施抽样检验的部门或者其上一级部门提出复检申请。",
        "1. You may apply for a recheck within 7 working days of receiving this notice, to the authority that sampled or "
        "the one above it.",
    ),
    "right_2": (
        "二、对抽样过程、样品真实性有异议的，由组织部门调查后书面答复；样品不是您企业生产的，请说明并附证明。",
        "2. An objection to the process or to whether the sample is yours is decided and answered in writing; say why "
        "and add what shows it.",
    ),
    "right_3": (
        "三、对检验结论有异议且具备条件的，由另一家检验机构用备用样品复检。复检费用由申请人先行垫付：结论一致的由申请人承担，不一致的由组织部门承担。",
        "3. An objection to the conclusion leads, where it can be tested again, to a recheck of the backup sample by "
        "another laboratory. The applicant advances the fee and bears it when the conclusion is the same; otherwise the "
        "organiser bears it.",
    ),
    "right_4": (
        "四、留存在企业的备用样品不得隐匿、转移、变卖、损毁，否则终止复检，以初检结论为准。",
        "4. A backup sample left with you may not be hidden, moved, sold or destroyed; otherwise the recheck ends and the "
        "first result stands.",
    ),
    "right_5": (
        "五、逾期未提出异议的，视为认可检验结果；仍可依法申请行政复议或者提起行政诉讼。",
        "5. Without an objection in time the result is taken as accepted; administrative reconsideration and the courts "
        "remain open by law.",
    ),
    "until": ("本次期限的最后一日：%s。", "The last day of this term: %s."),
    "recheck_head": ("结果%s的复检", "Recheck of the result %s"),
    "recheck_lead": (
        "您提出的异议%s（收到日期%s）已经研究，决定对备用样品进行复检。",
        "Your objection %s, received on %s, was studied: the backup sample will be tested again.",
    ),
    "recheck_rights": ("请办理的事项", "What to do"),
    "recheck_1": (
        "一、请自收到本通知书之日起7日内办理复检手续，并垫付复检费用。逾期不办的，视为放弃复检，以初检结论为准。",
        "1. Do the formalities and advance the fee within 7 days of receiving this notice. What is missed is waived, and "
        "the first result stands.",
    ),
    "recheck_2": (
        "二、手续办妥后10日内，组织部门指定具备资质的另一家检验机构。",
        "2. Within 10 days after that, the organiser names another qualified laboratory.",
    ),
    "recheck_food_1": (
        "一、复检申请在5个工作日内作出受理或者不予受理的决定。",
        "1. Acceptance or refusal of the application is decided within 5 working days.",
    ),
    "recheck_food_2": (
        "二、复检机构从公布的名录中随机抽取，不得与初检机构为同一机构；抽取过程可以复算。",
        "2. The laboratory is drawn at random from the published list and is never the first one; anyone can replay the "
        "draw.",
    ),
    "recheck_3": ("三、复检结论为最终检验结论。", "3. The conclusion of the recheck is final."),
    "recheck_4": (
        "四、复检费用：结论一致的由申请人承担，不一致的由组织部门承担。",
        "4. The fee is borne by the applicant when the conclusion is the same, otherwise by the organiser.",
    ),
    "receipt": ("送达回证", "Receipt"),
    "receipt_words": (
        "本单位于＿＿＿＿年＿＿月＿＿日收到本通知书及检验报告副本。",
        "We received this notice and a copy of the report on ____________________.",
    ),
    "receipt_sign": ("收件人（签名、盖章）：＿＿＿＿＿＿＿＿＿＿", "Received by (name, seal): ____________________"),
    "note": (
        "依据：《中华人民共和国产品质量法》第十五条；《产品质量监督抽查管理暂行办法》（条款号凭记忆，待核对原文）。",
        "Basis: Product Quality Law, article 15; Order 18 on supervision sampling (clauses from memory, to be checked).",
    ),
    "note_recheck": (
        "依据：《产品质量监督抽查管理暂行办法》第三十七条至第四十三条（条款号凭记忆，待核对原文）。",
        "Basis: Order 18 on supervision sampling, articles 37 to 43 (from memory, to be checked).",
    ),
    "note_food": (
        "依据：《中华人民共和国食品安全法》第八十八条；《食品安全抽样检验管理办法》（条款号凭记忆，待核对原文）。",
        "Basis: Food Safety Law, article 88; Order 15 on food sampling (from memory, to be checked).",
    ),
}
WORDS = MappingProxyType(_PAIRS)


def said(lang: Lang, key: str, *values: object) -> str:
    """Return fixed words in the language; ``day`` writes a date.

    >>> said("zh", "day", date(2026, 3, 17)), said("en", "number", "JG1")
    ('2026年3月17日', 'No. JG1')
    """
    if key == "day":
        (found,) = values
        if not isinstance(found, date):
            raise TypeError("a day is a date")
        return f"{found.year}年{found.month}月{found.day}日" if lang == "zh" else f"{found.day} {found:%B} {found.year}"
    text = WORDS[key][0 if lang == "zh" else 1]
    return text % values if values else text


def rights_of(lang: Lang, *, food: bool) -> list[str]:
    """Return the rights of a party, with the term of its law."""
    first = "right_1_food" if food else "right_1"
    return [said(lang, key) for key in (first, "right_2", "right_3", "right_4", "right_5")]
