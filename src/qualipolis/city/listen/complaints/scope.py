"""Which organisations a complaint or a report belongs to: the town, its branch, the entrusted body, the firm."""

from __future__ import annotations

from typing import Any

from qualipolis.city.core.models import Organisation


def desk_of(thing: Any) -> list[int | None]:
    """The town and its branch, whose desk serves a complaint, a report or a letter; one without a town is the city's."""
    if thing.unit_id is None:
        return []
    branch = Organisation.objects.filter(code=f"AMR-{thing.unit.code}").values_list("pk", flat=True)
    return [thing.unit.government_id, *branch]


def entrusted(thing: Any) -> bool:
    """Whether a body outside mediates now: entrusted, or waiting for a test since then."""
    state = getattr(thing, "paused_from", "") if thing.status == "paused" else thing.status
    return bool(state == "entrusted" and getattr(thing, "mediator_id", None))


def bodies_of(thing: Any) -> list[int | None]:
    """The organisations that may act: the desk, and the body outside while it is entrusted."""
    mediator = [thing.mediator_id] if entrusted(thing) else []
    return [*desk_of(thing), *mediator]


def firm_of(thing: Any) -> list[int | None]:
    """The firm that a complaint is about."""
    if thing is None or thing.enterprise_id is None:
        return []
    return list(Organisation.objects.filter(code=thing.enterprise.credit_code).values_list("pk", flat=True))
