"""The pages of signals: the board and its empty states, one signal with its one next step, proposals, how good they are."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from tests.city.listen.cast import Cast, complaint_in
from tests.city.listen.test_signals import last_week, letters, signal
from tests.city.listen.test_signals_knowledge import heard, proposed

from qualipolis.city.hospital.models import GroupDisease
from qualipolis.city.listen import service
from qualipolis.city.listen.models import Investigation, Letter, PublicWarning, Signal, SignalRun
from qualipolis.city.supervise.models import Campaign, SamplingRule

READERS = ("department", "planner", "complaint_desk", "leader", "auditor", "inspector")


@pytest.fixture
def enter(client: Any) -> Any:
    def entered(person: Any) -> Any:
        client.force_login(person)
        return client

    return entered


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    cache.clear()


def board(enter: Any, person: Any) -> str:
    return str(enter(person).get(reverse("desk:listen_signals")).content.decode())


def page(enter: Any, person: Any, row: Signal) -> Any:
    return enter(person).get(reverse("desk:listen_signal", args=[row.pk]))


def primaries(text: str) -> int:
    return text.count("btn-primary")


def test_the_board_says_what_why_and_how_sure(cast: Cast, enter: Any) -> None:
    row = heard(cast)
    for name in READERS:
        text = board(enter, cast[name])
        assert "近4周" in text and "在全部记录中的占比上升" in text and "是误报" in text
    assert (
        reverse("desk:listen_signal", args=[row.pk]) in text and "张" not in re.findall(r"<h1[^>]*>(.*?)</h1>", text)[0]
    )
    for name in ("enterprise", "laboratory", "mediator", "hospital_desk"):
        assert enter(cast[name]).get(reverse("desk:listen_signals")).status_code == 403


def test_a_quiet_month_is_said_with_the_true_number_of_complaints(cast: Cast, enter: Any) -> None:
    letters(cast, weeks=40)
    service.hear(cast["department"], last_week())
    run = SignalRun.objects.get()
    Signal.objects.all().delete()
    until = run.week + timezone.timedelta(days=6)
    for _number in range(3):
        complaint_in(cast, "closed", received_on=until)
    complaint_in(cast, "closed", received_on=until + timezone.timedelta(days=1))
    assert "本月还没有预警信号，3件投诉都查过了" in board(enter, cast["leader"])


def test_before_the_first_look_the_board_says_why_it_is_empty(cast: Cast, enter: Any) -> None:
    text = board(enter, cast["department"])
    assert "还没有研判过任何一周" in text and "现在研判" in text
    assert "现在研判" not in board(enter, cast["leader"])
    address = reverse("desk:listen_signals")
    assert "至少" in enter(cast["department"]).post(address, follow=True).content.decode()


def test_a_week_is_looked_over_from_the_board(cast: Cast, enter: Any) -> None:
    letters(cast, weeks=40, burst=14)
    enter(cast["planner"]).post(reverse("desk:listen_signals"))
    assert SignalRun.objects.get().week == last_week()
    assert enter(cast["leader"]).post(reverse("desk:listen_signals")).status_code == 403


def test_a_signal_has_one_next_step_its_chart_and_the_same_table(cast: Cast, enter: Any) -> None:
    row = heard(cast)
    text = page(enter, cast["department"], row).content.decode()
    assert primaries(text) == 1 and 'class="chart outbreak"' in text and "其他情况" in text
    shown = page(enter, cast["department"], row).context
    assert sum(int(line["count"]) for line in shown["weekly"].rows[:4]) == row.count and len(shown["weekly"].rows) == 52
    assert primaries(page(enter, cast["leader"], row).content.decode()) == 0


def test_a_person_walks_a_signal_to_its_end(cast: Cast, enter: Any) -> None:
    row, desk = signal(cast), enter(cast["department"])
    address = reverse("desk:listen_signal", args=[row.pk])
    assert desk.post(address, {"do": "look"}).status_code == 302
    assert desk.post(address, {"do": "act", "kind": "sample"}).status_code == 400
    assert desk.post(address, {"do": "act", "kind": "warning", "words": "提醒停用"}).status_code == 302
    text = desk.get(address).content.decode()
    assert primaries(text) == 0 and "提醒停用" in text
    made = row.proposals.get()
    answer = desk.post(reverse("desk:listen_proposal", args=[made.pk]), {"do": "take_up", "title_zh": "电暖器风险警示"})
    assert answer.status_code == 302 and PublicWarning.objects.get().title_zh == "电暖器风险警示"
    assert primaries(desk.get(address).content.decode()) == 1
    assert desk.post(address, {"do": "confirm", "reason": "抽查发现同批不合格"}).status_code == 302
    row.refresh_from_db()
    assert row.status == "confirmed" and "抽查发现同批不合格" in board(enter, cast["leader"])


def test_more_can_be_proposed_while_others_answer(cast: Cast, enter: Any) -> None:
    row = proposed(cast, "sample").signal
    said = {"do": "more", "kind": "hospital", "words": "请会诊"}
    assert enter(cast["department"]).post(reverse("desk:listen_signal", args=[row.pk]), said).status_code == 302
    assert sorted(row.proposals.values_list("kind", flat=True)) == ["hospital", "sample"]


def test_like_signals_are_joined(cast: Cast, enter: Any) -> None:
    row, other = signal(cast), signal(cast, key="other")
    address = reverse("desk:listen_signal", args=[row.pk])
    assert enter(cast["department"]).post(address, {"do": "merge", "reason": other.pk}).status_code == 302
    row.refresh_from_db()
    assert row.merged_into == other and page(enter, cast["department"], row).status_code == 200


def test_a_proposed_sample_opens_a_campaign_with_its_rules_filled_in(cast: Cast, enter: Any) -> None:
    made, planner = proposed(cast, "sample"), enter(cast["planner"])
    rule = SamplingRule.objects.exclude(published_on=None).first()
    assert rule is not None
    Signal.objects.update(product_class=rule.category)
    shown = planner.get(reverse("desk:listen_proposal", args=[made.pk])).context["box"]
    assert shown.action == reverse("desk:campaign_new") and shown.method == "get"
    address = f"{shown.action}?proposal={made.pk}"
    form = planner.get(address).context["form"]
    assert form["rule"].value() == rule.pk and form["purpose"].value() == "risk"
    owner = form.fields["organiser"].queryset.first()
    said = {"do": "new", "rule": rule.pk, "organiser": owner.pk, "purpose": "risk", "stage": "sale", "size": 30}
    assert planner.post(address, said).status_code == 302
    made.refresh_from_db()
    assert made.status == "taken_up" and made.became == Campaign.objects.latest("pk").number


def test_a_campaign_of_others_answers_nothing(cast: Cast, enter: Any) -> None:
    made = proposed(cast, "warning")
    assert enter(cast["planner"]).get(f"{reverse('desk:campaign_new')}?proposal={made.pk}").context["proposal"] is None
    for wrong in ("x", "9" * 30):
        assert enter(cast["planner"]).get(f"{reverse('desk:campaign_new')}?proposal={wrong}").status_code == 200


def test_only_the_office_that_is_asked_answers(cast: Cast, enter: Any) -> None:
    made = proposed(cast, "investigation")
    address = reverse("desk:listen_proposal", args=[made.pk])
    assert primaries(enter(cast["planner"]).get(address).content.decode()) == 0
    assert primaries(enter(cast["department"]).get(address).content.decode()) == 1
    assert enter(cast["hospital_desk"]).get(address).status_code == 404
    enter(cast["planner"]).post(address, {"do": "take_up", "became": "x"})
    assert not Investigation.objects.exists()


def test_the_hospital_sees_its_proposal_its_group_and_no_complaints(cast: Cast, enter: Any) -> None:
    row = heard(cast)
    made = proposed(cast, "hospital", row)
    group = GroupDisease.objects.get()
    manager = enter(cast["hospital_manager"])
    text = manager.get(reverse("desk:listen_proposal", args=[made.pk])).content.decode()
    assert group.number in text and primaries(text) == 1
    assert row.number in manager.get(reverse("desk:hospital_group", args=[group.pk])).content.decode()
    shown = manager.get(reverse("desk:listen_signal", args=[row.pk]))
    assert shown.status_code == 200 and shown.context["context"] is None
    assert manager.get(reverse("desk:listen_signal", args=[signal(cast, key="k2").pk])).status_code == 404


def test_the_quality_page_tells_hits_and_the_trial_with_intervals(cast: Cast, enter: Any) -> None:
    address = reverse("desk:listen_signal_quality")
    assert "还没有检验" in enter(cast["auditor"]).get(address).content.decode()
    heard(cast)
    text = enter(cast["auditor"]).get(address).content.decode()
    assert "还没有认定过信号" in text and "植入的爆发能发现多少" in text and text.count("95%区间") >= 2
    service.dismiss_signal(cast["department"], Signal.objects.first(), "重复")
    assert "n = 1" in enter(cast["auditor"]).get(address).content.decode()


@pytest.mark.parametrize(
    "query", ["", "?show=open", "?show=dismissed", "?week=2026-99-99", "?week=2026-01-05", "?q=heater"]
)
def test_all_signals_are_listed_under_their_filters(cast: Cast, enter: Any, query: str) -> None:
    row = signal(cast)
    answer = enter(cast["leader"]).get(reverse("desk:listen_signal_list") + query)
    assert answer.status_code == 200
    assert (row.number in answer.content.decode()) == (query in ("", "?show=open", "?q=heater"))


def test_pages_ask_few_questions_however_many_signals_there_are(
    cast: Cast, enter: Any, django_assert_max_num_queries: Any
) -> None:
    letters(cast, weeks=40)
    service.hear(cast["department"], last_week())
    for n in range(30):
        signal(cast, key=f"k{n}", run=SignalRun.objects.get(), kind="place", units=[cast.unit.code])
    desk = enter(cast["leader"])
    desk.get(reverse("desk:listen_signals"))
    with django_assert_max_num_queries(22):
        desk.get(reverse("desk:listen_signals"))
    assert Letter.objects.exists()
