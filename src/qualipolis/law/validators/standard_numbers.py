"""Numbers of standards (标准编号): national, industry, local, group, enterprise, metrology, ISO and IEC."""

from __future__ import annotations

import re

from qualipolis.law.validators.checked import Checked, half_width
from qualipolis.methods.problems import Problem, msg

_NUMBER = r"\s?(?P<number>\d{1,6})(?:\.(?P<part>\d{1,3}))?"
_YEAR = r"(?:-(?P<year>\d{4}))?"
_SHORT = r"\s?(?P<number>\d{1,5})(?:\.(?P<part>\d{1,3}))?"
_FORMS: tuple[tuple[str, str], ...] = (
    ("national", r"(?P<prefix>GB(?:/[TZ])?)" + _NUMBER + _YEAR),
    ("local", r"(?P<prefix>DB\d{2}(?:\d{2})?(?:/T)?)" + _SHORT + _YEAR),
    ("group", r"(?P<prefix>T/[A-Z][A-Z0-9]{1,9}?)" + _SHORT + _YEAR),
    ("enterprise", r"(?P<prefix>Q/[0-9A-Z]{2,12}?)" + _NUMBER + _YEAR),
    ("metrology", r"(?P<prefix>JJ[GF](?:\([\u4e00-\u9fff]{1,3}\))?)" + _SHORT + _YEAR),
    ("industry", r"(?P<prefix>(?!GB|DB|JJ)[A-Z]{2}(?:/[TZ])?)" + _NUMBER + _YEAR),
    (
        "iso",
        r"(?P<prefix>(?:ISO/IEC|ISO|IEC)(?:/(?:TS|TR|PAS))?)\s?(?P<number>\d{1,6})(?:-(?P<part>\d{1,3}))?(?::(?P<year>\d{4}))?",
    ),
)
FORMS = {kind: re.compile(form, re.ASCII) for kind, form in _FORMS}


def standard_number(text: str) -> Checked:
    """Return the number in its one written form, with its kind, prefix, number, part and year as parts.

    Every dash becomes a hyphen and one space stands before the number. Without a year the reference means the latest
    edition and carries a warning. What fits no kind is rejected.

    >>> standard_number("DB15/T2903—2023").value, standard_number("ISO/IEC 17025:2017").parts["kind"]
    ('DB15/T 2903-2023', 'iso')
    >>> [p.code for p in standard_number("GB/T 19580").problems]
    ['undated_standard']
    """
    plain = re.sub(r"\s+", " ", half_width(text)).upper()
    plain = re.sub(r"\s*([-/:.])\s*", r"\1", plain)
    for kind, form in FORMS.items():
        found = form.fullmatch(plain)
        if found:
            return _written(kind, {k: v for k, v in found.groupdict().items() if v})
    what = msg("%(number)s is not the number of a standard.")
    remedy = msg("Write it like GB/T 19580-2012, DB33/T 2428-2022, T/DGZY 01-2021 or ISO/IEC 17025:2017.")
    return Checked(plain, (Problem("standard_number", what, remedy, {"number": plain[:60]}),))


def _written(kind: str, parts: dict[str, str]) -> Checked:
    """Return the written form of a number that was understood."""
    before, year = ("-", ":") if kind == "iso" else (".", "-")
    value = f"{parts['prefix']} {parts['number']}"
    value += f"{before}{parts['part']}" if "part" in parts else ""
    if "year" in parts:
        return Checked(f"{value}{year}{parts['year']}", (), parts | {"kind": kind})
    what = msg("%(number)s has no year, so it means the latest edition.")
    remedy = msg("Add the year of the edition that was used.")
    warning = Problem("undated_standard", what, remedy, {"number": value}, severity="warning")
    return Checked(value, (warning,), parts | {"kind": kind})
