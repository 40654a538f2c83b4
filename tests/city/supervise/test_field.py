"""On site: who may act, what the form must hold, what becomes of the samples."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.supervise.cast import make_campaign, make_task
from tests.city.supervise.on_site import PNG, complete_form, sampled, take_pictures

from qualipolis.city.core.models import Attachment, Event
from qualipolis.city.supervise import service
from qualipolis.city.supervise.field.blind_codes import is_code, new_code
from qualipolis.city.supervise.field.facts import missing_of
from qualipolis.city.supervise.models import Custody, Sample, SamplingForm, Seal
from qualipolis.methods.problems import InputError


def test_an_inspector_who_was_not_named_is_refused_everything(cast):
    task, stranger = make_task(cast), cast["inspector_elsewhere"]
    acts = [
        lambda: service.arrive(stranger, task),
        lambda: service.save_form(stranger, task, {}),
        lambda: service.take_sample(stranger, task),
        lambda: service.not_sample(stranger, task, "stock_low"),
        lambda: service.refuse_sampling(stranger, task, "no"),
        lambda: service.stop_unlawful(stranger, task, "no"),
        lambda: service.add_photo(stranger, task, uuid4(), "place", "a.png", [PNG]),
        lambda: service.receive(stranger, task, uuid4(), 0, None, {}),
    ]
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()
    assert not Event.objects.exists() and not Attachment.objects.exists()


def test_nobody_arrives_before_the_rules_are_public_or_while_nothing_is_sampled(cast):
    today = timezone.localdate()
    for campaign in (make_campaign(cast, rules_public_on=today), make_campaign(cast, status="rules_public")):
        with pytest.raises(InputError):
            service.arrive(cast["inspector"], make_task(cast, campaign))


def test_a_complete_form_gives_a_test_and_a_backup_sample_under_unrelated_codes(cast):
    test, backup = sampled(cast)
    task = test.task
    task.refresh_from_db()
    assert (task.status, task.sampled_on) == ("sampled", timezone.localdate())
    assert [test.part, backup.part, test.quantity] == ["test", "backup", 3]
    assert is_code(test.code) and is_code(backup.code) and test.code[:4] != backup.code[:4]
    assert Seal.objects.filter(sample=test).count() == Seal.objects.filter(sample=backup).count() == 1
    assert [line.taken_by for line in Custody.objects.filter(sample=test)] == ["inspector"]
    assert not [one for one in Event.objects.exclude(verb="attachment.store") if test.code in one.payload]


def test_codes_are_checked_and_never_alike():
    codes = {new_code() for _n in range(2000)}
    assert len(codes) == 2000 and all(is_code(code) for code in codes)
    code = codes.pop()
    for place in range(len(code) - 1):
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        assert swapped == code or not is_code(swapped)


def test_an_empty_form_says_all_that_is_missing_and_a_full_one_nothing(cast):
    task, person = make_task(cast, status="on_site", arrived_at=timezone.now()), cast["inspector"]
    service.save_form(person, task, {"price": "1.5"})
    missing = missing_of(task)
    assert {"model", "stock", "voucher_no", "signature", "photo:seal", "seal:test", "seal:backup"} <= set(missing)
    assert "price" not in missing and "product_name" not in missing and "producer_name" not in missing
    with pytest.raises(InputError, match=str(len(missing))):
        service.take_sample(person, task)
    take_pictures(person, task)
    service.save_form(person, task, complete_form())
    assert missing_of(task) == []


def test_a_form_that_cannot_be_read_says_every_field_at_once(cast):
    task = make_task(cast, status="on_site")
    tomorrow = timezone.localdate() + timedelta(days=1)
    said = {
        "stock": "many", "price": "1.234", "made_on": tomorrow.isoformat(), "keeps_until": "2020-01-01", "latitude": "95",
        "signature": "perhaps", "test_quantity": "9", "seal_numbers": {"test": ["<b>"]}, "producer_code": "X",
        "model": "x" * 121, "unknown": "left out",
    }  # fmt: skip
    with pytest.raises(InputError) as refused:
        service.save_form(cast["inspector"], task, said)
    places = {problem.place for problem in refused.value.problems}
    assert places == set(said) - {"unknown"}
    assert not SamplingForm.objects.exists()


def test_a_stock_below_the_rules_is_not_sampled(cast):
    with pytest.raises(InputError, match="stock"):
        sampled(cast, stock="9")
    assert not Sample.objects.exists()


def test_a_refusal_to_sign_needs_words_and_a_witness_signs(cast):
    task, person = make_task(cast, status="on_site", arrived_at=timezone.now()), cast["inspector"]
    take_pictures(person, task)
    service.save_form(person, task, complete_form(signature="refused", signatory="见证人张某"))
    assert missing_of(task) == ["words"]
    service.save_form(person, task, {"words": "负责人拒绝签字，村委会见证"})
    assert missing_of(task) == [] and service.take_sample(person, task)


def test_an_online_purchase_asks_for_platform_and_order_and_no_signature(cast):
    task = make_task(cast, make_campaign(cast, stage="online"), status="on_site", arrived_at=timezone.now())
    said = complete_form(
        platform="某平台", order="No. 7 https://shop.example/7", signature="", signatory="", storage=""
    )
    said |= {"producer_name": "标称生产厂", "made_on": "", "stock": "0"}
    service.save_form(cast["inspector"], task, said)
    take_pictures(cast["inspector"], task, ("order", "unpacking", "seal"))
    assert missing_of(task) == [] and len(service.take_sample(cast["inspector"], task)) == 2


def test_the_same_product_is_not_taken_again_within_six_months_unless_it_is_followed_up(cast):
    sampled(cast)
    task = make_task(cast)
    with pytest.raises(InputError, match="again"):
        sampled(cast, task)
    assert sampled(cast, make_task(cast), model="other")
    assert sampled(cast, make_task(cast, make_campaign(cast, purpose="follow_up")))


def test_a_seal_is_used_once(cast):
    sampled(cast, seal_numbers={"test": ["F-1"], "backup": ["F-2"]})
    with pytest.raises(InputError, match="F-1"):
        sampled(cast, make_task(cast), model="b", seal_numbers={"test": ["F-1"], "backup": ["F-3"]})


def test_a_sample_goes_from_hand_to_hand_and_every_hand_leaves_a_line(cast):
    test, backup = sampled(cast)
    person = cast["inspector2"]
    service.leave_sample(person, test)
    service.dispatch_sample(person, test, "顺风速运")
    service.keep_backup(person, backup, "bureau")
    test.refresh_from_db(), backup.refresh_from_db()
    assert (test.status, test.laboratory, backup.status) == ("in_transit", cast.laboratory, "kept")
    assert [line.taken_by for line in test.custody.all()] == ["inspector", test.task.enterprise.name_zh, "顺风速运"]
    assert backup.location == cast.bureau.name_zh


def test_a_lost_test_sample_sends_its_task_back_and_a_lost_backup_does_not(cast):
    test, backup = sampled(cast)
    service.keep_backup(cast["inspector"], backup)
    service.lose_sample(cast["laboratory"], backup, "fire")
    test.task.refresh_from_db()
    assert test.task.status == "sampled"
    service.dispatch_sample(cast["inspector"], test)
    with pytest.raises(PermissionDenied):
        service.lose_sample(cast["inspector_elsewhere"], test, "gone")
    service.lose_sample(cast["department"], test, "parcel lost")
    test.task.refresh_from_db()
    assert test.task.status == "returned"


def test_what_the_firm_did_to_a_sample_left_there_is_recorded(cast):
    test, _backup = sampled(cast)
    with pytest.raises(InputError):
        service.spoil_sample(cast["inspector"], test, "sold")
    service.leave_sample(cast["inspector"], test)
    assert service.spoil_sample(cast["inspector"], test, "sold").status == "spoiled"


def test_a_visit_may_end_without_a_sample_in_three_ways(cast):
    person = cast["inspector"]
    none, refused, stopped = (make_task(cast, status="on_site") for _n in range(3))
    with pytest.raises(InputError):
        service.not_sample(person, none, "no_mood")
    assert service.not_sample(person, none, "export_only", "合同").reason_code == "export_only"
    assert service.refuse_sampling(person, refused, "locked the gate").due_on is not None
    assert service.report_refusal(person, refused, "县市场监管局").status == "refusal_reported"
    service.stop_unlawful(person, stopped, "no licence")
    with pytest.raises(InputError):
        service.report_unlawful(person, stopped, " ")
    assert service.report_unlawful(person, stopped, "县市场监管局").status == "unlawful_reported"


def test_a_picture_sent_twice_is_one_and_only_pictures_are_kept(cast):
    task, number = make_task(cast, status="on_site"), uuid4()
    first = service.add_photo(cast["inspector"], task, number, "place", "a.png", [PNG])
    assert service.add_photo(cast["inspector2"], task, number, "place", "a.png", [PNG]) == first
    with pytest.raises(InputError):
        service.add_photo(cast["inspector"], make_task(cast), number, "place", "a.png", [PNG])
    with pytest.raises(InputError):
        service.add_photo(cast["inspector"], task, uuid4(), "place", "a.txt", [b"words"])
    with pytest.raises(InputError):
        service.add_photo(cast["inspector"], task, uuid4(), "place", "a.png", [PNG, b"0" * 7_000_000])
    assert task.photos.count() == 1


def test_a_form_that_was_handed_in_is_corrected_only_with_the_word_of_the_firm(cast):
    task = sampled(cast)[0].task
    person = cast["inspector2"]
    for said, reason, by in (({"batch": "B2"}, "", "王经理"), ({"batch": "B2"}, "typo", ""), ({"stock": "x"}, "typo", "王经理"),
                             ({"test_quantity": "1"}, "typo", "王经理")):  # fmt: skip
        with pytest.raises(InputError):
            service.correct_form(person, task, said, reason, by)
    form = service.correct_form(person, task, {"batch": "B2"}, "typo", "王经理")
    assert form.batch == "B2" and '"before":{"batch":"20260901"}' in Event.objects.last().payload
    with pytest.raises(InputError):
        service.correct_form(person, make_task(cast), {"batch": "B2"}, "typo", "王经理")
    with pytest.raises(PermissionDenied):
        service.correct_form(cast["inspector_elsewhere"], task, {"batch": "B2"}, "typo", "王经理")
