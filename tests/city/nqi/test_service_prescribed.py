"""A measure that the product hospital prescribed becomes a demand, and its report returns to the case."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.city.hospital.cast import case_in
from tests.city.hospital.cast import found as hospital
from tests.city.nqi.cast import CATEGORY, STANDARD, SYSTEM
from tests.city.nqi.service_steps import LINES, file, signatory

from qualipolis.city.core.attachments import files_of
from qualipolis.city.core.policy import visible
from qualipolis.city.hospital.models import Message, PrescriptionItem
from qualipolis.city.nqi import service
from qualipolis.city.nqi.models import Demand
from qualipolis.city.nqi.services.prescribing import asked_by, prescribed_for
from qualipolis.methods.problems import InputError


@pytest.fixture
def clinic(db: None) -> Any:
    return hospital()


def treated(clinic: Any) -> PrescriptionItem:
    return case_in(clinic, "treating").items.first()


def demanded(clinic: Any, item: PrescriptionItem) -> Demand:
    known = asked_by(item)
    return service.file_demand(
        clinic["enterprise"], item.case.enterprise, known.pop("text"), case=item.case, prescribed=item, **known
    )


def served(clinic: Any, row: Demand) -> Any:
    """Take a demand to its delivered report at the laboratory LAB2."""
    body = clinic.city.other_laboratory
    service.accept_demand(SYSTEM, row)
    service.triage_demand(SYSTEM, row, "testing", product_class=CATEGORY, lines=LINES)
    service.invite_institutions(SYSTEM, row, [body])
    quote = row.quotes.get()
    until = timezone.localdate().replace(year=timezone.localdate().year + 1)
    service.give_quote(SYSTEM, quote, {line.pk: 100 for line in row.lines.all()}, 5, until)
    order = service.place_order(clinic["enterprise"], Demand.objects.get(pk=row.pk), {quote: []})[0]
    service.confirm_order(SYSTEM, order)
    service.receive_sample(SYSTEM, order, "童装", "3件", "完好")
    service.begin_order(SYSTEM, order)
    signatory(body)
    today, items = timezone.localdate(), [{"line": n, "standard": STANDARD} for n in (1, 2)]
    service.hand_in_report(SYSTEM, order, "BG-7", today, today, "授权签字人甲", certificate="CMA-LAB2", cma_mark=True,
                           items=items, conclusion="符合要求", file=file())  # fmt: skip
    return service.deliver_report(SYSTEM, order)


def test_the_report_returns_to_the_case_with_its_file(clinic: Any) -> None:
    item = treated(clinic)
    row = demanded(clinic, item)
    assert (row.case, row.prescribed, row.product_name) == (item.case, item, item.case.product_name)
    served(clinic, row)
    message = Message.objects.get(case=item.case, words__contains="BG-7")
    assert "符合要求" in message.words and not message.doctors_only
    assert [one.name for one in files_of([message])[message.pk]] == ["report.pdf"]


def test_the_expert_sees_what_the_case_asked_for_and_nobody_asks_for_another_firms_case(clinic: Any) -> None:
    item = treated(clinic)
    row = demanded(clinic, item)
    other = demand_without_case(clinic)
    assert set(visible(clinic["expert"], Demand.objects.all())) == {row} and other not in {row}
    with pytest.raises(InputError) as refusal:
        service.file_demand(SYSTEM, clinic.other_firm, "别家的病历", case=item.case, prescribed=item)
    assert [one.code for one in refusal.value.problems] == ["other_case"]
    assert prescribed_for(clinic["other_enterprise"], item.pk) is None


def demand_without_case(clinic: Any) -> Demand:
    return service.file_demand(clinic["other_enterprise"], clinic.other_firm, "校准温度计")


def test_the_form_is_filled_with_what_was_prescribed(clinic: Any, client: Any) -> None:
    item = treated(clinic)
    client.force_login(clinic["enterprise"])
    address = f"{reverse('desk:my_demand_new')}?prescribed={item.pk}"
    assert item.action in client.get(address).content.decode()
    said = {"text": item.action, "urgency": "2", "enterprise": item.case.enterprise_id}
    assert client.post(address, said).status_code == 302
    assert Demand.objects.get().prescribed == item


def test_free_advice_is_answered_at_the_station_and_ends_without_an_order(clinic: Any) -> None:
    row = demand_without_case(clinic)
    service.accept_demand(SYSTEM, row)
    service.triage_demand(SYSTEM, row, "metrology", free=True)
    with pytest.raises(InputError) as refusal:
        service.invite_institutions(SYSTEM, row, [clinic.city.laboratory])
    assert "free" in [one.code for one in refusal.value.problems]
    assert service.answer_demand(SYSTEM, row, "请送计量院，周期五天。").outcome == "answered"
