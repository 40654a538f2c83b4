"""What the words in the head of a measurement table mean, in Chinese and English."""

from __future__ import annotations

import re
import unicodedata

SPECIFICATION = {
    "lower": "lsl|lower|lower limit|lower spec|lower spec limit|lower specification limit|lower tolerance limit|min spec"
    "|下限|规格下限|下规格限|下公差限|公差下限|最小值要求|下限值",
    "upper": "usl|upper|upper limit|upper spec|upper spec limit|upper specification limit|upper tolerance limit|max spec"
    "|上限|规格上限|上规格限|上公差限|公差上限|最大值要求|上限值",
    "nominal": "nominal|nom|nominal value|basic|basic dimension|名义值|公称值|标称值|基本尺寸|公称尺寸|标准值|规格值",
    "target": "target|target value|目标|目标值|中心值",
    "lower_allowance": "lower tolerance|lower allowance|tol-|-tol|minus tol|下公差|下偏差|下差",
    "upper_allowance": "upper tolerance|upper allowance|tol+|+tol|plus tol|上公差|上偏差|上差",
    "unit": "unit|units|uom|单位|计量单位",
    "decimals": "decimals|decimal places|digits|小数位|小数位数",
    "gauge": "gauge|gage|instrument|measuring device|量具|检具|测量设备|量仪",
}
ROLES = {
    "subgroup": "subgroup|subgroup id|subgroup no|sub group|group|group no|sample group|sample id|sample no|sample number"
    "|子组|子组号|子组序号|组|组号|组别|样本组|样本号|分组|抽样批次",
    "order": "no|nr|index|row|seq|sequence|#|order|id|序号|编号|行号|顺序",
    "time": "datetime|timestamp|date time|date/time|measured at|measurement time|测量时间|检测时间|检验时间|采集时间|日期时间|时间戳",
    "date": "date|day|日期|测量日期|检验日期|生产日期|检测日期",
    "clock": "time|时间|时刻",
    "batch": "batch|lot|batch no|lot no|batch id|lot id|heat|批次|批号|批|炉号|炉次|批次号",
    "machine": "machine|machine no|equipment|line|station|机台|机床|设备|机器|设备号|机号|产线|工位",
    "operator": "operator|appraiser|inspector|rater|technician|操作员|操作者|操作工|检验员|测量人|测量员|评价人|检测员|评价者",
    "cavity": "cavity|cavity no|nest|mould|mold|型腔|模穴|穴号|腔号|型腔号|模号",
    "event": "event|events|remark|remarks|comment|comments|note|notes|事件|备注|说明|异常",
    "part": "part|part no|part id|part number|serial|serial no|serial number|piece|零件|零件号|工件|工件号|件号|产品编号|序列号|样品|样品号",
    "trial": "trial|trials|replicate|repeat|rep|run|试验次数|次数|重复|测量次数|试验",
    "characteristic": "characteristic|characteristics|feature|parameter|dimension|test item|item|特性|特性名称|质量特性|检验项目"
    "|检测项目|项目|参数|尺寸名称|测量项目",
    "value": "value|values|measurement|measurements|measured value|reading|readings|result|results|data|actual|measure|y|x"
    "|值|测量值|实测值|检测值|数据|测量数据|测量结果|检测结果|结果|读数|实测",
    "valid": "valid|validity|有效|是否有效|有效性",
}
SUMMARY = [
    "mean",
    "average",
    "avg",
    "xbar",
    "x-bar",
    "range",
    "r",
    "s",
    "sd",
    "std",
    "stdev",
    "std dev",
    "max",
    "min",
    "maximum",
    "minimum",
    "sum",
    "total",
    "cp",
    "cpk",
    "pp",
    "ppk",
    "ucl",
    "lcl",
    "cl",
    "count",
    "平均",
    "平均值",
    "均值",
    "极差",
    "标准差",
    "最大",
    "最大值",
    "最小",
    "最小值",
    "合计",
    "总计",
    "求和",
    "判定",
    "结论",
    "样本均值",
    "样本极差",
    "移动极差",
]
STEMS = frozenset(
    [
        "",
        "x",
        "n",
        "m",
        "y",
        "v",
        "sample",
        "samples",
        "obs",
        "observation",
        "measurement",
        "meas",
        "measure",
        "reading",
        "value",
        "data",
        "rep",
        "replicate",
        "trial",
        "piece",
        "no",
        "#",
        "样本",
        "样品",
        "样件",
        "样",
        "测量",
        "测量值",
        "实测",
        "实测值",
        "检测值",
        "读数",
        "值",
        "数据",
        "次",
        "件",
        "观测",
        "观测值",
        "试样",
    ]
)
FALSE = frozenset({"0", "n", "no", "false", "invalid", "否", "无效", "x", "×"})
_SPECIFIED = {word: key for key, words in SPECIFICATION.items() for word in words.split("|")}
_ROLE = {word: key for key, words in ROLES.items() for word in words.split("|")}
_UNIT = re.compile(r"(.{1,200}?)[\s_]*[(\[【]([^()\[\]【】]{1,15})[)\]】]")
_STROKE = re.compile(
    r"(.{1,200}?)\s*/\s*(mm|cm|m|µm|μm|um|nm|kg|g|mg|N|kN|MPa|Pa|bar|℃|°C|%|s|min|V|A|mA|Ω|N·m|Nm|HRC)"
)
_NUMBERED = re.compile(r"(.{0,200}?)[\s_\-#.]*(\d{1,4})")
_TIMES = re.compile(r"第?\s*(\d{1,3})\s*(?:次|件|个|样)")


def plain(text: str) -> str:
    """Return ``text`` as it is compared: full width made half, lower case, without marks at its end.

    >>> plain("ＬＳＬ："), plain("Sub_Group")
    ('lsl', 'sub group')
    """
    return re.sub(r"[\s_]+", " ", unicodedata.normalize("NFKC", text)).strip(" :.=").casefold()


def specified(text: str) -> str:
    """Return which part of a specification ``text`` names, or nothing."""
    return _SPECIFIED.get(plain(split_unit(text)[0]), "")


def role_of(text: str) -> str:
    """Return what the column called ``text`` is for, or nothing when it may be a characteristic.

    >>> role_of("批号"), role_of("Subgroup ID"), role_of("测量值 (mm)"), role_of("孔径")
    ('batch', 'subgroup', 'value', '')
    """
    return _ROLE.get(plain(split_unit(text)[0]), "")


def split_unit(text: str) -> tuple[str, str]:
    """Return the name and the unit that stands in brackets or behind a stroke after it.

    >>> split_unit("孔径（mm）"), split_unit("Temp [°C]"), split_unit("D 1")
    (('孔径', 'mm'), ('Temp', '°C'), ('D 1', ''))
    """
    half = text.translate({0xFF08: "(", 0xFF09: ")"}).strip()
    found = _UNIT.fullmatch(half) or _STROKE.fullmatch(half)
    return (found[1], found[2].strip()) if found and not found[2].strip().isdigit() else (text.strip(), "")


def numbered(text: str) -> tuple[str, int] | None:
    """Return the stem and number of a name such as ``X3``, ``样本 2`` or ``第4次``.

    >>> numbered("X3"), numbered("第4次"), numbered("孔径")
    (('X', 3), ('', 4), None)
    """
    name = split_unit(text)[0]
    if found := _TIMES.fullmatch(name):
        return "", int(found[1])
    found = _NUMBERED.fullmatch(name)
    return (found[1].strip(), int(found[2])) if found else None
