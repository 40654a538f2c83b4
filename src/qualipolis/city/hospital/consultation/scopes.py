"""Which laboratory may examine a case: qualified for every item today, and not testing the firm for supervision now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from django.db.models import Count
from django.utils import timezone

from qualipolis.city.hospital.models import Case
from qualipolis.city.registry.models import Institution, Qualification, ScopeItem
from qualipolis.city.registry.validity import lines_on
from qualipolis.city.supervise.laboratory.scope_check import Wanted, coverage, plain
from qualipolis.city.supervise.models import Sample
from qualipolis.methods.problems import Problem, msg

UNDER_WAY = ("sealed", "in_transit", "received", "testing")


def wanted(case: Case, items: Sequence[Mapping[str, str]]) -> list[Wanted]:
    """Return the items as a scope names them, each under its own standard or the standard of the product."""
    standards = [tuple(filter(None, (item.get("standard", ""), case.standard_no))) for item in items]
    return [
        Wanted(case.product_class or case.product_name, item["name"], names)
        for item, names in zip(items, standards, strict=True)
    ]


def uncovered(case: Case, laboratory: Institution, items: Sequence[Mapping[str, str]]) -> list[str]:
    """Return the names of the items that no certificate of the laboratory covers today."""
    found = coverage(laboratory, wanted(case, items), timezone.localdate())
    return [one.wanted.parameter for one in found if not one.certificate]


def tests_the_firm(case: Case, laboratory: Institution) -> bool:
    """Whether the laboratory has supervision samples of this firm and class of product on its bench."""
    rows = Sample.objects.filter(laboratory=laboratory, status__in=UNDER_WAY, task__enterprise=case.enterprise)
    return (rows.filter(task__campaign__rule__category=case.product_class) if case.product_class else rows).exists()


def why_not(case: Case, laboratory: Institution, items: Sequence[Mapping[str, str]]) -> list[Problem]:
    """Return what forbids this laboratory for these items."""
    wrong = []
    if outside := uncovered(case, laboratory, items):
        what = msg("Outside the scope of %(laboratory)s today: %(items)s.")
        params = {"laboratory": laboratory.name, "items": "、".join(outside)}
        remedy = msg("Choose another laboratory or another standard.")
        wrong.append(Problem("out_of_scope", what, remedy, params, "laboratory"))
    if tests_the_firm(case, laboratory):
        what = msg(
            "%(laboratory)s tests supervision samples of this firm now and may not be paid for work on this case."
        )
        wrong.append(Problem("tests_the_firm", what, "", {"laboratory": laboratory.name}, "laboratory"))
    return wrong


def fitting(case: Case) -> list[tuple[Institution, int]]:
    """Return the laboratories whose scope names the class of product today, with how many items of it, most first."""
    today = timezone.localdate()
    scope = lines_on(today, ScopeItem.objects.filter(qualification__kind=Qualification.Kind.CMA))
    wanted_class, lines = plain(case.product_class or case.product_name), Counter[int]()
    rows = scope.values_list("qualification__institution", "product")
    for key, product, n in rows.annotate(n=Count("pk")).order_by():
        if plain(product) == wanted_class:
            lines[key] += n
    found = [one for one in Institution.objects.filter(pk__in=lines) if not tests_the_firm(case, one)]
    return sorted(((one, lines[one.pk]) for one in found), key=lambda pair: (-pair[1], pair[0].code))
