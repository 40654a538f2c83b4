"""Invented words of the synthetic place. None of its town names is in the national table of towns."""

from __future__ import annotations

PROVINCE_NAME = ("澄岚省", "Chenglan Province")
CITY_NAME = ("云汀市", "Yunting")

# name, English, kind, peer group, row and column of the cartogram
TOWNS: tuple[tuple[str, str, str, str, int, int], ...] = (
    ("葵岭镇", "Kuiling", "town", "medium", 0, 2),
    ("荻湾镇", "Diwan", "town", "medium", 0, 3),
    ("榕和镇", "Ronghe", "town", "small", 0, 4),
    ("牛渡镇", "Niudu", "town", "medium", 1, 1),
    ("椿源镇", "Chunyuan", "town", "medium", 1, 2),
    ("青陂镇", "Qingbei", "town", "small", 1, 3),
    ("稔桥镇", "Renqiao", "town", "large", 1, 4),
    ("雁洲镇", "Yanzhou", "town", "medium", 1, 5),
    ("蓼浦镇", "Liaopu", "town", "large", 2, 0),
    ("岚湾街道", "Lanwan", "subdistrict", "subdistrict", 2, 1),
    ("梅宁街道", "Meining", "subdistrict", "subdistrict", 2, 2),
    ("枫湖街道", "Fenghu", "subdistrict", "subdistrict", 2, 3),
    ("楠岭镇", "Nanling", "town", "medium", 2, 4),
    ("栖坪镇", "Qiping", "town", "large", 2, 5),
    ("柚桥镇", "Youqiao", "town", "medium", 2, 6),
    ("藕田镇", "Outian", "town", "medium", 3, 0),
    ("晴塔街道", "Qingta", "subdistrict", "subdistrict", 3, 1),
    ("蕉林镇", "Jiaolin", "town", "large", 3, 2),
    ("鹭湖园区", "Luhu Park", "park", "park", 3, 3),
    ("荻溪镇", "Dixi", "town", "medium", 3, 4),
    ("棠岩镇", "Tangyan", "town", "small", 3, 5),
    ("霁坪镇", "Jiping", "town", "large", 3, 6),
    ("杉坪镇", "Shanping", "town", "small", 3, 7),
    ("楠峰镇", "Nanfeng", "town", "large", 4, 1),
    ("苇洲镇", "Weizhou", "town", "large", 4, 2),
    ("坪岭镇", "Pingling", "town", "medium", 4, 3),
    ("岚溪镇", "Lanxi", "town", "large", 4, 4),
    ("霁陂镇", "Jibei", "town", "medium", 4, 5),
    ("榕林镇", "Ronglin", "town", "large", 4, 6),
    ("菱潭镇", "Lingtan", "town", "small", 4, 7),
    ("桂布镇", "Guibu", "town", "medium", 5, 3),
    ("葵坑镇", "Kuikeng", "town", "large", 5, 4),
    ("鸥渚镇", "Ouzhu", "town", "small", 5, 5),
)

CITIES: tuple[tuple[str, str], ...] = (
    CITY_NAME,
    ("霁渚市", "Jizhu"),
    ("岚渚市", "Lanzhu"),
    ("苇渚市", "Weizhu"),
    ("蓼渚市", "Liaozhu"),
    ("栖渚市", "Qizhu"),
    ("椿渚市", "Chunzhu"),
    ("楠渚市", "Nanzhu"),
    ("晴渚市", "Qingzhu"),
    ("荻渚市", "Dizhu"),
    ("鹭渚市", "Luzhu"),
    ("榕渚市", "Rongzhu"),
    ("葵渚市", "Kuizhu"),
    ("柚渚市", "Youzhu"),
    ("稔渚市", "Renzhu"),
    ("棠渚市", "Tangzhu"),
    ("菱渚市", "Lingzhu"),
    ("杉渚市", "Shanzhu"),
    ("枫渚市", "Fengzhu"),
    ("鸥渚市", "Ouzhu"),
    ("雁渚市", "Yanzhu"),
)

HEADS: dict[str, str] = dict(
    zip(
        "榕葵荻蓼苇霁岚鹭鸥栖椿柚杉楠藕菱晴稔蕉棠霞雁",
        [
            "Rong",
            "Kui",
            "Di",
            "Liao",
            "Wei",
            "Ji",
            "Lan",
            "Lu",
            "Ou",
            "Qi",
            "Chun",
            "You",
            "Shan",
            "Nan",
            "Ou",
            "Ling",
            "Qing",
            "Ren",
            "Jiao",
            "Tang",
            "Xia",
            "Yan",
        ],
        strict=True,
    )
)
TAILS: dict[str, str] = dict(
    zip(
        "洲坡埔坳涧汊渡陂宁坪岩湾",
        ["zhou", "po", "pu", "ao", "jian", "cha", "du", "bei", "ning", "ping", "yan", "wan"],
        strict=True,
    )
)

# the first and second character of a firm's name, with their reading
FIRST: dict[str, str] = dict(
    zip(
        "恒瑞嘉盛宏达永信华正卓立精诚天泽博远鼎新启明德润佳汇联创中科金源浩宇",
        [
            "Heng",
            "Rui",
            "Jia",
            "Sheng",
            "Hong",
            "Da",
            "Yong",
            "Xin",
            "Hua",
            "Zheng",
            "Zhuo",
            "Li",
            "Jing",
            "Cheng",
            "Tian",
            "Ze",
            "Bo",
            "Yuan",
            "Ding",
            "Xin",
            "Qi",
            "Ming",
            "De",
            "Run",
            "Jia",
            "Hui",
            "Lian",
            "Chuang",
            "Zhong",
            "Ke",
            "Jin",
            "Yuan",
            "Hao",
            "Yu",
        ],
        strict=True,
    )
)
SECOND: dict[str, str] = dict(
    zip(
        "禾湛屿筑澜珩砚棣骋翎坤沐谦朔晟霖垚旻彧峤川岳森枢衡韵铭锐骏达勤弘臻航晖轩朗恺岑锦",
        [
            "he",
            "zhan",
            "yu",
            "zhu",
            "lan",
            "heng",
            "yan",
            "di",
            "cheng",
            "ling",
            "kun",
            "mu",
            "qian",
            "shuo",
            "sheng",
            "lin",
            "yao",
            "min",
            "yu",
            "qiao",
            "chuan",
            "yue",
            "sen",
            "shu",
            "heng",
            "yun",
            "ming",
            "rui",
            "jun",
            "da",
            "qin",
            "hong",
            "zhen",
            "hang",
            "hui",
            "xuan",
            "lang",
            "kai",
            "cen",
            "jin",
        ],
        strict=True,
    )
)

# cluster: name, English, output class, then trades: (word, English, GB/T 4754 class, product, English product)
CLUSTERS: dict[str, tuple[str, str, str, tuple[tuple[str, str, str, str, str], ...]]] = {
    "electronics": (
        "新一代电子信息",
        "New-generation electronics",
        "trillion",
        (
            ("通信设备", "Telecom", "C3922", "无线路由器", "wireless router"),
            ("电子科技", "Electronics", "C3982", "印制电路板", "printed circuit board"),
            ("智能终端", "Smart devices", "C3969", "智能手表", "smart watch"),
            ("电源科技", "Power", "C3824", "电源适配器", "power adapter"),
            ("电池科技", "Battery", "C3841", "移动电源", "power bank"),
        ),
    ),
    "equipment": (
        "高端装备制造",
        "Equipment",
        "hundred_billion",
        (
            ("精密模具", "Moulds", "C3525", "注塑模具", "injection mould"),
            ("自动化设备", "Automation", "C3491", "工业机械臂", "industrial robot arm"),
            ("机械设备", "Machinery", "C3523", "注塑机", "injection machine"),
            ("五金制品", "Hardware", "C3484", "机械零件", "machine part"),
        ),
    ),
    "materials": (
        "新材料",
        "New materials",
        "hundred_billion",
        (
            ("新材料", "New materials", "C2651", "工程塑料", "engineering plastic"),
            ("塑料制品", "Plastics", "C2929", "塑料零件", "plastic part"),
            ("电子材料", "Electronic materials", "C3985", "导热薄膜", "thermal film"),
        ),
    ),
    "food": (
        "食品饮料",
        "Food and drink",
        "hundred_billion",
        (
            ("食品", "Foods", "C1411", "糕点", "pastry"),
            ("饮料", "Drinks", "C1523", "果汁饮料", "fruit drink"),
            ("调味食品", "Seasonings", "C1462", "酱油", "soy sauce"),
        ),
    ),
    "textiles": (
        "纺织服装鞋帽",
        "Textiles, garments, shoes and hats",
        "hundred_billion",
        (
            ("服饰", "Garments", "C1819", "儿童服装", "children's clothes"),
            ("针织", "Knitting", "C1821", "毛针织衫", "knitted sweater"),
            ("鞋业", "Shoes", "C1952", "皮鞋", "leather shoes"),
            ("制帽", "Hats", "C1830", "运动帽", "sports cap"),
        ),
    ),
}

FIELDS: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "电子电器",
        "Electrical and electronic",
        ("电源适配器", "移动电源", "无线路由器"),
        ("耐压", "温升", "辐射骚扰", "跌落"),
    ),
    ("机械五金", "Machinery and hardware", ("注塑模具", "机械零件", "注塑机"), ("硬度", "尺寸", "粗糙度", "拉伸强度")),
    ("化工材料", "Chemicals and materials", ("工程塑料", "导热薄膜", "塑料零件"), ("熔体流动速率", "阻燃", "铅含量")),
    ("食品农产品", "Food and farm products", ("糕点", "果汁饮料", "酱油"), ("菌落总数", "防腐剂", "铅", "水分")),
    ("纺织轻工", "Textiles and light industry", ("儿童服装", "毛针织衫", "皮鞋"), ("甲醛", "酸碱度", "色牢度", "绳带")),
    ("环境与计量", "Environment and metrology", ("电子秤", "压力表", "水样"), ("示值误差", "重复性", "化学需氧量")),
)

FAILED_ITEMS = ("标识", "尺寸", "安全性能", "有害物质", "耐久性", "标签")
COMPLAINT_KINDS = ("quality", "service", "price", "advertising", "contract", "other")
