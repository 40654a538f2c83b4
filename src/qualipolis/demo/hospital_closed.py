"""Cases of the demo that ended long ago, told in a few words, so that the numbers of outcomes have something to count.

The firms of the earlier ones are drawn at random among those with a failed random sample, and their later samples were
drawn before anybody thought of a hospital: the true uplift of being treated is zero, and the matched estimate has to say
so. ``TRUE_UPLIFT`` is what its interval must contain.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np

from qualipolis.city.hospital import service as hospital
from qualipolis.city.hospital.models import Case
from qualipolis.city.registry.models import Enterprise
from qualipolis.city.supervise.models import ResultFact
from qualipolis.demo.hospital_people import Doctors
from qualipolis.demo.hospital_story import Story
from qualipolis.demo.hospital_words import GARMENT, PART, PASTRY, PLASTIC, POWER_BANK, ROUTER, Ill, general
from qualipolis.demo.supervision_words import CLUSTER_OF

TRUE_UPLIFT = 0.0
EARLY, LATE = 24, 10
FIRST, LAST = date(2016, 3, 1), date(2020, 9, 30)
KNOWN = (GARMENT, PART, PASTRY, PLASTIC, POWER_BANK, ROUTER)
BY_CLASS = {category: general(category, cluster) for category, cluster in CLUSTER_OF.items()}
BY_CLASS |= {one.category: one for one in KNOWN}
COMES_BACK = 3
TREATED_BY = {"electronics": (2, 3), "equipment": (6, 3), "materials": (4, 6), "food": (5,), "textiles": (1,)}
Dated = tuple[date, Callable[[], Any]]
Pair = tuple[int, str, date]


def closed_cases(doctors: Doctors, chance: np.random.Generator, today: date) -> list[Dated]:
    """Return the days of the cases that ended long ago."""
    pool = failed_first()
    chosen = chance.choice(len(pool), size=min(EARLY, len(pool)), replace=False)
    wanted = [pool[int(place)] for place in sorted(chosen)]
    begun = [(firm, category, day + timedelta(days=int(chance.integers(8, 80)))) for firm, category, day in wanted]
    every = [*begun, *_lately(chance, today)]
    firms = Enterprise.objects.in_bulk([firm for firm, _category, _day in every])
    days: list[Dated] = []
    for place, (firm, category, day) in enumerate(every):
        days += _case(doctors, firms[firm], BY_CLASS[category], day, chance, place)
    return [one for one in days if one[0] <= today]


def failed_first() -> list[Pair]:
    """Return firm, class and day of each first failed random sample that later samples followed."""
    rows = ResultFact.objects.filter(purpose="random", category__in=BY_CLASS, enterprise__isnull=False)
    known: dict[tuple[int, str], list[tuple[date, str]]] = {}
    for firm, category, day, verdict in rows.order_by("sampled_on", "number").values_list(
        "enterprise", "category", "sampled_on", "verdict"
    ):
        known.setdefault((firm, category), []).append((day, verdict))
    found = []
    for (firm, category), tests in sorted(known.items()):
        day = next((one for one, verdict in tests if verdict == "fail"), None)
        later = day and any(day + timedelta(days=90) < one <= day + timedelta(days=730) for one, _verdict in tests)
        if day and later and FIRST <= day <= LAST:
            found.append((firm, category, day))
    return found


def _lately(chance: np.random.Generator, today: date) -> list[Pair]:
    """Return cases of the last two years that a firm registered by itself."""
    found = []
    for place in range(LATE):
        category = KNOWN[place % len(KNOWN)].category
        firms = Enterprise.objects.filter(products__category=category, closed_on=None).order_by("credit_code")
        firm = firms.values_list("pk", flat=True)[int(chance.integers(0, 200))]
        found.append((firm, category, today - timedelta(days=640 - 42 * place)))
    return found


def _case(
    doctors: Doctors, firm: Enterprise, ill: Ill, day: date, chance: np.random.Generator, place: int
) -> list[Dated]:
    """Return the days of one case; a few do not go well."""
    experts = TREATED_BY[ill.department]
    one = Story(doctors, firm, ill, experts[place % len(experts)], chance, light=True)
    slow = 3 if place % 9 == 4 else 1
    days = [(0, one.register), (slow, one.triage), (slow, one.propose), (slow + 1, one.accept)]
    if place % 12 == 5:
        days.append((9, lambda: hospital.withdraw_case(doctors.actor, one.fresh(), "企业转产，不再生产该产品（演示）")))
    elif place % 12 == 8:
        days += _silent(doctors, one)
    else:
        days += _treated(one, chance, place)
    return [(day + timedelta(days=ago), happens) for ago, happens in days]


def _silent(doctors: Doctors, one: Story) -> list[tuple[int, Callable[[], Any]]]:
    """The firm does not answer, and the case ends by itself."""

    def ask() -> None:
        hospital.ask_firm(one.doctor, one.fresh(), "请寄两件留样和最近三个月的检验记录（演示）")

    return [
        (6, ask),
        (45, lambda: hospital.suspend_case(doctors.actor, one.fresh())),
        (130, lambda: hospital.close_unresponsive(doctors.actor, one.fresh())),
    ]


def _treated(one: Story, chance: np.random.Generator, place: int) -> list[tuple[int, Callable[[], Any]]]:
    """Examined, diagnosed, treated, judged by the numbers, and followed up for half a year."""
    found = int(chance.integers(6, 13))
    done = found + int(chance.integers(18, 40))
    stars = (5, 4, 5, 3, 4, 5, 2)[place % 7]
    clearly = place < EARLY or place % 4 != 1

    def rate() -> None:
        if Case.objects.filter(pk=one.case.pk, status="closed").exists():
            one.rate(stars)()

    begun = _once(one, 4, found, done, clearly)
    if place == COMES_BACK:
        back = done + 98
        again = [(back, one.follow("recurred")), (back + 1, one.propose), (back + 2, one.accept)]
        begun += [*again, *_once(one, back + 4, back + 9, back + 32, True)]
        done = back + 32
    return [
        *begun, (done + 97, one.follow()), (done + 188, one.follow(method="site")), (done + 189, one.close),
        (done + 190, rate),
    ]  # fmt: skip


def _once(one: Story, begin: int, found: int, done: int, clearly: bool) -> list[tuple[int, Callable[[], Any]]]:
    """One treatment from its examination to the first follow-up."""
    return [
        (begin, one.examine), (found, one.diagnose), (found + 3, one.prescribe), (found + 5, one.agree),
        (done, one.finish), (done + 4, one.hand_in), (done + 6, lambda: one.judge(clearly)), (done + 37, one.follow()),
    ]  # fmt: skip
