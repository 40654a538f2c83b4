"""The pages of alerts: a table is looked through, confirmed and taken in; pairs are decided; the box finds and mends."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.city.listen.cast import Cast, complaint_in

from qualipolis.city.listen import search_index, service
from qualipolis.city.listen.models import Alert, AlertBatch, EntityPair

pytestmark = pytest.mark.django_db
TABLE = """抽样编号,食品名称,标称生产企业名称,不合格项目║检验结果║标准值,公告日期
NO1,辣椒粉,示范食品厂,铅║0.5mg/kg║≤0.2,2025-05-06
NO2,花生油,示范油厂,,2025-05-06
"""


@pytest.fixture
def enter(client: Any) -> Any:
    def entered(person: Any) -> Any:
        client.force_login(person)
        return client

    return entered


def sent(client: Any, text: str | bytes = TABLE, name: str = "alerts.csv") -> Any:
    content = text.encode() if isinstance(text, str) else text
    return client.post(reverse("desk:listen_alert_import"), {"file": SimpleUploadedFile(name, content)})


def said(answer: Any, **more: str) -> dict[str, str]:
    """Return what the form of a preview would send."""
    context = answer.context
    found = {"token": context["token"], "columns": str(len(context["columns"]))}
    for one in context["columns"]:
        found[f"c{one.number}"] = next(value for value, _words, chosen in one.options if chosen)
    return found | more


def alert(reference: str, **more: Any) -> Alert:
    values = {"product": "电暖器", "alerted_on": date(2026, 3, 1), "hazards": ["not stated"], "source": "示范源"}
    return Alert.objects.create(reference=reference, **values | more)


def test_a_table_is_shown_confirmed_and_taken_in(cast: Cast, enter: Any) -> None:
    client = enter(cast["planner"])
    seen = sent(client)
    text = seen.content.decode()
    assert (
        seen.status_code == 200 and "辣椒粉" in text and text.count("btn-primary") == 1 and not Alert.objects.exists()
    )
    done = client.post(reverse("desk:listen_alert_import"), said(seen, do="keep", source="省市场监管局"))
    batch = AlertBatch.objects.get()
    assert done.status_code == 302 and done.url == reverse("desk:listen_alert_batch", args=[batch.pk])
    assert (batch.added, batch.source) == (2, "省市场监管局") and Alert.objects.get(reference="NO2").hazards == [
        "not stated"
    ]
    again = sent(client)
    assert again.context["seen"].remembered is not None and again.context["take"].initial["source"] == "省市场监管局"


def test_a_changed_column_is_read_so(cast: Cast, enter: Any) -> None:
    client = enter(cast["department"])
    seen = sent(client)
    given = said(seen, do="look", source="甲")
    place = next(one.number for one in seen.context["columns"] if one.column.header == "标称生产企业名称")
    changed = client.post(reverse("desk:listen_alert_import"), given | {f"c{place}": "sellers"})
    assert changed.context["columns"][place].column.fields == ("sellers",)
    assert changed.context["take"].initial["source"] == "甲"


def test_what_is_wrong_is_named_and_nothing_is_taken(cast: Cast, enter: Any) -> None:
    client = enter(cast["planner"])
    seen = sent(client, TABLE.replace("NO2,花生油,示范油厂,,2025-05-06", "NO2,花生油,示范油厂,,改天"))
    answer = client.post(reverse("desk:listen_alert_import"), said(seen, do="keep", source="甲"))
    assert answer.status_code == 400 and "改天" in answer.content.decode() and not AlertBatch.objects.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv", b""), ("a.xlsx", b"PK\x03\x04 no"), ("a.json", b"[" * 3000), ("a.exe", b"MZ\x00\x00")],
)
def test_broken_files_are_told_in_words(cast: Cast, enter: Any, name: str, content: bytes) -> None:
    assert sent(enter(cast["planner"]), content, name).status_code == 400


@pytest.mark.parametrize("forged", ["", "x", "eyJhIjoxfQ:1:abc"])
def test_a_forged_token_brings_nothing_back(cast: Cast, enter: Any, forged: str) -> None:
    answer = enter(cast["planner"]).post(
        reverse("desk:listen_alert_import"), {"token": forged, "do": "keep", "columns": "1"}
    )
    assert answer.status_code == 400


def test_the_token_of_somebody_else_brings_nothing_back(cast: Cast, enter: Any) -> None:
    seen = sent(enter(cast["planner"]))
    answer = enter(cast["department"]).post(reverse("desk:listen_alert_import"), said(seen, do="keep", source="甲"))
    assert answer.status_code == 400 and not AlertBatch.objects.exists()


def test_nonsense_in_the_form_is_refused(cast: Cast, enter: Any) -> None:
    client = enter(cast["planner"])
    seen = sent(client)
    for wrong in (
        {"c0": "nonsense"},
        {"c0": "date", "c4": "date"},
        {"s1": "evil"},
        {"missing_day": "31/31/31", "do": "keep"},
    ):
        answer = client.post(reverse("desk:listen_alert_import"), said(seen, source="甲") | wrong)
        assert answer.status_code == 400, wrong
    assert not AlertBatch.objects.exists()


def test_classes_are_confirmed_for_the_batch(cast: Cast, enter: Any) -> None:
    client = enter(cast["planner"])
    client.post(reverse("desk:listen_alert_import"), said(sent(client), do="keep", source="甲"))
    batch = AlertBatch.objects.get()
    Alert.objects.update(suggested={"class": "food", "p": 0.9, "by": "category"})
    address = reverse("desk:listen_alert_batch", args=[batch.pk])
    assert client.get(address).context["form"] is not None
    assert client.post(address, {"classes": ["food"]}).status_code == 302
    assert set(Alert.objects.values_list("product_class", flat=True)) == {"food"}
    assert client.get(address).context["form"] is None


def test_an_alert_says_that_no_danger_is_stated_and_gets_class_and_firm(cast: Cast, enter: Any) -> None:
    row = alert("1", firm=cast.firm.name_zh, suggested={"class": "appliances", "p": 0.8, "by": "product-en"})
    client, address = enter(cast["planner"]), reverse("desk:listen_alert", args=[row.pk])
    text = client.get(address).content.decode()
    assert "not stated" not in text and "80 %" in text and text.count("btn-primary") == 1
    client.post(address, {"do": "class", "product_class": "appliances"})
    assert client.post(address, {"do": "firm", "firm": "没有这家"}).status_code == 400
    client.post(address, {"do": "firm", "firm": cast.firm.credit_code})
    row.refresh_from_db()
    assert (row.product_class, row.enterprise) == ("appliances", cast.firm)


@pytest.mark.parametrize(
    ("name", "status"), [("inspector", 200), ("leader", 200), ("enterprise", 403), ("mediator", 403)]
)
def test_who_reads_alerts(cast: Cast, enter: Any, name: str, status: int) -> None:
    row = alert("1")
    client = enter(cast[name])
    for address in (reverse("desk:listen_alerts"), reverse("desk:listen_alert", args=[row.pk])):
        answer = client.get(address)
        assert answer.status_code == status
        assert status != 200 or "btn-primary" not in answer.content.decode()
    assert client.get(reverse("desk:listen_alert_import")).status_code == 403


def test_lists_filter_and_are_taken_along(cast: Cast, enter: Any) -> None:
    alert("1", enterprise=cast.firm, product_class="appliances")
    alert("2", injuries=2)
    client, address = enter(cast["inspector"]), reverse("desk:listen_alerts")
    assert [client.get(address, {"show": show}).context["total"] for show in ("", "linked", "unclassed", "hurt")] == [2, 1, 1, 1]  # fmt: skip
    answer = client.get(address)
    for one in answer.context["exports"]:
        assert client.get(one.url).status_code == 200, one.url


@pytest.fixture
def pair(cast: Cast) -> EntityPair:
    row = alert("1", firm="旭暖电器")
    return EntityPair.objects.create(
        kind="firm", left="旭暖电器", right=cast.firm.name_zh, left_thing=f"listen.alert:{row.pk}", probability=0.97,
        right_thing=f"registry.enterprise:{cast.firm.pk}",
        why={"why": [["core", "exact", 9.1], ["place", "else", -2.0]], "band": "review", "note": ""},
    )  # fmt: skip


def test_a_pair_is_decided_on_its_page_and_turned_round(cast: Cast, enter: Any, pair: EntityPair) -> None:
    client, address = enter(cast["planner"]), reverse("desk:listen_pair", args=[pair.pk])
    shown = client.get(address)
    assert shown.content.decode().count("btn-primary") == 1 and len(shown.context["reasons"]) == 2
    assert client.post(address, {"do": "same"}).status_code == 302
    assert Alert.objects.get().enterprise == cast.firm
    assert client.post(address, {"do": "different"}).status_code == 302
    assert Alert.objects.get().enterprise is None
    assert client.post(address, {"do": "nonsense"}).status_code == 400


def test_pairs_wait_in_my_work(cast: Cast, enter: Any, pair: EntityPair) -> None:
    text = enter(cast["planner"]).get(reverse("desk:home")).content.decode()
    assert reverse("desk:listen_pairs") in text
    assert enter(cast["planner"]).get(reverse("desk:listen_pairs")).context["total"] == 1


def test_the_box_finds_what_is_new_at_once(cast: Cast, enter: Any) -> None:
    search_index.rebuild()
    row = complaint_in(cast, "received", competent=None)
    service.classify_letter(cast["complaint_desk"], row.letter, "appliances")
    answer = enter(cast["complaint_desk"]).get(reverse("desk:listen_search"), {"q": "maoyan"})
    text = answer.content.decode()
    assert (
        row.number in text and "<mark>冒烟</mark>" in text and answer.context["corrected"][0][:2] == ("maoyan", "冒烟")
    )
    assert row.number not in enter(cast["planner"]).get(reverse("desk:listen_search"), {"q": "冒烟"}).content.decode()


def test_the_box_stands_before_there_is_an_index(cast: Cast, enter: Any) -> None:
    client = enter(cast["leader"])
    assert client.get(reverse("desk:listen_search")).status_code == 200
    assert (
        client.get(reverse("desk:listen_search"), {"q": "x" * 900, "kind": "complaint"}).context["answer"].ready
        is False
    )
    assert enter(cast["enterprise"]).get(reverse("desk:listen_search")).status_code == 403
