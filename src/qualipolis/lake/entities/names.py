"""The parts of a name: what it is called, what it deals in, where it is, which form and which branch it has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from qualipolis.methods.text.normalise import normalise

PROVINCES = [
    "北京",
    "天津",
    "上海",
    "重庆",
    "河北",
    "山西",
    "辽宁",
    "吉林",
    "黑龙江",
    "江苏",
    "浙江",
    "安徽",
    "福建",
    "江西",
    "山东",
    "河南",
    "湖北",
    "湖南",
    "广东",
    "海南",
    "四川",
    "贵州",
    "云南",
    "陕西",
    "甘肃",
    "青海",
    "台湾",
    "内蒙古",
    "广西",
    "西藏",
    "宁夏",
    "新疆",
    "香港",
    "澳门",
    "中国",
]
CITIES = [
    "东莞",
    "深圳",
    "广州",
    "佛山",
    "中山",
    "惠州",
    "珠海",
    "江门",
    "汕头",
    "肇庆",
    "湛江",
    "茂名",
    "揭阳",
    "潮州",
    "清远",
    "韶关",
    "梅州",
    "河源",
    "阳江",
    "云浮",
    "汕尾",
    "杭州",
    "宁波",
    "温州",
    "绍兴",
    "台州",
    "义乌",
    "嘉兴",
    "金华",
    "湖州",
    "南京",
    "苏州",
    "无锡",
    "常州",
    "昆山",
    "南通",
    "扬州",
    "徐州",
    "合肥",
    "福州",
    "厦门",
    "泉州",
    "晋江",
    "南昌",
    "济南",
    "青岛",
    "烟台",
    "潍坊",
    "临沂",
    "郑州",
    "武汉",
    "长沙",
    "成都",
    "西安",
    "沈阳",
    "大连",
    "长春",
    "哈尔滨",
    "石家庄",
    "太原",
    "昆明",
    "贵阳",
    "南宁",
    "海口",
    "兰州",
]
TRADES = [
    "电子商务",
    "电子",
    "科技",
    "实业",
    "贸易",
    "商贸",
    "五金",
    "塑胶",
    "塑料",
    "玩具",
    "家具",
    "家居",
    "食品",
    "服装",
    "服饰",
    "制衣",
    "鞋业",
    "鞋材",
    "鞋",
    "皮具",
    "皮革",
    "箱包",
    "纸品",
    "纸业",
    "包装",
    "印刷",
    "机械",
    "模具",
    "电器",
    "电线",
    "电缆",
    "光电",
    "照明",
    "灯饰",
    "新能源",
    "能源",
    "电池",
    "新材料",
    "材料",
    "化工",
    "涂料",
    "医疗",
    "器械",
    "生物",
    "制药",
    "医药",
    "药业",
    "汽车",
    "配件",
    "精密",
    "智能",
    "自动化",
    "设备",
    "仪器",
    "通信",
    "通讯",
    "网络",
    "信息",
    "软件",
    "数码",
    "家纺",
    "纺织",
    "针织",
    "毛织",
    "印染",
    "日用品",
    "化妆品",
    "日化",
    "饮料",
    "酒业",
    "茶业",
    "粮油",
    "水产",
    "农业",
    "养殖",
    "种植",
    "餐饮",
    "饮食",
    "酒店",
    "物流",
    "供应链",
    "投资",
    "建材",
    "建筑",
    "装饰",
    "工程",
    "环保",
    "检测",
    "技术",
    "国际",
    "进出口",
    "工艺品",
    "饰品",
    "眼镜",
    "钟表",
    "运动",
    "体育",
    "自行车",
    "电动车",
    "婴童",
    "母婴",
    "宠物",
    "制造",
    "制品",
    "工业",
    "企业",
    "发展",
    "开发",
    "管理",
    "服务",
    "文化",
    "教育",
    "广告",
    "传媒",
    "金属",
    "钢铁",
    "铝业",
    "玻璃",
    "陶瓷",
    "橡胶",
    "乳业",
    "肉类",
    "烘焙",
    "糕点",
    "调味",
    "冷冻",
    "百货",
    "日杂",
    "便利",
    "药房",
    "大药房",
    "珠宝",
    "美容",
    "童车",
    "自动",
    "半导体",
    "线路板",
    "零部件",
    "连接器",
]
FORMS = {
    "股份有限公司": "股份",
    "集团股份有限公司": "股份",
    "有限责任公司": "公司",
    "集团有限公司": "公司",
    "有限公司": "公司",
    "有限合伙": "合伙",
    "个体工商户": "个体",
    "个人独资": "个人独资",
    "普通合伙": "合伙",
    "集团公司": "公司",
    "总公司": "公司",
    "公司": "公司",
    "集团": "公司",
    "专业合作社": "合作社",
    "合作社": "合作社",
    "经营部": "店",
    "商行": "店",
    "商店": "店",
    "门市部": "店",
    "批发部": "店",
    "超市": "店",
    "总店": "店",
    "店": "店",
    "工作室": "工作室",
    "加工厂": "厂",
    "总厂": "厂",
    "厂": "厂",
}
LEGAL = frozenset(
    [
        "inc",
        "incorporated",
        "llc",
        "ltd",
        "limited",
        "co",
        "company",
        "corp",
        "corporation",
        "plc",
        "gmbh",
        "ag",
        "sa",
        "srl",
        "spa",
        "bv",
        "nv",
        "oy",
        "ab",
        "as",
        "kg",
        "kgaa",
        "kk",
        "pty",
        "pte",
        "group",
        "holding",
        "holdings",
        "sdn",
        "bhd",
        "ltda",
        "sas",
        "sarl",
        "lp",
        "llp",
        "the",
        "of",
        "and",
        "et",
        "und",
    ]
)
ENGLISH_TRADES = frozenset(
    [
        "industries",
        "industry",
        "industrial",
        "manufacturing",
        "manufacturer",
        "international",
        "enterprises",
        "enterprise",
        "products",
        "product",
        "electronics",
        "electronic",
        "electric",
        "toys",
        "toy",
        "trading",
        "trade",
        "imports",
        "import",
        "export",
        "exports",
        "stores",
        "store",
        "brands",
        "brand",
        "sales",
        "distributors",
        "distribution",
        "distributing",
        "technology",
        "technologies",
        "furniture",
        "design",
        "designs",
        "sports",
        "sporting",
        "goods",
        "home",
        "global",
        "worldwide",
        "foods",
        "food",
        "appliances",
        "appliance",
        "tools",
        "hardware",
        "plastics",
        "motor",
        "motors",
        "bicycle",
        "bicycles",
        "cycle",
        "cycles",
        "apparel",
        "clothing",
        "footwear",
        "lighting",
    ]
)
FILLING = frozenset(["the", "of", "and", "et", "und"])
LANDS = frozenset(
    [
        "america",
        "american",
        "usa",
        "us",
        "canada",
        "china",
        "hongkong",
        "hk",
        "europe",
        "japan",
        "germany",
        "uk",
        "north",
    ]
)
SHORT = {
    "intl": "international",
    "mfg": "manufacturing",
    "mfr": "manufacturer",
    "dist": "distributing",
    "ind": "industries",
    "indus": "industries",
    "prods": "products",
    "elec": "electric",
    "tech": "technology",
    "ent": "enterprises",
}
BRANCH = re.compile(r"(?<=公司|.厂|.店|营部)(.{0,12}?(?:分公司|分厂|分店|办事处|营业部|经营部|门店|\d+号店|店))$")
AREA = re.compile(r"^([一-鿿]{2,7}?(?:省|自治区|自治州|(?<![超门夜])市|镇|街道|县|(?<![园社])区|园区|乡))")
_BRACKETS = re.compile(r"[(\[【<《]([^()\[\]【】<>《》]{1,20})[)\]】>》]")
_MARKS = re.compile(r"[^\w]+|_")
_APOSTROPHE = re.compile(r"(?<=\w)['’`´](?=\w)")
_INITIALS = re.compile(r"\b(\w)\s(?=\w\b)")
_CJK = re.compile(r"[㐀-鿿]")
_AREA_END = re.compile(r"(?:省|自治区|自治州|市|镇|街道|县|园区|区|乡)$")


@dataclass(frozen=True)
class FirmName:
    """A firm's name in parts; each part is empty where the name does not say it."""

    core: str
    trade: str = ""
    places: tuple[str, ...] = ()
    form: str = ""
    branch: str = ""
    chinese: bool = False


def areas(places: Iterable[str] = ()) -> frozenset[str]:
    """Return the names that stand for a place at the beginning of a name: provinces, large cities, and those given.

    >>> sorted(areas(["霁渚市葵岭镇"]) - areas())
    ['葵岭', '霁渚']
    """
    found = {*PROVINCES, *CITIES}
    for place in set(places):
        rest = normalise(place).replace(" ", "")
        while area := AREA.match(rest):
            found.add(_AREA_END.sub("", area[1]))
            rest = rest[area.end() :]
        if 2 <= len(rest) <= 5 and _CJK.match(rest):
            found.add(rest)
    return frozenset(name for name in found if len(name) >= 2)


def firm_name(name: str, known: frozenset[str] | None = None) -> FirmName:
    """Return the parts of a firm's name, Chinese or in Latin letters.

    >>> firm_name("广东省东莞市虎门镇华强电子有限公司第二分公司")
    FirmName(core='华强', trade='电子', places=('广东', '东莞', '虎门'), form='公司', branch='第二分公司', chinese=True)
    >>> firm_name("華強電子（東莞）有限公司").places, firm_name("The A.B. Smith's Toys of America Co., Ltd.")
    (('东莞',), FirmName(core='ab smiths', trade='toys', places=('america',), form='company', branch='', chinese=False))
    """
    said = normalise(name, 200)
    return _chinese(said, areas() if known is None else known) if _CJK.search(said) else _latin(said)


def _chinese(said: str, known: frozenset[str]) -> FirmName:
    aside = [part.strip() for part in _BRACKETS.findall(said)]
    form = next((FORMS[part] for part in aside if part in FORMS), "")
    plain = _MARKS.sub("", _BRACKETS.sub("", said))
    branch = BRANCH.search(plain)
    plain = plain[: branch.start(1)] if branch else plain
    ending = _form(plain)
    plain = plain[: len(plain) - len(ending)] if len(plain) > len(ending) else plain
    places, rest = _placed(plain, known)
    places += [_AREA_END.sub("", part) for part in aside if _AREA_END.sub("", part) in known]
    core, trade = _split(rest or plain)
    return FirmName(core, trade, tuple(places), form or FORMS.get(ending, ""), branch[1] if branch else "", True)


@lru_cache(maxsize=1)
def _endings() -> tuple[str, ...]:
    return tuple(sorted(FORMS, key=len, reverse=True))


def _form(plain: str) -> str:
    return next((ending for ending in _endings() if plain.endswith(ending)), "")


def _placed(plain: str, known: frozenset[str]) -> tuple[list[str], str]:
    """Return the places at the beginning of a name and the rest, of which two characters at least are left."""
    places: list[str] = []
    while len(plain) > 3 and len(places) < 4:
        area = AREA.match(plain)
        width = next((size for size in (5, 4, 3, 2) if plain[:size] in known), 0)
        if area and (not width or area.end() > width) and len(plain) - area.end() >= 2:
            if not area[1].endswith(("省", "自治区")) or area[1][:-1] in PROVINCES:
                places.append(_AREA_END.sub("", area[1]))
            plain = plain[area.end() :]
        elif width and len(plain) - width >= 2:
            places.append(plain[:width])
            plain = plain[width:]
        else:
            break
    return places, plain


@lru_cache(maxsize=1)
def _trade_words() -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, TRADES), key=len, reverse=True)))


def _split(rest: str) -> tuple[str, str]:
    """Return what a firm is called and what it deals in: the first word of a trade after two characters."""
    found = _trade_words().search(rest, 2) if len(rest) > 2 else None
    return (rest[: found.start()], rest[found.start() :]) if found else (rest, "")


def _latin(said: str) -> FirmName:
    plain = _MARKS.sub(" ", _APOSTROPHE.sub("", said.replace("&", " "))).strip()
    words = _INITIALS.sub(r"\1", plain).split()
    words = [SHORT.get(word, word) for word in words]
    end = len(words)
    while end > 1 and words[end - 1] in LEGAL:
        end -= 1
    rest = [word for word in words[:end] if len(word) < 3 or word not in LEGAL] or words
    rest = [word for word in rest if word not in FILLING] or rest
    legal = set(words) - set(rest) - FILLING
    lands = [word for word in rest if word in LANDS] if set(rest) - LANDS else []
    rest = [word for word in rest if word not in lands]
    core = [word for word in rest if word not in ENGLISH_TRADES] or rest
    trade = [word for word in rest if word in ENGLISH_TRADES] if core != rest else []
    return FirmName(" ".join(core), " ".join(trade), tuple(lands), "company" if legal else "")


def places(text: str, known: frozenset[str]) -> tuple[str, ...]:
    """Return the places that a text names one after the other, without their endings; else the text itself.

    >>> places("广东省东莞市虎门镇", areas()), places("Shenzhen", areas())
    (('广东', '东莞', '虎门'), ('shenzhen',))
    """
    plain = words(text)
    found = _placed(plain + "甲乙丙", known)[0] if _CJK.search(plain) else []
    return tuple(found) or ((plain,) if plain else ())


def joined_places(found: Sequence[str]) -> str:
    """Return places as one word, each once in a fixed order; a province says nothing beside a town.

    >>> joined_places(["虎门", "广东", "东莞"]) == joined_places(["东莞", "虎门"])
    True
    """
    every = set(found)
    return " ".join(sorted(every - set(PROVINCES) or every))


def words(text: str) -> str:
    """Return a name of a brand, a product or a place as it is compared: Chinese without spaces, else words.

    >>> words("Kid’s  Bike-24\\""), words("儿童 自行车")
    ('kids bike 24', '儿童自行车')
    """
    plain = _MARKS.sub(" ", _APOSTROPHE.sub("", normalise(text, 300))).strip()
    return plain.replace(" ", "") if _CJK.search(plain) else " ".join(plain.split())


def code(text: str) -> str:
    """Return a code with letters and digits only, in capitals.

    >>> code(" 91441900-ma4x ")
    '91441900MA4X'
    """
    return re.sub(r"[^0-9A-Z]", "", normalise(text, 60).upper())


def phone(text: str) -> str:
    """Return the last eight digits of a number, empty where there are fewer than seven.

    >>> phone("+86 (769) 2233-4455"), phone("123")
    ('22334455', '')
    """
    digits = re.sub(r"\D", "", text)
    return digits[-8:] if len(digits) >= 7 else ""


def grams(text: str) -> Sequence[str]:
    """Return the runs of characters by which a name is found again: two Chinese characters, three letters.

    >>> grams("华强电子"), grams("ab smith")
    (['华强', '强电', '电子'], [' ab', 'ab ', 'b s', ' sm', 'smi', 'mit', 'ith', 'th '])
    """
    if _CJK.search(text):
        return [text[at : at + 2] for at in range(len(text) - 1)]
    padded = f" {text} "
    return [padded[at : at + 3] for at in range(len(padded) - 2)] if text else []
