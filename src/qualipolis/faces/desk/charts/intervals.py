"""Interval plot: one row each, whisker with caps, filled dot, hollow diamond for the year before."""

from __future__ import annotations

from django.utils.safestring import SafeString

from qualipolis.faces.desk.charts.svg import at, chart, el, line, percent, plot, text, ticks, title

EDGE = 3.0  # margin at both ends, per cent
DIAMOND = "M0-6 6 0 0 6-6 0Z"
WIDE_DIAMOND = "M0-9 9 0 0 9-9 0Z"


def rank_ticks(last: int) -> list[int]:
    """Rules at 1, 5, 10, … and the last rank; a rule too near the last is left out."""
    if last <= 1:
        return [1]
    step = 5 if last <= 45 else int(max(ticks(0, last, 7)[1], 1))
    steps = [1, *range(step, last, step)]
    return [value for value in steps if (last - value) / (last - 1) > 0.06] + [last]


def position(value: float, first: float, last: float) -> float:
    return 100 * (value - first) / (last - first) if last > first else 50.0


def interval_row(
    estimate: float,
    low: float,
    high: float,
    *,
    label: str,
    previous: float | None = None,
    first: float = 1,
    last: float = 33,
    rules: list[float] | None = None,
    height: int = 30,
) -> SafeString:
    """One row of the plot. ``label`` is the whole sentence, with interval and last year."""

    def x(value: float) -> str:
        return percent(position(value, first, last))

    middle = "50%"
    parts = [line(x(r), 0, x(r), "100%", "grid") for r in (rank_ticks(int(last)) if rules is None else rules)]
    parts.append(line(x(low), middle, x(high), middle, "whisk"))
    parts += [at(x(end), middle, el("path", d="M0-4.5V4.5", class_="cap")) for end in (low, high)]
    if previous is not None:
        near = abs(position(previous, first, last) - position(estimate, first, last)) < 1.6
        parts.append(at(x(previous), middle, el("path", d=WIDE_DIAMOND if near else DIAMOND, class_="prev")))
    parts.append(at(x(estimate), middle, el("path", d="M-4.6 0A4.6 4.6 0 1 1 4.6 0A4.6 4.6 0 1 1-4.6 0Z", class_="c1")))
    return chart(height, label, title(label), plot(EDGE, EDGE, *parts, height=height), cls="plot-row")


def interval_axis(*, first: float = 1, last: float = 33, rules: list[float] | None = None) -> SafeString:
    """The numbers over the rules, for the head of the plot's column."""
    values = rank_ticks(int(last)) if rules is None else rules
    names = [text(percent(position(v, first, last)), 15, f"{v:g}", anchor="middle") for v in values]
    drawing = plot(EDGE, EDGE, *names, height=20)
    return el("svg", drawing, class_="chart plot-head", aria_hidden="true", width="100%", height="20")


def interval_mark(kind: str = "estimate") -> SafeString:
    """The sample for the key above the plot: ``estimate`` or ``previous``."""
    if kind == "previous":
        drawing = at("8", "50%", el("path", d=DIAMOND, class_="prev"))
        return el("svg", drawing, class_="chart", aria_hidden="true", width="16", height="16")
    whisker = line("2", "50%", "34", "50%", "whisk")
    caps = "".join(at(x, "50%", el("path", d="M0-4.5V4.5", class_="cap")) for x in ("2", "34"))
    dot = el("circle", cx="18", cy="50%", r="4.6", class_="c1")
    return el("svg", whisker, caps, dot, class_="chart", aria_hidden="true", width="36", height="16")


def forest(
    rows: list[tuple[str, float, float, float]],
    *,
    label: str,
    low: float,
    high: float,
    unit: str = "",
    city: float | None = None,
) -> SafeString:
    """Several estimates on one scale, each with its interval (name, estimate, low, high); the city's as a dashed line."""
    step, top = 32, 6
    bottom = top + step * len(rows)
    scale = ticks(low, high)
    parts = [line(percent(position(t, low, high)), top, percent(position(t, low, high)), bottom, "grid") for t in scale]
    if city is not None:
        parts.append(line(percent(position(city, low, high)), top, percent(position(city, low, high)), bottom, "ref"))
    for i, (name, estimate, lower, upper) in enumerate(rows):
        y = top + step * (i + 0.5)
        x = [percent(position(v, low, high)) for v in (estimate, lower, upper)]
        parts.append(line(x[1], y, x[2], y, "whisk"))
        parts += [at(end, y, el("path", d="M0-5V5", class_="cap")) for end in x[1:]]
        hint = f"{name} {estimate:g}{unit} ({lower:g}–{upper:g})"
        parts.append(at(x[0], y, el("circle", title(hint), r="5", class_="c1")))
    parts += [text(percent(position(t, low, high)), bottom + 16, f"{t:g}{unit}", anchor="middle") for t in scale]
    names = [text("27%", top + step * (i + 0.5) + 4, row[0], "ink", "end") for i, row in enumerate(rows)]
    return chart(bottom + 22, label, *names, plot(30, 4, *parts), cls="forest")
