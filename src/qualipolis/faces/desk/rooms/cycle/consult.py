"""The consultation of a set (征求意见): who said what of which part, what was answered, what holds the approval up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qualipolis.city.core.listings import listing
from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import can, city_wide, page, visible
from qualipolis.city.core.roles import STAFF
from qualipolis.city.measure import queries, service
from qualipolis.city.measure.models import Comment, IndicatorSet
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.assess.frame import address, exports
from qualipolis.faces.desk.rooms.cycle.town import attempt, days_left, filter_name
from qualipolis.faces.desk.rooms.measure.pieces import STAGE, Told, day, deadline, history, law_of, undo_offer
from qualipolis.law.flows import ALL

PER_PAGE = 40
Status = IndicatorSet.Status
VERBS = ("measure.consult_set", "measure.revise_set", "measure.approve_set")
OVERSEERS = ("leader", "planner", "auditor")
SAID = ("measure.comment_set", "measure.answer_comment")
CHIPS = {
    "": ("wait", "hourglass"),
    "adopted": ("ok", "circle-check"),
    "partly": ("ok", "equal"),
    "not_adopted": ("idle", "minus"),
}
SHOWS: tuple[tuple[str, Any], ...] = (
    ("", gettext_lazy("All comments")),
    ("open", gettext_lazy("Without an answer")),
    ("adopted", gettext_lazy("Adopted")),
    ("partly", gettext_lazy("Partly")),
    ("not_adopted", gettext_lazy("Not adopted")),
)


class CommentForm(forms.Form):
    """A comment on the set, or on one node of it."""

    do = forms.CharField(widget=forms.HiddenInput, initial="comment")
    node = forms.ChoiceField(label=gettext_lazy("What it is about"), required=False)
    text = forms.CharField(
        label=gettext_lazy("Your comment"),
        help_text=gettext_lazy("Say what should be changed, and why. One matter in each comment."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, nodes: Mapping[str, str], data: Any = None) -> None:
        super().__init__(data, auto_id="id_comment_%s")
        self.fields["node"].choices = [("", _("The whole set")), *nodes.items()]


class AnswerForm(forms.Form):
    """The words that go with an answer."""

    do = forms.CharField(widget=forms.HiddenInput, initial="answer")
    pk = forms.IntegerField(widget=forms.HiddenInput)
    reply = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Needed unless the comment is adopted whole."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, row: Comment, data: Any = None) -> None:
        super().__init__(data, initial={"pk": row.pk, "do": "answer"}, auto_id="id_answer_%s")
        self.chosen = (data or {}).get("choice", "")


def nodes_of(set_: IndicatorSet) -> dict[str, str]:
    """Return the nodes of a set by code, the dimensions by name before the indicators by code and name."""
    dimensions = {row.code: str(row.name) for row in set_.dimensions.order_by("-level", "position")}
    return dimensions | {row.code: f"{row.code} {row.name}" for row in set_.indicators.order_by("position")}


@page(*STAFF)
def comments(request: HttpRequest, pk: int) -> HttpResponse:
    """The comments on a set: the office answers the next one, everybody else adds their own until the last day."""
    row = get_object_or_404(visible(request.user, IndicatorSet.objects.all()), pk=pk)
    told = queries.consultation(row)
    found = queries.comments(request.user, row)
    nodes = nodes_of(row)
    answering = _to_answer(request, row, found)
    say, reply = _forms(request, row, told, nodes, answering)
    if request.method == "POST" and _posted(request, row, say, reply, answering):
        return redirect("desk:set_comments", pk)
    only = request.GET.get("show", "")
    paged = Paginator(_fit(found, only), PER_PAGE).get_page(request.GET.get("page"))
    wrong = any(form is not None and form.errors for form in (say, reply))
    context = {
        "stage": STAGE,
        "row": row,
        "told": told,
        "blocked": blocked(row, told.unanswered),
        "steps": _steps(request.user, row, told),
        "filters": _filters(request, found, only),
        "paged": paged,
        "lines": [_line(one, nodes, answering) for one in paged],
        "box": _box(row, told, say, reply, answering),
        "say": say if reply is not None and say is not None else None,
        "may_answer": can(request.user, "measure.answer_comment"),
        "exports": exports("comments", f"set={pk}&show={only}", paged.paginator.count),
        "history": history(row, verbs=(*VERBS, *SAID) if city_wide(request.user, OVERSEERS) else VERBS)[:20],
        "undo": undo_offer(request.user),
        "crumbs": [
            (_("Indicator sets"), reverse("desk:sets")),
            (str(row.year), reverse("desk:set", args=[pk])),
            (_("Comments"), ""),
        ],
    }
    return render(request, "cycle/comments.html", context, status=400 if wrong else 200)


def blocked(row: IndicatorSet, unanswered: int) -> str:
    """Return in words what the comments hold up, or nothing."""
    if row.status != Status.CONSULTED or not unanswered:
        return ""
    one = "%(n)s comment has no answer yet; until then the set cannot be approved."
    many = "%(n)s comments have no answer yet; until then the set cannot be approved."
    return ngettext(one, many, unanswered) % {"n": unanswered}


def _to_answer(request: HttpRequest, row: IndicatorSet, found: QuerySet[Comment]) -> Comment | None:
    """The comment that is answered on this page now: the asked one, else the oldest without an answer."""
    if row.status not in (Status.CONSULTED, Status.DRAFT) or not can(request.user, "measure.answer_comment"):
        return None
    wanted = whole(request.POST.get("pk") or request.GET.get("answer"))
    asked = found.filter(pk=wanted).first() if wanted else None
    return asked or found.filter(answer="").order_by("made_at").first()


def _forms(
    request: HttpRequest, row: IndicatorSet, told: queries.Consultation, nodes: Mapping[str, str], one: Comment | None
) -> tuple[CommentForm | None, AnswerForm | None]:
    do = request.POST.get("do", "")
    say = reply = None
    if told.open and can(request.user, "measure.comment_set", row):
        say = CommentForm(nodes, request.POST if do == "comment" else None)
    if one is not None:
        reply = AnswerForm(one, request.POST if do == "answer" else None)
    return say, reply


def _posted(
    request: HttpRequest, row: IndicatorSet, say: CommentForm | None, reply: AnswerForm | None, one: Comment | None
) -> bool:
    if say is not None and say.is_bound:
        return attempt(
            request,
            say,
            lambda said: service.comment(request.user, row, said["text"], said["node"]),
            _("Your comment is with the office; it gets an answer."),
        )
    if reply is not None and reply.is_bound and one is not None:
        return attempt(
            request,
            reply,
            lambda said: service.answer_comment(request.user, one, reply.chosen, said["reply"]),
            _("The comment is answered."),
        )
    return False


def _fit(found: QuerySet[Comment], only: str) -> QuerySet[Comment]:
    if only == "open":
        return found.filter(answer="")
    return found.filter(answer=only) if only in Comment.Answer.values else found


def _filters(request: HttpRequest, found: QuerySet[Comment], only: str) -> list[parts.Segment]:
    answers = [*found.order_by().values_list("answer", flat=True)]
    counts = {"": len(answers), "open": answers.count("")}
    return [
        parts.Segment(
            str(words), address(request, show=key, page=None), key == only, counts.get(key, answers.count(key))
        )
        for key, words in SHOWS
    ]


def _line(one: Comment, nodes: Mapping[str, str], answering: Comment | None) -> dict[str, Any]:
    kind, icon = CHIPS[one.answer]
    words = str(one.get_answer_display()) if one.answer else _("waits for its answer")
    return {
        "row": one,
        "about": nodes.get(one.node, _("The whole set")),
        "body": one.organisation.name if one.organisation else "",
        "who": str(one.person) if one.person else _("the system"),
        "chip": parts.Chip(kind, words, icon),
        "current": answering is not None and answering.pk == one.pk,
    }


def _steps(user: Any, row: IndicatorSet, told: queries.Consultation) -> list[parts.Step]:
    """Sent out, comments, answers, approved: where the consultation stands and with whom it lies."""
    last: dict[str, Told] = {}
    for line in history(row, verbs=VERBS):
        last.setdefault(line.verb, line)
    over = row.status not in (Status.DRAFT, Status.CONSULTED)
    sent = row.status != Status.DRAFT
    office = can(user, "measure.answer_comment")
    mine = "begun" if office else "waiting"
    asked = "done" if over or (sent and not told.open) else ("begun" if told.open else "todo")
    answers = "done" if over or (sent and not told.open and not told.unanswered) else (mine if told.total else "todo")
    approval = "todo"
    if over:
        approval = "done"
    elif sent and not told.unanswered and not told.open:
        approval = "begun" if can(user, "measure.approve_set") else "waiting"
    out, done = last.get("measure.consult_set"), last.get("measure.approve_set")
    counted = _("%(done)s of %(n)s answered") % {"done": told.total - told.unanswered, "n": told.total}
    return [
        parts.Step(_("Sent out"), "done" if sent else mine, *(_who(out) if sent else ("", ""))),
        parts.Step(_("Comments"), asked, "", day(told.until), days_left(told.until) if told.open else ""),
        parts.Step(_("Answers"), answers, counted if told.total else ""),
        parts.Step(_("Approval"), approval, *(_who(done) if over else ("", ""))),
    ]


def _who(line: Told | None) -> tuple[str, str]:
    return (line.who, day(line.at)) if line else ("", "")


def _box(
    row: IndicatorSet,
    told: queries.Consultation,
    say: CommentForm | None,
    reply: AnswerForm | None,
    one: Comment | None,
) -> parts.NextStep | None:
    here = reverse("desk:set_comments", args=[row.pk])
    until, law = deadline(told.until) if told.open else None, law_of(ALL["indicator_set"].find("draft", "consult"))
    undo = _("You can undo this for 10 minutes.")
    if reply is not None and one is not None:
        who = one.organisation.name if one.organisation else str(one.person or "")
        title = _("Answer the comment of %(who)s") % {"who": who} if who else _("Answer the comment")
        choices = (
            ("adopted", _("Adopt"), _("The set is changed as the comment asks.")),
            ("partly", _("Adopt in part"), _("Say which part, and why not the rest.")),
            ("not_adopted", _("Do not adopt"), _("Say why, in words the other side accepts as an answer.")),
        )
        return parts.NextStep(
            title,
            _("Give the answer"),
            here,
            _("yours"),
            until,
            choices=choices,
            chosen=reply.chosen or one.answer,
            form=reply,
            undo=undo,
            law=law,
        )
    if say is not None:
        return parts.NextStep(
            _("Comment on the set"), _("Send the comment"), here, _("yours"), until, form=say, undo=undo, law=law
        )
    return None


def _in_words(params: Mapping[str, str]) -> list[str]:
    row = IndicatorSet.objects.filter(pk=whole(params.get("set")) or 0).first()
    return [*([row.name] if row else []), *filter_name(params, SHOWS)]


@listing("comments", gettext_lazy("Comments on the indicator set"), roles=STAFF, describe=_in_words)
def comments_frame(actor: Any, params: Mapping[str, str]) -> pl.DataFrame:
    """Return the comments that the person sees, with their answers."""
    row = visible(actor, IndicatorSet.objects.filter(pk=whole(params.get("set")) or 0)).first()
    nodes = nodes_of(row) if row else {}
    rows = list(_fit(queries.comments(actor, row), params.get("show", ""))) if row else []
    local = [timezone.localtime(one.made_at).replace(tzinfo=None) for one in rows]
    answered = [timezone.localtime(one.answered_at).replace(tzinfo=None) if one.answered_at else None for one in rows]
    return pl.DataFrame(
        {
            str(_("About")): pl.Series([nodes.get(one.node, _("The whole set")) for one in rows], dtype=pl.String),
            str(_("Body")): pl.Series(
                [one.organisation.name if one.organisation else None for one in rows], dtype=pl.String
            ),
            str(_("Person")): pl.Series([str(one.person) if one.person else None for one in rows], dtype=pl.String),
            str(_("Made at")): pl.Series(local, dtype=pl.Datetime),
            str(_("Comment")): pl.Series([one.text for one in rows], dtype=pl.String),
            str(_("Answer")): pl.Series([str(one.get_answer_display()) or None for one in rows], dtype=pl.String),
            str(_("Reason")): pl.Series([one.reply or None for one in rows], dtype=pl.String),
            str(_("Answered at")): pl.Series(answered, dtype=pl.Datetime),
        }
    )
