"""Which class of product of the city an alert is about, as its source, its category or its words suggest.

A suggestion is kept beside the alert and marked as one; only a person's word makes it the class of the alert.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from qualipolis.lake.alerts import AlertRow
from qualipolis.methods.text.classify import Classifier, Prediction

ZH, EN = "complaint-product-zh", "product-en"
CHINESE = re.compile(r"[㐀-鿿]")
LONGEST = 300
LEAST = 0.5
FLOOR = 0.2
# words of categories as publishers write them, the first that stands in the category decides
CATEGORIES: tuple[tuple[str, str], ...] = (
    ("food contact", "housewares"), ("feed", ""), ("pet food", ""), ("toy", "childcare"), ("childcare", "childcare"),
    ("child", "childcare"), ("motor vehicle", "vehicles"), ("cosmetic", "cosmetics"), ("clothing", "clothing"),
    ("textile", "clothing"), ("footwear", "shoes_bags"), ("electrical appliance", "appliances"), ("lighting", "appliances"),
    ("jewel", "jewellery"), ("furniture", "furniture"), ("construction", "building"), ("decorative", "housewares"),
    ("sport", "sports"), ("hobby", "sports"), ("communication", "digital"), ("computer", "digital"), ("gas appliance", "gas_fire"),
    ("kitchen", "housewares"), ("lighter", "housewares"), ("stationery", "books"), ("medic", "medicine"),
    ("食品", "food"), ("玩具", "childcare"), ("婴", "childcare"), ("儿童", "childcare"), ("汽车", "vehicles"), ("化妆品", "cosmetics"),
    ("服装", "clothing"), ("纺织", "clothing"), ("鞋", "shoes_bags"), ("箱包", "shoes_bags"), ("家电", "appliances"),
    ("电器", "appliances"), ("首饰", "jewellery"), ("家具", "furniture"), ("建材", "building"), ("电动自行车", "ebikes"),
    ("消防", "gas_fire"), ("燃气", "gas_fire"), ("药", "medicine"), ("医疗", "medicine"), ("文具", "books"),
)  # fmt: skip
# words in the names of American product types, the first that stands in the name decides; the rest is of the house
TYPES: tuple[tuple[str, str], ...] = (
    ("clothing", "clothing"), ("toy", "childcare"), ("children", "childcare"), ("crib", "childcare"), ("playpen", "childcare"),
    ("rattle", "childcare"), ("pacifier", "childcare"), ("stroller", "childcare"), ("infant", "childcare"), ("baby", "childcare"),
    ("jewelry", "jewellery"), ("shoes", "shoes_bags"), ("bicycle", "ebikes"), ("vehicle", "vehicles"), ("motorcycle", "vehicles"),
    ("tractor", "vehicles"), ("snowmobile", "vehicles"), ("telephone", "digital"), ("computer", "digital"), ("television", "digital"),
    ("audio", "digital"), ("battery", "digital"), ("gas", "gas_fire"), ("propane", "gas_fire"), ("fire", "gas_fire"),
    ("grill", "gas_fire"), ("furniture", "furniture"), ("bed", "furniture"), ("mattress", "furniture"), ("chair", "furniture"),
    ("paint", "building"), ("blinds", "building"), ("sport", "sports"), ("baseball", "sports"), ("helmet", "sports"),
    ("scuba", "sports"), ("ski", "sports"), ("swim", "sports"), ("swing", "sports"), ("trampoline", "sports"), ("hunting", "sports"),
    ("exercise", "sports"), ("climbing", "sports"), ("rifle", "sports"), ("gun", "sports"), ("hammock", "sports"),
    ("heater", "appliances"), ("dryer", "appliances"), ("lamp", "appliances"), ("light", "appliances"), ("fan", "appliances"),
    ("refrigerator", "appliances"), ("oven", "appliances"), ("coffee", "appliances"), ("espresso", "appliances"),
    ("toaster", "appliances"), ("dishwasher", "appliances"), ("dehumidifier", "appliances"), ("dehydrator", "appliances"),
    ("furnace", "appliances"), ("thermostat", "appliances"), ("generator", "appliances"), ("compressor", "appliances"),
)  # fmt: skip


@dataclass(frozen=True)
class Suggested:
    """A class of product, how sure that is, and what told it: ``source``, ``category`` or the name of a model."""

    code: str = ""
    probability: float = 0.0
    by: str = ""

    @property
    def sure(self) -> bool:
        """Whether it may be confirmed together with others of its batch."""
        return bool(self.code) and self.probability >= LEAST

    def kept(self) -> dict[str, object]:
        """Return it as it is kept beside the alert; nothing where nothing is suggested."""
        return {"class": self.code, "p": round(self.probability, 3), "by": self.by} if self.code else {}


@cache
def model(name: str) -> Classifier:
    """Return a classifier that ships, read once."""
    from qualipolis.lake.models import load

    return load(name)


def suggested(rows: Sequence[AlertRow], kind: str) -> list[Suggested]:
    """Return what the class of each alert probably is; alerts of one kind of table are told together."""
    found = [_by_rule(row, kind) for row in rows]
    for name, chinese in ((ZH, True), (EN, False)):
        open_ = [
            at for at, one in enumerate(found) if one is None and bool(CHINESE.search(rows[at].product)) == chinese
        ]
        texts = {at: _text(rows[at]) for at in open_}
        once = list(dict.fromkeys(texts.values()))  # the same words in many rows are classified once
        told = model(name).predict(once) if once else ()
        classes = {text: _by_model(one, name) for text, one in zip(once, told, strict=True)}
        for at in open_:
            found[at] = classes[texts[at]]
    return [one or Suggested() for one in found]


def _text(row: AlertRow) -> str:
    return " ".join((row.product, *row.categories[:2], row.brand, row.description))[:LONGEST]


def _by_rule(row: AlertRow, kind: str) -> Suggested | None:
    """Return what the source or the category says by itself; None where it says nothing."""
    if kind == "nhtsa":
        child = "child" in row.product.lower() or "booster seat" in row.product.lower()
        return Suggested("childcare" if child else "vehicles", 1.0, "source")
    category = " ".join(row.categories).lower()
    for word, code in CATEGORIES:
        if word in category:
            return Suggested(code, 1.0 if code else 0.0, "category")
    return Suggested("food", 1.0, "source") if kind == "rasff" else None


def _by_model(told: Prediction, name: str) -> Suggested:
    """Return the likeliest class; kinds of product that are of one class count together."""
    if told.unknown:
        return Suggested()
    sums: dict[str, float] = {}
    for label, share in zip(told.labels, told.probabilities, strict=True):
        code = label if name == ZH else _of_type(label)
        sums[code] = sums.get(code, 0.0) + share
    best = max(sums, key=lambda code: sums[code])
    return Suggested(best, min(sums[best], 1.0), name) if sums[best] >= FLOOR else Suggested()


def _of_type(label: str) -> str:
    said = label.lower()
    return next((code for word, code in TYPES if word in said), "housewares")
