"""Six years of counted batches of a small city, with strata, items, laboratories and samplers: known by construction."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.city.supervise.cast import CATEGORY, Cast

from qualipolis.city.supervise.models import ItemFact, ResultFact, StratumSize
from qualipolis.city.supervise.statistics import facts

YEARS = (2016, 2017, 2018, 2019, 2020, 2021)
LARGE, SMALL = "纺织/large", "纺织/small"


def make_counted(
    cast: Cast, years: tuple[int, ...] = YEARS, batches: int = 60, records: bool = True
) -> list[ResultFact]:
    """Make random batches of two strata, the large firms with fewer failures, and some by risk, refused or open."""
    made = [fact for year in years for fact in _year(cast, year, batches)]
    made = ResultFact.objects.bulk_create(made)
    _items(made)
    StratumSize.objects.bulk_create(
        StratumSize(year=year, stratum=name, units=n) for year in years for name, n in ((LARGE, 200), (SMALL, 800))
    )
    if records:
        for fact in made:
            facts.write_record(fact)
    return made


def _year(cast: Cast, year: int, batches: int) -> list[ResultFact]:
    rows = [_fact(cast, year, k, "random", batches) for k in range(batches)]
    rows += [_fact(cast, year, batches + k, "risk", 10) for k in range(10)]
    for k, status in enumerate(("refusal_reported", "untestable", "notified")):
        rows.append(_fact(cast, year, batches + 10 + k, "random", 1, status=status, verdict="", first_verdict=""))
    return rows


def _fact(cast: Cast, year: int, k: int, purpose: str, of: int, **more: Any) -> ResultFact:
    large = k % 3 == 0
    failed = k % (15 if large else 10) == 4 if purpose == "random" else k % 3 == 0
    verdict = "fail" if failed else "pass"
    firm = cast.firms[k % len(cast.firms)]
    values: dict[str, Any] = {
        "number": f"S{year}-{k:03d}", "year": year, "sampled_on": date(year, 1 + k % 12, 10), "purpose": purpose,
        "unit": cast.units[k % 2], "cluster": firm.cluster, "enterprise": firm, "category": CATEGORY if k % 2 else "牛仔裤",
        "stage": "production" if k % 4 else "sale", "laboratory": (cast.laboratory, cast.other_laboratory)[k % 2],
        "samplers": f"I{cast['inspector'].pk}+I{cast['inspector2'].pk}", "status": "final", "verdict": verdict,
        "first_verdict": verdict, "synthetic": True,
    }  # fmt: skip
    if purpose == "random":
        drawn = -(-of // 3) if large else of - -(-of // 3)
        units = 200 if large else 800
        values |= {"stratum": LARGE if large else SMALL, "weight": units / max(drawn, 1), "psu": f"{year}-{k}"}
    return ResultFact(**values | more)


def _items(made: list[ResultFact]) -> None:
    items = []
    for n, fact in enumerate(made):
        if fact.status != "final":
            continue
        names = ("甲醛含量", "pH值", "色牢度")
        bad = names[0 if n % 3 else 1] if fact.verdict == "fail" else ""
        items += [ItemFact(fact=fact, name=name, failed=name == bad, safety=name == "甲醛含量") for name in names]
    ItemFact.objects.bulk_create(items)
