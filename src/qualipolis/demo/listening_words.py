"""The words of the letters of the synthetic city: built from the seeds that ship with the classifiers, all of them invented."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from qualipolis.demo.supervision_words import SAID
from qualipolis.lake.models import FOLDER

# how often a class of product is written about; goods are complained about for other reasons than services
GOODS = {
    "food": 15, "cosmetics": 5, "medicine": 3, "childcare": 3, "clothing": 9, "shoes_bags": 6, "appliances": 10,
    "digital": 11, "furniture": 6, "building": 5, "vehicles": 5, "ebikes": 5, "gas_fire": 2, "jewellery": 2, "books": 2,
    "sports": 2, "housewares": 6,
}  # fmt: skip
SERVICES = {"catering": 7, "lodging": 3, "training": 4, "beauty_fitness": 5, "telecom": 5}
OF_GOODS = {
    "fire_explosion": 1, "electric_shock": 1, "injury": 2, "poisoning_allergy": 2, "spoiled": 4, "foreign_matter": 4,
    "defect": 24, "counterfeit": 6, "false_claim": 9, "price": 5, "short_weight": 4, "label": 5, "refund": 14,
    "warranty": 12, "delivery_service": 7,
}  # fmt: skip
OF_SERVICES = {
    "price": 22,
    "prepaid_contract": 26,
    "delivery_service": 14,
    "false_claim": 14,
    "refund": 18,
    "privacy": 6,
}
EDIBLE = ("spoiled", "short_weight", "foreign_matter", "poisoning_allergy")
EATEN = ("food", "catering", "cosmetics", "medicine")
# classes of product that firms of the registry make, by the categories of the registry
MADE_HERE = {
    "digital": ("移动电源", "电源适配器", "无线路由器", "智能手表"),
    "food": ("糕点", "果汁饮料", "酱油"),
    "clothing": ("儿童服装", "毛针织衫", "运动帽"),
    "shoes_bags": ("皮鞋",),
}
CLAIMS = ("退货并退还货款", "更换合格的产品", "退还未消费的余额", "赔偿损失并道歉", "免费维修", "按承诺补足差额")
TERMS = (
    "商家退还货款{amount}元",
    "商家更换新品，并补偿{amount}元",
    "商家退还余额{amount}元",
    "商家补偿{amount}元，消费者不再追究",
)
SHOPS = ("百货店", "数码店", "超市", "专卖店", "网店", "批发部", "生活馆")
CHANNELS = {"web": 46, "phone": 24, "platform": 20, "visit": 6, "post": 4}


@dataclass(frozen=True)
class Outbreak:
    """What is planted: one class of product and one danger in neighbouring towns, so many letters in each week."""

    product: str
    problem: str
    towns: tuple[str, ...]
    begins: int
    weekly: tuple[int, ...]
    goods: tuple[str, ...]


# the running one began five weeks ago; the other ten weeks ago, and was dealt with
RUNNING = Outbreak("digital", "fire_explosion", ("蕉林镇", "苇洲镇", "楠峰镇"), 5, (3, 4, 6, 7, 9), ("充电宝",))
SETTLED = Outbreak("childcare", "poisoning_allergy", ("柚桥镇", "霁坪镇", "榕林镇"), 10, (3, 5, 6, 4, 2), ("水晶泥",))
OUTBREAKS = (RUNNING, SETTLED)


@cache
def seeds() -> dict[str, Any]:
    """Return the words and phrases of the shipped seeds, by code."""
    told = tomllib.loads((FOLDER / "complaints_zh.toml").read_text(encoding="utf-8"))
    found = {kind: {one["code"]: tuple(one["words"]) for one in told[kind]} for kind in ("product", "problem")}
    return {"frames": tuple(told["frames"]), **found}


def goods_of(product: str) -> tuple[str, ...]:
    """Return words for things of a class that read well in a sentence."""
    return tuple(word for word in seeds()["product"][product] if len(word) <= 5)


def sentence(frame: int, good: str, problem: str, phrase: int) -> str:
    """Return what somebody writes, marked as a demonstration."""
    frames, phrases = seeds()["frames"], seeds()["problem"][problem]
    return frames[frame % len(frames)].format(w=good, p=phrases[phrase % len(phrases)]) + "。" + SAID
