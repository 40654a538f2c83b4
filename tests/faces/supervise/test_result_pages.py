"""What the public reads of results: search, versions, what came down, the day counter, penalties, open data."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import pytest
from django.urls import reverse as address
from django.utils import timezone
from tests.city.supervise.cast import make_campaign, make_report, make_result, make_sample, make_task
from tests.city.supervise.handled import final, reverse
from tests.city.supervise.test_penalties import decided
from tests.city.supervise.test_publications import published

from qualipolis.city.supervise import service
from qualipolis.city.supervise.models import HandlingCase
from qualipolis.faces.portal.objecting import count

pytestmark = pytest.mark.django_db


@pytest.fixture
def base():
    return address("portal:supervision").rstrip("/")


def text(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def test_published_results_are_found_by_product_firm_and_batch(cast, client, base):
    row = published(cast)
    page = text(client, f"{base}/results/")
    assert "35 mg/kg" in page and "第1制衣厂" in page and row.number in page and "没有异议" in page
    for word, hit in (("童装", True), ("第2制衣", True), ("B1", True), ("电动车", False)):
        assert ('<th scope="row">' in text(client, f"{base}/results/?q={word}")) is hit
    assert "第2制衣厂" not in text(client, f"{base}/results/?verdict=fail")


def test_open_results_drafts_and_names_of_people_are_on_no_public_page(cast, client, base):
    campaign = make_campaign(cast)
    row = published(cast, campaign)
    task = make_task(cast, campaign, status="sampled", enterprise=cast.firms[3])
    open_ = make_result(
        cast, status="under_objection", report=make_report(cast, make_sample(cast, task), status="accepted")
    )
    drafted = final(cast, campaign, firm=4)
    service.draft_publication(cast["department"], campaign)
    paths = ["results/", f"results/{row.number}/", "penalties/", "objecting/", "results/data.csv", "results/data.json"]
    pages = "".join(text(client, f"{base}/{path}") for path in paths)
    for secret in (
        open_.number,
        drafted.number,
        "第4制衣厂",
        "第5制衣厂",
        "制衣路",
        cast.firms[0].credit_code,
        "inspector",
    ):
        assert secret not in pages


def test_a_correction_is_visible_and_the_old_version_can_be_read(cast, client, base):
    row = published(cast)
    reverse(HandlingCase.objects.get().result, "复检结论为未发现不合格")
    page = text(client, f"{base}/results/{row.number}/")
    assert "<del>" in page and "复检结论" in page and "35 mg/kg" in page  # before and now
    old = text(client, f"{base}/results/{row.number}/?version=1")
    assert "35 mg/kg" in old and row.sha256[:8] in old
    assert "35 mg/kg" not in text(client, f"{base}/results/")


def test_what_came_down_says_so_without_its_content(cast, client, base, time_machine):
    time_machine.move_to("2026-03-02 10:00")
    row = published(cast)
    time_machine.move_to("2029-03-03 10:00")
    service.take_down_due(timezone.now())
    for path in (f"results/{row.number}/", f"results/{row.number}/?version=1", "results/", "results/data.json"):
        page = text(client, f"{base}/{path}")
        assert "35" not in page.split("main")[0] or "第1制衣厂" not in page
        assert "第1制衣厂" not in page and "甲醛" not in page
    assert row.number in text(client, f"{base}/results/")


def test_a_withdrawn_publication_gives_its_reason_only(cast, client, base):
    row = published(cast)
    service.withdraw_publication(cast["leader"], row, "程序更正")
    page = text(client, f"{base}/results/{row.number}/")
    assert "程序更正" in page and "第1制衣厂" not in page
    assert client.get(f"{base}/results/2099-GB9/").status_code == 404


@pytest.mark.parametrize(
    ("received", "kind", "last"),
    [
        ("2026-09-16", "product", "2026-10-08"),  # day 15 is a holiday
        ("2026-03-02", "product", "2026-03-17"),
        ("2026-09-30", "food", "2026-10-15"),  # 7 working days over the holidays
        ("2026-02-13", "food", "2026-03-02"),  # 14 and 28 February are worked
    ],
)
def test_the_day_counter(client, base, time_machine, db, received, kind, last):
    time_machine.move_to("2026-11-01 10:00")
    assert last in text(client, f"{base}/objecting/?received={received}&kind={kind}")


def test_the_counter_says_what_is_left_over_and_provisional(client, base, time_machine, db):
    time_machine.move_to("2026-03-10 10:00")
    assert "7" in text(client, f"{base}/objecting/?received=2026-03-02&kind=product")
    assert count(date(2026, 3, 2), "product", date(2026, 3, 17)).left == 0
    assert count(date(2026, 3, 2), "product", date(2026, 3, 18)).over
    assert count(date(2026, 12, 28), "product", date(2026, 12, 29)).provisional
    page = text(client, f"{base}/objecting/?received=2999-01-01&kind=product")
    assert 'class="field-error"' in page
    assert 'class="field-error"' in text(client, f"{base}/objecting/?received=x&kind=product")
    assert client.get(f"{base}/objecting/?received=1900-01-01&kind=food").status_code == 200


def test_penalties_come_and_go(cast, client, base, time_machine):
    time_machine.move_to("2026-03-02 10:00")
    row = decided(cast, kind="light", words="罚款0.6万元")
    assert "罚款0.6万元" not in text(client, f"{base}/penalties/")
    service.publish_penalty(cast["department"], row)
    assert "罚款0.6万元" in text(client, f"{base}/penalties/") and "罚款0.6万元" in text(
        client, f"{base}/penalties/data.csv"
    )
    time_machine.move_to("2026-06-03 10:00")
    service.take_down_due(timezone.now())
    page = text(client, f"{base}/penalties/")
    assert "罚款0.6万元" not in page and "第1制衣厂" not in page and row.number in page


def test_a_penalty_that_is_annulled_is_not_shown(cast, client, base):
    row = service.publish_penalty(cast["department"], decided(cast, words="罚款2万元"))
    service.annul_penalty(cast["department"], row, "撤销", "1号")
    assert "罚款2万元" not in text(client, f"{base}/penalties/")


def test_open_data_is_safe_and_says_what_it_is(cast, client, base):
    campaign = make_campaign(cast)
    result = final(cast, campaign)
    type(result.sample.task.form).objects.update(product_name="=HYPERLINK(1)", batch="@x")
    row = service.draft_publication(cast["department"], campaign)
    service.approve_publication(cast["leader"], row, "1号")
    row = service.publish_results(cast["department"], row)
    data = client.get(f"{base}/results/data.csv").content.decode("utf-8-sig")
    (line,) = list(csv.DictReader(io.StringIO(data)))
    assert line["product"] == "'=HYPERLINK(1)" and line["batch"] == "'@x" and line["verdict"] == "fail"
    told = json.loads(text(client, f"{base}/results/data.json"))
    assert told["rows"][0]["result"] == result.number and told["publications"][0]["sha256"] == row.sha256
    assert told["licence"] and {one["name"] for one in told["columns"]} >= {"verdict", "objection", "failed_items"}
    assert client.get(f"{base}/results/data.exe").status_code == 404


@pytest.mark.parametrize("path", ["results/", "penalties/", "objecting/"])
def test_public_pages_stand_empty_and_hold_no_inline_script_or_style(db, client, base, path):
    page = text(client, f"{base}/{path}")
    assert " style=" not in page and "<script>" not in page
