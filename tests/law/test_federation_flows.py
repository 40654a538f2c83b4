"""The tables of the federation: a machine for each, what stops a step, no agency in any of them, votes and competition."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.law.machines import every_guard_can_stop, every_step_is_taken, stroll

from qualipolis.law.federation import voting
from qualipolis.law.federation.competition import POINTS, check_problems, endorsing, hints
from qualipolis.law.federation.voting import Ballot, count, quorum_of
from qualipolis.law.flow import NEEDS, Flow, Refused, Step
from qualipolis.law.flows import ALL
from qualipolis.law.flows.federation import (
    FEDERATION,
    FEDERATION_CLUE,
    FEDERATION_MEMBER,
    PACT,
    PACT_BREACH,
    PLEDGE,
)
from qualipolis.law.flows.federation.steps import AGENCIES
from qualipolis.law.rules import rule_on
from qualipolis.law.terms import deadline
from qualipolis.methods.problems import InputError

TODAY, PAST, AHEAD = dt.date(2026, 6, 10), dt.date(2026, 6, 1), dt.date(2026, 12, 31)
YES = count([Ballot(1, "association", 2, choice="yes"), Ballot(2, "enterprise", 1, choice="yes")])
NO = count([Ballot(1, "association", 2, choice="no"), Ballot(2, "enterprise", 1, choice="yes")])
READY: dict[str, Any] = dict.fromkeys(NEEDS, "given") | {
    "actor": 2,
    "second_person": 3,
    "today": TODAY,
    "due_on": PAST,
    "agency": False,
    "open_penalties": 0,
    "concerned": False,
    "resolution_carried": True,
    "valid_to": AHEAD,
    "endorsement": (),
    "author": 1,
    "checkers": (2, 3),
    "doubts": 0,
    "digest": "a",
    "checked_digest": "a",
    "signatures": 2,
    "association": 5,
    "association_concerned": False,
    "meets_on": TODAY,
    "earliest": PAST,
    "quorum": True,
    "in_the_chair": True,
    "minuted_by": 1,
    "reported_by": 1,
    "open_votes": 0,
    "outcome": YES,
    "late_concerns": 1,
    **dict.fromkeys(
        ("statutes", "content", "title", "text", "committee", "risk", "enterprise", "answer", "agenda"), "given"
    ),
    **dict.fromkeys(("meeting_held", "lead", "goal", "until"), "given"),
}  # fmt: skip
BENDS: tuple[dict[str, Any], ...] = ({}, {"statement": "given"}, {"valid_to": PAST}, {"quorum": False}, {"outcome": NO})


def facts_for(step: Step) -> dict[str, Any]:
    """Return facts under which the step may be taken; a step that no facts allow is an error of the table."""
    return next(READY | bend for bend in BENDS if step.objection(READY | bend) is None)


@pytest.mark.parametrize("flow", FEDERATION, ids=lambda flow: flow.code)
def test_the_table_is_sound(flow: Flow) -> None:
    assert flow.check() == ()
    assert ALL[flow.code] is flow


@pytest.mark.parametrize("flow", FEDERATION, ids=lambda flow: flow.code)
def test_a_machine_takes_every_step_and_is_refused_every_other(flow: Flow) -> None:
    every_step_is_taken(flow, facts_for)
    assert stroll(flow, facts_for, seed=7)


@pytest.mark.parametrize("flow", FEDERATION, ids=lambda flow: flow.code)
def test_every_guard_can_stop(flow: Flow) -> None:
    every_guard_can_stop(flow, facts_for)


@pytest.mark.parametrize("flow", FEDERATION, ids=lambda flow: flow.code)
def test_no_agency_takes_a_step_of_the_federation(flow: Flow) -> None:
    assert {role for step in flow.steps for role in step.roles} & set(AGENCIES) == set()


def refused(flow: Flow, state: str, name: str, **facts: Any) -> str:
    step = flow.find(state, name)
    assert step is not None
    with pytest.raises(Refused) as refusal:
        flow.take(state, name, {step.roles[0]}, READY | facts)
    return refusal.value.problem.code


def test_a_member_under_penalty_is_neither_admitted_nor_taken_back() -> None:
    assert refused(FEDERATION_MEMBER, "applied", "approve", open_penalties=1) == "open_penalties"
    assert refused(FEDERATION_MEMBER, "suspended", "resume", open_penalties=1) == "open_penalties"
    assert refused(FEDERATION_MEMBER, "applied", "approve", open_penalties=None) == "uncounted_open_penalties"
    assert refused(FEDERATION_MEMBER, "applied", "approve", agency=True) == "agency"


def test_nobody_concerned_handles_a_clue_or_a_breach() -> None:
    for name in ("forward", "refer", "assign", "drop"):
        assert refused(FEDERATION_CLUE, "screened", name, concerned=True) == "concerned"
        assert refused(FEDERATION_CLUE, "screened", name, concerned=None) == "concern_unknown"
    assert refused(FEDERATION_CLUE, "screened", "assign", association_concerned=True) == "association_concerned"
    for state, name in (("raised", "examine"), ("heard", "coach"), ("coaching", "strike")):
        assert refused(PACT_BREACH, state, name, concerned=True) == "concerned"


def test_a_pact_passes_two_people_other_than_its_author_and_is_published_word_for_word() -> None:
    assert refused(PACT, "checking", "clear", checkers=(1, 2)) == "few_checkers"
    assert refused(PACT, "checking", "clear", doubts=1) == "doubts"
    assert refused(PACT, "checking", "clear", doubts=None) == "uncounted_doubts"
    assert refused(PACT, "cleared", "publish", digest="b") == "changed"
    assert all(not PACT.find(state, "publish") for state in ("draft", "checking", "stopped"))


def test_a_breach_is_decided_after_the_member_was_heard_and_coaching_comes_before_removal() -> None:
    assert not PACT_BREACH.find("examining", "coach") and not PACT_BREACH.find("heard", "strike")
    assert refused(PACT_BREACH, "examining", "note_silence", due_on=TODAY) == "term_running"
    assert refused(PACT_BREACH, "coaching", "strike", second_person=2) == "one_person"
    assert refused(PACT_BREACH, "coaching", "strike", resolution_carried=False) == "no_vote"


def test_a_pledge_that_recommends_a_product_is_not_published() -> None:
    assert refused(PLEDGE, "handed_in", "publish", endorsement=("第一品牌",)) == "endorsement"
    assert refused(PLEDGE, "handed_in", "publish", endorsement=None) == "not_read"
    assert refused(PLEDGE, "handed_in", "publish", valid_to=PAST) == "pledge_past"


def test_a_clue_is_answered_within_fifteen_working_days_whatever_became_of_it() -> None:
    assert deadline("federation.clue.answer", dt.date(2026, 9, 16)).due == dt.date(2026, 10, 13)
    assert rule_on("federation.clue.answer", TODAY).verified is False
    for state in ("forwarded", "referred", "self_discipline", "handled", "dropped"):
        assert FEDERATION_CLUE.find(state, "answer")


# --- votes --------------------------------------------------------------------------------------------------------
def ballots(*choices: str | None) -> list[Ballot]:
    kinds = itertools.cycle(("association", "enterprise", "consumer"))
    return [Ballot(n, kind, 1, choice=choice) for n, (kind, choice) in enumerate(zip(kinds, choices))]  # type: ignore[arg-type]  # noqa: B905


def test_a_tie_is_not_carried() -> None:
    assert not count(ballots("yes", "no")).carried
    assert count(ballots("yes", "yes", "no")).carried


def test_who_is_concerned_counts_neither_for_the_quorum_nor_for_the_result() -> None:
    rows = [
        Ballot(1, "association", 5, choice="yes", concerned=True),
        Ballot(2, "enterprise", 1, choice="no"),
        Ballot(3, "consumer", 1, choice="no"),
    ]
    found = count(rows)
    assert (found.carried, found.entitled, found.present, found.concerned) == (False, 2, 2, (1,))


def test_one_kind_of_members_alone_carries_nothing() -> None:
    rows = [Ballot(1, "enterprise", 9, choice="yes"), Ballot(2, "association", 1, choice="no")]
    assert count(rows).why == voting.ONE_KIND


def test_a_special_majority_is_two_thirds_of_those_for_or_against() -> None:
    assert count(ballots("yes", "yes", "no"), "special").carried
    assert not count(ballots("yes", "yes", "no", "no"), "special").carried
    assert count(ballots("yes", "yes", "no", "abstain"), "special").carried


def test_half_of_the_votes_is_no_quorum() -> None:
    rows = [Ballot(1, "association", 1), Ballot(2, "enterprise", 1), Ballot(3, "consumer", 2, present=False)]
    assert quorum_of(rows) == (False, 4, 2)
    assert not count(rows).quorum


def test_a_list_of_votes_that_is_wrong_is_refused_with_everything_that_is_wrong() -> None:
    with pytest.raises(InputError) as refusal:
        count([Ballot(1, "association", 0), Ballot(1, "association", 1)], "loudest")
    assert {one.code for one in refusal.value.problems} == {"bad_majority", "twice", "no_votes"}


CHOICE = st.sampled_from(("yes", "no", "abstain", None))
ROW = st.tuples(st.sampled_from(tuple(voting.KINDS)), st.integers(1, 5), st.booleans(), CHOICE, st.booleans())


@given(st.lists(ROW, max_size=9), st.sampled_from(tuple(voting.MAJORITIES)))
def test_another_yes_never_loses_a_vote_and_the_order_of_members_never_matters(rows: Any, majority: str) -> None:
    every = [Ballot(n, kind, votes, there, choice, shy) for n, (kind, votes, there, choice, shy) in enumerate(rows)]
    found = count(every, majority)
    back = count(every[::-1], majority)
    assert (found.carried, found.all, found.quorum) == (back.carried, back.all, back.quorum)
    for n, one in enumerate(every):
        if found.carried and one.choice in (None, "no", "abstain") and one.present:
            turned = [*every[:n], Ballot(one.member, one.kind, one.votes, True, "yes", one.concerned), *every[n + 1 :]]
            assert count(turned, majority).carried


# --- fair competition ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("全体会员统一定价，同步调整。", "prices"),
        ("会员不得低于成本价二十元销售。", "prices"),
        ("各会员划分销售区域，互不进入对方客户。", "division"),
        ("旺季联合限制产量，按配额供货。", "quantity"),
        ("会员联合抵制该供应商。", "boycott"),
        ("仅限会员产品方可进入展区。", "barrier"),
        ("会员之间交换报价与客户名单。", "information"),
        ("会员轮流中标。", "bids"),
        ("退出公约的会员须交罚款。", "membership"),
        ("Members agree on minimum prices.", "prices"),
        ("Members divide the regional markets between them.", "division"),
        ("Members shall not deal with this supplier.", "boycott"),
    ],
)
def test_words_that_may_restrict_competition_draw_attention(text: str, point: str) -> None:
    assert point in {one.point for one in hints(text)}
    assert all(one.words == text[one.at : one.at + len(one.words)] for one in hints(text))


@pytest.mark.parametrize(
    "text",
    [
        "会员承诺出厂前逐批检验，检验结果向消费者公开。",
        "会员在七日内答复消费者投诉，保留记录三年。",
        "Members test every batch before it leaves and answer complaints within seven days.",
    ],
)
def test_a_pact_about_quality_alone_draws_none(text: str) -> None:
    assert hints(text) == () and endorsing(text) == ()


def test_a_check_answers_every_point_and_a_doubt_says_why() -> None:
    clean = {point.code: "no" for point in POINTS}
    assert check_problems(clean, "") == []
    assert [one.code for one in check_problems(clean | {"prices": "doubt"}, " ")] == ["no_note"]
    assert check_problems(clean | {"prices": "doubt"}, "第三条") == []
    assert {one.code for one in check_problems({"weather": "no"}, "")} == {"not_answered", "unknown_point"}
