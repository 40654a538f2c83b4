"""The default indicator set: the 44 indicators of a quality-strong city, one row each, as plain data.

A row reads: code, dimension, name, unit, direction, kind, factor, numerator, denominator, source, room, owner,
origin, basis, evidence, floor, target, weight within its dimension. Goalposts and weights are defaults of the city.
"""

from __future__ import annotations

from typing import Any

from qualipolis.city.measure.catalogue_terms import (
    BASES,
    CATALOGUE_VERSION,
    DEPARTMENTS,
    EVIDENCE,
    NODES,
    SOURCES,
    UNITS,
    Department,
    Indicator,
    Node,
    Text,
)

__all__ = [
    "BY_CODE",
    "CATALOGUE_VERSION",
    "DEPARTMENTS",
    "INDICATORS",
    "NODES",
    "Department",
    "Indicator",
    "Node",
    "Text",
    "path_weights",
]

_DIRECTION = {"+": "higher", "-": "lower", "T": "target"}
_KIND = {"r": "ratio", "c": "count", "m": "mean", "d": "median"}


def _row(*cells: Any, **more: Any) -> Indicator:
    code, dimension, name, unit, sign, kind, factor, top, bottom, source, room, owner, origin, basis, proof = cells[:15]
    floor, target, weight = cells[15:]
    return Indicator(
        code=code,
        dimension=dimension,
        name=Text(*name),
        unit=UNITS[unit],
        direction=_DIRECTION[sign],
        kind=_KIND[kind],
        factor=float(factor),
        numerator=Text(*top),
        denominator=Text(*bottom) if bottom else None,
        source=SOURCES[source],
        source_room=room,
        owner=owner,
        origin=tuple(origin),
        basis=BASES[basis],
        evidence=EVIDENCE[proof],
        floor=float(floor),
        target=float(target),
        weight=weight,
        counted=more.pop("counted", unit == "%"),
        **more,
    )


_SUP, _LIS, _REG = "supervise", "listen", "registry"
_FIRMS = ("企业数", "firms")
_STAFF = ("规上工业从业人员", "employees of above-scale industry")
_PEOPLE = ("常住人口", "resident population")

# fmt: off
INDICATORS: tuple[Indicator, ...] = (
    _row("PQ01", "product", ("监督抽查（随机）批次合格率", "Random-sampling batch pass rate"), "%", "+", "r", 100,
         ("随机抽查终检合格批次", "batches finally passed, purpose random"),
         ("随机抽查终检批次", "batches finally inspected, purpose random"),
         "d", _SUP, "AMR-QS", "TL", "ppl15", "records", 86, 99, 0.22),
    _row("PQ02", "product", ("风险抽查不合格发现率", "Risk-sampling nonconformity rate"), "%", "-", "r", 100,
         ("风险抽查终检不合格批次", "batches finally failed, purpose risk"),
         ("风险抽查终检批次", "batches finally inspected, purpose risk"),
         "d", _SUP, "AMR-QS", "D", "design", "records", 40, 8, 0.08),
    _row("PQ03", "product", ("不合格企业复查合格率", "Failed-firm review pass rate"), "%", "+", "r", 100,
         ("复查合格数", "reviews passed"), ("应复查数", "reviews due"),
         "d", _SUP, "AMR-QS", "L", "ppl17", "records", 60, 100, 0.08),
    _row("PQ04", "product", ("后处理按时办结率", "Handling on-time closure"), "%", "+", "r", 100,
         ("法定期限内办结数", "orders closed within the legal clock"), ("到期责令改正数", "orders due"),
         "d", _SUP, "AMR-QS", "LT", "ppl17", "records", 60, 100, 0.10),
    _row("PQ05", "product", ("重复不合格率", "Repeat-failure rate"), "%", "-", "r", 100,
         ("24个月内同一产品再次不合格企业", "firms failing the same product again in 24 months"),
         ("不合格企业", "failed firms"), "d", _SUP, "AMR-QS", "D", "design", "records", 30, 0, 0.08),
    _row("PQ06", "product", ("拒检率", "Sampling refusal rate"), "%", "-", "r", 100,
         ("拒绝抽样次数", "refusals"), ("拒绝与已抽样次数之和", "refused plus sampled"),
         "d", _SUP, "AMR-QS", "D", "ppl56", "records", 5, 0, 0.06),
    _row("PQ07", "product", ("食品抽检合格率", "Food sampling pass rate"), "%", "+", "r", 100,
         ("食品抽检合格批次", "food batches passed"), ("食品抽检批次", "food batches inspected"),
         "food", None, "AMR-FD", "P", "plan", "export", 95, 99.5, 0.16),
    _row("PQ08", "product", ("抽检问题处置率", "Problem-food disposal rate"), "%", "+", "r", 100,
         ("已处置问题食品批次", "problem batches disposed of"), ("发现问题食品批次", "problem batches found"),
         "food", None, "AMR-FD", "P", "plan", "export", 85, 100, 0.08),
    _row("PQ09", "product", ("制造业产品质量合格率", "Manufacturing quality pass rate"), "%", "+", "r", 100,
         ("加权合格量", "weighted pass quantity"), ("加权受检量", "weighted inspected quantity"),
         "survey", None, "AMR-QS", "P", "plan", "report", 88, 98, 0.10, counted=False),
    _row("PQ10", "product", ("召回按时完成率", "Recalls handled on time"), "%", "+", "r", 100,
         ("按计划完成召回数", "recalls completed in plan"), ("召回计划数", "recall plans"),
         "d", None, "AMR-QS", "D", "design", "export", 50, 100, 0.04),
    _row("SR01", "satisfaction", ("万人投诉量", "Consumer complaints per 10k people"), "p10k", "-", "r", 10000,
         ("受理投诉件数", "complaints accepted"), _PEOPLE,
         "census", _LIS, "AMR-CP", "T", "town", "records", 18, 2, 0.25),
    _row("SR02", "satisfaction", ("投诉受理及时率", "Complaint acceptance on time"), "%", "+", "r", 100,
         ("七个工作日内作出受理决定数", "decided within 7 working days"), ("收到投诉数", "complaints received"),
         "listen", _LIS, "AMR-CP", "L", "cpl46", "records", 80, 100, 0.20),
    _row("SR03", "satisfaction", ("调解成功率", "Mediation success rate"), "%", "+", "r", 100,
         ("达成协议数", "agreements reached"), ("进入调解数", "complaints mediated"),
         "listen", _LIS, "AMR-CP", "D", "design", "records", 30, 80, 0.20),
    _row("SR04", "satisfaction", ("质量类投诉占比", "Quality-related share of complaints"), "%", "-", "r", 100,
         ("质量类投诉数", "quality complaints"), ("投诉总数", "all complaints"),
         "listen", _LIS, "AMR-CP", "D", "design", "records", 60, 15, 0.10),
    _row("SR05", "satisfaction", ("服务质量满意度", "Service-quality satisfaction"), "pts", "+", "m", 1,
         ("评分合计", "sum of scores"), ("受访人数", "respondents"),
         "opinion", None, "AMR-QD", "T", "town", "report", 65, 92, 0.25),
    _row("SR06", "safety", ("重大质量安全事件", "Serious quality incidents"), "n", "-", "c", 1,
         ("事件数（系统性事件一票否决）", "events (a systemic one is a veto)"), None,
         "d", None, "AMR-QS", "TL", "town", "letter", 2, 0, 0.60),
    _row("SR07", "safety", ("万台特种设备事故数", "Special-equipment accident rate"), "p10ku", "-", "r", 10000,
         ("事故起数", "accidents"), ("在用特种设备台数", "units of special equipment in use"),
         "amr", None, "AMR-SE", "T", "town", "export", 2, 0, 0.40),
    _row("SR08", "engineering", ("工程竣工验收合格率", "Project acceptance pass rate"), "%", "+", "r", 100,
         ("一次验收合格工程数", "projects passed"), ("参加验收工程数", "projects presented for acceptance"),
         "housing", None, "HOUSING", "T", "town", "export", 85, 100, 1.00),
    _row("MB01", "management", ("政府质量奖获奖组织（近五年）", "Quality-award winners (5-year)"), "n", "+", "c", 1,
         ("近五年获奖组织数（按级别加权）", "winners in five years, weighted by level"), None,
         "talent", None, "AMR-QD", "T", "town", "document", 0, 12, 0.20),
    _row("MB02", "management", ("规上企业首席质量官覆盖率", "CQO coverage, above-scale firms"), "%", "+", "r", 100,
         ("有在任首席质量官的规上企业", "above-scale firms with an active CQO"), ("规上企业数", "above-scale firms"),
         "talent", _REG, "AMR-QD", "P", "plan", "records", 0, 60, 0.25),
    _row("MB03", "management", ("百家企业管理体系有效证书数", "Management certificates per 100 firms"), "p100", "+",
         "r", 100, ("有效管理体系证书", "valid management-system certificates"), _FIRMS,
         "register", None, "AMR-CA", "G", "gqii", "export", 5, 60, 0.20),
    _row("MB04", "management", ("导入卓越绩效企业数", "Excellence-model firms"), "n", "+", "c", 1,
         ("当年完成自评的企业数", "firms with a self-evaluation in the year"), None,
         "talent", None, "AMR-QD", "D", "design", "document", 0, 60, 0.15),
    _row("MB05", "management", ("高端品质认证证书数", "High-end quality certification"), "n", "+", "c", 1,
         ("有效证书数", "valid certificates"), None,
         "register", None, "AMR-CA", "D", "design", "document", 0, 60, 0.20),
    _row("MB06", "innovation", ("万人有效发明专利", "Invention patents per 10k people"), "p10k", "+", "r", 10000,
         ("有效发明专利数", "valid invention patents"), _PEOPLE,
         "ip", _REG, "AMR-IP", "T", "town", "records", 5, 90, 0.60),
    _row("MB07", "innovation", ("主导参与制修订标准", "Led or joined standards"), "n", "+", "c", 1,
         ("标准数加权和（国际5，国家3，行业2，地方与团体1）",
          "weighted standards (ISO 5, national 3, industry 2, local and group 1)"), None,
         "register", None, "AMR-ST", "TU", "town", "document", 0, 120, 0.40),
    _row("EF01", "efficiency", ("规上工业劳动生产率", "Labour productivity of industry"), "cny", "+", "r", 10000,
         ("规上工业增加值（万元）", "value added of above-scale industry (CNY 10k)"), _STAFF,
         "stats", None, "STATS", "D", "design", "letter", 100000, 360000, 0.35),
    _row("EF02", "efficiency", ("质量竞争型产业增加值占比", "Quality-competitive industries share"), "%", "+", "r", 100,
         ("质量竞争型产业增加值（万元）", "value added of quality-competitive industries (CNY 10k)"),
         ("规上工业增加值（万元）", "value added of above-scale industry (CNY 10k)"),
         "stats", None, "STATS", "T", "town", "letter", 10, 70, 0.30, counted=False),
    _row("EF03", "efficiency", ("产品医院治愈率", "Product-hospital cured rate"), "%", "+", "r", 100,
         ("治愈病例", "cured cases"), ("结案病例", "closed cases"),
         "hospital", None, "AMR-QD", "D", "design", "export", 30, 95, 0.20),
    _row("EF04", "efficiency", ("诊治后合格率提升", "Post-treatment pass uplift"), "pp", "+", "r", 100,
         ("诊治企业合格数减配对未诊治企业合格数", "passes of treated minus passes of matched untreated firms"),
         ("配对数", "matched pairs"), "hospital", None, "AMR-QD", "D", "design", "export", -10, 40, 0.15),
    _row("NI01", "metrology", ("社会公用计量标准数", "Public measurement standards"), "n", "+", "c", 1,
         ("有效社会公用计量标准", "valid public measurement standards"), None,
         "metro", None, "AMR-ME", "PG", "plan", "document", 0, 30, 0.30),
    _row("NI02", "metrology", ("强制检定覆盖率", "Compulsory verification coverage"), "%", "+", "r", 100,
         ("在检定有效期内器具", "instruments verified in date"), ("登记在册器具", "instruments registered"),
         "metro", None, "AMR-ME", "D", "design", "export", 80, 100, 0.40),
    _row("NI03", "metrology", ("校准服务量", "Calibration services used"), "p100", "+", "r", 100,
         ("校准服务批次", "calibration jobs"), _FIRMS,
         "nqi", None, "AMR-ME", "U", "qi4sd", "export", 20, 400, 0.30),
    _row("NI04", "standards", ("企业标准自我声明公开率", "Enterprise standard self-declarations"), "%", "+", "r", 100,
         ("有有效声明的企业", "firms with a valid declaration"), ("生产企业数", "producing firms"),
         "register", None, "AMR-ST", "L", "std27", "export", 5, 80, 0.60),
    _row("NI05", "standards", ("团体标准数", "Group standards issued"), "n", "+", "c", 1,
         ("新发布与现行有效团体标准", "group standards, new and active"), None,
         "register", None, "AMR-ST", "P", "plan", "document", 0, 15, 0.40),
    _row("NI06", "testing", ("千家工业企业CMA机构数", "CMA labs per 1,000 industrial firms"), "p1000", "+", "r", 1000,
         ("有效CMA机构", "valid CMA bodies"), ("工业企业数", "industrial firms"),
         "register", _REG, "AMR-CA", "GU", "gqii", "records", 0, 80, 0.40),
    _row("NI07", "testing", ("检测能力缺口补齐率", "Capability-gap closure"), "%", "+", "r", 100,
         ("已补齐缺口", "gaps closed"), ("年初未补齐缺口", "gaps open at the start"),
         "nqi", None, "AMR-CA", "D", "design", "export", 0, 90, 0.30),
    _row("NI08", "testing", ("国家级省级技术平台数", "National and provincial technical centres"), "n", "+", "c", 1,
         ("国家级×3＋省级×1", "national x 3 + provincial x 1"), None,
         "register", _REG, "AMR-CA", "D", "design", "records", 0, 6, 0.30),
    _row("NI09", "accreditation", ("CNAS认可项目数增长", "Accreditation scope growth"), "%", "+", "r", 100,
         ("认可项目数比上年增减", "change of accredited items on the year before"),
         ("上年认可项目数", "accredited items of the year before"),
         "register", None, "AMR-CA", "G", "gqii", "export", -5, 25, 1.00, counted=False),
    _row("NI10", "service", ("一站式服务站服务企业率", "Workstation services per 100 firms"), "p100", "+", "r", 100,
         ("获得服务的企业", "firms served"), _FIRMS, "nqi", None, "AMR-QD", "D", "design", "export", 2, 40, 0.50),
    _row("NI11", "service", ("需求匹配时长", "Demand match time"), "days", "-", "d", 1,
         ("从登记到匹配天数的中位数", "median days from registration to match"), ("需求数", "demands"),
         "nqi", None, "AMR-QD", "D", "design", "export", 12, 2, 0.50),
    _row("NI12", "funds", ("质量专项资金执行率", "Quality special fund execution"), "%", "T", "r", 100,
         ("已拨付（万元）", "paid (CNY 10k)"), ("预算（万元）", "budget (CNY 10k)"),
         "fund", None, "FINANCE", "D", "design", "voucher", 60, 90, 0.40,
         counted=False, interval=(90.0, 100.0), ceiling=130.0),
    _row("NI13", "funds", ("百家企业NQI财政投入", "Town NQI spending per 100 firms"), "w100", "+", "r", 100,
         ("质量基础设施财政支出（万元）", "spending on quality infrastructure (CNY 10k)"), _FIRMS,
         "fund", None, "FINANCE", "D", "design", "voucher", 5, 120, 0.60),
    _row("NI14", "people", ("质量人才培训人数", "Quality people trained"), "e10k", "+", "r", 10000,
         ("首席质量官、评审员、质量安全员培训人数", "CQOs, reviewers and quality-safety officers trained"), _STAFF,
         "talent", None, "AMR-QD", "T", "town", "export", 5, 60, 1.00),
    _row("GV01", "governance", ("质量强市任务按时完成率", "Task on-time rate"), "%", "+", "r", 100,
         ("按时完成任务", "tasks closed by their due day"), ("到期任务", "tasks due"),
         "govern", None, "LGO", "T", "town", "export", 65, 100, 1.00),
)
# fmt: on

BY_CODE: dict[str, Indicator] = {indicator.code: indicator for indicator in INDICATORS}


def path_weights() -> dict[str, float]:
    """Weight of each indicator in the root: its own weight times those of its ancestors (each set sums to 1)."""
    nodes = {node.code: node for node in NODES}
    weights = {}
    for indicator in INDICATORS:
        weight, code = indicator.weight, indicator.dimension
        while code is not None:
            weight, code = weight * nodes[code].weight, nodes[code].parent
        weights[indicator.code] = weight
    return weights
