"""The frame of a campaign (抽样框): whom the draw may meet, in which stratum, how large; and who was left out, and why.

Keys are those of the outside world: the credit code of the firm, followed by the name of the product where products are
drawn. A registry says which classes a firm makes, not what a shop sells today: for sale and online sampling the roster
is that of the firms registered with the class.
"""

from __future__ import annotations

import csv
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO
from typing import NamedTuple

from qualipolis.city.registry.models import Product
from qualipolis.city.supervise.draws import frequency
from qualipolis.city.supervise.models import Campaign, Purpose, Result, ResultFact, Stage
from qualipolis.law.supervision.clocks import same_product_until
from qualipolis.methods.problems import InputError, Problem, msg
from qualipolis.methods.sampling.draws.frame import digest_of, frame_bytes

UNITS = {"enterprise": msg("one unit for each firm"), "product": msg("one unit for each product")}
STRATA = {
    "none": msg("no strata"),
    "town": msg("by town"),
    "size": msg("by size of the firm"),
    "town_size": msg("by town and size of the firm"),
    "cluster": msg("by industry cluster"),
}
SIZES = {
    "one": msg("every unit counts the same"),
    "employees": msg("by number of employees"),
    "risk": msg("by risk: failed within two years 4, never checked 2, passed 1"),
}
REASONS = {
    "closed": msg("closed or deregistered"),
    "recent": msg("the same product was sampled within six months"),
    "under_way": msg("about to be sampled by another campaign of the class"),
    "exempt": msg("exempted from sampling for a time"),
}
CLASSES = ((20, "D"), (300, "C"), (1000, "B"))
SIZE_WORDS = {
    "A": msg("large, from 1,000 employees"),
    "B": msg("medium, 300 to 999"),
    "C": msg("small, 20 to 299"),
    "D": msg("micro, below 20"),
    "X": msg("number of employees not known"),
}
RISK = {"failed": 4, "unseen": 2, "passed": 1}
RECENT_FAILURES = timedelta(days=730)

Exemption = Callable[[str, date], Mapping[int, str]]
EXEMPTIONS: list[Exemption] = []


def exempts(function: Exemption) -> Exemption:
    """Register ``function(category, on) -> {firm: until when and why}``: a later room keeps periods of exemption."""
    if function not in EXEMPTIONS:
        EXEMPTIONS.append(function)
    return function


@dataclass(frozen=True)
class FrameRule:
    """How a frame is made: what a unit is, what the strata are, what size means."""

    unit: str = "enterprise"
    strata: str = "town_size"
    size: str = "one"

    def __post_init__(self) -> None:
        known = (("unit", UNITS), ("strata", STRATA), ("size", SIZES))
        what = msg("Choose what a unit, a stratum and a size of the frame are.")
        problems = [Problem(f"bad_{n}", what, place=n) for n, words in known if getattr(self, n) not in words]
        if problems:
            raise InputError(problems)


@dataclass(frozen=True)
class LeftOut:
    """A unit that is not in the frame, with a reason of ``REASONS`` and, where there is one, until when."""

    key: str
    reason: str
    detail: str = ""


@dataclass(frozen=True)
class Built:
    """A frame as bytes with its hash, its number of units, and who was left out."""

    data: bytes
    sha256: str
    rows: int
    left_out: tuple[LeftOut, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many units were left out, by reason."""
        return dict(sorted(Counter(one.reason for one in self.left_out).items()))

    def left_out_bytes(self) -> bytes:
        """The list of those left out as csv."""
        text = StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(("id", "reason", "detail"))
        writer.writerows((one.key, one.reason, one.detail) for one in self.left_out)
        return text.getvalue().encode()


class _Candidate(NamedTuple):
    product: int
    enterprise: int
    name: str
    standard: str
    code: str
    closed: date | None
    employees: int | None
    town: str
    cluster: str


def build(campaign: Campaign, rule: FrameRule | None = None, on: date | None = None) -> Built:
    """Return the frame of a campaign as the registry stands on a day.

    Raises
    ------
    InputError
        No firm is left, or a key in the registry cannot be published as it stands.
    """
    from django.utils import timezone

    rule, day = rule or FrameRule(), on or timezone.localdate()
    by_firm: dict[int, list[_Candidate]] = defaultdict(list)
    for one in candidates(campaign):
        by_firm[one.enterprise].append(one)
    sizer, barred = _sizer(campaign, rule, day), _Bars(campaign, day)
    rows: list[tuple[str, str, str]] = []
    left_out: list[LeftOut] = []
    for firm, products in by_firm.items():
        units = keyed(products) if rule.unit == "product" else [(products[0].code, products)]
        for key, members in units:
            reason = barred.reason(firm, members)
            if reason:
                left_out.append(LeftOut(key, *reason))
            else:
                rows.append((key, stratum_of(members[0], rule.strata), str(sizer(members[0]))))
    if not rows:
        what = msg("No firm is left that could be drawn: %(n)s were left out.")
        remedy = msg("See why they were left out, or choose another product class.")
        raise InputError([Problem("empty_frame", what, remedy, {"n": len(left_out)})])
    data = frame_bytes(rows)
    return Built(data, digest_of(data), len(rows), tuple(sorted(left_out, key=lambda one: one.key)))


def candidates(campaign: Campaign) -> Iterable[_Candidate]:
    """Yield the products of the class with their firms; a follow-up only meets firms with a failed result."""
    rows = Product.objects.filter(category=campaign.rule.category)
    if campaign.purpose == Purpose.FOLLOW_UP:
        rows = rows.filter(enterprise__in=failed_firms(campaign.rule.category))
    place = "enterprise__production_unit__code" if campaign.stage == Stage.PRODUCTION else "enterprise__unit__code"
    named = ("pk", "enterprise_id", "name_zh", "standard", "enterprise__credit_code", "enterprise__closed_on",
             "enterprise__employees", place, "enterprise__unit__code", "enterprise__cluster__code")  # fmt: skip
    for *said, town, home, cluster in rows.order_by("enterprise_id", "pk").values_list(*named).iterator(20_000):
        yield _Candidate(*said, town or home, cluster or "")


def failed_firms(category: str, since: date | None = None) -> set[int]:
    """Return the firms with a failed final result of a product class."""
    facts = ResultFact.objects.filter(category=category, verdict="fail", enterprise__isnull=False)
    facts = facts.exclude(status="voided")
    results = Result.objects.filter(sample__task__campaign__rule__category=category, verdict="fail", status="final")
    if since is not None:
        facts = facts.filter(sampled_on__gte=since)
        results = results.filter(sample__task__sampled_on__gte=since)
    firms = results.order_by().values_list("sample__task__enterprise_id", flat=True)
    return {*facts.order_by().values_list("enterprise_id", flat=True), *firms}


def keyed(products: list[_Candidate]) -> list[tuple[str, list[_Candidate]]]:
    """Return the products of one firm with their keys: credit code and name; the second of one name says so."""
    seen: Counter[str] = Counter()
    found = []
    for one in products:
        name = " ".join(unicodedata.normalize("NFC", one.name).split()) or "–"
        seen[name] += 1
        again = f" #{seen[name]}" if seen[name] > 1 else ""
        found.append((f"{one.code}/{name}{again}", [one]))
    return found


def size_class(employees: int | None) -> str:
    """Return the class of a firm by its employees, after the national grades for industry.

    >>> [size_class(n) for n in (None, 19, 20, 300, 1000)]
    ['X', 'D', 'C', 'B', 'A']
    """
    if employees is None:
        return "X"
    return next((letter for limit, letter in CLASSES if employees < limit), "A")


def stratum_of(one: _Candidate, kind: str) -> str:
    """Return the name of the stratum of a unit: codes, so that a published frame reads the same everywhere."""
    town, letter = one.town, size_class(one.employees)
    return {"none": "", "town": town, "size": letter, "town_size": f"{town}-{letter}"}.get(kind, one.cluster or "–")


class _Bars:
    """Why a unit may not be drawn, looked up once for the whole frame."""

    def __init__(self, campaign: Campaign, day: date) -> None:
        category = campaign.rule.category
        self.campaign, self.day = campaign, day
        self.before = frequency.sampled_before(category, day)
        self.others = frequency.under_way(category, campaign)
        self.repeats = same_product_until([day], day, campaign.purpose) is None
        self.exempt: dict[int, str] = {}
        if campaign.purpose not in (Purpose.FOLLOW_UP, Purpose.EMERGENCY, Purpose.RISK):
            for function in EXEMPTIONS:
                self.exempt |= dict(function(category, day))

    def reason(self, firm: int, members: list[_Candidate]) -> tuple[str, str] | None:
        """Return the reason of ``REASONS`` with its detail, or None when the unit may be drawn."""
        first = members[0]
        if first.closed is not None and first.closed <= self.day:
            return ("closed", first.closed.isoformat())
        if firm in self.exempt:
            return ("exempt", self.exempt[firm])
        if firm in self.others and not self.repeats:
            return ("under_way", "")
        until = [self.until(firm, one) for one in members] if firm in self.before else []
        if until and all(until):
            return ("recent", max(str(day) for day in until))
        return None

    def until(self, firm: int, one: _Candidate) -> date | None:
        """Return until when a product may not be sampled again."""
        keys = {"product": one.product, "standard": one.standard, "category": self.campaign.rule.category}
        days = [event.on for event in self.before.get(firm, ()) if event.same(keys)]
        return same_product_until(days, self.day, self.campaign.purpose) if days else None


def _sizer(campaign: Campaign, rule: FrameRule, day: date) -> Callable[[_Candidate], int]:
    if rule.size == "one":
        return lambda one: 1
    if rule.size == "employees":
        return lambda one: max(one.employees or 1, 1)
    category = campaign.rule.category
    failed = failed_firms(category, day - RECENT_FAILURES)
    rows = ResultFact.objects.filter(category=category, enterprise__isnull=False, sampled_on__gte=day - RECENT_FAILURES)
    seen = set(rows.order_by().values_list("enterprise_id", flat=True))
    return lambda one: RISK["failed" if one.enterprise in failed else "passed" if one.enterprise in seen else "unseen"]
