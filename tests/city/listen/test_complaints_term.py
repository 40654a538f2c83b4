"""The term of mediation over any pauses: the days that were left stay left, and a pause never shortens anything."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from qualipolis.city.listen.complaints.terms import Stop, left, mediation_rule, mediation_term
from qualipolis.law.calendar import is_working_day

ACCEPTED = st.dates(date(2026, 4, 15), date(2026, 9, 30))
RECEIVED = st.sampled_from([date(2026, 4, 14), date(2026, 4, 15)])
GAPS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 40)), max_size=4)


def stops_after(accepted: date, gaps: list[tuple[int, int]]) -> list[Stop]:
    """Return pauses one after the other, each ``wait`` days after the last and ``lasts`` days long."""
    found, day = [], accepted
    for wait, lasts in gaps:
        since = day + timedelta(days=wait)
        day = since + timedelta(days=lasts)
        found.append(Stop(since, day))
    return found


@given(ACCEPTED, RECEIVED, GAPS, st.integers(1, 60))
def test_the_days_left_when_it_goes_on_are_those_left_when_it_stopped(
    accepted: date, received: date, gaps: list[tuple[int, int]], lasts: int
) -> None:
    before = stops_after(accepted, gaps)
    since = (before[-1].until if before else accepted) + timedelta(days=3)
    until = since + timedelta(days=lasts)
    assert left(accepted, received, since, before) == left(accepted, received, until, [*before, Stop(since, until)])


@given(ACCEPTED, RECEIVED, GAPS)
def test_a_pause_never_shortens_the_term_and_its_last_day_is_a_working_day(
    accepted: date, received: date, gaps: list[tuple[int, int]]
) -> None:
    stops = stops_after(accepted, gaps)
    ends = [mediation_term(accepted, received, stops[:n]).due for n in range(len(stops) + 1)]
    assert ends == sorted(ends) and all(is_working_day(day) for day in ends)


@given(ACCEPTED, RECEIVED)
def test_all_days_are_left_on_the_first_and_one_on_the_last(accepted: date, received: date) -> None:
    term = mediation_term(accepted, received)
    assert left(accepted, received, accepted + timedelta(days=1)) == term.days
    if mediation_rule(received).unit == "working days":
        assert left(accepted, received, term.due) == 1
    else:
        assert left(accepted, received, term.due) <= 1  # a last day on a holiday was moved to the next working day
        assert left(accepted, received, accepted + timedelta(days=term.days)) == 1


@given(ACCEPTED, RECEIVED, st.integers(0, 40), st.integers(1, 60))
def test_a_pause_that_begins_in_time_never_ends_late(accepted: date, received: date, wait: int, lasts: int) -> None:
    since = accepted + timedelta(days=wait)
    stop = Stop(since, since + timedelta(days=lasts))
    if since <= mediation_term(accepted, received).due:
        assert mediation_term(accepted, received, [stop]).due >= stop.until
