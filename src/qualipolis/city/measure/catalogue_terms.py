"""The terms of the default indicator set: what an indicator is, the tree, departments, sources, bases, evidence.

Two sub-indices are kept apart: QDL (quality development level, what came out) and NII (what was put into the
national quality infrastructure). Input and outcome meet only in the root QDI, with their weights in the open.
Goalposts and weights are defaults that a city sets for itself; they are not law. Origins: ``D`` designed for this set,
``G`` GQII data families, ``U`` UNIDO QI4SD, ``T`` town assessments of Taizhou, Nantong and Jinan, ``P`` published
plans, ``L`` a clause of law.

This file imports no Django, so that the analyst's tools and the synthetic city can read it.
"""

from __future__ import annotations

from dataclasses import dataclass

CATALOGUE_VERSION = "2026.1"


@dataclass(frozen=True)
class Text:
    """The same words in Chinese and English."""

    zh: str
    en: str


@dataclass(frozen=True)
class Node:
    """A sub-index or dimension of the tree; ``level`` 4 is the root, 3 a sub-index, 2 a dimension."""

    code: str
    parent: str | None
    name: Text
    weight: float
    level: int


@dataclass(frozen=True)
class Department:
    code: str
    name: Text


@dataclass(frozen=True)
class Indicator:
    """One indicator: what it is, how it is computed, who owns it and where it comes from.

    ``kind`` is ``ratio`` (factor x numerator / denominator), ``count`` (the numerator itself), ``mean``
    (sum / respondents) or ``median`` (the value is given, the denominator is the number of cases).
    ``floor`` scores 0 and ``target`` scores 1; for a cost indicator the floor lies above the target. With direction
    ``target`` the score is 1 inside ``interval``, falling to 0 at ``floor`` below and at ``ceiling`` above.
    ``counted`` marks a proportion of counted cases, for which a Wilson interval makes sense.
    """

    code: str
    dimension: str
    name: Text
    unit: Text
    direction: str
    kind: str
    factor: float
    numerator: Text
    denominator: Text | None
    source: Text
    source_room: str | None
    owner: str
    origin: tuple[str, ...]
    basis: Text
    evidence: Text
    floor: float
    target: float
    weight: float
    counted: bool
    interval: tuple[float, float] | None = None
    ceiling: float | None = None

    @property
    def formula(self) -> Text:
        """The formula in words, the same for the handbook, the page and the export."""
        if self.denominator is None:
            return self.numerator
        if self.kind == "median":
            return Text(f"{self.numerator.zh}（{self.denominator.zh}）", f"{self.numerator.en} ({self.denominator.en})")
        lead = "" if self.factor == 1 else f"{self.factor:,.0f} × "
        return Text(
            f"{lead}{self.numerator.zh} ÷ {self.denominator.zh}", f"{lead}{self.numerator.en} / {self.denominator.en}"
        )

    def value(self, numerator: float | None, denominator: float | None) -> float | None:
        """Value from its parts; None when it does not apply (denominator 0) or is not made of parts."""
        if self.kind == "count":
            return numerator
        if self.kind == "median" or numerator is None or not denominator:
            return None
        return self.factor * numerator / denominator

    def score(self, value: float) -> float:
        """Score in [0, 1] against the goalposts."""
        if self.interval is None:
            return min(1.0, max(0.0, (value - self.floor) / (self.target - self.floor)))
        low, high = self.interval
        if value < low:
            return max(0.0, (value - self.floor) / (low - self.floor))
        if value > high and self.ceiling is not None:
            return max(0.0, (self.ceiling - value) / (self.ceiling - high))
        return 1.0


NODES: tuple[Node, ...] = (
    Node("QDI", None, Text("质量发展综合指数", "Quality development index"), 1.0, 4),
    Node("QDL", "QDI", Text("质量发展水平", "Quality development level"), 0.6, 3),
    Node("NII", "QDI", Text("质量基础设施投入", "NQI input"), 0.4, 3),
    Node("product", "QDL", Text("产品质量", "Product quality"), 0.25, 2),
    Node("satisfaction", "QDL", Text("消费者满意", "Consumer satisfaction"), 0.15, 2),
    Node("safety", "QDL", Text("质量安全", "Quality safety"), 0.10, 2),
    Node("engineering", "QDL", Text("工程质量", "Engineering quality"), 0.05, 2),
    Node("management", "QDL", Text("质量管理", "Quality management"), 0.12, 2),
    Node("innovation", "QDL", Text("创新能力", "Innovation"), 0.10, 2),
    Node("efficiency", "QDL", Text("质量效益", "Quality efficiency"), 0.13, 2),
    Node("governance", "QDL", Text("质量治理", "Quality governance"), 0.10, 2),
    Node("metrology", "NII", Text("计量", "Metrology"), 0.18, 2),
    Node("standards", "NII", Text("标准", "Standards"), 0.14, 2),
    Node("testing", "NII", Text("检验检测", "Inspection and testing"), 0.18, 2),
    Node("accreditation", "NII", Text("认可", "Accreditation"), 0.08, 2),
    Node("service", "NII", Text("一站式服务", "One-stop service"), 0.18, 2),
    Node("funds", "NII", Text("质量资金", "Quality funds"), 0.12, 2),
    Node("people", "NII", Text("质量人才", "Quality people"), 0.12, 2),
)

DEPARTMENTS: tuple[Department, ...] = (
    Department("LGO", Text("市质量强市工作领导小组办公室", "Office of the quality leading group")),
    Department("AMR-QD", Text("市市场监管局质量发展科", "Market bureau, quality development")),
    Department("AMR-QS", Text("市市场监管局质量监督科", "Market bureau, quality supervision")),
    Department("AMR-FD", Text("市市场监管局食品监管科", "Market bureau, food supervision")),
    Department("AMR-CP", Text("市市场监管局消费者权益保护科", "Market bureau, consumer protection")),
    Department("AMR-SE", Text("市市场监管局特种设备科", "Market bureau, special equipment")),
    Department("AMR-ME", Text("市市场监管局计量科", "Market bureau, metrology")),
    Department("AMR-ST", Text("市市场监管局标准化科", "Market bureau, standardisation")),
    Department("AMR-CA", Text("市市场监管局认证认可与检验检测科", "Market bureau, certification and testing")),
    Department("AMR-IP", Text("市市场监管局知识产权科", "Market bureau, intellectual property")),
    Department("HOUSING", Text("市住房和城乡建设局", "Housing and construction bureau")),
    Department("STATS", Text("市统计局", "Statistics bureau")),
    Department("FINANCE", Text("市财政局", "Finance bureau")),
)

SOURCES: dict[str, Text] = {
    "d": Text("监督抽查记录", "Supervision records"),
    "listen": Text("投诉登记记录", "Complaint records"),
    "census": Text("投诉登记记录；常住人口（统计部门）", "Complaint records; resident population (statistics)"),
    "food": Text("食品抽检系统", "Food sampling system"),
    "survey": Text("制造业产品质量合格率调查", "Manufacturing quality survey"),
    "opinion": Text("服务质量满意度调查", "Service satisfaction survey"),
    "amr": Text("特种设备安全监察系统", "Special-equipment system"),
    "housing": Text("工程竣工验收备案", "Project acceptance filings"),
    "talent": Text("质量人才与评奖台账", "Quality talent and award records"),
    "nqi": Text("质量基础设施服务台账", "NQI service records"),
    "register": Text("机构与标准登记", "Register of institutions and standards"),
    "ip": Text("知识产权部门；常住人口", "IP office; resident population"),
    "stats": Text("统计部门", "Statistics bureau"),
    "hospital": Text("产品医院病例", "Product-hospital cases"),
    "metro": Text("计量技术机构台账", "Metrology institute records"),
    "fund": Text("质量资金台账", "Quality fund records"),
    "govern": Text("督查任务台账", "Task tracking records"),
}

BASES: dict[str, Text] = {
    "ppl15": Text("《产品质量法》第十五条（抽查）", "Product Quality Law art. 15 (spot checks)"),
    "ppl17": Text("《产品质量法》第十七条（责令改正与复查）", "Product Quality Law art. 17 (correction and review)"),
    "ppl56": Text(
        "《产品质量法》第十六条、第五十六条（不得拒绝检查）", "Product Quality Law arts. 16, 56 (no refusing)"
    ),
    "cpl46": Text("《消费者权益保护法》第四十六条（七个工作日）", "Consumer Protection Law art. 46 (7 working days)"),
    "std27": Text("《标准化法》第二十七条（自我声明公开）", "Standardization Law art. 27 (public self-declaration)"),
    "design": Text("本指标体系设计，未见法规规定", "Designed for this set; no law prescribes it"),
    "town": Text("镇街质量考核做法（泰州、南通、济南）", "Town assessment practice (Taizhou, Nantong, Jinan)"),
    "plan": Text("各地已公布的质量规划目标", "Goals in published quality plans"),
    "gqii": Text("全球质量基础设施指数（GQII）数据类别", "GQII data families"),
    "qi4sd": Text("质量基础设施促进可持续发展指数（QI4SD）", "UNIDO QI4SD index"),
}

EVIDENCE: dict[str, Text] = {
    "records": Text(
        "由系统记录计算，逐条可查，不另交材料", "Computed from records, each traceable; nothing to hand in"
    ),
    "export": Text("附业务系统导出表及经办人签字", "Export of the source system, signed by its keeper"),
    "letter": Text("附主管部门确认函", "Confirmation letter of the owner department"),
    "document": Text("附证书或文件编号清单", "List of certificate or document numbers"),
    "report": Text("附调查报告（样本量、方法、区间）", "Survey report with sample size, method and interval"),
    "voucher": Text("附预算批复与支付凭证清单", "Budget approval and list of payment vouchers"),
}

UNITS: dict[str, Text] = {
    "%": Text("%", "%"),
    "pp": Text("个百分点", "pp"),
    "n": Text("个", "count"),
    "pts": Text("分", "points"),
    "days": Text("天", "days"),
    "p10k": Text("件/万人", "per 10k people"),
    "p10ku": Text("起/万台", "per 10k units"),
    "p100": Text("/百家", "per 100 firms"),
    "p1000": Text("家/千家", "per 1,000 firms"),
    "cny": Text("元/人", "CNY per person"),
    "w100": Text("万元/百家", "CNY 10k per 100 firms"),
    "e10k": Text("人/万名从业人员", "per 10k employees"),
}
