"""Recalls and warnings for everyone: pages, papers, open data and API say the same, and nothing before its day."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from tests.city.listen.cast import Cast

from qualipolis.city.core.models import City
from qualipolis.city.listen import service
from qualipolis.city.listen.models import PublicWarning, Recall

pytestmark = pytest.mark.django_db
PLAN: dict[str, Any] = {"measure": "免费更换", "told_how": "公告与短信", "batches": "A1-A9"}
TEXT = {
    "title_zh": "慎用暖示牌电暖器", "title_en": "Do not use this heater", "products": "NQ-200", "hazard": "过热可致烫伤",
    "advice": "停止使用", "body_en": "It may overheat. Stop using it.", "level": "serious",
}  # fmt: skip


@pytest.fixture(autouse=True)
def town(cast: Cast) -> None:
    cache.clear()
    City.objects.create(code="990100", name_zh="云汀市", name_en="Yunting City", synthetic=True)


@pytest.fixture
def told(client: Any) -> Any:
    def get(name: str, *args: Any, status: int = 200, lang: str = "zh-hans", query: str = "") -> str:
        client.cookies["django_language"] = lang
        answer = client.get(reverse(name, args=args) + query)
        assert answer.status_code == status, name
        return str(answer.content.decode())

    return get


def planned(cast: Cast, **product: Any) -> Recall:
    marks = {"name": "电暖器", "brand": "暖示", "model": "NQ-200"} | product
    row = service.note_recall_clue(
        cast["enterprise"], service.name_product(cast["enterprise"], **marks), "客户来电", enterprise=cast.firm
    )
    service.declare_defect(cast["enterprise"], row, "温控器失效，可致烫伤")
    until = timezone.localdate() + timedelta(days=60)
    return service.file_recall_plan(cast["enterprise"], row, units=500, until=until, **PLAN)


def announced(cast: Cast, **product: Any) -> Recall:
    return service.announce_recall(cast["inspector"], planned(cast, **product), "The thermostat fails.")


def published(cast: Cast, old: PublicWarning | None = None, **more: Any) -> PublicWarning:
    row = service.draft_warning(cast["inspector"], old, **TEXT | more)
    service.hand_in_warning(cast["inspector"], row)
    return service.publish_warning(cast["leader"], row)


def test_a_recall_is_there_from_its_announcement_on_and_not_before(cast: Cast, told: Any, client: Any) -> None:
    row = planned(cast)
    told("portal:recall", row.number, status=404)
    assert row.number not in told("portal:recalls") and client.get(f"/api/v1/recalls/{row.number}").status_code == 404
    service.announce_recall(cast["inspector"], row)
    text = told("portal:recall", row.number)
    for words in ("温控器失效", "免费更换", "A1-A9", "NQ-200", cast.firm.name_zh, "500"):
        assert words in text
    assert "客户来电" not in text and row.number in told("portal:recalls")
    assert row.number in told("portal:safety")


def test_the_english_page_has_the_english_words_or_says_that_there_are_none(cast: Cast, told: Any) -> None:
    row = announced(cast)
    assert "The thermostat fails." in told("portal:recall", row.number, lang="en")
    Recall.objects.filter(pk=row.pk).update(body_en="")
    text = told("portal:recall", row.number, lang="en")
    assert "No English words were written" in text and 'lang="zh-Hans"' in text


def test_how_far_a_recall_is_has_its_interval(cast: Cast, told: Any) -> None:
    row = announced(cast)
    service.report_recall_progress(cast["enterprise"], row, timezone.localdate(), 480, notified=490)
    service.complete_recall(cast["enterprise"], row, "召回480台")
    service.evaluate_recall(cast["inspector"], row, "多数已知悉", sampled=30, reached=24)
    text = told("portal:recall", row.number)
    assert "96.0%" in text and "61.4%" in text and "92.3%" in text and "490" in text


def test_a_draft_is_nowhere_and_a_published_warning_everywhere(cast: Cast, told: Any, client: Any) -> None:
    row = service.draft_warning(cast["inspector"], **TEXT)
    for name in ("portal:warnings", "portal:safety"):
        assert row.number not in told(name)
    told("portal:warning", row.number, status=404)
    told("portal:warning_pdf", row.number, "zh", status=404)
    assert client.get(f"/api/v1/warnings/{row.number}").status_code == 404
    service.hand_in_warning(cast["inspector"], row)
    service.publish_warning(cast["leader"], row)
    assert "停止使用" in told("portal:warning", row.number)
    assert "Stop using it." in told("portal:warning", row.number, lang="en")


def test_what_was_taken_down_says_so_with_day_and_reason(cast: Cast, told: Any, client: Any) -> None:
    row = published(cast)
    service.take_down_warning(cast["leader"], row, "风险已消除")
    day = str(timezone.localdate())
    assert row.number not in told("portal:warnings")
    text = told("portal:warning", row.number)
    assert "风险已消除" in text and day in text and "btn-primary" not in text
    assert "风险已消除" in told("portal:warnings", query="?show=ended")
    found = client.get(f"/api/v1/warnings/{row.number}").json()
    assert found["state"] == "taken_down" and found["ended_on"] == day and found["end_reason"] == "风险已消除"
    assert client.get("/api/v1/warnings").json()["count"] == 0
    assert client.get("/api/v1/warnings?standing=ended").json()["count"] == 1


def test_a_correction_is_a_new_version_that_leads_from_the_old_one(cast: Cast, told: Any, client: Any) -> None:
    old = published(cast)
    new = published(cast, old, products="NQ-200、NQ-300")
    assert reverse("portal:warning", args=[new.number]) in told("portal:warning", old.number)
    assert old.number in told("portal:warning", new.number)
    assert client.get(f"/api/v1/warnings/{old.number}").json()["replaced_by"] == new.number


def test_open_data_is_safe_from_formulas_and_missing_is_not_zero(cast: Cast, client: Any) -> None:
    announced(cast, name="=HYPERLINK(1)")
    published(cast)
    said = client.get(reverse("portal:safety_data", args=["recalls", "csv"])).content.decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(said))
    assert not row["product"].startswith("=") and row["corrected"] == "" and row["units"] == "500"
    found = json.loads(client.get(reverse("portal:safety_data", args=["warnings", "json"])).content)
    assert found["synthetic"] is True and found["rows"][0]["title_en"] == TEXT["title_en"]
    assert {"name", "type", "description"} <= set(found["columns"][0])
    assert client.get(reverse("portal:safety_data", args=["people", "csv"])).status_code == 404
    assert client.get(reverse("portal:safety_data", args=["recalls", "exe"])).status_code == 404


def test_the_api_says_what_the_page_says(cast: Cast, client: Any) -> None:
    row = announced(cast)
    (found,) = client.get("/api/v1/recalls?words=NQ-200").json()["items"]
    assert found == client.get(f"/api/v1/recalls/{row.number}").json()
    assert found["text_en"] == "The thermostat fails." and found["effect"]["corrected"] is None
    assert client.get("/api/v1/recalls?words=nothing").json() == {"count": 0, "items": []}
    assert client.post("/api/v1/recalls").status_code == 405


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_papers_are_the_same_bytes_for_everyone(cast: Cast, client: Any, lang: str) -> None:
    recall, warning = announced(cast), published(cast)
    for name, row in (("portal:recall_pdf", recall), ("portal:warning_pdf", warning)):
        first, second = (
            b"".join(client.get(reverse(name, args=[row.number, lang])).streaming_content) for _time in range(2)
        )
        assert first == second and first[:5] == b"%PDF-"
    assert client.get(reverse("portal:recall_pdf", args=[recall.number, "fr"])).status_code == 404


def test_how_to_report_a_danger_leads_to_the_letter_without_an_account(told: Any) -> None:
    text = told("portal:danger")
    assert reverse("portal:listen_letter") in text and "120" in text


@pytest.mark.parametrize("name", ["safety", "recalls", "warnings", "danger"])
@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_the_pages_stand_while_there_is_nothing(told: Any, name: str, lang: str) -> None:
    assert "<h1" in told(f"portal:{name}", lang=lang)
    if name in ("recalls", "warnings"):
        assert "<h1" in told(f"portal:{name}", lang=lang, query="?q=<script>&page=99&show=ended")
