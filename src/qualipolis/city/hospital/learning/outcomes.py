"""What the hospital achieves, in numbers that hold: shares with Wilson intervals, waits with what still waits, honest n."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from qualipolis.city.hospital.learning.small_numbers import FEWEST, held_back, held_back_in_table
from qualipolis.city.hospital.models import Case, CaseLink, Department, Expert, FollowUp, Rating
from qualipolis.city.hospital.reception import clocks
from qualipolis.law.terms import rule_number
from qualipolis.methods.outcomes import Wait, gini, median_wait
from qualipolis.methods.sampling.proportion import Interval, wilson

CURED, IMPROVED, UNRESOLVED = "cured", "improved", "unresolved"
UNDER_WAY = ("proposed", "assigned", "examining", "panel", "diagnosed", "prescribed", "treating", "verifying",
             "reopened", "waiting_firm", "suspended")  # fmt: skip
STANDING = ("cured", "following", "closed", "deregistered")
SATISFIED, FIRST_RESPONSE = 4, "hospital.first_response"


@dataclass(frozen=True)
class Load:
    """Open cases of the experts in office and how evenly they are spread; ``gini`` None where nobody has any."""

    experts: int
    cases: int
    largest: int
    gini: float | None


@dataclass(frozen=True)
class Outcomes:
    """All figures of the cases registered in a period. A share is None where nothing was there to be judged.

    ``held_back`` says that one or two firms stand behind them; then every figure is None.
    """

    cases: int | None
    firms: int | None
    open: int | None
    held_back: bool
    first_response: Interval | None = None
    waiting_response: int = 0
    prescription: Wait | None = None
    cure: Interval | None = None
    improved: int = 0
    unresolved: int = 0
    recurrence: Interval | None = None
    watched: int = 0
    satisfied: Interval | None = None
    stars: float | None = None
    causes: tuple[tuple[str, int], ...] = ()


def registered(year: int | None = None, department: Department | None = None) -> QuerySet[Case]:
    """Return the cases registered in a year, or ever, in one department or all; without those turned away."""
    rows = Case.objects.filter(registered_on__isnull=False).exclude(status="rejected").order_by("registered_on", "pk")
    rows = rows.filter(registered_on__year=year) if year else rows
    return rows.filter(department=department) if department else rows


def years() -> list[int]:
    """Return the years with registered cases, first to last."""
    days = Case.objects.filter(registered_on__isnull=False).order_by().dates("registered_on", "year")
    return [day.year for day in days]


def outcomes(year: int | None = None, department: Department | None = None) -> Outcomes:
    """Return the figures of a period; of fewer than three firms none is told."""
    rows = list(registered(year, department))
    firms = len({row.enterprise_id for row in rows})
    if 0 < firms < FEWEST or (year is not None and department is None and year in _years_held_back()):
        return Outcomes(None, None, None, True)
    today = timezone.localdate()
    every = [*rows, *_turned_away(year, department)]
    kept, late, waiting = first_responses(every, today)
    ends = Counter(filter(None, (end_of(row) for row in rows)))
    judged = sum(ends.values())
    recurred, watched = _recurrences(rows, today)
    stars = list(Rating.objects.filter(case__in=rows).values_list("stars", flat=True))
    return Outcomes(
        len(rows), firms, sum(not row.ended for row in rows), False,
        first_response=_share(kept, kept + late), waiting_response=waiting, prescription=_to_prescription(rows, today),
        cure=None if _tells_one(year, department, lambda row: bool(end_of(row))) else _share(ends[CURED], judged),
        improved=ends[IMPROVED], unresolved=ends[UNRESOLVED],
        recurrence=None if _tells_one(year, department, lambda row: _watched(row, today)) else _share(recurred, watched),
        watched=watched,
        satisfied=_share(sum(one >= SATISFIED for one in stars), len(stars)) if len(stars) >= FEWEST else None,
        stars=sum(stars) / len(stars) if len(stars) >= FEWEST else None,
    )  # fmt: skip


def _years_held_back() -> set[int]:
    """Return the years whose figures are held back, with a second one where all years would give a single one away."""
    firms: dict[str, set[int]] = defaultdict(set)
    for day, firm in registered().values_list("registered_on", "enterprise"):
        if day is not None:
            firms[str(day.year)].add(firm)
    return {int(year) for year in held_back({year: len(found) for year, found in firms.items()})}


def _tells_one(year: int | None, department: Department | None, counts: Callable[[Case], bool]) -> bool:
    """Whether a share tells of one or two firms: of this year, or of another one by what is left of all years."""
    firms: dict[str, set[int]] = defaultdict(set)
    for row in registered(None, department):
        if row.registered_on and counts(row):
            firms[str(row.registered_on.year)].add(row.enterprise_id)
    if year is None:
        return 0 < len(set().union(*firms.values())) < FEWEST
    return str(year) in held_back({of: len(found) for of, found in firms.items()})


def _turned_away(year: int | None, department: Department | None) -> Iterable[Case]:
    """A case that was turned away had a first response too."""
    rows = Case.objects.filter(registered_on__isnull=False, status="rejected")
    rows = rows.filter(registered_on__year=year) if year else rows
    return rows.filter(department=department) if department else rows


def _share(of: int, n: int) -> Interval | None:
    return wilson(of, n) if n else None


def end_of(row: Case) -> str:
    """Return how a case that was judged ended: cured, improved or unresolved; empty while it was not.

    A firm that is gone and a case turned away have no outcome. Withdrawn counts once an expert had taken the case. A
    case that came back has its first cure no more: it is judged anew, and counted among what came back.
    """
    if row.cured_on is not None and row.status in STANDING:
        return CURED
    if row.status in ("improved", "following", "closed"):
        return IMPROVED
    gave_up = row.status == "closed_unresponsive" or (row.status == "withdrawn" and row.expert_id is not None)
    return UNRESOLVED if gave_up else ""


def first_responses(rows: Sequence[Case], today: date) -> tuple[int, int, int]:
    """Return how many first responses were in time, late (given late, or overdue), and still within their term.

    The clock of each case comes from the ledger; one that its firm ended first has none.
    """
    states = Counter(
        clock.state(today)
        for found in clocks.of_cases(rows, today).values()
        for clock in found
        if clock.rule == FIRST_RESPONSE
    )
    return states["kept"], states["late"] + states["overdue"], states["running"]


def _to_prescription(rows: Sequence[Case], today: date) -> Wait | None:
    """Return the median days from registration to the first prescription; open and ended cases count as far as seen."""
    given = dict(
        Case.objects.filter(pk__in=[row.pk for row in rows])
        .annotate(first=Min("prescriptions__issued_on"))
        .values_list("pk", "first")
    )
    days, ended = [], []
    for row in rows:
        assert row.registered_on is not None
        until = given.get(row.pk) or row.ended_on or today
        days.append(max(0, (until - row.registered_on).days))
        ended.append(given.get(row.pk) is not None)
    return median_wait(days, ended) if days else None


def _recurrences(rows: Sequence[Case], today: date) -> tuple[int, int]:
    """Return how many cures came back within the term, and how many cures were watched for the whole term."""
    watched = [row for row in rows if _watched(row, today)]
    keys = [row.pk for row in watched]
    back = set(FollowUp.objects.filter(case__in=keys, verdict="recurred").values_list("case", flat=True))
    back |= set(CaseLink.objects.filter(other__in=keys, kind="recurrence").values_list("other", flat=True))
    return sum(row.reopened > 0 or row.pk in back for row in watched), len(watched)


def _watched(row: Case, today: date) -> bool:
    return row.cured_on is not None and row.cured_on + timedelta(days=rule_number("hospital.recurrence")) <= today


def load(today: date | None = None) -> Load:
    """Return how the open cases are spread over the experts in office; it describes them and needs no interval."""
    day = today or timezone.localdate()
    rows = Expert.objects.filter(term_from__lte=day).exclude(term_to__lt=day)
    counted = rows.annotate(n=Count("cases", filter=Q(cases__status__in=UNDER_WAY)))
    numbers = list(counted.order_by().values_list("n", flat=True))
    spread = gini(numbers) if sum(numbers) else None
    return Load(len(numbers), sum(numbers), max(numbers, default=0), spread)


@dataclass(frozen=True)
class Cell:
    """A count of cases and of the firms behind it; both None where it is held back."""

    key: str
    name: Any
    cases: int | None
    firms: int | None
    cure: Interval | None = None
    judged: int | None = None


def by_department(year: int | None = None) -> list[Cell]:
    """Return the cases of each department with its cure rate.

    Small cells are held back, and with them others, so that neither the other departments of a year nor the other years
    of a department give them away.
    """
    rows = list(registered().filter(department__isnull=False).select_related("department"))
    names = {one.code: one.name for one in Department.objects.all()}
    groups: dict[tuple[str, str], list[Case]] = defaultdict(list)
    for row in rows:
        if row.department and row.registered_on:
            groups[(row.department.code, str(row.registered_on.year))].append(row)
    hidden = held_back_in_table(_firms(groups))
    judged = held_back_in_table(_firms({cell: [row for row in found if end_of(row)] for cell, found in groups.items()}))
    if year is None:
        whole: dict[str, list[Case]] = defaultdict(list)
        for (code, _year), found in groups.items():
            whole[code] += found
        return cells(whole, names)
    here = {code: found for (code, of), found in groups.items() if of == str(year)}
    return [
        _cell(code, names[code], found, (code, str(year)) not in hidden, (code, str(year)) not in judged)
        for code, found in here.items()
    ]


def _firms(groups: Mapping[tuple[str, str], Sequence[Case]]) -> dict[tuple[str, str], int]:
    return {cell: len({row.enterprise_id for row in rows}) for cell, rows in groups.items()}


def by_month(year: int) -> list[Cell]:
    """Return the cases registered in each month of a year; a month without any is 0, a small one is held back."""
    groups: dict[str, list[Case]] = {f"{year}-{month:02d}": [] for month in range(1, 13)}
    for row in registered(year):
        assert row.registered_on is not None
        groups[f"{row.registered_on:%Y-%m}"].append(row)
    today = timezone.localdate()
    seen = {key: found for key, found in groups.items() if key <= f"{today:%Y-%m}"}
    return cells(seen, {key: key for key in seen})


def cells(groups: Mapping[str, Sequence[Case]], names: Mapping[str, Any]) -> list[Cell]:
    """Return one cell for each group, with small ones held back so that no total gives them away."""
    firms = {key: len({row.enterprise_id for row in rows}) for key, rows in groups.items()}
    hidden = held_back(firms)
    return [_cell(key, names[key], rows, key not in hidden, key not in hidden) for key, rows in groups.items()]


def _cell(key: str, name: Any, rows: Sequence[Case], told: bool, judged_told: bool) -> Cell:
    """Return one cell; its cure rate needs three firms whose cases were judged."""
    if not told:
        return Cell(key, name, None, None)
    ended = [row for row in rows if end_of(row)]
    enough = judged_told and len({row.enterprise_id for row in ended}) >= FEWEST
    cure = _share(sum(end_of(row) == CURED for row in ended), len(ended)) if enough else None
    return Cell(key, name, len(rows), len({row.enterprise_id for row in rows}), cure, len(ended) if cure else None)
