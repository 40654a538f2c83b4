"""Publishing: the folder of a release and its row appear together, or neither does.

Order: the bundle is written beside its place, flushed, renamed; only then the row is committed. A process killed
between the two leaves a folder without a row, which the next publication (or ``doctor``) sweeps away.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

import polars as pl
from django.conf import settings
from django.db import connection
from django.utils import timezone

from qualipolis.city.assess.models import Adjustment, Assessment, Release
from qualipolis.city.assess.run import CHANGED, Run, compute_run
from qualipolis.city.core.ledger import digest, name_of
from qualipolis.city.core.models import Event
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.queries import city
from qualipolis.city.core.sweeps import sweep as sweep_of
from qualipolis.city.measure.models import Observation
from qualipolis.lake.audit import audit_document
from qualipolis.lake.canonical import canonical_json
from qualipolis.lake.frames import csv_bytes
from qualipolis.lake.release import About, Check, Verification, verify_release, write_release
from qualipolis.methods.problems import InputError, Problem, msg

OBSERVATIONS = "observations.csv"
_LOCK = 7_201_902


def folder_of(number: str) -> Path:
    """Return where the bundle of a release lies."""
    return Path(settings.HOME) / "releases" / number


def path_of(release: Release) -> Path:
    """Return where the bundle of a published release lies."""
    return Path(settings.HOME) / release.directory


def write_bundle(made: Assessment, created_at: datetime | None = None) -> Release:
    """Give the assessment a number, write its bundle and its row, inside the transaction of the verb."""
    _alone()
    sweep()
    run = compute_run(made.round, made.seed, made.replicates, made.set)
    if run.inputs_hash != made.inputs_hash:
        raise InputError([CHANGED])
    number = next_number("R", made.round.set.year)
    home = city()
    about = About(
        title=f"{home.name_zh if home else ''}{made.round.set.year}年度质量发展评价".strip(),
        created_at=created_at or timezone.now(),
        number=number,
        synthetic=bool(home and home.synthetic),
    )
    extra = _extra(made, run) | dict([audit_document(about, run.computed)])
    written = write_release(folder_of(number), about, run.computed, extra)
    flush(written.directory)
    return Release.objects.create(
        assessment=made,
        number=number,
        published_at=about.created_at,
        release_hash=written.release_hash,
        method_hash=run.computed.method,
        directory=f"releases/{number}",
    )


def _extra(made: Assessment, run: Run) -> dict[str, bytes]:
    """The scorecards and the documents behind them: no part of the numbers that are computed again."""
    scored = made.scored_set
    cards = [
        {name: value for name, value in asdict(card).items() if name != "improvement" or value is not None}
        for card in run.cards
    ]
    rows = Adjustment.objects.filter(round=made.round).order_by("unit__code", "pk")
    documents = list(rows.values("unit__code", "kind", "points", "indicator_code", "document", "reason"))
    source = {
        "set": {"year": scored.year, "version": scored.version, "doc": scored.approved_doc},
        "round": made.round.period,
        "snapshot": made.round.snapshot,
        "left_out": list(run.read.left_out),
    }
    return {
        OBSERVATIONS: csv_bytes(observations_of(made)),
        "scorecards.json": canonical_json(cards),
        "adjustments.json": canonical_json(documents),
        "source.json": canonical_json(source),
    }


OBSERVED: dict[str, type[pl.DataType]] = {
    "unit": pl.String,
    "indicator": pl.String,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
    "value": pl.Float64,
    "missing": pl.String,
}


def observations_of(made: Assessment) -> pl.DataFrame:
    """Return every observation of the round with its parts, as the release froze it."""
    rows = Observation.objects.filter(round=made.round_id).order_by("indicator__position", "unit__code")
    names = ("unit__code", "indicator__code", "numerator", "denominator", "value", "missing")
    return pl.DataFrame(list(rows.values_list(*names)), schema=OBSERVED, orient="row")


def flush(folder: Path) -> None:
    """Bring every file of a bundle, and the folders that name them, to the disk."""
    for path in (*folder.rglob("*"), folder, folder.parent):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def leftovers() -> Iterator[Path]:
    """Yield the folders under releases that no row names: what a killed publication left behind."""
    root = Path(settings.HOME) / "releases"
    if root.is_dir():
        known = set(Release.objects.values_list("directory", flat=True))
        yield from (path for path in sorted(root.iterdir()) if f"releases/{path.name}" not in known)


def sweep() -> list[str]:
    """Remove the leftovers and return their names."""
    gone = []
    for path in leftovers():
        shutil.rmtree(path, ignore_errors=True)
        gone.append(path.name)
    return gone


@sweep_of("assess.leftovers")
def sweep_leftovers(now: datetime) -> int:
    """Sweep what a killed publication left, while no other can be under way."""
    _alone()
    return len(sweep())


def discard(number: str) -> None:
    """Remove the bundle of a publication whose transaction did not come to its end."""
    shutil.rmtree(folder_of(number), ignore_errors=True)


def verify(release: Release) -> Verification:
    """Compute a release again from its stored inputs, and compare its hash with the register and the ledger."""
    return registered(verify_release(path_of(release)), release)


def registered(found: Verification, release: Release) -> Verification:
    """Return a verification with two checks more: what the register says, and what the ledger wrote down."""
    if not found.ok:
        return found
    params = {"number": release.number}
    row = Problem(
        "other_release",
        msg("The release in the folder is not the one that was published as %(number)s."),
        params=params,
        place="release.json",
    )
    line = Problem(
        "not_in_ledger",
        msg("The ledger does not say that %(number)s was published with this hash."),
        params=params,
        place="release.json",
    )
    in_row, in_ledger = found.release_hash == release.release_hash, found.release_hash == _published_hash(release)
    checks = (
        Check(msg("The hash is the one in the register of releases."), in_row, None if in_row else row),
        Check(msg("The hash is the one that the ledger wrote down."), in_ledger, None if in_ledger else line),
    )
    return replace(found, steps=(*found.steps, *checks))


def register_checks(found: Verification) -> Verification:
    """Return the verification of a bundle from anywhere, held against the register by its number."""
    release = Release.objects.select_related("assessment").filter(number=found.number).first()
    if release is None and found.ok:
        what = msg("The register has no release of the number %(number)s.")
        problem = Problem("unknown_release", what, params={"number": found.number or "—"}, place="release.json")
        check = Check(msg("The hash is the one in the register of releases."), False, problem)
        return replace(found, steps=(*found.steps, check))
    return found if release is None else registered(found, release)


def _published_hash(release: Release) -> str:
    """Return the hash in the event of the publication, or nothing when there is none that holds."""
    rows = Event.objects.filter(verb="assess.publish", thing=name_of(release.assessment))
    for event in rows.order_by("-seq"):
        said = json.loads(event.payload) if digest(event) == event.hash else {}
        if said.get("number") == release.number:
            return str(said.get("release", ""))
    return ""


def _alone() -> None:
    """One publication at a time (SQLite has one writer anyway), so that a sweep meets no living folder."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
