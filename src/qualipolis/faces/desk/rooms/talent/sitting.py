"""The examination on the phone: one question on a page, every answer saved at once, the time that is left."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import page
from qualipolis.city.talent import service
from qualipolis.city.talent.models import Question, Sitting
from qualipolis.city.talent.training import queries
from qualipolis.city.talent.training.exams import sweep_exams
from qualipolis.city.talent.training.marks import seed_open, versions_on
from qualipolis.city.talent.training.visibility import CANDIDATES
from qualipolis.faces.desk.rooms.measure.pieces import figure, problem_words
from qualipolis.faces.desk.rooms.talent import training_words
from qualipolis.methods.problems import InputError

DONE = ("marked", "contested", "upheld", "remarked")


@page(*CANDIDATES)
def sitting(request: HttpRequest, pk: int) -> HttpResponse:
    """Before, while and after: begin, answer, see the result. A paper is shown to its candidate alone."""
    row = get_object_or_404(queries.own_sittings(request.user), pk=pk)
    if row.status == "started" and row.ends_at is not None and timezone.now() > row.ends_at:
        sweep_exams(timezone.now())
        row.refresh_from_db()
    if request.method == "POST" and (to := _post(request, row)):
        return redirect(to)
    shown = {
        "stage": "build", "row": row, "exam": row.exam, "state": training_words.state_chip(row),
        "opens": training_words.hour(row.exam.opens_at), "closes": training_words.hour(row.exam.closes_at),
        "now_open": row.exam.opens_at <= timezone.now() <= row.exam.closes_at,
        "crumbs": [(_("Courses and examinations"), reverse("desk:my_training")), (row.number, "")],
    }  # fmt: skip
    if row.status == "started":
        return render(request, "talent/sitting.html", shown | _writing(request, row))
    return render(request, "talent/sitting_result.html", shown | _result(row))


def _post(request: HttpRequest, row: Sitting) -> str:
    """Take what was posted; return where to go on, nothing when it was refused (the words then stand on the page)."""
    act, here = request.POST.get("do", "save"), reverse("desk:sitting", args=[row.pk])
    place = whole(request.POST.get("place")) or 1
    try:
        if act == "start":
            service.start_sitting(request.user, row)
        elif act == "contest":
            service.contest_mark(request.user, row, request.POST.get("reason", ""))
        elif act == "hand_in":
            service.hand_in_sitting(request.user, row)
        else:
            service.save_answers(request.user, row, {str(place): _said(request)})
            to = whole(request.POST.get("to")) or min(place + 1, len(row.paper))
            return f"{here}?q={to}"
    except InputError as error:
        for problem in error.problems:
            messages.error(request, problem_words(problem))
        return here if act != "contest" else ""
    except PermissionDenied as error:
        messages.error(request, str(error))
        return here
    return here


def _said(request: HttpRequest) -> Any:
    if request.POST.get("many"):
        return request.POST.getlist("answer")
    return request.POST.get("answer", "")


def _writing(request: HttpRequest, row: Sitting) -> dict[str, Any]:
    bank = versions_on(row)
    at = min(max(whole(request.GET.get("q")) or 1, 1), len(row.paper))
    asked, question = row.paper[at - 1], bank[str(at)]
    said = row.answers.get(str(at))
    left = int((row.ends_at - timezone.now()).total_seconds() // 60) if row.ends_at else 0
    answered = {place for place, one in row.answers.items() if one not in ("", [], None)}
    chinese = (get_language() or "zh").startswith("zh")
    return {
        "at": at, "n": len(row.paper), "question": question, "points": figure(float(asked["points"]), 1),
        "stem": question.stem if chinese or not question.stem_en else question.stem_en,
        "stem_zh": not chinese and not question.stem_en,
        "options": _options(question, asked, said), "said": said if isinstance(said, str) else "",
        "left": max(left, 0), "until": training_words.hour(row.ends_at)[-5:], "saved": training_words.hour(row.saved_at)[-5:],
        "places": [{"n": n, "done": str(n) in answered, "here": n == at} for n in range(1, len(row.paper) + 1)],
        "open": len(row.paper) - len(answered), "last": at == len(row.paper),
    }  # fmt: skip


def _options(question: Question, asked: dict[str, Any], said: Any) -> list[dict[str, Any]]:
    if question.kind == Question.Kind.NUMBER:
        return []
    if question.kind == Question.Kind.TRUE_FALSE:
        return [
            {"value": value, "words": words, "on": said == value}
            for value, words in (("true", _("right")), ("false", _("wrong")))
        ]
    chosen = {str(one) for one in (said if isinstance(said, list) else [said])}
    return [
        {"value": str(shown), "words": question.options[place], "on": str(shown) in chosen}
        for shown, place in enumerate(asked["order"])
    ]


def _result(row: Sitting) -> dict[str, Any]:
    if row.status not in DONE:
        return {"minutes": row.exam.minutes, "n": len(row.paper)}
    return {
        "points": figure(row.points, 1), "most": figure(row.most, 1), "passed": row.passed, "n": len(row.paper),
        "needed": figure((row.most or 0) * row.exam.pass_share, 1), "saves": row.saves,
        "may_contest": row.status == "marked" and row.due_on is not None and timezone.localdate() <= row.due_on,
        "seed": row.exam.seed if seed_open(row.exam) else "",
    }  # fmt: skip
