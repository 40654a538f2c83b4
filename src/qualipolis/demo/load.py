"""Fill the database with the synthetic city: all rows in one transaction, one ledger event for each table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from django.db import models, transaction
from django.utils import timezone

from qualipolis.city.assess.models import Adjustment
from qualipolis.city.assess.releases import sweep
from qualipolis.city.assess.service import adjust
from qualipolis.city.core.ledger import record
from qualipolis.city.core.models import City
from qualipolis.city.core.policy import System
from qualipolis.city.core.service import found_city
from qualipolis.city.measure import sets
from qualipolis.city.measure.models import (
    CollectionRound,
    Indicator,
    IndicatorSet,
    Observation,
    SourceRecord,
    Statistic,
)
from qualipolis.city.registry.models import (
    Cluster,
    Enterprise,
    Institution,
    Product,
    Qualification,
    QualityOfficer,
    ScopeItem,
    Standard,
    Unit,
)
from qualipolis.city.registry.pinyin import initials
from qualipolis.demo import words
from qualipolis.demo.assessed import assess_years
from qualipolis.demo.awards import award_firms
from qualipolis.demo.cycle import run_cycle
from qualipolis.demo.federation import govern_together
from qualipolis.demo.generate import CityTables, generate
from qualipolis.demo.hospital import treat
from qualipolis.demo.latecomers import reopen_for_latecomers
from qualipolis.demo.listening import listen
from qualipolis.demo.one_stop import serve_firms
from qualipolis.demo.people import make_organisations, make_people
from qualipolis.demo.rows import insert, keyed, reset_sequences
from qualipolis.demo.scale import SCALES, YEARS
from qualipolis.demo.supervision import load_counted, supervise
from qualipolis.demo.training import train_people
from qualipolis.demo.under_way import (
    begin_next_year,
    check_latecomers,
    evaluate_latecomers,
    note_what_came_late,
)
from qualipolis.methods.problems import InputError, Problem, msg

ACTOR = System("demo")
PEERS = {
    "large": "制造业大镇",
    "medium": "中等镇",
    "small": "小镇",
    "subdistrict": "街道",
    "park": "园区",
}
_FLAGS = ("order_due", "order_in_time", "review_due", "review_passed", "repeat")


def fill(home: Path, seed: int, scale: str, progress: Callable[[str, float], None]) -> CityTables:
    """Generate and load; return what was generated. The database must be empty."""
    if scale not in SCALES:
        what, remedy = msg("There is no scale %(scale)s."), msg("Use city or province.")
        raise InputError([Problem("unknown_scale", what, remedy, {"scale": scale})])
    if City.objects.exists():
        raise InputError([Problem("founded", msg("This home already serves a city."), msg("Choose another home."))])
    progress(msg("Inventing the city"), 0.0)
    tables = generate(seed, scale, timezone.localdate())
    home.mkdir(parents=True, exist_ok=True)
    try:
        with transaction.atomic():
            _load(tables, progress)
    except BaseException:
        sweep()
        raise
    tables.truth.save(home / "truth.json")
    progress(msg("The synthetic city is ready"), 1.0)
    return tables


def _load(tables: CityTables, progress: Callable[[str, float], None]) -> None:
    progress(msg("Founding its offices"), 0.1)
    _found(tables)
    organisations = make_organisations(ACTOR, tables)
    make_people(ACTOR, tables, organisations)
    units = _load_units(tables, organisations)
    progress(msg("Registering firms and institutions"), 0.12)
    firms = _load_firms(tables, units)
    _load_bodies(tables, units)
    progress(msg("Filing samples, complaints and statistics"), 0.35)
    _load_records(tables, units, firms)
    _load_statistics(tables, units)
    load_counted(ACTOR, tables, units, firms)
    progress(msg("Collecting the indicators"), 0.5)
    _load_observations(tables, units)
    reset_sequences(*_LOADED)
    _load_vetoes(tables)
    assess_years(ACTOR, progress)
    progress(msg("Taking the years to their notices and rectifications"), 0.96)
    run_cycle(ACTOR, tables.truth.seed, YEARS[-2:])
    note_what_came_late(ACTOR)
    reopen_for_latecomers(ACTOR, tables)
    check_latecomers(ACTOR, tables)
    evaluate_latecomers(ACTOR, tables)
    begin_next_year(ACTOR)
    progress(msg("Sampling under supervision"), 0.98)
    province = tables.cities.height > 1
    supervise(ACTOR, tables.truth.seed, province=province)
    if not province:
        progress(msg("Treating products in the hospital"), 0.99)
        treat(ACTOR, tables.truth.seed)
        progress(msg("Listening to complaints and reports"), 0.995)
        listen(ACTOR, tables.truth.seed)
        progress(msg("Serving firms, training people, governing together"), 0.998)
        serve_firms(ACTOR)
        train_people(ACTOR)
        award_firms(ACTOR, tables.truth.seed)
        govern_together(ACTOR)


_LOADED: tuple[type[models.Model], ...] = (
    Unit,
    Cluster,
    Enterprise,
    Product,
    Institution,
    Qualification,
    ScopeItem,
    Standard,
    QualityOfficer,
    SourceRecord,
    Statistic,
    Observation,
)


def _put(model: type[models.Model], frame: pl.DataFrame, **constants: Any) -> np.ndarray:
    """Insert one table and say so in the ledger."""
    keys = insert(model, frame, **constants)
    record(ACTOR, "demo.load", model._meta.label_lower, {"rows": frame.height, "synthetic": True})
    return keys


def _found(tables: CityTables) -> None:
    province = tables.cities.height > 1
    zh, en = words.PROVINCE_NAME if province else words.CITY_NAME
    truth = tables.truth
    found_city(
        ACTOR,
        None,
        code="990000" if province else "990100",
        name_zh=zh,
        name_en=en,
        synthetic=True,
        seed=truth.seed,
        scale=truth.scale,
    )


def _load_units(tables: CityTables, organisations: dict[str, int]) -> tuple[pl.Series, np.ndarray]:
    """Towns, and above them the cities of a province; return codes and keys of the towns."""
    cities = tables.cities.height if tables.cities.height > 1 else 0
    above = tables.cities.head(cities).select(
        "code", "name_zh", "name_en", kind=pl.lit("city"), peer_group=pl.lit(""), assessed=pl.lit(False)
    )
    towns = tables.units.select(
        "code",
        "name_zh",
        "name_en",
        "kind",
        "grid_row",
        "grid_column",
        peer_group=pl.col("peer_group").replace_strict(PEERS),
        assessed=pl.lit(True),
        parent_id=pl.col("city") + 1 if cities else pl.lit(None, dtype=pl.Int64),
        government_id=pl.col("code").replace_strict(organisations, return_dtype=pl.Int64),
    )
    keys = _put(Unit, pl.concat([above, towns], how="diagonal"))
    return tables.units["code"], keys[cities:]


def _load_firms(tables: CityTables, units: tuple[pl.Series, np.ndarray]) -> tuple[pl.Series, np.ndarray]:
    clusters = tables.clusters.select("code", "name_zh", "name_en", "output_class")
    cluster_keys = _put(Cluster, clusters)
    codes = tables.enterprises["credit_code"]
    firm_units = keyed(*units, tables.enterprises["unit"])
    frame = tables.enterprises.select(
        "credit_code", "name_zh", "name_en", "industry", "above_scale", "employees", "synthetic"
    ).with_columns(
        unit_id=firm_units,
        production_unit_id=firm_units,
        cluster_id=keyed(clusters["code"], cluster_keys, tables.enterprises["cluster"]),
        initials=pl.Series([initials(name) for name in tables.enterprises["name_zh"]]),
    )
    firms = (codes, _put(Enterprise, frame))
    products = tables.products.select("name_zh", "name_en", "category", "standard")
    _put(Product, products.with_columns(enterprise_id=keyed(*firms, tables.products["credit_code"])))
    officers = tables.quality_officers.select("number", "appointed_on", "ended_on")
    _put(QualityOfficer, officers.with_columns(enterprise_id=keyed(*firms, tables.quality_officers["credit_code"])))
    return firms


def _load_bodies(tables: CityTables, units: tuple[pl.Series, np.ndarray]) -> None:
    bodies = tables.institutions.select("code", "kind", "name_zh", "name_en", "synthetic").with_columns(
        unit_id=keyed(*units, tables.institutions["unit"]),
        initials=pl.Series([initials(name) for name in tables.institutions["name_zh"]]),
    )
    keys = _put(Institution, bodies)
    held = tables.qualifications.select("kind", "number", "valid_from", "valid_to")
    held = held.with_columns(institution_id=keyed(bodies["code"], keys, tables.qualifications["institution"]))
    held_keys = _put(Qualification, held)
    scope = tables.scope_items.select(
        "product", "parameter", "standard", qualification_id=pl.lit(pl.Series(held_keys)).gather("qualification")
    )
    _put(ScopeItem, scope)
    _put(Standard, tables.standards)


def _load_records(tables: CityTables, units: tuple[pl.Series, np.ndarray], firms: tuple[pl.Series, np.ndarray]) -> None:
    """Samples, complaints and patents, in the words of the lake."""
    marks = [pl.when(pl.col(name)).then(pl.lit(name)) for name in _FLAGS]
    samples = tables.samples.select(
        "number", "unit", "credit_code", "date", "purpose", "outcome", kind=pl.lit("sample"), quantity=pl.lit(1.0),
        flags=pl.concat_str(marks, separator=" ", ignore_nulls=True),
    )  # fmt: skip
    marks = [pl.when(pl.col(name)).then(pl.lit(name)) for name in ("in_time", "mediated")]
    complaints = tables.complaints.select(
        "number", "unit", "credit_code", "date", pl.col("category").alias("purpose"), "outcome",
        kind=pl.lit("complaint"), quantity=pl.lit(1.0),
        flags=pl.concat_str(marks, separator=" ", ignore_nulls=True),
    )  # fmt: skip
    patents = tables.patents.select(
        "unit", number=pl.format("P{}-{}", "year", "unit"), date=pl.date("year", 12, 31), kind=pl.lit("patent"),
        outcome=pl.lit("valid"), quantity=pl.col("valid").cast(pl.Float64),
        purpose=pl.lit(""), flags=pl.lit(""), credit_code=pl.lit(None, dtype=pl.String),
    )  # fmt: skip
    every = pl.concat([samples, complaints, patents], how="diagonal")
    firm = every["credit_code"].replace_strict(firms[0], pl.Series(firms[1]), default=None, return_dtype=pl.Int64)
    frame = every.drop("unit", "credit_code", "date").with_columns(
        happened_on=every["date"], unit_id=keyed(*units, every["unit"]), enterprise_id=firm, synthetic=pl.lit(True)
    )
    _put(SourceRecord, frame)


def _load_statistics(tables: CityTables, units: tuple[pl.Series, np.ndarray]) -> None:
    frame = tables.statistics.select("year", "key", "value")
    _put(Statistic, frame.with_columns(unit_id=keyed(*units, tables.statistics["unit"])))


def _load_observations(tables: CityTables, units: tuple[pl.Series, np.ndarray]) -> None:
    """One frozen set and one locked round for each year; missing values keep their reason."""
    frames = []
    for year in YEARS:
        found = _frozen_set(year)
        opened = CollectionRound.objects.create(
            set=found,
            period=str(year),
            name_zh=f"{year}年度指标采集",
            name_en=f"Collection of {year}",
            opens_on=date(year + 1, 1, 10),
            due_on=date(year + 1, 2, 28),
            status=CollectionRound.Status.LOCKED,
        )
        indicators = dict(Indicator.objects.filter(set=found).values_list("code", "pk"))
        rows = tables.observations.filter(pl.col("year") == year)
        frames.append(
            rows.select(
                "numerator",
                "denominator",
                "value",
                "note",
                "computed",
                "status",
                missing=pl.col("missing_reason"),
                document=_documents(year),
                round_id=pl.lit(opened.pk),
                indicator_id=pl.col("indicator").replace_strict(indicators, return_dtype=pl.Int64),
            ).with_columns(unit_id=keyed(*units, rows["unit"]))
        )
    changed = datetime(YEARS[-1] + 1, 3, 20, 4, tzinfo=UTC)
    _put(Observation, pl.concat(frames), changed_at=changed)


def _documents(year: int) -> pl.Expr:
    """The number of the document behind a value that was handed in."""
    number = pl.format(f"演示证〔{year + 1}〕{{}}-{{}}号", "indicator", pl.col("unit").str.slice(-3))
    return pl.when(pl.col("computed") | pl.col("value").is_null()).then(pl.lit("")).otherwise(number)


def _frozen_set(year: int) -> IndicatorSet:
    """Take a set of the catalogue through its whole life, by the verbs a city uses."""
    made = sets.create_set(ACTOR, None, year)
    made = sets.consult(ACTOR, made)
    made = sets.approve(ACTOR, made, f"云汀质领〔{year}〕演2号")
    made = sets.publish(ACTOR, made)
    return sets.freeze(ACTOR, made)


def _load_vetoes(tables: CityTables) -> None:
    for row in tables.vetoes.iter_rows(named=True):
        found = CollectionRound.objects.get(period=str(row["year"]))
        unit = Unit.objects.get(code=row["unit"])
        adjust(ACTOR, found, unit, Adjustment.Kind.VETO, row["document"], row["reason_zh"])
