"""Change filings: owed from the day of the change, late or in time, their effect on the scope; signatories who leave."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from tests.city.nqi.cast import Cast
from tests.city.nqi.licensed import licence, line, on, standard

from qualipolis.city.core.policy import visible
from qualipolis.city.nqi import service
from qualipolis.city.nqi.licences.queries import fields_signed, older_editions
from qualipolis.city.nqi.licences.signatories import may_sign
from qualipolis.city.nqi.models import ChangeFiling, Licence, Signatory
from qualipolis.city.nqi.work import work
from qualipolis.city.registry.models import ScopeItem
from qualipolis.city.registry.validity import lines_on
from qualipolis.methods.problems import InputError

OLD, NEW = "GB 18401-2003", "GB 18401-2010"


@pytest.fixture
def held(cast: Cast) -> Licence:
    return licence(cast, valid_to=date(2028, 6, 30))


def codes(refusal: Any) -> list[str]:
    return [problem.code for problem in refusal.value.problems]


def scope(cast: Cast, day: str) -> set[tuple[str, str]]:
    rows = lines_on(date.fromisoformat(day)).filter(qualification__institution=cast.laboratory, product="童装")
    return set(rows.values_list("parameter", "standard"))


def signatory(cast: Cast, held: Licence, name: str = "授权签字人A", **more: Any) -> Signatory:
    filing = service.propose_signatory(cast["laboratory"], held, name, "纺织品、服装", **more)
    service.accept_filing(cast["planner"], filing, "12号")
    return Signatory.objects.get(name=name, institution=held.institution)


def test_a_change_of_ones_own_says_whether_it_was_filed_in_time(cast: Cast, held: Licence) -> None:
    with on("2026-02-20"):
        early = service.file_change(cast["laboratory"], held, "identity", date(2026, 2, 10), "更名")
        late = service.file_change(cast["laboratory"], held, "people", date(2026, 1, 4), "换技术负责人")
    assert (early.status, early.late, late.late) == ("filed", False, True)
    assert early.file_by == date(2026, 3, 12)


def test_a_new_name_and_address_stand_once_the_change_is_approved(cast: Cast, held: Licence) -> None:
    with on("2026-02-20"):
        row = service.file_change(
            cast["laboratory"],
            held,
            "identity",
            date(2026, 2, 10),
            "更名",
            new_name="示范检验所",
            new_address="示范路1号",
        )
        cast.laboratory.refresh_from_db()
        assert cast.laboratory.name_zh != "示范检验所"
        service.accept_filing(cast["planner"], row, "12号")
    cast.laboratory.refresh_from_db()
    assert (cast.laboratory.name_zh, cast.laboratory.address) == ("示范检验所", "示范路1号")


def test_a_change_needs_its_kind_its_words_and_a_day_that_was(cast: Cast, held: Licence) -> None:
    with on("2026-02-20"):
        for given in (
            ("moved", date(2026, 2, 1), "x"),
            ("identity", date(2026, 2, 21), "x"),
            ("identity", date(2026, 2, 1), " "),
        ):
            with pytest.raises(InputError):
                service.file_change(cast["laboratory"], held, *given)
    assert not ChangeFiling.objects.exists()


def test_an_order_follows_only_when_the_term_is_over(cast: Cast, held: Licence) -> None:
    with on("2026-02-20"):
        row = service.note_change(cast["inspector"], cast.laboratory, "people", date(2026, 2, 2), "技术负责人离职")
        with pytest.raises(InputError) as refusal:
            service.order_filing(cast["inspector"], row, "责改〔2026〕1号")
        assert codes(refusal) == ["term_running"]
    with on("2026-03-05"):
        assert "nqi.order_filing" in {item.verb for item in work(cast["inspector"])}
        row = service.order_filing(cast["inspector"], row, "责改〔2026〕1号")
        row = service.file_owed_change(cast["laboratory"], row, "已任命新的技术负责人")
    assert (row.status, row.late) == ("filed", True)


def test_a_cancelled_item_leaves_the_scope_from_the_day_of_the_decision(cast: Cast, held: Licence) -> None:
    gone, kept = line(held, NEW), line(held, NEW, "pH值")
    with on("2026-02-20"):
        bare = service.file_change(cast["laboratory"], held, "item_cancelled", date(2026, 2, 10), "停做")
        with pytest.raises(InputError) as refusal:
            service.accept_filing(cast["planner"], bare, "12号")
        assert codes(refusal) == ["open_lines"]
        row = service.file_change(cast["laboratory"], held, "item_cancelled", date(2026, 2, 10), "停做", items=[gone])
    with on("2026-03-02"):
        service.accept_filing(cast["planner"], row, "12号")
    assert scope(cast, "2026-03-01") == {(gone.parameter, NEW), (kept.parameter, NEW)}
    assert scope(cast, "2026-03-02") == {(kept.parameter, NEW)}


def test_a_replaced_standard_makes_every_body_that_lists_it_owe_a_filing(cast: Cast, held: Licence) -> None:
    line(held, OLD)
    line(held, OLD, "pH值")
    listed = standard(OLD, kind="national")
    with on("2026-02-01"):
        change = service.change_standard(cast["planner"], listed, "superseded", date(2026, 8, 1), new_number=NEW)
        row = ChangeFiling.objects.get()
        assert (change.laboratories, row.status, row.old_standard, row.new_standard) == (1, "owed", OLD, NEW)
        assert [one[0] for one in older_editions(cast.laboratory)] == [OLD]
        assert any(item.verb == "nqi.file_owed_change" for item in work(cast["laboratory"]))
        row = service.file_owed_change(cast["laboratory"], row, "方法变更，已验证")
    with on("2026-03-02"):
        service.accept_filing(cast["planner"], row, "12号")
        assert older_editions(cast.laboratory) == []
    assert scope(cast, "2026-03-01") == {("甲醛含量", OLD), ("pH值", OLD)}
    assert scope(cast, "2026-03-02") == {("甲醛含量", NEW), ("pH值", NEW)}
    assert all(one.new_item.standard == NEW for one in row.lines.select_related("new_item"))


def test_a_filing_that_leaves_lines_of_the_old_edition_is_not_approved(cast: Cast, held: Licence) -> None:
    first = line(held, OLD)
    line(held, OLD, "pH值")
    service.change_standard(cast["planner"], standard(OLD), "superseded", date(2026, 8, 1), new_number=NEW)
    row = service.file_owed_change(cast["laboratory"], ChangeFiling.objects.get(), "先改一项", items=[first])
    with pytest.raises(InputError) as refusal:
        service.accept_filing(cast["planner"], row, "12号")
    assert codes(refusal) == ["open_lines"]


def test_lines_of_another_body_are_not_filed(cast: Cast, held: Licence) -> None:
    other = ScopeItem.objects.filter(qualification__institution=cast.other_laboratory).first()
    assert other is not None
    with pytest.raises(InputError) as refusal:
        service.file_change(cast["laboratory"], held, "item_cancelled", date(2026, 2, 10), "停做", items=[other])
    assert codes(refusal) == ["other_scope"]


def test_what_others_found_is_not_taken_back(cast: Cast, held: Licence) -> None:
    row = service.note_change(cast["inspector"], cast.laboratory, "people", date(2026, 2, 2), "技术负责人离职")
    row = service.file_owed_change(cast["laboratory"], row, "已任命")
    with pytest.raises(InputError) as refusal:
        service.take_filing_back(cast["laboratory"], row, "不想办")
    assert codes(refusal) == ["not_own"]


def test_a_signatory_signs_from_the_approval_to_the_day_before_leaving(cast: Cast, held: Licence) -> None:
    with on("2026-02-02"):
        service.propose_signatory(cast["laboratory"], held, "授权签字人A", "纺织品、服装")
        assert may_sign(cast.laboratory, "授权签字人A", "", date(2026, 2, 2)) is not None
    with on("2026-02-10"):
        service.accept_filing(cast["planner"], ChangeFiling.objects.get(), "12号")
    row = Signatory.objects.get()
    with on("2026-05-06"):
        service.signatory_left(cast["laboratory"], row, date(2026, 5, 6))
    allowed = [may_sign(cast.laboratory, "授权签字人A", "服装", date.fromisoformat(day)) is None for day in
               ("2026-02-09", "2026-02-10", "2026-05-05", "2026-05-06")]  # fmt: skip
    assert allowed == [False, True, True, False]
    found = may_sign(cast.laboratory, "授权签字人A", "食品", date(2026, 3, 1))
    assert found is not None and found.code == "other_field"
    assert fields_signed(cast.laboratory, date(2026, 3, 1)) == ["服装", "纺织品"]


def test_a_signatory_who_left_leaves_a_filing_that_is_owed(cast: Cast, held: Licence) -> None:
    with on("2026-02-02"):
        row = signatory(cast, held)
    with on("2026-05-06"):
        service.signatory_left(cast["inspector"], row, date(2026, 5, 1))
        filing = ChangeFiling.objects.get(status="owed")
        with pytest.raises(InputError) as refusal:
            service.signatory_left(cast["laboratory"], row, date(2026, 5, 2))
    assert (filing.kind, filing.origin, filing.file_by) == ("people", "signatory", date(2026, 6, 1))
    assert codes(refusal) == ["gone"]


def test_nobody_signs_for_two_bodies(cast: Cast, held: Licence) -> None:
    person = cast["other_laboratory"]
    with on("2026-02-02"):
        signatory(cast, held, person=person)
        second = licence_of(cast.other_laboratory)
        with pytest.raises(InputError) as refusal:
            service.propose_signatory(cast["other_laboratory"], second, "授权签字人A", "服装", person=person)
        assert codes(refusal) == ["two_bodies"]
        service.signatory_left(cast["laboratory"], Signatory.objects.get(), date(2026, 2, 2))
        service.propose_signatory(cast["other_laboratory"], second, "授权签字人A", "服装", person=person)


def licence_of(body: Any) -> Licence:
    return Licence.objects.create(qualification=body.qualifications.filter(kind="cma").first())


def test_a_signatory_whose_filing_was_refused_never_signed(cast: Cast, held: Licence) -> None:
    filing = service.propose_signatory(cast["laboratory"], held, "授权签字人A", "服装")
    service.refuse_filing(cast["planner"], filing, "13号", "不具备能力")
    assert may_sign(cast.laboratory, "授权签字人A", "", date.today()) is not None
    service.propose_signatory(cast["laboratory"], held, "授权签字人A", "服装")


def test_a_body_sees_its_own_filings_and_nobody_elses(cast: Cast, held: Licence) -> None:
    row = service.file_change(cast["laboratory"], held, "other", date(2026, 1, 4), "搬迁")
    seen = {name: visible(cast[name], ChangeFiling.objects.all()).exists() for name in
            ("laboratory", "other_laboratory", "enterprise", "planner", "inspector", "nqi_desk", "steward")}  # fmt: skip
    assert [name for name, found in seen.items() if found] == ["laboratory", "planner", "inspector", "nqi_desk"]
    for name in ("other_laboratory", "enterprise", "steward", "nqi_desk"):
        with pytest.raises(PermissionDenied):
            service.accept_filing(cast[name], row, "1号")
    with pytest.raises(PermissionDenied):
        service.file_change(cast["other_laboratory"], held, "other", date(2026, 1, 4), "x")
