"""The question bank: its list, a file of questions, one question, and the figures of what was answered."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import page, visible
from qualipolis.city.talent import service
from qualipolis.city.talent.models import Question
from qualipolis.city.talent.training import queries
from qualipolis.city.talent.training.analysis import analysis
from qualipolis.city.talent.training.lists import QUESTION_SHOWS
from qualipolis.city.talent.training.question_import import LARGEST, Understood, table_of, understood
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.measure.pieces import figure, history, problem_words
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.faces.desk.shares import percent
from qualipolis.methods.problems import InputError

FLAGS = {
    "too_easy": gettext_lazy("nearly everybody is right"),
    "too_hard": gettext_lazy("hardly anybody is right"),
    "weak": gettext_lazy("tells good papers from weak ones badly"),
    "against_the_rest": gettext_lazy("weak papers do better than good ones: look at the key"),
}
MOST_PROBLEMS = 200


def _columns() -> list[parts.Column]:
    return [
        parts.Column("question", _("Question"), title=True),
        parts.Column("kind", _("Kind")),
        parts.Column("topic", _("Topic")),
        parts.Column("level", _("Difficulty"), numeric=True),
    ]


def _cells(row: Question) -> Mapping[str, Any]:
    return {
        "question": format_html('{}<br><span class="muted">{} v{}</span>', row.stem[:80], row.code, row.version),
        "kind": row.get_kind_display(), "topic": row.topic, "level": str(row.level),
        "url": reverse("desk:training_question", args=[row.pk]),
    }  # fmt: skip


LIST = after.ListPage(
    gettext_lazy("Question bank"),
    gettext_lazy("A change makes a new version; papers keep the version they asked."),
    _columns, _cells, (("", gettext_lazy("All")), *QUESTION_SHOWS.items()), "talent-questions",
    (gettext_lazy("The bank is empty"), gettext_lazy("Take questions over from a table.")), search=True,
)  # fmt: skip


def _crumbs(*last: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("Courses and sessions"), reverse("desk:training_sessions")), *last]


@page("trainer")
def bank(request: HttpRequest) -> HttpResponse:
    """The questions that are asked now."""
    tools = [(_("Figures of the questions"), reverse("desk:training_figures"), "chart-bar"),
             (_("Take over a table"), reverse("desk:training_import"), "upload")]  # fmt: skip
    rows = queries.questions(request.user, request.GET.dict())
    return after.list_page(request, LIST, rows, stage="build", tools=tools, crumbs=_crumbs((_("Question bank"), "")))


class TableForm(forms.Form):
    """A table of questions."""

    file = forms.FileField(label=gettext_lazy("Table of questions"), help_text=gettext_lazy("xlsx or csv, up to 5 MB"),
                           widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}))  # fmt: skip

    def clean_file(self) -> Any:
        """Refuse a file over the limit."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than 5 MB."))
        return file


@page("trainer")
def questions_import(request: HttpRequest) -> HttpResponse:
    """Show what was understood of a table, or take it over."""
    form = TableForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    found: Understood | None = None
    if request.method == "POST" and form.is_valid():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "table"
            path.write_bytes(form.cleaned_data["file"].read())
            name = form.cleaned_data["file"].name
            if request.POST.get("do") == "take" and attempt(
                request, form, lambda said: _take(request.user, path, name), _("Taken over.")
            ):
                return redirect("desk:training_bank")
            found = _seen(path, name, form)
    shown = {
        "stage": "build", "form": form, "found": found, "kinds": dict(Question.Kind.choices),
        "counts": [(dict(Question.Kind.choices)[kind], n) for kind, n in (found.counts if found else {}).items()],
        "problems": [problem_words(one) for one in (found.problems if found else ())[:MOST_PROBLEMS]],
        "crumbs": _crumbs((_("Question bank"), reverse("desk:training_bank")), (_("Take over a table"), "")),
    }  # fmt: skip
    return render(request, "talent/bank_import.html", shown, status=400 if form.errors else 200)


def _take(actor: Any, path: Path, name: str) -> Any:
    return service.import_questions(actor, None, path, name)


def _seen(path: Path, name: str, form: forms.Form) -> Understood | None:
    try:
        return understood(table_of(path, name))
    except InputError as error:
        for problem in error.problems:
            form.add_error("file", problem_words(problem))
    return None


@page("trainer")
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """One version of a question; retire it, or write a new version."""
    row = get_object_or_404(visible(request.user, Question.objects.select_related("batch")), pk=pk)
    form = _RetireForm(request.POST or None)
    if request.method == "POST" and attempt(
        request, form, lambda said: service.retire_question(request.user, row, said["reason"]), _("Retired.")
    ):
        return redirect("desk:training_question", pk)
    options = [(words, isinstance(row.answer, list) and n in row.answer) for n, words in enumerate(row.options)]
    answer = {True: _("right"), False: _("wrong")}.get(row.answer, row.answer) if not row.options else ""
    shown = {
        "stage": "build", "row": row, "options": options, "answer": answer, "form": form, "history": history(row),
        "versions": Question.objects.filter(code=row.code).order_by("-version"),
        "crumbs": _crumbs((_("Question bank"), reverse("desk:training_bank")), (row.code, "")),
    }  # fmt: skip
    return render(request, "talent/question.html", shown, status=400 if form.errors else 200)


class _RetireForm(forms.Form):
    """Why a question is asked no more."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)


@page("trainer")
def figures(request: HttpRequest) -> HttpResponse:
    """Difficulty and discrimination of the questions, the reliability of the papers."""
    found = analysis()
    columns = [
        parts.Column("code", _("Question"), title=True), parts.Column("n", _("Answers"), numeric=True),
        parts.Column("difficulty", _("Share right"), numeric=True), parts.Column("interval", _("95 % interval"), numeric=True),
        parts.Column("discrimination", _("Item-rest correlation"), numeric=True), parts.Column("look", _("To look at")),
    ]  # fmt: skip
    rows = [
        {
            "code": one.code.replace("@", " v"), "n": str(one.n), "difficulty": percent(one.difficulty.estimate),
            "interval": f"{percent(one.difficulty.low)}–{percent(one.difficulty.high)}",
            "discrimination": figure(one.discrimination), "look": _("; ").join(str(FLAGS[flag]) for flag in one.flags),
        }
        for one in found.items
    ]  # fmt: skip
    shown = {
        "stage": "build", "found": found, "table": parts.Table(_("Figures of the questions"), columns, rows),
        "passed": percent(found.passed / found.papers) if found.papers else "—", "error": figure(found.error, 1),
        "crumbs": _crumbs((_("Question bank"), reverse("desk:training_bank")), (_("Figures of the questions"), "")),
    }  # fmt: skip
    return render(request, "talent/figures.html", shown)
