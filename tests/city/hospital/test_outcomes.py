"""Outcome statistics: what is counted, honest n, intervals, and what is held back because it would tell whose it was."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from tests.city.hospital.cast import SYSTEM, case_in

from qualipolis.city.core.ledger import record
from qualipolis.city.hospital.learning import outcomes, uplift
from qualipolis.city.hospital.learning.small_numbers import held_back
from qualipolis.city.hospital.models import Rating
from qualipolis.city.supervise.models import ResultFact

TODAY = timezone.localdate
TIME = ZoneInfo("Asia/Shanghai")


def cases(cast, *statuses, **more):
    return [
        case_in(cast, status, enterprise=cast.city.firms[number % 6], **more) for number, status in enumerate(statuses)
    ]


def told(case, day, to="triaged"):
    """Tell the ledger that the case was registered on its day and moved ``to`` another state on ``day``."""
    for on, state in ((case.registered_on, "registered"), (day, to)):
        if on is not None:
            with time_machine.travel(datetime(on.year, on.month, on.day, 10, tzinfo=TIME)), transaction.atomic():
                record(SYSTEM, "hospital.triage", case, {"of": str(case), "to": state})


def test_the_cure_rate_counts_the_judged_with_those_who_gave_up(cast):
    cases(cast, "cured", "following", "closed", "closed", "closed_unresponsive", "withdrawn", "treating", "rejected")
    cases(cast, "improved", "deregistered", cured_on=None)
    found = outcomes.outcomes()
    assert (found.cure.n, round(found.cure.estimate * found.cure.n)) == (7, 4)
    assert (found.improved, found.unresolved) == (1, 2) and found.cure.low < found.cure.estimate < found.cure.high


def test_a_case_that_came_back_is_cured_no_more_until_it_is_judged_anew(cast):
    cases(cast, "cured", "cured", "cured")
    cases(cast, "reopened", "treating", "withdrawn", "closed_unresponsive", cured_on=TODAY(), reopened=1)
    found = outcomes.outcomes()
    assert (found.cure.n, round(found.cure.estimate * found.cure.n), found.unresolved) == (5, 3, 2)


def test_a_share_behind_which_one_or_two_firms_stand_is_not_told(cast):
    cases(cast, "cured", "cured", "examining", "examining")
    found = outcomes.outcomes()
    assert found.cases == 4 and found.cure is None
    cases(cast, "cured", "cured", "closed")
    assert outcomes.outcomes().cure.n == 5 and outcomes.outcomes().recurrence is None


def test_a_case_withdrawn_before_anybody_treated_it_is_no_failure(cast):
    cases(cast, "cured", "cured", "cured")
    case_in(cast, "withdrawn", expert=None)
    assert outcomes.outcomes().cure.n == 3


def test_the_first_response_is_in_time_by_the_ledger(cast):
    monday = date(2026, 3, 2)
    rows = cases(cast, *["triaged"] * 3, "rejected", "registered", registered_on=monday)
    for row, day in zip(rows, (2, 3, 4, 3, None), strict=True):
        told(row, day and date(2026, 3, day), "rejected" if row.status == "rejected" else "triaged")
    assert outcomes.first_responses(rows, date(2026, 3, 3)) == (3, 1, 1)
    assert outcomes.first_responses(rows, date(2026, 3, 4)) == (3, 2, 0)


def test_a_weekend_and_a_holiday_do_not_make_the_first_response_late(cast):
    row = case_in(cast, "triaged", registered_on=date(2026, 9, 30))  # the day before the holidays of October
    told(row, date(2026, 10, 8))
    assert outcomes.first_responses([row], date(2026, 10, 9)) == (1, 0, 0)


def test_what_has_no_prescription_yet_still_waits(cast):
    cases(cast, "treating", "treating", "treating")
    some = outcomes.outcomes().prescription
    cases(cast, *["examining"] * 4, registered_on=TODAY() - timedelta(days=90))
    more = outcomes.outcomes().prescription
    assert (some.median, some.ended, some.n) == (6, 3, 3)
    assert more.median is None and (more.ended, more.n) == (3, 7)


def test_only_a_cure_that_was_watched_for_the_whole_term_counts_for_recurrence(cast):
    long_ago, lately = TODAY() - timedelta(days=200), TODAY() - timedelta(days=100)
    cases(cast, "closed", "closed", "closed", cured_on=long_ago)
    cases(cast, "reopened", cured_on=long_ago, reopened=1)
    cases(cast, "reopened", "following", cured_on=lately, reopened=1)
    found = outcomes.outcomes()
    assert (found.recurrence.n, found.recurrence.estimate) == (4, 0.25)


def test_satisfaction_needs_three_ratings(cast):
    rows = cases(cast, "closed", "closed", "closed")
    for row, stars in zip(rows, (5, 4, 2), strict=True):
        assert outcomes.outcomes().satisfied is None
        Rating.objects.create(case=row, stars=stars)
    found = outcomes.outcomes()
    assert found.satisfied.n == 3 and found.stars == pytest.approx(11 / 3)


def test_figures_of_one_or_two_firms_are_held_back(cast):
    case_in(cast, "closed")
    case_in(cast, "closed", enterprise=cast.other_firm)
    found = outcomes.outcomes()
    assert found.held_back and found.cases is None and found.cure is None
    case_in(cast, "closed", enterprise=cast.city.firms[2])
    assert not outcomes.outcomes().held_back


def test_a_single_small_cell_takes_the_next_smallest_with_it():
    assert held_back({"a": 9, "b": 1, "c": 4}) == {"b", "c"}
    assert held_back({"a": 9, "b": 1, "c": 2, "d": 4}) == {"b", "c"}
    assert held_back({"a": 9, "b": 1, "c": 1, "d": 4}) == {"b", "c", "d"}
    assert held_back({"a": 9, "b": 0}) == frozenset()


def test_a_small_department_is_held_back_with_the_next(cast):
    cases(cast, *["closed"] * 5)
    case_in(cast, "closed", department=cast.other_department)
    assert {one.key: one.cases for one in outcomes.by_department()} == {"textiles": None, "metal": None}


def test_no_month_to_come_is_told_as_zero(cast):
    day = TODAY()
    cases(cast, "closed", "closed", "closed", registered_on=day)
    found = outcomes.by_month(day.year)
    assert found[-1].key == f"{day:%Y-%m}" and found[-1].cases == 3 and all(one.cases == 0 for one in found[:-1])


def test_the_load_is_spread_over_the_experts_in_office(cast):
    cases(cast, "examining", "treating", "closed")
    found = outcomes.load()
    assert (found.experts, found.cases, found.largest, found.gini) == (2, 2, 2, 0.5)


def fact(number, cast, firm, day, verdict):
    return ResultFact(
        number=f"F{number}", year=day.year, sampled_on=day, purpose="random", unit=firm.unit, cluster=firm.cluster,
        enterprise=firm, category="儿童服装", status="final", verdict=verdict, first_verdict=verdict,
    )  # fmt: skip


def sampled(cast, effect, seed=4):
    """Firms of equal chance before; the treated pass more often afterwards by ``effect``."""
    from tests.city.supervise.cast import firm as make_firm

    rng, made, number = np.random.default_rng(seed), [], 0
    failed_on = date(2024, 3, 1)
    for place in range(90):
        firm = make_firm(1000 + place, cast.city.units[place % 2], cast.firm.cluster)
        treated = place % 3 == 0
        if treated:
            case_in(cast, "closed", enterprise=firm, registered_on=failed_on + timedelta(days=20))
        before = [1.0] * (2 + place % 4)
        chances = [*before, 0.0, *[0.7 + effect * treated] * 8]
        days = [failed_on - timedelta(days=30 * (len(before) - n)) for n in range(len(before) + 1)]
        days += [failed_on + timedelta(days=100 + 40 * n) for n in range(8)]
        for chance, day in zip(chances, days, strict=True):
            number += 1
            made.append(fact(number, cast, firm, day, "pass" if rng.random() < chance else "fail"))
    ResultFact.objects.bulk_create(made)


def test_the_uplift_is_told_from_matched_pairs_with_their_balance(cast):
    sampled(cast, 0.25)
    found = uplift.uplift()
    assert found.told and (found.failed, found.treated) == (90, 30) and len(found.found.pairs) >= 10
    assert found.found.low < 0.25 < found.found.high and found.found.low > 0
    assert len(found.found.balance) == 4


def test_few_pairs_tell_nothing(cast):
    assert not uplift.uplift().told
    case_in(cast, "closed", enterprise=cast.firm, registered_on=date(2024, 3, 5))
    rows = [fact(n, cast, firm, day, verdict) for n, (firm, day, verdict) in enumerate(
        [(firm, date(2024, 3, 1) + timedelta(days=days), verdict) for firm in cast.city.firms[:4]
         for days, verdict in ((0, "fail"), (120, "pass"))])]  # fmt: skip
    ResultFact.objects.bulk_create(rows)
    found = uplift.uplift()
    assert not found.told and found.reason and (found.failed, found.treated) == (4, 1)


def test_a_firm_treated_at_another_time_is_neither_treated_nor_untreated(cast):
    case_in(cast, "closed", enterprise=cast.firm, registered_on=date(2024, 9, 1))
    days = ((0, "fail"), (120, "pass"))
    rows = [fact(n, cast, cast.firm, date(2024, 3, 1) + timedelta(days=d), v) for n, (d, v) in enumerate(days)]
    ResultFact.objects.bulk_create(rows)
    found = uplift.uplift()
    assert (found.failed, found.treated, found.without_later) == (1, 0, 1)


def test_no_other_year_and_no_other_department_gives_a_small_cell_away(cast):
    """Textiles of one year has a single firm; its total over the years and that of the year are told."""
    this, last = date(2026, 3, 2), date(2025, 3, 2)
    for day, department, firms in ((this, cast.department, 1), (last, cast.department, 4),
                                   (this, cast.other_department, 5), (last, cast.other_department, 5)):  # fmt: skip
        for firm in cast.city.firms[:firms]:
            case_in(cast, "closed", enterprise=firm, department=department, registered_on=day)
    for year in (2025, 2026):
        assert {one.cases for one in outcomes.by_department(year)} == {None}
    assert {one.key: one.cases for one in outcomes.by_department()} == {"textiles": 5, "metal": 10}


def test_a_year_of_one_firm_takes_the_smallest_other_year_with_it(cast):
    for year, firms in ((2024, 1), (2025, 3), (2026, 5)):
        for firm in cast.city.firms[:firms]:
            case_in(cast, "closed", enterprise=firm, registered_on=date(year, 3, 2))
    held = {year: outcomes.outcomes(year).held_back for year in (2024, 2025, 2026)}
    assert held == {2024: True, 2025: True, 2026: False} and outcomes.outcomes().cases == 9
