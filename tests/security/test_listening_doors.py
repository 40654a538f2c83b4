"""Listening under attack: signals, warnings and figures; changed numbers in addresses, doubled posts, days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from tests.city.listen.cast import CONSUMER, PUBLIC, Cast, complaint_in, report_in
from tests.city.supervise.cast import person as with_role
from tests.security.hostile import PHOTO, cast, codes, entered, home, reads, sent

from qualipolis.city.core.models import Attachment, Event, Grant
from qualipolis.city.listen import service
from qualipolis.city.listen.models import Complaint, Letter, Proposal, PublicWarning, Recall, SafetyProduct, Signal
from qualipolis.city.listen.reports.documents import issue
from qualipolis.city.listen.statistics.figures import figures
from qualipolis.methods.problems import InputError

__all__ = ["cast", "home"]


def signal(n: int, **more: Any) -> Signal:
    week = date(2026, 3, 2)
    return Signal.objects.create(number=f"S{n}", week=week, kind="place", key="[]", count=1, **more)


def test_signals_are_joined_in_no_circle_and_with_none_that_was_dismissed(cast: Cast) -> None:
    one, two, gone = signal(1), signal(2), signal(3, status="dismissed")
    planner = cast["planner"]
    stale = Signal.objects.get(pk=one.pk)
    service.merge_signal(planner, one, two)
    for row, into in ((two, stale), (two, two), (two, gone)):
        with pytest.raises(InputError) as refusal:
            service.merge_signal(planner, row, into)
        assert codes(refusal) == ["bad_merge"]


def test_a_proposal_is_answered_once(cast: Cast) -> None:
    made = service.propose(cast["department"], signal(1, status="looking"), "sample", "抽检")
    stale = Proposal.objects.get(pk=made.pk)
    service.take_up_proposal(cast["planner"], made, "CY1")
    for call in (
        lambda: service.decline_proposal(cast["planner"], stale, "不"),
        lambda: service.take_up_proposal(cast["planner"], stale, "CY2"),
    ):
        with pytest.raises(InputError):
            call()
    assert Proposal.objects.get(pk=made.pk).became == "CY1"


def test_nobody_publishes_own_words_by_letting_another_touch_them(cast: Cast) -> None:
    both = with_role("l-both", "department", None)
    Grant.objects.create(person=both, role="leader")
    texts = {"title_zh": "慎用", "products": "NQ", "hazard": "过热", "advice": "停用"}
    row = service.draft_warning(both, **texts)
    row = service.edit_warning(cast["department"], row, advice="停用。")
    row = service.hand_in_warning(cast["department"], row)
    with pytest.raises(InputError) as refusal:
        service.publish_warning(both, row)
    assert codes(refusal) == ["own_words"] and PublicWarning.objects.get().status != "published"
    assert service.publish_warning(cast["leader"], row).status == "published"


def test_no_share_gives_a_withheld_outcome_away(cast: Cast) -> None:
    for state, n in (("agreed", 6), ("ended", 5), ("refused", 1)):
        for _one in range(n):
            complaint_in(cast, state)
    today = timezone.localdate()
    told = figures(today, today)
    hidden = {line.code for line in told.by_outcome.lines if line.count is None}
    assert "refused" in hidden and len(hidden) > 1
    assert told.in_time.n == 0 and (told.agreed.n == 0 or not hidden & {"agreed", "ended"})


def test_an_open_table_holds_no_formula(cast: Cast) -> None:
    from qualipolis.city.registry.models import Enterprise

    Enterprise.objects.filter(pk=cast.firm.pk).update(name_zh="=HYPERLINK(1)", name_en="@SUM(1)")
    last = timezone.localdate().replace(day=1) - timedelta(days=1)
    for _n in range(5):
        complaint_in(cast, "ended", ended_on=last, accepted_on=last)
    text = Client().get("/listen/data/complaints-by-firm.csv").content.decode("utf-8-sig")
    assert "HYPERLINK" in text
    assert not any(
        cell.startswith(("=", "@", "+")) for line in text.splitlines() for cell in line.replace('"', "").split(",")
    )


def test_a_single_report_stands_in_no_table_of_a_signal_but_that_of_the_desk(cast: Cast) -> None:
    sent(cast)
    Letter.objects.update(product_class="heater")
    monday = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
    row = Signal.objects.create(number="S9", week=monday, kind="place", key="[]", count=1, product_class="heater")
    for name, told in (("complaint_desk", True), ("planner", False), ("leader", False), ("inspector_elsewhere", False)):
        answer = entered(cast, name).get(f"/desk/signals/{row.pk}/")
        table = answer.context["context"]["table"]
        cells = [line["recent"] for line in table.rows]
        assert (cells[1] == 1) is told, (name, cells)


def test_the_same_progress_is_not_noted_twice_nor_below_nought(cast: Cast) -> None:
    today = timezone.localdate()
    product = SafetyProduct.objects.create(name="电暖器")
    row = Recall.objects.create(number="R1", product=product, enterprise=cast.firm, producer_name="甲", clue="x", units=9,
                                status="announced", announced_on=today)  # fmt: skip
    firm = cast["enterprise"]
    service.report_recall_progress(firm, row, today, 3)
    for more in ({"corrected": 3}, {"corrected": 4, "notified": -1}, {"corrected": 2}, {"corrected": 10}):
        with pytest.raises(InputError):
            service.report_recall_progress(firm, row, today, **more)
    service.report_recall_progress(firm, row, today, 4)
    assert row.progress.count() == 2
    with pytest.raises(PermissionDenied):
        service.report_recall_progress(cast["other_enterprise"], row, today, 5)


def test_the_ledger_does_not_name_the_files_of_an_incident(cast: Cast) -> None:
    file = SimpleUploadedFile("甄示范受伤.png", PHOTO[0])
    service.report_incident(cast["department"], "consumer", narrative="冒烟", files=[file])
    assert not any("甄示范" in event.payload for event in Event.objects.all())
    photo = Attachment.objects.get()
    assert (
        not reads(cast, "admin", photo) and not reads(cast, "hospital_desk", photo) and reads(cast, "inspector", photo)
    )


OUTSIDE = ("other_enterprise", "other_mediator", "desk_elsewhere", "inspector_elsewhere", "inspector", "town_officer",
           "planner", "leader", "department", "auditor", "admin", "laboratory", "hospital_desk", "mediator")  # fmt: skip


@pytest.mark.parametrize("name", OUTSIDE)
def test_no_changed_number_in_an_address_opens_what_is_of_others(cast: Cast, name: str) -> None:
    row = complaint_in(cast, "mediating")
    clue = report_in(cast, "checking")
    paper = issue(cast["complaint_desk"], "mediation", complaint=row, text="请到场")
    told = issue(cast["complaint_desk"], "report_result", report=clue, text="已立案")
    paths = [f"/desk/complaints/{row.pk}/", f"/desk/complaints/mine/{row.pk}/", f"/desk/complaints/{row.pk}/identity/",
             *(f"/desk/complaints/{row.pk}/step/{step}/" for step in ("end", "agree", "refuse", "call_meeting", "accept", "x")),
             f"/desk/complaints/{row.pk}/clue/", f"/desk/letters/{row.letter_id}/", f"/desk/letters/{clue.letter_id}/",
             f"/desk/violation-reports/{clue.pk}/", *(f"/desk/complaint-documents/{one.pk}/serve/" for one in (paper, told)),
             *(f"/desk/complaint-documents/{one.pk}.zh.pdf" for one in (paper, told))]  # fmt: skip
    client, before = entered(cast, name), Event.objects.count()
    posts: list[dict[str, Any]] = [
        {}, *({"do": do, "reason": "inform", "party": "respondent"} for do in ("open", "place", "sign", "end", "note_meeting", "take"))
    ]  # fmt: skip
    for path in paths:
        assert client.get(path).status_code in (302, 403, 404, 405), path
        for said in posts:
            answer = client.post(path, said)
            assert answer.status_code in (302, 403, 404, 405), path
            assert not any(mark in answer.content.decode("utf-8", "replace") for mark in CONSUMER.values()), path
    assert Event.objects.count() == before
    assert Complaint.objects.get(pk=row.pk).status == "mediating"


def test_a_button_pressed_twice_acts_once(cast: Cast) -> None:
    row = complaint_in(cast, "mediating")
    desk, firm = cast["complaint_desk"], cast["enterprise"]
    question = row.answers.get()
    paper = issue(desk, "mediation", complaint=row, text="请到场")
    service.write_agreement(desk, row, "退款")
    for call in (
        lambda: service.answer_complaint(firm, question, "愿意"),
        lambda: service.confirm_document(firm, paper),
        lambda: service.sign_agreement(firm, row, "respondent"),
        lambda: service.withdraw_complaint(PUBLIC, row, "已解决"),
    ):
        call()
        with pytest.raises(InputError):
            call()


def test_days_of_the_future_and_of_before_the_order_are_refused(cast: Cast) -> None:
    for day in (timezone.localdate() + timedelta(days=1), date(1999, 1, 1)):
        with pytest.raises(InputError):
            service.receive_letter(cast["complaint_desk"], None, track="report", identity={}, channel="post", received_on=day,
                                   respondent_name="某店", facts="换标签")  # fmt: skip


def test_an_officer_who_writes_a_letter_of_the_last_day_later_keeps_its_order_and_its_due_day(cast: Cast) -> None:
    from qualipolis.law.listening.grounds import order_on

    said = {
        "track": "complaint",
        "identity": CONSUMER,
        "channel": "post",
        "respondent_name": "某店",
        "facts": "坏",
        "claim": "退",
    }
    old, new = (
        service.receive_letter(cast["complaint_desk"], None, received_on=day, **said).complaint
        for day in (date(2026, 4, 14), date(2026, 4, 15))
    )
    assert order_on(old.received_on) != order_on(new.received_on)
    assert old.due_on <= new.due_on < timezone.localdate()
