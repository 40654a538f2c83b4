"""The public pages: published figures only, dimensions in bands, small cells held back everywhere."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile

import pytest
from django.test import Client
from tests.faces.public_city import published  # noqa: F401 (a fixture)

from qualipolis.city.assess.models import Release
from qualipolis.city.assess.queries import book, indicator_page, latest_release, ranking
from qualipolis.city.registry.models import Enterprise
from qualipolis.faces.portal.published import band_of, bands_between, held_back, open_page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]
PAGES = (
    "/", "/towns/", "/towns/?view=table", "/towns/?node=product", "/towns/?year=2016", "/towns/990100001/", "/indicators/",
    "/indicators/PQ01/", "/indicators/SR01/", "/methods/", "/open-data/", "/releases/", "/releases/2021-R1/", "/about/",
)  # fmt: skip


@pytest.fixture
def reader() -> Client:
    return Client(HTTP_HOST="127.0.0.1")


def rows_of(client: Client, name: str, year: str = "2021") -> list[dict[str, str]]:
    text = client.get(f"/open-data/{name}.csv?year={year}").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_it_answers_everyone_and_says_that_it_is_synthetic(reader, path, language) -> None:
    reader.cookies["django_language"] = language
    page = reader.get(path)
    assert page.status_code == 200
    assert "demo-label" in page.content.decode()


@pytest.mark.parametrize("path", ["/towns/1/", "/indicators/NONE/", "/releases/none/", "/open-data/none.csv",
                                  "/open-data/ranking.exe", "/releases/2021-R1/files/../../keys/secret.key"])  # fmt: skip
def test_what_does_not_exist_is_not_found(reader, path) -> None:
    assert reader.get(path).status_code == 404


@pytest.mark.parametrize("year", ["x", "0", "99999999999999999999", "²", "-1", ""])
def test_a_year_that_is_none_shows_the_latest(reader, year) -> None:
    assert "2021-R1" in reader.get("/towns/", {"year": year, "node": "\u202e", "group": "'"}).content.decode()


def test_no_enterprise_is_named_on_any_page(reader) -> None:
    names = set(Enterprise.objects.values_list("name_zh", flat=True)[:3000])
    for path in PAGES:
        text = reader.get(path).content.decode()
        assert not [name for name in names if name in text], path


def test_a_score_belongs_to_the_band_it_lies_in() -> None:
    assert [str(band_of(x)) for x in (0, 19.99, 20, 60, 99.9, 100)] == [
        "0–20", "0–20", "20–40", "60–80", "80–100", "80–100",
    ]  # fmt: skip
    assert band_of(None) is None
    assert [str(one) for one in bands_between(55.0, 61.0)] == ["40–60", "60–80"]


def test_a_dimension_is_shown_in_bands_and_never_to_the_digit(reader) -> None:
    release = latest_release()
    for path in ("/towns/?node=product", "/towns/990100001/"):
        text = reader.get(path).content.decode()
        for row in ranking(release, "product").rows:
            assert f">{row.score:.2f}<" not in text
    assert all(row["score"] == "" for row in rows_of(reader, "dimensions") if row["level"] == "2")
    assert all(row["score"] for row in rows_of(reader, "dimensions") if row["level"] == "4")


def test_cells_of_fewer_than_three_are_held_back_on_page_and_in_data() -> None:
    release = latest_release()
    for code in held_back(release):
        staff = {row.unit: row for row in indicator_page(release, code).rows}
        for row in open_page(release, code).rows:
            if staff[row.unit].value is not None and 0 < (staff[row.unit].denominator or 3) < 3:
                assert row.held_back
                assert (row.value, row.denominator, row.rank) == (None, None, None)


def test_a_single_cell_held_back_takes_the_next_smallest_with_it() -> None:
    for release in Release.objects.select_related("assessment__round__set"):
        assert all(len(units) != 1 for units in held_back(release).values())


def test_the_files_of_a_release_do_not_give_held_back_cells_away(reader) -> None:
    hidden = held_back(latest_release())
    assert hidden
    archive = zipfile.ZipFile(io.BytesIO(b"".join(reader.get("/releases/2021-R1/bundle.zip").streaming_content)))
    data = list(csv.DictReader(io.TextIOWrapper(archive.open("2021-R1/inputs/data.csv"), "utf-8")))
    assert all(row[code] == "" for code, units in hidden.items() for row in data if row["unit"] in units)
    seen = list(csv.DictReader(io.TextIOWrapper(archive.open("2021-R1/observations.csv"), "utf-8")))
    for row in seen:
        if row["unit"] in hidden.get(row["indicator"], ()):
            assert (row["numerator"], row["denominator"], row["value"], row["missing"]) == ("", "", "", "held_back")
    assert {row["node"] for row in csv.DictReader(io.TextIOWrapper(archive.open("2021-R1/scores.csv"), "utf-8"))} == {
        "QDI", "QDL", "NII",
    }  # fmt: skip
    for name in ("2021-R1/inputs/pipeline.toml", "2021-R1/release.json"):
        assert not re.search(r'standard_errors"?\s*[=:]\s*\[', archive.read(name).decode())


def test_an_untouched_file_has_the_hash_that_the_page_names(reader) -> None:
    import hashlib

    page = reader.get("/releases/2021-R1/").content.decode()
    data = reader.get("/releases/2021-R1/files/intervals.csv").content
    assert hashlib.sha256(data).hexdigest() in page


def test_page_twin_and_csv_say_the_same_numbers(reader) -> None:
    page = reader.get("/towns/?view=table").content.decode()
    shown = dict(re.findall(r'data-unit="(\d+)" data-rank="(\d*)"', page))
    taken = {row["unit"]: row["rank"] for row in rows_of(reader, "ranking")}
    assert shown == taken
    for row in rows_of(reader, "ranking"):
        assert f"{float(row['score']):.2f}" in page


def test_values_and_the_city_series_agree_with_the_page_of_the_indicator(reader) -> None:
    page = reader.get("/indicators/PQ01/").content.decode()
    stated = float(re.search(r'data-city-value="([\d.]+)"', page)[1])
    series = {row["year"]: row for row in rows_of(reader, "city-series") if row["indicator"] == "PQ01"}
    assert float(series["2021"]["value"]) == pytest.approx(stated, rel=1e-12)
    values = [row for row in rows_of(reader, "indicator-values") if row["indicator"] == "PQ01"]
    above = sum(float(row["numerator"]) for row in values if row["numerator"])
    below = sum(float(row["denominator"]) for row in values if row["denominator"])
    assert 100 * above / below == pytest.approx(stated)


def test_json_carries_definitions_terms_and_the_release(reader) -> None:
    told = json.loads(reader.get("/open-data/ranking.json").content)
    assert told["release_hash"] == latest_release().release_hash
    assert told["synthetic"] is True
    assert told["licence"]
    assert [column["name"] for column in told["columns"]] == list(told["rows"][0])
    assert all(column["description"]["zh"] and column["description"]["en"] for column in told["columns"])


def test_data_that_did_not_change_are_not_sent_again(reader) -> None:
    first = reader.get("/open-data/ranking.csv")
    assert reader.get("/open-data/ranking.csv", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304


def test_a_check_computes_the_release_again_and_says_so(reader) -> None:
    assert "banner-wait" in reader.get("/releases/2020-R1/").content.decode()
    assert "banner-ok" in reader.post("/releases/2020-R1/verify/").content.decode()
    assert "banner-ok" in reader.get("/releases/2020-R1/").content.decode()


def test_a_check_finds_a_changed_input(reader, published) -> None:  # noqa: F811
    path = published / "releases" / "2019-R1" / "inputs" / "data.csv"
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"1", b"2", 1))
    try:
        assert "banner-bad" in reader.post("/releases/2019-R1/verify/").content.decode()
    finally:
        path.write_bytes(whole)


def test_every_unit_of_the_release_is_on_the_map_and_in_the_table(reader) -> None:
    home, table = reader.get("/").content.decode(), reader.get("/towns/").content.decode()
    for card in book(latest_release()).cards:
        assert f"/towns/{card.unit}/" in home
        assert f"/towns/{card.unit}/" in table


def test_machines_do_not_index_an_invented_city(reader) -> None:
    assert "Disallow: /\n" in reader.get("/robots.txt").content.decode()


def test_the_contact_for_weaknesses_exists_once_it_is_named(reader, settings) -> None:
    assert reader.get("/.well-known/security.txt").status_code == 404
    settings.SECURITY_CONTACT = "mailto:security@example.org"
    assert b"Contact: mailto:security@example.org" in reader.get("/.well-known/security.txt").content


def test_a_long_ranking_comes_in_pages_whose_heads_count_whole_tiers(reader, monkeypatch) -> None:
    counts = {block["tier"]: block["count"] for block in reader.get("/towns/").context["blocks"]}
    monkeypatch.setattr("qualipolis.faces.portal.towns.PER_PAGE", 10)
    first, last = (reader.get("/towns/", {"page": number}) for number in (1, 4))
    assert [page.content.decode().count('data-unit="') for page in (first, last)] == [10, 3]
    for block in (*first.context["blocks"], *last.context["blocks"]):
        assert block["count"] == counts[block["tier"]]
