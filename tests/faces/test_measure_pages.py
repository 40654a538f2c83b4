"""The pages of measure: a set through its life, a town's sheet, a department's checking, a file of values."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.city.measure.cast import SYSTEM, Cast
from tests.faces.measure_desk import as_, cell, collection, found, sheet, typed

from qualipolis.city.core.models import Attachment, Draft
from qualipolis.city.measure import service
from qualipolis.city.measure.models import CollectionRound, IndicatorSet, Observation

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def cast(settings: Any, tmp_path: Any) -> Cast:
    settings.HOME = tmp_path
    return found()


@pytest.fixture
def row(cast: Cast) -> CollectionRound:
    return collection()


def body(answer: Any) -> str:
    return answer.content.decode()


def test_it_takes_a_set_from_the_draft_to_an_open_collection(cast: Cast) -> None:
    planner, leader = as_(cast, "planner"), as_(cast, "leader")
    planner.post("/desk/sets/", {"year": "2022"})
    made = IndicatorSet.objects.get(year=2022)
    address = f"/desk/sets/{made.pk}/"
    planner.post(address, {"step": "consult"})
    assert leader.post(address, {"step": "approve", "document_no": ""}).status_code == 400
    leader.post(address, {"step": "approve", "document_no": "质领〔2022〕1号"})
    planner.post(address, {"step": "publish"})
    planner.post(address, {"step": "freeze"})
    planner.post(address, {"step": "open_round", "opens_on": "2026-01-05", "due_on": "2026-02-05"})
    made.refresh_from_db()
    assert (made.status, made.approved_doc) == ("frozen", "质领〔2022〕1号")
    assert made.rounds.get().observations.count() == 44 * 3


def test_it_shows_one_primary_button_on_a_set(cast: Cast) -> None:
    made = service.create_set(SYSTEM, None, 2022)
    shown = body(as_(cast, "planner").get(f"/desk/sets/{made.pk}/"))
    assert shown.count("btn-primary") == 1
    assert "这是本市约定的期限，不是法律条文" in shown
    assert 'aria-current="step"' in shown


def test_it_refuses_a_step_of_another_role_with_words(cast: Cast) -> None:
    made = service.create_set(SYSTEM, None, 2022)
    answer = as_(cast, "department").post(f"/desk/sets/{made.pk}/", {"step": "consult"})
    assert answer.status_code == 400
    assert IndicatorSet.objects.get(pk=made.pk).status == "draft"


def weights(made: IndicatorSet, client: Any, **changes: str) -> dict[str, str]:
    form = client.get(f"/desk/sets/{made.pk}/edit/").context["form"]
    return {name: str(field.initial) for name, field in form.fields.items() if field.initial is not None} | changes


def test_it_saves_weights_of_a_draft_and_names_a_bad_one(cast: Cast) -> None:
    made, planner = service.create_set(SYSTEM, None, 2022), as_(cast, "planner")
    address = f"/desk/sets/{made.pk}/edit/"
    bad = planner.post(address, weights(made, planner, **{"PQ01-weight": "abc"}))
    assert bad.status_code == 400
    assert 'href="#id_PQ01-weight"' in body(bad)
    assert 'value="abc"' in body(bad)
    planner.post(address, weights(made, planner, **{"PQ01-weight": "0.5"}))
    assert made.indicators.get(code="PQ01").weight == 0.5


def test_it_changes_nothing_when_a_goalpost_contradicts_its_direction(cast: Cast) -> None:
    made, planner = service.create_set(SYSTEM, None, 2022), as_(cast, "planner")
    before = made.indicators.get(code="PQ01").weight
    changes = {"PQ01-weight": "0.9", "PQ01-floor": "99", "PQ01-target": "50"}
    assert planner.post(f"/desk/sets/{made.pk}/edit/", weights(made, planner, **changes)).status_code == 400
    assert made.indicators.get(code="PQ01").weight == before


def test_it_amends_a_frozen_set_and_shows_old_and_new(cast: Cast, row: CollectionRound) -> None:
    leader = as_(cast, "leader")
    said = weights(row.set, leader, **{"PQ01-weight": "0.44"})
    leader.post(f"/desk/sets/{row.set_id}/edit/", said | {"reason": "年中调整", "document_no": "质领〔2021〕9号"})
    made = IndicatorSet.objects.get(amends=row.set)
    shown = body(leader.get(f"/desk/sets/{made.pk}/"))
    assert "年中调整" in shown
    assert "0.22" in shown
    assert "<b>0.44</b>" in shown


def test_it_computes_the_value_on_the_server_and_keeps_the_evidence(cast: Cast, row: CollectionRound) -> None:
    one, town = cell(row, "PQ07"), as_(cast, "town_officer")
    file = SimpleUploadedFile("证书.pdf", PDF, "application/pdf")
    answer = sheet(town, row, "save", typed(one, numerator="80", denominator="1,00", evidence=file))
    assert answer.status_code == 400  # 1,00 is no number with thousands marks
    sheet(
        town, row, "save", typed(one, numerator="80", denominator="100", evidence=SimpleUploadedFile("证书.pdf", PDF))
    )
    one.refresh_from_db()
    assert (one.value, one.status) == (80.0, "draft")
    assert Attachment.objects.get().thing == f"measure.observation:{one.pk}"


def test_it_keeps_what_was_typed_and_links_to_the_field(cast: Cast, row: CollectionRound) -> None:
    one, other = cell(row, "PQ07"), cell(row, "PQ08")
    answer = sheet(
        as_(cast, "town_officer"),
        row,
        "save",
        typed(one, numerator="12x", denominator="100"),
        typed(other, numerator="1", denominator="4"),
    )
    assert answer.status_code == 400
    assert f'href="#id_o{one.pk}-numerator"' in body(answer)
    assert 'value="12x"' in body(answer)
    assert cell(row, "PQ08").value == 25.0  # a good line is kept beside a bad one


def test_a_share_over_one_hundred_is_refused_at_its_field(cast: Cast, row: CollectionRound) -> None:
    one = cell(row, "PQ07")
    answer = sheet(as_(cast, "town_officer"), row, "save", typed(one, numerator="9", denominator="3"))
    assert answer.status_code == 400
    assert f'href="#id_o{one.pk}-numerator"' in body(answer)


def test_it_wants_evidence_before_a_value_is_handed_in(cast: Cast, row: CollectionRound) -> None:
    one, town = cell(row, "PQ07"), as_(cast, "town_officer")
    answer = sheet(town, row, f"submit:{one.pk}", typed(one, numerator="80", denominator="100"))
    assert answer.status_code == 400
    assert cell(row, "PQ07").status == "draft"
    Draft.objects.create(person=cast["town_officer"], key=f"measure.sheet:{row.pk}:{one.unit_id}", data={})
    sheet(town, row, f"submit:{one.pk}", typed(one, numerator="80", denominator="100", document="证1号"))
    assert cell(row, "PQ07").status == "submitted"
    assert not Draft.objects.exists()


def test_it_hands_in_all_complete_values_and_leaves_the_others(cast: Cast, row: CollectionRound) -> None:
    first, second, third = (cell(row, code) for code in ("PQ07", "PQ08", "PQ09"))
    sheet(
        as_(cast, "town_officer"),
        row,
        "submit_all",
        typed(first, numerator="80", denominator="100", document="证1号"),
        typed(second, missing="not_collected", note="当年未开展"),
        typed(third, numerator="5"),
    )
    assert [cell(row, code).status for code in ("PQ07", "PQ08", "PQ09")] == ["submitted", "submitted", "draft"]
    assert cell(row, "PQ08").value is None


def test_a_missing_value_needs_its_explanation(cast: Cast, row: CollectionRound) -> None:
    one = cell(row, "PQ07")
    answer = sheet(as_(cast, "town_officer"), row, "save", typed(one, missing="not_collected"))
    assert answer.status_code == 400
    assert cell(row, "PQ07").status == "empty"


def test_a_town_does_not_write_on_the_sheet_of_another(cast: Cast, row: CollectionRound) -> None:
    one, town = cell(row, "PQ07", "T2"), as_(cast, "town_officer")
    answer = town.post(
        f"/desk/rounds/{row.pk}/sheet/?unit=T2", {"do": "save"} | typed(one, numerator="1", denominator="2")
    )
    assert answer.status_code == 404
    assert cell(row, "PQ07", "T2").status == "empty"


def hand_in(cast: Cast, row: CollectionRound, code: str = "PQ09") -> Observation:
    one = service.save_draft(SYSTEM, cell(row, code), 80, 100, document="证1号")
    return service.submit(cast["town_officer"], one)


def test_a_department_returns_with_a_reason_and_can_take_it_back(cast: Cast, row: CollectionRound) -> None:
    one, section = hand_in(cast, row), as_(cast, "department")
    address = f"/desk/observations/{one.pk}/"
    assert section.post(address, {"kind": "check", "choice": "return"}).status_code == 400
    section.post(address, {"kind": "check", "choice": "return", "reason": "与台账不符"})
    shown = body(as_(cast, "town_officer").get(f"/desk/rounds/{row.pk}/sheet/"))
    assert "与台账不符" in shown
    assert cell(row, "PQ09").due_on is not None
    undo = section.get(address).context["undo"]
    section.post(undo["url"])
    assert (cell(row, "PQ09").status, cell(row, "PQ09").due_on) == ("submitted", None)


def test_a_step_cannot_be_taken_back_when_somebody_went_on(cast: Cast, row: CollectionRound) -> None:
    one = hand_in(cast, row)
    town = as_(cast, "town_officer")
    undo = town.get(f"/desk/observations/{one.pk}/").context["undo"]
    service.verify(cast["department"], one)
    assert town.post(undo["url"]).status_code == 403
    assert cell(row, "PQ09").status == "verified"


def test_it_verifies_many_values_of_an_indicator(cast: Cast, row: CollectionRound) -> None:
    one, section = hand_in(cast, row), as_(cast, "department")
    shown = section.get("/desk/check/")
    assert one.unit.name_zh in body(shown)
    section.post(f"/desk/check/?round={row.pk}", {"observation": [one.pk]})
    assert cell(row, "PQ09").status == "verified"


def test_an_objection_is_answered_in_writing(cast: Cast, row: CollectionRound) -> None:
    one = service.verify(cast["department"], hand_in(cast, row))
    service.preview_round(SYSTEM, row)
    address = f"/desk/observations/{one.pk}/"
    as_(cast, "town_officer").post(address, {"kind": "dispute", "reason": "分子少计"})
    said = {"kind": "decide", "choice": "correct", "reply": "更正", "numerator": "90", "denominator": "100"}
    as_(cast, "planner").post(address, said)
    one = cell(row, "PQ09")
    assert (one.status, one.value) == ("corrected", 90.0)


def test_a_round_shows_how_far_each_unit_is(cast: Cast, row: CollectionRound) -> None:
    hand_in(cast, row)
    shown = body(as_(cast, "planner").get(f"/desk/rounds/{row.pk}/"))
    assert "1/44" in shown
    assert shown.count("btn-primary") == 1


def test_two_people_reopen_a_locked_round(cast: Cast, row: CollectionRound) -> None:
    service.close_entry(SYSTEM, row)
    service.lock_round(SYSTEM, row)
    address = f"/desk/rounds/{row.pk}/"
    as_(cast, "leader").post(address, {"step": "reopen", "reason": "补报"})
    assert "补报" in body(as_(cast, "auditor").get(address))
    as_(cast, "auditor").post(address, {"step": "confirm"})
    row.refresh_from_db()
    assert row.status == "reopened"


def values(*lines: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("数值.csv", "\n".join(("单位代码,指标代码,分子,分母,缺失原因,说明", *lines)).encode())


def test_it_takes_values_from_a_file_as_drafts(cast: Cast, row: CollectionRound) -> None:
    town = as_(cast, "town_officer")
    town.post(f"/desk/rounds/{row.pk}/import/", {"file": values("T1,PQ07,8,10,,", "T1,PQ08,,,未采集,未开展")})
    assert (cell(row, "PQ07").value, cell(row, "PQ07").status) == (80.0, "draft")
    assert (cell(row, "PQ08").missing, cell(row, "PQ08").note) == ("not_collected", "未开展")


def test_it_names_every_bad_row_and_takes_nothing(cast: Cast, row: CollectionRound) -> None:
    town = as_(cast, "town_officer")
    lines = ("T1,PQ07,8,10,,", "T2,PQ07,1,2,,", "T1,PQ08,9,3,,", "T1,PQ09,x,3,,", "T1,PQ07,1,2,,")
    answer = town.post(f"/desk/rounds/{row.pk}/import/", {"file": values(*lines)})
    assert answer.status_code == 400
    assert answer.context["problem_count"] == 4
    assert "第 3 行" in answer.context["problems"][0]
    assert cell(row, "PQ07").status == "empty"
    town.post(f"/desk/rounds/{row.pk}/import/", {"file": values(*lines), "skip_bad_rows": "on"})
    assert cell(row, "PQ07").value == 80.0


def test_its_template_holds_the_open_cells_and_comes_back(cast: Cast, row: CollectionRound) -> None:
    town = as_(cast, "town_officer")
    content = b"".join(town.get(f"/desk/rounds/{row.pk}/template.xlsx").streaming_content)
    file = SimpleUploadedFile("values.xlsx", content)
    answer = town.post(f"/desk/rounds/{row.pk}/import/", {"file": file})
    assert answer.status_code == 302


def test_its_lists_carry_effective_weights_and_states(cast: Cast, row: CollectionRound) -> None:
    from qualipolis.faces.desk.rooms.measure.import_values import round_frame, set_frame

    frame = set_frame(cast["planner"], {"set": str(row.set_id)})
    assert frame.height == 44
    assert frame["有效权重（%）"].sum() == pytest.approx(100)
    assert round_frame(cast["town_officer"], {"round": str(row.pk)}).height == 44
