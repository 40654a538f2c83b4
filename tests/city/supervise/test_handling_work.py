"""What waits for whom after a failed result, and the lists that can be taken along."""

from __future__ import annotations

from django.utils import timezone
from tests.city.supervise.cast import make_campaign
from tests.city.supervise.handled import announced, final, hand, opened, reported, reverse, served
from tests.city.supervise.test_penalties import decided
from tests.city.supervise.test_publications import published

from qualipolis.city.core.listings import LISTINGS
from qualipolis.city.supervise import service
from qualipolis.city.supervise.aftermath.publication_queries import (
    changes,
    newest,
    public_versions,
    published_rows,
    to_draft,
)
from qualipolis.city.supervise.aftermath.queries import cases
from qualipolis.city.supervise.work import work


def verbs(actor):
    """Return the verbs of this part that wait for somebody."""
    mine = ("handling_case", "correction", "transfer", "publication", "publications", "penalty", "meetings")
    return [one.verb.removeprefix("supervise.") for one in work(actor) if one.url_name.split(":")[1] in mine]


def test_the_branch_writes_the_order_and_another_branch_does_not(cast):
    opened(cast)
    assert "order_correction" in verbs(hand(cast)) and verbs(cast["inspector"]) == []


def test_the_firm_corrects_and_then_the_branch_reviews(cast):
    case = served(cast)
    assert verbs(cast["enterprise"]) == ["report_correction"] and verbs(hand(cast)) == []
    reported(cast, case)
    assert verbs(cast["enterprise"]) == [] and verbs(hand(cast)) == ["pass_review"]


def test_an_overdue_correction_waits_for_the_branch(cast, time_machine):
    time_machine.move_to("2026-03-02 10:00")
    served(cast)
    time_machine.move_to("2026-05-07 10:00")
    assert verbs(hand(cast)) == ["note_not_corrected"]


def test_the_second_review_waits_from_its_first_day(cast, time_machine):
    time_machine.move_to("2026-03-01 10:00")
    announced(cast)
    time_machine.move_to("2026-04-30 10:00")
    assert verbs(hand(cast)) == []
    time_machine.move_to("2026-05-01 10:00")
    assert verbs(hand(cast)) == ["pass_second_review"]


def test_results_wait_to_be_published_and_drafts_for_the_leader(cast):
    campaign = make_campaign(cast)
    final(cast, campaign, producer_elsewhere=True)
    assert {"draft_publication", "send_transfer"} <= set(verbs(cast["department"]))
    (found,) = to_draft(cast["planner"])
    assert (found.campaign, found.results) == (campaign, 1) and found.due_on is not None
    row = service.draft_publication(cast["department"], campaign)
    assert verbs(cast["leader"]) == ["approve_publication"] and to_draft(cast["planner"]) == []
    service.approve_publication(cast["leader"], row, "1号")
    assert "publish_results" in verbs(cast["department"])


def test_penalties_and_follow_ups_wait_for_the_organiser(cast):
    row = decided(cast)
    service.ask_follow_up(hand(cast), row.case, "跟踪抽查")
    assert {"publish_penalty", "ask_follow_up"} <= set(verbs(cast["department"]))
    reverse(row.case.result)
    assert "annul_penalty" in verbs(cast["department"]) and "ask_follow_up" not in verbs(cast["department"])


def test_cases_are_filtered_by_what_they_wait_for(cast):
    first, second = served(cast), opened(cast)
    found = lambda **params: {one.number for one in cases(cast["planner"], params)}  # noqa: E731
    assert found(show="firm") == {first.number} and found(show="open") == {first.number, second.number}
    assert found(show="late") == found(show="ended") == set()
    assert found(q=first.enterprise.name_zh) == {first.number, second.number} and found(q="无此企业") == set()
    assert found(handler="AMR-T1") == set()


def test_every_list_is_written_for_who_sees_its_rows(cast):
    row = published(cast)
    for name in ("handling", "publications", "penalties", "transfers", "meetings"):
        assert LISTINGS[name].frame(cast["planner"], {}).width >= 6
    assert LISTINGS["handling"].frame(cast["planner"], {}).height == 1
    assert LISTINGS["handling"].frame(cast["inspector"], {}).height == 0
    assert row.sha256 in LISTINGS["publications"].frame(cast["planner"], {}).row(0)


def test_the_public_sees_the_newest_rows_and_what_changed(cast):
    row = published(cast)
    bad = cases(cast["planner"]).get().result
    assert len(published_rows()) == 2 and len(published_rows({"verdict": "fail"})) == 1
    reverse(bad)
    assert published_rows({"verdict": "fail"}) == [] and len(newest(public_versions())) == 1
    (one,) = changes(row.rows, row.corrected_by.rows)
    assert one.result == bad.number and {"verdict", "objection", "items"} <= {name for name, _was, _now in one.fields}
    assert published_rows({"q": "童装"}) and published_rows({"q": "第1制衣"}) and not published_rows({"q": "电器"})


def test_what_came_down_keeps_its_number_and_loses_its_rows(cast, time_machine):
    time_machine.move_to("2026-03-02 10:00")
    published(cast)
    time_machine.move_to("2029-03-03 10:00")
    service.take_down_due(timezone.now())
    (one,) = public_versions()
    assert one.gone and not one.rows and not one.sha256 and not one.reason and published_rows() == []


def test_days_of_publication_are_days_here(cast, time_machine):
    time_machine.move_to("2026-03-02 16:30+00:00")  # already 3 March in China
    published(cast)
    assert "2026-03-03" in {str(cell) for cell in LISTINGS["publications"].frame(cast["planner"], {}).row(0)}
