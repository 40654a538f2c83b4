"""From counted batches to the market: weighted where the design is known, plain and labelled so where it is not."""

from __future__ import annotations

from datetime import date

import pytest
from tests.city.supervise.cast import make_cast

from qualipolis.city.supervise.models import ResultFact, StratumSize
from qualipolis.city.supervise.statistics import estimates, rates

YEAR = 2021


@pytest.fixture
def cast(db):
    return make_cast(firms=2)


def batches(cast, passes, fails, *, stratum="a", weight=10.0, purpose="random", unit=0, year=YEAR, **more):
    start = ResultFact.objects.count()
    rows = [
        ResultFact(
            number=f"F{start + k}", year=year, sampled_on=date(year, 5, 1), purpose=purpose, unit=cast.units[unit],
            category="童装", status="final", verdict="pass" if k < passes else "fail", stratum=stratum, weight=weight,
            psu=f"{stratum}{start + k}", **more,
        )
        for k in range(passes + fails)
    ]  # fmt: skip
    ResultFact.objects.bulk_create(rows)


def test_the_market_is_weighted_by_its_strata(cast):
    batches(cast, 19, 1, stratum="a", weight=45.0)
    batches(cast, 10, 10, stratum="b", weight=5.0)
    for name, units in (("a", 900), ("b", 100), ("c", 50)):
        StratumSize.objects.create(year=YEAR, stratum=name, units=units)
    found = estimates.market(rates.rows(), "random", YEAR)
    one = found.whole
    assert one.estimate == pytest.approx(0.9 * 0.95 + 0.1 * 0.5) and one.share == pytest.approx(29 / 40)
    assert found.weighted and found.unseen == (("c", 50),) and one.low < one.estimate < one.high and one.deff > 0


def test_one_missing_weight_makes_the_share_unweighted_with_its_exact_interval(cast):
    batches(cast, 19, 0)
    batches(cast, 0, 1, weight=None)
    found = estimates.market(rates.rows(), "random", YEAR)
    assert not found.weighted and found.without_weight == 1 and found.whole.estimate == 0.95
    assert (round(found.whole.low, 4), round(found.whole.high, 4)) == (0.7513, 0.9987)


def test_risk_sampling_never_becomes_an_estimate_of_the_market(cast):
    batches(cast, 5, 5, purpose="risk")
    batches(cast, 20, 0)
    risk, random = (estimates.market(rates.rows(), one, YEAR) for one in ("risk", "random"))
    assert not risk.weighted and not risk.market and risk.whole.n == 10 and random.whole.estimate == 1


def test_every_domain_comes_from_one_call_those_without_a_failure_too(cast):
    batches(cast, 30, 0, unit=0)
    batches(cast, 8, 2, unit=1)
    found = {one.label: one for one in estimates.market(rates.rows(), "random", YEAR, by="town").domains}
    assert found["T1"].estimate == 1 and 0.8 < found["T1"].low < 1 and found["T1"].high == 1
    assert found["T2"].flag == "unreliable" and found["T2"].reasons and found["T2"].n == 10


def test_nothing_is_nothing(cast):
    found = estimates.market([], "random", YEAR)
    assert found.whole is None and found.domains == ()


def test_small_areas_are_drawn_towards_each_other(cast):
    made = [
        estimates.Estimate(str(k), x, n, x / n, 0, 1, False)
        for k, (x, n) in enumerate([(20, 20), (19, 20), (10, 20), (39, 40), (6, 10), (20, 20), (12, 20)])
    ]
    found = estimates.pooled(made)
    assert found[0].estimate < 1 and found[2].estimate > 0.5 and 0 < found[4].own < found[3].own < 1


def test_small_areas_that_differ_by_chance_alone_share_one_rate(cast):
    made = [estimates.Estimate(str(k), 19, 20, 0.95, 0, 1, False) for k in range(5)]
    assert {round(one.estimate, 9) for one in estimates.pooled(made)} == {0.95} and estimates.pooled(made[:1]) == ()
