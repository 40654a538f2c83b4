"""What next year's plan will be able to tell, before it is approved; older results taken in from a table."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import polars as pl
from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qualipolis.city.core.policy import page, visible
from qualipolis.city.core.roles import INSIDE
from qualipolis.city.supervise import service
from qualipolis.city.supervise.models import SamplingPlan
from qualipolis.city.supervise.statistics import fact_import, figures_power
from qualipolis.city.supervise.statistics.columns import COLUMNS, REQUIRED, WORDS
from qualipolis.city.supervise.statistics.figures_power import LinePower, PlanPower
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.assess.frame import exports
from qualipolis.faces.desk.rooms.supervise.stats_frame import STAGE, Section, rate, show
from qualipolis.faces.desk.rooms.upload import Bounded
from qualipolis.lake.tables import write_xlsx
from qualipolis.methods.problems import InputError

SHOWN_PROBLEMS, SHOWN_ROWS = 200, 20


@page(*INSIDE)
@require_safe
def power(request: HttpRequest, pk: int) -> HttpResponse:
    """The lines of a plan: margin, difference found, chance to find one, what would be needed."""
    plan = get_object_or_404(visible(request.user, SamplingPlan.objects.all()), pk=pk)
    found = figures_power.plan_power(plan)
    empty = parts.Empty(_("The plan has no lines yet"), _("What it can tell shows as soon as it has lines."), STAGE)
    context = {
        "heading": _("%(plan)s: what it can tell") % {"plan": plan.name},
        "lead": _city_words(found),
        "crumbs": [(str(plan), reverse("desk:sampling_plan", args=[plan.pk])), (_("What it can tell"), "")],
        "sections": [_lines_section(found)] if found.lines else [],
        "empty": None if found.lines else empty,
        "exports": exports("supervise-power", f"plan={plan.pk}", len(found.lines)),
    }
    return show(request, "", context | {"tabs": []})


def _city_words(found: PlanPower) -> str:
    if found.city is None:
        return _("The plan has no random batches: it will say nothing of the market.")
    said = {
        "n": found.city.n,
        "margin": rate(found.city.margin) or "—",
        "difference": rate(found.city.difference) or "—",
        "needed": found.city.n_for_margin,
    }
    return _("All %(n)s random batches together: the city's rate within ±%(margin)s points; a fall of %(difference)s points between two such years would be found in 8 of 10 cases; ±1 point needs %(needed)s batches.") % said  # fmt: skip


def _lines_section(found: PlanPower) -> Section:
    columns = [
        parts.Column("name", _("Line of the plan"), title=True),
        parts.Column("n", _("Batches"), numeric=True),
        parts.Column("rate", _("Expected pass rate"), unit="%"),
        parts.Column("margin", _("Margin of error"), numeric=True, unit=_("percentage points")),
        parts.Column("difference", _("Smallest fall found"), numeric=True, unit=_("percentage points")),
        parts.Column("find", _("Finds one at 5 %"), numeric=True, unit="%"),
        parts.Column("needed", _("Batches needed"), numeric=True),
        parts.Column("budget", _("Budget, CNY"), numeric=True),
    ]
    foot = {
        "name": _("Together"), "n": found.batches, "needed": found.needed, "budget": f"{found.budget:,.0f}",
    }  # fmt: skip
    table = parts.Table(_("Lines of the plan"), columns, [_line(one) for one in found.lines], foot=foot)
    since = {"year": found.since, "deff": f"{found.deff:.2f}"}
    words = [
        _(
            "Margin: half of the 95 % interval at the expected rate. Smallest fall found: between two years of as many batches, in 8 of 10 cases. Batches needed: for the margin wanted, 3 points where none is given."
        ),
        _("Expected rates and the design effect (%(deff)s) come from %(year)s where the plan gives none.") % since
        if found.since
        else _("No earlier year is counted: 95 % is taken where the plan gives no expected rate."),
        _("At the cost of each line, the batches needed would come to %(sum)s CNY.")
        % {"sum": f"{found.needed_budget:,.0f}"},
    ]
    return Section(_("Line by line"), table, words=words)


def _line(one: LinePower) -> dict[str, Any]:
    sources = {
        "plan": _("as the plan says"),
        "class": _("of the class"),
        "city": _("of the city"),
        "none": _("assumed"),
    }
    wanted = f"{one.power.n_for_margin} (±{100 * one.margin_wanted:g})" if one.power.n_for_margin else None
    return {
        "name": f"{one.line.name or one.line.category} · {one.line.get_purpose_display()}",
        "n": one.line.batches,
        "rate": f"{rate(one.rate)} ({sources[one.rate_from]})",
        "margin": rate(one.power.margin),
        "difference": rate(one.power.difference),
        "find": ">99.9" if one.power.find > 0.999 else f"{100 * one.power.find:.1f}",
        "needed": wanted,
        "budget": f"{one.line.budget:,.0f}",
    }


class OldResultsForm(Bounded, forms.Form):
    """A table of older results."""

    file = forms.FileField(widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}))

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.fields["file"].label = _("File")
        self.fields["file"].help_text = _(
            "xlsx or csv (UTF-8 or GB18030), at most 50 MB. The first row holds the column names."
        )


def header(key: str) -> str:
    """Return the name of a column in the language of the page."""
    zh, en = COLUMNS[key]
    return zh if (get_language() or "zh").startswith("zh") else en


def word_of(words: tuple[str, ...]) -> str:
    """Return the word for a value that the template shows, in the language of the page."""
    if (get_language() or "zh").startswith("zh"):
        return words[0]
    return next(word for word in words if word.isascii())


@page("planner")
def import_facts(request: HttpRequest) -> HttpResponse:
    """Check a table of older results, or take it in whole; with one problem nothing is taken."""
    form = OldResultsForm(request.POST or None, request.FILES or None)
    problems: list[str] = []
    preview = None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            if request.POST.get("do") == "check":
                preview = _preview(file.read(), file.name)
                problems = preview.pop("problems")
            else:
                counts = service.import_facts(request.user, None, file.read(), file.name)
                words = ngettext("%(n)s result taken in.", "%(n)s results taken in.", counts["rows"])
                messages.success(request, words % {"n": counts["rows"]})
                return redirect("desk:supervise_stats")
        except InputError as error:
            problems = [problem.text(_) for problem in error.problems]
    context = {
        "stage": STAGE,
        "form": form,
        "problems": problems[:SHOWN_PROBLEMS],
        "problem_count": len(problems),
        "preview": preview,
        "columns": [
            (header(key), key in REQUIRED, _(", ").join(word_of(w) for w in WORDS.get(key, {}).values()))
            for key in COLUMNS
        ],
        "crumbs": [(_("Pass rates"), reverse("desk:supervise_stats")), (_("Take in older results"), "")],
    }
    return render(request, "supervise/stats_import.html", context, status=400 if problems or form.errors else 200)


def _preview(data: bytes, name: str) -> dict[str, Any]:
    found = fact_import.read(data, name)
    columns = [parts.Column("year", _("Year"), title=True), parts.Column("purpose", _("Purpose"))]
    columns += [parts.Column(key, word_of(words), numeric=True) for key, words in WORDS["outcome"].items()]
    rows = [
        {
            "year": year,
            "purpose": word_of(WORDS["purpose"][purpose]),
            **{key: counts[key] or None for key in WORDS["outcome"]},
        }
        for (year, purpose), counts in found.tally().items()
    ]
    heads = [parts.Column("number", header("number"), title=True), parts.Column("day", header("sampled_on")),
             parts.Column("outcome", header("outcome")), parts.Column("items", header("failed")),
             parts.Column("stratum", header("stratum")), parts.Column("weight", header("weight"), numeric=True)]  # fmt: skip
    first = [
        {
            "number": one.number, "day": f"{one.sampled_on:%Y-%m-%d}", "outcome": word_of(WORDS["outcome"][one.outcome]),
            "items": "、".join(one.failed), "stratum": one.stratum, "weight": one.weight,
        }
        for one in found.rows[:SHOWN_ROWS]
    ]  # fmt: skip
    return {
        "count": len(found.rows),
        "summary": parts.Table(_("What the table says"), columns, rows),
        "first": parts.Table(_("First rows"), heads, first),
        "problems": [problem.text(_) for problem in found.problems],
    }


@page("planner")
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """An empty table with two rows as examples, and what may be written in each column."""
    example = {
        "number": ("2019-0001", "2019-0002"), "sampled_on": ("2019-03-01", "2019-03-02"), "purpose": ("随机", "随机"),
        "outcome": ("未发现不合格", "不合格"), "category": ("儿童服装", "儿童服装"), "failed": ("", "甲醛含量"),
        "tested": ("甲醛含量；pH值", "甲醛含量；pH值"), "stratum": ("纺织/大型", "纺织/大型"), "units": ("30", "30"),
        "weight": ("15", "15"), "stage": ("生产", "生产"),
    }  # fmt: skip
    data = {header(key): list(example.get(key, ("", ""))) for key in COLUMNS}
    notes = [f"{header(key)}{_(': ')}{'、'.join(words[0] for words in known.values())}" for key, known in WORDS.items()]
    notes.append(_("The two rows are examples; delete them. Units, firms and laboratories are named by their codes."))
    buffer = BytesIO()
    write_xlsx(buffer, {_("Older results"): pl.DataFrame(data, schema=dict.fromkeys(data, pl.String))}, notes)
    buffer.seek(0)
    return FileResponse(buffer, as_attachment=True, filename="older-results.xlsx")
