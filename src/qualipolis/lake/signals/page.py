"""The page of a week's signals: one file in both languages, without script, that opens anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

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
    yield _verdicts(heard, found) if found else paragraph(say(msg("Nothing stood out beyond chance this week.")))
    if watch:
        yield f"<h2>{say(msg('To watch'))}</h2>"
        text = msg("Unusual alone, but among so many series that also happens by chance.")
        yield paragraph(say(text), "lead")
        yield _verdicts(heard, watch)
    if heard.clusters.found:
        yield f"<h2>{say(msg('Clusters'))}</h2>"
        yield _clusters(heard)
    yield f"<h2>{say(msg('Products and hazards named together'))}</h2>"
    yield _pairs(heard)
    yield f"<h2>{say(msg('How to read this'))}</h2>"
    yield bullets([told(note.said) for note in notes_on(heard)])
    yield bullets([say(VOICES[name]) for name in heard.latest.methods])


def _verdicts(heard: Heard, verdicts: tuple[Verdict, ...]) -> str:
    number = {key: row for row, key in enumerate(heard.keys)}
    heads = [(say(msg("Product")), ""), (say(msg("Hazard")), ""), (say(msg("Place")), ""), (say(msg("This week")), "num"),
             (say(msg("Expected")), "num"), (say(msg("Why")), ""), (say(msg("How sure")), "")]  # fmt: skip
    lines = []
    for one in verdicts:
        index = number[one.key]  # type: ignore[index]
        names = zip(heard.keys[index], ALL, strict=True)
        lines.append(row([
            *(cell(plain(name) if name else say(every), "name") for name, every in names),
            cell(f"{heard.counts[index, -1]:g}", "num"), cell(_number(float(heard.expected[index])), "num"),
            cell(told(partial(one.why, names=NAMES))), cell(say(SURE[one.sure])),
        ]))  # fmt: skip
    return table(heads, lines)


def _clusters(heard: Heard) -> str:
    heads = [(say(msg("Product")), ""), (say(msg("Hazard")), ""), (say(msg("Places")), ""), (say(msg("Weeks")), ""),
             (say(msg("Seen")), "num"), (say(msg("Expected")), "num"), ("p", "num")]  # fmt: skip
    lines = [
        row([
            cell(plain(one["product"]), "name"), cell(plain(one["hazard"]), "name"),
            cell(plain(one["places"].replace("|", ", ")), "name"),
            cell(f"{plain(one['first_week'])} – {plain(one['last_week'])}"), cell(str(one["observed"]), "num"),
            cell(_number(one["expected"]), "num"), cell(f"{one['p_tail']:.2g}", "num"),
        ])
        for one in clusters_frame(heard).head(SHOWN).to_dicts()
    ]  # fmt: skip
    return table(heads, lines)


def _pairs(heard: Heard) -> str:
    """Return the strongest pairs by the lower end of the information component."""
    heads = [(say(msg("Product")), ""), (say(msg("Hazard")), ""), (say(msg("Reports")), "num"),
             (say(msg("Expected")), "num"), ("PRR (95 %)", "num"), ("IC025", "num"), ("EB05", "num")]  # fmt: skip
    lines = [
        row([
            cell(plain(one["product"]), "name"), cell(plain(one["hazard"]), "name"), cell(f"{one['n']:g}", "num"),
            cell(_number(one["E"]), "num"),
            cell(f"{_number(one['PRR'])} ({_number(one['PRR_low'])}–{_number(one['PRR_high'])})", "num"),
            cell(_number(one["IC025"]), "num"), cell(_number(one["EB05"]), "num"),
        ])
        for one in pairs_frame(heard).filter(_flagged()).head(20).to_dicts()
    ]  # fmt: skip
    return table(heads, lines) if lines else paragraph(say(msg("No pair stands out.")))


def _flagged() -> object:
    import polars as pl

    return pl.col("IC025") > 0


def _number(value: float | None) -> str:
    """Return a number with three digits, a dash for what is not known."""
    if value is None or value != value:
        return "—"
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"
