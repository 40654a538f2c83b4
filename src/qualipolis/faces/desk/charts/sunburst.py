"""The tree of a framework as rings: the angle of a node is its share of the whole.

A name stands in its arc where it fits; every node of the ring before the last is also in the key beside the drawing.
The arcs carry their code, so that a page can turn them while weights are typed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, pi, sin

from django.utils.safestring import SafeString

from qualipolis.faces.desk.charts.svg import chart, el, number, text, text_width, title

SIZE = 340
HOLE = 34.0
TONES = (("q4", "q5"), ("q2", "q3"), ("q1", "q2"))


@dataclass(frozen=True)
class SunNode:
    """A node with its weight among its sisters and what hangs under it."""

    code: str
    name: str
    weight: float
    children: Sequence[SunNode] = ()
    href: str = ""
    step: int | None = None  # of the sequential scale, where the tone says a value; 0 for no value
    hint: str = ""


@dataclass(frozen=True)
class _Arc:
    node: SunNode
    depth: int
    start: float
    share: float
    place: int


def arcs(roots: Sequence[SunNode], start: float = 0.0, whole: float = 1.0, depth: int = 0) -> Iterator[_Arc]:
    """Every node with where its arc begins and its share of the whole; sisters without weight share nothing."""
    total = sum(max(0.0, node.weight) for node in roots)
    for place, node in enumerate(roots):
        share = whole * max(0.0, node.weight) / total if total else 0.0
        yield _Arc(node, depth, start, share, place)
        yield from arcs(node.children, start, share, depth + 1)
        start += share


def ring_path(start: float, share: float, inner: float, outer: float) -> str:
    """The outline of a piece of a ring, clockwise from twelve o'clock; nothing for a share of nothing."""
    if share <= 0:
        return "M0 0"
    share = min(share, 0.99999)
    angles = [2 * pi * (start + s) - pi / 2 for s in (0.0, share)]
    points = [
        (r * cos(a), r * sin(a))
        for r, a in ((outer, angles[0]), (outer, angles[1]), (inner, angles[1]), (inner, angles[0]))
    ]
    large = int(share > 0.5)
    p = [f"{number(round(x, 2))} {number(round(y, 2))}" for x, y in points]
    out, inn = number(outer), number(inner)
    return f"M{p[0]}A{out} {out} 0 {large} 1 {p[1]}L{p[2]}A{inn} {inn} 0 {large} 0 {p[3]}Z"


def _words(arc: _Arc, inner: float, outer: float, ink: str) -> str:
    """The name or the code along the radius, where the arc is thick enough for a line of text."""
    middle, turn = (inner + outer) / 2, 360 * (arc.start + arc.share / 2) - 90
    thick = 2 * pi * middle * arc.share
    options = (arc.node.name,) if arc.node.children else (arc.node.name, arc.node.code)
    content = next((w for w in options if w and text_width(w, 11) <= outer - inner - 6), "")
    across = not content and _fits_across(arc.node.name, middle, thick, outer - inner)
    if across:
        content = arc.node.name
    if not content:
        return ""
    side = turn % 360
    flip = (-90 if 0 < side < 180 else 90) if across else 180 if 90 < side < 270 else 0
    move = f"rotate({number(round(turn, 2))}) translate({number(round(middle, 2))} 0) rotate({flip})"
    room = number(round(text_width(content, 11) / 0.85, 1)) if across else None
    hidden = "none" if thick < 12 else None
    more = {"data_arc_word": arc.node.code, "data_across": room, "display": hidden}
    return str(text("0", 4, content, f"{ink} arc-word", "middle", transform=move, **more))


def _fits_across(content: str, radius: float, length: float, thick: float) -> bool:
    """Whether a straight line of text fits into the arc at right angles to the radius."""
    half = text_width(content, 11) / 2
    return half < radius and 2 * half <= 0.85 * length and radius - (radius**2 - half**2) ** 0.5 <= thick / 2 - 6


def _tone(arc: _Arc) -> str:
    """The class of an arc: by its value where it has one, else by its place in its ring."""
    if arc.node.step is None:
        return TONES[min(arc.depth, len(TONES) - 1)][arc.place % 2]
    return f"q{arc.node.step}" if arc.node.step else "void"


def _arc(arc: _Arc, rings: int) -> tuple[str, str]:
    wide = (SIZE / 2 - 2 - HOLE) / rings
    inner, outer = HOLE + wide * arc.depth, HOLE + wide * (arc.depth + 1)
    step = _tone(arc)
    hint = f"{arc.node.name} {100 * arc.share:.1f} %{arc.node.hint}"
    shape = {"data_arc": arc.node.code, "data_in": round(inner, 2), "data_out": round(outer, 2)}
    path = el("path", title(hint), d=ring_path(arc.start, arc.share, inner, outer), class_=f"arc cell {step}", **shape)
    if arc.node.href:
        path = el("a", path, href=arc.node.href, aria_label=hint)
    return path, _words(arc, inner, outer, step.replace("q", "qt") if step != "void" else "ink-2")


def _key(drawn: Sequence[_Arc], rings: int) -> str:
    """The ring before the last in words: what the eye looks for and the arcs may be too thin to say."""
    level = max(0, rings - 2)
    lines = []
    for arc in drawn:
        if arc.depth == level:
            share = el("b", f"{100 * arc.share:.1f} %", class_="n", data_share=arc.node.code)
            step = _tone(arc)
            swatch = el(
                "svg",
                el("rect", width="12", height="12", rx="2", class_=step),
                class_="chart",
                aria_hidden="true",
                width="12",
                height="12",
            )
            lines.append(el("li", swatch, el("span", str(_escaped(arc.node.name))), share))
    return str(el("ul", *lines, class_="chart-key"))


def _escaped(content: str) -> SafeString:
    from django.utils.html import escape

    return escape(content)


def sunburst(roots: Sequence[SunNode], *, label: str, key: bool = True) -> SafeString:
    """A framework as rings; a single root is the whole and is left to the middle."""
    whole = roots[0] if len(roots) == 1 and roots[0].children else None
    drawn = list(arcs(whole.children if whole else roots))
    if not drawn:
        return chart(40, label, text("0%", 24, "—"))
    rings = 1 + max(arc.depth for arc in drawn)
    pieces = [_arc(arc, rings) for arc in drawn]
    half = number(SIZE / 2)
    inside = el("g", *(p for p, _w in pieces), *(w for _p, w in pieces), transform=f"translate({half} {half})")
    role = "group" if any(arc.node.href for arc in drawn) else "img"
    drawing = el(
        "svg", inside, xmlns="http://www.w3.org/2000/svg", class_="chart sunburst", role=role, aria_label=label,
        viewBox=f"0 0 {SIZE} {SIZE}", width=str(SIZE), height=str(SIZE),
    )  # fmt: skip
    return el("div", drawing, _key(drawn, rings) if key else "", class_="sunburst-box")
