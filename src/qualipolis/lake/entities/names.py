"""The parts of a name: what it is called, what it deals in, where it is, which form and which branch it has."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from qualipolis.methods.text.normalise import normalise

_SAID = json.loads(resources.files("qualipolis.lake.entities").joinpath("vocabulary.json").read_text("utf-8"))
PROVINCES, CITIES = tuple(_SAID["provinces"]), tuple(_SAID["cities"])
TRADES, ENGLISH_TRADES = tuple(_SAID["trades"]), frozenset(_SAID["english_trades"])
FORMS, LEGAL = dict(_SAID["forms"]), frozenset(_SAID["legal"])
LANDS, SHORT = frozenset(_SAID["lands"]), dict(_SAID["short"])
FILLING = frozenset(["the", "of", "and", "et", "und"])
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
