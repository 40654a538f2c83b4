"""Numbers and dates as people write them in Chinese, in figures."""

from __future__ import annotations

import re
from datetime import date

DIGITS = dict(zip("零〇一二三四五六七八九两壹贰叁肆伍陆柒捌玖", (0, 0, *range(1, 10), 2, *range(1, 10)), strict=True))
TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
LARGE = {"万": 10**4, "亿": 10**8}
_FIGURES = "".join(DIGITS)
_ALL = _FIGURES + "".join(TENS) + "".join(LARGE)
NUMERAL = re.compile(f"[{_ALL}]*[{_FIGURES}十拾][{_ALL}]*")
MEASURES = "个只台件部辆箱包袋瓶盒条次天日月年元块角分岁人家份斤克米度倍成号名位批支张双套小时周"
PERCENT = re.compile(f"百分之([{_ALL}\\d]+)(?:点([{_FIGURES}\\d]+))?")
DATED = re.compile(
    f"([{_FIGURES}]{{4}}|\\d{{4}})\\s*[年./-]\\s*([{_FIGURES}十]{{1,3}}|\\d{{1,2}})\\s*[月./-]\\s*"
    f"([{_FIGURES}十]{{1,3}}|\\d{{1,2}})\\s*[日号]?(?!\\d)"
)


def number_of(text: str) -> int | None:
    """Return the whole number that ``text`` writes in Chinese numerals or figures; None when it writes none.

    >>> number_of("三百二十"), number_of("两万零五"), number_of("十二"), number_of("二〇二五"), number_of("37")
    (320, 20005, 12, 2025, 37)
    >>> number_of("三百斤") is None
    True
    """
    if text.isdecimal():
        return int(text) if len(text) <= 18 else None
    if not text or len(text) > 24 or any(mark not in _ALL for mark in text):
        return None
    if all(mark in DIGITS for mark in text):
        return int("".join(str(DIGITS[mark]) for mark in text))
    return _counted(text)


def _counted(text: str) -> int:
    """Read a numeral with places: digits before 十百千 count so often, a part before 万 or 亿 as a whole."""
    total = part = digit = 0
    seen_tens = False
    for mark in text:
        if mark in DIGITS:
            digit = DIGITS[mark]
        elif mark in TENS:
            part += (digit or (0 if seen_tens and not part else 1)) * TENS[mark]
            digit, seen_tens = 0, True
        else:
            total = (
                (total + part + digit) * LARGE[mark] if LARGE[mark] > 10**4 else total + (part + digit) * LARGE[mark]
            )
            part = digit = 0
    return total + part + digit


def with_figures(text: str) -> str:
    """Return ``text`` with dates as YYYY-MM-DD, percentages with the sign, and counted numerals in figures.

    A numeral of one character is rewritten only before a measure word, so that 一直 and 三星 stay as they are. A date
    that the calendar does not have stays too.

    >>> with_figures("二〇二五年三月八日买了两台，花了三千二百元，退了百分之三十")
    '2025-03-08买了2台，花了3200元，退了30%'
    >>> with_figures("2025年2月30日一直没人管")
    '2025年2月30日一直没人管'
    """
    said = DATED.sub(_dated, text)
    said = PERCENT.sub(_percent, said)
    return NUMERAL.sub(lambda found: _figured(found, said), said)


def dates(text: str) -> tuple[str, ...]:
    """Return the days that ``text`` names in full, as YYYY-MM-DD, in the order they stand.

    >>> dates("2025年3月8日下单，2025/3/12 收到，二〇二五年四月一日坏了")
    ('2025-03-08', '2025-03-12', '2025-04-01')
    """
    found = (_day(one) for one in DATED.finditer(text))
    return tuple(day for day in found if day)


def _day(found: re.Match[str]) -> str:
    year, month, day = (number_of(part) or 0 for part in found.groups())
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def _dated(found: re.Match[str]) -> str:
    return _day(found) or found.group()


def _percent(found: re.Match[str]) -> str:
    whole = number_of(found.group(1))
    rest = found.group(2) or ""
    digits = "".join(str(DIGITS.get(mark, mark)) for mark in rest)
    return found.group() if whole is None else f"{whole}{'.' + digits if digits else ''}%"


def _figured(found: re.Match[str], text: str) -> str:
    said, after = found.group(), text[found.end() : found.end() + 1]
    if len(said) == 1 and (not after or after not in MEASURES):
        return said
    value = number_of(said)
    if value is None or (
        len(said) > 1 and all(mark in DIGITS for mark in said) and (not after or after not in MEASURES)
    ):
        return said
    return str(value)
