"""The designer of a draft: every step from a plain form, weights kept with it, advice from last year's values."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from tests.city.measure.cast import SYSTEM, Cast, locked_round, make_cast, tiny_set
from tests.faces.measure_desk import as_

from qualipolis.city.core.models import City, Draft
from qualipolis.city.measure import service
from qualipolis.city.measure.models import IndicatorSet, Statistic
from qualipolis.faces.desk.rooms.design import advice as design_advice
from qualipolis.faces.desk.rooms.design.advice import advice, shape_problems
from qualipolis.faces.desk.rooms.design.tree import to_hundred

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    cache.clear()
    City.objects.create(code="990100", name_zh="云汀市", name_en="Yunting City", synthetic=True)
    return make_cast(12)


@pytest.fixture
def draft(cast: Cast) -> IndicatorSet:
    return service.create_set(SYSTEM, None, 2022)


def typed(client: Any, row: IndicatorSet, do: str, **changes: str) -> dict[str, str]:
    form = client.get(f"/desk/sets/{row.pk}/design/").context["form"]
    return {name: str(field.initial) for name, field in form.fields.items()} | {"do": do} | changes


def post(cast: Cast, row: IndicatorSet, do: str, **changes: str) -> Any:
    client = as_(cast, "planner")
    return client.post(f"/desk/sets/{row.pk}/design/", typed(client, row, do, **changes))


def order(row: IndicatorSet, code: str = "product") -> list[str]:
    return list(row.indicators.filter(dimension__code=code).order_by("position").values_list("code", flat=True))


def test_it_shows_one_primary_button_and_every_indicator(cast: Cast, draft: IndicatorSet) -> None:
    shown = as_(cast, "planner").get(f"/desk/sets/{draft.pk}/design/").content.decode()
    assert shown.count("btn-primary") == 1
    assert shown.count("data-node=") == 44
    assert " style=" not in shown and "<script>" not in shown


@pytest.mark.parametrize(
    ("do", "place"), [("up:PQ02", 0), ("down:PQ02", 2), ("up:PQ01", 0), ("move:PQ01:product:4", 4)]
)
def test_it_reorders_by_buttons_and_by_dropping(cast: Cast, draft: IndicatorSet, do: str, place: int) -> None:
    answer = post(cast, draft, do)
    code = do.split(":")[1]
    assert answer.url.endswith(f"#n-{code}")
    assert order(draft).index(code) == place


def test_it_moves_to_the_chosen_dimension(cast: Cast, draft: IndicatorSet) -> None:
    post(cast, draft, "move:PQ02", into="safety")
    assert order(draft, "safety")[-1] == "PQ02"


def test_a_step_keeps_the_typed_weights_and_drops_the_autosaved_ones(cast: Cast, draft: IndicatorSet) -> None:
    key = f"measure.set:{draft.pk}:design"
    Draft.objects.create(person=cast["planner"], key=key, data={"PQ01-weight": "0.7"})
    post(cast, draft, "down:PQ01", **{"PQ05-weight": "0.4"})
    assert draft.indicators.get(code="PQ05").weight == 0.4
    assert order(draft)[1] == "PQ01"
    assert not Draft.objects.filter(key=key).exists()


def test_a_bad_weight_stops_the_step_and_is_shown_at_its_field(cast: Cast, draft: IndicatorSet) -> None:
    answer = post(cast, draft, "down:PQ01", **{"PQ05-weight": "a lot"})
    assert answer.status_code == 400
    assert 'href="#id_PQ05-weight"' in answer.content.decode()
    assert order(draft)[0] == "PQ01"


def test_neither_weights_nor_move_are_kept_when_the_move_fails(cast: Cast, draft: IndicatorSet) -> None:
    answer = post(cast, draft, "move:PQ01", into="nowhere", **{"PQ05-weight": "0.4"})
    assert answer.status_code == 400
    assert draft.indicators.get(code="PQ05").weight != 0.4


def test_it_makes_weights_equal_and_brings_them_to_a_hundred(cast: Cast, draft: IndicatorSet) -> None:
    post(cast, draft, "equal:safety")
    assert {row.weight for row in draft.indicators.filter(dimension__code="safety")} == {0.5}
    post(cast, draft, "normalise:product", **{"PQ01-weight": "7"})
    assert sum(row.weight for row in draft.indicators.filter(dimension__code="product")) == pytest.approx(100)


@pytest.mark.parametrize("weights", [[1, 1, 1], [0.22, 0.08, 0.7], [5], [0, 0, 3], [1e-9, 1]])
def test_a_hundred_is_a_hundred_to_the_last_tenth(weights: list[float]) -> None:
    found = to_hundred({str(k): w for k, w in enumerate(weights)})
    assert round(sum(found.values()), 9) == 100.0
    assert all(value >= 0 and round(value, 1) == value for value in found.values())


def test_it_edits_every_field_and_moves_with_it(cast: Cast, draft: IndicatorSet) -> None:
    client, address = as_(cast, "planner"), f"/desk/sets/{draft.pk}/node/?code=PQ01"
    form = client.get(address).context["form"]
    said = {
        name: "on" if field.initial is True else field.initial for name, field in form.fields.items() if field.initial
    }
    client.post(
        address, said | {"name_zh": "抽查合格率", "target": "99.5", "owner": cast.section.pk, "parent": "safety"}
    )
    row = draft.indicators.get(code="PQ01")
    assert (row.name_zh, row.target, row.owner, row.dimension.code) == ("抽查合格率", 99.5, cast.section, "safety")


def test_it_names_each_missing_field_of_a_new_indicator(cast: Cast, draft: IndicatorSet) -> None:
    client = as_(cast, "planner")
    address = f"/desk/sets/{draft.pk}/node/?new=indicator&under=safety"
    answer = client.post(address, {"code": "X1", "parent": "safety", "weight": "1", "factor": "1", "direction": "1"})
    assert answer.status_code == 400
    assert {"name_zh", "formula_zh", "source_zh", "kind"} <= set(answer.context["form"].errors)


def test_it_adds_from_the_catalogue_what_was_removed(cast: Cast, draft: IndicatorSet) -> None:
    post(cast, draft, "remove:NI02")
    client, address = as_(cast, "planner"), f"/desk/sets/{draft.pk}/node/?new=indicator&under=metrology"
    assert [one.code for one in client.get(address).context["catalogue"]] == ["NI02"]
    client.post(address, {"take": "NI02", "into": "metrology"})
    assert order(draft, "metrology")[-1] == "NI02"


def test_it_makes_a_dimension_and_says_that_it_is_empty(cast: Cast, draft: IndicatorSet) -> None:
    client = as_(cast, "planner")
    address = f"/desk/sets/{draft.pk}/node/?new=dimension&under=QDL"
    client.post(address, {"code": "brand", "name_zh": "品牌", "name_en": "Brands", "parent": "QDL", "weight": "0.1"})
    assert draft.dimensions.get(code="brand").parent.code == "QDL"
    assert ("empty", "brand") in {(p.code, p.params["node"]) for p in shape_problems(draft)}


@pytest.mark.parametrize("role", ["leader", "department", "town_officer"])
def test_only_the_planner_opens_the_designer(cast: Cast, draft: IndicatorSet, role: str) -> None:
    assert as_(cast, role).get(f"/desk/sets/{draft.pk}/design/").status_code == 403
    assert as_(cast, role).get(f"/desk/sets/{draft.pk}/node/?code=PQ01").status_code == 403


def test_what_is_no_draft_leads_back_to_its_page(cast: Cast) -> None:
    row = tiny_set(2021)
    assert as_(cast, "planner").get(f"/desk/sets/{row.pk}/design/").url == f"/desk/sets/{row.pk}/"
    assert as_(cast, "planner").get(f"/desk/sets/{row.pk}/node/?code=a").url == f"/desk/sets/{row.pk}/"


def values() -> dict[str, dict[str, float]]:
    """a and b say the same, c is the same for nearly all."""
    return {f"T{k}": {"a": 10.0 + 6 * k, "b": 12.0 + 6 * k + k % 2, "c": 50.0 if k else 70.0} for k in range(1, 13)}


def test_it_warns_of_twins_and_of_what_hardly_differs(cast: Cast) -> None:
    row = tiny_set(2021)
    locked_round(row, values())
    told = advice(cast["planner"], row)
    kinds = {(hint.kind, hint.codes) for hint in told.hints}
    assert ("redundant_pair", ("a", "b")) in kinds
    assert ("constant", ("c",)) in kinds
    assert told.units == 12 and told.period == "2021"


def test_its_advice_follows_the_tree(cast: Cast) -> None:
    row = tiny_set(2021)
    locked_round(row, values())
    assert any(hint.kind == "redundant_pair" for hint in advice(cast["planner"], row).hints)
    row.indicators.filter(code="b").update(dimension=row.dimensions.get(code="NII"))
    assert not any(hint.codes == ("a", "b") for hint in advice(cast["planner"], row).hints)


def test_without_locked_values_only_the_tree_is_looked_at(cast: Cast, draft: IndicatorSet) -> None:
    told = advice(cast["planner"], draft)
    assert told.period == ""
    assert {hint.kind for hint in told.hints} <= {"single_child", "sum", "empty"}
    shown = as_(cast, "planner").get(f"/desk/sets/{draft.pk}/analysis/").content.decode()
    assert "八个镇街" in shown


def test_it_draws_the_correlation_map_with_its_table(cast: Cast) -> None:
    row = tiny_set(2021)
    locked_round(row, values())
    client = as_(cast, "department")
    for query in ("", "?order=cluster"):
        answer = client.get(f"/desk/sets/{row.pk}/analysis/{query}")
        shown = answer.content.decode()
        assert answer.status_code == 200
        assert ('class="chart heat' in shown and "+1.00" in shown) or "+0.99" in shown
        assert " style=" not in shown


def test_it_warns_of_what_follows_size_and_of_what_is_often_missing(cast: Cast) -> None:
    row = tiny_set(2021)
    locked_round(
        row, {unit: {k: v for k, v in cells.items() if k != "b" or unit < "T3"} for unit, cells in values().items()}
    )
    for k, unit in enumerate(cast.units, 1):
        Statistic.objects.create(unit=unit, year=2021, key="population", value=1000.0 + 900 * k)
    kinds = {(hint.kind, hint.codes) for hint in advice(cast["planner"], row).hints}
    assert ("size", ("a",)) in kinds
    assert ("low_availability", ("b",)) in kinds


def test_its_advice_is_computed_once_for_a_tree(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    row = tiny_set(2021)
    locked_round(row, values())
    first = advice(cast["planner"], row)
    monkeypatch.setattr(design_advice, "evidence", lambda *_: pytest.fail("computed again"))
    assert advice(cast["planner"], row) == first


def test_a_dimension_is_named_and_not_coded_in_advice(cast: Cast) -> None:
    row = tiny_set(2021)
    hint = next(h for h in advice(cast["planner"], row).hints if h.kind == "single_child")
    assert hint.links == (("NII", "投入"),)
    assert "NII" not in hint.words
