"""The columns of the open data, defined once in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

TYPES: dict[str, Any] = {"text": pl.String, "integer": pl.Int64, "number": pl.Float64, "yes_no": pl.Boolean}


@dataclass(frozen=True)
class Column:
    """One column: its name, type, unit, and what it means."""

    name: str
    type: str
    zh: str
    en: str
    unit: str = ""

    @property
    def dtype(self) -> Any:
        """The type in a table."""
        return TYPES[self.type]


UNIT = Column("unit", "text", "单位代码", "code of the unit")
NAMES = (Column("name_zh", "text", "中文名", "Chinese name"), Column("name_en", "text", "英文名", "English name"))
PEERS = Column("peer_group", "text", "同类组", "peer group")
RANK = Column("rank", "integer", "名次，并列的名次相同，下一名次空缺", "rank; ties share it and the next is skipped")
P05 = Column("rank_p05", "number", "90%名次区间下端", "lower end of the 90 % rank interval")
P95 = Column("rank_p95", "number", "90%名次区间上端", "upper end of the 90 % rank interval")
SCORE = Column("score", "number", "得分，空表示没有", "score; empty where there is none", "0-100")
CODE = Column("indicator", "text", "指标代码", "code of the indicator")
VALUE = Column("value", "number", "数值，空表示没有，不是零", "value; empty means none, not zero")
LOW = Column("low", "number", "比例的95%区间下端（威尔逊）", "lower end of the 95 % interval of a proportion (Wilson)")
HIGH = Column(
    "high", "number", "比例的95%区间上端（威尔逊）", "upper end of the 95 % interval of a proportion (Wilson)"
)

RANKING = (
    UNIT,
    *NAMES,
    PEERS,
    RANK,
    Column("tied", "yes_no", "是否并列", "whether the rank is tied"),
    P05,
    Column("rank_median", "number", "模拟名次的中位数", "median of the simulated ranks"),
    P95,
    SCORE,
    Column(
        "score_low", "number", "得分的90%区间下端（计数误差）", "lower end of the 90 % interval from counting", "0-100"
    ),
    Column(
        "score_high", "number", "得分的90%区间上端（计数误差）", "upper end of the 90 % interval from counting", "0-100"
    ),
    Column("tier", "integer", "梯队，一为最前", "tier, 1 is the first"),
    Column("grade", "text", "等级", "grade"),
    Column("previous_rank", "integer", "上一年名次", "rank in the year before"),
)
NODES = (
    UNIT,
    Column("node", "text", "节点代码", "code of the node"),
    Column("node_zh", "text", "节点中文名", "Chinese name of the node"),
    Column("node_en", "text", "节点英文名", "English name of the node"),
    Column("level", "integer", "层级：4综合指数，3分指数，2维度", "level: 4 composite, 3 sub-index, 2 dimension"),
    Column("score", "number", "得分，维度只公布所在的档", "score; dimensions are published as bands only", "0-100"),
    Column("band_low", "number", "所在档的下端（含）", "lower end of the band, included", "0-100"),
    Column(
        "band_high", "number", "所在档的上端（不含，100除外）", "upper end of the band, excluded except 100", "0-100"
    ),
    RANK,
    P05,
    P95,
)
DEFINITIONS = (
    CODE,
    *NAMES,
    Column("dimension", "text", "所属维度代码", "code of its dimension"),
    Column("dimension_zh", "text", "所属维度", "Chinese name of its dimension"),
    Column("dimension_en", "text", "所属维度英文名", "English name of its dimension"),
    Column("weight", "number", "在所属维度内的权重", "weight inside its dimension"),
    Column(
        "direction",
        "integer",
        "1越高越好，-1越低越好，0在区间内最好",
        "1 higher is better, -1 lower, 0 inside an interval",
    ),
    Column("score_0_at", "number", "得0分的数值", "value that scores 0"),
    Column("score_100_at", "number", "得100分的数值", "value that scores 100"),
    Column("unit_zh", "text", "计量单位", "unit of measurement in Chinese"),
    Column("unit_en", "text", "计量单位英文名", "unit of measurement in English"),
    Column("formula_zh", "text", "公式", "formula in Chinese"),
    Column("formula_en", "text", "公式英文", "formula in English"),
    Column("numerator_zh", "text", "分子", "numerator in Chinese"),
    Column("numerator_en", "text", "分子英文", "numerator in English"),
    Column("denominator_zh", "text", "分母", "denominator in Chinese"),
    Column("denominator_en", "text", "分母英文", "denominator in English"),
    Column("source_zh", "text", "数据来源", "source in Chinese"),
    Column("source_en", "text", "数据来源英文", "source in English"),
    Column("origin_zh", "text", "依据", "legal or methodical origin in Chinese"),
    Column("origin_en", "text", "依据英文", "legal or methodical origin in English"),
)
VALUES = (
    UNIT,
    CODE,
    VALUE,
    Column("numerator", "number", "分子", "numerator"),
    Column("denominator", "number", "分母，比例的样本量", "denominator; for a proportion the number of cases"),
    LOW,
    HIGH,
    Column(
        "missing",
        "text",
        "没有数值的原因：held_back不公布，not_applicable不适用，not_collected未采集，late迟报，withdrawn撤回",
        "why there is no value: held_back, not_applicable, not_collected, late, withdrawn",
    ),
)
SERIES = (
    CODE,
    Column("year", "integer", "年度", "year"),
    VALUE,
    LOW,
    HIGH,
    Column("n", "number", "样本量（分母合计）", "number of cases (sum of the denominators)"),
    Column("units", "integer", "有数值的单位数", "number of units with a value"),
)
UNITS = (
    UNIT,
    *NAMES,
    Column("kind", "text", "类别", "kind of unit"),
    PEERS,
    Column("grid_row", "integer", "示意图上的行", "row in the cartogram"),
    Column("grid_column", "integer", "示意图上的列", "column in the cartogram"),
)
RELEASES = (
    Column("release", "text", "发布版编号", "number of the release"),
    Column("year", "integer", "年度", "year"),
    Column("published_at", "text", "发布时间", "moment of publication", "ISO 8601"),
    Column(
        "status", "text", "状态：published有效，superseded被替换，withdrawn撤回", "published, superseded or withdrawn"
    ),
    Column("release_hash", "text", "发布版指纹", "hash of the release", "SHA-256"),
    Column("method_hash", "text", "方法指纹", "hash of the method", "SHA-256"),
    Column("inputs_hash", "text", "输入指纹", "hash of the inputs", "SHA-256"),
)
