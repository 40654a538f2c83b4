"""The smallest pieces of a drawn chart: scales, ticks and SVG elements. Presentation attributes and classes only."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from itertools import pairwise
from math import ceil, floor, isfinite, log10

INK, INK_2, INK_3 = "#14242A", "#42545A", "#586A6F"
LINE, STRONG, BRAND, BAD, RUN, WHITE = "#D5DDDB", "#788885", "#0A6266", "#AE2418", "#437CEE", "#FFFFFF"
FONTS = "Noto Sans SC, Noto Sans CJK SC, PingFang SC, Microsoft YaHei, system-ui, sans-serif"


@dataclass(frozen=True)
class Scale:
    """A straight scale from values to pixels."""

    low: float
    high: float
    start: float
    stop: float

    def __call__(self, value: float) -> float:
        span = self.high - self.low
        share = 0.5 if not span > 0 else (value - self.low) / span
        return round(self.start + share * (self.stop - self.start), 2)


def ticks(low: float, high: float, wanted: int = 5) -> list[float]:
    """Return round values between ``low`` and ``high``, about ``wanted`` of them.

    >>> ticks(51.2, 68.9)
    [52.0, 56.0, 60.0, 64.0, 68.0]
    """
    span = high - low
    if not span > 0 or not isfinite(span):
        return [low]
    raw = span / wanted
    power = 10.0 ** floor(log10(raw))
    step = next(k * power for k in (1, 2, 2.5, 4, 5, 10) if raw <= k * power * 1.001)
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return [float(f"{i * step:.12g}") for i in range(first, last + 1)]


def element(name: str, text: str | None = None, /, **attributes: object) -> str:
    """Return one SVG element; ``class_`` is the class, underscores in names are hyphens, None is left out.

    >>> element("circle", class_="p", cx=1.0, stroke_width=2)
    '<circle class="p" cx="1" stroke-width="2"/>'
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_value(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}/>" if text is None else f"<{name}{written}>{escape(text)}</{name}>"


def _value(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return escape(str(value), quote=True)


def line(x1: float, y1: float, x2: float, y2: float, **attributes: object) -> str:
    """Return a straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, **attributes)


def label(text: str, x: float, y: float, **attributes: object) -> str:
    """Return a text of 12 px in the third ink, unless said otherwise."""
    given = {"class_": "cc-text", "font_size": 12, "fill": INK_3} | attributes
    return element("text", text, x=x, y=y, **given)


def halo(text: str, x: float, y: float, **attributes: object) -> str:
    """Return a text with a rim in the colour of the paper: it may stand on lines."""
    rim = {
        "paint_order": "stroke",
        "stroke": WHITE,
        "stroke_width": 3,
        "stroke_linejoin": "round",
        "class_": "cc-text cc-halo",
    }
    return label(text, x, y, **(rim | attributes))


def wide(text: str, size: float = 12) -> float:
    """Return about how many pixels a text takes.

    >>> wide("上限9") > wide("up 9")
    True
    """
    return size * sum(1.0 if ord(sign) > 0x2E7F else 0.56 for sign in text)


def apart(places: list[float], least: float, low: float, high: float) -> list[float]:
    """Return places in the same order pushed at least ``least`` apart, kept between ``low`` and ``high`` if that fits.

    >>> apart([10, 12, 40], 10, 0, 100)
    [10, 20, 40]
    """
    order = sorted(range(len(places)), key=lambda i: places[i])
    moved = list(places)
    for before, at in pairwise(order):
        moved[at] = max(moved[at], moved[before] + least)
    if order and moved[order[-1]] > high:
        moved[order[-1]] = max(high, low)
        for after, at in pairwise(reversed(order)):
            moved[at] = min(moved[at], moved[after] - least)
    return moved


def document(width: int, height: int, title: str, desc: str, parts: list[str], lang: str = "") -> str:
    """Return the whole SVG with its name and description for those who cannot see it."""
    head = element("title", title) + (element("desc", desc) if desc else "")
    body = "\n".join(part for part in parts if part)
    spoken = f' xml:lang="{escape(lang, quote=True)}"' if lang else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="control-chart" role="img"{spoken} viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="{FONTS}">{head}\n{body}\n</svg>\n'
    )
