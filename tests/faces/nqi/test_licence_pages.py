"""Pages of certificates, changes, instruments, standards and declarations: who opens them, one next step in every state."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.city.nqi.cast import Cast
from tests.city.nqi.licensed import certificate, declaration, instrument, licence, line, on, standard

from qualipolis.city.nqi import service
from qualipolis.city.nqi.models import ChangeFiling, Instrument, IssuedCertificate, Licence, StandardDeclaration
from qualipolis.law.flows.nqi import LICENCES

pytestmark = pytest.mark.django_db
EVERY = [(flow, state) for flow in LICENCES for state in flow.states]
PAGES = {
    "cma_certificate": "desk:nqi_licence", "change_filing": "desk:nqi_filing", "certification_certificate": "desk:nqi_certificate",
    "measuring_instrument": "desk:nqi_instrument", "standard_declaration": "desk:nqi_declaration",
}  # fmt: skip
LISTS = ("nqi_licences", "nqi_filings", "nqi_certificates", "nqi_instruments", "nqi_standards", "nqi_declarations")
ROLES = ("laboratory", "certifier", "metrology", "enterprise", "inspector", "planner", "auditor", "leader", "nqi_desk")
FAR = date(2099, 1, 1)


@pytest.fixture
def enter(client: Any) -> Any:
    def entered(person: Any) -> Any:
        client.force_login(person)
        return client

    return entered


def row_in(cast: Cast, flow: str, state: str) -> Any:
    """Make a row of a table and put it into a state, with what that state has."""
    today = timezone.localdate()
    suspended = {"suspended_on": today, "suspended_until": today + timedelta(days=30)} if state == "suspended" else {}
    if flow in ("cma_certificate", "change_filing"):
        held = licence(cast, valid_to=FAR)
        if flow == "change_filing":
            row: Any = service.note_change(cast["inspector"], cast.laboratory, "people", today, "技术负责人离职")
            ChangeFiling.objects.filter(pk=row.pk).update(status=state)
            return row
        Licence.objects.filter(pk=held.pk).update(status=state, applied_on=today, **suspended)
        return held
    if flow == "certification_certificate":
        row = certificate(cast, issued_on=today, valid_to=FAR)
        IssuedCertificate.objects.filter(pk=row.pk).update(status=state, **suspended)
    elif flow == "measuring_instrument":
        row = instrument(cast, last_on=today)
        Instrument.objects.filter(pk=row.pk).update(status=state)
    else:
        row = declaration(cast, declared=False)
        StandardDeclaration.objects.filter(pk=row.pk).update(status=state)
    return row


@pytest.mark.parametrize(("flow", "state"), EVERY, ids=lambda one: getattr(one, "code", one))
def test_a_page_opens_in_every_state_with_at_most_one_primary_step(
    cast: Cast, enter: Any, flow: Any, state: str
) -> None:
    row = row_in(cast, flow.code, state)
    address, opened = reverse(PAGES[flow.code], args=[row.pk]), 0
    for name in ROLES:
        answer = enter(cast[name]).get(address)
        assert answer.status_code in (200, 403, 404), (name, state)
        if answer.status_code == 200:
            opened += 1
            text = answer.content.decode()
            assert text.count("btn-primary") <= 1, (name, state)
            if state in flow.finals:
                assert "btn-primary" not in text
    assert opened >= 1


@pytest.mark.parametrize("page", LISTS)
def test_the_lists_open_under_every_filter(cast: Cast, enter: Any, page: str) -> None:
    row_in(cast, "cma_certificate", "valid")
    certificate(cast, issued_on=timezone.localdate(), valid_to=FAR)
    instrument(cast)
    declaration(cast)
    address, opened = reverse(f"desk:{page}"), 0
    for name in ROLES:
        person = enter(cast[name])
        if person.get(address).status_code == 403:
            continue
        opened += 1
        for query in ("?show=soon", "?show=overdue", "?show=x&q=GB18401&page=9"):
            assert person.get(address + query).status_code == 200, (name, query)
    assert opened >= 6


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_have_a_certificate_with_everything_on_it(cast: Cast, enter: Any, language: str) -> None:
    with on("2026-02-02"):
        held = licence(cast, valid_to=date(2026, 7, 1))
        line(held, "GB 18401-2003")
        service.change_standard(
            cast["planner"], standard("GB 18401-2003"), "superseded", date(2026, 8, 1), new_number="GB 18401-2010"
        )
        service.accept_filing(
            cast["planner"], service.propose_signatory(cast["laboratory"], held, "签字人A", "纺织品"), "12号"
        )
        service.file_yearly_report(cast["laboratory"], cast.laboratory, 2025, "真实")
        person = enter(cast["laboratory"])
        person.cookies["django_language"] = language
        text = person.get(reverse("desk:nqi_licence", args=[held.pk])).content.decode()
    for words in ("GB 18401-2010", "签字人A", "2026-04-01", "2025"):
        assert words in text


def post(client: Any, name: str, args: list[Any], **said: Any) -> Any:
    return client.post(reverse(f"desk:{name}", args=args), said)


def test_a_laboratory_applies_and_the_office_renews_on_the_pages(cast: Cast, enter: Any) -> None:
    with on("2026-02-02"):
        held = licence(cast)
        assert post(enter(cast["laboratory"]), "nqi_licence", [held.pk], do="apply_renewal").status_code == 302
        answer = post(
            enter(cast["planner"]),
            "nqi_licence",
            [held.pk],
            do="renew",
            document_no="9号",
            number="CMA-2",
            valid_from="2026-07-01",
        )
    held.refresh_from_db()
    assert answer.status_code == 302 and held.next.qualification.number == "CMA-2"


def test_too_late_is_said_on_the_page_before_anybody_tries(cast: Cast, enter: Any) -> None:
    held = licence(cast)
    with on("2026-05-01"):
        text = enter(cast["laboratory"]).get(reverse("desk:nqi_licence", args=[held.pk])).content.decode()
    assert "2026-03-30" in text and 'name="do" value="apply_renewal"' not in text


def test_a_laboratory_files_a_change_with_lines_of_its_scope(cast: Cast, enter: Any) -> None:
    held = licence(cast, valid_to=FAR)
    gone = line(held, "GB 18401-2003")
    said = {"kind": "item_cancelled", "changed_on": str(timezone.localdate()), "said": "停做", "items": [gone.pk]}
    answer = post(enter(cast["laboratory"]), "nqi_filing_new", [], **said)
    row = ChangeFiling.objects.get()
    assert answer.status_code == 302 and [one.item for one in row.lines.all()] == [gone]
    assert post(enter(cast["planner"]), "nqi_filing", [row.pk], do="accept", document_no="1号").status_code == 302


def test_an_office_notes_a_change_and_a_certificate(cast: Cast, enter: Any) -> None:
    held = licence(cast, valid_to=FAR)
    office = enter(cast["planner"])
    said = {"kind": "people", "changed_on": str(timezone.localdate()), "said": "离职"}
    assert office.post(f"{reverse('desk:nqi_filing_new')}?licence={held.pk}", said).status_code == 302
    new = {"institution": cast.bare.pk, "number": "CMA-9", "valid_from": "2026-01-01", "document_no": "3号"}
    assert office.post(reverse("desk:nqi_licence_new"), new).status_code == 302
    assert Licence.objects.filter(qualification__number="CMA-9").exists()


def test_a_certifier_notes_suspends_and_follows_up(cast: Cast, enter: Any) -> None:
    person, today = enter(cast["certifier"]), timezone.localdate()
    said = {"certifier": cast.certifier.pk, "kind": "system", "number": "C-1", "scheme": "质量管理体系", "covers": "设计",
            "credit_code": cast.firm.credit_code, "issued_on": str(today), "valid_to": "2099-01-01"}  # fmt: skip
    assert person.post(reverse("desk:nqi_certificate_new"), said).status_code == 302
    row = IssuedCertificate.objects.get()
    assert (
        post(
            person, "nqi_certificate", [row.pk], do="follow_up", on=str(today), conforms="no", finding="不符合"
        ).status_code
        == 302
    )
    assert (
        post(
            person, "nqi_certificate", [row.pk], do="suspend", reason="不符合", until=str(today + timedelta(days=300))
        ).status_code
        == 400
    )
    assert (
        post(
            person, "nqi_certificate", [row.pk], do="suspend", reason="不符合", until=str(today + timedelta(days=30))
        ).status_code
        == 302
    )
    assert enter(cast["other_enterprise"]).get(reverse("desk:nqi_certificate", args=[row.pk])).status_code == 404


def test_a_firm_declares_a_standard_in_two_steps(cast: Cast, enter: Any) -> None:
    standard("GB 18401-2010")
    service.set_floor(cast["planner"], standard("GB 18401-2011"), "针织服装", "甲醛含量", "max", 75, "mg/kg")
    person = enter(cast["enterprise"])
    said = {
        "enterprise": cast.firm.pk,
        "product_name": "针织衫",
        "category": "针织服装",
        "standard": "Q/SFZ 1-2026",
        "indicators": "甲醛含量 ≤ 300 mg/kg",
    }
    assert person.post(reverse("desk:nqi_declaration_new"), said).status_code == 302
    row = StandardDeclaration.objects.get()
    text = person.get(reverse("desk:nqi_declaration", args=[row.pk])).content.decode()
    assert "GB 18401-2011" in text and 'name="do" value="declare"' not in text
    assert post(person, "nqi_declaration", [row.pk], do="indicators", text="甲醛含量 ≤ 20 mg/kg").status_code == 302
    assert post(person, "nqi_declaration", [row.pk], do="declare").status_code == 302
    bad = person.post(reverse("desk:nqi_declaration_new"), said | {"indicators": "甲醛含量 很低"})
    assert bad.status_code == 400


def test_coverage_and_public_standards_open_for_those_who_plan(cast: Cast, enter: Any) -> None:
    assert enter(cast["planner"]).get(reverse("desk:nqi_coverage")).status_code == 200
    instrument(cast, last_on=timezone.localdate())
    text = enter(cast["planner"]).get(reverse("desk:nqi_coverage")).content.decode()
    assert "100.0%" in text
    assert enter(cast["enterprise"]).get(reverse("desk:nqi_coverage")).status_code == 403
    given = {
        "do": "note",
        "name_zh": "标准装置",
        "field": "热学",
        "certificate_no": "社1",
        "issued_on": str(timezone.localdate()),
    }
    assert enter(cast["metrology"]).post(reverse("desk:nqi_public_standards"), given).status_code == 302


@pytest.mark.parametrize(
    "name",
    [
        "nqi-licences",
        "nqi-filings",
        "nqi-certificates",
        "nqi-instruments",
        "nqi-coverage",
        "nqi-standards",
        "nqi-declarations",
    ],
)
def test_the_lists_can_be_taken_along(cast: Cast, enter: Any, name: str) -> None:
    row_in(cast, "change_filing", "owed")
    certificate(cast, issued_on=timezone.localdate(), valid_to=FAR)
    instrument(cast)
    declaration(cast)
    answer = enter(cast["planner"]).get(reverse("report:list", args=[name, "csv"]))
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer.status_code == 200 and len(body.splitlines()) > 1
