"""Detailed rules: written, published, replaced; public ones never change."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.supervise.cast import CATEGORY, person

from qualipolis.city.core.models import Organisation
from qualipolis.city.core.policy import visible
from qualipolis.city.supervise.models import SamplingRule
from qualipolis.city.supervise.planning import rules_of_sampling as rules
from qualipolis.methods.problems import InputError

ITEMS = [
    {"name_zh": "甲醛含量", "unit": "mg/kg", "upper": 20.0, "safety": True},
    {"name_zh": "标识", "requirement": "清晰"},
]


def codes(error):
    return {problem.code for problem in error.value.problems}


def written(cast, **more):
    made = rules.create_rule(
        cast["planner"], None, category="灯具", standard="GB 7000.1-2015", method_zh="随机抽取", **more
    )
    rules.set_items(cast["planner"], made, ITEMS)
    return made


def test_they_are_written_published_and_then_only_replaced(cast):
    first = rules.publish_rule(cast["planner"], written(cast))
    assert first.published_on == timezone.localdate() and rules.in_force("灯具") == first
    with pytest.raises(InputError) as error:
        rules.edit_rule(cast["planner"], first, standard="GB 1")
    assert codes(error) == {"rule_public"}
    second = rules.replace_rule(cast["planner"], first, "标准换版")
    assert (second.version, second.replaces, second.items.count()) == (2, first, 2)
    assert rules.in_force("灯具") == first
    with pytest.raises(InputError) as error:
        rules.replace_rule(cast["planner"], first, "再来")
    assert codes(error) == {"newer_version"}
    rules.publish_rule(cast["planner"], rules.edit_rule(cast["planner"], second, standard="GB/T 7000.1-2023"))
    assert rules.in_force("灯具") == second


def test_rules_without_items_or_method_are_not_published(cast):
    made = rules.create_rule(cast["planner"], None, category="灯具", standard="GB 7000.1")
    with pytest.raises(InputError) as error:
        rules.publish_rule(cast["planner"], made)
    assert codes(error) == {"no_items", "no_method"}


def test_an_item_says_all_that_is_wrong_with_it(cast):
    bad = [{"name_zh": ""}, {"name_zh": "pH", "lower": 8.0, "upper": 4.0}, {"name_zh": "pH", "upper": float("nan")}]
    with pytest.raises(InputError) as error:
        rules.set_items(cast["planner"], written(cast), bad)
    assert codes(error) == {"no_name", "no_requirement", "limits_crossed", "bad_limit", "item_twice"}


def test_a_class_has_one_line_of_rules(cast):
    with pytest.raises(InputError) as error:
        rules.create_rule(cast["planner"], None, category=CATEGORY, standard="GB 1")
    assert codes(error) == {"rule_exists"}


def test_a_department_that_organises_no_sampling_writes_none(cast):
    other = Organisation.objects.create(code="EDU", kind="department", name_zh="教育局")
    stranger = person("stranger", "department", other)
    with pytest.raises(PermissionDenied):
        rules.create_rule(stranger, None, category="灯具", standard="GB 7000.1")
    assert not SamplingRule.objects.filter(category="灯具").exists()


def test_the_public_sees_published_rules_only(cast):
    written(cast)
    assert [row.category for row in visible(cast["laboratory"], SamplingRule.objects.all())] == [CATEGORY]
