"""The keys that stand above or below a chart: what a tone, a marker or a sign means."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from qualipolis.faces.desk.charts.heat import tone
from qualipolis.faces.desk.charts.intervals import interval_mark
from qualipolis.faces.desk.charts.svg import SHAPES, at, el


def _swatch(*inside: str, width: int = 18) -> SafeString:
    return el("svg", *inside, class_="chart", aria_hidden="true", width=str(width), height="16")


def _list(lines: Sequence[tuple[str, str]]) -> SafeString:
    return el("ul", *(el("li", drawing, el("span", escape(words))) for drawing, words in lines), class_="chart-key")


def sequential_key(low: str, high: str, *, gaps: bool = True) -> SafeString:
    """Five fields between the words for low and high, and with ``gaps`` the mark of a missing value."""
    fields = "".join(el("rect", x=str(19 * k), width="18", height="14", class_=f"q{k + 1}") for k in range(5))
    void = _swatch(el("rect", width="18", height="14", class_="void"))
    scale = el("li", el("span", escape(low)), _swatch(fields, width=96), el("span", escape(high)))
    rest = el("li", void, el("span", escape(_("no value")))) if gaps else ""
    return el("ul", scale, rest, class_="chart-key")


def diverging_key(limits: Sequence[float] = (0.3, 0.6, 0.9), *, flag: str = "") -> SafeString:
    """Seven fields with their limits; the negative ones carry the minus that they carry in the chart."""
    lines = []
    for step in (-3, -2, -1, 0, 1, 2, 3):
        cls, ink = tone(step)
        sign = at("9", 7, el("path", d="M-3 0H3", class_=f"minus {ink}")) if step < 0 else ""
        lines.append((_swatch(el("rect", width="18", height="14", class_=cls), sign), _between(step, limits)))
    if flag:
        lines.append((_swatch(el("rect", x="1", y="1", width="16", height="13", class_="vp3 ringed")), flag))
    return _list(lines)


def _between(step: int, limits: Sequence[float]) -> str:
    sign = "−" if step < 0 else "+"
    if step == 0:
        return f"−{limits[0]:g} < r < +{limits[0]:g}"
    if abs(step) == len(limits):
        return f"r {'≥' if step > 0 else '≤'} {sign}{limits[-1]:g}"
    ends = f"{sign}{limits[abs(step) - 1]:g}", f"{sign}{limits[abs(step)]:g}"
    return f"{ends[0]} … {ends[1]}"


def marker_key(names: Sequence[tuple[int | str, str]]) -> SafeString:
    """Markers with their words: 1 to 5 for the series, ``estimate`` and ``previous`` for the marks of an interval."""
    lines = []
    for kind, words in names:
        if isinstance(kind, str):
            lines.append((interval_mark(kind), words))
        else:
            lines.append((_swatch(at("8", 8, el("path", d=SHAPES[kind], class_=f"c{kind}"))), words))
    return _list(lines)
