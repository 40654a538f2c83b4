"""Pseudo-complaints in Chinese for measuring search: clauses written by ourselves, put together by a seeded generator.

They are no complaints of anybody. Names of shops and brands are drawn from the phrases of pypinyin's dictionary, the
common ones often and the rare ones seldom (Zipf), so that the collection has a long tail of words as real letters have.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

THINGS = [
    "手机",
    "充电宝",
    "电饭煲",
    "热水器",
    "电动自行车",
    "平衡车",
    "童装",
    "儿童座椅",
    "婴儿床",
    "奶瓶",
    "安抚奶嘴",
    "玩具车",
    "蓝牙耳机",
    "洗发水",
    "面霜",
    "口红",
    "染发剂",
    "奶粉",
    "酱油",
    "火腿肠",
    "月饼",
    "牛奶",
    "矿泉水",
    "茶叶",
    "大米",
    "花生油",
    "水果罐头",
    "冷冻水饺",
    "插座",
    "插线板",
    "台灯",
    "吸顶灯",
    "电热毯",
    "暖手宝",
    "吹风机",
    "洗衣机",
    "冰箱",
    "空调",
    "油烟机",
    "燃气灶",
    "燃气软管",
    "灭火器",
    "头盔",
    "轮胎",
    "刹车片",
    "机油",
    "行车记录仪",
    "床垫",
    "沙发",
    "衣柜",
    "书桌",
    "油漆",
    "瓷砖",
    "地板",
    "板材",
    "水龙头",
    "净水器",
    "保温杯",
    "不粘锅",
    "高压锅",
    "菜刀",
    "筷子",
    "一次性餐盒",
    "羽绒服",
    "牛仔裤",
    "运动鞋",
    "皮鞋",
    "袜子",
    "床单",
    "被子",
    "毛巾",
    "口罩",
    "雨伞",
    "行李箱",
    "眼镜",
    "隐形眼镜",
    "体温计",
    "血压计",
    "按摩椅",
    "健身器材",
    "自行车",
    "滑板",
    "帐篷",
    "烟花",
    "打火机",
    "门锁",
    "摄像头",
    "路由器",
    "平板电脑",
    "笔记本电脑",
    "充电器",
    "数据线",
    "智能手表",
    "扫地机器人",
    "投影仪",
    "打印机",
    "硒鼓",
    "文具盒",
    "书包",
    "修正液",
    "橡皮泥",
    "金项链",
    "手镯",
    "化肥",
    "种子",
    "农药",
    "饲料",
    "汽油",
    "加油卡",
    "会员卡",
    "健身卡",
    "快递",
    "外卖",
]
PLACES = ["外壳", "电池", "屏幕", "接口", "电源线", "密封圈", "把手", "底座", "缝线", "拉链", "面料", "内胆", "包装", "标签", "说明书", "合格证", "生产日期", "刹车", "车把", "开关", "按键", "涂层", "焊点", "插头", "螺丝"]  # fmt: skip
FAULTS = [
    "发烫",
    "鼓包",
    "冒烟",
    "起火",
    "漏电",
    "漏水",
    "漏油",
    "开裂",
    "断裂",
    "褪色",
    "缩水",
    "起球",
    "掉漆",
    "生锈",
    "发霉",
    "变质",
    "有异味",
    "有异物",
    "短斤少两",
    "甲醛超标",
    "重金属超标",
    "没有认证标志",
    "没有中文标识",
    "与宣传不符",
    "是翻新机",
    "是假货",
    "过了保质期",
    "不能充电",
    "自动关机",
    "死机",
    "黑屏",
    "没有声音",
    "噪声很大",
    "刹车失灵",
    "划伤孩子",
    "引起过敏",
    "拉肚子",
    "头晕恶心",
    "烫伤了手",
    "电到人",
    "炸裂",
    "脱胶",
    "变形",
    "卡住",
    "松动",
    "磨脚",
    "掉毛",
    "掉色",
    "染色",
    "扎手",
    "刺鼻",
    "进水",
    "跳闸",
    "短路",
]
WHENS = ["使用三天以后", "刚拆开包装", "洗过两次就", "充电的时候", "上周五晚上", "孩子玩了一会儿", "安装当天", "过了七天无理由期", "夏天放在车里", "第一次开机", "吃完不到一小时", "骑到半路"]  # fmt: skip
CALLS = [
    "多次联系商家都不处理",
    "客服一直推脱说是人为损坏",
    "商家拒绝提供发票",
    "平台让我自己协商",
    "对方把我拉黑了",
    "售后电话没有人接",
    "说要寄回检测却不出报告",
    "只肯补偿十块钱",
    "说特价商品不退不换",
    "门店已经搬走了",
    "答应退款以后又反悔",
    "要求我先删除差评",
]
WISHES = [
    "要求退一赔三",
    "希望监管部门抽检这批产品",
    "请求退货退款",
    "要求商家公开道歉",
    "希望召回同批次产品",
    "请依法查处",
    "要求赔偿医药费",
    "请帮忙调解",
    "要求更换新品",
    "希望核实生产许可证",
    "请告知处理结果",
    "要求出具检测报告",
]
FORMS = (
    "我在{name}旗舰店买的{thing}{fault}",
    "{when}{thing}的{place}{fault}",
    "{place}明显{fault}",
    "品牌是{name}",
    "订单尾号{number}",
    "型号{model}",
    "花了{price}元",
    "{name}路的门店卖的{thing}",
    "检查发现{place}{fault}而且{fault2}",
    "{call}",
    "{wish}",
    "邻居家的{thing}也{fault}",
    "{when}就{fault}",
    "怀疑是{name}厂生产的",
)
BATCH = 10_000


def complaints(number: int, seed: int = 20260415) -> Iterator[str]:
    """Yield ``number`` pseudo-complaints, the same ones for the same seed."""
    draw = np.random.default_rng(seed)
    names = _names(draw)
    for at in range(0, number, BATCH):
        many = min(BATCH, number - at)
        sizes = draw.integers(5, 10, many)
        clauses = iter(_clauses(draw, names, int(sizes.sum())))
        yield from ("，".join(next(clauses) for _ in range(size)) for size in sizes)


def _names(draw: np.random.Generator) -> list[str]:
    from pypinyin.phrases_dict import phrases_dict

    found = sorted(one for one in phrases_dict if 2 <= len(one) <= 3 and all("一" <= mark <= "鿿" for mark in one))
    return [found[at] for at in draw.permutation(len(found))]


def _clauses(draw: np.random.Generator, names: list[str], number: int) -> list[str]:
    ranks = np.minimum(draw.zipf(1.3, number), len(names)) - 1
    slots = {
        "thing": THINGS,
        "place": PLACES,
        "fault": FAULTS,
        "fault2": FAULTS,
        "when": WHENS,
        "call": CALLS,
        "wish": WISHES,
    }
    weights = {name: 1 / np.arange(1, len(words) + 1) ** 0.7 for name, words in slots.items()}
    picked = {
        name: draw.choice(len(words), number, p=weights[name] / weights[name].sum()) for name, words in slots.items()
    }
    forms = draw.integers(0, len(FORMS), number)
    numbers = draw.integers(1000, 10_000, (number, 2))
    return [
        FORMS[forms[at]].format(
            name=names[ranks[at]], number=numbers[at, 0], price=numbers[at, 1] // 9, model=f"XH{numbers[at, 1] // 7}",
            **{name: words[picked[name][at]] for name, words in slots.items()})
        for at in range(number)
    ]  # fmt: skip


def questions(number: int, seed: int = 7) -> tuple[list[str], list[str]]:
    """Return queries: two words of one complaint each, and thirty characters out of one complaint each."""
    import rjieba

    draw = np.random.default_rng(seed)
    texts = [text for text in complaints(8 * number) if len(text) > 30]
    pairs: list[str] = []
    for text in texts:
        words = sorted({word for word in rjieba.cut(text) if len(word) == 2 and "一" <= word[0] <= "鿿"})
        if len(words) > 1 and len(pairs) < number:
            pairs.append(" ".join(draw.choice(words, 2, replace=False)))
    starts = [int(draw.integers(0, len(text) - 29)) for text in texts]
    return pairs, [text[at : at + 30] for text, at in zip(texts, starts, strict=True)][:number]
