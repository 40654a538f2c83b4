"""Certificates on the desk: the list, one certificate with its code to print, revoking and replacing; contested marks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import page, roles_of, visible
from qualipolis.city.talent import service
from qualipolis.city.talent.models import Question, Sitting, TrainingCertificate
from qualipolis.city.talent.training import queries
from qualipolis.city.talent.training.lists import CERTIFICATE_SHOWS
from qualipolis.city.talent.training.marks import seed_open, versions_on
from qualipolis.city.talent.training.signing import line_of
from qualipolis.city.talent.training.visibility import CANDIDATES, TRAINERS
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.loop import address
from qualipolis.faces.desk.rooms.flow_page import Act, offers, page_of, take
from qualipolis.faces.desk.rooms.measure.pieces import figure, history
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.faces.desk.rooms.talent import training_words
from qualipolis.faces.desk.rooms.talent.officer_acts import second_field
from qualipolis.faces.desk.rooms.talent.qr import svg_path
from qualipolis.faces.desk.templatetags import desk as tags

SEERS = ("trainer", "department", "inspector", "town_officer", *CANDIDATES)


def _columns() -> list[parts.Column]:
    return [
        parts.Column("certificate", _("Certificate"), title=True),
        parts.Column("state", _("State")),
        parts.Column("holder", _("Holder")),
        parts.Column("issued", _("Issued on")),
        parts.Column("until", _("Valid until")),
    ]


def _cells(row: TrainingCertificate) -> Mapping[str, Any]:
    found = training_words.state_chip(row)
    return {
        "certificate": format_html('{}<br><span class="muted">{}</span>', row.number, row.course.name),
        "state": tags.chip(found.kind, found.text, None), "holder": row.learner.name,
        "issued": after.day_cell(row.issued_on), "until": after.day_cell(row.valid_to),
        "url": reverse("desk:talent_certificate", args=[row.pk]),
    }  # fmt: skip


LIST = after.ListPage(
    gettext_lazy("Training certificates"),
    gettext_lazy("Signed once; anyone checks them by number, by the code, or at home with the public key."),
    _columns, _cells, (("", gettext_lazy("All")), *CERTIFICATE_SHOWS.items()), "talent-certificates",
    (gettext_lazy("No certificate has been issued yet"), gettext_lazy("Certificates are issued on the page of a course.")), search=True,
)  # fmt: skip


@page("trainer", "department", "inspector", "town_officer", "enterprise")
def certificates(request: HttpRequest) -> HttpResponse:
    """The certificates somebody sees, the latest first."""
    rows = queries.certificates(request.user, request.GET.dict())
    tools = [(_("Public check"), url, "external-link")] if (url := address("portal:certificate_check")) else []
    return after.list_page(request, LIST, rows, stage="build", tools=tools, crumbs=[(_("Training certificates"), "")])


@page(*SEERS)
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """One certificate: its text, its code, what became of it."""
    rows = visible(
        request.user, TrainingCertificate.objects.select_related("course", "learner__enterprise", "replaces", "officer")
    )
    row = get_object_or_404(rows, pk=pk)
    found = offers(request, row, _acts(request.user), {"valid_to": row.valid_to})
    if request.method == "POST" and take(request, row, found):
        return redirect("desk:talent_certificate", pk)
    line = line_of(row)
    shown = page_of(request, row, [], "desk:talent_certificate") | {
        "stage": "build", "state": training_words.state_chip(row), "line": line, "qr": svg_path(line),
        "beside": found, "history": history(row), "later": getattr(row, "replaced_by", None),
        "verdict": _(service.checked(line).words), "check": address("portal:certificate_check"),
        "crumbs": _crumbs(request, row),
    }  # fmt: skip
    return render(request, "talent/certificate.html", shown, status=400 if request.method == "POST" else 200)


def _crumbs(request: HttpRequest, row: TrainingCertificate) -> list[tuple[str, str]]:
    trainer = roles_of(request.user) & {"trainer", "department", "inspector", "town_officer"}
    first = (_("Training certificates"), reverse("desk:talent_certificates"))
    return [first if trainer else (_("Courses and examinations"), reverse("desk:my_training")), (row.number, "")]


def _acts(actor: Any) -> list[Act]:
    fields = {"reason": after.area(gettext_lazy("Reason"), 400), "second_person": second_field(actor, TRAINERS)}
    return [
        Act("replace", "talent.replace_certificate",
            lambda actor, one, said: service.replace_certificate(actor, one, said["reason"]),
            help=gettext_lazy("For a mistake in a name or a course: the corrected one holds as long as this one.")),
        *[
            Act(step, "talent.revoke_certificate",
                lambda actor, one, said: service.revoke_certificate(actor, one, said["reason"], said["second_person"]), fields,
                help=gettext_lazy("Obtained by cheating or issued in error. Two trainers decide; it stands in the register at once."))
            for step in ("revoke", "revoke_late")
        ],
    ]  # fmt: skip


@page("trainer")
def training_sitting(request: HttpRequest, pk: int) -> HttpResponse:
    """One sitting for the trainer: answers and marks, a contested mark, voiding."""
    rows = visible(request.user, Sitting.objects.select_related("exam__session__course", "enrolment__learner"))
    row = get_object_or_404(rows, pk=pk)
    found = offers(request, row, _mark_acts(request.user, row), {})
    if request.method == "POST" and take(request, row, found):
        return redirect("desk:training_sitting", pk)
    over = row.status not in ("drawn", "started")
    session = row.exam.session
    shown = page_of(request, row, found, "desk:training_sitting") | {
        "stage": "build", "state": training_words.state_chip(row), "over": over,
        "lines": _lines(row) if over else [], "seed": row.exam.seed if seed_open(row.exam) else "",
        "points": figure(row.points, 1), "most": figure(row.most, 1), "history": history(row),
        "crumbs": [(_("Courses and sessions"), reverse("desk:training_sessions")),
                   (session.number, reverse("desk:training_session", args=[session.pk])), (row.number, "")],
    }  # fmt: skip
    return render(request, "talent/training_sitting.html", shown, status=400 if request.method == "POST" else 200)


def _lines(row: Sitting) -> list[dict[str, Any]]:
    bank, found = versions_on(row), []
    for asked in row.paper:
        place = str(asked["place"])
        question, said = bank[place], row.answers.get(place)
        if question.options and said not in (None, ""):
            places = said if isinstance(said, list) else [said]
            order = asked["order"]
            said = _("; ").join(
                question.options[order[int(one)]] for one in places if str(one).isdigit() and int(one) < len(order)
            )
        said = (
            {"true": _("right"), "false": _("wrong")}.get(str(said), said)
            if question.kind == Question.Kind.TRUE_FALSE
            else said
        )
        found.append({"n": place, "stem": question.stem, "code": f"{question.code} v{question.version}", "said": said or "—",
                      "points": figure(row.marks.get(place, 0.0), 1), "most": figure(float(asked["points"]), 1)})  # fmt: skip
    return found


def _mark_acts(actor: Any, row: Sitting) -> list[Act]:
    second = second_field(actor, TRAINERS)
    return [
        Act("uphold", "talent.uphold_mark", lambda actor, one, said: service.uphold_mark(actor, one, said["reply"]),
            {"reply": after.area(gettext_lazy("Reply to the candidate"), 1000)}),
        Act("remark", "talent.correct_mark",
            lambda actor, one, said: service.correct_mark(actor, one, _points(said["marks"]), said["reply"], said["second_person"]),
            {"marks": after.line(gettext_lazy("Points by question"), 400, help_text=gettext_lazy("For example: 3=5, 7=10")),
             "reply": after.area(gettext_lazy("Reply to the candidate"), 1000), "second_person": second}),
        Act("void", "talent.void_sitting",
            lambda actor, one, said: service.void_sitting(actor, one, said["reason"], said["second_person"]),
            {"reason": after.area(gettext_lazy("Reason"), 400), "second_person": second},
            help=gettext_lazy("For a fault of the examination or cheating. It does not count as an attempt.")),
    ]  # fmt: skip


def _points(text: str) -> dict[str, float]:
    """Return points by question as somebody typed them; what cannot be read is no question of the paper.

    >>> _points("3=5, 7 = 10"), _points("x")
    ({'3': 5.0, '7': 10.0}, {'?': -1.0})
    """
    found: dict[str, float] = {}
    for part in text.replace("，", ",").split(","):
        place, _equals, points = part.partition("=")
        try:
            found[str(int(place))] = float(points)
        except ValueError:
            found["?"] = -1.0
    return found
