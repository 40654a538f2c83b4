"""A check on site: drawn by risk and by lot, made by two people, signed, and acted on."""

from __future__ import annotations

import hashlib

import pytest
from django.core.exceptions import PermissionDenied
from tests.city.measure.cast import SYSTEM, Cast, locked_round, open_round, person, tiny_set

from qualipolis.city.assess import queries, service
from qualipolis.city.assess.drawing import Candidate, Value, draw, ticket
from qualipolis.city.assess.models import Adjustment, SiteCheck, SiteFinding, SiteVisit
from qualipolis.city.core.models import Event
from qualipolis.city.core.policy import visible
from qualipolis.city.measure import service as measure
from qualipolis.city.measure.models import CollectionRound, Observation
from qualipolis.methods.problems import InputError

SEED = "体彩22037期 0 7 4 1 9"


@pytest.fixture
def checking(cast: Cast) -> CollectionRound:
    made = open_round(tiny_set())
    rows = [(code, unit.code, 50, None, None) for unit in cast.units for code in "abc"]
    measure.fill_round(SYSTEM, made, rows)
    measure.submit_many(SYSTEM, made)
    measure.verify_many(SYSTEM, made)
    return measure.close_entry(SYSTEM, made)


@pytest.fixture
def checkers(cast: Cast) -> tuple[object, object]:
    return person("li", "inspector"), person("wang", "reviewer")


def drawn(cast: Cast, round_: CollectionRound, checkers: tuple, **size: int) -> list[SiteVisit]:
    size = {"by_risk": 0, "at_random": 4, "values_each": 2} | size
    plan = service.plan_site_check(cast["planner"], round_, SEED, "公开开奖号码", **size)
    return service.draw_site_check(cast["planner"], plan, checkers)


def visit_of(visits: list[SiteVisit], unit: str = "T1") -> SiteVisit:
    return next(visit for visit in visits if visit.unit.code == unit)


def found_all(visit: SiteVisit, checker, result: str = "confirmed", **said: object) -> None:
    for row in visit.findings.all():
        service.record_finding(checker, row, result, said.get("words", "与台账一致"), **{
            key: value for key, value in said.items() if key != "words"
        })  # fmt: skip


def test_lots_are_keyed_hashes_that_anyone_can_draw_again(cast: Cast, checking: CollectionRound, checkers) -> None:
    visits = drawn(cast, checking, checkers, at_random=2)
    tickets = {unit.code: hashlib.sha256(f"{SEED}|{unit.code}".encode()).hexdigest() for unit in cast.units}
    wanted = sorted(tickets, key=lambda code: tickets[code])[:2]
    assert {visit.unit.code: visit.ticket for visit in visits} == {code: tickets[code] for code in wanted}
    again = queries.verify_draw(SiteCheck.objects.get())
    assert again.population_holds and again.lots_hold and set(again.units) == set(wanted)
    SiteVisit.objects.filter(unit__code=wanted[0]).update(chosen="risk")
    assert not queries.verify_draw(SiteCheck.objects.get()).lots_hold


def test_the_seed_is_in_the_ledger_before_the_draw_and_one_plan_is_drawn_once(cast: Cast, checking, checkers) -> None:
    drawn(cast, checking, checkers)
    verbs = list(Event.objects.filter(verb__contains="site_check").values_list("verb", flat=True))
    assert verbs == ["assess.plan_site_check", "assess.draw_site_check"]
    assert SEED in Event.objects.get(verb="assess.plan_site_check").payload
    with pytest.raises(InputError, match="already"):
        service.draw_site_check(cast["planner"], SiteCheck.objects.get())


def test_a_seed_has_a_source_and_no_bar(cast: Cast, checking: CollectionRound) -> None:
    with pytest.raises(InputError, match="seed"):
        service.plan_site_check(cast["planner"], checking, "7|8", "号码")
    with pytest.raises(InputError, match="1 to 500"):
        service.plan_site_check(cast["planner"], checking, "7", "号码", by_risk=0, at_random=0)


def test_risk_goes_first_and_says_why(cast: Cast, checkers) -> None:
    locked_round(tiny_set(2020), {f"T{i}": {"a": 50, "b": 50, "c": 50} for i in range(1, 5)})
    values = {f"T{i}": {"a": 50, "b": 50, "c": 50} for i in range(1, 5)} | {"T3": {"a": 90, "b": 50, "c": 50}}
    made = locked_round(tiny_set(2021), values)
    visits = drawn(cast, made, checkers, by_risk=1, at_random=1)
    risky = next(visit for visit in visits if visit.chosen == "risk")
    assert (risky.unit.code, risky.reasons) == ("T3", [{"code": "change", "params": {"count": 1}}])
    assert queries.reason_text(risky.reasons[0]) == "1 indicators changed by more than 30 % against the year before."
    assert risky.findings.filter(observation__indicator__code="a").exists(), "what changed most is looked at"


def test_a_large_gap_between_own_and_computed_score_is_a_risk(cast: Cast, locked: CollectionRound, checkers) -> None:
    service.call_self_evaluations(cast["planner"], locked)
    row = locked.self_evaluations.get(unit__code="T1")
    service.save_self_evaluation(
        SYSTEM, row, {"QDL": (60, "低"), "NII": (60, "低")}, strengths="一", shortcomings="二", measures="三"
    )
    service.submit_self_evaluation(SYSTEM, row, "镇长")
    service.run(SYSTEM, locked, seed=1, replicates=0)
    visit = drawn(cast, locked, checkers, by_risk=1, at_random=0)[0]
    assert (visit.unit.code, visit.reasons[0]["code"], visit.reasons[0]["params"]) == ("T1", "gap", {"points": "-30.0"})


def test_the_draw_does_not_depend_on_the_order_of_the_units() -> None:
    values = tuple(Value(n, f"i{n}", 1.0, 0.0, False, "") for n in range(9))
    pool = [
        Candidate(n, f"U{n:03d}", values, ({"code": "record", "params": {}},) if n % 7 == 0 else ()) for n in range(60)
    ]
    one, other = draw("s", pool, 3, 5, 4), draw("s", pool[::-1], 3, 5, 4)
    assert [(a.candidate.code, a.chosen, a.values) for a in one] == [
        (b.candidate.code, b.chosen, b.values) for b in other
    ]
    assert [a.candidate.code for a in draw("t", pool, 3, 5, 4)] != [a.candidate.code for a in one]
    assert ticket("s", "U000") == one[0].ticket or one[0].candidate.code != "U000"


def test_two_people_check_and_only_they_write(cast: Cast, checking: CollectionRound, checkers) -> None:
    visit = visit_of(drawn(cast, checking, checkers[:1]))
    with pytest.raises(InputError, match="needs 2 people, 1 are named"):
        service.start_visit(checkers[0], visit)
    with pytest.raises(InputError, match="no role"):
        service.name_checkers(cast["planner"], visit, [cast["town_officer"]])
    service.name_checkers(cast["planner"], visit, checkers)
    service.start_visit(checkers[0], visit)
    with pytest.raises(PermissionDenied):
        service.record_finding(person("zhao", "inspector"), visit.findings.first(), "confirmed", "")
    service.record_finding(checkers[1], visit.findings.first(), "confirmed", "")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (("different", "台账为 40"), "no_value"),
        (("falsified", " "), "no_words"),
        (("odd", "奇怪"), "bad_result"),
    ],
)
def test_a_finding_says_what_was_seen(cast: Cast, checking: CollectionRound, checkers, said, code) -> None:
    visit = visit_of(drawn(cast, checking, checkers))
    service.start_visit(checkers[0], visit)
    with pytest.raises(InputError) as refused:
        service.record_finding(checkers[0], visit.findings.first(), *said)
    assert code in {problem.code for problem in refused.value.problems}


def test_the_town_signs_when_every_value_has_its_finding(cast: Cast, checking: CollectionRound, checkers) -> None:
    visit = visit_of(drawn(cast, checking, checkers))
    service.start_visit(checkers[0], visit)
    with pytest.raises(InputError, match="2 values"):
        service.sign_visit(cast["town_officer"], visit, "分管负责人")
    found_all(visit, checkers[0])
    assert [item.verb for item in queries.work(cast["town_officer"])] == ["assess.sign_visit"]
    assert service.sign_visit(cast["town_officer"], visit, "分管负责人").status == "signed"
    assert service.conclude_visit(cast["planner"], visit).status == "concluded"


def test_an_objection_is_answered_by_checking_again_or_keeping(cast: Cast, checking: CollectionRound, checkers) -> None:
    visit = visit_of(drawn(cast, checking, checkers))
    service.start_visit(checkers[0], visit)
    found_all(visit, checkers[0], "no_evidence", words="未见原件")
    service.object_visit(cast["town_officer"], visit, "分管负责人", "原件在上级部门")
    service.answer_visit(cast["planner"], visit, "同意复核", again=True)
    found_all(visit, checkers[1])
    service.object_visit(cast["town_officer"], visit, "分管负责人", "仍有异议")
    row = service.answer_visit(cast["planner"], visit, "维持", again=False)
    assert (row.status, row.reply, row.objection) == ("signed", "维持", "仍有异议")


def test_a_different_value_is_corrected_through_the_values_own_steps(cast: Cast, checking, checkers) -> None:
    visit = visit_of(drawn(cast, checking, checkers, values_each=1))
    service.start_visit(checkers[0], visit)
    found_all(visit, checkers[0], "different", words="台账为 40", numerator=40)
    service.sign_visit(cast["town_officer"], visit, "分管负责人")
    with pytest.raises(InputError, match="1 findings"):
        service.conclude_visit(cast["planner"], visit)
    finding = SiteFinding.objects.get(visit=visit)
    service.settle_finding(cast["planner"], finding, "按核查值更正")
    seen = Observation.objects.get(pk=finding.observation_id)
    assert (seen.status, seen.value, finding.reported) == ("corrected", 40.0, 50.0)
    assert service.conclude_visit(cast["planner"], visit).status == "concluded"


def test_in_a_locked_round_nothing_is_corrected_without_two_people(cast: Cast, locked, checkers) -> None:
    visit = visit_of(drawn(cast, locked, checkers, values_each=1))
    service.start_visit(checkers[0], visit)
    found_all(visit, checkers[0], "different", words="台账为 40", numerator=40)
    service.sign_visit(cast["town_officer"], visit, "分管负责人")
    finding = SiteFinding.objects.get(visit=visit)
    with pytest.raises(InputError, match="not open"):
        service.settle_finding(cast["planner"], finding, "按核查值更正")
    measure.reopen_round(cast["leader"], locked, "现场核查", [finding.observation_id])
    measure.confirm_reopen(cast["auditor"], locked)
    service.settle_finding(cast["planner"], finding, "按核查值更正")
    assert Observation.objects.get(pk=finding.observation_id).value == 40.0


def test_falsified_data_become_an_adjustment_by_a_document(cast: Cast, checking: CollectionRound, checkers) -> None:
    visit = visit_of(drawn(cast, checking, checkers, values_each=1))
    service.start_visit(checkers[0], visit)
    found_all(visit, checkers[0], "falsified", words="伪造检验报告")
    service.sign_visit(cast["town_officer"], visit, "分管负责人")
    finding = SiteFinding.objects.select_related("observation__indicator").get(visit=visit)
    with pytest.raises(InputError, match="number of its document"):
        service.settle_finding(cast["planner"], finding, "该项计零分")
    service.settle_finding(cast["planner"], finding, "该项计零分", "质领办〔2022〕7号")
    row = Adjustment.objects.get()
    assert (row.kind, row.unit.code, row.indicator_code) == ("falsified", "T1", finding.observation.indicator.code)


def test_a_town_sees_its_visit_once_it_has_begun_and_a_checker_the_own_ones(cast: Cast, checking, checkers) -> None:
    visits = drawn(cast, checking, checkers)
    stranger = person("zhao", "inspector")

    def seen(who) -> int:
        return visible(who, SiteVisit.objects.all()).count()

    assert [seen(who) for who in (cast["planner"], checkers[0], stranger, cast["town_officer"])] == [4, 4, 0, 0]
    service.start_visit(checkers[0], visit_of(visits))
    assert seen(cast["town_officer"]) == 1
    assert visible(cast["town_officer"], SiteFinding.objects.all()).count() == 2
    assert len(queries.site_visits(cast["town_officer"])) == 1
