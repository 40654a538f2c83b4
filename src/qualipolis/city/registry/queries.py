"""What the registry can tell; reads only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl
from django.db.models import CharField, F, Lookup, Q, QuerySet, TextField
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qualipolis.city.core.listings import listing
from qualipolis.city.core.models import Organisation
from qualipolis.city.core.policy import inside, organisations_of, visibility, visible
from qualipolis.city.core.roles import STAFF, Role
from qualipolis.city.registry.conditions import CONDITIONS, FIELD, HEADERS
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
from qualipolis.city.registry.tables import REFERENCE_FIELD, TABLES, Column, TableSpec

for _model in (Unit, Cluster, Institution, Qualification, ScopeItem, Standard):
    # What the city is divided into and whom it recognises is open to everyone.
    visibility(_model)(lambda actor, rows: rows)


def _of_firms(field: str) -> Callable[[Any, QuerySet[Any]], QuerySet[Any]]:
    """The register of firms is for those inside; a firm sees itself, a laboratory and the public see none of it."""

    def rule(actor: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
        if inside(actor):
            return rows
        own = Organisation.objects.filter(pk__in=organisations_of(actor, (Role.ENTERPRISE,))).values("code")
        return rows.filter(**{f"{field}__in": own})

    return rule


for _model, _field in (
    (Enterprise, "credit_code"),
    (Product, "enterprise__credit_code"),
    (QualityOfficer, "enterprise__credit_code"),
):
    visibility(_model)(_of_firms(_field))


@CharField.register_lookup
@TextField.register_lookup
class Like(Lookup):
    """``field__like="%华_电子%"``: the pattern match of SQL, for words with one wrong character."""

    lookup_name = "like"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Return the SQL of the comparison."""
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} LIKE {right}", [*left_params, *right_params]


def search(rows: QuerySet[Any], spec: TableSpec, text: str) -> tuple[QuerySet[Any], bool]:
    """Return the rows that match ``text`` by name, initials or code, and whether the match is only near.

    A near match allows one wrong character in a name of three characters or more; it is tried when nothing else fits.
    """
    text = text.strip()[:60]
    if not text:
        return rows, False
    exact = Q()
    for name in spec.searched:
        exact |= Q(**{f"{name}__istartswith" if name == "initials" else f"{name}__icontains": text})
    found = rows.filter(exact)
    if len(text) < 3 or found.exists():
        return found, False
    names = [name for name in spec.searched if name.endswith(("name_zh", "name_en"))]
    near = Q()
    for name in names:
        for pattern in _near_patterns(text):
            near |= Q(**{f"{name}__like": pattern})
    return (rows.filter(near) if near else found), True


def _near_patterns(text: str) -> list[str]:
    plain = text.replace("\\", "").replace("%", "").replace("_", "")
    return [f"%{plain[:i]}_{plain[i + 1 :]}%" for i in range(len(plain))] if len(plain) >= 3 else []


def rows(actor: Any, kind: str, params: Mapping[str, str]) -> tuple[QuerySet[Any], bool]:
    """Return the visible rows of a table under the filters and the search of a page."""
    spec = TABLES[kind]
    found = visible(actor, spec.model._default_manager.all()).order_by(spec.ordering)
    for name in spec.filters:
        value = params.get(name, "")
        if value:
            found = found.filter(**{_filter_field(spec, name): _filter_value(spec, name, value)})
    if params.get(FIELD) == "1" and kind in CONDITIONS:
        found = CONDITIONS[kind].keep(found)
    related = [c.field for c in spec.columns if c.kind in REFERENCE_FIELD]
    if related:
        found = found.select_related(*related)
    return search(found, spec, params.get("q", ""))


def _filter_field(spec: TableSpec, name: str) -> str:
    kind = spec.column(name).kind
    return f"{name}__{REFERENCE_FIELD[kind]}" if kind in REFERENCE_FIELD else name


def _filter_value(spec: TableSpec, name: str, value: str) -> Any:
    return value == "1" if spec.column(name).kind == "yes_no" else value


def filter_choices(spec: TableSpec) -> list[tuple[Column, list[tuple[str, str]]]]:
    """Return each filter of a table with its choices."""
    found = []
    for name in spec.filters:
        column = spec.column(name)
        if column.kind == "choice":
            choices = [(str(v), str(w)) for v, w in spec.model._meta.get_field(name).flatchoices]
        elif column.kind == "yes_no":
            choices = [("1", _("yes")), ("0", _("no"))]
        elif column.kind in REFERENCE_FIELD:
            model = TABLES[column.kind].model
            choices = [(getattr(row, REFERENCE_FIELD[column.kind]), row.name) for row in model._default_manager.all()]
        else:
            values = spec.model._default_manager.values_list(name, flat=True).distinct().order_by(name)[:60]
            choices = [(value, value) for value in values if value]
        found.append((column, choices))
    if spec.kind in CONDITIONS:
        found.append((Column(FIELD, *HEADERS), [("1", str(CONDITIONS[spec.kind].words))]))
    return found


def describe(kind: str, params: Mapping[str, str]) -> list[str]:
    """Return the filters of a list in words, for the foot of an export."""
    spec = TABLES[kind]
    words = []
    for column, choices in filter_choices(spec):
        value = params.get(column.field, "")
        if value:
            words.append(f"{header(column)}: {dict(choices).get(value, value)}")
    if params.get("q"):
        words.append(_("search: %(text)s") % {"text": params["q"]})
    return words


def header(column: Column) -> str:
    """Return the header of a column in the language of the page."""
    return column.zh if (get_language() or "zh").startswith("zh") else column.en


def frame(actor: Any, kind: str, params: Mapping[str, str]) -> pl.DataFrame:
    """Return the filtered list as a frame whose columns can be imported again."""
    spec = TABLES[kind]
    found, _near = rows(actor, kind, params)
    fields = [
        f"{column.field}__{REFERENCE_FIELD[column.kind]}" if column.kind in REFERENCE_FIELD else column.field
        for column in spec.columns
    ]
    values = list(found.values_list(*fields))
    data = {}
    for index, column in enumerate(spec.columns):
        cells = [row[index] for row in values]
        data[header(column)] = pl.Series(_words(spec, column, cells), dtype=_dtype(column), strict=False)
    return pl.DataFrame(data)


def _words(spec: TableSpec, column: Column, cells: list[Any]) -> list[Any]:
    if column.kind == "choice":
        words = {value: str(word) for value, word in spec.model._meta.get_field(column.field).flatchoices}
        return [words.get(cell, cell) for cell in cells]
    if column.kind == "yes_no":
        return [None if cell is None else (_("yes") if cell else _("no")) for cell in cells]
    return [None if cell == "" else cell for cell in cells]


def _dtype(column: Column) -> Any:
    return {"integer": pl.Int64, "number": pl.Float64, "date": pl.Date}.get(column.kind, pl.String)


def _declare(kind: str) -> None:
    @listing(kind, TABLES[kind].title, roles=STAFF, describe=lambda params: describe(kind, params))
    def _frame(actor: Any, params: Mapping[str, str]) -> pl.DataFrame:
        return frame(actor, kind, params)


for _kind in TABLES:
    _declare(_kind)


def units(assessed: bool | None = None) -> QuerySet[Unit]:
    """Return the units, all or those (not) assessed, without the cities above them."""
    found = Unit.objects.exclude(kind=Unit.Kind.CITY)
    return found if assessed is None else found.filter(assessed=assessed)


def find(actor: Any, text: str, most: int = 8) -> list[tuple[TableSpec, list[Any]]]:
    """Return the best few hits of a search in each table that people look things up in."""
    groups = []
    for kind in ("units", "enterprises", "institutions", "standards", "clusters"):
        found, _near = search(visible(actor, TABLES[kind].model._default_manager.all()), TABLES[kind], text)
        hits = list(found.order_by(TABLES[kind].ordering)[:most])
        if hits:
            groups.append((TABLES[kind], hits))
    return groups


def enterprise_counts(unit: Unit) -> dict[str, int]:
    """Return how many enterprises a unit has, and how many are above designated size."""
    rows_of_unit = Enterprise.objects.filter(unit=unit, closed_on=None)
    return {"all": rows_of_unit.count(), "above_scale": rows_of_unit.filter(above_scale=True).count()}


def institution_detail(institution: Institution) -> list[tuple[Qualification, list[ScopeItem]]]:
    """Return the qualifications of an institution, each with its scope items."""
    found = institution.qualifications.prefetch_related("scope_items").order_by("kind", F("valid_to").desc())
    return [(qualification, list(qualification.scope_items.all())) for qualification in found]
