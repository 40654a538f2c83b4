"""The pages of the self-evaluation: called for, written by the town, checked by the office, printed, taken along."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.city.measure.cast import SYSTEM, person
from tests.faces.cycle_desk import SUMMARY, Desk, asked, locked_desk, plain_page, primary, signed_in, taken_along

from qualipolis.city.assess import service
from qualipolis.city.assess.models import SelfEvaluation
from qualipolis.city.core.models import Attachment, Draft
from qualipolis.city.registry.models import Unit

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def desk() -> Desk:
    return locked_desk()


@pytest.fixture
def row(desk: Desk) -> SelfEvaluation:
    return asked(desk)


def typed(row: SelfEvaluation, **changes: Any) -> dict[str, Any]:
    said: dict[str, Any] = dict(SUMMARY)
    for item in row.items.all():
        said |= {f"i{item.pk}-score": "92.5", f"i{item.pk}-words": "见台账"}
    return said | {"signatory": "镇长"} | changes


def path(row: SelfEvaluation) -> str:
    return f"/desk/self/{row.pk}/"


def first(row: SelfEvaluation, name: str) -> str:
    return f"i{row.items.first().pk}-{name}"


def test_the_planner_calls_by_dimension_or_by_indicator(desk: Desk) -> None:
    address = f"/desk/rounds/{desk.round.pk}/self/"
    assert primary(desk.text("planner", address)) == 1
    assert desk.post("planner", address, do="call", due_on="2099-01-05", choice="indicators").status_code == 302
    assert {item.node for item in SelfEvaluation.objects.get(unit__code="T1").items.all()} == {"a", "b", "c"}
    assert primary(desk.text("planner", address)) == 0, "everybody has been asked"


def test_a_call_into_the_past_is_refused_at_its_field(desk: Desk) -> None:
    answer = desk.post(
        "planner", f"/desk/rounds/{desk.round.pk}/self/", do="call", due_on="2001-01-05", choice="dimensions"
    )
    assert answer.status_code == 400 and 'href="#id_call_due_on"' in answer.content.decode()


def test_saving_keeps_scores_words_and_files_and_forgets_the_draft(desk: Desk, row: SelfEvaluation) -> None:
    Draft.objects.create(person=desk.cast["town_officer"], key=f"assess.self:{row.pk}", data={"strengths": "旧"})
    files = {first(row, "file"): SimpleUploadedFile("证明.pdf", PDF)}
    answer = desk.post("town_officer", path(row), **typed(row, do="save"), **files)
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.status, row.strengths, row.items.first().score) == ("draft", SUMMARY["strengths"], 92.5)
    assert Attachment.objects.get().thing == f"assess.selfitem:{row.items.first().pk}"
    assert not Draft.objects.exists()


def test_the_sheet_shows_one_primary_button_and_what_is_missing(desk: Desk, row: SelfEvaluation) -> None:
    text = desk.text("town_officer", path(row))
    assert primary(text) == 1 and plain_page(text)
    assert f'data-draft="assess.self:{row.pk}"' in text
    assert "还差：2项，小结3处" in text


def test_handing_in_names_every_gap_and_links_to_it(desk: Desk, row: SelfEvaluation) -> None:
    said = typed(row, do="sign", measures="", signatory="") | {first(row, "score"): ""}
    answer = desk.post("town_officer", path(row), **said)
    text = answer.content.decode()
    assert answer.status_code == 400
    for target in (f"#id_{first(row, 'score')}", "#id_measures", "#id_sign_signatory"):
        assert f'href="{target}"' in text, target
    row.refresh_from_db()
    assert (row.status, row.strengths) == ("draft", SUMMARY["strengths"]), "what was typed is kept all the same"


def test_a_score_over_100_stops_at_its_field(desk: Desk, row: SelfEvaluation) -> None:
    answer = desk.post("town_officer", path(row), **(typed(row, do="save") | {first(row, "score"): "101"}))
    assert answer.status_code == 400 and f'href="#id_{first(row, "score")}"' in answer.content.decode()
    assert row.items.first().score is None


def test_a_file_of_an_unknown_kind_is_named_and_nothing_is_half_kept(desk: Desk, row: SelfEvaluation) -> None:
    files = {first(row, "file"): SimpleUploadedFile("a.exe", b"MZ\x90\x00" + bytes(200))}
    answer = desk.post("town_officer", path(row), **typed(row, do="save"), **files)
    assert answer.status_code == 400 and "a.exe" in answer.content.decode()
    assert row.items.first().score is None


def handed_in(desk: Desk, row: SelfEvaluation) -> None:
    assert desk.post("town_officer", path(row), **typed(row, do="sign")).status_code == 302


def test_signed_returned_answered_accepted(desk: Desk, row: SelfEvaluation) -> None:
    handed_in(desk, row)
    assert "撤回" in desk.text("town_officer", path(row))
    refused = desk.post("planner", path(row), do="office", choice="return", reason="")
    assert refused.status_code == 400 and 'href="#id_office_reason"' in refused.content.decode()
    assert desk.post("planner", path(row), do="office", choice="return", reason="第一项依据不足").status_code == 302
    assert "第一项依据不足" in desk.text("town_officer", path(row))
    handed_in(desk, row)
    assert desk.post("planner", path(row), do="office", choice="accept").status_code == 302
    row.refresh_from_db()
    assert row.status == "accepted"
    assert primary(desk.text("planner", path(row))) == 0


def test_own_stands_beside_computed_only_after_the_preview(desk: Desk, row: SelfEvaluation) -> None:
    handed_in(desk, row)
    run = service.run(SYSTEM, desk.round, seed=1, replicates=0)
    assert "90.0" in desk.text("planner", path(row))
    assert "90.0" not in desk.text("town_officer", path(row))
    service.preview(SYSTEM, run)
    assert "90.0" in desk.text("town_officer", path(row))


def test_another_town_and_a_department_see_nothing_of_it(desk: Desk, row: SelfEvaluation) -> None:
    other = SelfEvaluation.objects.get(unit__code="T2")
    assert desk.page("town_officer", path(other)).status_code == 404
    assert desk.page("department", path(row)).status_code == 404
    assert signed_in(person("x", "inspector")).get(f"{path(row)}report/").status_code == 404
    assert desk.post("planner", path(row), **typed(row, do="save")).status_code == 400, (
        "the office writes nothing in it"
    )


def test_the_report_prints_scores_words_and_the_signature(desk: Desk, row: SelfEvaluation) -> None:
    handed_in(desk, row)
    text = desk.text("town_officer", f"{path(row)}report/")
    assert "92.5" in text and "见台账" in text and "镇长" in text and "data-print" in text and plain_page(text)


def test_the_list_filters_and_goes_along(desk: Desk, row: SelfEvaluation) -> None:
    handed_in(desk, row)
    address = f"/desk/rounds/{desk.round.pk}/self/"
    assert len(desk.page("planner", f"{address}?show=submitted").context["lines"]) == 1
    assert len(desk.page("planner", f"{address}?show=owed").context["lines"]) == 2
    told = taken_along(desk, "planner", "self-evaluations", f"round={desk.round.pk}&show=submitted")
    assert told.count("镇长") == 1 and "2镇" not in told


def test_the_list_asks_as_often_for_many_units_as_for_few(desk: Desk, row: SelfEvaluation) -> None:
    address = f"/desk/rounds/{desk.round.pk}/self/"

    def asked_for() -> int:
        desk.page("planner", address)
        with CaptureQueriesContext(connection) as told:
            desk.page("planner", address)
        return len(told)

    few = asked_for()
    Unit.objects.bulk_create(Unit(code=f"N{n}", kind="town", name_zh=f"新{n}镇", peer_group="towns") for n in range(40))
    service.call_self_evaluations(desk.cast["planner"], desk.round)
    assert asked_for() <= few + 1
