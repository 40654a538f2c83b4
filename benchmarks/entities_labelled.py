"""Labelled rows for measuring entity resolution: invented Chinese firms and products, makers of recalled goods, spoiled.

Each base row keeps its name as a register has it; copies are spoiled as tables of complaints, samples and alerts spoil
names. Rows of one base are the same; every other two are not. Among the bases are near namesakes on purpose.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from qualipolis.demo import words
from qualipolis.lake.entities import Entity, firm_name

CPSC = Path(__file__).resolve().parents[2] / "shared" / "data" / "cpsc_recalls_1973_2013" / "cpsc_recalls.csv"
TOWNS = [town[0] for town in words.TOWNS]
TRADES = sorted({trade[0] for cluster in words.CLUSTERS.values() for trade in cluster[3]})
ENDINGS = ("有限公司", "有限公司", "有限公司", "有限责任公司", "厂", "经营部", "股份有限公司")
COMMON = "华强金龙伟業鑫隆兴旺利丰顺美康泰富达鸿发万通"
TRADITIONAL = str.maketrans("华龙业兴丰顺鸿发万达电机压门车东广厂", "華龍業興豐順鴻發萬達電機壓門車東廣廠")
ENGLISH = [
    "Acorn",
    "Baxter",
    "Cobalt",
    "Dorset",
    "Ember",
    "Fulton",
    "Garnet",
    "Harlow",
    "Ivory",
    "Juniper",
    "Keystone",
    "Larkspur",
    "Merit",
    "Nimbus",
    "Orchard",
    "Pinnacle",
    "Quarry",
    "Redwood",
    "Summit",
    "Talbot",
    "Umber",
    "Vista",
    "Willow",
    "Yonder",
    "Zephyr",
]
NOUNS = [
    "Electric Heater",
    "Bicycle Helmet",
    "Baby Stroller",
    "Gas Grill",
    "Table Lamp",
    "Power Bank",
    "Toy Train",
    "Ladder",
    "Coffee Maker",
    "Child Seat",
    "电热水壶",
    "儿童滑板车",
    "婴儿推车",
    "移动电源",
    "电吹风",
    "玩具火车",
    "毛绒玩具",
    "台灯",
    "电饭煲",
    "自行车头盔",
    "运动鞋",
    "连衣裙",
    "儿童书包",
    "插座",
]


def firms(count: int, seed: int, half: int = 0) -> tuple[list[Entity], list[int]]:
    """Return rows and for each the number of the firm it is; ``half`` takes the even or odd makers of recalled goods."""
    rng = np.random.default_rng(seed)
    makers = _makers()[half::2]
    bases = [_chinese(rng, number) for number in range(count - min(count // 2, len(makers)))]
    bases += [_branch(base, rng) for base in bases[::30]]
    english = [Entity("", makers[at]) for at in rng.permutation(len(makers))[: count // 2]]
    bases += [*english, *(_namesake(base, rng) for base in english[::10])]
    return _copied(bases, rng, _spoiled_firm)


def _branch(base: Entity, rng: np.random.Generator) -> Entity:
    """A branch is a unit of its own: not the same as its firm."""
    name = f"{base.name}{rng.choice(['第一', '第二', TOWNS[0][:2]])}分公司"
    return replace(base, name=name, code="", phone=f"0{rng.integers(10**9, 10**10 - 1)}")


def _namesake(base: Entity, rng: np.random.Generator) -> Entity:
    """Another firm that begins with the same word."""
    word = base.name.split()[0].rstrip(",.")
    return Entity(
        "", f"{word} {rng.choice(['Tools', 'Foods', 'Bicycle', 'Lighting', 'Furniture', 'Sports', 'Motors'])}"
    )


def products(count: int, seed: int) -> tuple[list[Entity], list[int]]:
    """Return rows of products; every third base is another model of the one before it."""
    rng = np.random.default_rng(seed)
    bases: list[Entity] = []
    for number in range(count):
        model = f"{''.join(rng.choice(list('ABCDEFGHKMX'), 2))}-{rng.integers(100, 9999)}"
        code = f"69{rng.integers(10**10, 10**11 - 1)}"
        if number % 3 == 2:
            bases.append(replace(bases[-1], model=model, code=code))
        else:
            brand = f"{rng.choice(ENGLISH)}{rng.choice(['', 'ly', 'ex', 'on'])}"
            firm = f"{brand} {rng.choice(['Electronics', 'Industries', 'Products'])} Co., Ltd."
            firm = firm if rng.random() < 0.5 else _chinese(rng, number).name
            bases.append(Entity("", str(rng.choice(NOUNS)), brand=brand, model=model, code=code, firm=firm))
    return _copied(bases, rng, _spoiled_product)


def brands(count: int, seed: int, half: int = 0) -> tuple[list[Entity], list[int]]:
    """Return rows of brands: invented two-character ones with their owner, and names of makers."""
    rng = np.random.default_rng(seed)
    makers = _makers()[half::2]
    bases = [Entity("", makers[at]) for at in rng.permutation(len(makers))[: count // 2]]
    for number in range(count - len(bases)):
        firm = _chinese(rng, number)
        bases.append(Entity("", "".join(rng.choice(list(words.FIRST), 3)), firm=firm.name))
        if number % 20 == 0:
            bases.append(replace(bases[-1], firm=_chinese(rng, number).name))
    return _copied(bases, rng, _spoiled_brand)


@cache
def _makers() -> list[str]:
    """Makers of recalled goods, mixed; where the words of one lie within another's nobody has said whether they are one.

    Those are left out; what only begins alike or sounds alike stays, as it does in life.
    """
    if not CPSC.is_file():
        raise SystemExit("The recalls in ../shared/data are needed for this measurement.")
    with CPSC.open(encoding="utf-8") as file:
        found = {name.strip() for row in csv.DictReader(file) for name in row["manufacturers"].split("|")}
    cores = {name: frozenset(firm_name(name).core.split()) for name in sorted(found) if name}
    kept: dict[frozenset[str], str] = {}
    holding: dict[str, list[frozenset[str]]] = {}
    for name, core in sorted(cores.items(), key=lambda item: (len(item[1]), item[0])):
        within = any(other <= core for word in core for other in holding.get(word, ()))
        if core and not within:
            kept[core] = name
            for word in core:
                holding.setdefault(word, []).append(core)
    names = list(kept.values())
    return [names[at] for at in np.random.default_rng(0).permutation(len(names))]


def _chinese(rng: np.random.Generator, number: int) -> Entity:
    town = TOWNS[rng.integers(len(TOWNS))]
    letters = list(words.FIRST) if rng.random() < 0.7 else list(COMMON)
    core = "".join(rng.choice(letters, 3 if rng.random() < 0.25 else 2))
    city, bare = words.CITY_NAME[0], town.removesuffix("镇").removesuffix("街道").removesuffix("园区")
    prefix = rng.choice([city.removesuffix("市") + bare, city + town, bare, city])
    name = f"{prefix}{core}{TRADES[rng.integers(len(TRADES))]}{rng.choice(ENDINGS)}"
    code = f"91990100{10**9 + number * 7919 + int(rng.integers(7000)):010d}"[:18]
    return Entity(
        "",
        name,
        place=city + town,
        code=code,
        phone=f"0{rng.integers(10**9, 10**10 - 1)}",
        address=f"{city}{town}{rng.choice(list('东南西北中'))}环路{rng.integers(1, 900)}号",
    )


def _copied(bases: list[Entity], rng: np.random.Generator, spoil) -> tuple[list[Entity], list[int]]:
    """Return each base once and four of ten with one or two spoiled copies, mixed."""
    rows, truth = [], []
    for number, base in enumerate(bases):
        copies = int(rng.choice([0, 1, 2], p=[0.6, 0.28, 0.12]))
        rows += [base, *(spoil(base, rng) for _ in range(copies))]
        truth += [number] * (copies + 1)
    order = rng.permutation(len(rows))
    return [replace(rows[at], key=f"r{place:06d}") for place, at in enumerate(order)], [truth[at] for at in order]


def _spoiled_firm(base: Entity, rng: np.random.Generator) -> Entity:
    chinese = not base.name.isascii()
    name = base.name
    for one in rng.permutation(_CHINESE if chinese else _LATIN)[: int(rng.integers(1, 4))]:
        name = one(name, rng) or name
    keep = rng.random(5)
    code = base.code if keep[0] < 0.25 else ""
    return replace(
        base,
        name=name,
        code=_typo(code, rng) if code and keep[0] < 0.0125 else code,
        phone=base.phone if keep[1] < 0.3 else f"1{rng.integers(10**9, 10**10 - 1)}" if keep[1] < 0.33 else "",
        place=base.place if keep[2] < 0.6 else "",
        address="" if keep[3] > 0.3 else base.address if keep[4] < 0.4 else _spoiled_address(base.address, rng),
    )


def _spoiled_address(text: str, rng: np.random.Generator) -> str:
    return _typo(text, rng) if text and rng.random() < 0.4 else text.removeprefix(words.CITY_NAME[0])


def _typo(text: str, rng: np.random.Generator, alphabet: str = "") -> str:
    at = int(rng.integers(len(text)))
    letters = alphabet or ("abcdefghijklmnopqrstuvwxyz" if text.isascii() else COMMON)
    kind = rng.integers(3) if len(text) > 3 else 0
    if kind == 1:
        return text[:at] + text[at + 1 :]
    if kind == 2 and at + 1 < len(text):
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + letters[int(rng.integers(len(letters)))] + text[at + 1 :]


def _without_place(name: str, rng: np.random.Generator) -> str:
    city = words.CITY_NAME[0]
    for part in (city, city.removesuffix("市"), *TOWNS):
        name = name.removeprefix(part)
    return name


def _form(name: str, rng: np.random.Generator) -> str:
    for ending in sorted(set(ENDINGS), key=len, reverse=True):
        if name.endswith(ending):
            return name.removesuffix(ending) + str(rng.choice(["", "公司", "有限责任公司", "有限公司", "厂"]))
    return name


def _bracket(name: str, rng: np.random.Generator) -> str:
    city = words.CITY_NAME[0].removesuffix("市")
    if city not in name or not name.endswith("有限公司"):
        return name
    return _without_place(name, rng).removesuffix("有限公司") + f"（{city}）有限公司"


_CHINESE = (
    _without_place,
    _form,
    _bracket,
    lambda name, rng: name.translate(TRADITIONAL),
    lambda name, rng: " ".join(name) if rng.random() < 0.3 else name[:4] + " " + name[4:],
    lambda name, rng: _typo(name, rng),
    lambda name, rng: words.PROVINCE_NAME[0] + name,
    lambda name, rng: name.replace("科技", "").replace("实业", ""),
)
_LATIN = (
    lambda name, rng: name.upper(),
    lambda name, rng: name + str(rng.choice([" Inc.", ", LLC", " Co., Ltd.", " Corp.", " Company", " Ltd"])),
    lambda name, rng: name.replace("&", "and") if "&" in name else name.replace(" and ", " & "),
    lambda name, rng: _typo(name, rng),
    lambda name, rng: name + str(rng.choice([" USA", " of America", " International", " Group"])),
    lambda name, rng: name.replace("International", "Intl").replace("Manufacturing", "Mfg.").replace("Company", "Co."),
    lambda name, rng: " ".join(name.split()[:-1]) if len(name.split()) > 2 else name,
    lambda name, rng: "The " + name,
)


def _spoiled_product(base: Entity, rng: np.random.Generator) -> Entity:
    keep = rng.random(6)
    name = f"{rng.choice(['Deluxe', 'New', '新款', '2024'])} {base.name}" if keep[0] < 0.3 else base.name
    name = f"{base.brand} {name}" if keep[1] < 0.3 else name
    model = base.model.replace("-", str(rng.choice(["", " ", "-"])))
    return replace(
        base,
        name=_typo(name, rng) if keep[2] < 0.2 else name,
        model=_typo(model, rng) if keep[3] < 0.1 else model,
        code=base.code if keep[4] < 0.4 else "",
        brand=base.brand if keep[5] < 0.8 else "",
        firm=_form(base.firm, rng) if rng.random() < 0.5 else "",
    )


def _spoiled_brand(base: Entity, rng: np.random.Generator) -> Entity:
    keep = rng.random(3)
    name = base.name.upper() if keep[0] < 0.3 else base.name
    name = _typo(name, rng) if keep[1] < 0.3 and len(name) > 3 else f"{name}®" if keep[1] < 0.6 else name
    firm = _form(base.firm, rng) if base.firm and keep[2] < 0.6 else ""
    return replace(base, name=name, firm=firm)
