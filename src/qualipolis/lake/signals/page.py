"""The page of a week's signals: one file in both languages, without script, that opens anywhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import polars as pl

from qualipolis import __version__
from qualipolis.lake.audit.markup import bullets, cell, paragraph, plain, row, say, table, told
from qualipolis.lake.audit.page import MARK, POLICY, switch
from qualipolis.lake.audit.style import STYLE
from qualipolis.lake.signals.frames import clusters_frame, pairs_frame
from qualipolis.lake.signals.listening import Heard
from qualipolis.lake.signals.notes import NAMES, VOICES, notes_on
from qualipolis.methods.problems import msg
from qualipolis.methods.signal.combined import SURE, Verdict

SHOWN = 60
PRODUCT, HAZARD, PLACES, WHAT = msg("Product"), msg("Hazard"), msg("Places"), msg("Product · hazard · place")
SINCE, WEEKS, WHY, SURE_OF = msg("Since"), msg("Weeks"), msg("Why"), msg("How sure")
THIS_WEEK, SEEN, EXPECTED, CHANCE = msg("This week"), msg("Seen"), msg("Expected"), msg("p")
PRR, IC025, EB05 = msg("PRR (95 %%)"), msg("IC025"), msg("EB05")
NUMBERS = frozenset((THIS_WEEK, SEEN, EXPECTED, CHANCE, PRR, IC025, EB05))
NAMED = frozenset((PRODUCT, HAZARD, WHAT))
ALL = (msg("all products"), msg("all hazards"), msg("everywhere"))


def page_of(heard: Heard, lang: str = "zh") -> str:
    """Return the whole page."""
    chinese = lang != "en"
    title = "质量信号" if chinese else "Quality signals"
    return "\n".join([
        "<!DOCTYPE html>",
        f'<html lang="{"zh-Hans" if chinese else "en"}">',
        '<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<title>{title} {heard.weeks[-1]}</title>",
        f"<style>\n{STYLE}\n</style>\n</head>\n<body>",
        switch(chinese),
        "<main>",
        _header(heard),
        *_parts(heard),
        f"<footer>{say(msg('Made by Qualipolis %(version)s.'), version=__version__)}</footer>",
        "</main>\n</body>\n</html>\n",
    ])  # fmt: skip


def _header(heard: Heard) -> str:
    levels = heard.latest.level.tolist()
    facts = {
        say(msg("Week from")): plain(heard.weeks[-1]),
        say(msg("Reports")): f"{len(set(heard.reports.report.tolist())):,}",
        say(msg("Judged")): f"{heard.latest.tests:,}",
        say(msg("Signals")): str(levels.count("signal")),
    }
    cells = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts.items())
    kicker = f'<p class="kicker">{MARK}{say(msg("Qualipolis"))}</p>'
    heading = say(msg("What is unusual this week"))
    return f'<header>{kicker}<h1>{heading}</h1><dl class="facts">{cells}</dl></header>'


def _parts(heard: Heard) -> Iterator[str]:
    found = heard.latest.verdicts(("signal",), SHOWN)
    watch = heard.latest.verdicts(("watch",), max(SHOWN - len(found), 10))
    yield f"<h2>{say(msg('Signals'))}</h2>"
    yield (
        _verdicts(heard, found, (WHAT, SINCE, THIS_WEEK, EXPECTED, WHY, SURE_OF))
        if found
        else paragraph(say(msg("Nothing stood out beyond chance this week.")))
    )
    if watch:
        yield f"<h2>{say(msg('To watch'))}</h2>"
        text = msg("Unusual alone, but among so many series that also happens by chance.")
        yield paragraph(say(text), "lead")
        yield _verdicts(heard, watch, (WHAT, THIS_WEEK, EXPECTED, WHY))
    if heard.clusters.found:
        yield f"<h2>{say(msg('Clusters'))}</h2>"
        text = msg(
            "Each p pays for every window of its own map, not for the number of maps; what counts is the list above."
        )
        yield paragraph(say(text), "lead")
        yield _clusters(heard)
    yield f"<h2>{say(msg('Products and hazards named together'))}</h2>"
    yield _pairs(heard)
    yield f"<h2>{say(msg('How to read this'))}</h2>"
    yield bullets([told(note.said) for note in notes_on(heard)])
    yield bullets([say(VOICES[name]) for name in heard.latest.methods])


def _verdicts(heard: Heard, verdicts: tuple[Verdict, ...], heads: Sequence[str]) -> str:
    number = {key: row for row, key in enumerate(heard.keys)}
    lines = []
    for one in verdicts:
        index = number[one.key]  # type: ignore[index]
        names = zip(heard.keys[index], ALL, strict=True)
        since = heard.since(index)
        markups = {
            WHAT: " · ".join(plain(name) if name else say(every) for name, every in names),
            SINCE: plain(since) if since is not None else "—",
            THIS_WEEK: f"{heard.counts[index, -1]:g}",
            EXPECTED: _number(float(heard.expected[index])),
            WHY: told(partial(one.why, names=NAMES)),
            SURE_OF: say(SURE[one.sure]),
        }
        lines.append(_line([markups[head] for head in heads], heads))
    return _table(heads, lines)


def _clusters(heard: Heard) -> str:
    heads = (PRODUCT, HAZARD, PLACES, WEEKS, SEEN, EXPECTED, CHANCE)
    lines = [
        _line([
            plain(one["product"]), plain(one["hazard"]), plain(one["places"].replace("|", ", ")),
            f"{plain(one['first_week'])} – {plain(one['last_week'])}", str(one["observed"]), _number(one["expected"]),
            f"{one['p_tail']:.2g}",
        ], heads)
        for one in clusters_frame(heard).head(SHOWN).to_dicts()
    ]  # fmt: skip
    return _table(heads, lines)


def _pairs(heard: Heard) -> str:
    """Return the strongest pairs by the lower end of the information component."""
    heads = (PRODUCT, HAZARD, SEEN, EXPECTED, PRR, IC025, EB05)
    strong = pairs_frame(heard).filter(pl.col("IC025") > 0).head(20).to_dicts()
    lines = [
        _line([
            plain(one["product"]), plain(one["hazard"]), f"{one['n']:g}", _number(one["E"]),
            f"{_number(one['PRR'])} ({_number(one['PRR_low'])}–{_number(one['PRR_high'])})", _number(one["IC025"]),
            _number(one["EB05"]),
        ], heads)
        for one in strong
    ]  # fmt: skip
    return _table(heads, lines) if lines else paragraph(say(msg("No pair stands out.")))


def _line(markups: Sequence[str], heads: Sequence[str]) -> str:
    """Return one row; on a phone each number stands after the head of its column."""
    cells = [
        cell(markup, "num" if head in NUMBERS else "name" if head == WHAT else "", head="" if head in NAMED else head)
        for markup, head in zip(markups, heads, strict=True)
    ]
    return row(cells)


def _table(heads: Sequence[str], lines: Sequence[str]) -> str:
    return table([(say(head), "num" if head in NUMBERS else "") for head in heads], lines, name="stack")


def _number(value: float | None) -> str:
    """Return a number with three digits, a dash for what is not known, ∞ for what is beyond all bounds."""
    if value is None or value != value:
        return "—"
    if value == float("inf"):
        return "∞"
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"
