"""The firm rates its treatment: five stars and a few words."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import can, page
from qualipolis.city.hospital import service
from qualipolis.city.hospital.learning.ratings import RATED
from qualipolis.city.hospital.models import Rating
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.hospital.case_thread import case_of, crumbs_of

STARS = (
    ("5", gettext_lazy("★★★★★ very good")),
    ("4", gettext_lazy("★★★★ good")),
    ("3", gettext_lazy("★★★ fair")),
    ("2", gettext_lazy("★★ poor")),
    ("1", gettext_lazy("★ very poor")),
)


class RatingForm(forms.Form):
    """Stars and words."""

    stars = forms.ChoiceField(label=gettext_lazy("How was the treatment?"), choices=STARS, widget=forms.RadioSelect)
    words = forms.CharField(
        label=gettext_lazy("In words, if you like"), max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


@page("enterprise")
def hospital_rate(request: HttpRequest, pk: int) -> HttpResponse:
    """Rate one's own judged case, once."""
    case = case_of(request, pk)
    if case.status not in RATED or not can(request.user, "hospital.rate_case", case):
        raise Http404
    if Rating.objects.filter(case=case).exists():
        messages.info(request, _("You have rated this treatment already. Thank you."))
        return redirect("desk:hospital_case", pk)
    form = RatingForm(request.POST or None)
    if request.method == "POST" and attempt(
        request, form, lambda said: service.rate_case(request.user, case, int(said["stars"]), said["words"]),
        _("Thank you."),
    ):  # fmt: skip
        return redirect("desk:hospital_case", pk)
    context = {"stage": "diagnose", "case": case, "form": form, "crumbs": crumbs_of(case, _("Rating"))}
    return render(request, "hospital/rating.html", context, status=400 if form.errors else 200)
