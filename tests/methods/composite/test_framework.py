"""A framework is refused with every problem it has."""

from __future__ import annotations

import math

import pytest

from qualipolis.methods.composite import Framework, Node
from qualipolis.methods.problems import InputError

INDEX = Node("index", level=3, kind="aggregate")
PILLAR = Node("p", parent="index", level=2, kind="aggregate")
LEAF = Node("a", parent="p")


def codes(*nodes: Node) -> list[str]:
    with pytest.raises(InputError) as refused:
        Framework(nodes)
    return [problem.code for problem in refused.value.problems]


def test_it_reads_a_tree() -> None:
    tree = Framework((LEAF, Node("b", parent="p"), PILLAR, INDEX))
    assert tree.indicators == ("a", "b")
    assert tree.aggregates == ("p", "index")
    assert tree.levels == (1, 2, 3)
    assert tree.children("p") == ("a", "b")
    assert tree.leaves("index") == ("a", "b")
    assert tree.roots == ("index",)
    assert tree.node("p") == PILLAR


def test_it_allows_several_trees_side_by_side() -> None:
    tree = Framework((LEAF, PILLAR, INDEX, Node("x", parent="other"), Node("other", level=2, kind="aggregate")))
    assert tree.roots == ("index", "other")


@pytest.mark.parametrize(
    ("nodes", "expected"),
    [
        ((), "empty_framework"),
        ((Node("a", parent="p"), PILLAR), "missing_parent"),
        ((LEAF, LEAF, PILLAR, INDEX), "duplicate_code"),
        ((Node("", parent="p"), LEAF, PILLAR, INDEX), "missing_code"),
        ((Node("a", parent="p", weight=0.0), PILLAR, INDEX), "zero_weights"),
        ((Node("a", parent="p", weight=-1.0), PILLAR, INDEX), "bad_weight"),
        ((Node("a", parent="p", weight=math.nan), PILLAR, INDEX), "bad_weight"),
        ((Node("a", parent="p", direction=2), PILLAR, INDEX), "unknown_direction"),
        ((Node("a", parent="p", direction=0), PILLAR, INDEX), "bad_target_interval"),
        ((Node("a", parent="p", direction=0, target_low=2, target_high=1), PILLAR, INDEX), "bad_target_interval"),
        ((Node("a", parent="p", kind="group"), PILLAR, INDEX), "unknown_kind"),
        ((LEAF, PILLAR, INDEX, Node("q", parent="index", level=2, kind="aggregate")), "no_children"),
        ((LEAF, Node("b", parent="a"), PILLAR, INDEX), "indicator_with_children"),
        ((Node("a", parent="p", level=2), PILLAR, INDEX), "level_order"),
        ((LEAF, Node("p", parent="index", level=2, kind="aggregate", direction=-1), INDEX), "aggregate_direction"),
        ((PILLAR, INDEX), "no_indicator"),
    ],
)
def test_it_refuses_a_bad_row(nodes: tuple[Node, ...], expected: str) -> None:
    assert expected in codes(*nodes)


def test_it_finds_a_cycle_and_names_its_rows() -> None:
    ring = (Node("p", parent="q", level=2, kind="aggregate"), Node("q", parent="p", level=2, kind="aggregate"))
    with pytest.raises(InputError) as refused:
        Framework((LEAF, *ring))
    found = [problem for problem in refused.value.problems if problem.code == "cycle"]
    assert [problem.place for problem in found] == ["META row 3", "META row 4"]


def test_it_reports_all_problems_at_once() -> None:
    found = codes(Node("a", parent="nowhere", weight=-1.0, direction=7), Node("a", parent="p"), PILLAR, INDEX)
    assert {"missing_parent", "bad_weight", "unknown_direction", "duplicate_code"} <= set(found)


def test_it_uses_the_row_of_the_table_it_was_read_from() -> None:
    with pytest.raises(InputError, match="META row 17"):
        Framework((Node("a", parent="p", row=17), Node("b", level=2, kind="aggregate")))


def test_it_warns_of_a_level_with_one_child() -> None:
    assert [problem.code for problem in Framework((LEAF, PILLAR, INDEX)).problems()] == ["single_child"] * 2


def test_its_hash_follows_the_content_and_not_the_row() -> None:
    one = Framework((LEAF, PILLAR, INDEX))
    assert one.hash == Framework((Node("a", parent="p", row=9), PILLAR, INDEX)).hash
    assert one.hash != Framework((Node("a", parent="p", weight=2.0), PILLAR, INDEX)).hash


def test_it_names_an_unknown_code() -> None:
    with pytest.raises(InputError, match="zzz"):
        Framework((LEAF, PILLAR, INDEX)).node("zzz")
