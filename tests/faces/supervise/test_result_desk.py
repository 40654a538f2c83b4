"""The pages of results: the organiser serves, decides, ends; the firm sees its own, its days, and objects."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.urls import reverse
from tests.city.supervise.cast import person
from tests.city.supervise.result_steps import (
    designated,
    food_opened,
    fresh,
    objected,
    opened,
    ordered,
    paper,
    retested,
    serve,
)

from qualipolis.city.core.models import Attachment, Draft, Organisation
from qualipolis.city.supervise.models import Objection, Recheck
from qualipolis.city.supervise.results import rechecks
from qualipolis.city.supervise.results import serving as results

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


@pytest.fixture
def clock(cast):
    with time_machine.travel(DAY, tick=False) as machine:
        yield machine


@pytest.fixture
def made(cast, clock):
    return opened(cast, producer=cast.firms[1])


def read(client, cast, who, name, *args, status=200, lang="en", **more):
    client.force_login(cast[who] if isinstance(who, str) else who)
    answer = client.get(reverse(f"desk:{name}", args=args), more, headers={"accept-language": lang})
    assert answer.status_code == status
    return answer.content.decode() if status == 200 else ""


def post(client, cast, who, name, *args, status=302, **said):
    client.force_login(cast[who] if isinstance(who, str) else who)
    answer = client.post(reverse(f"desk:{name}", args=args), said, headers={"accept-language": "en"})
    assert answer.status_code == status, answer.content.decode()[:4000]
    return answer.content.decode()


def test_the_organiser_sends_and_serves_on_the_page(client, cast, made):
    page = read(client, cast, "planner", "result", made.pk)
    assert page.count("btn-primary") == 1 and "Send the notices" in page
    post(client, cast, "planner", "result", made.pk, do="send", sent_on="2026-03-02")
    said = {"do": "serve", "party": "firm", "served_on": "2026-03-02", "way": "mail", "proof_words": ""}
    assert "proof of service" in post(client, cast, "planner", "result", made.pk, status=400, **said)
    post(client, cast, "planner", "result", made.pk, **(said | {"proof": paper()}))
    said |= {"party": "producer", "proof_words": "EMS 7"}
    post(client, cast, "planner", "result", made.pk, **said)
    page = read(client, cast, "planner", "result", made.pk)
    assert "15 days left" in page and Attachment.objects.count() == 1
    assert fresh(made).status == "objection_window"


def test_a_service_in_the_future_is_refused_at_its_field(client, cast, made):
    said = {"do": "serve", "party": "firm", "served_on": "2026-03-05", "way": "mail", "proof_words": "EMS"}
    assert "lies in the future" in post(client, cast, "planner", "result", made.pk, status=400, **said)


def test_the_list_filters_and_makes_final_what_is_due(client, cast, made, clock):
    serve(cast, made, DAY)
    assert made.number in read(client, cast, "planner", "results", show="serve")
    serve(cast, made, DAY, "producer")
    assert made.number not in read(client, cast, "planner", "results", show="serve")
    assert made.number in read(client, cast, "planner", "results", q=cast.firms[1].name_zh)
    assert "No result fits" in read(client, cast, "planner", "results", q="zzz")
    clock.move_to(date(2026, 3, 18))
    assert "Make 1 result final" in read(client, cast, "planner", "results")
    post(client, cast, "planner", "results")
    assert fresh(made).status == "final"


def test_the_list_is_taken_along(client, cast, made):
    client.force_login(cast["planner"])
    answer = client.get(reverse("report:list", args=["supervision-results", "csv"]), {"show": "serve"})
    assert answer.status_code == 200 and made.number in b"".join(answer.streaming_content).decode("utf-8-sig")


def test_a_town_sees_its_own_results_and_no_step(client, cast, made):
    read(client, cast, "town_officer", "result", made.pk, status=404)
    made.sample.task.unit = cast.units[0]
    made.sample.task.save()
    page = read(client, cast, "town_officer", "result", made.pk)
    assert "btn-primary" not in page and made.number in page


@pytest.mark.parametrize("who", ["laboratory", "expert"])
def test_others_reach_no_result(client, cast, made, who):
    status = 403 if who == "laboratory" else 404
    read(client, cast, who, "result", made.pk, status=status)
    read(client, cast, who, "firm_results", status=403)


def test_a_letter_is_registered_and_answered(client, cast, made, clock):
    serve(cast, made, DAY)
    said = {"party": "firm", "received_on": "2026-03-02", "kind": "process", "words": "封条破损"}
    post(client, cast, "planner", "result", made.pk, do="letter", files=[paper("letter.pdf")], **said)
    row = Objection.objects.get()
    page = read(client, cast, "planner", "objection", row.pk)
    assert "It came in time" in page and "letter.pdf" in page
    post(client, cast, "planner", "objection", row.pk, do="accept", objection_kind="process")
    post(client, cast, "planner", "objection", row.pk, do="dismiss", reply="封条完好，照片附后。")
    assert fresh(row).status == "dismissed" and fresh(made).status == "notified"


def test_a_late_letter_is_offered_its_refusal_first(client, cast, made, clock):
    serve(cast, made, DAY)
    clock.move_to(date(2026, 3, 18))
    said = {"party": "firm", "received_on": "2026-03-18", "kind": "", "words": "不服"}
    post(client, cast, "planner", "result", made.pk, do="letter", **said)
    page = read(client, cast, "planner", "objection", Objection.objects.get().pk)
    assert "It came late" in page and "naming the remedies left" in page
    post(client, cast, "planner", "objection", Objection.objects.get().pk, do="reject_late", reply="已逾期。")
    assert Objection.objects.get().status == "rejected_late"


def test_a_counterfeit_is_voided_for_the_producer_on_the_page(client, cast, made):
    serve(cast, made, DAY)
    serve(cast, made, DAY, "producer")
    row = objected(cast, made, "process", "producer")
    post(client, cast, "planner", "objection", row.pk, do="uphold_flaw", reply="经鉴定为假冒。", side="producer")
    assert fresh(made).voided_for == ["producer"]
    assert "Voided for one side" in read(client, cast, "planner", "result", made.pk)


def test_a_recheck_goes_its_way_on_the_page(client, cast, made):
    serve(cast, made, DAY)
    row = objected(cast, made)
    post(client, cast, "planner", "objection", row.pk, do="order_recheck", document_no="复检1号")
    recheck = Recheck.objects.get()
    post(client, cast, "planner", "recheck", recheck.pk, do="notice", served_on="2026-03-02", proof_words="EMS 3")
    assert "2026-03-09" in read(client, cast, "planner", "recheck", recheck.pk)
    post(client, cast, "planner", "recheck", recheck.pk, do="formalities", done_on="2026-03-02")
    page = read(client, cast, "planner", "recheck", recheck.pk)
    assert "LAB2检测所" in page
    said = {"do": "designate", "laboratory": str(cast.laboratory.pk), "seed": "", "seed_source": ""}
    assert "another laboratory" in post(client, cast, "planner", "recheck", recheck.pk, status=400, **said)
    said |= {"laboratory": "", "seed": "26109", "seed_source": "福彩3D第2026265期"}
    post(client, cast, "planner", "recheck", recheck.pk, **said)
    assert "the draw replays" in read(client, cast, "planner", "recheck", recheck.pk)
    retested(cast, made, "pass")
    page = read(client, cast, "planner", "recheck", recheck.pk)
    assert "the organiser bears it" in page and "What the recheck found" in page


def test_a_food_recheck_is_drawn_on_the_page(client, cast, clock):
    made = food_opened(cast)
    serve(cast, made, DAY)
    recheck = ordered(cast, made)
    post(client, cast, "planner", "recheck", recheck.pk, do="accept")
    said = {"do": "designate", "laboratory": "", "seed": "1", "seed_source": "摇号"}
    post(client, cast, "planner", "recheck", recheck.pk, **said)
    assert fresh(recheck).status == "designated"


def test_a_reopened_result_is_concluded_by_order_on_the_page(client, cast, made, clock):
    serve(cast, made, DAY)
    serve(cast, made, DAY, "producer")
    clock.move_to(date(2026, 3, 18))
    results.finalise(cast["planner"], made)
    post(client, cast, "leader", "result", made.pk, do="reopen", reason="复议决定", document_no="复3号")
    said = {"do": "by_order", "verdict": "pass", "document_no": "复3号", "reason": "方法用错"}
    post(client, cast, "planner", "result", made.pk, **said)
    assert fresh(made).status == "reversed"


# the firm's own pages


def test_a_firm_sees_only_what_was_sent_to_it(client, cast, made):
    read(client, cast, "enterprise", "firm_result", made.services.get(party="firm").pk, status=404)
    results.send(cast["planner"], made)
    page = read(client, cast, "enterprise", "firm_results")
    assert made.number in page and "1 notice waits" in page
    page = read(client, cast, "enterprise", "firm_result", made.services.get(party="firm").pk)
    assert "Confirm that the notice was received" in page and page.count("btn-primary") == 1
    read(client, cast, "enterprise", "firm_result", made.services.get(party="producer").pk, status=404)
    other = person("b", "enterprise", Organisation.objects.create(code="N", kind="enterprise", name_zh="无关"))
    assert "Nothing of yours" in read(client, cast, other, "firm_results")


def test_a_firm_confirms_counts_its_days_and_objects_with_files(client, cast, made, clock):
    results.send(cast["planner"], made)
    service = made.services.get(party="firm")
    post(client, cast, "enterprise", "firm_result", service.pk, do="confirm")
    page = read(client, cast, "enterprise", "firm_result", service.pk)
    assert "15 days left to object" in page and page.count("btn-primary") == 1
    clock.move_to(date(2026, 3, 17))
    assert "Today is the last day" in read(client, cast, "enterprise", "firm_result", service.pk)
    page = read(client, cast, "enterprise", "firm_objection", service.pk)
    assert f'data-draft="objection-{service.pk}"' in page
    Draft.objects.create(person=cast["enterprise"], key=f"objection-{service.pk}", data={"words": "半句"})
    said = {"kind": "process", "words": "封条号与抽样单不符", "files": [paper("a.pdf"), paper("b.pdf")]}
    post(client, cast, "enterprise", "firm_objection", service.pk, **said)
    assert not Draft.objects.exists() and fresh(made).status == "under_objection"
    assert Attachment.objects.filter(thing__startswith="supervise.objection").count() == 2
    page = read(client, cast, "enterprise", "firm_result", service.pk)
    assert "Your objection" in page and "封条号与抽样单不符" in page
    post(client, cast, "enterprise", "firm_result", service.pk, do="withdraw", reason="已核实")
    assert Objection.objects.get().status == "withdrawn"


def test_an_objection_without_words_keeps_the_form(client, cast, made):
    serve(cast, made, DAY)
    service = made.services.get(party="firm")
    page = post(client, cast, "enterprise", "firm_objection", service.pk, status=400, kind="process", words=" ")
    assert "error-summary" in page and not Objection.objects.exists()


def test_after_the_window_the_form_is_gone_and_the_courts_are_named(client, cast, made, clock):
    serve(cast, made, DAY)
    serve(cast, made, DAY, "producer")
    clock.move_to(date(2026, 3, 18))
    results.finalise(cast["planner"], made)
    service = made.services.get(party="firm")
    read(client, cast, "enterprise", "firm_objection", service.pk, status=302)
    page = read(client, cast, "enterprise", "firm_result", service.pk)
    assert "courts are left" in page and "btn-primary" not in page


def test_a_firm_declares_that_it_does_not_object(client, cast, made):
    serve(cast, made, DAY)
    service = made.services.get(party="firm")
    post(client, cast, "enterprise", "firm_result", service.pk, do="waive", words="无异议", proof=paper())
    assert fresh(service).waived_on == DAY


def test_a_firm_does_the_formalities_and_sees_laboratory_and_fee(client, cast, made):
    serve(cast, made, DAY)
    recheck = ordered(cast, made)
    rechecks.serve_notice(cast["planner"], recheck, DAY, "EMS 1")
    service = made.services.get(party="firm")
    assert "Do the formalities" in read(client, cast, "enterprise", "firm_result", service.pk)
    post(client, cast, "enterprise", "firm_result", service.pk, do="formalities")
    assert fresh(recheck).status == "ready"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_notices_are_written_as_pdf(client, cast, made, lang):
    serve(cast, made, DAY)
    recheck = ordered(cast, made)
    designated(cast, recheck, DAY)
    service = made.services.get(party="firm")
    for who, name, pk in (
        ("planner", "result_notice_pdf", made.pk),
        ("planner", "recheck_notice_pdf", recheck.pk),
        ("enterprise", "firm_notice_pdf", service.pk),
        ("enterprise", "firm_recheck_pdf", recheck.pk),
    ):
        client.force_login(cast[who])
        answer = client.get(reverse(f"desk:{name}", args=[pk, lang]))
        assert answer.status_code == 200 and b"".join(answer.streaming_content).startswith(b"%PDF-")
    client.force_login(cast["enterprise"])
    assert client.get(reverse("desk:result_notice_pdf", args=[made.pk, lang])).status_code == 403


def test_work_names_what_waits(client, cast, made, clock):
    page = read(client, cast, "planner", "work")
    assert "Results to serve" in page
    serve(cast, made, DAY)
    assert "you may object" in read(client, cast, "enterprise", "work")
    objected(cast, made, accept=False)
    assert Objection.objects.get().number in read(client, cast, "planner", "work")


def test_a_result_without_a_form_or_product_has_its_page(client, cast, made):
    task = made.sample.task
    task.product = None
    task.save()
    task.form.product_name = ""
    task.form.save()
    assert f"Result {made.number}" in read(client, cast, "planner", "result", made.pk)


def test_a_firm_does_not_withdraw_what_the_laboratory_already_has(client, cast, made):
    serve(cast, made, DAY)
    recheck = ordered(cast, made)
    service = made.services.get(party="firm")
    assert "Withdraw the objection" in read(client, cast, "enterprise", "firm_result", service.pk)
    designated(cast, recheck, DAY)
    assert "Withdraw the objection" not in read(client, cast, "enterprise", "firm_result", service.pk)
