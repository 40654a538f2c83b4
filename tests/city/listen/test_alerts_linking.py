"""Class of product and firm of alerts: suggested, confirmed by a person, taken back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from tests.city.listen.cast import Cast

from qualipolis.city.core.policy import visible
from qualipolis.city.core.undo import open_for, undo
from qualipolis.city.listen import service
from qualipolis.city.listen.alerts import queries
from qualipolis.city.listen.alerts.classes import suggested
from qualipolis.city.listen.alerts.work import class_work
from qualipolis.city.listen.models import Alert, AlertBatch, HeaderMapping
from qualipolis.city.listen.work import work
from qualipolis.lake.alerts import AlertRow
from qualipolis.methods.problems import InputError

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(cast: Cast) -> AlertBatch:
    from qualipolis.city.core.models import Attachment

    kept = HeaderMapping.objects.create(fingerprint="f", source="示范源")
    held = Attachment.objects.create(sha256="0" * 64, name="a.csv", media_type="text/csv", size=1, thing="city")
    return AlertBatch.objects.create(
        attachment=held, source="示范源", mapping=kept, rows=4, added=4, known=0, imported_by=cast["planner"]
    )


def alert(batch: AlertBatch | None, reference: str, **more: Any) -> Alert:
    values = {"product": "电暖器", "alerted_on": date(2026, 3, 1), "hazards": ["fire"], "source": "示范源"}
    return Alert.objects.create(batch=batch, reference=reference, **values | more)


def test_the_source_the_category_and_the_words_suggest_a_class() -> None:
    rasff = AlertRow("RASFF", product="Sesame seeds", categories=("Nuts, nut products and seeds",))
    touch = AlertRow("RASFF", product="Melamine bowl", categories=("Food contact materials",))
    car = AlertRow("NHTSA", product="2021 sedan, air bags")
    assert [one.code for one in suggested([rasff, touch], "rasff")] == ["food", "housewares"]
    assert suggested([car], "nhtsa")[0].code == "vehicles"
    heater = suggested([AlertRow("x", product="Portable electric heater overheats")], "cpsc")[0]
    assert heater.code == "appliances" and heater.by == "product-en" and 0 < heater.probability <= 1
    chinese = suggested([AlertRow("x", product="电暖器冒烟")], "chinese")[0]
    assert chinese.code == "appliances" and chinese.by == "complaint-product-zh"


def test_words_that_nobody_knows_suggest_nothing() -> None:
    assert suggested([AlertRow("x", product="qzx vvk")], "other")[0].kept() == {}


def test_confirming_takes_what_is_sure_and_leaves_what_is_doubtful(cast: Cast, batch: AlertBatch) -> None:
    sure = alert(batch, "1", suggested={"class": "appliances", "p": 0.9, "by": "product-en"})
    doubtful = alert(batch, "2", suggested={"class": "appliances", "p": 0.3, "by": "product-en"})
    said = alert(batch, "3", product_class="toys", suggested={"class": "appliances", "p": 0.9, "by": "product-en"})
    assert [(g.code, g.sure, g.doubtful) for g in queries.class_groups(batch)] == [("appliances", 1, 1)]
    assert service.confirm_classes(cast["planner"], batch, ["appliances"]) == 1
    for row in (sure, doubtful, said):
        row.refresh_from_db()
    assert (sure.product_class, doubtful.product_class, said.product_class) == ("appliances", "", "toys")


def test_a_class_that_is_none_is_refused(cast: Cast, batch: AlertBatch) -> None:
    row = alert(batch, "1")
    for call in (
        lambda: service.classify_alert(cast["planner"], row, "nonsense"),
        lambda: service.confirm_classes(cast["planner"], batch, ["nonsense"]),
    ):
        with pytest.raises(InputError):
            call()


def test_a_link_is_made_and_taken_back(cast: Cast) -> None:
    row = alert(None, "1", firm="某厂")
    service.link_alert(cast["planner"], row, cast.firm)
    assert Alert.objects.get(pk=row.pk).enterprise == cast.firm
    undo(cast["planner"], open_for(cast["planner"]))
    assert Alert.objects.get(pk=row.pk).enterprise is None


def test_inspectors_read_and_do_not_link(cast: Cast) -> None:
    row = alert(None, "1")
    assert visible(cast["inspector"], Alert.objects.all()).count() == 1
    with pytest.raises(PermissionDenied):
        service.link_alert(cast["inspector"], row, cast.firm)


@pytest.mark.parametrize("name", ["enterprise", "laboratory", "mediator"])
def test_outsiders_see_no_alerts(cast: Cast, name: str) -> None:
    alert(None, "1")
    assert not visible(cast[name], Alert.objects.all()).exists()


def test_an_import_without_classes_waits_for_who_made_it(cast: Cast, batch: AlertBatch) -> None:
    row = alert(batch, "1", suggested={"class": "food", "p": 1.0, "by": "source"})
    assert [one.url_args for one in class_work(cast["planner"])] == [(batch.pk,)]
    assert any(one.verb == "listen.confirm_classes" for one in work(cast["planner"]))
    assert class_work(cast["department"]) == []
    service.classify_alert(cast["planner"], row, "food")
    assert class_work(cast["planner"]) == []


def test_lists_say_dangers_and_classes_in_words(cast: Cast) -> None:
    from qualipolis.city.core.listings import LISTINGS

    alert(None, "1", hazards=["not stated"], product_class="appliances")
    frame = LISTINGS["listen-alerts"].frame(cast["inspector"], {"q": "电暖"})
    assert frame.height == 1 and "not stated" not in frame.row(0) and "appliances" not in frame.row(0)
