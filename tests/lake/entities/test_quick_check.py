"""The quick check of one row answers as the whole resolution does, and at once."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualipolis.lake.entities import Entity, candidates, firm_name, index, resolve, shipped, stored_keys
from qualipolis.lake.entities.names import areas
from qualipolis.lake.entities.resolving import _database
from qualipolis.lake.entities.weights import calibrated
from qualipolis.lake.entities.words import COMPARISONS, LEVELS, level

TOWNS = ("葵岭镇", "荻湾镇", "榕和镇")
TRADES = ("电子科技", "五金制品", "玩具", "食品", "家具")
LETTERS = "恒瑞嘉盛宏达永信华正卓立精诚天泽博远鼎新"


def firms(count: int, seed: int = 0) -> list[Entity]:
    rng = np.random.default_rng(seed)
    made = []
    for number in range(count):
        core = "".join(rng.choice(list(LETTERS), 3))
        town = TOWNS[number % 3]
        name = f"云汀市{town}{core}{TRADES[number % 5]}有限公司"
        made.append(Entity(f"f{number}", name, f"云汀市{town}", phone=f"0769{rng.integers(10**7, 10**8)}"))
    return made


@pytest.mark.parametrize("seed", range(3))
def test_it_agrees_with_splink(seed: int) -> None:
    rows = firms(150, seed)
    spoiled = rows[7].name.replace("有限公司", "厂").replace("云汀市", "")
    new = Entity("new", spoiled, rows[7].place)
    links = resolve([*rows, new], least=0.01)
    whole = {
        pair.left if pair.right == "new" else pair.right: pair
        for pair in links.pairs
        if "new" in (pair.left, pair.right)
    }
    quick = {pair.right: pair for pair in candidates(new, index([*rows]), least=0.01, most=200)}
    assert "f7" in quick
    assert set(whole) <= set(quick)
    for key, pair in whole.items():
        assert quick[key].probability == pytest.approx(pair.probability, abs=1e-6)
        assert quick[key].band == pair.band
        assert {(r.field, r.agreed, r.bits) for r in quick[key].why} == {(r.field, r.agreed, r.bits) for r in pair.why}


def test_levels_are_the_same_in_sql_and_in_python() -> None:
    letters, rng = list("abcdefg 华强电子东莞虎门"), np.random.default_rng(3)
    words = ["", *("".join(rng.choice(letters[k : k + 8], rng.integers(1, 10))) for k in rng.integers(0, 9, 60))]
    words += [word[:-1] for word in words] + [word + " x" for word in words]
    pairs = [(left, right) for left in words for right in words]
    every = [c for comparisons in COMPARISONS.values() for c in comparisons]
    comparison = next(c for c in every if len(c.levels) == 5)
    cases = " ".join(f"WHEN {LEVELS[name].format(c='c')} THEN '{name}'" for name in comparison.levels)
    with _database() as connection:
        connection.execute(
            "CREATE TABLE pairs AS SELECT unnest(?) AS c_l, unnest(?) AS c_r", [*map(list, zip(*pairs, strict=True))]
        )
        nothing = "c_l = '' OR c_r = ''"
        sql = f"SELECT c_l, c_r, CASE WHEN {nothing} THEN 'null' {cases} ELSE 'else' END FROM pairs"
        said = connection.execute(sql).fetchall()
    assert len(said) == len(pairs)
    assert {agreed for _, _, agreed in said} == {"null", *comparison.levels, "else"}
    assert all(agreed == level(comparison, left, right) for left, right, agreed in said)


def test_it_answers_at_once_among_many() -> None:
    held = index(firms(5_000))
    asked = firms(60, 5)
    started = time.process_time()
    for row in asked:
        candidates(Entity("new", row.name, row.place), held)
    assert (time.process_time() - started) / len(asked) < 0.1


def test_rows_fetched_by_stored_keys_answer_like_the_whole() -> None:
    rows = firms(2_000)
    known = areas({row.place for row in rows})
    new = Entity("new", rows[11].name, rows[11].place)
    wanted = set(stored_keys(new, "firm", known))
    fetched = [row for row in rows if wanted & set(stored_keys(row, "firm", known))]
    assert 0 < len(fetched) < 500
    few = candidates(new, index(fetched, "firm", known), total=len(rows))
    whole = candidates(new, index(rows, "firm", known))
    assert few[0].right == whole[0].right == "f11"
    assert (few[0].band, whole[0].band) == ("same", "same")


def test_a_row_added_is_found() -> None:
    held = index(firms(50))
    held.add(Entity("late", "云汀市葵岭镇泰富康家具厂", "葵岭镇"))
    assert candidates(Entity("new", "泰富康家具厂", "葵岭镇"), held)[0].right == "late"


@pytest.mark.parametrize(
    ("name", "core", "trade", "places"),
    [
        ("好又多超市有限公司", "好又多超市", "", ()),
        ("广东省东莞市虎门镇华强电子有限公司", "华强", "电子", ("广东", "东莞", "虎门")),
        ("东莞华强電子廠", "华强", "电子", ("东莞",)),
        ("华强(深圳)科技有限公司", "华强", "科技", ("深圳",)),
        ("ＡＢＣ国际贸易公司", "abc", "国际贸易", ()),
        ("Intl. Toy Mfg. of America, Inc.", "international toy manufacturing", "", ("america",)),
        ("Black & Decker (U.S.) Inc.", "black decker", "", ("us",)),
    ],
)
def test_names_come_apart(name: str, core: str, trade: str, places: tuple[str, ...]) -> None:
    parts = firm_name(name)
    assert (parts.core, parts.trade, parts.places) == (core, trade, places)


@given(st.text(max_size=60))
def test_any_name_has_parts(name: str) -> None:
    parts = firm_name(name)
    assert parts == firm_name(name)
    assert all(isinstance(place, str) and place for place in parts.places)


def test_calibration_finds_the_line_that_came_true() -> None:
    rng = np.random.default_rng(1)
    bits = rng.normal(0, 6, 20_000)
    same = rng.random(20_000) < 1 / (1 + 2 ** -(0.5 * bits + 1.0))
    made = calibrated(shipped("firm"), bits, same)
    assert (made.scale, made.shift) == (pytest.approx(0.5, abs=0.03), pytest.approx(1.0, abs=0.1))
