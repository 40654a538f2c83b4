"""What the columns of alert tables are called, in the words of those who publish them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from qualipolis.methods.problems import msg

JOINTS = re.compile(r"\|\||[║‖∥|｜丨¦]")
MANY = frozenset(
    {"product", "category", "description", "brands", "models", "barcodes", "firms", "sellers", "origins", "notifying"}
)
"""Fields that several columns may fill together; every other is filled by one."""

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "number": (
        *("reference", "alert number", "recall number", "notification number", "reference number", "case number"),
        *("campaign number", "nhtsa id", "nhtsa campaign number", "recallnumber", "nhtsacampaignnumber", "number"),
        *("抽样编号", "样品编号", "召回编号", "召回公告编号", "公告编号", "通报编号", "编号", "批次编号", "任务编号"),
        *("检验检疫编号", "备案编号", "recall id", "recallid", "id", "recordid", "通报号", "报告编号"),
    ),
    "date": (
        *("date", "date of case", "alert date", "recall date", "recalldate", "notification date", "date published"),
        *("publication date", "report received date", "reportreceiveddate", "date of notification", "published on"),
        *("日期", "发布日期", "公布日期", "公告日期", "通报日期", "召回时间", "召回日期", "发布时间", "通告日期"),
        *("抽样日期", "报告日期", "报告时间", "公告时间", "通告时间", "公告号日期", "召回开始时间"),
    ),
    "product": (
        *(
            "product",
            "product name",
            "product type",
            "name",
            "name of product",
            "products.name",
            "component",
            "product title",
        ),
        *("产品名称", "食品名称", "样品名称", "商品名称", "产品", "品名"),
        *("名称", "产品品名", "缺陷产品", "召回产品", "涉及产品", "通用名称"),
    ),
    "category": (
        *("product category", "category", "product types", "products.type", "product class", "oecd portal category"),
        *("commodity", "分类", "食品类别", "产品类别", "产品种类", "食品大类", "类别", "品类", "产品大类", "食品分类"),
    ),
    "description": (
        *("title", "subject", "headline", "标题", "description", "product description", "summary", "details"),
        *("alert description", "notes", "备注", "说明", "products.description", "risk description"),
        *("产品描述", "缺陷情况", "缺陷描述", "召回原因", "原因", "packaging description", "notification subject"),
    ),
    "brands": ("brand", "brands", "product brand", "make", "trade mark", "trademark", "商标", "品牌", "车辆品牌"),
    "models": (
        *("model", "models", "product model", "type / number of model", "type number of model", "number of model"),
        *("model number", "products.model", "规格型号", "型号", "规格", "车型", "型号规格", "model type number"),
    ),
    "batch": (
        *("batch", "batch number", "lot", "lot number", "product batch number", "production dates", "production date"),
        *("model year", "modelyear", "生产日期/批号", "生产日期或批号", "批号", "生产批号", "生产日期", "批次"),
        *("生产日期(批号)", "购进日期/批号", "batch number / barcode", "product batch", "购进日期"),
    ),
    "barcodes": (
        *("barcode", "barcodes", "upc", "upcs", "gtin", "ean", "product barcode", "productupcs", "productupcs.upc"),
        *("条码", "商品条码", "条形码", "hs编码", "hs code", "product upcs"),
    ),
    "firms": (
        *("manufacturer", "manufacturers", "firm", "company", "producer", "manufacturers.name", "recalling firm"),
        *("manufacturer name", "标称生产企业名称", "生产企业名称", "生产企业", "标称生产单位", "标称生产者", "生产者"),
        *("生产者名称", "标识生产企业名称", "标称生产厂家", "企业名称", "生产单位", "生产企业(标称)", "召回企业"),
        *("(标称)生产单位名称", "生产企业信息", "标称生产企业", "制造商", "标称生产企业或供货单位名称", "单位名称"),
        *("标称生产者名称", "召回生产者", "生产厂家", "标示生产单位", "境外生产企业"),
    ),
    "sellers": (
        *("importer", "importers", "importers.name", "retailer", "retailers.name", "seller", "distributor", "sold at"),
        *("被抽样单位名称", "被抽样单位", "被抽检单位名称", "受检单位", "受检单位名称", "被抽查单位名称", "销售者"),
        *("进口商", "进口商名称", "销售单位", "经营者", "受检企业名称", "distributors.name", "被检单位名称"),
        *("被抽检单位", "受检企业", "平台", "进口商备案号", "经营单位"),
    ),
    "place": (
        *(
            "标称生产企业地址",
            "生产企业地址",
            "企业地址",
            "地址",
            "address",
            "生产单位地址",
            "所在地",
            "标称生产者地址",
        ),
        *("manufacturer address", "标称生产单位地址", "firm address", "生产者地址"),
    ),
    "origins": (
        *("country origin", "country of origin", "origin", "countries", "product country", "manufacturer country"),
        *("manufacturercountries.country", "origin country", "产地", "原产国", "原产地", "原产国(地区)", "产地国"),
        *("国别", "生产国", "产地/国家或地区", "国家/地区", "原产国/地区", "country/countries of origin"),
    ),
    "notifying": (
        *("notification from", "notifying country", "alert submitted by", "alert country", "country of notification"),
        *("notified by", "reporting country", "submitted by", "jurisdiction", "通报国", "通报国家", "通报国别"),
        *("发布机构", "通报方", "发布单位", "authority", "公布单位"),
    ),
    "hazards": (
        *("hazard", "hazards", "hazard substance", "hazards.name", "risk type", "hazards observed", "alert type"),
        *("hazard type", "danger", "consequence", "不合格项目", "主要不合格项目", "主要不合格项", "不合格项", "危害"),
        *("不符合项目", "项目名称", "可能后果", "可能造成的后果", "危险", "缺陷", "未准入境的事实", "缺陷后果"),
        *("不合格项目名称", "主要不合格项目或主要问题", "不合格原因", "risk", "危害类型", "风险类型", "检出项目"),
        *("不合格项目(标准值/实测值)", "主要不合格项(项目名称:标准值/实测值)", "substance", "technical defect"),
    ),
    "hazard_kinds": ("hazard category", "hazard categories", "hazard group", "危害类别", "危害种类", "风险类别"),
    "result": ("检验结果", "实测值", "检出值", "测定值", "检测值", "检测结果", "result", "analytical result", "结果"),
    "limit": ("标准值", "标准规定值", "限值", "标准要求", "标准限值", "规定值", "limit", "legal limit", "产品明示标准"),
    "measure": (
        *("measure", "measures", "remedy", "remedies.name", "measures country", "compulsory measures", "action taken"),
        *(
            "voluntary measures",
            "measures taken",
            "处置措施",
            "召回措施",
            "处理措施",
            "核查处置情况",
            "措施",
            "处置情况",
        ),
        *("measures adopted by notifying country", "corrective action", "remedyoptions.option", "recall action"),
    ),
    "risk": (
        *(
            "risk decision",
            "alert level",
            "level of risk",
            "risk level",
            "type of alert",
            "classification",
            "notification type",
        ),
        *("风险等级", "危险等级", "缺陷等级", "召回级别", "risk legal provision", "召回等级"),
    ),
    "url": (
        "url",
        "link",
        "url of case",
        "case url",
        "company recall page",
        "reference url",
        "网址",
        "链接",
        "原文链接",
    ),
    "units": (
        *("units", "number of units", "units affected", "products.numberofunits", "potaff", "potential units affected"),
        *(
            "数量",
            "召回数量",
            "涉及数量",
            "申报数量",
            "批量",
            "quantity",
            "potential number of units affected",
            "涉及辆数",
        ),
    ),
    "injuries": (
        *("injuries", "incidents", "injuries.name", "incidents/injuries", "injury", "伤亡情况", "事故情况", "伤害情况"),
        *("伤害人数", "伤亡人数", "受伤人数"),
    ),
}


WORDS: Mapping[str, str] = {
    "number": msg("number of the alert"),
    "date": msg("date of the alert"),
    "product": msg("product"),
    "category": msg("kind of product"),
    "description": msg("description"),
    "brands": msg("brand"),
    "models": msg("model"),
    "batch": msg("batch or day of production"),
    "barcodes": msg("bar code"),
    "firms": msg("manufacturer"),
    "sellers": msg("seller or importer"),
    "place": msg("address of the manufacturer"),
    "origins": msg("country of origin"),
    "notifying": msg("notifying authority"),
    "hazards": msg("hazard or item that does not conform"),
    "hazard_kinds": msg("kind of hazard"),
    "result": msg("test result"),
    "limit": msg("limit of the standard"),
    "measure": msg("measure taken"),
    "risk": msg("level of risk"),
    "url": msg("web address"),
    "units": msg("units affected"),
    "injuries": msg("injuries"),
}
"""What each field is called on a page: message ids."""


@dataclass(frozen=True)
class Kind:
    """A table whose publisher is known by its columns: all of ``needs`` and some of ``marks``."""

    name: str
    source: str
    needs: tuple[str, ...]
    marks: tuple[str, ...] = ()


KINDS = (
    Kind("rasff", "RASFF", ("reference", "notification from"), ("hazard substance", "product category")),
    Kind("rasff", "RASFF", ("reference", "notifying country"), ("hazards", "risk decision", "subject")),
    Kind("safety-gate", "Safety Gate", ("alert number",), ("risk type", "alert type", "type of alert", "alert level")),
    Kind("nhtsa", "NHTSA", ("nhtsa id",), ("make", "models", "summary")),
    Kind("nhtsa", "NHTSA", ("nhtsacampaignnumber",), ("make", "model", "component")),
    Kind("cpsc", "CPSC", ("recall number", "hazards"), ("product types", "manufacturers", "upcs")),
    Kind("cpsc", "CPSC", ("recallnumber",), ("hazards.name", "products.name")),
    Kind("cpsc", "CPSC", ("number", "hazard", "remedy"), ("units", "injuries", "upcs")),
)
"""The first that holds names the table; one of ``marks`` is enough."""

CHINESE = re.compile(r"[㐀-鿿]")
_BLANK = re.compile(r"[\s_\-]+")
_BEFORE_CJK = re.compile(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])")


def header(text: object) -> str:
    """Return a column name as it is compared: full width, case, underscores, spaces and asterisks make no difference.

    >>> header(" Product_Category* "), header("生产日期／批号"), header("Hazards . Name"), header("食品 名称：")
    ('product category', '生产日期/批号', 'hazards.name', '食品名称')
    """
    plain = unicodedata.normalize("NFKC", str(text or "")).casefold().replace("\ufeff", "").replace("*", "")
    plain = _BLANK.sub(" ", plain).strip(" :;,.")
    plain = _BEFORE_CJK.sub("", plain)
    return re.sub(r" ?([./()]) ?", r"\1", plain) if "." in plain or CHINESE.search(plain) else plain


def parts(text: object) -> tuple[str, ...]:
    """Return the names that are joined in one column name; a name alone is one part.

    >>> parts("不合格项目║检验结果║标准值"), parts("不合格项目｜检验结果"), parts("Product")
    (('不合格项目', '检验结果', '标准值'), ('不合格项目', '检验结果'), ('product',))
    """
    found = tuple(header(part) for part in JOINTS.split(str(text or "")) if part.strip())
    return found or ("",)


KNOWN: Mapping[str, str] = {header(word): field for field, words in reversed(list(SYNONYMS.items())) for word in words}
"""Field by compared column name."""


def kind_of(headers: Iterable[object]) -> tuple[str, str]:
    """Return the kind of table and its publisher: a known publisher, ``chinese`` or ``other``.

    >>> kind_of(["Reference", "Notification From", "Hazard Substance"]), kind_of(["序号", "食品名称", "不合格项目"])
    (('rasff', 'RASFF'), ('chinese', ''))
    """
    names = {part for head in headers for part in parts(head)}
    for kind in KINDS:
        if set(kind.needs) <= names and (not kind.marks or names & set(kind.marks)):
            return kind.name, kind.source
    chinese = sum(bool(CHINESE.search(name)) for name in names)
    return ("chinese", "") if names and 2 * chinese > len(names) else ("other", "")
