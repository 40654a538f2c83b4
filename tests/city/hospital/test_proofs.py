"""The proof of effect: what the numbers say decides, whatever their source."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from django.core.exceptions import PermissionDenied
from tests.city.hospital.cast import Cast, case_in
from tests.city.hospital.treated import FEW, GOOD, POOR, WORSE, counts, days_ago, measured, prove, verifying

from qualipolis.city.hospital import service
from qualipolis.city.hospital.models import Case, Examination, PrescriptionItem
from qualipolis.city.hospital.treatment import proofs
from qualipolis.city.hospital.treatment.phases import Counts, OfExaminations, Pasted
from qualipolis.methods.problems import InputError

RNG = np.random.default_rng(11)
BEFORE = tuple(np.round(RNG.normal(59, 1.5, 30), 2).tolist())
AFTER = tuple(np.round(RNG.normal(62.8, 1.0, 30), 2).tolist())


def criterion(case: Case, **fields: Any) -> PrescriptionItem:
    """Give the measured item another criterion, as if it had been prescribed so."""
    item = measured(case)
    PrescriptionItem.objects.filter(pk=item.pk).update(**fields)
    return PrescriptionItem.objects.get(pk=item.pk)


@pytest.mark.parametrize(
    ("pair", "verdict"), [(GOOD, "proven"), (POOR, "not_proven"), (WORSE, "worse"), (FEW, "not_enough_data")]
)
def test_the_verdict_is_what_the_counts_say(cast: Cast, pair: Any, verdict: str) -> None:
    case = verifying(cast)
    assert proofs.verdict_of(case) is None
    made = prove(cast, case, pair)
    assert made.verdict == verdict == proofs.verdict_of(case)
    assert (
        made.figures["improvement"]["low"]
        <= made.figures["improvement"]["value"]
        <= made.figures["improvement"]["high"]
    )
    assert made.figures["reason"] and made.figures["detectable"] > 0


@pytest.mark.parametrize(
    ("fields", "before", "after", "limits", "verdict"),
    [
        ({"measure": "mean", "direction": "at_least", "target": 62.0}, BEFORE, AFTER, {}, "proven"),
        ({"measure": "mean", "direction": "at_least", "target": 63.5}, BEFORE, AFTER, {}, "not_proven"),
        ({"measure": "mean", "direction": "at_most", "target": 60.0}, BEFORE, AFTER, {}, "worse"),
        ({"measure": "mean", "direction": "at_most", "target": 60.0}, AFTER, BEFORE, {}, "proven"),
        ({"measure": "ppk", "direction": "at_least", "target": 1.0}, BEFORE, AFTER, {"lower": 58.0}, "proven"),
        ({"measure": "ppk", "direction": "at_least", "target": 2.0}, BEFORE, AFTER, {"lower": 58.0}, "not_proven"),
        ({"measure": "sd", "direction": "at_most", "target": 1.6}, BEFORE, AFTER, {}, "proven"),
        ({"measure": "mean", "direction": "at_least", "target": 62.0}, BEFORE[:9], AFTER, {}, "not_enough_data"),
    ],
)
def test_values_are_judged_by_the_measure_of_the_criterion(
    cast: Cast, fields: dict[str, Any], before: Any, after: Any, limits: dict[str, float], verdict: str
) -> None:
    item = criterion(verifying(cast), least_n=20, **fields)
    made = service.prove(cast["expert"], item, Pasted(before, after, **limits), days_ago(1))
    assert made.verdict == verdict, made.figures["reason"]
    assert made.figures["chart"]["before"][0] == before[0]


def test_fewer_readings_than_the_criterion_asks_for_prove_nothing(cast: Cast) -> None:
    item = criterion(verifying(cast), measure="mean", direction="at_least", target=62.0, least_n=31)
    assert service.prove(cast["expert"], item, Pasted(BEFORE, AFTER), days_ago(1)).verdict == "not_enough_data"


def test_a_share_comes_from_values_and_limits_too(cast: Cast) -> None:
    item = criterion(verifying(cast), target=0.2, least_n=20)
    made = service.prove(cast["expert"], item, Pasted(BEFORE, AFTER, lower=60.0), days_ago(1))
    assert made.figures["events_before"] == sum(v < 60 for v in BEFORE) and made.verdict == "proven"
    with pytest.raises(InputError):
        service.prove(cast["expert"], item, Pasted(BEFORE, AFTER), days_ago(1))


def test_only_the_latest_of_an_item_counts(cast: Cast) -> None:
    case = verifying(cast, GOOD)
    prove(cast, case, POOR)
    assert proofs.verdict_of(case) == "not_proven" and case.proofs.count() == 2


def test_a_proof_of_one_of_two_measured_items_proves_nothing_yet(cast: Cast) -> None:
    case = verifying(cast, GOOD)
    first = case.items.filter(measure="words").first()
    PrescriptionItem.objects.filter(pk=first.pk).update(measure="share", target=0.05, direction="at_most")
    assert proofs.verdict_of(case) == "not_enough_data"


def test_two_examinations_of_the_case_are_compared(cast: Cast) -> None:
    case = verifying(cast)
    item = criterion(case, measure="mean", direction="at_least", target=62.0, least_n=20)
    made = [_examination(cast, case, n, values, day) for n, values, day in ((1, BEFORE, 12), (2, AFTER, 1))]
    proof = service.prove(cast["expert"], item, OfExaminations("水温", made[0], made[1]))
    assert proof.verdict == "proven" and proof.effect_on == days_ago(2)
    assert proof.figures["origin"]["after"] == "JC-2"
    with pytest.raises(InputError):
        service.prove(cast["expert"], item, OfExaminations("水温", made[1], made[1]))
    other = case_in(cast, "verifying", enterprise=cast.other_firm)
    stranger = _examination(cast, other, 3, AFTER, 1)
    with pytest.raises(InputError):
        service.prove(cast["expert"], item, OfExaminations("水温", made[0], stranger))


def _examination(cast: Cast, case: Case, number: int, values: Any, day: int) -> Examination:
    reading = {"item": "水温", "value": "", "verdict": "pass", "n": len(values), "values": list(values)}
    return Examination.objects.create(
        case=case, number=f"JC-{number}", status="reported", laboratory=cast.laboratory, ordered_by=cast.doctor,
        product_name="杯", items=[{"name": "水温", "unit": "°C"}], readings=[reading], ordered_on=days_ago(day + 1),
        reported_on=days_ago(day),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (Counts((36, 200), (201, 200)), "bad_count"),
        (Counts((0.5, 200), (2, 200)), "bad_count"),
        (Pasted((1.0, 2.0), (1.0, 2.0), lower=0.0), "few"),
    ],
)
def test_what_cannot_be_compared_is_refused(cast: Cast, source: Any, code: str) -> None:
    item = measured(verifying(cast))
    try:
        made = service.prove(cast["expert"], item, source, days_ago(1))
    except InputError as error:
        assert error.problems[0].code.startswith(code)
    else:
        assert made.verdict == "not_enough_data"


@pytest.mark.parametrize("day", [-1, 400])
def test_the_day_of_the_effect_is_one_that_was(cast: Cast, day: int) -> None:
    with pytest.raises(InputError):
        prove(cast, verifying(cast), GOOD, days_ago(day))


def test_without_a_day_nothing_is_proven(cast: Cast) -> None:
    with pytest.raises(InputError):
        service.prove(cast["expert"], measured(verifying(cast)), Counts(*GOOD))


def test_only_the_expert_of_the_case_compares_and_only_what_is_in_force(cast: Cast) -> None:
    case = verifying(cast)
    for name in ("colleague", "enterprise", "hospital_desk", "hospital_manager", "laboratory"):
        with pytest.raises(PermissionDenied):
            service.prove(cast[name], measured(case), counts(GOOD))
    with pytest.raises(InputError):
        service.prove(cast["expert"], case.items.filter(measure="words").first(), counts(GOOD))
    case.prescriptions.update(status="replaced")
    with pytest.raises(InputError):
        service.prove(cast["expert"], case.items.filter(measure="share").get(), counts(GOOD))
