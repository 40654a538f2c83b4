"""What ails the products of the synthetic city, and how it is treated. Plausible and invented, and it says so."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from qualipolis.demo.supervision_words import SAID

Row = dict[str, Any]


@dataclass(frozen=True)
class Ill:
    """One kind of problem of a class of product, from the firm's words to the rows of the prescription."""

    category: str
    department: str
    problem: str
    defects: tuple[str, ...]
    root_cause: str
    statement: str
    evidence: str
    escape: str
    correction: str
    criterion: str
    prevention: str
    severity: int = 2
    measure: Row = field(default_factory=lambda: {"measure": "share", "target": 0.03})

    @property
    def product(self) -> str:
        """The product as a firm names it."""
        return self.category

    def items(self, finish_on: Any) -> list[Row]:
        """Return the rows of the prescription: a measured correction, and a prevention judged on a document."""
        owner = {"owner": "生产负责人" + SAID, "finish_on": finish_on}
        first = {"kind": "corrective", "action": self.correction, "criterion": self.criterion, "cost": 12000}
        second = {"kind": "preventive", "action": self.prevention, "criterion": "控制计划更新并连续执行一周，记录完整"}
        return [owner | first | self.measure, owner | second]


SHOES = Ill(
    "皮鞋", "textiles", "监督抽查甲醛含量不合格，内里布和中底板气味较重，已通知门店下架。", ("chemical",), "material",
    "中底板所用胶粘剂甲醛释放量高，且贴合后晾置时间不足。",
    "按批留样复测：甲醛含量与中底板供应商批号一一对应，与帮面皮料无关；测量系统研究显示测量误差可以接受。",
    "进料只核对合格证，未复测胶粘剂；成品放行未抽测甲醛。",
    "更换为低甲醛水性胶，贴合后晾置由 4 小时延长至 24 小时",
    "连续批次甲醛含量均值不高于 50 mg/kg，控制图无异常信号",
    "胶粘剂进料每批复测，写入控制计划", 3,
    {"measure": "mean", "direction": "at_most", "target": 50.0, "unit": "mg/kg", "least_n": 20},
)  # fmt: skip
ADAPTER = Ill(
    "电源适配器", "electronics", "满载运行两小时后外壳温升超过 65 K，抽查判定不合格，客户要求停止发货。", ("electrical",), "method",
    "导热垫压装力不足，变压器与外壳之间留有空隙，热量传不出去。",
    "拆解 30 只：温升高的样品导热垫压缩量都低于 20%；换工装后同一批元件温升下降。",
    "首件只测空载温升，满载温升每季度才测一次。",
    "更换压装工装，压装力由 40 N 提高到 65 N，导热垫加厚 0.5 mm",
    "连续批次满载温升均值不高于 58 K，控制图无异常信号",
    "每班首件测满载温升，写入控制计划", 2,
    {"measure": "mean", "direction": "at_most", "target": 58.0, "unit": "K", "least_n": 20},
)  # fmt: skip
POWER_BANK = Ill(
    "移动电源", "electronics", "充电时外壳鼓起，个别样品发烫，已有三起退货。", ("electrical",), "material",
    "同一供应商的电芯批次内阻离散大，保护板过温点设置偏高。",
    "退货样品电芯批号集中在两个批次；同批留样内阻极差为规格的三倍。",
    "电芯进料只抽测电压，不测内阻。",
    "停用问题批次电芯，保护板过温点由 75 ℃ 改为 60 ℃", "老化试验鼓包率不高于 3%", "电芯进料增加内阻抽测",
)  # fmt: skip
GARMENT = Ill(
    "儿童服装", "textiles", "水洗三次后褪色，浅色领口沾色，商场退货两百件。", ("colour_fastness",), "method",
    "固色工序温度偏低，固色剂用量未随深色订单调整。",
    "同缸次布样补固色后耐洗色牢度由 2-3 级升到 4 级；温度记录低于工艺单 8 ℃。",
    "出缸只看色差，未做快速水洗。",
    "固色温度恢复到工艺单要求，深色订单固色剂用量提高三成", "水洗三次不合格率不高于 3%", "每缸做快速水洗并留样",
)  # fmt: skip
PASTRY = Ill(
    "糕点", "food", "净含量经常偏少，包装机调过几次没有改善。", ("unstable",), "machine",
    "定量螺杆磨损，料位低时下料不足。", "按料位分组称重：低料位平均少 2.1 g；更换螺杆后差异消失。",
    "放行每班只称 5 包，遇不到低料位。", "更换定量螺杆，加装料位开关", "单包短缺率不高于 3%", "每半小时称 5 包并画控制图",
)  # fmt: skip
PART = Ill(
    "机械零件", "equipment", "轴径忽大忽小，装配时一成装不进去。", ("dimension",), "machine",
    "主轴热漂移未补偿，开机前两小时尺寸偏大。", "按开机时间画图：前两小时均值高 0.018 mm，之后稳定。",
    "首件合格后不再测，热漂移发生在首件之后。", "开机预热 40 分钟并启用热补偿", "装配不良率不高于 3%", "每小时测 1 件并画控制图",
)  # fmt: skip
PLASTIC = Ill(
    "塑料零件", "materials", "卡扣装配时断裂，冬天更多。", ("strength",), "material",
    "回料比例过高且干燥不足，材料变脆。", "回料由 40% 降到 10% 后断裂消失；含水率超过规定一倍。",
    "来料和回料比例没有记录。", "回料比例限 10%，干燥 4 小时后 2 小时内用完", "装配断裂率不高于 3%", "每班记录回料比例和含水率",
)  # fmt: skip
ROUTER = Ill(
    "无线路由器", "electronics", "通电一天后死机，重启又好，退货率升高。", ("function",), "design",
    "电源滤波电容余量不足，高温下纹波超限。", "高温箱复现：55 ℃ 以上纹波超限即死机；加大电容后 72 小时不再出现。",
    "型式试验只做 40 ℃。", "加大输出电容并更换耐高温型号", "高温老化失效率不高于 3%", "每批高温老化 24 小时抽测",
)  # fmt: skip
ILLS = (SHOES, ADAPTER, POWER_BANK, GARMENT, PASTRY, PART, PLASTIC, ROUTER)


def general(category: str, department: str) -> Ill:
    """Return a problem of any class of product, in general words."""
    return Ill(
        category, department, f"{category}抽样检验不合格，原因不明，整批停止发货。", ("performance",), "method",
        "关键工序参数没有写下来，换班后设置不一致。", "按班次分组比较，不合格集中在换班后的前两小时。", "首件合格后不再抽测。",
        "写下关键工序参数，开班逐项核对", "抽测不合格率不高于 3%", "每班首件和中间各抽测一次并记录",
    )  # fmt: skip


CONTAINMENT = "停止发货，隔离在库成品，通知经销商召回在售同批产品"
CONTAINED = "隔离台账与库存一致，在售同批产品全部下架"
REPORT = "已按处方完成，附现场照片和记录" + SAID
LABEL_ROW: Row = {
    "kind": "standard", "action": "鞋盒标签补标胶粘剂类型和执行标准", "criterion": "新版标签经主诊核对",
    "owner": "包装负责人" + SAID,
}  # fmt: skip
EXAMINED = (
    ("甲醛含量", "mg/kg", "≤ 75", "82.4", "fail", 8),
    ("耐摩擦色牢度", "级", "≥ 3", "4", "pass", 8),
    ("使用说明", "", "标注号型、成分和洗涤方法", "缺执行标准", "watch", 1),
)
KNOWLEDGE = {
    "title_zh": "满载温升超限：压装力不足让热量出不去",
    "title_en": "Temperature rise at full load: the heat could not leave because a pad was pressed too lightly",
    "symptom_zh": "电源类产品满载运行两小时后外壳温升超过标准上限，首件检验合格，抽查不合格。",
    "symptom_en": "The case of a power supply became hotter than the standard allows after two hours at full load.",
    "cause_zh": "导热垫压装力不足，元件与外壳之间留有空隙；首件只测空载温升，问题未被发现。",
    "cause_en": "A thermal pad was pressed too lightly and left a gap; the first piece was measured without load only.",
    "treatment_zh": "更换压装工装，提高压装力并加厚导热垫；每班首件改测满载温升，写入控制计划。",
    "treatment_en": "A new press tool with more force, a thicker pad; the first piece of each shift is measured at full load.",
    "effect_zh": "改前改后各二十批以上对比，温升均值明显下降，控制图无异常信号，三次随访保持稳定。",
    "effect_en": "Twenty batches and more before and after: the mean fell clearly and stayed down in three follow-ups.",
}  # fmt: skip
