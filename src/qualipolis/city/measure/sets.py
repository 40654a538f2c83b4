"""Verbs on indicator sets: made from the catalogue, consulted, approved, published, frozen, amended, closed."""

from __future__ import annotations

from typing import Any

from django.forms.models import model_to_dict
from django.utils import timezone

from qualipolis.city.core.ledger import canonical, record
from qualipolis.city.core.models import Organisation
from qualipolis.city.core.policy import verb
from qualipolis.city.core.steps import advance, roles_for
from qualipolis.city.measure import catalogue
from qualipolis.city.measure.framework import framework_of
from qualipolis.city.measure.models import Dimension, Indicator, IndicatorSet
from qualipolis.lake.canonical import sha256
from qualipolis.lake.metrics import METRICS
from qualipolis.methods.composite.goalposts import goalpost_problems
from qualipolis.methods.problems import InputError, Problem, msg

FLOW = "indicator_set"
OFFICE = roles_for(FLOW, "consult")
_DIRECTIONS = {
    "higher": Indicator.Direction.HIGHER,
    "lower": Indicator.Direction.LOWER,
    "target": Indicator.Direction.TARGET,
}
_ORIGINS = {
    "D": ("本系统设计", "designed for this set"),
    "G": ("全球质量基础设施指数", "GQII data families"),
    "U": ("促进可持续发展的质量基础设施指数", "UNIDO QI4SD"),
    "T": ("各地考核做法", "town assessment practice"),
    "P": ("已公布的规划", "published plans"),
    "L": ("法律条款", "a clause of law"),
}


@verb("measure.create_set", roles=OFFICE)
def create_set(actor: Any, thing: None, year: int, *, version: int = 1) -> IndicatorSet:
    """Make the draft of a year's indicator set from the catalogue."""
    if IndicatorSet.objects.filter(year=year, version=version).exists():
        raise InputError(
            [
                Problem(
                    "set_exists",
                    msg("There is a set for %(year)s, version %(version)s."),
                    msg("Amend it instead."),
                    {"year": year, "version": version},
                )
            ]
        )
    made = IndicatorSet.objects.create(
        year=year,
        version=version,
        name_zh=f"{year}年质量发展水平与NQI投入指标体系",
        name_en=f"Indicators of quality development and NQI input {year}",
    )
    dimensions = _make_dimensions(made)
    owners = dict(Organisation.objects.filter(kind=Organisation.Kind.DEPARTMENT).values_list("code", "pk"))
    Indicator.objects.bulk_create(
        _row(made, dimensions, owners, one, position) for position, one in enumerate(catalogue.INDICATORS)
    )
    record(actor, "measure.create_set", made, {"year": year, "version": version, "hash": content_hash(made)})
    return made


def _make_dimensions(made: IndicatorSet) -> dict[str, Dimension]:
    found: dict[str, Dimension] = {}
    for position, node in enumerate(catalogue.NODES):
        found[node.code] = Dimension.objects.create(
            set=made,
            code=node.code,
            parent=found.get(node.parent or ""),
            level=node.level,
            weight=node.weight,
            position=position,
            name_zh=node.name.zh,
            name_en=node.name.en,
        )
    return found


def _row(
    made: IndicatorSet,
    dimensions: dict[str, Dimension],
    owners: dict[str, int],
    one: catalogue.Indicator,
    position: int,
) -> Indicator:
    computed = one.code if one.source_room and one.code in METRICS else ""
    low, high = one.interval or (None, None)
    origins = [_ORIGINS[letter] for letter in one.origin]
    return Indicator(
        set=made,
        dimension=dimensions[one.dimension],
        code=one.code,
        name_zh=one.name.zh,
        name_en=one.name.en,
        unit_zh=one.unit.zh,
        unit_en=one.unit.en,
        direction=_DIRECTIONS[one.direction],
        kind=one.kind,
        factor=one.factor,
        floor=one.floor,
        target=one.target,
        target_low=low,
        target_high=high,
        ceiling=one.ceiling,
        weight=one.weight,
        owner_id=owners.get(one.owner),
        metric=computed,
        evidence_required=not computed,
        is_proportion=one.counted,
        position=position,
        origin_zh=f"{one.basis.zh}（{'、'.join(zh for zh, _en in origins)}）",
        origin_en=f"{one.basis.en} ({', '.join(en for _zh, en in origins)})",
        **_words(one),
    )


def _words(one: catalogue.Indicator) -> dict[str, str]:
    pairs = {"formula": one.formula, "numerator": one.numerator, "source": one.source, "evidence": one.evidence}
    if one.denominator is not None:
        pairs["denominator"] = one.denominator
    return {f"{key}_{language}": getattr(text, language) for key, text in pairs.items() for language in ("zh", "en")}


def content_hash(thing: IndicatorSet) -> str:
    """Return the SHA-256 of the tree, the weights and the goalposts of a set."""
    skipped = ("id", "set", "dimension", "parent", "owner")
    nodes = [model_to_dict(row, exclude=skipped) for row in thing.dimensions.order_by("code")]
    rows = thing.indicators.select_related("dimension").order_by("code")
    leaves = [model_to_dict(row, exclude=skipped) | {"dimension": row.dimension.code} for row in rows]
    blended = [thing.level_share] if thing.level_share < 1 else []
    return sha256(canonical([nodes, leaves, *blended]).encode())


def _step(actor: Any, thing: IndicatorSet, step: str, name: str, **payload: Any) -> IndicatorSet:
    row = IndicatorSet.objects.select_for_update().get(pk=thing.pk)
    facts = {"set_problems": len(tree_problems(row)), "unanswered_comments": unanswered(row)}
    took = advance(actor, FLOW, step, row.status, **facts, **payload)
    row.status = took.target
    if until := took.due(timezone.localdate()):
        row.comments_until = until
        payload["due_on"] = until
    row.approved_doc = payload.get("document_no", row.approved_doc)
    row.save()
    record(actor, name, row, payload | {"to": row.status, "hash": content_hash(row)}, rule_version=took.rule)
    return row


def unanswered(thing: IndicatorSet) -> int:
    """Return how many comments on a set still wait for their answer."""
    return thing.comments.filter(answer="", withdrawn_at=None).count()


@verb("measure.consult_set", roles=OFFICE)
def consult(actor: Any, thing: IndicatorSet) -> IndicatorSet:
    """Send the draft out for comment; the term for comments starts today."""
    return _step(actor, thing, "consult", "measure.consult_set")


@verb("measure.revise_set", roles=OFFICE)
def revise(actor: Any, thing: IndicatorSet, reason: str) -> IndicatorSet:
    """Take a consulted set back to revise it."""
    return _step(actor, thing, "revise", "measure.revise_set", reason=reason.strip())


@verb("measure.approve_set", roles=roles_for(FLOW, "approve"))
def approve(actor: Any, thing: IndicatorSet, document: str) -> IndicatorSet:
    """Approve the set with the number of the document, once every comment is answered."""
    return _step(actor, thing, "approve", "measure.approve_set", document_no=document.strip())


@verb("measure.publish_set", roles=roles_for(FLOW, "publish"))
def publish(actor: Any, thing: IndicatorSet) -> IndicatorSet:
    """Publish the approved set."""
    return _step(actor, thing, "publish", "measure.publish_set")


@verb("measure.freeze_set", roles=roles_for(FLOW, "freeze"))
def freeze(actor: Any, thing: IndicatorSet) -> IndicatorSet:
    """Freeze the set at the start of its year: from here only a numbered amendment changes a weight."""
    return _step(actor, thing, "freeze", "measure.freeze_set")


@verb("measure.close_set", roles=roles_for(FLOW, "close"))
def close(actor: Any, thing: IndicatorSet) -> IndicatorSet:
    """Close the set after its year."""
    return _step(actor, thing, "close", "measure.close_set")


@verb("measure.amend_set", roles=roles_for(FLOW, "amend"))
def amend(
    actor: Any,
    thing: IndicatorSet,
    reason: str,
    document: str,
    weights: dict[str, float] | None = None,
) -> IndicatorSet:
    """Make the next version of a frozen set with other weights; the old version, and its scores, are kept."""
    told = {"reason": reason.strip(), "document_no": document.strip()}
    took = advance(actor, FLOW, "amend", thing.status, **told)
    last = IndicatorSet.objects.filter(year=thing.year).order_by("-version").values_list("version", flat=True)[0]
    made = IndicatorSet.objects.create(
        year=thing.year,
        version=last + 1,
        status=took.target,
        approved_doc=told["document_no"],
        amends=thing,
        amendment_reason=told["reason"],
        level_share=thing.level_share,
        name_zh=thing.name_zh,
        name_en=thing.name_en,
    )
    _copy_tree(thing, made, weights or {})
    if found := tree_problems(made):
        raise InputError(found)
    payload = told | {"amends": thing.pk, "weights": weights or {}, "hash": content_hash(made)}
    record(actor, "measure.amend_set", made, payload, rule_version=took.rule)
    return made


def _copy_tree(old: IndicatorSet, made: IndicatorSet, weights: dict[str, float]) -> None:
    known = {*old.dimensions.values_list("code", flat=True), *old.indicators.values_list("code", flat=True)}
    wrong = [code for code, weight in weights.items() if code not in known or not 0 <= weight < float("inf")]
    if wrong:
        codes = {"codes": ", ".join(wrong)}
        raise InputError([Problem("bad_weight", msg("These weights cannot be set: %(codes)s."), params=codes)])
    copies: dict[str | None, Dimension | None] = {None: None}
    for row in old.dimensions.select_related("parent").order_by("-level", "position"):
        parent = copies[row.parent.code if row.parent else None]
        row.pk, row.set, row.parent, row.weight = None, made, parent, weights.get(row.code, row.weight)
        row._state.adding = True
        row.save()
        copies[row.code] = row
    leaves = list(old.indicators.select_related("dimension"))
    for row in leaves:
        row.dimension = copies[row.dimension.code]
        row.pk, row.set, row.weight = None, made, weights.get(row.code, row.weight)
        row._state.adding = True
    Indicator.objects.bulk_create(leaves)


def tree_problems(thing: IndicatorSet) -> list[Problem]:
    """Return what is wrong with the tree, the weights and the goalposts of a set."""
    try:
        tree = framework_of(thing)
    except InputError as error:
        return list(error.problems)
    return [problem for code in tree.indicators for problem in goalpost_problems(tree.node(code))]
