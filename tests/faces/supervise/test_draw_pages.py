"""The public pages of supervision sampling: what is public when, and who is never named too early."""

from __future__ import annotations

import hashlib
import io
import zipfile

import pytest
from django.test import Client
from tests.city.supervise.cast import make_campaign, make_plan, make_rule
from tests.faces.supervise.public_draw import PublicDraw, committed, drawn, make_city, moved, public_draw

from qualipolis.city.supervise.draws import ceremony
from qualipolis.city.supervise.models import DrawRun

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path


@pytest.fixture
def reader() -> Client:
    return Client(HTTP_HOST="127.0.0.1")


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def secrets(one: PublicDraw) -> list[str]:
    return [unit.enterprise.credit_code for unit in one.draw.units.select_related("enterprise")]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_answers_in_both_languages(reader: Client, language: str) -> None:
    one = public_draw()
    reader.cookies["django_language"] = language
    year, rule = one.campaign.created_at.year, one.cast.rule.pk
    campaign = f"/supervision/campaigns/{one.campaign.number}/"
    for path in ("/supervision/", f"/supervision/plans/{year}/", "/supervision/rules/", f"/supervision/rules/{rule}/",
                 campaign, one.path, f"{one.path}verify/"):  # fmt: skip
        assert "demo-label" in text(reader, path)


def test_pages_without_anything_say_why(reader: Client) -> None:
    make_city(2)
    page = text(reader, "/supervision/")
    assert page.count('class="muted m-0"') == 2


def test_only_fingerprints_are_public_before_the_randomness(reader: Client) -> None:
    run = committed(make_city())
    page = text(reader, f"/supervision/campaigns/{run.campaign.number}/draws/1/")
    assert run.frame_sha256[:8] in page and run.commitment[:8] in page and "91441900" not in page


@pytest.mark.parametrize("status", ["rules_public", "sampling"])
def test_nobody_is_named_and_no_file_given_until_sampling_has_ended(reader: Client, status: str) -> None:
    one = public_draw(status)
    for path in (one.path, f"{one.path}verify/", "/supervision/", f"/supervision/campaigns/{one.campaign.number}/"):
        page = text(reader, path)
        assert not [code for code in secrets(one) if code in page], path
    for name in ("files/frame.csv", "files/sample.csv", "files/record.json", "bundle.zip"):
        text(reader, one.path + name, 404)


def test_files_are_given_as_their_hashes_say_once_sampling_has_ended(reader: Client) -> None:
    one = public_draw()
    data = reader.get(f"{one.path}files/frame.csv").content
    assert hashlib.sha256(data).hexdigest() == one.draw.frame_sha256
    with zipfile.ZipFile(io.BytesIO(reader.get(f"{one.path}bundle.zip").content)) as archive:
        assert len(archive.namelist()) == 8
    assert all(code in text(reader, one.path) for code in secrets(one))
    text(reader, f"{one.path}files/left_out.csv", 404)
    text(reader, f"{one.path}files/..%2Frecord.json", 404)


def test_a_laboratory_reads_no_list_on_the_public_pages(reader: Client) -> None:
    one = public_draw()
    reader.force_login(one.cast["laboratory"])
    assert not [code for code in secrets(one) if code in text(reader, one.path)]
    text(reader, f"{one.path}files/frame.csv", 404)


def test_a_superseded_draw_stays_with_its_reason(reader: Client) -> None:
    cast = make_city()
    run = drawn(committed(cast), cast)
    ceremony.redraw(cast["leader"], run, "名单里漏了一个园区")
    moved(run, "testing")
    page = text(reader, f"/supervision/campaigns/{run.campaign.number}/draws/1/")
    assert "名单里漏了一个园区" in page and run.commitment[:8] in page
    text(reader, f"/supervision/campaigns/{run.campaign.number}/draws/2/", 404)


def test_what_is_in_preparation_is_not_there(reader: Client) -> None:
    cast = make_city()
    campaign = make_campaign(cast, status="approved")
    plan = make_plan(cast, year=2020, status="submitted")
    rule = make_rule(category="灯具", version=1, published_on=None)
    for path in (f"campaigns/{campaign.number}/", f"plans/{plan.year}/", f"rules/{rule.pk}/"):
        text(reader, f"/supervision/{path}", 404)
    run = DrawRun.objects.create(campaign=make_campaign(cast, status="rules_public"))
    text(reader, f"/supervision/campaigns/{run.campaign.number}/draws/1/", 404)


def test_an_amended_plan_shows_its_versions(reader: Client) -> None:
    cast = make_city()
    year = cast.rule.campaigns.model._meta.get_field("created_at").default().year
    first = cast.bureau.sampling_plans.get()
    make_plan(cast, status="public", version=2, amends=first, document_no="市监质〔2026〕9号")
    assert "?version=1" in text(reader, f"/supervision/plans/{year}/")
    assert "banner-warn" in text(reader, f"/supervision/plans/{year}/?version=1")
