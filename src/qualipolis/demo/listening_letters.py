"""Two years of letters of the synthetic city, written in bulk: who writes is under seal, and what they ended in is kept.

Numbers of letters follow the size of the towns, fall around the Spring Festival, and hold the planted outbreaks and
nothing else that is more than chance.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
from django.utils import timezone

from qualipolis.city.core.models import Counter, Person
from qualipolis.city.listen.intake import secrecy
from qualipolis.city.listen.models import Complaint, Identity, Letter, Report
from qualipolis.city.listen.statistics.records import cells_of
from qualipolis.city.measure.models import SourceRecord
from qualipolis.city.registry.models import Enterprise, Unit
from qualipolis.demo import listening_words as words
from qualipolis.demo.listening_words import CHANNELS, MADE_HERE, OUTBREAKS, Outbreak
from qualipolis.demo.supervision_words import SAID
from qualipolis.law.listening.rules import ORDER_121_FROM

WEEKS, LETTERS = 104, 2_500
SIZES = {"制造业大镇": 3.0, "街道": 1.6, "中等镇": 1.3, "小镇": 0.6, "园区": 0.5}
# the first day of the year of the lunar calendar; fewer people write from a week before to two weeks after
SPRING = (
    date(2022, 2, 1), date(2023, 1, 22), date(2024, 2, 10), date(2025, 1, 29), date(2026, 2, 17), date(2027, 2, 6),
    date(2028, 1, 26), date(2029, 2, 13), date(2030, 2, 3),
)  # fmt: skip
QUIET = 0.35
REPORTED, OF_FIRM, OFTEN = 0.06, 0.7, 12
NUMBERED = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
ENDS = (("agreed", 60), ("no_agreement", 12), ("absent", 6), ("out_of_time", 3), ("refused", 10), ("withdrawn", 7), ("transferred", 2))  # fmt: skip
LATE, SOON = 0.03, 14


@dataclass(frozen=True)
class Written:
    """One letter before it is a row."""

    day: date
    unit: Unit
    product: str
    problem: str
    good: str


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def write_letters(officer: Person, chance: np.random.Generator, today: date) -> int:
    """Write the letters up to the last Sunday with what they opened; return how many there are."""
    written = sorted(_drawn(chance, today), key=lambda one: one.day)
    firms = _makers()
    letters = _letters(written, firms, chance)
    Letter.objects.bulk_create(letters, batch_size=500)
    asks = chance.random(len(letters)) < REPORTED
    Identity.objects.bulk_create([_identity(*one) for one in zip(letters, asks, range(len(letters)), strict=True)], batch_size=500)  # fmt: skip
    complaints = _numbered("TS", [_complaint(one, officer, chance, today) for one, other in zip(letters, asks, strict=True) if not other])  # fmt: skip
    Complaint.objects.bulk_create(complaints, batch_size=500)
    reports = _numbered("JB", [_report(one, officer, chance, today) for one, other in zip(letters, asks, strict=True) if other])  # fmt: skip
    Report.objects.bulk_create(reports, batch_size=500)
    kept = [one for one in complaints if one.status != "transferred"]
    SourceRecord.objects.bulk_create(
        [SourceRecord(kind="complaint", number=one.number, synthetic=True, **cells_of(one)) for one in kept],
        batch_size=500,
    )
    return len(letters)


def _drawn(chance: np.random.Generator, today: date) -> Iterator[Written]:
    """Draw day, town, class and danger of each letter; then the planted ones."""
    units = list(Unit.objects.filter(assessed=True).order_by("code"))
    end = monday_of(today)
    weeks = [end - timedelta(weeks=WEEKS - n) for n in range(WEEKS)]
    quiet = np.array([QUIET if _festival(week) else 1.0 for week in weeks])
    size = np.array([SIZES.get(unit.peer_group, 1.0) for unit in units])
    pairs, weight = _pairs()
    count = chance.poisson(LETTERS * quiet / quiet.sum())
    for week, n in zip(weeks, count, strict=True):
        towns = chance.choice(len(units), size=n, p=size / size.sum())
        kinds = chance.choice(len(pairs), size=n, p=weight / weight.sum())
        days = chance.choice(7, size=n, p=(0.18, 0.17, 0.16, 0.16, 0.15, 0.1, 0.08))
        for town, kind, day in zip(towns, kinds, days, strict=True):
            product, problem = pairs[int(kind)]
            goods = words.goods_of(product)
            good = goods[int(chance.integers(len(goods)))]
            yield Written(week + timedelta(days=int(day)), units[int(town)], product, problem, good)
    by_name = {unit.name_zh: unit for unit in units}
    for outbreak in OUTBREAKS:
        yield from _planted(outbreak, by_name, end, chance)


def _festival(week: date) -> bool:
    return any(first - timedelta(days=8) <= week <= first + timedelta(days=13) for first in SPRING)


def _pairs() -> tuple[list[tuple[str, str]], np.ndarray]:
    """Return the pairs of class and problem that occur, with their weights."""
    found: dict[tuple[str, str], float] = {}
    for classes, problems in ((words.GOODS, words.OF_GOODS), (words.SERVICES, words.OF_SERVICES)):
        for product, often in classes.items():
            for problem, share in problems.items():
                if problem in words.EDIBLE and product not in words.EATEN:
                    continue
                found[product, problem] = often * share / sum(problems.values())
    return list(found), np.array(list(found.values()))


def _planted(outbreak: Outbreak, units: dict[str, Unit], end: date, chance: np.random.Generator) -> Iterator[Written]:
    for number, n in enumerate(outbreak.weekly):
        week = end - timedelta(weeks=outbreak.begins - number)
        for place in range(n):
            day = week + timedelta(days=int(chance.integers(7)))
            unit = units[outbreak.towns[place % len(outbreak.towns)]]
            yield Written(day, unit, outbreak.product, outbreak.problem, outbreak.goods[0])


def _makers() -> dict[tuple[int, str], list[Enterprise]]:
    """Return who makes a class of product in a town, a few of them for each."""
    rows = Enterprise.objects.filter(
        closed_on=None, products__category__in=[c for many in MADE_HERE.values() for c in many]
    )
    product_of = {category: product for product, many in MADE_HERE.items() for category in many}
    found: dict[tuple[int, str], list[Enterprise]] = {}
    for unit, category, pk, name in rows.order_by("pk").values_list("unit", "products__category", "pk", "name_zh"):
        known = found.setdefault((unit, product_of[category]), [])
        if len(known) < 4:
            known.append(Enterprise(pk=pk, name_zh=name))
    return found


def _letters(
    written: list[Written], firms: dict[tuple[int, str], list[Enterprise]], chance: np.random.Generator
) -> list[Letter]:
    """Make the rows of the letters, with numbers in the order of their days."""
    channel = chance.choice(
        list(CHANNELS), size=len(written), p=np.array(list(CHANNELS.values())) / sum(CHANNELS.values())
    )
    draws = chance.integers(0, 10_000, (len(written), 5))
    serial: dict[int, int] = {}
    made = []
    for place, (one, how, draw) in enumerate(zip(written, channel, draws, strict=True)):
        year = one.day.year
        serial[year] = serial.get(year, 0) + 1
        made.append(_letter(one, f"{year}-L{serial[year]}-{_tail(draw)}", str(how), draw, place, firms))
    _count("L", serial)
    return made


def _tail(draw: np.ndarray) -> str:
    return "".join(NUMBERED[int(one) % len(NUMBERED)] for one in draw)


def _letter(
    one: Written, number: str, how: str, draw: np.ndarray, place: int, firms: dict[tuple[int, str], list[Enterprise]]
) -> Letter:
    frame, phrase, claim, which, price = (int(part) for part in draw)
    makers = firms.get((one.unit.pk, one.product), [])
    firm = makers[which % len(makers)] if makers and which < OF_FIRM * 10_000 else None
    shop = f"示例{words.SHOPS[which % len(words.SHOPS)]}{which % 90 + 1}号{SAID}"
    phone = phone_of(place)
    return Letter(
        number=number, channel=how, received_on=one.day, received_at=_moment(one.day, frame), unit=one.unit,
        enterprise_id=firm.pk if firm else None, respondent_name=firm.name_zh if firm else shop, product_class=one.product,
        hazard=one.problem, product_name=one.good, facts=words.sentence(frame, one.good, one.problem, phrase),
        claim=words.CLAIMS[claim % len(words.CLAIMS)] + SAID, price=Decimal(price % 2000 + 9),
        injured=True if one.problem in ("injury", "poisoning_allergy") and claim % 4 == 0 else None,
        sender_key=secrecy.sender_key(phone), phone_key=secrecy.tracking_key(number, phone),
    )  # fmt: skip


def phone_of(place: int) -> str:
    """Return a telephone number that nobody has; one in two hundred letters is from the sender who writes often."""
    return f"0000{0 if place % 200 == 7 else place + 1:07d}"


def _moment(day: date, draw: int) -> datetime:
    at = datetime.combine(day, time(8 + draw % 12, draw % 60))
    return timezone.make_aware(at)


def _identity(letter: Letter, secret: bool, place: int) -> Identity:
    said = {"name": f"示例消费者{place + 1}", "phone": phone_of(place), "address": f"示例路{place % 300 + 1}号{SAID}"}
    if letter.received_on >= ORDER_121_FROM:
        said |= {"id_kind": "passport", "id_number": f"DEMO{place:06d}"}
    return Identity(
        letter=letter, sealed=secrecy.seal(said), named=True, proved=secrecy.proved(said), secret=bool(secret)
    )


def _complaint(letter: Letter, officer: Person, chance: np.random.Generator, today: date) -> Complaint:
    """Make the complaint of a letter as it ended; a late one ended within the days that there were."""
    ends, share = zip(*ENDS, strict=True)
    end = str(chance.choice(ends, p=np.array(share) / sum(share)))
    young = (today - letter.received_on).days < SOON + 42
    if young and end in ("out_of_time", "no_agreement"):
        end = "agreed"
    accepted = letter.received_on + timedelta(
        days=int(chance.integers(12, 16) if chance.random() < LATE else chance.integers(0, 7))
    )
    ended = accepted + timedelta(days=int(chance.integers(1, 5 if young else 40)))
    accepted, ended = min(accepted, today), min(ended, today)
    values: dict[str, Any] = {
        "letter": letter, "received_on": letter.received_on, "unit": letter.unit, "enterprise_id": letter.enterprise_id,
        "officer": officer, "competent": end != "transferred", "ended_on": ended,
    }  # fmt: skip
    return Complaint(**values | _ended(end, accepted, ended, chance))


def _ended(end: str, accepted: date, ended: date, chance: np.random.Generator) -> dict[str, Any]:
    """Return the cells that tell how a complaint ended."""
    if end == "refused":
        return {
            "status": "refused",
            "reason_code": "no_dispute",
            "reason": "不属于消费者权益争议" + SAID,
            "ended_on": accepted,
        }
    if end == "withdrawn":
        return {"status": "withdrawn", "reason": "双方自行和解" + SAID, "ended_on": accepted}
    if end == "transferred":
        return {"status": "transferred", "authority": "霁渚市市场监管局" + SAID, "ended_on": accepted}
    found: dict[str, Any] = {"status": "closed", "accepted_on": accepted}
    if chance.random() < 0.4:
        found["satisfaction"] = int(chance.choice(5, p=(0.06, 0.08, 0.2, 0.36, 0.3))) + 1
    if end != "agreed":
        return found | {"reason_code": end, "reason": "双方未能达成一致" + SAID}
    amount = int(chance.integers(2, 60)) * 10
    terms = words.TERMS[int(chance.integers(len(words.TERMS)))].format(amount=amount) + SAID
    return found | {"terms": terms, "amount": amount, "no_paper": True, "performed_on": ended}


def _report(letter: Letter, officer: Person, chance: np.random.Generator, today: date) -> Report:
    """Make the report of a letter, decided and closed."""
    filed = chance.random() < 0.35
    decided = min(letter.received_on + timedelta(days=int(chance.integers(4, 20))), today)
    told = (
        {"case_no": f"演示立〔{decided.year}〕{int(chance.integers(1, 900))}号"}
        if filed
        else {"reason_code": "no_facts"}
    )
    reason = "核查发现涉嫌违法的事实，予以立案" if filed else "核查未发现违法事实"
    return Report(
        status="closed", letter=letter, received_on=letter.received_on, facts=letter.facts,
        respondent_name=letter.respondent_name, unit=letter.unit, enterprise_id=letter.enterprise_id, named=True,
        officer=officer, decided_on=decided, informed_on=decided, reason=reason + SAID, **told,
    )  # fmt: skip


def _numbered(series: str, rows: list[Any]) -> list[Any]:
    """Give rows their numbers in the order of their days, and let the next number follow."""
    serial: dict[int, int] = {}
    for row in rows:
        year = row.received_on.year
        serial[year] = serial.get(year, 0) + 1
        row.number = f"{year}-{series}{serial[year]}"
    _count(series, serial)
    return rows


def _count(series: str, serial: dict[int, int]) -> None:
    for year, last in serial.items():
        Counter.objects.update_or_create(series=series, year=year, defaults={"last": last})
