"""A table from outside enters whole, or not at all, and every bad row is named."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied

from qualipolis.city.core.models import Event
from qualipolis.city.core.policy import System
from qualipolis.city.registry import service
from qualipolis.city.registry.models import Enterprise, Institution, Qualification, Unit
from qualipolis.methods.problems import InputError

pytestmark = pytest.mark.django_db
GOOD = "91110000600037341L"
OTHER = "91440300568520498A"


@pytest.fixture
def town():
    return Unit.objects.create(code="990100001", name_zh="东湖街道", name_en="Donghu", kind="subdistrict")


def table(*lines: str) -> bytes:
    return "\n".join(lines).encode()


def enterprises(*rows: str) -> bytes:
    return table("统一社会信用代码,名称,登记镇街代码,规上企业,从业人数", *rows)


def take(data: bytes, name: str = "企业.csv", kind: str = "enterprises", **more):
    return service.import_table(System(), None, kind, data, name, **more)


def test_it_takes_good_rows_and_records_one_event(town):
    counts = take(enterprises(f"{GOOD},甲电子厂,990100001,是,120", f"{OTHER},乙食品厂,990100001,否,8"))
    assert counts == {"made": 2, "changed": 0, "left_out": 0}
    assert Enterprise.objects.get(credit_code=GOOD).above_scale is True
    assert Enterprise.objects.get(credit_code=OTHER).initials == "yspc"
    assert list(Event.objects.values_list("verb", flat=True)) == ["registry.import_table"]


def test_it_updates_by_code_and_keeps_what_the_file_does_not_say(town):
    take(enterprises(f"{GOOD},甲电子厂,990100001,是,120"))
    counts = take(table("统一社会信用代码,名称,登记镇街代码", f"{GOOD},甲电子有限公司,990100001"))
    assert counts == {"made": 0, "changed": 1, "left_out": 0}
    row = Enterprise.objects.get()
    assert (row.name_zh, row.employees, row.initials) == ("甲电子有限公司", 120, "jdzyxgs")


def test_it_names_every_bad_cell_and_takes_nothing(town):
    data = enterprises(f"{GOOD},甲,990100001,是,x1", f"{GOOD[:-1]}N,乙,990100009,也许,3", f"{OTHER},,990100001,是,-2")
    with pytest.raises(InputError) as caught:
        take(data)
    places = {(p.code, str(p.place)) for p in caught.value.problems}
    assert len(caught.value.problems) >= 5
    assert any("2" in place and "从业人数" in place for _code, place in places)
    assert {"unknown_reference", "bad_yes_no", "empty"} <= {code for code, _place in places}
    assert Enterprise.objects.count() == 0
    assert Event.objects.count() == 0


def test_it_leaves_bad_rows_out_only_when_told(town):
    data = enterprises(f"{GOOD},甲,990100001,是,1", f"{OTHER},乙,990100009,否,3")
    assert take(data, skip_bad_rows=True) == {"made": 1, "changed": 0, "left_out": 1}


def test_it_reads_gb18030(town):
    take(enterprises(f"{GOOD},甲电子厂,990100001,是,120").decode().encode("gb18030"))
    assert Enterprise.objects.get().name_zh == "甲电子厂"


def test_it_names_the_sheet_of_a_workbook(town):
    book = openpyxl.Workbook()
    book.active.title = "企业表"
    book.active.append(["统一社会信用代码", "名称", "登记镇街代码"])
    book.active.append([GOOD, "甲", "000000000"])
    buffer = BytesIO()
    book.save(buffer)
    with pytest.raises(InputError) as caught:
        take(buffer.getvalue(), "企业.xlsx")
    assert "企业表" in str(caught.value)


def test_it_refuses_unknown_and_missing_columns_together():
    with pytest.raises(InputError) as caught:
        take(table("代号,名称", "1,甲"))
    assert {p.code for p in caught.value.problems} == {"unknown_column", "missing_column"}


def test_it_finds_a_row_given_twice(town):
    with pytest.raises(InputError) as caught:
        take(enterprises(f"{GOOD},甲,990100001,是,1", f"{GOOD},甲,990100001,是,1"))
    assert [p.code for p in caught.value.problems] == ["duplicate"]


def test_it_warns_about_a_certificate_but_takes_it(town):
    Institution.objects.create(code="L1", name_zh="甲检测", kind="laboratory", unit=town)
    data = table("机构代码,资质类型,证书编号,有效期起,有效期止", "L1,cma,2021190001,2021-01-01,2027-01-01")
    assert take(data, kind="qualifications")["made"] == 1
    assert Qualification.objects.get().number == "2021190001"


def test_it_asks_for_the_right_role(db, django_user_model):
    person = django_user_model.objects.create(username="li")
    with pytest.raises(PermissionDenied):
        service.import_table(person, None, "units", b"", "x.csv")
