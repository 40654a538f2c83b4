"""A reviewer's own reviews, and one sheet: declare, score every item alone, hand in. On a tablet or a phone."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from qualipolis.city.core import drafts
from qualipolis.city.core.attachments import files_of, may_read
from qualipolis.city.core.policy import page, visible
from qualipolis.city.talent import service
from qualipolis.city.talent.awards import queries
from qualipolis.city.talent.awards.parties import OPEN_SHEETS, READERS
from qualipolis.city.talent.awards.scoring import SCORABLE
from qualipolis.city.talent.awards.visibility import scores_open
from qualipolis.city.talent.models import Reviewer, ScoreSheet
from qualipolis.city.talent.reviewers.conflicts import conflicts_of
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.flow_page import Act, offers, take
from qualipolis.faces.desk.rooms.measure.pieces import deadline
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.faces.desk.rooms.talent import award_words as words
from qualipolis.faces.desk.rooms.talent.award_round import STAGE
from qualipolis.law.talent.excellence import BANDS, CATEGORIES, ITEMS, Item, band_of
from qualipolis.law.talent.excellence import scores as steps

RELATED = ("application__round", "application__enterprise__unit", "reviewer__person")


@page("reviewer")
def my_reviews(request: HttpRequest) -> HttpResponse:
    """The reviews of one reviewer, what is open first, and how one stands."""
    rows = [_card(sheet) for sheet in queries.own_sheets(request.user)[:60]]
    me = Reviewer.objects.filter(person_id=request.user.pk).first()
    shown = {
        "stage": STAGE, "rows": rows, "me": me, "state": words.chip(me) if me else None,
        "waiting": sum(bool(row["next"]) for row in rows), "crumbs": [(_("My reviews"), "")],
    }  # fmt: skip
    return render(request, "talent/my_reviews.html", shown)


def _card(sheet: ScoreSheet) -> dict[str, Any]:
    running = sheet.application.status in SCORABLE
    next_ = ""
    if running and sheet.status == "assigned":
        next_ = _("Declare and begin")
    elif running and sheet.status == "scoring":
        next_ = _("Go on scoring")
    return {
        "sheet": sheet, "state": words.chip(sheet), "next": next_, "due": deadline(sheet.due_on) if next_ else None,
        "done": len(sheet.scores), "all": len(ITEMS), "team": sheet.status == "handed_in",
    }  # fmt: skip


def field_name(item: Item, part: str) -> str:
    """Return the name of a field of an item.

    >>> from qualipolis.law.talent.excellence import ITEMS
    >>> field_name(ITEMS[0], "score")
    'score_4_1_2'
    """
    return f"{part}_{item.code.replace('.', '_')}"


def score_choices() -> list[tuple[Any, Any]]:
    """Return the scores under their bands."""
    none: list[tuple[Any, Any]] = [("", _("not scored"))]
    return none + [
        (f"{band.low}–{band.high} %", [(n, f"{n} %") for n in steps() if band.low <= n <= band.high]) for band in BANDS
    ]


class SheetForm(forms.Form):
    """The score and the words of every item."""

    def __init__(self, sheet: ScoreSheet, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in ITEMS:
            label = f"{item.code} {_(item.name)}"
            self.fields[field_name(item, "score")] = forms.TypedChoiceField(
                choices=score_choices(), coerce=int, empty_value=None, required=False, label=_("Score"),
                initial=sheet.scores.get(item.code, ""), widget=forms.Select(attrs={"aria-label": f"{label}: {_('Score')}"}),
            )  # fmt: skip
            self.fields[field_name(item, "words")] = forms.CharField(
                max_length=1000, required=False, label=_("Strengths and gaps"), initial=sheet.words.get(item.code, ""),
                widget=forms.Textarea(attrs={"rows": 2, "aria-label": f"{label}: {_('Strengths and gaps')}"}),
            )  # fmt: skip

    def groups(self) -> list[tuple[Any, list[tuple[Item, Any, Any]], int, bool]]:
        """Return the categories with the fields of their items, how many are scored, and which is unfolded.

        Unfolded is the first category with something left, and each with an error.
        """
        found, first = [], True
        for category in CATEGORIES:
            items = [
                (item, self[field_name(item, "score")], self[field_name(item, "words")]) for item in category.items
            ]
            done = sum(score.value() not in (None, "") and bool(words.value()) for _item, score, words in items)
            wrong = any(score.errors or words.errors for _item, score, words in items)
            left = done < len(items)
            found.append((category, items, done, bool(wrong or (first and left))))
            first = first and not left
        return found


@page("reviewer", *READERS)
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """One sheet: the own to score, or one that may be read."""
    row = get_object_or_404(visible(request.user, ScoreSheet.objects.select_related(*RELATED)), pk=pk)
    mine = row.reviewer.person_id == request.user.pk
    found = offers(request, row, _acts(), _facts(row)) if mine and row.application.status in SCORABLE else []
    scoring = mine and row.status == "scoring" and row.application.status in SCORABLE
    form = (
        SheetForm(row, request.POST if request.method == "POST" and "keep" in request.POST else None)
        if scoring
        else None
    )
    if request.method == "POST" and (_kept(request, row, form) or take(request, row, found)):
        return redirect("desk:award_sheet", pk)
    rated = after.marks(request, row, [_rating()] if not mine else [])
    if request.method == "POST" and after.take_mark(request, row, rated):
        return redirect("desk:award_sheet", pk)
    context = _context(request, row, found, form) | {"marks": rated, "links": []}
    return render(request, "talent/award_sheet.html", context, status=400 if request.method == "POST" else 200)


def _kept(request: HttpRequest, row: ScoreSheet, form: SheetForm | None) -> bool:
    """Keep what was scored; with "hand in" pressed hand it in too."""
    if form is None or not form.is_bound:
        return False

    def save(said: dict[str, Any]) -> None:
        given = {item.code: said[field_name(item, "score")] for item in ITEMS}
        service.save_sheet(request.user, row, given, {item.code: said[field_name(item, "words")] for item in ITEMS})

    words_ = "" if "hand_in" in request.POST else _("Kept. Only you see it until you hand it in.")
    if not attempt(request, form, save, words_):
        return False
    if "hand_in" in request.POST and not attempt(request, form, lambda said: service.hand_in_sheet(request.user, row)):
        return False
    drafts.discard(request.user, f"award-sheet-{row.pk}")
    return True


def _rating() -> after.Mark:
    return after.Mark(
        "rate", "talent.rate_reviewer", _("Rate the review"),
        {"score": lambda: forms.TypedChoiceField(choices=[(n, n) for n in range(5, 0, -1)], coerce=int, label=_("Rating, 5 is best")),
         "words": after.area(_("Why"), 400, required=False)},
        lambda actor, one, said: service.rate_reviewer(actor, one, said["score"], said["words"]),
        lambda one: one.status == "handed_in",
    )  # fmt: skip


def _facts(row: ScoreSheet) -> dict[str, Any]:
    known = conflicts_of(row.reviewer, row.application.enterprise)
    return {"conflict": ", ".join(known), "scores": row.scores, "words": row.words}


def _acts() -> list[Act]:
    decline = {"conflict": lambda: forms.BooleanField(required=False, label=_("It is a conflict of interest"))}
    return [
        Act("open", "talent.open_sheet", lambda actor, one, said: service.open_sheet(actor, one), title=_("Have you a conflict of interest?"),
            help=_("Tied to the firm or its group, adviser within three years, shares, relatives: then step aside below.")),
        Act("decline", "talent.decline_review",
            lambda actor, one, said: service.decline_review(actor, one, said["reason"], conflict=said["conflict"]), decline, for_good=True),
    ]  # fmt: skip


def _context(request: HttpRequest, row: ScoreSheet, found: list[Any], form: SheetForm | None) -> dict[str, Any]:
    from qualipolis.faces.desk.rooms.flow_page import box_of

    first = [one for one in found if one.act.step == "open"]
    box = box_of(first, reverse("desk:award_sheet", args=[row.pk]), row.due_on)
    readable = scores_open(request.user, row) and form is None and row.handed_in_at is not None
    return {
        "stage": STAGE, "row": row, "state": words.chip(row), "due": deadline(row.due_on) if row.status in OPEN_SHEETS else None,
        "box": box, "blocked": [one for one in first if one.blocked], "beside": [one for one in found if one.act.step == "decline"],
        "form": form, "done": len(row.scores), "all": len(ITEMS), "bands": BANDS,
        "lines": _lines(row) if readable else [],
        "files": [file for file in files_of([row.application])[row.application_id] if may_read(request.user, file)],
        "crumbs": _crumbs(request, row),
    }  # fmt: skip


def _lines(row: ScoreSheet) -> list[tuple[Any, list[tuple[Item, int, str, Any]]]]:
    return [
        (
            category,
            [
                (item, row.scores[item.code], row.words.get(item.code, ""), band_of(row.scores[item.code]))
                for item in category.items
            ],
        )
        for category in CATEGORIES
    ]


def _crumbs(request: HttpRequest, row: ScoreSheet) -> list[tuple[str, str]]:
    if row.reviewer.person_id == request.user.pk:
        return [(_("My reviews"), reverse("desk:my_reviews")), (row.application.number, "")]
    return [
        (row.application.number, reverse("desk:award_application", args=[row.application_id])),
        (row.reviewer.number, ""),
    ]
