"""Ways around the rules that were tried, and stay closed."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from tests.city.hospital.belongings import panel_of, prescription_of
from tests.city.hospital.cast import case_in
from tests.city.hospital.measurement_files import kept

from qualipolis.city.core.models import Event
from qualipolis.city.core.policy import visible
from qualipolis.city.hospital import service
from qualipolis.city.hospital.consultation import diagnoses, panels
from qualipolis.city.hospital.consultation.unnamed import product_for_laboratory
from qualipolis.city.hospital.measurements import filing
from qualipolis.city.hospital.models import Expert, KnowledgeCase
from qualipolis.faces.desk.rooms.hospital.consultation_forms import PanelForm
from qualipolis.faces.desk.rooms.hospital.verify_forms import CountsForm
from qualipolis.methods.problems import InputError

pytestmark = pytest.mark.django_db
SAID = {"root_cause": "material", "statement": "染料固色不足", "evidence": "对照试验", "escape_point": "出货前未水洗"}
ITEMS = [{"name": "甲醛含量"}]


def test_a_severe_case_that_came_back_needs_a_panel_of_its_own(cast):
    case = case_in(cast, "cured", severity=3)
    panel_of(cast, case, status="concluded")
    assert panels.held(case) == 1
    case = service.reopen_case(cast["enterprise"], case, "又褪色了")
    case.status = "examining"
    case.save()
    assert panels.held(case) == 0
    with pytest.raises(InputError, match="panel must meet first"):
        diagnoses.diagnose(cast["expert"], case, **SAID)
    panel = panels.call(cast["expert"], case, [cast.colleague], "复发")
    for name in ("expert", "colleague"):
        panels.opine(cast[name], panel, "是染料", "material")
    panels.conclude(cast["expert"], panel, "换料")
    assert diagnoses.diagnose(cast["expert"], case, **SAID).version == 2


def test_a_containment_nobody_was_told_of_or_of_an_earlier_round_contains_nothing(cast):
    case = case_in(cast, "examining", on_market=True)
    prescription_of(cast, case, "prescribed", status="draft")
    with pytest.raises(InputError, match="contain it before"):
        diagnoses.diagnose(cast["expert"], case, **SAID)
    case.items.update(prescription=None)
    case.reopened = 1
    case.save()
    with pytest.raises(InputError, match="contain it before"):
        diagnoses.diagnose(cast["expert"], case, **SAID)


def test_what_the_laboratory_reads_never_names_the_firm(cast):
    case = case_in(cast, "examining", product_name=f"{cast.firm.name_zh}连衣裙")
    name, order = cast.firm.name_zh, service.order_examination
    for said in (
        {"question": f"{name}的面料"},
        {"question": f"请电 {case.contact_phone}"},
        {"sample_mark": f"{case.number}-1 {name}"},
        {"items": [{"name": "甲醛含量", "requirement": name}]},
    ):
        with pytest.raises(InputError) as refused:
            order(cast["expert"], case, cast.laboratory, said.pop("items", ITEMS), **said)
        assert {one.place for one in refused.value.problems} <= {"question", "sample_mark", "items"}
    made = order(cast["expert"], case, cast.laboratory, ITEMS, question="甲醛从哪来", sample_mark="袋3")
    assert made.product_name == "连衣裙" == product_for_laboratory(case)
    with pytest.raises(InputError):
        service.cancel_examination(cast["expert"], made, f"{name}已撤回")
    assert service.cancel_examination(cast["expert"], made, "样品不够").status == "cancelled"


def test_only_who_treats_or_sits_at_the_desk_stops_the_clock(cast):
    case = case_in(cast, "panel")
    with pytest.raises(PermissionDenied):
        service.ask_firm(cast["colleague"], case, "请等等")
    assert service.ask_firm(cast["expert"], case, "请寄样").question == "请寄样"
    assert Event.objects.filter(verb="hospital.ask_firm").count() == 1


def test_the_desk_of_another_town_reads_no_text_that_is_not_published(cast):
    case = case_in(cast, "closed")
    row = KnowledgeCase.objects.create(
        case=case, number="KC1", department=cast.department, title_zh="褪色", root_cause="material", status="draft"
    )
    rows = KnowledgeCase.objects.all()
    assert not visible(cast["desk_elsewhere"], rows).exists()
    for who in ("desk_of_town", "hospital_desk", "hospital_manager", "expert"):
        assert visible(cast[who], rows).get() == row
    KnowledgeCase.objects.update(status="published")
    assert visible(cast["desk_elsewhere"], rows).exists()


def test_the_firm_moves_no_limits_once_the_doctors_judge_by_its_file(cast, settings, tmp_path):
    settings.HOME = tmp_path
    row = kept(cast["enterprise"], case_in(cast, "treating"), upper=60.0)
    assert filing.set_reading(cast["enterprise"], row, upper=61.0).upper == 61.0
    filing.set_phases(cast["expert"], row, [(21, "换料")])
    with pytest.raises(InputError, match="doctors judge"):
        filing.set_reading(cast["enterprise"], row, upper=99.0)
    assert filing.set_reading(cast["expert"], row, upper=62.0).upper == 62.0


def test_who_gives_a_prescription_stands_under_it(cast):
    case = case_in(cast, "diagnosed")
    draft = prescription_of(cast, case, "prescribed", status="draft", issued_on=None)
    case = service.hand_over(cast["hospital_manager"], case, cast.colleague, "处方已拟好")
    given = service.prescribe(cast["colleague"], case)
    assert (given.pk, given.expert) == (draft.pk, cast.colleague)


def test_counts_too_large_for_any_number_are_refused_in_the_form(cast):
    item = case_in(cast, "verifying").items.get(measure="share")
    said = {f"counts-{name}": "9" * 400 for name in ("events_before", "units_before", "events_after", "units_after")}
    form = CountsForm(item, said)
    assert not form.is_valid() and {"events_before", "events_after"} <= set(form.errors)


def test_a_key_larger_than_any_row_has_is_no_choice(cast):
    form = PanelForm(Expert.objects.all(), {"reason": "会诊", "meets_on": "2026-12-01", "experts": ["9" * 400]})
    assert not form.is_valid() and set(form.errors) == {"experts"}
    assert PanelForm(
        Expert.objects.all(), {"reason": "会诊", "meets_on": "2026-12-01", "experts": [str(cast.colleague.pk)]}
    ).is_valid()
