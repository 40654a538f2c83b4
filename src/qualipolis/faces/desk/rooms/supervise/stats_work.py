"""Refusals and follow-up, revised results, and, for overseers only, laboratories and inspectors compared."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qualipolis.city.core.policy import page, visible
from qualipolis.city.core.roles import INSIDE
from qualipolis.city.supervise.models import ResultRevision
from qualipolis.city.supervise.statistics import figures_effects, figures_follow, rates
from qualipolis.city.supervise.statistics import lists as fact_lists
from qualipolis.city.supervise.statistics.figures_effects import Effects
from qualipolis.city.supervise.statistics.figures_follow import FollowYear, Part
from qualipolis.city.supervise.statistics.lists import standing_word
from qualipolis.faces.desk import charts, parts
from qualipolis.faces.desk.rooms.supervise.stats_frame import Section, between, nothing, purposes, rate, show

SHOWN = 200
LOOK_BACK = 3


@page(*INSIDE)
@require_safe
def follow(request: HttpRequest) -> HttpResponse:
    """How often sampling was refused, and how often what failed was put right in time."""
    found = figures_follow.follow()
    context = {
        "heading": _("Refusals and follow-up"),
        "lead": _(
            "A refusal is counted as a refusal, never as a failure. A correction counts when its review was passed before the term was over."
        ),
        "sections": _follow_sections(found) if found else [],
        "empty": None if found else nothing(),
    }
    return show(request, "supervise_stats_follow", context, ("supervise-follow", len(found)))


def _follow_sections(found: list[FollowYear]) -> list[Section]:
    made = (
        ("refused", _("Refusals"), _("refused, out of refused and sampled")),
        ("closed", _("Corrections closed in time"), _("reviews passed within the term, out of orders due")),
        ("passed", _("Reviews passed"), _("reviews passed, out of reviews due")),
    )
    return [_follow_section(found, name, title, note) for name, title, note in made]


def _follow_section(found: list[FollowYear], name: str, title: str, note: str) -> Section:
    def of(one: FollowYear) -> Part:
        return getattr(one, name)  # type: ignore[no-any-return]

    drawn = [
        charts.YearRate(str(one.year), *(None if v is None else round(100 * v, 2) for v in (of(one).share.rate, of(one).low, of(one).high)))
        for one in found
    ]  # fmt: skip
    columns = [
        parts.Column("year", _("Year"), title=True),
        parts.Column("part", _("Counted"), numeric=True),
        parts.Column("whole", _("Out of"), numeric=True),
        parts.Column("rate", _("Rate"), numeric=True, unit="%"),
        parts.Column("interval", _("95 % interval"), unit="%"),
    ]
    rows = [
        {
            "year": one.year, "part": of(one).share.part, "whole": of(one).share.whole, "rate": rate(of(one).share.rate),
            "interval": between(of(one).low, of(one).high),
        }
        for one in found
    ]  # fmt: skip
    words = [f"{one.year} {rate(of(one).share.rate) or '—'}%" for one in found]
    label = f"{title}{_(': ')}{_(', ').join(words)}"
    return Section(title, parts.Table(title, columns, rows), charts.rate_series(drawn, label=label), note, twin=name)


@page(*INSIDE)
@require_safe
def revisions(request: HttpRequest) -> HttpResponse:
    """What reversals and voidings changed in years that had been told."""
    found = list(visible(request.user, ResultRevision.objects.select_related("result"))[:SHOWN])
    columns = [
        parts.Column("on", _("On"), title=True),
        parts.Column("number", _("Result")),
        parts.Column("period", _("Year counted in"), numeric=True),
        parts.Column("was", _("Was")),
        parts.Column("now", _("Is now")),
        parts.Column("before", _("Rate before"), unit="%"),
        parts.Column("after", _("Rate after"), unit="%"),
        parts.Column("why", _("Why")),
    ]
    rows = [
        {
            "on": f"{one.on:%Y-%m-%d}", "number": one.result.number, "period": one.period, "was": standing_word(one.was),
            "now": standing_word(one.now), "before": counts_words(one, "before"), "after": counts_words(one, "after"),
            "why": one.reason,
        }
        for one in found
    ]  # fmt: skip
    title = _("Revised results")
    empty = parts.Empty(
        _("Nothing was revised"),
        _("When a counted result is reversed or voided, both figures are kept here."),
        "supervise",
    )
    context = {
        "heading": title,
        "lead": _("A reversal corrects the past. What had been told before stays here beside it, with the reason."),
        "sections": [Section(title, parts.Table(title, columns, rows))] if rows else [],
        "empty": None if rows else empty,
    }
    return show(request, "supervise_stats_revisions", context, ("supervise-revisions", len(rows)))


def counts_words(one: ResultRevision, key: str) -> str:
    """Return a rate before or after with its counts."""
    passed, n = one.rates.get(key, (0, 0))
    return f"{rate(passed / n)} ({passed}/{n})" if n else "—"


@page(*fact_lists.OVERSEERS)
@require_safe
def effects(request: HttpRequest) -> HttpResponse:
    """Whether laboratories and inspectors find differently."""
    purpose, counted = fact_lists.purpose_of(request.GET), rates.years()[-LOOK_BACK:]
    kinds = (("laboratory", _("Laboratories")), ("inspector", _("Inspectors")))
    made = [(title, figures_effects.effects(kind, counted, purpose)) for kind, title in kinds] if counted else []
    sections = [_effects_section(title, found) for title, found in made if found.rows]
    context = {
        "heading": _("Laboratories and inspectors compared"),
        "lead": _(
            "For overseers, to look at how work is done. These figures never enter the risk of a firm, a frame or a draw: what a firm is does not depend on who looked."
        ),
        "purposes": purposes(request),
        "sections": sections,
        "empty": None if sections else nothing(),
    }
    rows = sum(len(found.rows) for _title, found in made)
    return show(request, "supervise_stats_effects", context, ("supervise-effects", rows))


def _effects_section(title: str, found: Effects) -> Section:
    columns = [
        parts.Column("name", _("Name"), title=True),
        parts.Column("n", _("Counted batches"), numeric=True),
        parts.Column("share", _("Nonconforming"), numeric=True, unit="%"),
        parts.Column("expected", _("Expected from its product classes"), numeric=True, unit="%"),
        parts.Column("estimate", _("Drawn together"), numeric=True, unit="%"),
        parts.Column("interval", _("95 % interval"), unit="%"),
        parts.Column("word", _("Remark")),
    ]
    rows = [
        {
            "name": one.name, "n": one.n, "share": rate(one.share), "expected": rate(one.expected),
            "estimate": rate(one.estimate), "interval": between(one.low, one.high),
            "word": _("apart from what its product classes lead to expect: worth a look") if one.apart else "",
        }
        for one in found.rows
    ]  # fmt: skip
    words = [_("Drawn together: a beta-binomial model; few batches are drawn towards all others. Whoever meets other firms or products finds differently, so “apart” is a question, not an answer.")]  # fmt: skip
    if not found.spread:
        words.insert(0, _("They differ no more than chance would have it; no single figure is given."))
    if found.few:
        words.append(
            _("%(n)s with fewer than %(least)s batches are not shown.")
            % {"n": found.few, "least": figures_effects.LEAST}
        )
    shown = [one for one in found.rows if one.low is not None and one.high is not None][:30]
    drawing = charts.forest(
        [(one.name, *(round(100 * v, 2) for v in (one.estimate, one.low, one.high))) for one in shown],  # type: ignore[misc,arg-type]
        label=_("Nonconforming share of %(n)s, drawn together, with 95%% intervals") % {"n": title},
        low=0.0, high=max(100 * (one.high or 0.0) for one in shown) + 1, unit="%",
    ) if shown else ""  # fmt: skip
    return Section(title, parts.Table(title, columns, rows), drawing, words=words, twin=found.kind)
