"""Any list as PDF: all its rows, its filters, its label, and a limit that says where to go."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import pytest
from pypdf import PdfReader

from qualipolis.faces.report.pdf_table import MAX_ROWS, TableColumn, render_table
from qualipolis.methods.problems import InputError

CREATED = datetime(2026, 11, 22, 3, 4, tzinfo=UTC)
COLUMNS = (TableColumn("编号"), TableColumn("名称"), TableColumn("得分", "right", 1), TableColumn("日期"))


def rows(count: int) -> list[tuple[object, ...]]:
    return [(f"E{i:04d}", f"第{i}家", None if i == 2 else i / 3, date(2021, 1, 5)) for i in range(1, count + 1)]


def made(count: int = 3, lang: str = "zh", **changes: object) -> bytes:
    given = {
        "columns": COLUMNS,
        "rows": rows(count),
        "notes": ("注一",),
        "filters": {"镇街": "麻岗镇"},
        "synthetic": True,
    }
    given |= changes
    return render_table("企业名录", lang, *given.values(), created_at=CREATED)


def text_of(pdf: bytes) -> str:
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_it_prints_rows_filters_label_and_time() -> None:
    text = text_of(made())
    for part in (
        "企业名录",
        "共3行",
        "筛选条件：镇街：麻岗镇",
        "演示数据（合成）",
        "E0002第2家—2021-01-05",
        "注一",
        "导出于2026-11-2203:04UTC",
    ):
        assert part in text


def test_it_leaves_the_label_off_real_data() -> None:
    assert "演示数据" not in text_of(made(synthetic=False))


def test_it_repeats_the_head_on_every_page() -> None:
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(made(200))).pages]
    assert len(pages) > 2
    assert all("编号" in page for page in pages)


def test_it_prints_2000_rows_to_the_last() -> None:
    pages = PdfReader(io.BytesIO(made(MAX_ROWS))).pages
    assert "E2000" in pages[-1].extract_text()
    assert 30 <= len(pages) <= 60


def test_it_loses_no_row_between_pages() -> None:
    text = text_of(made(150))
    assert all(f"E{i:04d}" in text for i in range(1, 151))


def test_it_sends_longer_lists_to_xlsx_or_csv() -> None:
    with pytest.raises(InputError) as caught:
        made(MAX_ROWS + 1)
    assert "xlsx" in str(caught.value)
    assert "2,001" in str(caught.value)


def test_it_refuses_ragged_rows_and_no_columns() -> None:
    with pytest.raises(InputError) as caught:
        made(rows=[("a",), ("b", "c", 1.0, None)])
    assert caught.value.problems[0].place == "rows 1"
    with pytest.raises(InputError):
        made(columns=(), rows=[])


def test_it_turns_the_page_for_many_columns() -> None:
    columns = tuple(TableColumn(f"列{i}") for i in range(12))
    box = PdfReader(io.BytesIO(made(columns=columns, rows=[tuple("值" for _ in columns)]))).pages[0].mediabox
    assert box.width > box.height


def test_it_says_when_nothing_matches() -> None:
    assert "没有符合条件的记录" in text_of(made(0))


def test_it_prints_markup_as_it_stands_and_breaks_long_codes() -> None:
    text = text_of(made(rows=[('#read("x")', "*b*", 1.0, "9" * 200)])).replace("\u200b", "")
    assert '#read("x")' in text
    assert "*b*" in text
    assert "9" * 200 in text


def test_it_names_the_cell_of_a_bad_character() -> None:
    with pytest.raises(InputError) as caught:
        made(rows=[("a", "好", 1.0, None), ("b", "\U0001f600", 1.0, None)])
    assert caught.value.problems[0].place == "rows 2 2"


def test_it_groups_thousands_by_column() -> None:
    columns = (TableColumn("年份", "right"), TableColumn("家数", "right"))
    text = text_of(made(columns=columns, rows=[(2021, 9000), (2022, 12000)]))
    assert "20219,000" in text
    assert "202212,000" in text


def test_it_takes_bare_heads_and_filter_sentences() -> None:
    pdf = render_table("名录", "zh", ["名称", "数"], [("甲", 3), ("乙", None)], filters=["镇街：麻岗镇", "A类"])
    text = text_of(pdf)
    assert "筛选条件：镇街：麻岗镇；A类" in text
    assert "甲3" in text


def test_it_is_the_same_for_the_same_list() -> None:
    assert made() == made()


def test_it_writes_english() -> None:
    text = text_of(made(lang="en", filters={}))
    assert "3rows,nofilters" in text
    assert "Page1of1" in text
