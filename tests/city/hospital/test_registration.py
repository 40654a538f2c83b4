"""Registering a case, offers after a failed sample, and the way back before it is handed in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from tests.city.hospital.cast import SYSTEM, Cast, case_in
from tests.city.supervise.cast import make_result

from qualipolis.city.core.attachments import may_read
from qualipolis.city.core.models import Event, Grant
from qualipolis.city.core.policy import visible
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.hospital import service
from qualipolis.city.hospital.models import Case, Offer
from qualipolis.city.hospital.reception.offers import open_offers
from qualipolis.city.hospital.reception.registration import MOST_PHOTOS, photos
from qualipolis.methods.problems import InputError

PHOTO = (b"\x89PNG\r\n\x1a\n" + b"\x00" * 40,)
SAID = {"product_name": "儿童连衣裙", "problem_text": "洗一次就褪色，客户退货。", "contact_phone": "0000-1234567"}


def codes(caught: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [problem.code for problem in caught.value.problems]


def test_a_firm_registers_in_its_own_words(cast: Cast) -> None:
    draft = service.draft_case(cast["enterprise"], cast.firm, **SAID)
    service.edit_case(cast["enterprise"], draft, on_market=True, defect_codes=["colour_fastness", "unknown"])
    case = service.register_case(cast["enterprise"], draft, True)
    assert case.status == "registered" and case.number and case.registered_on == timezone.localdate()
    assert case.defect_codes == ["colour_fastness"] and case.unit == cast.firm.unit and case.informed_at


def test_nothing_written_reaches_the_ledger(cast: Cast) -> None:
    draft = service.draft_case(cast["enterprise"], cast.firm, **SAID)
    service.add_photo(cast["enterprise"], draft, "张三的裙子.png", PHOTO)
    service.register_case(cast["enterprise"], draft, True)
    told = "".join(Event.objects.values_list("payload", flat=True))
    assert not [word for word in ("褪色", "连衣裙", "1234567", "张三") if word in told]


def test_it_is_not_registered_before_the_firm_knows_who_sees_it(cast: Cast) -> None:
    draft = service.draft_case(cast["enterprise"], cast.firm, **SAID)
    with pytest.raises(InputError) as caught:
        service.register_case(cast["enterprise"], draft, False)
    assert codes(caught) == ["no_informed"]
    empty = service.draft_case(cast["enterprise"], cast.firm, problem_text="坏了")
    with pytest.raises(InputError) as caught:
        service.register_case(cast["enterprise"], empty, True)
    assert codes(caught) == ["no_product_name"]


def test_everything_wrong_is_told_at_once_and_no_day_lies_ahead(cast: Cast) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(InputError) as caught:
        service.draft_case(cast["enterprise"], cast.firm, first_seen=tomorrow, severity=9, product_name="x" * 121)
    assert sorted(codes(caught)) == ["bad_severity", "future_day", "too_long"]


def test_an_officer_registers_for_a_firm_of_the_own_town_only(cast: Cast) -> None:
    draft = service.draft_case(cast["desk_of_town"], cast.firm, **SAID)
    case = service.register_case(cast["desk_of_town"], draft, True)
    assert case.registered_by == cast["desk_of_town"] and visible(cast["enterprise"], Case.objects.all()).exists()
    with pytest.raises(PermissionDenied):
        service.draft_case(cast["desk_elsewhere"], cast.firm, **SAID)
    for name in ("other_enterprise", "planner", "inspector", "expert", "laboratory"):
        with pytest.raises(PermissionDenied):
            service.draft_case(cast[name], cast.firm, **SAID)


def test_an_officer_who_also_enforces_registers_for_nobody(cast: Cast) -> None:
    Grant.objects.create(person=cast["hospital_desk"], role="inspector", scope=cast.city.branch)
    with pytest.raises(PermissionDenied):
        service.draft_case(cast["hospital_desk"], cast.firm, **SAID)


def test_photos_are_kept_with_the_draft_and_read_by_no_overseer(cast: Cast) -> None:
    draft = service.draft_case(cast["enterprise"], cast.firm, **SAID)
    photo = service.add_photo(cast["enterprise"], draft, "a.png", PHOTO)
    case = service.register_case(cast["enterprise"], draft, True)
    assert may_read(cast["enterprise"], photo) and may_read(cast["hospital_desk"], photo)
    strangers = ("auditor", "admin", "planner", "inspector", "colleague", "other_enterprise", "laboratory")
    assert [name for name in strangers if may_read(cast[name], photo)] == []
    with pytest.raises(InputError):
        service.add_photo(cast["enterprise"], case, "b.png", PHOTO)


def test_photos_are_counted_and_can_be_taken_off(cast: Cast) -> None:
    draft = case_in(cast, "draft")
    for number in range(MOST_PHOTOS):
        last = service.add_photo(cast["enterprise"], draft, f"{number}.png", PHOTO)
    with pytest.raises(InputError):
        service.add_photo(cast["enterprise"], draft, "more.png", PHOTO)
    service.drop_photo(cast["enterprise"], draft, last)
    assert photos(draft).count() == MOST_PHOTOS - 1
    other = case_in(cast, "draft", enterprise=cast.other_firm)
    foreign = service.add_photo(cast["other_enterprise"], other, "x.png", PHOTO)
    with pytest.raises(PermissionDenied):
        service.drop_photo(cast["enterprise"], draft, foreign)


def failed(cast: Cast) -> Offer:
    result = make_result(cast.city, status="final")
    with transaction.atomic():
        tell(SYSTEM, "sample.failed", result)
        tell(SYSTEM, "sample.failed", result)
    return Offer.objects.get(result=result)


def test_a_failed_sample_offers_treatment_once_and_fills_in_what_is_known(cast: Cast) -> None:
    offer = failed(cast)
    assert offer.enterprise == cast.firm and list(open_offers(cast["enterprise"])) == [offer]
    assert not open_offers(cast["other_enterprise"]).exists() and not open_offers(cast["inspector"]).exists()
    case = service.take_offer(cast["enterprise"], offer)
    assert (case.source, case.product_name, case.standard_no) == ("sampling_fail", "童装", "GB 31701-2015")
    assert "甲醛含量" in case.problem_text and case.status == "draft"
    offer.refresh_from_db()
    assert offer.answer == "taken" and offer.case == case and not open_offers(cast["enterprise"]).exists()


def test_an_offer_is_refused_by_the_firm_and_answered_once(cast: Cast) -> None:
    offer = failed(cast)
    with pytest.raises(PermissionDenied):
        service.refuse_offer(cast["hospital_desk"], offer)
    service.refuse_offer(cast["enterprise"], offer)
    with pytest.raises(InputError):
        service.take_offer(cast["enterprise"], offer)


@pytest.mark.parametrize("step", ["register_case", "edit_case"])
def test_a_registered_case_is_not_changed_any_more(cast: Cast, step: str) -> None:
    arguments: Any = (True,) if step == "register_case" else ()
    with pytest.raises(InputError):
        getattr(service, step)(cast["enterprise"], case_in(cast, "registered"), *arguments)
