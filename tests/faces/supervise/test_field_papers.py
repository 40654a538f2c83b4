"""The papers of a visit say what the form says; the label says nothing but the code."""

from __future__ import annotations

from io import BytesIO

import pytest
from pypdf import PdfReader
from tests.city.supervise.cast import make_cast, make_task
from tests.city.supervise.on_site import sampled

from qualipolis.city.supervise.field.blind_codes import grouped
from qualipolis.faces.report.field_papers import form_pdf, labels_pdf, notice_pdf


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path


@pytest.fixture
def cast(db):
    return make_cast()


def words(pdf: bytes) -> str:
    return "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_form_says_what_was_sampled_and_names_no_code(cast, lang):
    test, backup = sampled(cast)
    test.task.refresh_from_db()
    said = words(form_pdf(test.task, lang))
    for part in ("儿童T恤", "20260901", "王经理", "39.90", test.seals.get().number, test.task.form.number):
        assert part in said
    for one in (test, backup):
        assert one.code not in said and grouped(one.code) not in said


def test_an_empty_form_and_a_notice_can_be_printed_before_the_visit(cast):
    task = make_task(cast)
    assert "未提交" in words(form_pdf(task, "zh"))
    assert task.enterprise.credit_code in words(notice_pdf(task, "zh"))
    assert "receipt" in words(notice_pdf(task, "en"))


def test_a_label_holds_the_code_and_nothing_of_the_firm(cast):
    samples = sampled(cast)
    pdf = labels_pdf(samples, "zh")
    pages = PdfReader(BytesIO(pdf)).pages
    assert len(pages) == 2
    assert [round(float(side) / 72 * 25.4) for side in (pages[0].mediabox.width, pages[0].mediabox.height)] == [
        105,
        148,
    ]
    said = words(pdf)
    assert all(grouped(one.code) in said for one in samples)
    task = samples[0].task
    for secret in (task.number, task.enterprise.name_zh, task.enterprise.credit_code, task.form.number, "云汀"):
        assert secret not in said
