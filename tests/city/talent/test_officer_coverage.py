"""Coverage counts the register: by town, by size, on a day; what is not known is a class of its own."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from tests.city.talent.cast import Cast, officer_in

from qualipolis.city.registry.models import Enterprise
from qualipolis.city.talent import service
from qualipolis.city.talent.officers.coverage import coverage, firms_with_officer


def test_it_counts_firms_and_not_officers(cast: Cast) -> None:
    officer_in(cast, "active")
    officer_in(cast, "filed")
    officer_in(cast, "nominated", firm=cast.other_firm)
    found = coverage()
    assert (found.total.firms, found.total.covered) == (6, 1)
    assert [(one.code, one.firms, one.covered) for one in found.by_town] == [("T1", 3, 0), ("T2", 3, 1)]
    assert list(firms_with_officer()) == [cast.firm]


def test_sizes_come_from_employees_and_unknown_is_not_micro(cast: Cast) -> None:
    firms = list(Enterprise.objects.order_by("pk"))
    for firm, employees in zip(firms, (1000, 300, 299, 20, 19, None), strict=True):
        Enterprise.objects.filter(pk=firm.pk).update(
            employees=employees, above_scale=bool(employees and employees > 299)
        )
    officer_in(cast, "active")
    found = coverage()
    assert {one.code: one.firms for one in found.by_size} == {
        "large": 1,
        "medium": 1,
        "small": 2,
        "micro": 1,
        "unknown": 1,
    }
    assert (found.large_medium.share, found.above_scale.firms) == (0.5, 2)


def test_a_day_has_its_own_figure(cast: Cast) -> None:
    today = timezone.localdate()
    row = officer_in(cast, "active")
    service.replace_officer(cast["enterprise"], row, today, "离职")
    assert coverage().total.covered == 0
    assert row.filing is not None
    type(row.filing).objects.update(appointed_on=today - timedelta(days=9))
    assert coverage(today - timedelta(days=1)).total.covered == 1


def test_a_town_without_firms_has_no_share(cast: Cast) -> None:
    Enterprise.objects.update(closed_on=timezone.localdate())
    found = coverage()
    assert found.total.share is None and found.by_town == () and found.large_medium.share is None
