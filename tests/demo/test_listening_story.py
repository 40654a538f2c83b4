"""What the demo city hears: matters in every state under both orders, planted outbreaks that the run finds, nobody's identity."""

from __future__ import annotations

from collections import Counter

import pytest
from django.utils import timezone
from tests.demo.built import demo_city

from qualipolis.city.core.models import Event, Person
from qualipolis.city.core.verification import verify_ledger
from qualipolis.city.listen.intake import secrecy
from qualipolis.city.listen.models import (
    Alert,
    AuthorityRequest,
    Complaint,
    CorrectiveAction,
    Document,
    Identity,
    Incident,
    Investigation,
    Letter,
    Proposal,
    PublicWarning,
    Recall,
    Report,
    Signal,
    SignalRun,
)
from qualipolis.city.listen.work import work
from qualipolis.city.measure.models import SourceRecord
from qualipolis.demo.listening_signals import HEARD
from qualipolis.demo.listening_words import OUTBREAKS, RUNNING, SETTLED
from qualipolis.law.flows.listening import COMPLAINT
from qualipolis.law.listening.rules import ORDER_121_FROM

WAITING = {
    "complaint_desk": {"listen.accept_complaint", "listen.mediate", "listen.verify_incident", "listen.close_complaint"},
    "complaint_desk-2": {"listen.accept_complaint"},
    "mediator": {"listen.note_meeting"},
    "enterprise": {"listen.answer_complaint", "listen.sign_agreement", "listen.prove_action"},
    "inspector": {"listen.file_report", "listen.accept_action"},
    "planner": {"listen.take_up_proposal"},
    "hospital_desk": {"listen.take_up_proposal"},
    "leader": {"listen.publish_warning"},
}  # fmt: skip
SAID = "（演示）"


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker, tmp_path_factory):
    with demo_city(tmp_path_factory.mktemp("home"), django_db_blocker) as home:
        yield home


@pytest.mark.parametrize("role", WAITING)
def test_something_to_listen_to_waits_for_each_role(filled, role):
    assert {item.verb for item in work(Person.objects.get(demo_role=role))} >= WAITING[role]


def test_there_is_a_complaint_and_a_report_in_every_state(filled):
    assert set(Complaint.objects.values_list("status", flat=True)) == set(COMPLAINT.labels)
    assert set(Report.objects.values_list("status", flat=True)) == {
        "received", "checking", "extended", "filed", "not_filed", "informed", "transferred", "merged", "closed",
    }  # fmt: skip


def test_matters_of_both_orders_are_told_and_one_of_the_old_order_still_stands_still(filled):
    told = Complaint.objects.filter(documents__isnull=False).distinct()
    assert told.filter(received_on__lt=ORDER_121_FROM).count() >= 4
    assert told.filter(received_on__gte=ORDER_121_FROM).count() >= 20
    assert Complaint.objects.filter(status="paused", received_on__lt=ORDER_121_FROM, pauses__until=None).exists()
    assert not Complaint.objects.filter(reason_code="identity", received_on__lt=ORDER_121_FROM).exists()


def test_letters_of_two_years_have_substance_for_statistics(filled):
    letters = Letter.objects.count()
    assert 2_300 <= letters <= 3_100
    records = SourceRecord.objects.filter(kind="complaint", number__contains="-TS")
    assert records.count() == Complaint.objects.exclude(status="transferred").count()
    assert Complaint.objects.exclude(satisfaction=None).count() > 400
    assert set(Letter.objects.values_list("channel", flat=True)) >= {"web", "phone", "post", "visit", "platform"}


@pytest.mark.parametrize("outbreak", OUTBREAKS, ids=lambda one: one.product)
def test_a_planted_outbreak_is_found_by_the_run_with_its_towns(filled, outbreak):
    found = Signal.objects.filter(product_class=outbreak.product, hazard=outbreak.problem)
    assert found.filter(unit=None).exists()
    towns = set(found.exclude(unit=None).values_list("unit__name_zh", flat=True))
    assert towns <= set(outbreak.towns) and len(towns) >= 2
    assert any(len(one.units) >= 3 for one in found), "a cluster of neighbours"


def test_nothing_but_the_planted_speaks_in_the_letters(filled):
    """Counted on this city alone: a signal that names neither a planted class nor a planted danger is a false one."""
    planted = {RUNNING.product, SETTLED.product}, {RUNNING.problem, SETTLED.problem}
    heard = Signal.objects.exclude(kind="abroad")
    false = [one for one in heard if one.product_class not in planted[0] and one.hazard not in planted[1]]
    assert len(false) <= 1, [(one.product_class, one.hazard, one.week) for one in false]
    assert SignalRun.objects.count() == HEARD


def test_the_older_outbreak_was_confirmed_and_the_running_one_proposes(filled):
    assert Signal.objects.filter(status="confirmed", product_class=SETTLED.product).exists()
    assert set(Proposal.objects.filter(status="proposed").values_list("kind", flat=True)) == {"sample", "hospital"}
    assert Signal.objects.filter(kind="abroad").exists() and Alert.objects.count() == 10


def test_safety_stands_in_its_states(filled):
    def states(model):
        return Counter(model.objects.values_list("status", flat=True))

    assert states(Recall) == {"clue": 1, "plan_filed": 1, "executing": 1, "closed": 1}
    assert states(PublicWarning) == {"drafted": 1, "reviewing": 1, "published": 1, "taken_down": 1}
    assert set(states(Incident)) == {"reported", "reported_up", "closed", "dismissed"}
    assert Recall.objects.get(status="closed").sampled_reached == 51
    assert states(CorrectiveAction) == {"ordered": 2, "proved": 1, "accepted": 1}
    assert AuthorityRequest.objects.filter(status="sent").exists()
    assert Investigation.objects.filter(restricted=True).count() == 1
    assert Investigation.objects.filter(status="closed").exists()


def test_nobody_s_identity_stands_outside_its_seal(filled, settings):
    if (
        kept := filled / "keys" / "secret.key"
    ).exists():  # the city was built by the real command, under a secret of its own
        settings.SECRET_KEY = kept.read_text()
    payloads = "\n".join(Event.objects.filter(verb__startswith="listen.").values_list("payload", flat=True))
    papers = "\n".join(str(one) for one in Document.objects.values_list("content", flat=True))
    for identity in Identity.objects.order_by("-pk")[:60]:
        said = secrecy.unseal(identity.sealed)
        for secret in (said["phone"], said["id_number"], said["address"]):
            assert not secret or (secret not in payloads and secret not in papers)
        assert not said["name"] or said["name"] not in papers
    assert "示例来信人" not in payloads and "示例消费者" not in payloads


def test_every_letter_says_that_it_is_synthetic_and_no_day_lies_in_the_future(filled):
    assert not Letter.objects.exclude(facts__endswith=SAID).exists()
    assert not Recall.objects.exclude(clue__endswith=SAID).exists()
    assert not PublicWarning.objects.exclude(title_zh__endswith=SAID).exists()
    today = timezone.localdate()
    assert not Letter.objects.filter(received_on__gt=today).exists()
    assert not Complaint.objects.filter(ended_on__gt=today).exists()
    later = Event.objects.filter(verb__startswith="nqi.").order_by("seq").values_list("seq", flat=True)[0]
    told = Event.objects.filter(
        verb__startswith="listen.", seq__lt=later
    )  # the rooms after it tell stories of their own
    moments = list(told.order_by("seq").values_list("at", flat=True))
    assert moments == sorted(moments) and verify_ledger().finding is None
