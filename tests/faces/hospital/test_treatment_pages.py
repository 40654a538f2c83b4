"""The pages of the treatment: written, done, compared, judged and followed up through the browser's own forms."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.city.hospital.cast import Cast, case_in
from tests.city.hospital.treated import GOOD, POOR, back, cured, days_ago, measured, verifying

from qualipolis.city.hospital import service
from qualipolis.city.hospital.models import Case

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
CASE_PAGES = ("hospital_case", "hospital_treatment", "hospital_failure_modes", "hospital_control_plan")


def client_of(cast: Cast, name: str) -> Client:
    made = Client()
    made.force_login(cast[name])
    return made


def address(name: str, *args: Any) -> str:
    return reverse(f"desk:{name}", args=args)


def item_row(n: int, **more: Any) -> dict[str, Any]:
    values = {"kind": "corrective", "action": "更换固色剂", "owner": "车间主任", "finish_on": f"{days_ago(0):%Y-%m-%d}",
              "criterion": "不褪色", "measure": "words"} | more  # fmt: skip
    return {f"i{n}-{name}": value for name, value in values.items()}


@pytest.mark.parametrize(
    "state",
    ["examining", "diagnosed", "prescribed", "treating", "verifying", "cured", "improved", "following", "closed"],
)
@pytest.mark.parametrize("name", ["enterprise", "expert", "hospital_desk", "hospital_manager"])
def test_every_page_stands_in_every_state(cast: Cast, state: str, name: str) -> None:
    case, client = case_in(cast, state), client_of(cast, name)
    for page in CASE_PAGES:
        assert client.get(address(page, case.pk)).status_code == 200, page
    for one in case.follow_ups.all()[:1]:
        wanted = 403 if name in ("enterprise", "expert") else 200
        assert client.get(address("hospital_follow_up", one.pk)).status_code == wanted


@pytest.mark.parametrize(
    "name", ["other_enterprise", "colleague", "planner", "inspector", "laboratory", "auditor", "desk_elsewhere"]
)
def test_nobody_else_opens_a_page_or_a_paper(cast: Cast, name: str) -> None:
    case, client = case_in(cast, "following"), client_of(cast, name)
    pages = [address(page, case.pk) for page in (*CASE_PAGES, "hospital_prescription", "hospital_verify")]
    pages += [address("hospital_paper", case.pk, kind, "zh") for kind in ("8d", "prescription", "fmea", "control-plan")]
    pages += [address("hospital_follow_up", case.follow_ups.first().pk)]
    assert {client.get(page).status_code for page in pages} <= {403, 404}


def test_a_prescription_is_drafted_mended_and_given(cast: Cast) -> None:
    case, client = case_in(cast, "diagnosed"), client_of(cast, "expert")
    page = address("hospital_prescription", case.pk)
    bad = client.post(page, {"rows": "4", "do": "give", **item_row(0), **item_row(1, measure="share", target="2")})
    assert bad.status_code == 400 and "2. " in bad.content.decode() and not case.prescriptions.exists()
    unmeasured = client.post(page, {"rows": "4", "do": "give", **item_row(0)})
    assert unmeasured.status_code == 400 and case.prescriptions.get().status == "draft"
    kept = client.post(page, {"rows": "4", "do": "keep", **item_row(0), **item_row(2, measure="share", target="0.02")})
    assert kept.status_code == 302 and case.prescriptions.get().items.count() == 2
    assert "更换固色剂" in client.get(page).content.decode()
    given = client.post(page, {"rows": "5", "do": "give", **item_row(0), **item_row(1, measure="share", target="0.02")})
    case.refresh_from_db()
    assert given.status_code == 302 and case.status == "prescribed"


@pytest.mark.parametrize("rows", ["", "x", "-1", "9999999999", "²"])
def test_a_strange_number_of_rows_does_no_harm(cast: Cast, rows: str) -> None:
    case = case_in(cast, "diagnosed")
    sent = client_of(cast, "expert").post(address("hospital_prescription", case.pk), {"rows": rows, "do": "keep"})
    assert sent.status_code in (302, 400)


def test_the_firm_accepts_does_and_hands_in_on_the_phone(cast: Cast) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    case, client = case_in(cast, "prescribed"), client_of(cast, "enterprise")
    assert client.post(address("hospital_case", case.pk), {"do": "accept_prescription"}).status_code == 302
    page = address("hospital_treatment", case.pk)
    assert 'type="file"' in client.get(page).content.decode()
    for item in case.items.all():
        data = {
            "do": "finish",
            "item": item.pk,
            f"f{item.pk}-report": "做好了",
            f"f{item.pk}-done_on": f"{days_ago(1):%Y-%m-%d}",
        }
        photo = SimpleUploadedFile("现场.png", PNG, "image/png")
        assert client.post(page, data | {f"f{item.pk}-files": photo}).status_code == 302
    assert client.post(address("hospital_case", case.pk), {"do": "hand_in", "words": "请看"}).status_code == 302
    case.refresh_from_db()
    assert case.status == "verifying"


def test_the_expert_compares_and_judges(cast: Cast) -> None:
    case, client = verifying(cast), client_of(cast, "expert")
    page, item = address("hospital_verify", case.pk), measured(case)
    assert "disabled" in client.get(page).content.decode()
    refused = client.post(page, {"do": "judge", "choice": "cure"})
    case.refresh_from_db()
    assert refused.status_code == 400 and case.status == "verifying"
    counts = {
        "events_before": 36,
        "units_before": 200,
        "events_after": 0,
        "units_after": 300,
        "effect_on": f"{days_ago(1):%Y-%m-%d}",
    }
    sent = {"do": "prove", "item": item.pk, "source": "counts"} | {f"counts{item.pk}-{k}": v for k, v in counts.items()}
    assert client.post(page, sent).status_code == 302
    shown = client.get(page).content.decode()
    assert "36" in shown and "300" in shown and "已证实" in shown
    assert client.post(page, {"do": "judge", "choice": "cure"}).status_code == 302
    case.refresh_from_db()
    assert case.status == "cured"


@pytest.mark.parametrize("name", ["enterprise", "hospital_desk", "hospital_manager", "colleague"])
def test_nobody_else_judges_through_the_page(cast: Cast, name: str) -> None:
    case = verifying(cast, GOOD)
    client_of(cast, name).post(address("hospital_verify", case.pk), {"do": "judge", "choice": "cure"})
    client_of(cast, name).post(address("hospital_case", case.pk), {"do": "cure"})
    case.refresh_from_db()
    assert case.status == "verifying"


@pytest.mark.parametrize("state", ["treating", "improved", "verifying", "cured", "diagnosed"])
def test_no_posted_step_closes_or_cures_an_unproven_case(cast: Cast, state: str) -> None:
    case = case_in(cast, state)
    for name in ("expert", "hospital_desk", "hospital_manager", "enterprise"):
        client = client_of(cast, name)
        for do in ("cure", "close", "follow"):
            client.post(address("hospital_case", case.pk), {"do": do, "reason": "就这样", "report": "好"})
            client.post(address("hospital_verify", case.pk), {"do": "judge", "choice": do, "reason": "就这样"})
    assert Case.objects.get(pk=case.pk).status == state


def test_without_effect_the_items_go_back(cast: Cast) -> None:
    case = verifying(cast, POOR)
    sent = client_of(cast, "expert").post(
        address("hospital_verify", case.pk), {"do": "judge", "choice": "no_effect", "reason": "再做一次"}
    )
    case.refresh_from_db()
    assert sent.status_code == 302 and (case.status, measured(case).status) == ("treating", "returned")


def test_values_that_are_no_numbers_are_named(cast: Cast) -> None:
    case, client = verifying(cast), client_of(cast, "expert")
    item = measured(case)
    sent = {
        "do": "prove",
        "item": item.pk,
        "source": "pasted",
        f"pasted{item.pk}-before": "1 2 甲",
        f"pasted{item.pk}-after": "1,2",
    }
    answer = client.post(address("hospital_verify", case.pk), sent)
    assert answer.status_code == 400 and "“甲”" in answer.content.decode()


def test_a_follow_up_is_recorded_on_its_day(cast: Cast) -> None:
    case, client = cured(cast), client_of(cast, "hospital_desk")
    one = case.follow_ups.get(days=30)
    page = address("hospital_follow_up", one.pk)
    data = {
        "do": "record",
        "verdict": "holds",
        "method": "phone",
        "report": "没有退货",
        "done_on": f"{days_ago(0):%Y-%m-%d}",
    }
    assert client.post(page, data).status_code == 400
    back(case, 31)
    assert client.get(address("hospital_follow_ups") + "?show=due").content.decode().count(str(case)) >= 1
    assert client.post(page, data).status_code == 302
    case.refresh_from_db()
    assert case.status == "following"


def test_failure_modes_and_control_plan_are_written_changed_and_taken_out(cast: Cast) -> None:
    case, client = case_in(cast, "treating"), client_of(cast, "enterprise")
    page = address("hospital_failure_modes", case.pk)
    row = {
        "do": "write",
        "step": "固色",
        "mode": "不足",
        "effect": "褪色",
        "cause": "温度低",
        "severity": 9,
        "occurrence": 8,
        "detection": 7,
    }
    assert client.post(page, row).status_code == 302
    assert client.post(page, row | {"severity": 11}).status_code == 400
    shown = client.get(page).content.decode()
    assert "手册" in shown and "褪色" in shown
    kept = case.failure_modes.get()
    assert client.post(f"{page}?row={kept.pk}", row | {"mode": "过量"}).status_code == 302
    assert case.failure_modes.get().mode == "过量"
    assert client.post(page, {"do": "remove", "row": kept.pk}).status_code == 302
    assert not case.failure_modes.exists()
    assert client.get(f"{page}?row=x").status_code == 200


@pytest.mark.parametrize("kind", ["prescription", "8d", "control-plan", "fmea"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_paper_is_a_pdf_in_both_languages(cast: Cast, kind: str, lang: str) -> None:
    case = verifying(cast, GOOD)
    answer = client_of(cast, "enterprise").get(address("hospital_paper", case.pk, kind, lang))
    assert answer.status_code == 200 and b"".join(answer.streaming_content).startswith(b"%PDF-")


def test_a_draft_is_no_paper_and_an_unknown_one_is_none(cast: Cast) -> None:
    case = case_in(cast, "diagnosed")
    service.write_prescription(cast["expert"], case, [])
    client = client_of(cast, "expert")
    assert client.get(address("hospital_paper", case.pk, "prescription", "zh")).status_code == 404
    assert client.get(address("hospital_paper", case.pk, "invoice", "zh")).status_code == 404
    assert client.get(address("hospital_paper", case.pk, "8d", "fr")).status_code == 404


def test_the_api_takes_no_step_of_a_case() -> None:
    from qualipolis.faces.api.v1 import api

    ways = {path: set(methods) for path, methods in api.get_openapi_schema(path_prefix="/api/v1/")["paths"].items()}
    assert any("measurements" in path or "hospital" in path for path in ways)
    assert all(
        methods <= {"get"}
        for path, methods in ways.items()
        if "hospital" in path or "measure" in path or "case" in path
    )
