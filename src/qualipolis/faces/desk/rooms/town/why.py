"""Why this rank: the way from last year, the gap to the peers, the years; every part adds up to what is shown."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from qualipolis.city.assess.explain import READERS, Case
from qualipolis.city.assess.explain_error import ChangeError, year_error
from qualipolis.city.assess.explain_parts import KINDS, Line, Parts, by_parent, peer_parts, year_parts
from qualipolis.city.assess.explain_peers import years_of
from qualipolis.city.core.policy import page
from qualipolis.faces.desk import charts, parts
from qualipolis.faces.desk.rooms.assess.frame import share, written
from qualipolis.faces.desk.rooms.town.frame import (
    Explained,
    change_is_error,
    explained,
    finding,
    indicator_url,
    listed,
    rank_before,
    rank_text,
    sentences,
)
from qualipolis.faces.desk.templatetags.desk import span

MOST_BARS = 14
MOST_PEERS = 60
NAMED = 2
TINY = 0.005


@page(*READERS)
@require_safe
def why(request: HttpRequest, code: str) -> HttpResponse:
    """The finding, and what it is made of."""
    found = explained(request, code, "why")
    if isinstance(found, HttpResponse):
        return found
    made = found.case
    year, gap = year_parts(made), _gap(request, made)
    context = {
        **found.context,
        "finding": finding(made, found.year),
        "lead": lead(made, year, gap),
        "change": change_shown(found, year),
        "gap": gap_shown(found, gap),
        "choices": _choices(request, made),
        "final": final_lines(made),
        **_years(found),
    }
    return render(request, "assess/town_why.html", context)


def lead(made: Case, year: Parts | None, gap: Parts | None) -> str:
    """Return what carried the change and what held it back, or what sets the unit apart from its peers."""
    if year is not None and made.earlier is not None:
        said = _("%(change)s points since %(year)s.") % {
            "change": charts.signed(year.total, 2), "year": made.earlier.year,
        }  # fmt: skip
        return sentences(said, *_pulls(year, _("Most gained by %(names)s."), _("Most lost by %(names)s.")))
    if gap is not None:
        return sentences(*_pulls(gap, _("Above the peers by %(names)s."), _("Below the peers by %(names)s.")))
    return ""


def _pulls(found: Parts, up: str, down: str) -> list[str]:
    here = [(named(line), line.points) for line in found.lines if not line.absent]
    gains = [one for one in here if one[1] >= TINY][:NAMED]
    losses = [one for one in here if one[1] <= -TINY][:NAMED]
    words = [up % {"names": listed(gains)}] if gains else []
    words += [down % {"names": listed(losses)}] if losses else []
    gaps = [line for line in found.lines if line.absent]
    if gaps and abs(found.kind("missing")) >= TINY:
        said = ngettext(
            "%(n)s indicator has a value on one side only: %(points)s.",
            "%(n)s indicators have a value on one side only: %(points)s in all.",
            len(gaps),
        )
        words.append(said % {"n": len(gaps), "points": charts.signed(found.kind("missing"), 2)})
    return words


def named(line: Line, sides: tuple[Any, Any] = ("", "")) -> str:
    """Return the name of a part, with the side on which it has no value."""
    name = str(line.node.name) if line.node else line.code
    if not line.absent or not all(sides):
        return name
    return _("%(name)s (none: %(side)s)") % {"name": name, "side": sides[0] if line.absent == "here" else sides[1]}


# ---------------------------------------------------------------- from last year


def change_shown(
    found: Explained, year: Parts | None, most: int = MOST_BARS, coarse: bool = False
) -> dict[str, Any] | None:
    """Return the waterfall from last year with its table and its error, or nothing without a year before."""
    made = found.case
    if year is None or made.earlier is None:
        return None
    before = made.earlier.year
    label = _("From %(before)s points in %(then)s to %(after)s in %(now)s") % {
        "before": written(year.against), "then": before, "after": written(year.score), "now": found.year,
    }  # fmt: skip
    return {
        "drawing": waterfall(by_parent(made, year) if coarse else year, str(before), str(found.year), label, most),
        "table": parts_table(made, found.year, year, _("What moved the score, %(before)s to %(year)s") % {"before": before, "year": found.year}, (found.year, before)),
        "kinds": _kinds(year),
        "gaps": abs(year.kind("missing")) >= TINY,
        "total": charts.signed(year.total, 2),
        "error": _error_words(made, year_error(made)),
        "exports": found.exports("town_change", len(year.lines)),
        "before": before,
    }  # fmt: skip


def waterfall(found: Parts, start: str, end: str, label: str, most: int = MOST_BARS) -> Any:
    """The largest parts by name, the others together: the bars add up to the difference exactly."""
    bars = [charts.Bar(named(line, (end, start)), line.points) for line in found.lines]
    first, last = charts.Bar(start, found.against), charts.Bar(end, found.score)
    return charts.waterfall(first, bars, last, label=label, digits=2, most=most)


def _kinds(found: Parts) -> list[dict[str, str]]:
    words = {
        "value": _("other values"),
        "rules": _("other goalposts or weights"),
        "missing": _("a value on one side only"),
    }
    lines = [{"name": words[kind], "points": charts.signed(found.kind(kind), 2)} for kind in KINDS]
    return [*lines, {"name": _("left over, 0 by construction"), "points": charts.signed(found.residual, 2)}]


def parts_table(made: Case, year: int, found: Parts, caption: str, sides: tuple[Any, Any]) -> parts.Table:
    """Return the parts of a difference indicator by indicator, with their sum."""
    columns = [
        parts.Column("name", _("Indicator"), title=True),
        parts.Column("value", _("Other values"), numeric=True),
        parts.Column("rules", _("Goalposts or weights"), numeric=True),
        parts.Column("missing", _("On one side only"), numeric=True),
        parts.Column("points", _("Points together"), numeric=True),
    ]
    rows = [_row(line, made, year, sides) for line in found.lines]
    foot = {
        "name": _("Sum = difference of the scores"),
        **{kind: charts.signed(found.kind(kind), 3) for kind in KINDS},
        "points": charts.signed(found.total, 3),
    }
    note = _("points of the index; left over: %(rest)s, 0 by construction") % {"rest": charts.signed(found.residual, 3)}
    return parts.Table(caption, columns, rows, foot=foot, note=note, links="url")


def _row(line: Line, made: Case, year: int, sides: tuple[Any, Any]) -> dict[str, Any]:
    known = line.code in made.read.columns and line.node is not None and line.node.level == 1
    return {
        "name": named(line, sides),
        "url": indicator_url(line.code, year, made.unit) if known else None,
        "points": charts.signed(line.points, 3),
        **{kind: charts.signed(getattr(line, kind), 3) if getattr(line, kind) else None for kind in KINDS},
    }


def _error_words(made: Case, error: ChangeError | None) -> dict[str, Any]:
    """Return how sure the change is: from both years drawn together, else from the published interval."""
    before = rank_before(made)
    inside = change_is_error(made, error, before)
    words = []
    if error is not None and not error.n:
        told = {"low": charts.signed(error.low), "high": charts.signed(error.high)}
        words.append(_("Score: 90 %% interval of the change %(low)s to %(high)s points, from counting alone.") % told)
    elif error is not None:
        told = {
            "low": charts.signed(error.low), "high": charts.signed(error.high), "n": f"{error.n:,}",
            "up": share(error.chance_up),
        }  # fmt: skip
        words.append(_("Score: 90 %% interval of the change %(low)s to %(high)s points; it rose in %(up)s of %(n)s simulations of both years with the same weights and methods.") % told)  # fmt: skip
    if before is not None and made.rank is not None:
        low, high = made.interval
        told = {
            "before": before,
            "rank": rank_text(made),
            "low": written(low, 0) or "—",
            "high": written(high, 0) or "—",
        }
        words.append(_("Rank: %(before)s, now %(rank)s; 90 %% interval now %(low)s to %(high)s.") % told)
    within = error.within if error is not None else inside
    return {"within": within, "rank_within": inside, "words": words}


# ---------------------------------------------------------------- against the peers


def _gap(request: HttpRequest, made: Case) -> Parts | None:
    other = request.GET.get("with", "")
    return peer_parts(made, other if other in made.read.rows and other != made.unit else "")


def gap_shown(
    found: Explained, gap: Parts | None, most: int = MOST_BARS, coarse: bool = False
) -> dict[str, Any] | None:
    """Return the waterfall from the peers to the unit with its table."""
    if gap is None:
        return None
    made = found.case
    parts_of = by_parent(made, gap) if coarse else gap
    other = str(made.read.cards[made.read.rows[gap.unit]].name) if gap.unit else _("median of the peers")
    told = {"other": other, "name": made.card.name, "total": charts.signed(gap.total, 2)}
    label = _("From %(other)s to %(name)s: %(total)s points") % told
    return {
        "drawing": waterfall(parts_of, other, str(made.card.name), label, most),
        "table": parts_table(
            made, found.year, gap, _("The gap to %(other)s, indicator by indicator") % told, (made.card.name, other)
        ),
        "kinds": [one for k, one in enumerate(_kinds(gap)) if k != 1],
        "gaps": abs(gap.kind("missing")) >= TINY,
        "total": charts.signed(gap.total, 2),
        "other": other if gap.unit else _("the median of the peers"),
        "typical": not gap.unit,
        "exports": found.exports("town_gap", len(gap.lines), urlencode({"with": gap.unit}) if gap.unit else ""),
    }


def _choices(request: HttpRequest, made: Case) -> list[tuple[str, str, bool]]:
    """The peers to choose from, the nearest in rank first where there are very many."""
    now, own = request.GET.get("with", ""), made.rank or 0
    rows = [
        (int(rank), card)
        for card, peer, rank in zip(made.read.cards, made.peers, made.read.of("rank", made.root), strict=True)
        if peer and card.unit != made.unit and rank == rank
    ]
    near = sorted(sorted(rows, key=lambda one: abs(one[0] - own))[:MOST_PEERS], key=lambda one: one[0])
    said = [
        (card.unit, _("%(name)s, rank %(rank)s") % {"name": card.name, "rank": rank}, card.unit == now)
        for rank, card in near
    ]
    return [("", _("median of the peers in every indicator"), not any(one[2] for one in said)), *said]


def final_lines(made: Case) -> list[dict[str, Any]]:
    """Return the way from the index to the final score: improvement, bonus and veto stand apart from the index."""
    card = made.card
    if card.score is None or card.final_score is None:
        return []
    rest = card.final_score - card.score - card.bonus
    lines = [{"name": _("Composite index"), "value": written(card.score)}]
    if abs(rest) >= TINY:
        lines.append({"name": _("Share of the improvement, and the cap of 100"), "value": charts.signed(rest, 2)})
    lines.append({"name": _("Bonus"), "value": charts.signed(card.bonus, 2)})
    lines.append({"name": _("Final score"), "value": written(card.final_score)})
    lines.append({"name": _("Grade"), "value": card.grade or "—"})
    return lines


# ---------------------------------------------------------------- the years


def _years(found: Explained) -> dict[str, Any]:
    years, nodes = years_of(found.case)
    names = [str(year) for year in years]
    panels = [
        charts.Panel(str(node.name), _round(node.scores), _round(node.low), _round(node.high), strong=node.level > 2)
        for node in nodes
    ]
    label = _("Each part of the index over the years with its 90 % interval from counting")
    columns = [
        parts.Column("name", _("Part of the index"), title=True),
        *(parts.Column(year, year, numeric=True) for year in names),
        parts.Column("interval", _("90 % interval of the last year")),
    ]
    rows = [
        {
            "name": node.name,
            **{year: written(score, 1) for year, score in zip(names, node.scores, strict=True)},
            "interval": span(written(node.low[-1], 1), written(node.high[-1], 1)) if node.low[-1] is not None else None,
        }
        for node in nodes
    ]
    return {
        "multiples": charts.small_multiples(panels, names, label=label) if len(names) > 1 else "",
        "years_table": parts.Table(_("The parts of the index over the years"), columns, rows),
        "years_exports": found.exports("town_years", len(rows) * len(names)),
    }


def _round(values: Any) -> list[float | None]:
    return [None if value is None else round(value, 2) for value in values]
