"""The pages of the reception: three steps on the phone, my cases, the queue, assignment, offers, duty reports, experts."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.city.hospital.cast import SYSTEM, Cast, case_in
from tests.city.supervise.cast import make_result

from qualipolis.city.core.subscriptions import tell
from qualipolis.city.hospital import service
from qualipolis.city.hospital.models import Case, Department, Expert, Offer
from qualipolis.city.hospital.reception.registration import photos

PHOTO = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


def entered(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def url(name: str, *args: Any) -> str:
    return reverse(f"desk:{name}", args=args)


def words(response: Any) -> str:
    return str(response.content.decode())


def registered_on_the_phone(client: Client, where: str) -> Case:
    """Go through the three steps as a phone does."""
    photo = SimpleUploadedFile("IMG_1.png", PHOTO, "image/png")
    said = {"problem_text": "洗一次就褪色", "product": "other", "product_name": "围裙", "camera": photo}
    first = client.post(where, said)
    assert first.status_code == 302, words(first)[:3000]
    facts = {
        "defect_codes": ["colour_fastness"],
        "danger": "no",
        "on_market": "yes",
        "volume_affected": "200",
        "urgency": "3",
    }
    second = client.post(first["Location"], facts)
    assert second.status_code == 302, words(second)[:3000]
    last = {"contact_name": "老陈", "contact_phone": "0000", "consent": "anonymous", "informed": "on"}
    third = client.post(second["Location"], last)
    assert third.status_code == 302, words(third)[:3000]
    assert "1" in words(client.get(third["Location"]))
    return Case.objects.latest("pk")


def test_a_firm_registers_on_the_phone_in_three_steps(cast: Cast) -> None:
    case = registered_on_the_phone(entered(cast["enterprise"]), url("case_new"))
    assert (case.status, case.product_name, case.volume_affected, case.urgency) == ("registered", "围裙", 200, 3)
    assert case.on_market and case.consent == "anonymous" and photos(case).count() == 1


def test_a_product_of_the_register_fills_in_its_class(cast: Cast) -> None:
    product = cast.city.products[0]
    client = entered(cast["enterprise"])
    client.post(url("case_new"), {"problem_text": "褪色", "product": str(product.pk), "product_name": ""})
    case = Case.objects.latest("pk")
    assert (case.product_name, case.product_class) == (product.name_zh, product.category)


def test_an_officer_names_the_firm_first(cast: Cast) -> None:
    client = entered(cast["hospital_desk"])
    assert 'name="firm"' in words(client.get(url("case_new")))
    case = registered_on_the_phone(client, f"{url('case_new')}?firm={cast.firm.credit_code}")
    assert case.enterprise == cast.firm and case.registered_by == cast["hospital_desk"]


def test_what_is_missing_is_said_and_what_was_typed_stays(cast: Cast) -> None:
    client = entered(cast["enterprise"])
    page = client.post(url("case_new"), {"problem_text": "只写了毛病", "product": "other", "product_name": ""})
    assert page.status_code == 400 and "只写了毛病" in words(page) and not Case.objects.exists()
    draft = case_in(cast, "draft")
    page = client.post(url("case_step", draft.pk, 3), {"contact_name": "老陈", "contact_phone": "0", "consent": "none"})
    assert page.status_code == 400 and Case.objects.get(pk=draft.pk).status == "draft"


def test_a_photo_is_taken_off_the_draft(cast: Cast) -> None:
    draft = case_in(cast, "draft")
    kept = service.add_photo(cast["enterprise"], draft, "a.png", [PHOTO])
    entered(cast["enterprise"]).post(url("case_step", draft.pk, 1), {"drop": str(kept.pk)})
    assert photos(draft).count() == 0


def test_nobody_else_opens_a_draft(cast: Cast) -> None:
    draft = case_in(cast, "draft")
    for name in ("other_enterprise", "hospital_desk", "hospital_manager"):
        assert entered(cast[name]).get(url("case_step", draft.pk, 1)).status_code == 404


def test_my_cases_show_what_waits_first_with_the_question(cast: Cast) -> None:
    case_in(cast, "waiting_firm", product_name="等答复的")
    case_in(cast, "examining", product_name="在检查的")
    case_in(cast, "registered", enterprise=cast.other_firm, product_name="别家的产品")
    page = words(entered(cast["enterprise"]).get(url("my_cases")))
    assert "请寄两件留样" in page and "别家的产品" not in page
    assert page.index("等答复的") < page.index("在检查的")


def test_the_queue_is_sorted_by_priority_and_filtered(cast: Cast) -> None:
    case_in(cast, "triaged", product_name="不急的", severity=1, urgency=1)
    case_in(cast, "triaged", product_name="很急的", severity=4, urgency=3)
    client = entered(cast["hospital_desk"])
    page = words(client.get(url("hospital_cases")))
    assert page.index("很急的") < page.index("不急的")
    assert "很急的" not in words(client.get(url("hospital_cases") + "?show=triage"))
    assert "很急的" not in words(entered(cast["desk_elsewhere"]).get(url("hospital_cases")))


def test_triage_on_the_page_of_the_case(cast: Cast) -> None:
    case, client = case_in(cast), entered(cast["hospital_desk"])
    page = client.get(url("hospital_case", case.pk))
    assert page.status_code == 200 and cast.department.name in words(page)
    said = {"do": "triage", "department": cast.department.pk, "severity": "4", "urgency": "3", "on_market": "yes"}
    client.post(url("hospital_case", case.pk), said)
    case.refresh_from_db()
    assert case.status == "triaged" and case.duty_report
    assert url("duty_new", case.pk) in words(client.get(url("hospital_case", case.pk)))


def test_an_expert_is_proposed_from_the_ranking_and_takes_the_case(cast: Cast) -> None:
    case, desk = case_in(cast, "triaged"), entered(cast["hospital_desk"])
    page = words(desk.get(url("case_assign", case.pk)))
    assert str(cast.doctor) in page and str(cast.colleague) in page
    desk.post(url("case_assign", case.pk), {"expert": cast.doctor.pk})
    expert = entered(cast["expert"])
    assert case.product_name in words(expert.get(url("work")))
    expert.post(url("hospital_case", case.pk), {"do": "accept"})
    case.refresh_from_db()
    assert case.status == "assigned" and case.expert == cast.doctor


def test_the_manager_hands_a_case_over_with_a_note(cast: Cast) -> None:
    case, client = case_in(cast, "treating"), entered(cast["hospital_manager"])
    page = client.post(url("case_assign", case.pk), {"expert": cast.colleague.pk, "note": ""})
    assert page.status_code == 400
    client.post(url("case_assign", case.pk), {"expert": cast.colleague.pk, "note": "等复测"})
    case.refresh_from_db()
    assert case.expert == cast.colleague


def test_the_firm_answers_a_question_and_the_case_goes_on(cast: Cast) -> None:
    case = case_in(cast, "waiting_firm")
    client = entered(cast["enterprise"])
    assert "resume_examining" in words(client.get(url("hospital_case", case.pk)))
    client.post(url("hospital_case", case.pk), {"do": "resume_examining", "words": "已寄出"})
    case.refresh_from_db()
    assert case.status == "examining"


def test_the_firm_says_yes_or_no_to_an_offer(cast: Cast) -> None:
    result = make_result(cast.city, status="final")
    with transaction.atomic():
        tell(SYSTEM, "sample.failed", result)
    offer, client = Offer.objects.get(), entered(cast["enterprise"])
    assert result.number in words(client.get(url("offers"))) and result.number in words(client.get(url("my_cases")))
    answered = client.post(url("offers"), {"offer": offer.pk, "do": "take"})
    assert answered["Location"] == url("case_step", Case.objects.get().pk, 1)
    assert result.number in words(entered(cast["hospital_desk"]).get(url("offers")))


def test_a_duty_report_is_written_by_the_desk_and_read_by_enforcement_without_the_case(cast: Cast) -> None:
    case = case_in(cast, "triaged", unit=cast.city.units[0], problem_text="保密的话")
    desk = entered(cast["hospital_desk"])
    assert "保密的话" in words(desk.get(url("duty_new", case.pk)))
    desk.post(url("duty_new", case.pk), {"ground": "market", "statement": "插座外壳带电"})
    made = case.duty_reports.get()
    for name in ("inspector", "town_officer", "department", "planner"):
        page = words(entered(cast[name]).get(url("duty_report", made.pk)))
        assert "插座外壳带电" in page and "保密的话" not in page and str(case) not in page
    assert entered(cast["inspector_elsewhere"]).get(url("duty_report", made.pk)).status_code == 404
    day = f"{timezone.localdate():%Y-%m-%d}"
    entered(cast["enterprise"]).post(url("duty_report", made.pk), {"reported_on": day})
    made.refresh_from_db()
    assert made.firm_reported_on == timezone.localdate()


def test_the_manager_opens_a_department_and_appoints_an_expert(cast: Cast) -> None:
    from tests.city.supervise.cast import person

    client = entered(cast["hospital_manager"])
    client.post(
        url("hospital_department_new"), {"code": "toys", "name_zh": "玩具科", "industries": "24 25", "open_": "on"}
    )
    made = Department.objects.get(code="toys")
    assert made.industries == ["24", "25"] and made.open
    new = person("third", "expert")
    new.organisation = cast.doctor.organisation
    new.save()
    day = f"{timezone.localdate():%Y-%m-%d}"
    said = {"person": new.pk, "departments": [made.pk], "field_zh": "玩具", "capacity": "3", "term_from": day}
    client.post(url("hospital_expert_new"), said)
    assert Expert.objects.get(person=new).capacity == 3
    assert "玩具科" in words(client.get(url("hospital_departments")))
    assert "third" in words(client.get(url("hospital_experts")))


def test_an_expert_notes_the_own_absence_only(cast: Cast) -> None:
    client, day = entered(cast["expert"]), f"{timezone.localdate():%Y-%m-%d}"
    client.post(url("hospital_expert", cast.doctor.pk), {"away_from": day, "away_to": ""})
    cast.doctor.refresh_from_db()
    assert cast.doctor.away_from == timezone.localdate()
    assert client.get(url("hospital_expert", cast.colleague.pk)).status_code == 302


@pytest.mark.parametrize("kind", ["hospital-cases", "hospital-clocks"])
def test_lists_leave_the_words_of_the_firm_and_its_telephone_inside(cast: Cast, kind: str) -> None:
    from qualipolis.city.core.listings import LISTINGS

    case_in(cast, "treating")
    frame = LISTINGS[kind].frame(cast["hospital_desk"], {})
    told = frame.write_csv()
    assert "客户退货" not in told and "0000-0000000" not in told
