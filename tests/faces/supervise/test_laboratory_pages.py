"""The laboratory's way through its pages: receive, begin, write, sign, issue; import; the organiser accepts."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.city.supervise.cast import make_report, make_sample

from qualipolis.city.supervise.models import Sample, TestItem, TestReport

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


@pytest.fixture
def enter(cast) -> Any:
    """Return a browser signed in as somebody of the cast."""

    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(cast[name], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


def at(name: str, *args: Any) -> str:
    return reverse(f"desk:{name}", args=args)


def today() -> str:
    return timezone.localdate().isoformat()


def entries(**more: str) -> dict[str, str]:
    shared = {"1-value": "35", "1-uncertainty": "4", "1-k": "", "1-conforms": "", "2-value": "6.8",
              "2-uncertainty": "", "2-k": "", "2-conforms": "", "tested_on": today(), "words": ""}  # fmt: skip
    return shared | more


def test_the_whole_way_from_the_seal_to_the_accepted_report(cast, enter) -> None:
    sample, lab, other = make_sample(cast), enter("laboratory"), enter("laboratory2")
    page = at("lab_sample", sample.code)
    assert sample.code in lab.get(at("lab")).content.decode()
    photo = SimpleUploadedFile("seal.png", PNG, "image/png")
    said = {"do": "receive", "received_on": today(), "appearance": "完好", "quantity": "3", "seal_0": "intact"}
    assert lab.post(page, said | {"photos": photo}).status_code == 302
    assert "seal.png" in lab.get(page).content.decode()
    assert lab.post(page, {"do": "begin", "licence": "seen"}).status_code == 302
    assert lab.post(at("lab_results", sample.code), entries(do="save")).status_code == 302
    shown = lab.get(at("lab_results", sample.code)).content.decode()
    assert "不符合" in shown and "误拒风险" in shown
    answer = lab.post(at("lab_results", sample.code), entries(do="submit"))
    report = at("lab_report", sample.code, 1)
    assert answer.status_code == 302 and answer.url == report
    assert lab.post(report, {"do": "sign", "signatory": "授权签字人"}).status_code == 400
    assert other.post(report, {"do": "sign", "signatory": "授权签字人"}).status_code == 302
    issue = {"do": "issue", "document_no": "BG-1", "issued_on": today()}
    assert lab.post(report, issue).status_code == 302
    sample.refresh_from_db()
    row = TestReport.objects.get()
    assert (sample.status, row.status, row.verdict) == ("reported", "issued", "fail")
    organiser = enter("department")
    assert "BG-1" in organiser.get(at("lab_reports")).content.decode()
    assert organiser.post(at("lab_report_view", row.pk), {"do": "accept"}).status_code == 302
    row.refresh_from_db()
    assert row.status == "accepted"


def test_a_broken_seal_is_said_at_the_form_and_the_sample_can_be_refused(cast, enter) -> None:
    sample, lab = make_sample(cast), enter("laboratory")
    page = at("lab_sample", sample.code)
    said = {"do": "receive", "received_on": today(), "appearance": "完好", "quantity": "3", "seal_0": "broken"}
    answer = lab.post(page, said)
    assert answer.status_code == 400 and "封条" in answer.content.decode()
    refused = {"do": "reject", "reason": "封条破损", "received_on": today(), "seal_0": "broken"}
    assert lab.post(page, refused).status_code == 302
    sample.refresh_from_db()
    assert sample.status == "rejected_at_lab" and sample.receipt.refused


def test_what_cannot_be_read_stays_in_the_grid_with_its_reason(cast, enter) -> None:
    sample = make_sample(cast, status="testing", received_on=timezone.localdate())
    lab = enter("laboratory")
    answer = lab.post(at("lab_results", sample.code), entries(do="save") | {"1-value": "三十五"})
    shown = answer.content.decode()
    assert answer.status_code == 400 and 'value="三十五"' in shown and 'href="#id_1-value"' in shown
    assert not TestReport.objects.exists()


def test_a_file_is_shown_first_and_taken_on_the_second_step(cast, enter) -> None:
    sample = make_sample(cast, status="testing", received_on=timezone.localdate())
    lab = enter("laboratory")
    data = f"样品编号,甲醛含量(mg/kg),pH值\n{sample.code},8,6.5\n".encode()
    seen = lab.post(at("lab_import"), {"file": SimpleUploadedFile("r.csv", data, "text/csv")})
    assert seen.status_code == 200 and not TestReport.objects.exists()
    token = seen.context["token"]
    assert enter("laboratory2").post(at("lab_import"), {"take": token}).status_code == 400
    assert lab.post(at("lab_import"), {"take": token[:-2] + "xx"}).status_code == 400
    assert lab.post(at("lab_import"), {"take": token}).status_code == 302
    assert list(TestItem.objects.values_list("outcome", flat=True)) == ["pass", "pass"]


def test_a_file_with_a_fault_is_shown_with_its_place_and_cannot_be_taken(cast, enter) -> None:
    sample = make_sample(cast, status="testing", received_on=timezone.localdate())
    data = f"样品编号,检验项目,检验结果\n{sample.code},甲醛含量,很多\n".encode()
    seen = enter("laboratory").post(at("lab_import"), {"file": SimpleUploadedFile("r.csv", data, "text/csv")})
    assert seen.status_code == 400 and seen.context["token"] == ""
    assert "第2行" in seen.content.decode() or "2 行" in seen.content.decode()


def test_the_addresses_of_another_laboratory_do_not_exist(cast, enter) -> None:
    row = make_report(cast)
    stranger = enter("other_laboratory")
    for path in (at("lab_sample", row.sample.code), at("lab_results", row.sample.code),
                 at("lab_report", row.sample.code, 1), at("lab_report_pdf", row.sample.code, 1, "zh")):  # fmt: skip
        assert stranger.get(path).status_code == 404
    assert stranger.get(at("lab_report_view", row.pk)).status_code == 403


def test_the_report_on_paper_carries_the_mark_only_on_a_valid_scope(cast) -> None:
    from qualipolis.city.supervise.laboratory.queries import report_seen, sample_seen
    from qualipolis.faces.report.test_report_city import paper_of, pdf

    row = make_report(cast)
    sample, report = sample_seen(row.sample), report_seen(row)
    assert paper_of(sample, report, "zh").marked
    for lang in ("zh", "en"):
        assert pdf(sample, report, lang)[:5] == b"%PDF-"
    cast.laboratory.qualifications.get().scope_items.filter(parameter="pH值").delete()
    paper = paper_of(sample, report, "zh")
    assert not paper.marked and paper.uncovered == 1


@pytest.mark.parametrize("name", ["lab", "lab_import", "lab_reports"])
def test_an_empty_room_says_so(cast, enter, name) -> None:
    who = "department" if name == "lab_reports" else "laboratory"
    assert enter(who).get(at(name)).status_code == 200
    assert not Sample.objects.exists()


def test_the_lists_can_be_taken_along(cast, enter) -> None:
    make_report(cast)
    for who, name in (("laboratory", "laboratory-samples"), ("department", "laboratory-turnaround")):
        for form in ("csv", "xlsx", "pdf"):
            assert enter(who).get(reverse("report:list", args=[name, form])).status_code == 200
    for layout in ("long", "wide"):
        assert enter("laboratory").get(at("lab_template", layout, "xlsx")).status_code == 200
