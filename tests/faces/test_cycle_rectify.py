"""The pages of rectification: opened, planned, reported with evidence, checked item by item, closed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from tests.faces.cycle_desk import Desk, locked_desk, plain_page, primary, taken_along

from qualipolis.city.assess import service
from qualipolis.city.assess.models import Rectification
from qualipolis.city.core.models import Attachment, Draft

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def desk() -> Desk:
    return locked_desk()


@pytest.fixture
def row(desk: Desk) -> Rectification:
    leaf = desk.round.set.indicators.get(code="a")
    leaf.owner = desk.cast.section
    leaf.save()
    unit = next(unit for unit in desk.cast.units if unit.code == "T1")
    items = [service.Item("合格率偏低", "a", 95.0, "2022")]
    return service.open_rectification(desk.cast["planner"], desk.round, unit, items)


def path(row: Rectification) -> str:
    return f"/desk/rectifications/{row.pk}/"


def planned(desk: Desk, row: Rectification) -> None:
    assert desk.post("town_officer", path(row), do="plan", plan="七月底前由经发办落实").status_code == 302


def results(row: Rectification, **changes: Any) -> dict[str, Any]:
    key = row.items.get().pk
    return {f"r{key}-result": "96", f"r{key}-words": "已开展专项整治", "report": "整改完成"} | changes


def reported(desk: Desk, row: Rectification) -> None:
    planned(desk, row)
    files = {"file": SimpleUploadedFile("证明.pdf", PDF)}
    assert desk.post("town_officer", path(row), do="report", **results(row), **files).status_code == 302


def check(desk: Desk, row: Rectification, choice: str, words: str = "核对记录属实", role: str = "department") -> Any:
    return desk.post(role, path(row), do=f"check:{row.items.get().pk}", choice=choice, words=words)


def test_the_office_opens_one_with_number_and_period(desk: Desk) -> None:
    said = {"do": "one", "unit": "T2", "indicator": "b", "problem": "数据偏低", "required": "80", "period": "2022"}
    address = f"/desk/rounds/{desk.round.pk}/rectifications/"
    assert desk.post("planner", address, due_on="2099-06-30", **said).status_code == 302
    item = Rectification.objects.get(unit__code="T2").items.get()
    assert (item.required, item.period, item.indicator.code) == (80.0, "2022", "b")
    refused = desk.post("planner", address, due_on="2001-06-30", **said)
    assert refused.status_code == 400 and 'href="#id_one_due_on"' in refused.content.decode()


def test_the_unit_plans_and_may_plan_again(desk: Desk, row: Rectification) -> None:
    text = desk.text("town_officer", path(row))
    assert primary(text) == 1 and plain_page(text) and "2022年达到95" in text
    empty = desk.post("town_officer", path(row), do="plan", plan="")
    assert empty.status_code == 400 and 'href="#id_plan_plan"' in empty.content.decode()
    planned(desk, row)
    assert desk.post("town_officer", path(row), do="plan", plan="八月底前落实").status_code == 302
    row.refresh_from_db()
    assert (row.status, row.plan) == ("planned", "八月底前落实")


def test_a_report_without_evidence_or_result_names_each_gap(desk: Desk, row: Rectification) -> None:
    planned(desk, row)
    key = row.items.get().pk
    said = results(row, report="") | {f"r{key}-result": ""}
    answer = desk.post("town_officer", path(row), do="report", **said)
    text = answer.content.decode()
    assert answer.status_code == 400
    for target in (f"#id_r{key}-result", "#id_report", "#id_file"):
        assert f'href="{target}"' in text, target
    assert "已开展专项整治" in text, "what was typed is still there"


def test_saving_keeps_the_text_as_a_draft_and_the_file(desk: Desk, row: Rectification) -> None:
    planned(desk, row)
    files = {"file": SimpleUploadedFile("证明.pdf", PDF)}
    assert desk.post("town_officer", path(row), do="save", **results(row), **files).status_code == 302
    assert Draft.objects.get(key=f"assess.rectify:{row.pk}").data["report"] == "整改完成"
    assert Attachment.objects.get().thing == f"assess.rectification:{row.pk}"
    assert desk.post("town_officer", path(row), do="report", **results(row)).status_code == 302
    assert not Draft.objects.exists()


def test_the_department_checks_its_item_and_closes(desk: Desk, row: Rectification) -> None:
    reported(desk, row)
    text = desk.text("department", path(row))
    assert primary(text) == 1 and "96" in text
    assert check(desk, row, "yes", words="").status_code == 400
    assert check(desk, row, "yes").status_code == 302
    assert desk.post("department", path(row), do="close").status_code == 302
    row.refresh_from_db()
    assert (row.status, row.closed_by) == ("closed", desk.cast["department"])


def test_what_is_not_fulfilled_goes_back_with_its_reason(desk: Desk, row: Rectification) -> None:
    reported(desk, row)
    check(desk, row, "no", "佐证不足")
    assert desk.post("department", path(row), do="close").status_code == 302, "the step is not offered"
    row.refresh_from_db()
    assert row.status == "reported"
    assert desk.post("planner", path(row), do="return", reason="补充检验报告").status_code == 302
    text = desk.text("town_officer", path(row))
    assert "补充检验报告" in text and primary(text) == 1
    assert desk.post("town_officer", path(row), do="report", **results(row)).status_code == 302


def test_overdue_is_said_and_a_later_day_ends_it(desk: Desk, row: Rectification) -> None:
    Rectification.objects.update(due_on=timezone.localdate() - timedelta(days=9))
    address = f"/desk/rounds/{desk.round.pk}/rectifications/"
    assert len(desk.page("planner", f"{address}?show=overdue").context["lines"]) == 1
    assert "已逾期" in desk.text("planner", path(row))
    later = (timezone.localdate() + timedelta(days=30)).isoformat()
    assert desk.post("planner", path(row), do="extend", due_on=later, reason="设备未到货").status_code == 302
    assert not desk.page("planner", f"{address}?show=overdue").context["lines"]
    assert "设备未到货" in desk.text("town_officer", path(row))


def test_nobody_takes_a_step_that_is_not_theirs(desk: Desk, row: Rectification) -> None:
    assert desk.page("enterprise", path(row)).status_code == 404
    assert desk.post("department", path(row), do="plan", plan="代填").status_code == 302
    reported(desk, row)
    assert check(desk, row, "yes", role="town_officer").status_code == 302
    row.refresh_from_db()
    assert (row.status, row.plan, row.items.get().fulfilled) == ("reported", "七月底前由经发办落实", None)


def test_the_list_goes_along(desk: Desk, row: Rectification) -> None:
    query = f"round={desk.round.pk}"
    assert "1镇" in taken_along(desk, "planner", "rectifications", query)
    assert "1镇" not in taken_along(desk, "town_officer", "rectifications", f"{query}&show=closed")


def test_a_round_and_a_town_lead_here(desk: Desk, row: Rectification) -> None:
    assert f"/desk/rounds/{desk.round.pk}/rectifications/" in desk.text(
        "town_officer", f"/desk/rounds/{desk.round.pk}/"
    )
    assert path(row) in desk.text("town_officer", "/desk/work/")
