"""What is learned, on the page of a case: cases like it, the knowledge case made from it, the rating."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from qualipolis.city.core.policy import can, visible
from qualipolis.city.hospital.learning import similar
from qualipolis.city.hospital.learning.knowledge import JUDGED
from qualipolis.city.hospital.learning.ratings import RATED
from qualipolis.city.hospital.models import Case, KnowledgeCase, Rating
from qualipolis.faces.desk.rooms.flow_page import chip_of
from qualipolis.faces.desk.rooms.hospital.cards import Made, card
from qualipolis.faces.desk.rooms.hospital.knowledge import title_of

SHOWN = 4
BEFORE = ("draft",)


@card("main", 50)
def like_cases(request: HttpRequest, case: Case) -> Made:
    """What was like it, with the reasons; other firms' cases only where this person sees them anyway."""
    if case.status in BEFORE:
        return None
    found = [
        (_title(one), _address(one), chip_of(one.row), one)
        for one in similar.like(request.user, case, SHOWN)
    ]  # fmt: skip
    common = similar.pattern(case)
    if not found and common is None:
        return None
    return "hospital/cards/like.html", {"case": case, "found": found, "common": common}


def _title(one: similar.Like) -> str:
    if isinstance(one.row, KnowledgeCase):
        return title_of(one.row)
    return f"{one.row} {one.row.product_name}"


def _address(one: similar.Like) -> str:
    return reverse("desk:hospital_knowledge_case" if one.known else "desk:hospital_case", args=[one.row.pk])


@card("aside", 60)
def learned(request: HttpRequest, case: Case) -> Made:
    """The knowledge case of this case, or the way to write one; the rating of the firm."""
    row = visible(request.user, KnowledgeCase.objects.filter(case=case)).first()
    writes = case.status in JUDGED and case.consent != Case.Consent.NONE and not KnowledgeCase.objects.filter(
        case=case).exists() and can(request.user, "hospital.write_knowledge", case)  # fmt: skip
    rating = visible(request.user, Rating.objects.filter(case=case)).first()
    rates = case.status in RATED and rating is None and can(request.user, "hospital.rate_case", case)
    if not (row or writes or rating or rates):
        return None
    stars = "★" * rating.stars + "☆" * (5 - rating.stars) if rating else ""
    spoken = _("%(n)s of 5 stars") % {"n": rating.stars} if rating else ""
    return "hospital/cards/learned.html", {
        "case": case, "row": row, "state": chip_of(row) if row else None, "title": title_of(row) if row else "",
        "writes": writes, "rating": rating, "stars": stars, "spoken": spoken, "rates": rates,
    }  # fmt: skip
