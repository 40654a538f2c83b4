"""Detailed rules (实施细则) of product classes: written, published, and replaced by a next version."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Max, Q
from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.models import Organisation
from qualipolis.city.core.policy import require, verb
from qualipolis.city.core.steps import roles_for
from qualipolis.city.supervise.models import RuleItem, SamplingRule
from qualipolis.methods.problems import InputError, Problem, msg

OFFICE = roles_for("campaign", "publish_rules")
TEXTS = ("category", "standard", "name_zh", "name_en", "method_zh", "method_en", "quantity_unit")
COUNTS = ("test_quantity", "backup_quantity", "least_stock")
ITEM_TEXTS = ("name_zh", "name_en", "unit", "requirement", "clause", "method")
MOST_ITEMS = 200


def rule_scope(row: Any) -> list[int | None]:
    """Return the organisations that write rules: the bureau, what belongs to it, and whoever organises sampling."""
    inside = Q(kind__in=(Organisation.Kind.BUREAU, Organisation.Kind.BRANCH)) | Q(parent__kind="bureau")
    organising = Q(campaigns__isnull=False) | Q(sampling_plans__isnull=False)
    return list(Organisation.objects.filter(inside | organising).order_by("pk").values_list("pk", flat=True).distinct())


@verb("supervise.create_rule", roles=OFFICE, scope=rule_scope)
def create_rule(actor: Any, thing: None, **values: Any) -> SamplingRule:
    """Begin the detailed rules of a product class; a class that has rules gets its next version by replacing."""
    said = _rule_values(values)
    if SamplingRule.objects.filter(category=said["category"]).exists():
        what = msg("There are rules for %(category)s already; make their next version.")
        raise InputError([Problem("rule_exists", what, params={"category": said["category"]}, place="category")])
    made = SamplingRule.objects.create(**said, food=bool(values.get("food")))
    require(actor, "supervise.create_rule", made)
    record(
        actor, "supervise.create_rule", made, {"of": str(made), "category": made.category, "standard": made.standard}
    )
    return made


@verb("supervise.edit_rule", roles=OFFICE, scope=rule_scope)
def edit_rule(actor: Any, thing: SamplingRule, **values: Any) -> SamplingRule:
    """Change rules that are not public yet; the product class stays."""
    row = _open(thing)
    said = _rule_values({name: getattr(row, name) for name in (*TEXTS, *COUNTS)} | values | {"category": row.category})
    if "food" in values and row.replaces_id is None:
        said["food"] = bool(values["food"])
    for name, value in said.items():
        setattr(row, name, value)
    row.save()
    record(actor, "supervise.edit_rule", row, {"of": str(row), "version": row.version, "standard": row.standard})
    return row


@verb("supervise.set_rule_items", roles=OFFICE, scope=rule_scope)
def set_items(actor: Any, thing: SamplingRule, items: Sequence[Mapping[str, Any]]) -> list[RuleItem]:
    """Write the test items of rules that are not public yet, in order; they take the place of the ones before."""
    row = _open(thing)
    problems: list[Problem] = []
    said = []
    if len(items) > MOST_ITEMS:
        problems.append(Problem("many_items", msg("Rules have at most %(most)s items."), "", {"most": MOST_ITEMS}))
    for position, item in enumerate(items[:MOST_ITEMS], 1):
        values, wrong = _item_values(item, f"{position}")
        problems += wrong
        said.append(values)
    names = [values["name_zh"] for values in said]
    if len(set(names)) < len(names):
        problems.append(Problem("item_twice", msg("An item stands there twice.")))
    if problems:
        raise InputError(problems)
    row.items.all().delete()
    made = [RuleItem(rule=row, position=n, **values) for n, values in enumerate(said, 1)]
    RuleItem.objects.bulk_create(made)
    record(actor, "supervise.set_rule_items", row, {"of": str(row), "items": len(made), "names": names})
    return list(row.items.all())


@verb("supervise.publish_rule", roles=OFFICE, scope=rule_scope)
def publish_rule(actor: Any, thing: SamplingRule, published_on: date | None = None) -> SamplingRule:
    """Make the rules public; from then on only a next version changes them."""
    row, day = _open(thing), published_on or timezone.localdate()
    problems = []
    if not row.items.exists():
        problems.append(Problem("no_items", msg("The rules have no test items yet.")))
    if not row.method_zh.strip():
        problems.append(Problem("no_method", msg("Write how it is sampled."), place="method_zh"))
    if day > timezone.localdate():
        problems.append(Problem("future_day", msg("This day has not come yet."), place="published_on"))
    if problems:
        raise InputError(problems)
    row.published_on = day
    row.save(update_fields=["published_on"])
    record(actor, "supervise.publish_rule", row, {"of": str(row), "version": row.version, "published_on": day})
    return row


@verb("supervise.replace_rule", roles=OFFICE, scope=rule_scope)
def replace_rule(actor: Any, thing: SamplingRule, reason: str) -> SamplingRule:
    """Begin the next version of public rules, with their items; campaigns under way keep the version they began with."""
    row = SamplingRule.objects.select_for_update().get(pk=thing.pk)
    problems = []
    if not reason.strip():
        problems.append(Problem("needs_reason", msg("Give the reason."), place="reason"))
    if row.published_on is None:
        problems.append(Problem("not_public", msg("These rules are not public yet; change them as they are.")))
    last = SamplingRule.objects.filter(category=row.category).aggregate(last=Max("version"))["last"]
    if last != row.version:
        problems.append(Problem("newer_version", msg("There is a newer version of these rules; go on with that one.")))
    if problems:
        raise InputError(problems)
    made = SamplingRule.objects.create(
        **{name: getattr(row, name) for name in (*TEXTS, *COUNTS, "food")}, version=row.version + 1, replaces=row
    )
    kept = (*ITEM_TEXTS, "position", "lower", "upper", "safety", "decision")
    RuleItem.objects.bulk_create([RuleItem(rule=made, **item) for item in row.items.values(*kept)])
    payload = {"of": str(made), "version": made.version, "replaces": row.pk, "reason": reason.strip()}
    record(actor, "supervise.replace_rule", made, payload)
    return made


def in_force(category: str, on: date | None = None) -> SamplingRule | None:
    """Return the rules of a product class in force on a day: the newest published until then."""
    day = on or timezone.localdate()
    return SamplingRule.objects.filter(category=category, published_on__lte=day).order_by("-version").first()


def _open(thing: SamplingRule) -> SamplingRule:
    row = SamplingRule.objects.select_for_update().get(pk=thing.pk)
    if row.published_on is not None:
        raise InputError([Problem("rule_public", msg("These rules are public; make their next version."))])
    return row


def _rule_values(values: Mapping[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = {name: str(values.get(name) or "").strip() for name in TEXTS}
    said["quantity_unit"] = said["quantity_unit"] or "件"
    said["name_zh"] = said["name_zh"] or f"{said['category']}产品质量监督抽查实施细则"
    said |= {name: values.get(name) for name in COUNTS if values.get(name) is not None}
    needed = (("category", msg("Name the product class.")), ("standard", msg("Name the product standard.")))
    problems = [Problem(f"no_{name}", what, place=name) for name, what in needed if not said[name]]
    long = [name for name in ("category", "standard") if len(said[name]) > 60]
    problems += [Problem("too_long", msg("At most 60 characters fit here."), place=name) for name in long]
    for name in COUNTS:
        least = 1 if name == "test_quantity" else 0
        if name in said and not least <= said[name] <= 100_000:
            what = msg("A quantity is a whole number from %(least)s.")
            problems.append(Problem("bad_count", what, "", {"least": least}, place=name))
    if problems:
        raise InputError(problems)
    return said


def _item_values(item: Mapping[str, Any], place: str) -> tuple[dict[str, Any], list[Problem]]:
    said: dict[str, Any] = {name: str(item.get(name) or "").strip() for name in ITEM_TEXTS}
    said |= {name: item.get(name) for name in ("lower", "upper")}
    said |= {"safety": bool(item.get("safety")), "decision": item.get("decision") or RuleItem.Decision.SIMPLE}
    problems = []
    lower, upper = said["lower"], said["upper"]
    if not said["name_zh"]:
        problems.append(Problem("no_name", msg("Item %(place)s has no name."), "", {"place": place}))
    if any(limit is not None and not math.isfinite(limit) for limit in (lower, upper)):
        problems.append(Problem("bad_limit", msg("A limit of item %(place)s is no number."), "", {"place": place}))
    elif lower is not None and upper is not None and lower >= upper:
        what = msg("The lower limit of item %(place)s is not below the upper one.")
        problems.append(Problem("limits_crossed", what, "", {"place": place}))
    if lower is None and upper is None and not said["requirement"]:
        what = msg("Item %(place)s needs a limit or a requirement in words.")
        problems.append(Problem("no_requirement", what, "", {"place": place}))
    if said["decision"] not in RuleItem.Decision.values:
        problems.append(
            Problem("no_decision", msg("Choose the decision rule of item %(place)s."), "", {"place": place})
        )
    return said, problems
