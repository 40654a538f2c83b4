"""The register of releases: which one holds, which came before, and how anyone checks one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from qualipolis.city.assess.models import Adjustment, Assessment, Release
from qualipolis.city.assess.releases import path_of
from qualipolis.city.assess.scoring import TIER_RULE

PUBLISHED = Assessment.Status.PUBLISHED


def _holding() -> Any:
    rows = Release.objects.filter(assessment__status=PUBLISHED, withdrawn_at=None)
    return rows.select_related("assessment__round__set").order_by("-assessment__round__set__year", "-published_at")


def latest_release(year: int | None = None) -> Release | None:
    """Return the release that holds for a year, or for the latest year."""
    rows = _holding()
    return (rows if year is None else rows.filter(assessment__round__set__year=year)).first()


def releases_by_year() -> dict[int, Release]:
    """Return the release that holds for each year, the earliest year first."""
    found: dict[int, Release] = {}
    for row in _holding():
        found.setdefault(row.assessment.round.set.year, row)
    return dict(sorted(found.items()))


def previous_release(release: Release) -> Release | None:
    """Return the release that holds for the nearest earlier year."""
    return _holding().filter(assessment__round__set__year__lt=release.assessment.round.set.year).first()


@dataclass(frozen=True)
class ReleasePage:
    """A release with its hashes, its method, what was varied, its files, and the steps of a verification."""

    release: Release
    year: int
    status: str
    synthetic: bool
    release_hash: str
    method_hash: str
    inputs_hash: str
    code_version: str
    seed: int
    replicates: int
    steps: list[dict[str, Any]]
    factors: list[str]
    files: list[tuple[str, int, str]]
    warnings: list[dict[str, Any]]
    adjustments: list[Adjustment]
    tier_rule: str
    command: str
    verification: tuple[str, ...]
    replaced_by: Release | None


def release_page(release: Release) -> ReleasePage:
    """Return what the page of a release shows."""
    made = release.assessment
    document = _document(release)
    files = [(name, entry["bytes"], entry["sha256"]) for name, entry in sorted(document.get("files", {}).items())]
    later = Release.objects.filter(assessment__round__period=made.round.period, published_at__gt=release.published_at)
    return ReleasePage(
        release=release,
        year=made.round.set.year,
        status=made.status,
        synthetic=bool(document.get("synthetic")),
        release_hash=release.release_hash,
        method_hash=release.method_hash,
        inputs_hash=made.inputs_hash,
        code_version=made.code_version,
        seed=made.seed,
        replicates=made.replicates,
        steps=made.pipeline.get("steps", []),
        factors=list(made.factors),
        files=files,
        warnings=list(made.warnings),
        adjustments=list(Adjustment.objects.filter(round=made.round_id).select_related("unit")),
        tier_rule=_(TIER_RULE),
        command=f"qualipolis verify release {release.number}",
        verification=(
            _("Read the document of the release and check its own hash."),
            _("Check the hash of every file that the document names, and that there are no others."),
            _("Compute the scores again from the stored inputs with the stored method."),
            _("Draw the rank intervals again from the stored seed and compare every number."),
            _("Compare the hash with the one in the register and in the ledger."),
        ),
        replaced_by=later.order_by("published_at").first(),
    )


def _document(release: Release) -> dict[str, Any]:
    try:
        found = json.loads((path_of(release) / "release.json").read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
