"""What firms think of their treatment: one rating for a case; an expert sees the mean of three or more, never whose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count
from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import verb
from qualipolis.city.hospital.consultation.parties import parties, require_seen
from qualipolis.city.hospital.learning.small_numbers import FEWEST
from qualipolis.city.hospital.models import Case, Rating
from qualipolis.methods.problems import Problem, msg, refuse

RATED = ("cured", "improved", "following", "closed", "reopened")
STARS = range(1, 6)


@dataclass(frozen=True)
class Mean:
    """The mean of ``n`` ratings; none is told of fewer than three, as they would tell who rated."""

    stars: float | None
    n: int


@verb("hospital.rate_case", roles=("enterprise",), scope=parties)
def rate(actor: Any, thing: Case, stars: int, words: str = "") -> Rating:
    """Rate the treatment of one's own case, once; the ledger says that it was done, not how."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=thing.pk)
    require_seen(actor, case)
    wrong = []
    if case.status not in RATED:
        wrong.append(Problem("not_judged", msg("A treatment is rated when it has been judged.")))
    if Rating.objects.filter(case=case).exists():
        wrong.append(Problem("rated", msg("This case has been rated already.")))
    if stars not in STARS:
        wrong.append(Problem("bad_stars", msg("Give one to five stars."), place="stars"))
    if len(words.strip()) > 1000:
        wrong.append(Problem("too_long", msg("At most %(most)s characters."), "", {"most": 1000}, "words"))
    refuse(wrong)
    made = Rating.objects.create(case=case, stars=stars, words=words.strip(), given_on=timezone.localdate())
    record(actor, "hospital.rate_case", case, {"of": case.number})
    return made


def ratings_of(experts: Iterable[int]) -> dict[int, Mean]:
    """Return the mean rating of each expert by key."""
    keys = list(experts)
    rows = (
        Rating.objects.filter(case__expert__in=keys).values("case__expert").annotate(mean=Avg("stars"), n=Count("pk"))
    )
    found = {one["case__expert"]: _mean(one["mean"], one["n"]) for one in rows}
    return {key: found.get(key, Mean(None, 0)) for key in keys}


def _mean(stars: float | None, n: int) -> Mean:
    return Mean(stars if n >= FEWEST else None, n)
