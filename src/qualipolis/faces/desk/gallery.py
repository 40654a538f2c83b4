"""What the gallery of components shows: invented things in every state, so that a change can be looked at."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.faces.desk import charts, loop, parts
from qualipolis.faces.desk.gallery_charts import examples

SWATCHES = (
    "page", "surface", "sunken", "line", "line-strong", "ink", "ink-2", "ink-3", "brand", "tint",
    "ok", "warn", "bad", "wait", "focus",
)  # fmt: skip
SEQUENCE = (3.1, 3.4, 3.0, 3.2, 2.9, 3.1, 3.0, 3.3)


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=gettext_lazy("Name of the unit"), help_text=gettext_lazy("As in the register."))
    spare = forms.IntegerField(label=gettext_lazy("Spare samples"), min_value=1, max_value=20)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=[("a", gettext_lazy("Random")), ("b", gettext_lazy("By risk"))]
    )
    way = forms.ChoiceField(
        label=gettext_lazy("Way of reply"),
        choices=[("mail", gettext_lazy("By post")), ("visit", gettext_lazy("In person"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=gettext_lazy("Remarks"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    agree = forms.BooleanField(label=gettext_lazy("I have read the notice"))


def _chart_parts() -> dict[str, Any]:
    years = [str(year) for year in range(2016, 2022)]
    values = [62.0, 64.5, 63.8, 67.2, 70.1, 72.4]
    low, high = [v - 2.5 for v in values], [v + 2.6 for v in values]
    series = [
        charts.Series(_("Unit %(n)s") % {"n": n}, [70 - 6 * n + (k * n) % 3 for k in range(6)]) for n in range(1, 6)
    ]
    trend_label = _("Score over six years, from 62.0 to 72.4; the band is the 90 % interval.")
    return {
        "trend": charts.trend(years, values, low=low, high=high, label=trend_label, end_label="72.4"),
        "lines": charts.lines(years, series, label=_("Five invented units over six years.")),
        "intervals": [_row(*row) for row in ROWS],
        "axis": charts.interval_axis(last=33),
        "mark_now": charts.interval_mark(),
        "mark_before": charts.interval_mark("previous"),
    }


ROWS = ((1, 1, 2, 1), (5, 3, 10, 6), (11, 9, 15, 8), (24, 16, 29, 30))


def _row(rank: int, low: int, high: int, before: int) -> dict[str, Any]:
    label = _("Rank %(rank)s, 90 %% interval %(low)s to %(high)s, %(before)s the year before") % {
        "rank": rank, "low": low, "high": high, "before": before,
    }  # fmt: skip
    row = charts.interval_row(rank, low, high, previous=before, label=label, last=33)
    return {"rank": rank, "low": low, "high": high, "before": before, "row": row}


def _cloud_parts() -> dict[str, Any]:
    scores = [round(60 + (k * 7.3) % 27 + (k % 5) * 0.7, 1) for k in range(33)]
    names = [_("Unit %(n)s") % {"n": k + 1} for k in range(33)]
    dots = [charts.Dot(names[k], (k * 5.7) % 41 + 30, scores[k], strong=k == 4) for k in range(33)]
    cells = [
        charts.Cell(
            names[k], k % 7 + (k // 7 == 0), k // 7, f"{scores[k]:.1f}", 5 - k // 7 % 5, cut=k % 3 == 0, hint=names[k]
        )
        for k in range(33)
    ]
    corners = (
        _("good result, small input"),
        _("good result, large input"),
        _("weak result, small input"),
        _("weak result, large input"),
    )
    return {
        "distribution": charts.distribution(
            scores, mine=scores[4], mine_name=names[4], names=names, label=_("Scores of 33 units.")
        ),
        "quadrant": charts.quadrant(
            dots, label=_("Result against input."), x_name=_("NQI input"), y_name=_("Quality level"), corners=corners
        ),
        "cartogram": charts.cartogram(cells, label=_("Tiers of the units as a map of squares.")),
        "tiers": [(5 - k, _("Tier %(n)s") % {"n": k + 1}, 7) for k in range(5)],
    }


def _bar_parts() -> dict[str, Any]:
    rows = [
        charts.Bar(_("Pass rate of random inspection"), 2.4, 1.5, 3.2),
        charts.Bar(_("Complaints for ten thousand people"), -1.3, -2.0, -0.4),
        charts.Bar(_("Standards led"), 0.8),
        charts.Bar(_("Patents"), 0.0),
    ]
    total = sum(row.value for row in rows)
    start, end = charts.Bar(_("Last year"), 70.5), charts.Bar(_("This year"), 70.5 + total)
    return {
        "contributions": charts.contributions(rows, label=_("What the score is made of.")),
        "waterfall": charts.waterfall(start, rows, end, label=_("What moved the score since last year.")),
    }


def _state_parts() -> dict[str, Any]:
    now = timezone.now()
    dues = [parts.Deadline(d, now + timedelta(days=d)) for d in (5, 2, 0, -2)]
    dues.append(parts.Deadline(3, paused=_("waiting for the laboratory")))
    steps = [
        parts.Step(_("Registered"), "done", _("entrepreneur Wang"), "10-12"),
        parts.Step(_("Tested"), "done", _("city laboratory"), "10-20"),
        parts.Step(_("Reviewed"), "begun", _("doctor Chen"), "", _("2 working days left")),
        parts.Step(_("Retested"), "waiting", _("city laboratory")),
        parts.Step(_("Followed up"), "todo"),
    ]
    law = parts.Law(
        _("Working rules of the product hospital (invented)"), _("clause 14"), _("5 working days"), True, True
    )
    choices = [
        ("cured", _("Cured"), _("Every criterion is met.")),
        ("better", _("Better"), _("Works, but more evidence is needed.")),
    ]
    step = parts.NextStep(
        _("Judge the effect"), _("Hand in the conclusion"), "", _("yours"), dues[1], choices, chosen="better",
        undo=_("You can undo this for 10 minutes."), law=law,
    )  # fmt: skip
    return {"dues": dues, "steps": steps, "next": step, "law": law}


def _table() -> parts.Table:
    columns = [
        parts.Column("name", _("Unit"), title=True), parts.Column("score", _("Score"), numeric=True, unit=_("points")),
        parts.Column("rank", _("Rank"), numeric=True),
    ]  # fmt: skip
    rows = [
        {"name": _("Unit %(n)s") % {"n": k}, "score": s, "rank": r}
        for k, s, r in ((1, "81.93", "7="), (2, "81.93", "7="), (3, None, None))
    ]
    return parts.Table(_("A table with a tie and a missing value"), columns, rows)


def _list_parts() -> dict[str, Any]:
    spark = charts.sparkline(
        SEQUENCE,
        low=[v - 0.3 for v in SEQUENCE],
        high=[v + 0.3 for v in SEQUENCE],
        label=_("Eight quarters, 3.1 to 3.3."),
        first="3.1",
        last="3.3",
    )
    sentence = _("Complaints for ten thousand people: <b>3.3</b>;<br>the change is within error.")
    tile = parts.Tile(
        "listen",
        sentence,
        parts.Chip("same", _("as last quarter")),
        spark,
        _("90 % interval 3.0–3.6, by quarter"),
        _("Whether to sample chargers"),
        "#tile",
    )
    task = parts.Task(
        "supervise",
        _("Answer an objection"),
        _("Received on 10 November."),
        _("Answer"),
        "#today",
        parts.Deadline(2, timezone.now()),
    )
    return {
        "tile": tile, "tasks": [task], "table": _table(),
        "release": parts.Release("2021-R1", "7f3c9b1e" * 8, timezone.now(), "#release"),
        "verdict": parts.Verdict("ok", _("Recomputed: all 33 units are the same"), _("From the stored inputs, in 0.06 s.")),
        "exports": [parts.Export("xlsx", "#x", _("33 rows")), parts.Export("csv", "#c", _("33 rows")), parts.Export("pdf", "#p", _("2 pages"))],
        "segments": [parts.Segment(_("All"), "#all", True, 33), parts.Segment(_("Towns"), "#towns", False, 28), parts.Segment(_("Parks"), "#parks", False, 5)],
        "empty": parts.Empty(_("No warning signal this month"), _("3,182 complaints were checked; none crossed the threshold."), "listen", _("See last month"), "#empty"),
    }  # fmt: skip


def gallery() -> dict[str, Any]:
    """Everything the page of components needs."""
    form = SampleForm({"name": "", "spare": "99", "kind": "a"})
    groups = (_chart_parts(), _cloud_parts(), _bar_parts(), _state_parts(), _list_parts())
    context: dict[str, Any] = {"stages": loop.STAGES, "swatches": SWATCHES, "form": form, "examples": examples()}
    for group in groups:
        context |= group
    return context
