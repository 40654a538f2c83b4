"""Questions for the training of quality officers: the city's own words on what a quality officer has to know."""

from __future__ import annotations

from typing import Any

LAW, TOOLS, SYSTEMS = "法规", "统计方法", "管理体系"


def single(stem: str, right: str, *wrong: str, topic: str, level: int = 2) -> dict[str, Any]:
    """Return a question with one right option, which stands first here and anywhere on a paper."""
    return {"kind": "single", "topic": topic, "stem": stem, "options": [right, *wrong], "answer": [0], "level": level}


def said(stem: str, right: bool, topic: str) -> dict[str, Any]:
    """Return a statement that is right or wrong."""
    return {"kind": "true_false", "topic": topic, "stem": stem, "answer": right, "level": 1}


def number(stem: str, answer: float, tolerance: float, unit: str = "") -> dict[str, Any]:
    """Return a question that a number answers."""
    return {
        "kind": "number",
        "topic": TOOLS,
        "stem": stem,
        "answer": answer,
        "tolerance": tolerance,
        "unit": unit,
        "level": 3,
    }


QUESTIONS: tuple[dict[str, Any], ...] = (
    single("监督抽查结论不合格，企业自收到通知之日起多少日内可以书面提出异议？", "十五日", "五日", "三十日", "六十日", topic=LAW),
    single("检验检测机构资质认定证书的有效期是几年？", "六年", "三年", "五年", "长期", topic=LAW),
    single("检验检测机构的检验检测原始记录和报告至少保存几年？", "六年", "一年", "二年", "十年", topic=LAW),
    single("企业公开执行的企业标准，除标准编号和名称外还应当公开什么？", "产品的功能指标和性能指标", "产品成本", "客户名单", "工艺配方", topic=LAW),
    single("发现产品可能存在缺陷并已在市场上销售，首席质量官首先应当做什么？", "停止销售并按规定报告", "等待客户投诉", "换一个型号名称", "只通知销售部门", topic=LAW),
    single("管理体系认证证书能否印在产品上当作产品认证？", "不能", "能", "小批量可以", "出口产品可以", topic=LAW),
    said("首席质量官有权对不合格产品的放行行使一票否决。", True, LAW),
    said("监督抽查向企业收取检验费用。", False, LAW),
    said("强制性国家标准的要求，企业标准可以低于它。", False, LAW),
    said("首席质量官离任后，企业应当重新任命并备案。", True, LAW),
    single("一台量具的 %GRR 为 38%，下一步最应当做什么？", "先改进测量系统", "马上计算 Cpk", "加严抽样", "扩大规格限", topic=TOOLS),
    single("均值—极差图上连续九点在中心线同侧，说明什么？", "过程均值可能发生了偏移", "过程能力充足", "测量系统合格", "抽样太少", topic=TOOLS),
    single("比较改善前后两个不合格率，除了差值还必须给出什么？", "差值的置信区间和样本量", "负责人姓名", "改善费用", "设备编号", topic=TOOLS),
    single("抽检 300 件，零件不合格，能得出什么？", "不合格率上限可以估计，不能说为零", "不合格率为零", "全部合格", "无需再检", topic=TOOLS),
    said("过程不受控时计算的能力指数没有预测意义。", True, TOOLS),
    said("规格限就是控制限。", False, TOOLS),
    number("规格为 10.0±0.3，过程标准差 0.05，均值在中心，Cp 等于多少？", 2.0, 0.01),
    number("每天抽 5 件，共 25 天，做均值图时子组数是多少？", 25, 0),
    number("严重度 8、频度 3、探测度 5，风险顺序数 RPN 是多少？", 120, 0),
    number("200 件中有 6 件不合格，不合格率是百分之几？", 3.0, 0.01, "%"),
    single("8D 方法中“D3”通常指什么？", "临时遏制措施", "成立小组", "根本原因", "预防再发生", topic=SYSTEMS),
    single("GB/T 19580 的评价总分是多少？", "1000 分", "100 分", "500 分", "1500 分", topic=SYSTEMS),
    single("内部审核发现的不符合，关闭的依据是什么？", "纠正措施有效的证据", "部门负责人口头说明", "时间到期", "重新培训的签到表", topic=SYSTEMS),
    said("供应商变更关键原材料时，应当重新验证。", True, SYSTEMS),
    said("让步接收不需要记录。", False, SYSTEMS),
    said("顾客满意的信息可以来自投诉、调查和流失分析。", True, SYSTEMS),
)  # fmt: skip
BLUEPRINT = [
    {"name": LAW, "count": 5, "points": 8, "topics": [LAW]},
    {"name": TOOLS, "count": 5, "points": 8, "topics": [TOOLS]},
    {"name": SYSTEMS, "count": 4, "points": 5, "topics": [SYSTEMS]},
]
