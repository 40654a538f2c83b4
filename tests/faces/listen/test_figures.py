"""Complaints in numbers for everyone: withheld cells on the page and in the files, both languages."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.urls import reverse
from tests.city.listen.cast import CONSUMER, Cast, complaint_in, letter


@pytest.fixture
def counted(cast: Cast) -> Cast:
    for product, n in (("appliances", 6), ("food", 4), ("books", 1)):
        for _one in range(n):
            complaint_in(cast, letter=letter(cast, CONSUMER, product_class=product, hazard="defect"))
    return cast


def test_the_page_withholds_small_numbers_in_both_languages(client: Any, counted: Cast) -> None:
    page = client.get(reverse("portal:listen_figures")).content.decode()
    assert "家用电器" in page and "不公开" in page and "图书和文具" in page
    english = client.get(reverse("portal:listen_figures"), headers={"accept-language": "en"}).content.decode()
    assert "Household appliances" in english or "appliances" in english.lower()
    assert counted.firm.name_zh not in page and "甄示范" not in page


def test_the_files_withhold_the_same(client: Any, counted: Cast) -> None:
    answer = client.get(reverse("portal:listen_data", args=["csv"]))
    text = b"".join(answer.streaming_content) if answer.streaming else answer.content
    rows = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))
    products = {row["code"]: row["complaints"] for row in rows if row["table"] == "product_class"}
    assert products == {"appliances": "6", "food": "", "books": ""}


def test_a_city_without_complaints_says_so(client: Any, cast: Cast) -> None:
    assert "本年没有投诉" in client.get(reverse("portal:listen_figures")).content.decode()
    assert client.get(reverse("portal:listen_data", args=["xml"])).status_code == 404
