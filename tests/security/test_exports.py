"""What leaves is no formula, no markup and no real figure by mistake, whatever somebody has called their firm."""

from __future__ import annotations

from urllib.parse import unquote

import polars as pl
import pytest

from qualipolis.city.core.models import City
from qualipolis.city.registry.models import Enterprise, Unit
from qualipolis.lake.tables import read_sheets

NAMES = ("=HYPERLINK(\"http://evil.example\")", "@SUM(1)", "+1", "-1", "\t=1", "<script>alert(1)</script>", "\"'><img src=x onerror=alert(1)>", "{{ 7 }}", "#let x", "$x$", "\\", "]#[")  # fmt: skip


@pytest.fixture
def named(city) -> None:
    unit = Unit.objects.get(code="441900003")
    rows = [
        Enterprise(credit_code=f"91441900MA000000{n:02}", name_zh=name, name_en=name, unit=unit)
        for n, name in enumerate(NAMES)
    ]
    Enterprise.objects.bulk_create(rows)


def test_a_csv_holds_no_formula(named, entered) -> None:
    text = entered("planner").get("/lists/enterprises.csv").getvalue()
    cells = [cell for row in pl.read_csv(text, infer_schema=False).iter_rows() for cell in row if cell]
    assert len(cells) > len(NAMES)
    suspicious = [cell for cell in cells if cell.lstrip()[:1] in "=+-@"]
    assert set(suspicious) <= {"+1", "-1"}, "a number as it stands is no formula; everything else would be one"


def test_a_workbook_holds_the_words_as_words(named, entered) -> None:
    data = entered("planner").get("/lists/enterprises.xlsx").getvalue()
    assert b"<f>" not in data
    sheet = next(iter(read_sheets(data, name="x.xlsx").values()))
    assert any("script" in str(cell) for row in sheet.frame.iter_rows() for cell in row)


def test_a_pdf_sets_the_names_as_they_are(named, entered) -> None:
    answer = entered("planner").get("/lists/enterprises.pdf")
    assert answer.status_code in (200, 400)
    assert answer.status_code == 400 or answer.getvalue().startswith(b"%PDF")


@pytest.mark.parametrize("path", ["/desk/registry/enterprises/", "/desk/search/?q=script", "/desk/search/?q=onerror"])
def test_no_page_takes_a_name_for_markup(named, entered, path) -> None:
    text = entered("planner").get(path).content.decode()
    assert "<script>alert" not in text
    assert "<img src=x" not in text


def test_a_file_of_a_synthetic_city_says_so_in_its_name(named, entered) -> None:
    client = entered("planner")
    real = unquote(
        client.get("/lists/enterprises.csv", headers={"Accept-Language": "zh"}).headers["Content-Disposition"]
    )
    City.objects.update(synthetic=True)
    made = unquote(
        client.get("/lists/enterprises.csv", headers={"Accept-Language": "zh"}).headers["Content-Disposition"]
    )
    assert "演示数据" not in real
    assert made.endswith("-演示数据.csv")
