"""Like cases, ratings, check-ups."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from tests.city.hospital.belongings import diagnosis_of
from tests.city.hospital.cast import case_in

from qualipolis.city.core.models import Event
from qualipolis.city.core.policy import visible
from qualipolis.city.hospital import service
from qualipolis.city.hospital.learning import check_up, ratings, similar
from qualipolis.city.hospital.learning.check_up_questions import AREAS, QUESTIONS
from qualipolis.city.hospital.models import CheckUp, KnowledgeCase, Rating
from qualipolis.methods.problems import InputError

METAL = {
    "product_name": "螺栓",
    "product_class": "紧固件",
    "problem_text": "扭矩试验断裂",
    "defect_codes": ["strength"],
}


def knowledge(cast, **more):
    values = {
        "number": "K1", "status": "published", "department": cast.department, "product_class": "儿童服装",
        "defect_codes": ["colour_fastness"], "root_cause": "material", "title_zh": "童装褪色", "symptom_zh": "洗后褪色",
        "cause_zh": "-", "treatment_zh": "-", "effect_zh": "-",
    }  # fmt: skip
    return KnowledgeCase.objects.create(**values | more)


def test_like_cases_come_with_their_reasons_and_unlike_ones_not_at_all(cast):
    case, twin = case_in(cast, "examining"), case_in(cast, "closed")
    other = case_in(cast, "closed", **METAL)
    known = knowledge(cast)
    found = similar.like(cast["expert"], case)
    assert [one.row for one in found] == [twin, known] and other not in [one.row for one in found]
    assert found[0].score == pytest.approx(1.0) and len(found[0].reasons) == 3
    assert "褪色" in found[1].reasons[-1] and found[1].known


def test_a_firm_learns_from_what_is_published_and_its_own_but_from_no_other(cast):
    case = case_in(cast, "examining")
    case_in(cast, "closed", enterprise=cast.other_firm)
    known = knowledge(cast)
    knowledge(cast, number="K2", status="draft")
    assert [one.row for one in similar.like(cast["enterprise"], case)] == [known]


def test_what_like_cases_had_in_common_is_told_of_three_other_firms_or_more(cast):
    case = case_in(cast, "examining")
    for firm in cast.city.firms[1:3]:
        case_in(cast, "closed", enterprise=firm)
    assert similar.pattern(case) is None
    odd = case_in(cast, "examining", enterprise=cast.city.firms[3])
    diagnosis_of(cast, odd, root_cause="method")
    found = similar.pattern(case)
    assert (found.cases, found.firms, found.causes) == (3, 3, ())
    case_in(cast, "closed", enterprise=cast.city.firms[4])
    assert [number for _cause, number in similar.pattern(case).causes] == [3]


def test_a_firm_rates_its_judged_case_once_and_the_ledger_keeps_it_to_itself(cast):
    case = case_in(cast, "closed")
    service.rate_case(cast["enterprise"], case, 5, "很快")
    with pytest.raises(InputError):
        service.rate_case(cast["enterprise"], case, 1)
    assert Rating.objects.get().stars == 5
    assert "5" not in Event.objects.get(verb="hospital.rate_case").payload.replace(case.number, "")


@pytest.mark.parametrize("status", ["registered", "treating", "withdrawn"])
def test_what_was_not_judged_is_not_rated(cast, status):
    with pytest.raises(InputError):
        service.rate_case(cast["enterprise"], case_in(cast, status), 5)


@pytest.mark.parametrize("role", ["other_enterprise", "expert", "hospital_desk", "planner"])
def test_nobody_else_rates(cast, role):
    with pytest.raises(PermissionDenied):
        service.rate_case(cast[role], case_in(cast, "closed"), 5)


def test_the_mean_is_told_of_three_ratings_or_more_and_the_expert_sees_no_rating(cast):
    for stars in (5, 4):
        Rating.objects.create(case=case_in(cast, "closed"), stars=stars)
    assert ratings.ratings_of([cast.doctor.pk])[cast.doctor.pk] == ratings.Mean(None, 2)
    Rating.objects.create(case=case_in(cast, "closed"), stars=3)
    found = ratings.ratings_of([cast.doctor.pk, cast.colleague.pk])
    assert (found[cast.doctor.pk], found[cast.colleague.pk]) == (ratings.Mean(4.0, 3), ratings.Mean(None, 0))
    assert not visible(cast["expert"], Rating.objects.all()).exists()


def answers(value="3", **more):
    return {one.code: value for one in QUESTIONS} | more


def test_a_firm_that_does_everything_reaches_a_hundred_and_has_no_next_step():
    found = check_up.picture(answers("3"))
    assert found.score == 100 and not found.steps and found.enough and len(found.areas) == len(AREAS)


def test_what_does_not_apply_or_was_not_answered_is_no_zero():
    found = check_up.picture(answers("3", suppliers="na", incoming="na", change_supplier="na", chart=""))
    supply = next(one for one in found.areas if one.code == "supply")
    assert supply.score is None and found.score == 100 and found.answered == len(QUESTIONS) - 1


def test_the_three_steps_gain_most_and_come_from_three_areas():
    found = check_up.picture(answers("3", officer="0", hazards="0", calibrated="1", final="0", chart="0"))
    assert [one.question.code for one in found.steps] == ["officer", "final", "calibrated"]
    assert [one.gain for one in found.steps] == [9, 9, 6]


def test_where_only_one_area_lacks_all_three_steps_are_there():
    found = check_up.picture(answers("3", final="0", trace="0", recall="0", hold="0"))
    assert [one.question.code for one in found.steps] == ["final", "trace", "recall"]


def test_the_score_is_weighted():
    assert check_up.picture({"officer": "0", "trained": "3"}).score == pytest.approx(100 * 3 / 12)


def test_a_check_up_is_kept_for_the_firm_alone(cast):
    row = service.make_check_up(cast["enterprise"], cast.firm, answers("2"))
    assert CheckUp.objects.get() == row
    for role in ("other_enterprise", "hospital_manager", "planner", "inspector", "auditor", "expert"):
        assert not visible(cast[role], CheckUp.objects.all()).exists()
    assert "officer" not in Event.objects.get(verb="hospital.check_up").payload


def test_nobody_makes_the_check_up_of_another_firm(cast):
    for role in ("other_enterprise", "hospital_desk", "planner"):
        with pytest.raises(PermissionDenied):
            service.make_check_up(cast[role], cast.firm, answers("2"))


@pytest.mark.parametrize("said", [{}, {"officer": "9"}, {"nonsense": "1"}, {"officer": "na"}])
def test_an_answer_that_is_none_is_refused(cast, said):
    with pytest.raises(InputError):
        service.make_check_up(cast["enterprise"], cast.firm, said)


def test_the_check_up_before_is_that_of_the_same_firm(cast):
    first = service.make_check_up(cast["enterprise"], cast.firm, answers("1"))
    service.make_check_up(cast["other_enterprise"], cast.other_firm, answers("2"))
    second = service.make_check_up(cast["enterprise"], cast.firm, answers("2"))
    assert check_up.before(cast["enterprise"], second) == first and check_up.before(cast["enterprise"], first) is None
