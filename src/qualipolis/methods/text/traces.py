"""What in a text tells who is meant: names, codes, numbers to call. A text for everyone must hold none of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qualipolis.methods.problems import Problem, msg

CREDIT_CODE = re.compile(r"(?<![0-9A-Z])[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Z])", re.IGNORECASE)
IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
PHONE = re.compile(r"(?<![\d.])(?:\+?86[- ]?)?(?:1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}[- ]?\d{7,8}|400[- ]?\d{3,4}[- ]?\d{3,4})(?!\d)")  # fmt: skip
MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
SITE = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
COMPANY = re.compile(r"[\w（）()·]{2,30}?(?:有限责任公司|股份有限公司|有限公司|集团公司|工厂|经营部|个体工商户)")
FORMS = re.compile(
    r"(股份有限公司|有限责任公司|有限公司|集团公司|集团|公司|工厂|厂|经营部|商行|（[^）]*）|\([^)]*\)"
    r"|\b(co|ltd|limited|company|inc|factory|group)\b\.?)",
    re.IGNORECASE,
)
LEAST = 2
WORDS = {
    "name": msg("The name of the firm, or a part of it, stands in the text: %(found)s."),
    "person": msg("The name of a person stands in the text: %(found)s."),
    "number": msg("A number that tells which case or firm is meant stands in the text: %(found)s."),
    "credit_code": msg("A credit code stands in the text: %(found)s."),
    "identity": msg("A number of an identity card stands in the text: %(found)s."),
    "phone": msg("A telephone number stands in the text: %(found)s."),
    "address": msg("An address stands in the text: %(found)s."),
    "company": msg("Something that reads like the name of a firm stands in the text: %(found)s."),
}
REMEDY = msg("Take it out or say it in general words.")


@dataclass(frozen=True)
class Known:
    """What must not be told of one firm and its people."""

    names: Sequence[str] = ()
    persons: Sequence[str] = ()
    numbers: Sequence[str] = ()
    addresses: Sequence[str] = ()


def core_of(name: str, places: Iterable[str] = ()) -> str:
    """Return what makes a name of a firm its own: without its legal form, and without the place it begins with.

    >>> core_of("云汀市禾川金属制品有限公司", ["云汀市", "云汀"]), core_of("Hechuan Metal Co., Ltd.")
    ('禾川金属制品', 'Hechuan Metal')
    """
    said = FORMS.sub(" ", name)
    for place in sorted(places, key=len, reverse=True):
        said = said.strip().removeprefix(place)
    return " ".join(re.sub(r"[,.，。]", " ", said).split())


def traces(text: str, known: Known, *, places: Iterable[str] = (), place: str = "") -> list[Problem]:
    """Return everything in ``text`` that tells who is meant, each as a problem at ``place``.

    ``known`` is looked for word by word, without regard to width, case and spaces; a firm also by the part of its name
    that is its own, ``places`` are the places its name may begin with. Codes, telephone numbers, addresses of mail and
    web, and whatever ends like the name of a firm are found by their form. A text without findings may still tell
    somebody who knows the trade: people read it, and the firm agrees to it.

    >>> [one.code for one in traces("禾川的杯子不保温，电话13800001234", Known(names=["云汀市禾川金属制品有限公司"]),
    ...                             places=["云汀市"])]
    ['name', 'phone']
    >>> traces("某企业的杯子不保温，更换密封圈后合格", Known(names=["云汀市禾川金属制品有限公司"]))
    []
    """
    said = unicodedata.normalize("NFKC", text)
    found = [("name", hit) for hit in _names(said, known.names, list(places))]
    found += [("person", one) for one in _there(said, known.persons)]
    found += [("number", one) for one in _there(said, known.numbers)]
    found += [("address", one) for one in _there(said, known.addresses)]
    for code, form in (("credit_code", CREDIT_CODE), ("identity", IDENTITY), ("phone", PHONE), ("address", MAIL),
                       ("address", SITE), ("company", COMPANY)):  # fmt: skip
        found += [(code, hit.group()) for hit in form.finditer(said)]
    told: dict[str, str] = {}
    for code, hit in found:
        if code == "company" and any(hit in one or one in hit for one in told.values()):
            continue
        told.setdefault(code, hit)
    return [Problem(code, WORDS[code], REMEDY, {"found": hit}, place=place) for code, hit in told.items()]


def _names(text: str, names: Sequence[str], places: list[str]) -> list[str]:
    """Return a name that stands in the text whole, by its own part, or by the two characters that begin that part."""
    found = []
    for name in names:
        core = core_of(name, places)
        heads = [core[:4], core[:3], core[:2]] if not core.isascii() else [core.split()[0] if core else ""]
        tried = [name, core, *(head for head in heads if len(head) >= (LEAST if not head.isascii() else 4))]
        found += _there(text, tried)[:1]
    return found


def _there(text: str, wanted: Iterable[str]) -> list[str]:
    tight = _tight(text)
    return [one for one in wanted if len(_tight(one)) >= LEAST and _tight(one) in tight]


def _tight(text: str) -> str:
    return re.sub(r"[\s·.\-]", "", unicodedata.normalize("NFKC", text)).casefold()
