"""The blind code leaks nothing: whatever a laboratory can reach, no word of it leads from a sample to a firm."""

from __future__ import annotations

import io
import json
import logging
import zipfile
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.city.supervise.cast import Cast, make_campaign, make_cast, make_sample, make_task
from tests.security.leaks import Marks, leaks, paths, walk, words_in

from qualipolis.city.core.attachments import store
from qualipolis.city.core.ledger import record
from qualipolis.city.core.listings import LISTINGS
from qualipolis.city.core.models import Attachment, Event
from qualipolis.city.core.policy import ANYONE, visible
from qualipolis.city.registry.models import Enterprise, Product
from qualipolis.city.registry.tables import TABLES
from qualipolis.city.supervise.laboratory import bench as laboratory
from qualipolis.city.supervise.laboratory import queries as laboratory_queries
from qualipolis.city.supervise.laboratory import reports
from qualipolis.city.supervise.laboratory.report_items import Entry
from qualipolis.city.supervise.models import (
    Custody,
    DrawnUnit,
    Recheck,
    Result,
    Sample,
    SamplingForm,
    SamplingTask,
    Seal,
    ServedResult,
    TestItem,
    TestReport,
)

NAME, NAME_EN, CREDIT = "泄密甲制衣厂", "Leakproof Garments", "91441900MALEAK0001"
MARKS = (
    NAME,
    NAME_EN,
    CREDIT,
    "泄密牌",
    "泄密型号X",
    "泄密批号",
    "泄密路9号",
    "泄密商城",
    "泄密联系人",
    "泄密原因",
)
PLACE = ("泄密镇",)
PNG = b"\x89PNG\r\n\x1a\n" + "泄密图片".encode() * 10
LABS = ("laboratory", "other_laboratory")


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Any) -> Any:
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def plant(cast: Cast) -> list[Sample]:
    """Mark one firm unmistakably and put its samples into every state that a laboratory sees."""
    firm, town = cast.firms[0], cast.units[1]
    firm.name_zh, firm.name_en, firm.credit_code, firm.address = NAME, NAME_EN, CREDIT, "泄密路9号"
    firm.save()
    town.name_zh = "泄密镇"
    town.save()
    campaign = make_campaign(cast)
    states = ("in_transit", "in_transit", "received", "testing", "testing", "testing", "reported")
    return [_sample(cast, campaign, state) for state in states]


def _sample(cast: Cast, campaign: Any, state: str) -> Sample:
    task = make_task(cast, campaign, status="sampled", sampled_on=timezone.localdate(), reason="泄密原因")
    task.number = f"RW-泄密商城-{task.pk}"
    task.save()
    sample = make_sample(cast, task, status=state, received_on=timezone.localdate() if state != "in_transit" else None)
    form = task.form
    form.brand, form.model, form.batch, form.platform, form.signatory = (
        "泄密牌",
        "泄密型号X",
        "泄密批号",
        "泄密商城",
        "泄密联系人",
    )
    form.licence_no, form.number, form.producer_address = CREDIT, f"CY-{NAME}-{task.pk}", "泄密路9号"
    form.save()
    for row in task.samples.all():
        row.location = f"{NAME}仓库" if row.part == "backup" else ""
        row.reason = "泄密原因" if state == "reported" else ""
        row.save()
        Custody.objects.create(sample=row, given_by=NAME, taken_by="泄密联系人", place="泄密路9号")
        photo = _photo(cast, row)
        row.seals.update(photo=photo, number=f"FENG{row.pk:06d}")
    return sample


def _photo(cast: Cast, row: Sample) -> Attachment:
    with transaction.atomic():
        return store(cast["inspector"], row, f"{NAME}门头.png", [PNG])


def work(cast: Cast, samples: list[Sample]) -> None:
    """Let the laboratory work through its samples with the real verbs, so that its ledger and its news are real."""
    lab, signer, today = cast["laboratory"], cast["laboratory2"], timezone.localdate()
    _first, second, third, fourth, fifth, _sixth, _seventh = samples
    seals = {seal.number: "broken" for seal in second.seals.all()}
    laboratory.reject(lab, second, reason="封条破损", seals=seals, photos=[("r.png", [PNG])])
    laboratory.begin(lab, third, licence="seen")
    laboratory.give_up(lab, fifth, reason="样品量不足", proof=[("p.png", [PNG])])
    row = reports.submit(lab, reports.enter_items(lab, fourth, {1: Entry("35", "4"), 2: Entry("6.8")}))
    row = reports.sign(signer, row, signatory="授权签字人")
    reports.issue(lab, row, document_no="BG-77", issued_on=today)
    reports.amend(lab, row, reason="修约")


def call_recheck(cast: Cast, sample: Sample) -> Sample:
    """Bring the backup sample of a reported one under recheck at the other laboratory."""
    result = Result.objects.get(sample=sample)
    service = result.services.first() or ServedResult.objects.create(result=result, party="firm", name=NAME)
    objection = result.objections.create(
        service=service, number="YY-泄密商城", words=f"{NAME}不服", received_on=timezone.localdate()
    )
    backup = Sample.objects.get(task=sample.task, part="backup")
    backup.laboratory, backup.status = cast.other_laboratory, "called"
    backup.save()
    Recheck.objects.create(
        result=result, objection=objection, number="FJ-1", status="designated", laboratory=cast.other_laboratory
    )
    return backup


def values(cast: Cast, samples: list[Sample]) -> dict[str, list[str]]:
    """Return what to put into the places of addresses: the rows of the firm and of its samples, whatever names them."""
    task = samples[3].task
    rows = [task, task.form, task.enterprise, task.product, samples[3], task.campaign, *TestReport.objects.all()]
    rows += [*Attachment.objects.all(), *Result.objects.all()]
    codes = [*(one.code for one in (*samples[1:4], samples[6])), cast.units[1].code]
    lists = sorted(name for name, one in LISTINGS.items() if {"laboratory", ANYONE} & set(one.roles))
    tables = sorted(TABLES)
    return {
        "pk": sorted({str(row.pk) for row in rows}, key=int)[:3], "code": codes, "version": ["1", "2"],
        "number": [task.campaign.number, "2021-R1"], "lang": ["zh"], "layout": ["long", "wide"],
        "form": ["csv", "xlsx"], "name": lists, "kind": tables, "table": tables, "n": ["1"], "slug": ["supervise"],
        "year": [str(timezone.localdate().year)], "seq": ["1", "2"], "unit": [cast.units[1].code],
    }  # fmt: skip


def opened(name: str, cast: Cast, all_paths: list[str]) -> list[Any]:
    client = Client(raise_request_exception=True)
    client.force_login(cast[name], backend="django.contrib.auth.backends.ModelBackend")
    return walk(client, all_paths)


def searched() -> list[str]:
    """Return the searches and lists that somebody would try."""
    words = (NAME, CREDIT, "泄密", "Leakproof")
    found = [f"{reverse('desk:search')}?q={word}" for word in words]
    found += [f"{reverse('desk:registry', args=[kind])}?q={NAME}" for kind in ("enterprises", "institutions")]
    found += [f"{reverse('desk:lab')}?show={show}" for show in ("arriving", "received", "testing", "reported", "ended")]
    pdfs = [reverse("report:list", args=[name, "pdf"]) for name in ("laboratory-samples", "laboratory-turnaround")]
    return [*found, *pdfs, "/api/v1/work", f"/api/v1/registry/enterprises?q={NAME}"]


def marks() -> Marks:
    """Return the marks of the firm and what names samples: codes, seals, the number of the report."""
    codes = [*Sample.objects.values_list("code", flat=True), *Seal.objects.values_list("number", flat=True)]
    return Marks(MARKS, PLACE, (*codes, "BG-77"))


def public(path: str) -> str:
    """Return what everybody reads at a path."""
    return " ".join(one.text for one in walk(Client(), [path]) if one.status == 200)


def own_paths(codes: list[str]) -> list[str]:
    """Return the pages, files and lists of the laboratory itself, its work and what the API says of it."""
    found = [
        reverse("desk:home"),
        reverse("desk:work"),
        reverse("desk:lab"),
        reverse("desk:lab_import"),
        "/api/v1/work",
    ]
    found += [reverse("core:file", args=[one.pk]) for one in Attachment.objects.all()]
    found += [reverse("report:list", args=["laboratory-samples", form]) for form in ("csv", "xlsx", "pdf")]
    found += [reverse("desk:lab_template", args=[layout, "csv"]) for layout in ("long", "wide")]
    for code in codes:
        found += [reverse("desk:lab_sample", args=[code]), reverse("desk:lab_results", args=[code]),
                  reverse("desk:lab_report", args=[code, 1]), reverse("desk:lab_report_pdf", args=[code, 1, "zh"])]  # fmt: skip
    return found


def test_nothing_a_laboratory_can_open_leads_from_a_sample_to_a_firm(cast, caplog) -> None:
    samples = plant(cast)
    work(cast, samples)
    backup = call_recheck(cast, samples[3])
    all_paths = [*paths("laboratory", values(cast, samples)), *searched(), *own_paths([one.code for one in samples])]
    caplog.clear()
    with caplog.at_level(logging.INFO):
        answers = opened("laboratory", cast, all_paths)
        theirs = opened("other_laboratory", cast, own_paths([backup.code, samples[3].code]))
    found = leaks([*answers, *theirs], public, marks())
    assert not found, "\n".join(map(str, found[:40]))
    lines = [line for line in caplog.text.splitlines() if any(mark in unquote(line) for mark in (*MARKS, *PLACE))]
    assert not lines, "\n".join(lines[:10])
    it_reached(samples, {one.path: one for one in answers})


def it_reached(samples: list[Sample], answers: dict[str, Any]) -> None:
    """A walk that opened nothing would find nothing: it saw every code, and pages, files and lists with them."""
    for sample in samples:
        assert answers[reverse("desk:lab_sample", args=[sample.code])].status == 200
        assert sample.code in answers[reverse("report:list", args=["laboratory-samples", "csv"])].text
    code = samples[3].code
    assert answers[reverse("desk:lab_report", args=[code, 2])].status == 200
    assert code in answers[reverse("desk:lab_report_pdf", args=[code, 1, "zh"])].text.replace("\n", "")
    assert sum(one.status == 200 for one in answers.values()) > 100


def test_a_laboratory_reads_its_own_pictures_and_no_others(cast) -> None:
    samples = plant(cast)
    work(cast, samples)
    files = {row: reverse("core:file", args=[row.pk]) for row in Attachment.objects.all()}
    seen = {one.path: one.status for one in opened("laboratory2", cast, list(files.values()))}
    assert {seen[path] for row, path in files.items() if row.uploaded_by == cast["laboratory"]} == {200}
    assert {seen[path] for row, path in files.items() if row.uploaded_by == cast["inspector"]} == {404}


def test_a_planted_leak_is_found_on_pages_lists_and_paper(cast, monkeypatch) -> None:
    """The test can fail: a field that carries the firm's name is found wherever it is shown."""
    samples = plant(cast)
    work(cast, samples)
    honest = laboratory_queries._lab_sample
    monkeypatch.setattr(
        laboratory_queries, "_lab_sample", lambda *args: replace(honest(*args), category=NAME, standard="泄密牌")
    )
    code = samples[3].code
    found = {leak.where for leak in leaks(opened("laboratory", cast, own_paths([code])), public, marks())}
    for path in (reverse("desk:lab"), reverse("desk:lab_sample", args=[code]), reverse("desk:home"),
                 reverse("desk:lab_report_pdf", args=[code, 1, "zh"]), "/api/v1/work",
                 reverse("report:list", args=["laboratory-samples", "csv"]),
                 reverse("report:list", args=["laboratory-samples", "xlsx"])):  # fmt: skip
        assert path in found, path


def test_a_planted_event_and_a_planted_town_are_found(cast) -> None:
    samples = plant(cast)
    with transaction.atomic():
        record(cast["laboratory"], "supervise.reject_sample", samples[0], {"of": samples[0].code, "reason": "泄密镇"})
    found = leaks(opened("laboratory", cast, [reverse("desk:home")]), public, marks())
    assert [leak.mark for leak in found] == ["泄密镇"]


def test_words_are_found_inside_files() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("inner.json", json.dumps({"name": NAME}))
    for data in (NAME.encode(), json.dumps([NAME]).encode(), "&#27844;密甲制衣厂".encode(), packed.getvalue()):
        assert NAME in words_in(data)


def test_no_rule_of_visibility_gives_a_laboratory_a_row_that_leads_to_a_firm(cast) -> None:
    samples = plant(cast)
    work(cast, samples)
    models = (SamplingTask, SamplingForm, DrawnUnit, Result, ServedResult, Sample, Seal, Custody, TestReport, TestItem,
              Enterprise, Product)  # fmt: skip
    for name in LABS:
        for model in models:
            assert not visible(cast[name], model.objects.all()).exists(), model.__name__


def test_what_the_laboratory_is_told_of_its_own_ledger_names_codes_only(cast) -> None:
    samples = plant(cast)
    work(cast, samples)
    for event in visible(cast["laboratory"], Event.objects.all()):
        assert "泄密" not in event.payload, event.verb


def test_the_order_of_a_list_tells_nothing_of_the_order_of_tasks(cast) -> None:
    """Samples of one day stand in the order of a hash of their codes, whatever the order of their tasks was."""
    plant(cast)
    seen = [one.code for one in laboratory_queries.lab_samples(cast["laboratory"]) if one.status == "testing"]
    assert seen == sorted(seen, key=laboratory_queries.shuffled)


def test_a_refused_step_and_a_bad_address_answer_without_the_firm(cast) -> None:
    samples = plant(cast)
    client = Client()
    client.force_login(cast["laboratory"], backend="django.contrib.auth.backends.ModelBackend")
    page = reverse("desk:lab_sample", args=[samples[0].code])
    for data in ({}, {"do": "receive"}, {"do": "begin", "licence": "seen"}, {"do": "reject", "reason": ""}):
        shown = client.post(page, data).content.decode()
        assert "泄密" not in shown
    backup = Sample.objects.get(task=samples[0].task, part="backup")
    assert client.get(reverse("desk:lab_sample", args=[backup.code])).status_code == 404
