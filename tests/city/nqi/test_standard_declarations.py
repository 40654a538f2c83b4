"""Declared standards: never below a mandatory one, public at once, and asked again when the standard changes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from tests.city.nqi.cast import Cast
from tests.city.nqi.licensed import declaration, on, standard

from qualipolis.city.core.policy import visible
from qualipolis.city.nqi import service
from qualipolis.city.nqi.models import StandardDeclaration
from qualipolis.city.nqi.work import work
from qualipolis.city.registry.models import Standard
from qualipolis.methods.problems import InputError

OWN, MANDATORY, OLD, NEW = "Q/SFZ 1-2026", "GB 18401-2010", "GB/T 22849-2014", "GB/T 22849-2026"
WEAK = [{"parameter": "甲醛含量", "side": "max", "limit": 300, "unit": "mg/kg"}]
STRICT = [{"parameter": "甲醛含量", "side": "max", "limit": 0.0075, "unit": "%"}]


def codes(refusal: Any) -> list[str]:
    return [problem.code for problem in refusal.value.problems]


@pytest.fixture
def floor(cast: Cast) -> Standard:
    listed = standard(MANDATORY)
    service.set_floor(cast["planner"], listed, "针织服装", "甲醛含量", "max", 75, "mg/kg", "5.1")
    return listed


def test_a_declaration_below_a_mandatory_standard_is_refused_and_says_why(cast: Cast, floor: Standard) -> None:
    with pytest.raises(InputError) as refusal:
        declaration(cast, OWN, indicators=WEAK)
    [problem] = refusal.value.problems
    assert problem.code == "below_floor" and MANDATORY in problem.text() and "75" in problem.text()
    assert StandardDeclaration.objects.get().status == "draft"


def test_an_equal_limit_in_another_unit_is_not_below(cast: Cast, floor: Standard) -> None:
    assert declaration(cast, OWN, indicators=STRICT).status == "declared"


def test_a_floor_that_is_over_or_of_another_class_does_not_count(cast: Cast, floor: Standard) -> None:
    assert declaration(cast, OWN, indicators=WEAK, category="家具").status == "declared"
    Standard.objects.filter(pk=floor.pk).update(ended_on=date(2020, 1, 1))
    assert declaration(cast, "Q/SFZ 2-2026", indicators=WEAK).status == "declared"


def test_only_a_mandatory_national_standard_sets_a_floor(cast: Cast) -> None:
    with pytest.raises(InputError) as refusal:
        service.set_floor(cast["planner"], standard("GB/T 1-2020"), "针织服装", "甲醛含量", "max", 75)
    assert codes(refusal) == ["not_mandatory"]


def test_an_own_standard_declares_its_indicators(cast: Cast) -> None:
    with pytest.raises(InputError) as refusal:
        declaration(cast, OWN)
    assert codes(refusal) == ["no_indicators"]


@pytest.mark.parametrize("said", ["GB 18401", "随便写", "JJG 539-2016"])
def test_a_standard_is_named_with_its_year(cast: Cast, said: str) -> None:
    with pytest.raises(InputError):
        service.draft_declaration(cast["enterprise"], cast.firm, said, product_name="T恤", category="针织服装")


def test_a_standard_that_is_over_or_unknown_is_not_declared(cast: Cast) -> None:
    Standard.objects.create(number=OLD, name_zh="旧", status="superseded", ended_on=date(2026, 1, 1))
    with pytest.raises(InputError) as refusal:
        declaration(cast, OLD)
    assert codes(refusal) == ["standard_over"]
    row = service.draft_declaration(
        cast["enterprise"], cast.firm, "GB/T 99999-2020", product_name="T恤", category="针织服装"
    )
    with pytest.raises(InputError) as refusal:
        service.declare_standard(cast["enterprise"], row)
    assert codes(refusal) == ["unknown_standard"]


def test_a_replaced_standard_asks_every_declarer_until_it_is_over(cast: Cast) -> None:
    with on("2026-02-02"):
        mine, other = declaration(cast, OLD), declaration(cast, OLD, product_name="针织内衣")
        draft = declaration(cast, OLD, declared=False)
        change = service.change_standard(
            cast["planner"],
            Standard.objects.get(number=OLD),
            "superseded",
            date(2026, 7, 1),
            new_number=NEW,
            new_title="针织T恤衫",
        )
        for row in (mine, other, draft):
            row.refresh_from_db()
        assert change.declarations == 2
        assert [(row.status, row.due_on) for row in (mine, other)] == [("to_check", date(2026, 7, 1))] * 2
        assert draft.status == "draft" and Standard.objects.get(number=NEW).in_force_on == date(2026, 7, 1)
        waiting = [item for item in work(cast["enterprise"]) if item.verb == "nqi.replace_declaration"]
        assert len(waiting) == 2 and NEW in waiting[0].why
        assert service.confirm_declaration(cast["enterprise"], other).status == "declared"
    with on("2026-07-01"):
        with pytest.raises(InputError) as refusal:
            service.confirm_declaration(cast["enterprise"], mine)
        assert codes(refusal) == ["standard_over"]
        newer = declaration(cast, NEW)
        mine = service.replace_declaration(cast["enterprise"], mine, newer)
    assert (mine.status, mine.replaced_by, mine.ended_on) == ("replaced", newer, date(2026, 7, 1))


def test_a_declaration_past_its_term_waits_for_the_inspector(cast: Cast) -> None:
    with on("2026-02-02"):
        declaration(cast, OLD)
        service.change_standard(cast["planner"], Standard.objects.get(number=OLD), "withdrawn", date(2026, 2, 2))
    with on("2026-03-04"):
        assert not [item for item in work(cast["inspector"]) if item.url_name == "desk:nqi_declarations"]
    with on("2026-03-05"):
        [item] = [item for item in work(cast["inspector"]) if item.url_name == "desk:nqi_declarations"]
    assert item.count == 1


def test_a_standard_changes_once_and_into_another(cast: Cast) -> None:
    row = standard(OLD)
    for given, code in (
        ({"kind": "superseded"}, "no_new"), ({"kind": "superseded", "new_number": OLD}, "same"), ({"kind": "burnt"}, "no_kind"),
    ):  # fmt: skip
        with pytest.raises(InputError) as refusal:
            service.change_standard(cast["planner"], row, effective_on=date(2026, 7, 1), **given)
        assert codes(refusal) == [code]
    service.change_standard(cast["planner"], row, "withdrawn", date(2026, 7, 1))
    with pytest.raises(InputError) as refusal:
        service.change_standard(cast["planner"], row, "withdrawn", date(2026, 7, 1))
    assert codes(refusal) == ["not_current"]


def test_drafts_are_the_firms_own_and_what_is_declared_is_public(cast: Cast) -> None:
    draft = declaration(cast, OLD, declared=False)
    names = ("enterprise", "other_enterprise", "planner", "inspector")
    assert [n for n in names if visible(cast[n], StandardDeclaration.objects.all()).exists()] == ["enterprise"]
    service.declare_standard(cast["enterprise"], draft)
    assert all(visible(cast[n], StandardDeclaration.objects.all()).exists() for n in names)
    assert visible(AnonymousUser(), StandardDeclaration.objects.all()).exists()


def test_a_declaration_is_replaced_only_by_a_standing_one_of_the_same_firm(cast: Cast) -> None:
    mine, draft = declaration(cast, OLD), declaration(cast, "GB/T 1-2020", declared=False)
    for newer in (draft, mine):
        with pytest.raises(InputError) as refusal:
            service.replace_declaration(cast["enterprise"], mine, newer)
        assert codes(refusal) == ["no_newer"]


def test_only_the_firm_itself_declares_and_withdraws(cast: Cast) -> None:
    row = declaration(cast, OLD)
    for name in ("other_enterprise", "planner", "inspector", "laboratory"):
        with pytest.raises(PermissionDenied):
            service.withdraw_declaration(cast[name], row, "x")
    assert service.withdraw_declaration(cast["enterprise"], row, "停产").ended_on is not None


def test_an_inspector_asks_after_a_spot_check_and_the_firm_mends_its_indicators(cast: Cast, floor: Standard) -> None:
    row = declaration(cast, OWN, indicators=STRICT)
    row = service.question_declaration(cast["inspector"], row, "公开指标与标签不一致")
    with pytest.raises(InputError) as refusal:
        service.set_indicators(cast["enterprise"], row, [{"parameter": "", "side": "max", "limit": 1}])
    assert codes(refusal) == ["bad_indicator"]
    service.set_indicators(
        cast["enterprise"], row, [{"parameter": "甲醛含量", "side": "max", "limit": 20, "unit": "mg/kg"}]
    )
    assert service.confirm_declaration(cast["enterprise"], row).status == "declared"
