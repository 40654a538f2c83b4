"""Dongguan's administrative units: one city without counties, 4 subdistricts, 28 towns and 4 functional zones.

Source: statistical division codes, copy of 2024-11-28. The 33 assessed units are the 32 subdistricts and towns and
Songshan Lake. The codes are nine digits; a twelve-digit form ends in 000.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qualipolis.law.validators.checked import Checked, half_width
from qualipolis.methods.problems import Problem, msg

CITY = "441900"
SNAPSHOT = "2024-11-28"
_REMEDY = msg("Take the code from the table of units.")


@dataclass(frozen=True)
class Unit:
    """One unit: ``kind`` is subdistrict, town, park or zone; ``assessed`` says whether the city assesses it."""

    code: str
    zh: str
    en: str
    kind: str

    @property
    def assessed(self) -> bool:
        return self.kind in ("subdistrict", "town", "park")

    @property
    def long_code(self) -> str:
        return self.code + "000"


_ROWS = (
    ("441900003", "东城街道", "Dongcheng Subdistrict", "subdistrict"),
    ("441900004", "南城街道", "Nancheng Subdistrict", "subdistrict"),
    ("441900005", "万江街道", "Wanjiang Subdistrict", "subdistrict"),
    ("441900006", "莞城街道", "Guancheng Subdistrict", "subdistrict"),
    ("441900101", "石碣镇", "Shijie Town", "town"),
    ("441900102", "石龙镇", "Shilong Town", "town"),
    ("441900103", "茶山镇", "Chashan Town", "town"),
    ("441900104", "石排镇", "Shipai Town", "town"),
    ("441900105", "企石镇", "Qishi Town", "town"),
    ("441900106", "横沥镇", "Hengli Town", "town"),
    ("441900107", "桥头镇", "Qiaotou Town", "town"),
    ("441900108", "谢岗镇", "Xiegang Town", "town"),
    ("441900109", "东坑镇", "Dongkeng Town", "town"),
    ("441900110", "常平镇", "Changping Town", "town"),
    ("441900111", "寮步镇", "Liaobu Town", "town"),
    ("441900112", "樟木头镇", "Zhangmutou Town", "town"),
    ("441900113", "大朗镇", "Dalang Town", "town"),
    ("441900114", "黄江镇", "Huangjiang Town", "town"),
    ("441900115", "清溪镇", "Qingxi Town", "town"),
    ("441900116", "塘厦镇", "Tangxia Town", "town"),
    ("441900117", "凤岗镇", "Fenggang Town", "town"),
    ("441900118", "大岭山镇", "Dalingshan Town", "town"),
    ("441900119", "长安镇", "Chang'an Town", "town"),
    ("441900121", "虎门镇", "Humen Town", "town"),
    ("441900122", "厚街镇", "Houjie Town", "town"),
    ("441900123", "沙田镇", "Shatian Town", "town"),
    ("441900124", "道滘镇", "Daojiao Town", "town"),
    ("441900125", "洪梅镇", "Hongmei Town", "town"),
    ("441900126", "麻涌镇", "Machong Town", "town"),
    ("441900127", "望牛墩镇", "Wangniudun Town", "town"),
    ("441900128", "中堂镇", "Zhongtang Town", "town"),
    ("441900129", "高埗镇", "Gaobu Town", "town"),
    ("441900401", "松山湖", "Songshan Lake Park", "park"),
    ("441900402", "东莞港", "Dongguan Port", "zone"),
    ("441900403", "东莞生态园", "Dongguan Eco-park", "zone"),
    ("441900404", "东莞滨海湾新区", "Binhaiwan New Area", "zone"),
)
UNITS: dict[str, Unit] = {row[0]: Unit(*row) for row in _ROWS}


def dongguan_unit(text: str, name: str = "") -> Checked:
    """Return the nine-digit code of a unit; codes outside the table are rejected with the likely cause.

    With ``name`` the code must also be that unit's: several public lists number the units 001 to 032, and a few of
    those wrong codes belong to other units.

    >>> dongguan_unit("441900119000").value, dongguan_unit("441900120").problems[0].code
    ('441900119', 'unit_code_unused')
    >>> dongguan_unit("441900003", "清溪镇").problems[0].code
    'unit_name'
    """
    code = re.sub(r"[\s-]", "", half_width(text))
    short = code[:9] if len(code) == 12 and code.endswith("000") else code
    if short not in UNITS:
        return Checked(short, (_unknown(short),))
    unit = UNITS[short]
    parts = {"zh": unit.zh, "en": unit.en, "kind": unit.kind}
    plain = half_width(name)
    if not plain or plain == unit.zh or plain.casefold() in (unit.en.casefold(), unit.en.rpartition(" ")[0].casefold()):
        return Checked(short, (), parts)
    if plain == unit.zh.removesuffix("街道").removesuffix("镇"):
        return Checked(short, (), parts)
    what = msg("The code %(code)s is that of %(unit)s, not of %(name)s.")
    return Checked(
        short, (Problem("unit_name", what, _REMEDY, {"code": short, "unit": unit.zh, "name": plain}),), parts
    )


def _unknown(code: str) -> Problem:
    """Return why ``code`` is not a unit, with the likely cause."""
    params = {"code": code[:20]}
    if not re.fullmatch(r"[0-9]{9}|[0-9]{12}", code):
        return Problem("unit_code_form", msg("A unit code has 9 digits, or 12 that end in 000."), _REMEDY, params)
    if not code.startswith(CITY):
        return Problem("unit_code_city", msg("The code %(code)s does not begin with 441900."), _REMEDY, params)
    if len(code) == 12:
        what = msg("The code %(code)s is that of a village or community, not of a town.")
        return Problem("unit_code_village", what, _REMEDY, params)
    if code == "441900120":
        what = msg("The code 441900120 is not used; the numbers go from 119 (Chang'an) to 121 (Humen).")
        return Problem("unit_code_unused", what, _REMEDY, params)
    if "001" <= code[6:] <= "032":
        what = msg("%(code)s comes from a list that numbers the towns 001 to 032; these are not the official codes.")
        return Problem("unit_code_numbering", what, _REMEDY, params)
    return Problem("unit_code_unknown", msg("No unit has the code %(code)s."), _REMEDY, params)
