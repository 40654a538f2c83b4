"""Rows that are the same are found, rows that are not are kept apart, and doubt goes to a person."""

from __future__ import annotations

import random

import pytest

from qualipolis.lake import entities
from qualipolis.lake.entities import Entity, candidates, index, resolve
from qualipolis.lake.entities.words import COMPARISONS, KINDS, Comparison
from qualipolis.methods.problems import InputError

CODE, OTHER = "91990100101045638X", "919901002222222228"
REGISTER = [
    Entity("a", "云汀市葵岭镇恒瑞电子科技有限公司", "云汀市葵岭镇", CODE, "云汀市葵岭镇东环路1号", "0769-22223333"),
    Entity("b", "云汀市荻湾镇恒瑞电子科技有限公司", "云汀市荻湾镇", OTHER, "云汀市荻湾镇西环路9号"),
    Entity("c", "云汀市葵岭镇嘉盛玩具厂", "云汀市葵岭镇"),
    Entity("d", "云汀市葵岭镇嘉宏玩具厂", "云汀市葵岭镇"),
    Entity("e", "Brightway Toys Co., Ltd.", "China"),
    *(
        Entity(f"f{n}", f"云汀市葵岭镇{core}五金有限公司")
        for n, core in enumerate(["宏达", "永信", "华正", "卓立", "精诚", "天泽", "博远"])
    ),
]


def found(links: entities.Links) -> dict[tuple[str, str], str]:
    return {tuple(sorted((pair.left, pair.right))): pair.band for pair in links.pairs}


def test_it_joins_the_ways_one_firm_is_written() -> None:
    copies = [
        Entity(
            "a1", "雲汀葵嶺恆瑞電子科技有限公司".replace("嶺", "岭").replace("恆", "恒"), "葵岭镇", phone="076922223333"
        ),
        Entity("a2", "恒瑞电子科技（云汀）有限责任公司", "云汀市葵岭镇", address="葵岭镇东环路1号"),
        Entity("e1", "BRIGHTWAY TOYS LIMITED", "china"),
    ]
    links = resolve([*REGISTER, *copies])
    assert found(links)["a", "a1"] == "same"
    assert found(links)["a", "a2"] == "same"
    assert found(links)["e", "e1"] == "same"
    assert ("a", "a1", "a2") in links.groups
    assert not any({"c", "d"} <= set(group) for group in links.groups)


def test_different_codes_are_never_taken_as_one() -> None:
    pairs = found(resolve([*REGISTER, Entity("b1", "云汀市葵岭镇恒瑞电子科技有限公司", "云汀市葵岭镇", OTHER)]))
    assert pairs["a", "b1"] == "review"
    assert pairs["b", "b1"] == "same"
    note = [p.note for p in candidates(Entity("b1", REGISTER[0].name, code=OTHER), REGISTER) if p.right == "a"]
    assert "codes differ" in note[0]


def test_a_row_does_not_bring_two_codes_into_one_group() -> None:
    rows = [
        Entity("x", "云汀市葵岭镇恒瑞电子科技有限公司", "云汀市葵岭镇", CODE, "东环路1号"),
        Entity("y", "云汀市葵岭镇恒瑞电子科技有限公司", "云汀市葵岭镇", OTHER, "东环路1号"),
        Entity("z", "云汀市葵岭镇恒瑞电子科技有限公司", "云汀市葵岭镇", "", "东环路1号"),
    ]
    links = resolve([*rows, *REGISTER[2:]])
    assert not any({"x", "y"} <= set(group) for group in links.groups)
    assert sum(pair.band == "same" for pair in links.pairs) == 1


def test_a_branch_is_not_its_firm() -> None:
    branch = Entity("g", "云汀市葵岭镇恒瑞电子科技有限公司第二分公司", "云汀市葵岭镇", address="云汀市葵岭镇东环路1号")
    assert found(resolve([*REGISTER, branch])).get(("a", "g"), "different") != "same"


def test_one_word_alone_goes_to_a_person() -> None:
    rows = [Entity("1", "Pace"), Entity("2", "PACE"), *REGISTER]
    pair = next(pair for pair in resolve(rows).pairs if {pair.left, pair.right} == {"1", "2"})
    assert (pair.band, pair.probability > 0.9) == ("review", True)
    assert "one word" in pair.note


def test_it_says_why() -> None:
    pair = candidates(Entity("new", "恒瑞电子科技有限公司", "葵岭镇", phone="22223333"), REGISTER)[0]
    assert (pair.right, pair.band) == ("a", "same")
    assert {("telephone", "the same"), ("name proper", "the same")} <= set(pair.words())
    assert all(abs(one.bits) >= abs(two.bits) for one, two in zip(pair.why, pair.why[1:], strict=False))
    assert {reason.field for reason in pair.why}.isdisjoint({"code", "address"})


def test_products_are_told_apart_by_model() -> None:
    rows = [
        Entity("1", "儿童滑板车", brand="Acorn", model="KX-200", code="6901234567892"),
        Entity("2", "新款儿童滑板车", brand="ACORN", model="KX200"),
        Entity("3", "儿童滑板车", brand="Acorn", model="KX-900"),
        *(
            Entity(f"p{n}", name, brand=f"Brand{n}")
            for n, name in enumerate(("台灯", "电热水壶", "电饭煲", "毛绒玩具"))
        ),
    ]
    pairs = found(resolve(rows, "product"))
    assert pairs["1", "2"] == "same"
    assert ("1", "3") not in pairs
    assert ("2", "3") not in pairs


def test_brands_are_joined_over_capitals_and_marks() -> None:
    rows = [
        Entity("1", "Fisher-Price"),
        Entity("2", "FISHER PRICE®"),
        Entity("3", "恒瑞达", firm="云汀恒瑞达有限公司"),
        Entity("4", "恒瑞达", firm="恒瑞达厂"),
        *(Entity(f"b{n}", name) for n, name in enumerate(["Oakline", "Elmhurst", "Voltara"])),
    ]
    pairs = found(resolve(rows, "brand"))
    assert pairs["1", "2"] in ("same", "review")
    assert pairs["3", "4"] in ("same", "review")
    assert set(pairs) == {("1", "2"), ("3", "4")}


def test_the_same_rows_give_the_same_links_in_any_order() -> None:
    rows = [*REGISTER, Entity("a2", "恒瑞电子科技（云汀）有限公司"), Entity("c2", "葵岭嘉盛玩具厂")]
    mixed = random.Random(4).sample(rows, len(rows))
    first, second = resolve(rows), resolve(mixed)
    assert found(first) == found(second)
    assert first.groups == second.groups
    assert resolve(rows) == first


def test_few_rows_or_none_are_no_trouble() -> None:
    assert resolve([]).pairs == resolve(REGISTER[:1]).pairs == candidates(REGISTER[0], []) == ()
    assert candidates(REGISTER[0], index([])) == ()


def test_bad_rows_are_named_all_at_once() -> None:
    with pytest.raises(InputError) as caught:
        resolve([Entity("1", "a"), Entity("1", "b"), Entity("", "c"), Entity("2", "  ")])
    assert [problem.code for problem in caught.value.problems] == ["key", "key", "no_name"]
    with pytest.raises(InputError, match="cannot be resolved"):
        resolve([], "town")  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", KINDS)
def test_every_level_has_a_weight_and_a_closer_one_weighs_more(kind: entities.words.Kind) -> None:
    weights = entities.shipped(kind)
    for comparison in COMPARISONS[kind]:
        assert isinstance(comparison, Comparison)
        bits = [m / u for m, u in (weights.of(comparison.column, name) for name in (*comparison.levels, "else"))]
        assert bits == pytest.approx(sorted(bits, reverse=True))
        assert set(weights.chances[comparison.column]) == {*comparison.levels, "else"}
